//! All statuses, and which one is shown.

use std::sync::Arc;

use cogwright_command::{CommandResult, Ctx, command};

use crate::service::Rotator;
use crate::view;

/// Lists the statuses that are shown in turn.
#[command]
pub(crate) async fn list(ctx: Ctx, #[state] rotator: Arc<Rotator>) -> CommandResult {
    ctx.reply(view::listing(&rotator.listing(), ctx.theme())).await
}
