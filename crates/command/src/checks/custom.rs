//! The command's own checks, in the order in which it names them.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{Attempt, Check, Run, Verdict};
use crate::ctx::Ctx;
use crate::failure::CommandResult;

pub(super) const CHECK: Check = Check { name: "custom", about_caller: false, run: Run::Later(run) };

/// A check that a command brings along: a condition that no permission expresses.
#[derive(Clone)]
pub struct CustomCheck {
    name: String,
    run: Arc<dyn Fn(Ctx) -> BoxFuture<'static, CommandResult> + Send + Sync>,
}

impl CustomCheck {
    /// A check with a name for traces. It refuses by an error, best a [`Failure::refused`](crate::Failure::refused)
    /// that says what is missing; it answers nobody itself.
    pub fn new<F, R>(name: impl Into<String>, run: F) -> Self
    where
        F: Fn(Ctx) -> R + Send + Sync + 'static,
        R: Future<Output = CommandResult> + Send + 'static,
    {
        Self { name: name.into(), run: Arc::new(move |ctx| Box::pin(run(ctx))) }
    }
}

impl fmt::Debug for CustomCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CustomCheck({})", self.name)
    }
}

fn run<'a>(attempt: &'a mut Attempt<'_>) -> BoxFuture<'a, Verdict> {
    Box::pin(async move {
        if attempt.spec.checks.is_empty() {
            return Verdict::pass("none");
        }
        for check in &attempt.spec.checks {
            if let Err(failure) = (check.run)(attempt.ctx.clone()).await {
                return Verdict::refuse(failure, check.name.clone());
            }
        }
        let names: Vec<_> = attempt.spec.checks.iter().map(|check| &*check.name).collect();
        Verdict::pass(names.join(", "))
    })
}
