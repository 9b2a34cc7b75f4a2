//! The permissions that the bot itself needs in the channel: those of the command, and by prefix that of answering.
//! Nobody passes these.

use super::{Attempt, Check, Run, Verdict, lacking};
use crate::ctx::Trigger;
use crate::failure::{Failure, plain_permission_names as names};

pub(super) const CHECK: Check = Check { name: "bot permissions", about_caller: false, run: Run::Now(run) };

fn run(attempt: &mut Attempt<'_>) -> Verdict {
    let needed = attempt.spec.bot_permissions;
    let call = attempt.call();
    // An interaction is answered whatever the bot may do in the channel; a message is not.
    if matches!(call.trigger, Trigger::Prefix | Trigger::Mention)
        && let Some(lacks) = attempt.services().cannot_speak(call.guild, call.channel)
    {
        let saw = format!("an answer here needs {}, which the bot lacks", names(lacks));
        return Verdict::refuse(Failure::BotMissingPermission(lacks), saw);
    }
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
