//! Whether the command is switched on, by its author and by the settings (`commands.disabled`).

use super::{Attempt, Check, Run, Verdict};
use crate::failure::Failure;

pub(super) const CHECK: Check = Check { name: "enabled", about_caller: true, run: Run::Now(run) };

fn run(attempt: &mut Attempt<'_>) -> Verdict {
    if !attempt.spec.enabled {
        return Verdict::refuse(Failure::Disabled, "switched off");
    }
    let disabled = &attempt.settings.disabled;
    if !disabled.is_empty() && disabled.contains(&attempt.spec.qualified_name()) {
        // The name was meant for the one whose place it has taken.
        if attempt.services().catalog.stands_in(attempt.spec) {
            return Verdict::pass("in the place of one that is switched off");
        }
        return Verdict::refuse(Failure::Disabled, "switched off in the settings (commands.disabled)");
    }
    Verdict::pass("switched on")
}
