//! How the bot is spread over its connections.

use std::sync::Arc;

use cogwright_command::{CommandResult, Ctx, command};

use crate::facts::Facts;
use crate::{service, view};

/// Shows the bot's shards: its connections to Discord.
#[command(cooldown = "1 per 10s per user")]
pub(crate) async fn shardinfo(ctx: Ctx, #[state] facts: Arc<dyn Facts>) -> CommandResult {
    let guild = ctx.guild_id().map(u64::from);
    let overview = service::overview(facts.shards(), facts.bot().shard_count, guild);
    ctx.reply(view::shards(&overview, ctx.theme())).await
}
