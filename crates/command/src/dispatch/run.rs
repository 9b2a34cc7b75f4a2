//! Runs one call from its checks to its end, and answers for it when it fails.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::SystemTime;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tracing::{Instrument as _, Span, field};
use twilight_model::guild::Permissions;

use super::meant;
use crate::args::Args;
use crate::checks::{self, Admission};
use crate::ctx::{Ctx, Invocation, Trigger};
use crate::directory::Needs;
use crate::dispatch::Ticket;
use crate::failure::{CommandResult, Denied, Failure, Rendering, render};
use crate::flood::Sparse;
use crate::observer::Ended;
use crate::responder::Responder;
use crate::services::Services;
use crate::trace::{Decision, Step};
use crate::wire::WireError;

/// Reads the arguments of a call.
pub(crate) type ReadArgs = BoxFuture<'static, Result<Args, Failure>>;

/// One call that was recognised and may begin.
pub(crate) struct Call {
    pub(crate) invocation: Invocation,
    pub(crate) responder: Arc<Responder>,
    pub(crate) args: ReadArgs,
    /// What the bot may do here, when the event said so.
    pub(crate) own: Option<Permissions>,
    /// The span of the event that called.
    pub(crate) event: Span,
}

/// The span of a call, for the log and for traces. Of the highest level, so that an error names its command whatever
/// the log leaves out. How it went is recorded at the end, after the last line of the log.
fn span(event: &Span, call: &Invocation) -> Span {
    tracing::error_span!(
        parent: event,
        "command",
        // Not `name`: in JSON that is the span's own.
        command = %call.spec.qualified_name(),
        call = %call.error_id(),
        trigger = ?call.trigger,
        user = %call.invoker.id,
        guild = call.guild.map(tracing::field::display),
        channel = %call.channel,
        outcome = field::Empty,
        failure = field::Empty,
    )
}

/// What happened to a call so far.
#[derive(Default)]
struct Trail {
    steps: Vec<Step>,
    /// When its body began.
    began: Option<SystemTime>,
}

/// Runs a call that has its turn.
pub(crate) async fn run(services: Arc<Services>, call: Call, ticket: Ticket) {
    let Call { invocation, responder, args, own, event } = call;
    let span = span(&event, &invocation);
    drop(event);
    let ctx = Ctx::new(invocation, services, responder, Some(ticket));
    let inner = ctx.clone();
    async move {
        let mut trail = Trail::default();
        let result = AssertUnwindSafe(body(inner, args, own, &mut trail)).catch_unwind().await;
        let result = result.unwrap_or_else(|panic| Err(Failure::Panicked(panic_text(&*panic))));
        end(&ctx, trail, result).await;
    }
    .instrument(span)
    .await;
}

async fn body(ctx: Ctx, args: ReadArgs, own: Option<Permissions>, trail: &mut Trail) -> CommandResult {
    let Admission { args, slot } = checks::admit(&ctx, args, own, &mut trail.steps).await?;
    trail.began = Some(ctx.clock().now());
    ctx.services().observer.started(ctx.invocation());
    let handler = ctx.invocation().spec.handler.clone();
    let result = handler.run(ctx, args).await;
    drop(slot);
    result
}

/// Tells everybody who wants to know how a call has ended.
async fn end(ctx: &Ctx, trail: Trail, result: CommandResult) {
    let (services, call) = (ctx.services(), ctx.invocation());
    let now = services.clock.now();
    let took = trail.began.map(|began| now.duration_since(began).unwrap_or_default());
    let failure = result.err().map(|failure| explain(services, call, failure));
    let outcome = Outcome::of(failure.as_ref());
    match (took, &failure) {
        (Some(took), None) => services.observer.finished(call, Ended::Done, took),
        (Some(took), Some(why)) if why.is_fault() => {
            services.observer.finished(call, Ended::Failed(why), took);
        }
        (Some(took), Some(why)) => services.observer.finished(call, Ended::Refused(why), took),
        (None, Some(why)) => services.observer.refused(call, why),
        (None, None) => {}
    }
    if let Some(why) = &failure {
        let decision = Decision::new(call, now, trail.steps, Some(why));
        services.decisions.add(Decision { took, ..decision });
    }
    match failure {
        None => {
            tracing::debug!("command done");
            outcome.record();
        }
        Some(failure) => {
            if took.is_none() {
                // Telling it may have to wait for the channel; others need not wait for that.
                ctx.give_up_turn();
            }
            let interaction = ctx.newest().is_interaction();
            // An answer that an edited message got before must not stay beside what is wrong with it now.
            let answered = ctx.responder().tracked().slot.get().is_some();
            let silence = took.is_none() && !interaction && !answered;
            if silence && !services.repeats.is_news(call, &failure, now) {
                tracing::debug!(reason = %failure, "command refused again");
                return outcome.record();
            }
            let failure = meant::fill(ctx, failure).await;
            fail(services, &ctx.newest(), call, &failure).await;
            outcome.record();
        }
    }
}

/// How a call went, as its span tells it.
struct Outcome {
    outcome: &'static str,
    failure: Option<&'static str>,
}

impl Outcome {
    fn of(failure: Option<&Failure>) -> Self {
        let outcome = match failure {
            None => "done",
            Some(why) if why.is_fault() => "failed",
            Some(_) => "refused",
        };
        Self { outcome, failure: failure.map(Failure::label) }
    }

