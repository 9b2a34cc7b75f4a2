//! How long the ways to Discord and back take.

use std::time::Instant;

use cogwright_command::{CommandResult, Ctx, command};

use crate::view;

/// Shows how fast the bot answers.
#[command]
pub(crate) async fn ping(ctx: Ctx) -> CommandResult {
    // The request that shows this is the one that is measured; not what it waited for on our side.
    let begun = Instant::now();
    ctx.reply(view::measuring()).await?;
    let round_trip = ctx.rest_round_trip().unwrap_or_else(|| begun.elapsed());
    ctx.edit(view::pong(ctx.latency(), round_trip)).await
}
