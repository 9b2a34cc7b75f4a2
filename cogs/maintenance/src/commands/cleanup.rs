//! Drops what is over.

use cogwright_command::{CommandResult, Ctx, command};

use crate::progress::attend;
use crate::service::{caches, cleanup as service, paths};
use crate::{Services, view};

/// Drops what has expired and closes what is not needed. Deletes no data.
#[command(owner_only, not_configurable, concurrency = "1 per global")]
pub(crate) async fn cleanup(ctx: Ctx, #[state] services: Services) -> CommandResult {
    let busy = || view::cleanup::busy(ctx.theme());
    let begun = busy();
    ctx.reply(begun.clone()).await?;
    let round = service::clean(&services, || ctx.policies().prune());
    let reply = match attend(&ctx, &ctx, begun, busy, round).await {
        Some(Ok(cleaned)) => {
            let caches = caches::caches(&services, ctx.policies().cache_stats());
            view::cleanup::done(&cleaned, &caches, ctx.theme())
        }
        Some(Err(error)) => {
            ctx.log().error(format_args!("cleanup failed: {error}"));
            let why = paths::told(services.store.folder(), &error.to_string());
            view::failed("Cleanup Failed", &why, ctx.theme())
        }
        None => view::gave_up("Cleanup", ctx.theme()),
    };
    ctx.edit(reply).await
}
