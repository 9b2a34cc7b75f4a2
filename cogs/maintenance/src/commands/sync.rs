//! Brings the registered commands in line.

use cogwright_command::{CommandResult, Ctx, command};

use crate::progress::attend;
use crate::view::sync as view;
use crate::{Services, view as texts};

/// Brings the slash commands that Discord knows in line with those of the bot.
#[command(owner_only, not_configurable, concurrency = "1 per global", example = "sync")]
pub(crate) async fn sync(
    ctx: Ctx,
    #[state] services: Services,
    #[option(description = "Write all commands, even if nothing has changed", flag)] force: Option<bool>,
) -> CommandResult {
    let begun = view::busy(ctx.theme());
    ctx.reply(begun.clone()).await?;
    let work = services.operations.sync(force.unwrap_or(false));
    let reply = match attend(&ctx, &ctx, begun, || view::still_busy(ctx.theme()), work).await {
        Some(Ok(report)) => {
            let (names, withheld) = (view::slash_names(ctx.catalog()), view::withheld_names(ctx.catalog()));
            view::done(&report, &names, &withheld, ctx.theme())
        }
        Some(Err(why)) => texts::failed("Sync Failed", &why, ctx.theme()),
        None => view::goes_on(ctx.theme()),
    };
    ctx.edit(reply).await
}
