//! How long the ways to Discord and back take.

use std::time::Instant;

use cogwright_command::{CommandResult, Ctx, command};

use crate::view;

/// Shows how fast the bot answers.
#[command]
pub(crate) async fn ping(ctx: Ctx) -> CommandResult {
    // Real time: this is about the line, not about the world's clock.
    let begun = Instant::now();
    ctx.reply(view::measuring()).await?;
    let round_trip = begun.elapsed();
    ctx.edit(view::pong(ctx.latency(), round_trip)).await
}
