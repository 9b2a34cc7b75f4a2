//! Brings the registered commands in line.

use cogwright_command::{CommandResult, Ctx, Failure, command};

use crate::progress::attend;
use crate::view::sync as view;
use crate::{Services, view as texts};

/// Brings the slash commands that Discord knows in line with those of the bot.
#[command(owner_only, not_configurable, concurrency = "1 per global", example = "sync", arguments = sound)]
pub(crate) async fn sync(
    ctx: Ctx,
    #[state] services: Services,
    #[option(description = "Write all commands, even if nothing has changed", flag)] force: Option<bool>,
    #[option(description = "Remove what an earlier bot has left in this server alone", flag)] here: Option<
        bool,
    >,
) -> CommandResult {
    let guild = ctx.guild_id().filter(|_| here == Some(true));
    let begun = view::busy(guild.is_some(), ctx.theme());
    ctx.reply(begun.clone()).await?;
    let work = match guild {
        Some(guild) => services.operations.sync_guild(guild.get()),
        None => services.operations.sync(force.unwrap_or(false)),
    };
    let reply = match attend(&ctx, &ctx, begun, || view::still_busy(ctx.theme()), work).await {
        Some(Ok(report)) if guild.is_some() => view::done_here(&report, ctx.theme()),
        Some(Ok(report)) => {
            let (names, withheld) = (view::slash_names(ctx.catalog()), view::withheld_names(ctx.catalog()));
            view::done(&report, &names, &withheld, ctx.theme())
        }
        Some(Err(why)) => texts::failed("Sync Failed", &why, ctx.theme()),
        None => view::goes_on(ctx.theme()),
    };
    ctx.edit(reply).await
}

#[expect(clippy::unused_async, reason = "a check of arguments may wait")]
async fn sound(ctx: Ctx, _services: Services, force: Option<bool>, here: Option<bool>) -> CommandResult {
    match (here, force, ctx.guild_id()) {
        (Some(true), _, None) => Err(Failure::bad_argument("here", "There is no server here.")),
        (Some(true), Some(true), _) => Err(Failure::bad_argument(
            "force",
            "It is for the commands of the bot, which are not those of a server.",
        )),
        _ => Ok(()),
    }
}
