//! How the bot is doing.

use std::sync::Arc;

use cogwright_command::{CommandResult, Ctx, command};

use crate::facts::Facts;
use crate::view::{self, Stats};

/// Shows how the bot is doing: uptime, servers, commands, latency.
#[command(cooldown = "1 per 10s per user")]
pub(crate) async fn stats(ctx: Ctx, #[state] facts: Arc<dyn Facts>) -> CommandResult {
    let stats = Stats {
        bot: facts.bot(),
        cogs: facts.cogs().len(),
        extensions: facts.extensions().len(),
        latency: ctx.latency(),
        requester: &ctx.invoker().display_name,
    };
    ctx.reply(view::stats(&stats, ctx.theme())).await
}
