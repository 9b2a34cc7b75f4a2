//! A mention of the bot works like nothing.

use cogwright_command::{CommandResult, Ctx, command};

use super::{failure, guild};
use crate::view;

/// Stops a mention of the bot from working like the prefix in this server.
#[command(cooldown = "20 per 1m per guild in settings")]
pub(crate) async fn disable(ctx: Ctx) -> CommandResult {
    let before =
        ctx.policies().set_mention_prefix(guild(&ctx)?, Some(false), ctx.by()).await.map_err(failure)?;
    let text = view::mention_set(&ctx.prefs().await, ctx.bot_id());
    match before {
        Some(false) => ctx.notice("Already Disabled", &text).await,
        _ => ctx.success("Mention Prefix Disabled", &text).await,
    }
}
