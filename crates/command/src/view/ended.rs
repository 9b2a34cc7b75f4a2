//! A view that is over, for whoever still uses its components.

use crate::failure::{closed, notice, superseded};
use crate::reply::Reply;

/// What is remembered of a view that waits no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// What to run to get another, as [`Invocation::again`](crate::Invocation) words it.
    pub(crate) again: String,
    /// Whether the message that called has run again.
    pub(crate) superseded: bool,
}

impl Ended {
    /// A view that nothing is known of: of an earlier process, or of long ago.
    pub(crate) fn unknown() -> Self {
        Self { again: "the command".to_owned(), superseded: false }
    }

    /// A word for the one person who used it.
    pub(crate) fn notice(&self) -> Reply {
        let text = if self.superseded { superseded(&self.again) } else { closed(&self.again) };
        notice(text, true)
    }
}
