//! Whether a call may run: every check in one file, and the order in which they stand in one list.

mod arguments;
mod bot_permissions;
mod concurrency;
mod cooldown;
mod custom;
mod enabled;
mod owner;
mod place;
mod roles;
mod user_permissions;

use std::borrow::Cow;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use twilight_model::guild::Permissions;

pub use self::arguments::ArgumentsCheck;
pub use self::custom::CustomCheck;

use crate::args::Args;
use crate::cooldown::Slot;
use crate::ctx::{Ctx, Invocation};
use crate::dispatch::ReadArgs;
use crate::failure::Failure;
use crate::policy::{Origin, RoleRule};
use crate::services::{CommandSettings, Services};
use crate::spec::Spec;
use crate::trace::{Step, shorten};

/// All checks, in their order. The first that refuses ends it, so that nothing is taken for a call that does not run:
/// a bad argument costs no cooldown, and a cooldown is taken only when the body is about to run.
///
/// `docs/src/checks.md` describes the list; a test holds the two together.
const ORDER: [Check; 10] = [
    enabled::CHECK,
    place::CHECK,
    owner::CHECK,
    roles::CHECK,
    user_permissions::CHECK,
    bot_permissions::CHECK,
    custom::CHECK,
    arguments::CHECK,
    concurrency::CHECK,
    cooldown::CHECK,
];

/// One check.
#[derive(Clone, Copy)]
pub(crate) struct Check {
    /// Its name in traces and documentation.
    name: &'static str,
    /// Whether it only asks who calls what where, so that it can be asked without a call: the help menu leaves out
    /// what would be refused by these.
    about_caller: bool,
    run: Run,
}

#[derive(Clone, Copy)]
enum Run {
    Now(fn(&mut Attempt<'_>) -> Verdict),
    Later(for<'a> fn(&'a mut Attempt<'_>) -> BoxFuture<'a, Verdict>),
}

/// What a check says, with the values it went by.
pub(crate) struct Verdict {
    saw: Cow<'static, str>,
    failure: Option<Failure>,
}

impl Verdict {
    fn pass(saw: impl Into<Cow<'static, str>>) -> Self {
        Self { saw: saw.into(), failure: None }
    }

    fn refuse(failure: Failure, saw: impl Into<Cow<'static, str>>) -> Self {
        Self { saw: saw.into(), failure: Some(failure) }
    }
}

/// One call on its way through the checks.
pub(crate) struct Attempt<'a> {
    ctx: &'a Ctx,
    /// The command; another than the context's when somebody asks beforehand.
    spec: &'a Spec,
    settings: Arc<CommandSettings>,
    /// What the bot may do here, when the event said so.
    own: Option<Permissions>,
    /// The guild's rule that lets the invoker in, so that the command's own permissions do not count.
    admitted: Option<RoleRule>,
    unread: Option<ReadArgs>,
    args: Option<Args>,
    slot: Option<Slot>,
}

/// What a call that passed runs with.
pub(crate) struct Admission {
    pub(crate) args: Args,
    /// Its place among the runs of its command, until it is dropped.
    pub(crate) slot: Option<Slot>,
}

impl<'a> Attempt<'a> {
    fn new(ctx: &'a Ctx, spec: &'a Spec) -> Self {
        Self {
            ctx,
            spec,
            settings: ctx.services().settings(),
            own: None,
            admitted: None,
            unread: None,
            args: None,
            slot: None,
        }
    }

    fn services(&self) -> &'a Arc<Services> {
        self.ctx.services()
    }

    fn call(&self) -> &'a Invocation {
        self.ctx.invocation()
    }

    /// Whether the invoker is an owner of the bot.
    fn by_bot_owner(&self) -> bool {
        self.services().policies.owners().contains(self.call().invoker.id)
    }

    /// Whether the invoker owns the guild. Not knowing who does lets nobody in.
    fn by_guild_owner(&self) -> bool {
        let owner = self.call().guild.and_then(|guild| self.services().directory.owner(guild));
        owner == Some(self.call().invoker.id)
    }
}

/// Asks all checks in their order, writing down what they said.
pub(crate) async fn admit(
    ctx: &Ctx,
    args: ReadArgs,
    own: Option<Permissions>,
    steps: &mut Vec<Step>,
) -> Result<Admission, Failure> {
    let spec = Arc::clone(&ctx.invocation().spec);
    let mut attempt = Attempt { own, unread: Some(args), ..Attempt::new(ctx, &spec) };
    for check in ORDER {
        if let Some(failure) = ask(check, &mut attempt, steps).await {
            return Err(failure);
        }
    }
    let args = attempt.args.ok_or_else(|| Failure::internal("the arguments were not read"))?;
    Ok(Admission { args, slot: attempt.slot })
}

/// Asks what stands ahead of the arguments: a press of a component that belongs to a command is no new call, so it has
/// no arguments, takes no cooldown and counts for no concurrency.
pub(crate) async fn admit_press(
    ctx: &Ctx,
    own: Option<Permissions>,
    steps: &mut Vec<Step>,
) -> Result<(), Failure> {
    let spec = Arc::clone(&ctx.invocation().spec);
    let mut attempt = Attempt { own, ..Attempt::new(ctx, &spec) };
    for check in ORDER.into_iter().take_while(|check| check.name != arguments::CHECK.name) {
        if let Some(failure) = ask(check, &mut attempt, steps).await {
            return Err(failure);
        }
    }
    Ok(())
}

/// Whether the invoker of `ctx` could call another command here, as far as it depends on who and where.
pub(crate) async fn may_call(ctx: &Ctx, spec: &Spec) -> bool {
    let mut attempt = Attempt::new(ctx, spec);
    for check in ORDER.into_iter().filter(|check| check.about_caller) {
        if ask(check, &mut attempt, &mut Vec::new()).await.is_some() {
            return false;
        }
    }
    true
}

async fn ask(check: Check, attempt: &mut Attempt<'_>, steps: &mut Vec<Step>) -> Option<Failure> {
    let verdict = match check.run {
        Run::Now(run) => run(attempt),
        Run::Later(run) => run(attempt).await,
    };
    let saw = match verdict.saw {
        Cow::Owned(text) => Cow::Owned(shorten(text)),
        fixed @ Cow::Borrowed(_) => fixed,
    };
    steps.push(Step { check: check.name, passed: verdict.failure.is_none(), saw });
    verdict.failure
}

/// Who says a thing, for traces.
fn by(origin: Origin) -> &'static str {
    match origin {
        Origin::Guild => "of this server",
        Origin::Settings => "of the bot's settings",
    }
}

/// The permissions that are needed and not there. An administrator has all.
fn lacking(needed: Permissions, has: Permissions) -> Option<Permissions> {
    if has.contains(Permissions::ADMINISTRATOR) {
        return None;
    }
    Some(needed - has).filter(|lacking| !lacking.is_empty())
}

#[cfg(test)]
mod tests;
