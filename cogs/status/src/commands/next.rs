//! The next status now.

use std::sync::Arc;

use cogwright_command::{CommandResult, Ctx, command};

use crate::service::Rotator;
use crate::view;

/// Shows the next status now.
#[command]
pub(crate) async fn next(ctx: Ctx, #[state] rotator: Arc<Rotator>) -> CommandResult {
    let listing = rotator.next();
    ctx.success("Next status", &view::shown(&listing)).await
}
