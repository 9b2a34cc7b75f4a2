//! What people are told who use something that is over: a closed menu, an answer of an earlier run, one that is too old.

/// Nobody waits for the component any more. `again` is what to run: a call in a code span, or "the command".
pub(crate) fn closed(again: &str) -> String {
    format!("This menu is closed. Run {again} again to get a fresh one.")
}

/// The message that called was edited and has run again, while this component was being used.
pub(crate) fn superseded(again: &str) -> String {
    format!(
        "This control is no longer in use: the message that called was edited since. Use its newest answer, or run \
         {again} again."
    )
}

/// An answer for one person alone is older than 15 minutes. See Discord docs: Interactions / Followup Messages.
pub(super) fn too_old(again: &str) -> String {
    format!(
        "Discord no longer lets me change that answer: it is more than 15 minutes old, and only you see it. Run {again} \
         again."
    )
}
