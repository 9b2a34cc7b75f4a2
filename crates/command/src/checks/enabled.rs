//! Whether the command is switched on, by its author and by the settings (`commands.disabled`).

use super::{Attempt, Check, Run, Verdict};
use crate::failure::Failure;

pub(super) const CHECK: Check = Check { name: "enabled", about_caller: true, run: Run::Now(run) };

fn run(attempt: &mut Attempt<'_>) -> Verdict {
    if !attempt.spec.enabled {
        return Verdict::refuse(Failure::Disabled, "switched off");
    }
    if !attempt.services().is_on(attempt.spec) {
        return Verdict::refuse(Failure::Disabled, "switched off in the settings (commands.disabled)");
    }
    Verdict::pass("switched on")
}
