//! The tiers of owners.

use super::{Attempt, Check, Run, Verdict};
use crate::failure::Failure;
use crate::spec::Access;

pub(super) const CHECK: Check = Check { name: "owner", about_caller: true, run: Run::Now(run) };

fn run(attempt: &mut Attempt<'_>) -> Verdict {
    let access = attempt.spec.access;
    if access == Access::Everyone {
        return Verdict::pass("for everyone");
    }
    if attempt.by_bot_owner() {
        return Verdict::pass("an owner of the bot");
    }
    if access == Access::GuildOwner && attempt.by_guild_owner() {
        return Verdict::pass("the owner of the guild");
    }
    let who = attempt.call().invoker.id;
    let saw = format!("kept to the {}; {who} is none", access.label());
    Verdict::refuse(Failure::OwnerOnly(access), saw)
}
