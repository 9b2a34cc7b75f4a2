//! A mention of the bot works like the prefix.

use cogwright_command::{CommandResult, Ctx, command};

use super::{failure, guild, mention};
use crate::view;

/// Lets a mention of the bot work like the prefix in this server.
#[command(cooldown = "20 per 1m per guild in settings")]
pub(crate) async fn enable(ctx: Ctx) -> CommandResult {
    let before =
        ctx.policies().set_mention_prefix(guild(&ctx)?, Some(true), ctx.by()).await.map_err(failure)?;
    let now = ctx.prefs().await;
    let of = mention(&ctx, &now);
    match before {
        Some(true) => ctx.notice("Already Enabled", &view::mention_set(&of)).await,
        _ => ctx.confirm_done(view::mention_changed(&of, &ctx.invoker().display_name)).await,
    }
}
