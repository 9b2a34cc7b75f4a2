//! The guild's rule that ties the command to roles, else the bot-wide default. It takes the place of the command's own
//! check of the invoker's permissions, as Discord's command permissions do.

use futures_util::future::BoxFuture;

use super::{Attempt, Check, Run, Verdict, by};
use crate::failure::Failure;
use crate::who::KnownRoles;

pub(super) const CHECK: Check = Check { name: "roles", about_caller: true, run: Run::Later(run) };

fn run<'a>(attempt: &'a mut Attempt<'_>) -> BoxFuture<'a, Verdict> {
    Box::pin(check(attempt))
}

async fn check(attempt: &mut Attempt<'_>) -> Verdict {
    let Some(guild) = attempt.call().guild else { return Verdict::pass("no roles in direct messages") };
    if !attempt.spec.is_configurable() {
        return Verdict::pass("cannot be tied to roles");
    }
    let policies = &attempt.services().policies;
    let rule = match policies.rule(guild, &attempt.spec.qualified_name()).await {
        Ok(Some(rule)) => rule,
        Ok(None) => return Verdict::pass("no rule"),
        // Whom a rule would keep out must not come in because it cannot be read.
        Err(_) if attempt.by_bot_owner() || attempt.by_guild_owner() => return Verdict::pass("an owner"),
        Err(error) => {
            let saw = format!("the guild's rules cannot be read: {error}");
            return Verdict::refuse(error.into(), saw);
        }
    };
    let (origin, roles) = (by(rule.origin), list(&rule.roles));
    if attempt.by_bot_owner() {
        return Verdict::pass(format!("tied to roles {roles} {origin}; an owner of the bot"));
    }
    if attempt.by_guild_owner() {
        attempt.admitted = Some(rule);
        return Verdict::pass(format!("tied to roles {roles} {origin}; the owner of the guild"));
    }
    match rule.admits(guild, &attempt.call().invoker.roles) {
        Some(role) => {
            attempt.admitted = Some(rule);
            Verdict::pass(format!("tied to roles {roles} {origin}; has {role}"))
        }
        None => {
            let has = list(&attempt.call().invoker.roles);
            let known = KnownRoles::of(&attempt.services().directory.roles(guild));
            let (there, deleted): (Vec<_>, Vec<_>) =
                rule.roles.into_iter().partition(|role| known.has(*role));
            let gone = if deleted.is_empty() {
                String::new()
            } else {
                format!(", of which {} exist no more", list(&deleted))
            };
            let saw = format!("tied to roles {roles}{gone} {origin}; has {has}");
            Verdict::refuse(Failure::RoleRule(there), saw)
        }
    }
}

fn list<T: std::fmt::Display>(ids: &[T]) -> String {
    if ids.is_empty() {
        return "none".to_owned();
    }
    ids.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}
