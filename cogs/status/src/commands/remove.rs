//! One status less.

use std::sync::Arc;

use cogwright_command::{CommandResult, Ctx, Failure, command, plain};

use super::{actor, failure};
use crate::service::Rotator;

/// Removes a status by its number in the list.
#[command(example = "status remove 2", arguments = there)]
pub(crate) async fn remove(
    ctx: Ctx,
    #[state] rotator: Arc<Rotator>,
    #[option(min = 1, max = 50, description = "Its number in the list of statuses")] number: u32,
) -> CommandResult {
    let removed = rotator.remove(number as usize, &actor(&ctx)).await.map_err(failure)?;
    ctx.success("Status removed", &format!("“{}” is not shown any more.", plain(&removed.text))).await
}

#[expect(clippy::unused_async, reason = "a check of arguments may wait")]
async fn there(_ctx: Ctx, rotator: Arc<Rotator>, number: u32) -> CommandResult {
    rotator.may_go(number as usize).map_err(|refused| Failure::bad_argument("number", refused.to_string()))
}
