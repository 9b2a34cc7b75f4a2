//! Why a call was refused or failed.

use cogwright_command::{CommandResult, Ctx, Failure, command};

use crate::view::why as view;

/// Calls that are looked at when none is named; of those alike one is listed.
const LATEST: usize = 200;

/// Shows why a call was refused or failed: its checks, in their order.
#[command(owner_only, not_configurable, arguments = known, example = "why 1k3f9zq2")]
pub(crate) async fn why(
    ctx: Ctx,
    #[option(
        description = "Link or id of the message that called or of its answer, or the error id that was shown"
    )]
    call: Option<String>,
) -> CommandResult {
    // Unseen by others where that is possible: it tells what happened in other servers.
    match call {
        None => ctx.reply_ephemeral(view::latest(&ctx.decisions().latest(LATEST), ctx.theme())).await,
        Some(key) => match ctx.decisions().find(&key) {
            Some(decision) => ctx.reply_ephemeral(view::decision(&decision, ctx.theme())).await,
            None => Err(Failure::bad_argument("call", view::NOT_KNOWN)),
        },
    }
}

#[expect(clippy::unused_async, reason = "a check of arguments may wait")]
async fn known(ctx: Ctx, call: Option<String>) -> CommandResult {
    match call {
        Some(key) if ctx.decisions().find(&key).is_none() => {
            Err(Failure::bad_argument("call", view::NOT_KNOWN))
        }
        _ => Ok(()),
    }
}
