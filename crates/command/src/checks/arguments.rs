//! Whether the arguments can be read, and are what the command takes. Ahead of everything that costs the invoker
//! something.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{Attempt, Check, Run, Verdict};
use crate::args::Args;
use crate::ctx::Ctx;
use crate::dispatch::{ReadArgs, meant};
use crate::failure::{CommandResult, Failure};
use crate::spec::Spec;

pub(super) const CHECK: Check = Check { name: "arguments", about_caller: false, run: Run::Later(run) };

/// What a command has to say about its arguments beyond their kinds and limits: whether there is such a thing, whether
/// two of them go together.
#[derive(Clone)]
pub struct ArgumentsCheck(Arc<dyn Fn(Ctx, Args) -> BoxFuture<'static, CommandResult> + Send + Sync>);

impl ArgumentsCheck {
    /// A check that refuses by an error, best a [`Failure::bad_argument`] or [`Failure::not_known`]; it answers nobody
    /// itself and changes nothing.
    pub fn new<F, R>(run: F) -> Self
    where
        F: Fn(Ctx, Args) -> R + Send + Sync + 'static,
        R: Future<Output = CommandResult> + Send + 'static,
    {
        Self(Arc::new(move |ctx, args| Box::pin(run(ctx, args))))
    }
}

impl fmt::Debug for ArgumentsCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ArgumentsCheck")
    }
}

fn run<'a>(attempt: &'a mut Attempt<'_>) -> BoxFuture<'a, Verdict> {
    Box::pin(async move {
        let Some(unread) = attempt.unread.take() else { return Verdict::pass("none") };
        match read(attempt.ctx, attempt.spec, unread).await {
            Ok(args) => {
                attempt.args = Some(args);
                Verdict::pass("read")
            }
            Err(failure) => {
                let saw = failure.detail();
                Verdict::refuse(failure, saw)
            }
        }
    })
}

async fn read(ctx: &Ctx, spec: &Spec, unread: ReadArgs) -> Result<Args, Failure> {
    let mut args = unread.await?;
    meant::check(ctx, &mut args).await?;
    for option in &spec.options {
        if let Some((accepts, value)) = option.accepts.zip(args.get(&option.name)) {
            accepts(value.clone()).map_err(|reason| Failure::BadArgument {
                option: option.name.clone(),
                given: value.typed(),
                reason,
            })?;
        }
    }
    if let Some(ArgumentsCheck(check)) = &spec.arguments {
        check(ctx.clone(), args.clone()).await?;
    }
    Ok(args)
}
