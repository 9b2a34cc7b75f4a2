//! The places for slash commands.

use std::sync::Arc;

use cogwright_command::{CommandResult, Ctx, command};

use crate::service::{Source, converted};
use crate::view;

/// Shows how many slash commands are in use, and which commands have no slash form.
#[command(cooldown = "1 per 10s per user")]
pub(crate) async fn slashlimit(ctx: Ctx, #[state] source: Arc<dyn Source>) -> CommandResult {
    let usage = source.usage();
    let converted = converted(ctx.catalog());
    ctx.reply(view::usage(&usage, &converted, ctx.theme())).await
}
