//! Whether the arguments can be read. Ahead of everything that costs the invoker something.

use futures_util::future::BoxFuture;

use super::{Attempt, Check, Run, Verdict};
use crate::dispatch::meant;

pub(super) const CHECK: Check = Check { name: "arguments", about_caller: false, run: Run::Later(run) };

fn run<'a>(attempt: &'a mut Attempt<'_>) -> BoxFuture<'a, Verdict> {
    Box::pin(async move {
        let Some(unread) = attempt.unread.take() else { return Verdict::pass("none") };
        let read = match unread.await {
            Ok(mut args) => meant::check(attempt.ctx, &mut args).await.map(|()| args),
            Err(failure) => Err(failure),
        };
        match read {
            Ok(args) => {
                attempt.args = Some(args);
                Verdict::pass("read")
            }
            Err(failure) => {
                let saw = failure.to_string();
                Verdict::refuse(failure, saw)
            }
        }
    })
}
