//! How the crash-safe files do.

use cogwright_command::{CommandResult, Ctx, command};

use crate::{Services, view};

/// Shows how the crash-safe files do: cache, locks, operations, health.
#[command(owner_only, not_configurable)]
pub(crate) async fn atomicstats(ctx: Ctx, #[state] services: Services) -> CommandResult {
    let (stats, history) = (services.files.stats(), services.files.history());
    ctx.reply(view::files::stats(&stats, &history, ctx.clock().now(), ctx.theme())).await
}
