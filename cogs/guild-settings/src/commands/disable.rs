//! A mention of the bot works like nothing.

use cogwright_command::{CommandResult, Ctx, command};

use super::{failure, guild, mention};
use crate::view;

/// Stops a mention of the bot from working like the prefix in this server.
#[command(cooldown = "20 per 1m per guild in settings")]
pub(crate) async fn disable(ctx: Ctx) -> CommandResult {
    let before =
        ctx.policies().set_mention_prefix(guild(&ctx)?, Some(false), ctx.by()).await.map_err(failure)?;
    let now = ctx.prefs().await;
    let of = mention(&ctx, &now);
    match before {
        Some(false) => ctx.notice("Already Disabled", &view::mention_set(&of)).await,
        _ => ctx.confirm_done(view::mention_changed(&of, &ctx.invoker().display_name)).await,
    }
}
