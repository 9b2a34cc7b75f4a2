//! Guild or direct messages. Permissions and roles mean nothing in direct messages: a command that needs them needs a
//! guild.

use super::{Attempt, Check, Run, Verdict};
use crate::failure::Failure;

pub(super) const CHECK: Check = Check { name: "place", about_caller: true, run: Run::Now(run) };

fn run(attempt: &mut Attempt<'_>) -> Verdict {
    match attempt.call().guild {
        Some(guild) => Verdict::pass(format!("in guild {guild}")),
        None if attempt.spec.needs_guild() => {
            Verdict::refuse(Failure::GuildOnly, "in direct messages, and it needs a guild")
        }
        None => Verdict::pass("in direct messages"),
    }
}
