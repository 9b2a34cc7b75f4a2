//! What the databases do, and a backup by hand.

use cogwright_command::{CommandResult, Ctx, command};

use crate::progress::attend;
use crate::service::{database, paths};
use crate::view::database as view;
use crate::{Services, view as texts};

/// Shows what the databases do, with a button that backs them up.
#[command(owner_only, not_configurable)]
pub(crate) async fn dbstats(ctx: Ctx, #[state] services: Services) -> CommandResult {
    let shown = database::databases(&services).await?;
    let mut open = ctx.open(view::databases(&shown, ctx.theme())).await?;
    while let Some(press) = open.next().await {
        if press.id() != view::BACK_UP {
            continue;
        }
        let busy = || view::backing_up(ctx.theme());
        let begun = busy();
        press.update(begun.clone()).await?;
        let reply = match attend(&ctx, &(&ctx, &open), begun, busy, database::back_up(&services)).await {
            Some(Ok(report)) => {
                for (target, error) in &report.failed {
                    ctx.log().error(format_args!("backup of {target:?} failed: {error}"));
                }
                let reply = view::backed_up(&report, ctx.theme());
                if report.failed.is_empty() {
                    return open.confirm_done(reply).await;
                }
                reply
            }
            Some(Err(error)) => {
                ctx.log().error(format_args!("backup failed: {error}"));
                let why = paths::told(services.store.folder(), &error.to_string());
                texts::failed("Backup Failed", &why, ctx.theme())
            }
            None => texts::gave_up("Backup", ctx.theme()),
        };
        return open.edit(reply).await;
    }
    Ok(())
}
