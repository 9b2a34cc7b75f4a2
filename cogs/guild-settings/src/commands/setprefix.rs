//! The prefix of the server.

use cogwright_command::{CommandResult, Ctx, Failure, PolicyError, command};

use super::{failure, guild};
use crate::service::own_prefix;
use crate::view;

/// Sets what commands begin with in this server.
#[command(arguments = usable, example = "setprefix ?", cooldown = "20 per 1m per guild in settings")]
pub(crate) async fn setprefix(
    ctx: Ctx,
    #[option(description = "1 to 10 characters without blanks; the bot-wide prefix goes back to that")]
    prefix: String,
) -> CommandResult {
    let guild = guild(&ctx)?;
    let usual = ctx.settings().prefix.clone();
    let wanted = own_prefix(&prefix, &usual);
    let before = ctx.policies().set_prefix(guild, wanted, ctx.by()).await.map_err(failure)?;
    let now = ctx.prefs().await;
    if before.as_deref() == wanted {
        return ctx.notice("Nothing Changed", &view::prefix_kept(&now)).await;
    }
    let before = before.as_deref().unwrap_or(&usual);
    ctx.success("Prefix Changed", &view::prefix_changed(before, &now, ctx.is_on("help"))).await
}

#[expect(clippy::unused_async, reason = "a check of arguments may wait")]
async fn usable(ctx: Ctx, prefix: String) -> CommandResult {
    let wanted = own_prefix(&prefix, &ctx.settings().prefix);
    match wanted.map_or(Ok(()), |wanted| ctx.policies().check_prefix(wanted)) {
        Err(PolicyError::Refused(why)) => Err(Failure::bad_argument("prefix", why)),
        other => other.map_err(failure),
    }
}
