//! What this bot is.

use cogwright_command::{CommandResult, Ctx, command};

use crate::view::{self, About};

/// Tells what this bot is.
#[command(cooldown = "default per user")]
pub(crate) async fn about(ctx: Ctx) -> CommandResult {
    let visible = ctx.catalog().commands().iter().filter(|spec| spec.is_listed()).count();
    let about =
        About { version: env!("CARGO_PKG_VERSION"), commands: visible, prefix: &ctx.settings().prefix };
    ctx.reply(view::about(&about, ctx.theme())).await
}
