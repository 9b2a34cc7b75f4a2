//! How often the command runs. The last check, as it takes a use: the body runs right after it.

use super::{Attempt, Check, Run, Verdict};
use crate::cooldown::{Key, Wanted, Whose};
use crate::failure::Failure;

pub(super) const CHECK: Check = Check { name: "cooldown", about_caller: false, run: Run::Now(run) };

fn run(attempt: &mut Attempt<'_>) -> Verdict {
    if attempt.spec.cooldowns.is_empty() {
        return Verdict::pass("none");
    }
    let (call, services) = (attempt.call(), attempt.services());
    let name = attempt.spec.qualified_name();
    let wanted: Vec<_> = attempt
        .spec
        .cooldowns
        .iter()
        .map(|cooldown| {
            let pace = cooldown.pace.unwrap_or(attempt.settings.default_cooldown);
            // A bucket's name may be that of a command; the mark keeps them apart. A short and a long bound of one
            // command are counted apart by their time.
            let bucket = cooldown.bucket.as_ref().map_or_else(|| name.clone(), |bucket| format!("#{bucket}"));
            let bucket = format!("{bucket}@{}", pace.per.as_millis());
            let scope = cooldown.scope;
            let whose = Whose::of(scope, call.invoker.id, call.guild);
            Wanted { key: Key { bucket, scope, id: scope.id(call) }, whose, pace }
        })
        .collect();
    let paces = wanted.iter().map(|Wanted { key, pace, .. }| {
        format!("{} per {} s per {}", pace.uses, pace.per.as_secs_f64(), key.scope.label())
    });
    let saw = paces.collect::<Vec<_>>().join(", ");
    match services.cooldowns.take(&wanted, services.clock.now()) {
        Ok(()) => Verdict::pass(saw),
        Err((scope, left)) => Verdict::refuse(
            Failure::Cooldown { scope, left },
            format!("{saw}; {:.1} s left", left.as_secs_f64()),
        ),
    }
}
