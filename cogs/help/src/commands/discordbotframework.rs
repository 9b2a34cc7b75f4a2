//! What this framework is and whom it goes back to.

use std::sync::Arc;

use cogwright_command::{CommandResult, Ctx, command};

use crate::figures::Facts;
use crate::service::{Callers, callable, names_for};
use crate::view::{self, Framework};

/// Shows what this framework is, what it can do and whom it goes back to.
#[command(aliases("framework", "botinfo"), cooldown = "1 per 10s per user")]
pub(crate) async fn discordbotframework(ctx: Ctx, #[state] facts: Option<Arc<dyn Facts>>) -> CommandResult {
    let callable = callable(&ctx).await;
    let framework = Framework {
        version: env!("CARGO_PKG_VERSION"),
        for_users: names_for(&callable, Callers::Members),
        for_owners: names_for(&callable, Callers::Owners),
        figures: facts.map(|facts| facts.figures()),
        latency: ctx.latency(),
        asked_by: &ctx.invoker().display_name,
        picture: ctx.bot_picture(),
    };
    ctx.reply(view::framework(&framework, ctx.theme())).await
}
