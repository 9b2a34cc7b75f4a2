//! How many runs of the command there are at once. Nobody passes it.

use super::{Attempt, Check, Run, Verdict};
use crate::failure::Failure;

pub(super) const CHECK: Check = Check { name: "concurrency", about_caller: false, run: Run::Now(run) };

fn run(attempt: &mut Attempt<'_>) -> Verdict {
    let Some(bound) = attempt.spec.concurrency else { return Verdict::pass("not bounded") };
    attempt.slot = attempt.services().slots.take(attempt.spec.qualified_name(), bound, attempt.call());
    let saw = format!("{} at once per {}", bound.max, bound.scope.label());
    if attempt.slot.is_some() {
        Verdict::pass(saw)
    } else {
        Verdict::refuse(Failure::Concurrency(bound), saw)
    }
}
