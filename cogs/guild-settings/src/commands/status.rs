//! Whether a mention of the bot works like the prefix.

use cogwright_command::{CommandResult, Ctx, command};

use crate::view;

/// Shows whether a mention of the bot works like the prefix in this server.
#[command]
pub(crate) async fn status(ctx: Ctx) -> CommandResult {
    ctx.reply(view::mention_status(&ctx.prefs().await, ctx.bot_id(), ctx.theme())).await
}