    fn record(self) {
        let span = Span::current();
        span.record("outcome", self.outcome);
        if let Some(failure) = self.failure {
            span.record("failure", failure);
        }
    }
}

/// Refuses a call that did not get its turn.
pub(crate) async fn refuse(
    services: &Arc<Services>,
    responder: &Responder,
    event: Span,
    call: &Invocation,
    failure: Failure,
) {
    let span = span(&event, call);
    drop(event);
    async {
        services.observer.refused(call, &failure);
        let outcome = Outcome::of(Some(&failure));
        report(services, responder, call, Vec::new(), failure).await;
        outcome.record();
    }
    .instrument(span)
    .await;
}

/// Writes down and tells a failure of something that is not counted as a run of a command.
pub(super) async fn report(
    services: &Arc<Services>,
    responder: &Responder,
    call: &Invocation,
    steps: Vec<Step>,
    failure: Failure,
) {
    let failure = explain(services, call, failure);
    services.decisions.add(Decision::new(call, services.clock.now(), steps, Some(&failure)));
    fail(services, responder, call, &failure).await;
}

/// Finds out what stands in the way of what Discord or a check refused the bot, as far as the bot itself knows.
fn explain(services: &Services, call: &Invocation, failure: Failure) -> Failure {
    // What most commands ask of Discord is an answer in their channel.
    let answering = Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES | Permissions::EMBED_LINKS;
    match (failure, call.guild) {
        (Failure::Discord(error), Some(guild)) if error.is_denied() => {
            let needs = Needs::new(answering).in_channel(call.channel);
            let denied = Denied::of(error, needs, guild, &*services.directory);
            if denied.standing.is_clear() {
                Failure::Discord(denied.error)
            } else {
                Failure::Denied(Box::new(denied))
            }
        }
        (failure, _) => failure,
    }
}

/// Logs a failure and tells the invoker.
async fn fail(services: &Arc<Services>, responder: &Responder, call: &Invocation, failure: &Failure) {
    let id = call.error_id();
    if failure.is_denied() {
        tracing::warn!(error = %failure, id, "the bot lacks a permission for its answer");
    } else if failure.is_fault() {
        tracing::error!(error = %failure, id, "command failed");
    } else if let Some((flood, what)) = crowd(services, failure) {
        match flood.note(services.clock.now()) {
            Some(count) => tracing::warn!(error = %failure, count, "{what}; this is the latest of them"),
            None => tracing::debug!(reason = %failure, "command refused"),
        }
    } else {
        tracing::info!(reason = %failure, "command refused");
    }
    if !responder.is_interaction() && services.cannot_speak(call.guild, call.channel).is_some() {
        tracing::debug!(id, "nobody can be told: the bot may not speak there");
        return;
    }
    let over = matches!(failure, Failure::Expired | Failure::Superseded);
    if over && !responder.is_open() {
        tracing::debug!(id, "nobody can be told: the interaction is over");
        return;
    }
    let settings = services.settings();
    let interaction = responder.is_interaction() || matches!(call.trigger, Trigger::Slash | Trigger::Menu);
    let may = |permission| {
        let known = call.guild.and_then(|guild| services.directory.own_permissions(guild, call.channel));
        known.is_none_or(|known| known.contains(permission))
    };
    let standing = match (failure, call.guild) {
        (Failure::BotMissingPermission(lacking), Some(guild)) => {
            services.directory.standing(guild, &Needs::new(*lacking).in_channel(call.channel))
        }
        _ => None,
    };
    let rendering = Rendering {
        // A component has no usage, and may be of no command.
        spec: Some(&*call.spec).filter(|_| call.trigger != Trigger::Component),
        opening: &call.opening,
        again: &call.again(),
        interaction,
        id: &id,
        standing: standing.as_ref(),
        theme: &settings.theme,
        embeds: interaction || may(Permissions::EMBED_LINKS),
    };
    let Some(reply) = render(failure, &rendering) else { return };
    let told = if over {
        responder.tell_end(reply).await.map(|()| None)
    } else {
        // Whoever asks why has the link of this message at hand; of a slash command there is no other.
        responder.reply(reply, true).await.map(Some)
    };
    match told {
        Ok(Some(sent)) => {
            if let Some(at) = sent.at {
                services.decisions.told(call.id, at.message);
            }
            responder.tidy_error(&sent);
        }
        Ok(None) => {}
        Err(error) if failure.is_denied() && error.is_denied() => {
            tracing::debug!(%error, id, "nor can that be told");
        }
        // Counted above or in its turn: a flood would bring one for each.
        Err(error @ Failure::Discord(WireError::Limited(_))) => {
            tracing::debug!(%error, id, "the failure could not be told for a rate limit");
        }
        Err(Failure::Expired) => tracing::debug!(id, "it is too late to tell it"),
        Err(error) => tracing::warn!(%error, id, "the failure could not be told"),
    }
}

/// What many can cause at once, and what it is called.
fn crowd<'s>(services: &'s Services, failure: &Failure) -> Option<(&'s Sparse, &'static str)> {
    match failure {
        Failure::Busy => Some((&services.floods.busy, "calls were refused, as too many are under way")),
        Failure::Discord(WireError::Limited(_)) => {
            Some((&services.floods.limited, "answers were held up by a rate limit"))
        }
        _ => None,
    }
}

pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&'static str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a text").to_owned()
}
