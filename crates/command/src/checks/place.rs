//! Guild or direct messages, and channels for adults. Permissions and roles mean nothing in direct messages: a command
//! that needs them needs a guild.

use super::{Attempt, Check, Run, Verdict};
use crate::failure::Failure;

pub(super) const CHECK: Check = Check { name: "place", about_caller: true, run: Run::Now(run) };

fn run(attempt: &mut Attempt<'_>) -> Verdict {
    match attempt.call().guild {
        // Nobody is let in because too little is known.
        Some(guild)
            if attempt.spec.nsfw
                && attempt.services().directory.is_nsfw(guild, attempt.call().channel) != Some(true) =>
        {
            Verdict::refuse(Failure::AdultsOnly, "not in a channel for adults, and it is only for those")
        }
        Some(guild) => Verdict::pass(format!("in guild {guild}")),
        None if attempt.spec.needs_guild() => {
            Verdict::refuse(Failure::GuildOnly, "in direct messages, and it needs a guild")
        }
        None => Verdict::pass("in direct messages"),
    }
}
