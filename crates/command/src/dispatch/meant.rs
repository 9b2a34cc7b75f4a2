//! "Did you mean": values of options with suggestions that are none of those suggested.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;

use crate::args::{Args, Value};
use crate::autocomplete::{Completer, Suggest};
use crate::ctx::Ctx;
use crate::failure::{BadArgument, Failure};
use crate::near::near;
use crate::spec::{Choice, ChoiceValue, OptionSpec};

/// How long asking a completer may take here, for one answer.
const MAX_TIME: Duration = Duration::from_secs(1);

/// Puts what is suggested in the place of what was given for strict options.
///
/// # Errors
/// [`BadArgument::NotKnown`] for a value that is none of the suggestions.
pub(crate) async fn check(ctx: &Ctx, args: &mut Args) -> Result<(), Failure> {
    let spec = Arc::clone(&ctx.invocation().spec);
    for option in spec.options.iter().filter(|option| option.strict) {
        let Some((completer, given)) = option.completer().zip(args.get(&option.name).and_then(Value::typed))
        else {
            continue;
        };
        let suggested = in_time(ctx, ask(ctx, &completer, &option.name, &given, args)).await;
        let suggested = suggested
            .flatten()
            .ok_or_else(|| Failure::internal("the suggestions failed or took too long"))?;
        let lower = given.to_lowercase();
        let same = |choice: &&Choice| choice.value.text().to_lowercase() == lower || choice.is_named(&lower);
        match suggested.iter().find(same) {
            Some(choice) => args.set(&option.name, choice.value.clone().into()),
            None => return Err(Failure::not_known(&option.name, given)),
        }
    }
    Ok(())
}

/// Adds to a failure what may have been meant.
pub(super) async fn fill(ctx: &Ctx, failure: Failure) -> Failure {
    let Failure::BadArgument { option, reason: BadArgument::NotKnown { given, near: known }, .. } = failure
    else {
        return failure;
    };
    let spec = &ctx.invocation().spec;
    let completer = spec.options.iter().find(|own| own.name == option).and_then(OptionSpec::completer);
    let mut meant = known;
    if let Some(completer) = completer.filter(|_| meant.is_empty()) {
        // A slip is no part of what it should have been, but its beginning often is.
        let beginning: String = given.chars().take(1).collect();
        let asking = async {
            for text in [given.as_str(), &beginning, ""] {
                let suggested = ask(ctx, &completer, &option, text, &Args::new()).await.unwrap_or_default();
                let meant = near(&given, suggested.iter().map(|choice| choice.value.text()));
                if !meant.is_empty() {
                    return meant;
                }
            }
            Vec::new()
        };
        meant = in_time(ctx, asking).await.unwrap_or_default();
    }
    Failure::BadArgument { option, given: None, reason: BadArgument::NotKnown { given, near: meant } }
}

/// What comes of it within [`MAX_TIME`].
async fn in_time<T>(ctx: &Ctx, asking: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        answer = asking => Some(answer),
        () = ctx.clock().sleep(MAX_TIME) => None,
    }
}

/// What a completer suggests; `None` when it failed.
async fn ask(ctx: &Ctx, completer: &Completer, option: &str, text: &str, args: &Args) -> Option<Vec<Choice>> {
    let call = ctx.invocation();
    let about = Suggest {
        option: option.to_owned(),
        text: text.to_owned(),
        args: args.clone(),
        invoker: call.invoker.clone(),
        guild: call.guild,
        channel: call.channel,
        catalog: Arc::clone(ctx.catalog()),
    };
    AssertUnwindSafe(completer.run(about)).catch_unwind().await.ok()
}

impl From<ChoiceValue> for Value {
    fn from(value: ChoiceValue) -> Self {
        match value {
            ChoiceValue::String(text) => Self::String(text),
            ChoiceValue::Integer(number) => Self::Integer(number),
            ChoiceValue::Number(number) => Self::Number(number),
        }
    }
}
