//! How long each status is shown.

use std::sync::Arc;
use std::time::Duration;

use cogwright_command::{CommandResult, Ctx, command};

use super::{actor, failure};
use crate::service::Rotator;
use crate::view;

/// Changes how long each status is shown.
#[command(example = "status interval 5m")]
pub(crate) async fn interval(
    ctx: Ctx,
    #[state] rotator: Arc<Rotator>,
    #[option(
        min = 15,
        max = 86_400,
        bare_seconds,
        description = "Time until the next one, such as 90s or 5m; a number alone is seconds"
    )]
    time: Duration,
) -> CommandResult {
    rotator.set_interval(time, &actor(&ctx)).await.map_err(failure)?;
    ctx.success("Interval changed", &format!("Each status is shown for {}.", view::time(time))).await
}
