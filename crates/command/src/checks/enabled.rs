//! Whether the command is switched on, by its author and by the settings (`commands.disabled`).

use super::{Attempt, Check, Run, Verdict};
use crate::failure::Failure;

pub(super) const CHECK: Check = Check { name: "enabled", about_caller: true, run: Run::Now(run) };

fn run(attempt: &mut Attempt<'_>) -> Verdict {
    if !attempt.settings.disabled.is_empty()
        && attempt.settings.disabled.contains(&attempt.spec.qualified_name())
    {
        return Verdict::refuse(Failure::Disabled, "switched off in the settings (commands.disabled)");
    }
    Verdict::pass("switched on")
}
