//! Tests the crash-safe files.

use cogwright_command::{CommandResult, Ctx, command};

use crate::progress::attend;
use crate::service::atomic;
use crate::{Services, view};

/// Tests the crash-safe files on the disk: write, read, cache, ten writers at once.
#[command(owner_only, not_configurable, concurrency = "1 per global")]
pub(crate) async fn atomictest(ctx: Ctx, #[state] services: Services) -> CommandResult {
    let busy = || view::files::testing(ctx.theme());
    let begun = busy();
    ctx.reply(begun.clone()).await?;
    let tag = ctx.invocation().error_id();
    let tests = atomic::run(&services.files, services.store.folder(), &tag);
    match attend(&ctx, &ctx, begun, busy, tests).await {
        Some(probes) => ctx.edit(view::files::tested(&probes, ctx.theme())).await,
        None => ctx.edit(view::gave_up("Atomic File Operations Test", ctx.theme())).await,
    }
}
