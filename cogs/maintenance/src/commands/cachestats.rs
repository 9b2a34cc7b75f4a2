//! What the caches hold.

use cogwright_command::{CommandResult, Ctx, command};

use crate::service::caches::caches;
use crate::{Services, view};

/// Shows what the caches hold, and what goes to Discord.
#[command(owner_only, not_configurable)]
pub(crate) async fn cachestats(ctx: Ctx, #[state] services: Services) -> CommandResult {
    let caches = caches(&services, ctx.policies().cache_stats());
    ctx.reply(view::caches::caches(&caches, ctx.theme())).await
}
