//! Whether a mention of the bot works like the prefix.

use cogwright_command::{CommandResult, Ctx, command};

use super::mention;
use crate::view;

/// Shows whether a mention of the bot works like the prefix in this server.
#[command]
pub(crate) async fn status(ctx: Ctx) -> CommandResult {
    let now = ctx.prefs().await;
    let changes = ctx.is_on("mentionprefix enable") && ctx.is_on("mentionprefix disable");
    ctx.reply(view::mention_status(&mention(&ctx, &now), changes)).await
}
