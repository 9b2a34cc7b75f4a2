//! A message that is edited while something long is done.

use std::time::Duration;

use cogwright_command::{Ctx, Reply};

/// Time between two edits: well within what Discord lets a bot edit in a channel.
const PACE: Duration = Duration::from_secs(3);

/// The longest that a command works while people wait. The answer to an interaction can be edited for 15 minutes.
pub(crate) const DEADLINE: Duration = Duration::from_mins(10);

/// Where progress is shown.
pub(crate) trait Stage {
    /// Replaces what is shown. That it fails must not end the work.
    fn show(&self, reply: Reply) -> impl Future<Output = ()> + Send;
}

impl Stage for Ctx {
    async fn show(&self, reply: Reply) {
        if let Err(error) = self.edit(reply).await {
            self.log().debug(format_args!("progress could not be shown: {error}"));
        }
    }
}

impl Stage for (&Ctx, &cogwright_command::View) {
    async fn show(&self, reply: Reply) {
        if let Err(error) = self.1.edit(reply).await {
            self.0.log().debug(format_args!("progress could not be shown: {error}"));
        }
    }
}

/// Does `work` and shows now and then what `look` says by then, if that differs from what is `shown`. `None` when the
/// deadline came first; the work is given up.
pub(crate) async fn attend<T>(
    ctx: &Ctx,
    stage: &impl Stage,
    mut shown: Reply,
    look: impl Fn() -> Reply,
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut work = std::pin::pin!(work);
    let began = ctx.clock().now();
    loop {
        tokio::select! {
            done = &mut work => return Some(done),
            () = ctx.clock().sleep(PACE) => {}
        }
        if ctx.clock().now().duration_since(began).unwrap_or_default() >= DEADLINE {
            return None;
        }
        let now = look();
        if shown != now {
            shown = now.clone();
            stage.show(now).await;
        }
    }
}
