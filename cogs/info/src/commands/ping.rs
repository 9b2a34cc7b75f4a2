//! How long the ways to Discord and back take.

use std::time::Instant;

use cogwright_command::{CommandResult, Ctx, command};

use crate::view;

/// Shows how fast the bot answers.
#[command]
pub(crate) async fn ping(ctx: Ctx) -> CommandResult {
    // All requests of the process are measured as one: when others are under way, this shows whichever ended last.
    let begun = Instant::now();
    ctx.reply(view::measuring(ctx.theme())).await?;
    let round_trip = ctx.rest_round_trip().unwrap_or_else(|| begun.elapsed());
    ctx.edit(view::pong(ctx.latency(), round_trip, ctx.theme())).await
}
