//! Runs one call from its checks to its end, and answers for it when it fails.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tracing::Instrument as _;
use twilight_model::guild::Permissions;

use super::permission;
use crate::args::Args;
use crate::ctx::{Ctx, Invocation, Trigger};
use crate::dispatch::Ticket;
use crate::failure::{CommandResult, Failure, Rendering, render};
use crate::responder::Responder;
use crate::services::Services;

/// Reads the arguments of a call.
pub(crate) type ReadArgs = BoxFuture<'static, Result<Args, Failure>>;

/// One call that was recognised and may begin.
pub(crate) struct Call {
    pub(crate) invocation: Invocation,
    pub(crate) responder: Arc<Responder>,
    pub(crate) args: ReadArgs,
    /// What the bot may do here, when the event said so.
    pub(crate) own: Option<Permissions>,
}

/// Runs a call that has its turn.
pub(crate) async fn run(services: Arc<Services>, call: Call, ticket: Ticket) {
    let Call { invocation, responder, args, own } = call;
    // Of the highest level, so that an error names its command whatever the log leaves out.
    let span = tracing::error_span!(
        "command",
        name = %invocation.spec.name,
        call = %invocation.error_id(),
        trigger = ?invocation.trigger,
        user = %invocation.invoker.id,
        guild = invocation.guild.map(tracing::field::display),
        channel = %invocation.channel,
    );
    let ctx = Ctx::new(invocation, services, responder, ticket);
    let inner = ctx.clone();
    async move {
        let result = AssertUnwindSafe(body(inner, args, own)).catch_unwind().await;
        let result = result.unwrap_or_else(|panic| Err(Failure::Panicked(panic_text(&*panic))));
        match result {
            Ok(()) => tracing::debug!("command done"),
            Err(failure) => fail(&ctx.newest(), ctx.invocation(), &failure).await,
        }
    }
    .instrument(span)
    .await;
}

async fn body(ctx: Ctx, args: ReadArgs, own: Option<Permissions>) -> CommandResult {
    permission::check(ctx.invocation(), ctx.services(), own)?;
    let args = args.await?;
    let handler = ctx.invocation().spec.handler.clone();
    handler.run(ctx, args).await
}

/// Logs a failure and tells the invoker.
pub(crate) async fn fail(responder: &Responder, call: &Invocation, failure: &Failure) {
    let id = call.error_id();
    if failure.is_denied() {
        tracing::warn!(error = %failure, id, "the bot lacks a permission for its answer");
    } else if failure.is_fault() {
        tracing::error!(error = %failure, id, "command failed");
    } else {
        tracing::info!(reason = %failure, "command refused");
    }
    let rendering = Rendering {
        spec: Some(&call.spec),
        opening: &call.opening,
        interaction: responder.is_interaction() || call.trigger == Trigger::Slash,
        id: &id,
    };
    if let Some(reply) = render(failure, &rendering)
        && let Err(error) = responder.reply(reply, false).await
    {
        if failure.is_denied() && error.is_denied() {
            tracing::debug!(%error, id, "nor can that be told");
        } else {
            tracing::warn!(%error, id, "the failure could not be told");
        }
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&'static str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a text").to_owned()
}
