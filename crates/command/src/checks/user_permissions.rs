//! The permissions that the invoker needs in the channel. A rule of the guild takes their place.

use twilight_model::guild::Permissions;

use super::{Attempt, Check, Run, Verdict, lacking};
use crate::failure::{Failure, plain_permission_names as names};

pub(super) const CHECK: Check = Check { name: "user permissions", about_caller: true, run: Run::Now(run) };

fn run(attempt: &mut Attempt<'_>) -> Verdict {
    let needed = attempt.spec.user_permissions;
    let call = attempt.call();
    let Some(guild) = call.guild.filter(|_| !needed.is_empty()) else { return Verdict::pass("none needed") };
    if attempt.admitted.is_some() {
        return Verdict::pass("the guild's rule counts instead");
    }
    if attempt.by_bot_owner() {
        return Verdict::pass("an owner of the bot");
    }
    let who = &call.invoker;
    let has = who
        .permissions
        .or_else(|| attempt.services().directory.permissions(guild, call.channel, who.id, &who.roles));
    // Nobody is let in because too little is known.
    let Some(lacks) = lacking(needed, has.unwrap_or_else(Permissions::empty)) else {
        return Verdict::pass(format!("needs {} and has them", names(needed)));
    };
    let known = if has.is_some() { "" } else { ", as what they may do here is not known" };
    Verdict::refuse(
        Failure::MissingPermission(lacks),
        format!("needs {}; {} lacks {}{known}", names(needed), who.id, names(lacks)),
    )
}
