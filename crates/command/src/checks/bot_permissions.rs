//! The permissions that the bot itself needs in the channel. Nobody passes these.

use super::{Attempt, Check, Run, Verdict, lacking};
use crate::failure::{Failure, plain_permission_names as names};

pub(super) const CHECK: Check = Check { name: "bot permissions", about_caller: false, run: Run::Now(run) };

fn run(attempt: &mut Attempt<'_>) -> Verdict {
    let needed = attempt.spec.bot_permissions;
    let call = attempt.call();
    let Some(guild) = call.guild.filter(|_| !needed.is_empty()) else { return Verdict::pass("none needed") };
    let has = attempt.own.or_else(|| attempt.services().directory.own_permissions(guild, call.channel));
    // Discord refuses by itself what the bot may not do, so not knowing is no reason to refuse.
    let Some(has) = has else { return Verdict::pass("what the bot may do here is not known") };
    match lacking(needed, has) {
        None => Verdict::pass(format!("needs {} and has them", names(needed))),
        Some(lacks) => {
            let saw = format!("needs {}; lacks {}", names(needed), names(lacks));
            Verdict::refuse(Failure::BotMissingPermission(lacks), saw)
        }
    }
}
