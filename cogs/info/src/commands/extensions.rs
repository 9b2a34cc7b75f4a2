//! What the bot is made of.

use std::sync::Arc;

use cogwright_command::{CommandResult, Ctx, command};

use crate::facts::Facts;
use crate::view;

/// Lists what is loaded, and how long loading took.
#[command(cooldown = "1 per 10s per user")]
pub(crate) async fn extensions(ctx: Ctx, #[state] facts: Arc<dyn Facts>) -> CommandResult {
    ctx.reply(view::modules(&facts.extensions(), &facts.cogs(), ctx.theme())).await
}
