//! A mention of the bot works like the prefix.

use cogwright_command::{CommandResult, Ctx, command};

use super::{failure, guild};
use crate::view;

/// Lets a mention of the bot work like the prefix in this server.
#[command(cooldown = "20 per 1m per guild in settings")]
pub(crate) async fn enable(ctx: Ctx) -> CommandResult {
    let before =
        ctx.policies().set_mention_prefix(guild(&ctx)?, Some(true), ctx.by()).await.map_err(failure)?;
    let text = view::mention_set(&ctx.prefs().await, ctx.bot_id());
    match before {
        Some(true) => ctx.notice("Already Enabled", &text).await,
        _ => ctx.success("Mention Prefix Enabled", &text).await,
    }
}
