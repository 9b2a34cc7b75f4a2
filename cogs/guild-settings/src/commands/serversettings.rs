//! Everything that is in force in the server.

use cogwright_command::{CommandResult, Ctx, command};
use cogwright_store::{AuditFilter, Store};

use super::{failure, guild};
use crate::service::{counting, in_force};
use crate::view::{self, Overview};

/// Changes that are shown; more would be a wall.
const CHANGES: u32 = 5;

/// Shows every setting in force in this server, and who set it.
#[command]
pub(crate) async fn serversettings(ctx: Ctx, #[state] store: Option<Store>) -> CommandResult {
    let guild = guild(&ctx)?;
    let own = ctx.policies().rules(guild).await.map_err(failure)?;
    let (rules, _) = counting(in_force(&own, &ctx.settings().command_permissions), ctx.catalog());
    let changes = match &store {
        Some(store) => {
            let filter = AuditFilter { guild: Some(guild.get()), ..AuditFilter::default() };
            Some(store.audit().list(filter, CHANGES).await?)
        }
        None => None,
    };
    let overview = Overview {
        guild,
        facts: ctx.guild(),
        known: &ctx.known_roles(),
        prefs: ctx.prefs().await,
        settings: ctx.settings(),
        rules: &rules,
        changes: changes.as_deref(),
        bot: ctx.bot_id(),
        asked_by: &ctx.invoker().display_name,
        help: ctx.is_on("help"),
    };
    ctx.reply(view::overview(&overview)).await
}
