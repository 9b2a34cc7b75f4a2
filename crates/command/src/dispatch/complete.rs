//! Suggestions while somebody types: in time, for the newest letter alone, and not worked out twice.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt as _;
use futures_util::future::{AbortHandle, Abortable};
use tokio::sync::Semaphore;
use twilight_model::application::interaction::Interaction;
use twilight_model::application::interaction::application_command::CommandData;

use super::Core;
use super::slash::{channel, target};
use crate::args::focused;
use crate::autocomplete::Suggest;
use crate::bounded::Bounded;
use crate::checks;
use crate::ctx::{Ctx, Invocation, Trigger};
use crate::invoker::Invoker;
use crate::responder::Responder;
use crate::spec::Choice;

/// Completions that run at once; more get no suggestions.
const MAX_RUNNING: usize = 64;
/// Suggestions that are kept for whoever types the same again.
const MAX_KEPT: usize = 512;
/// How long they are kept.
const KEPT_FOR: Duration = Duration::from_secs(10);
/// How long suggestions may take. Discord takes them for 3 seconds.
const MAX_TIME: Duration = Duration::from_millis(2_500);

/// What suggestions depend on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Question {
    command: String,
    option: String,
    text: String,
    guild: Option<u64>,
    /// Who asks and what was filled in before, unless the completer says that it does not matter.
    own: Option<(u64, String)>,
}

/// The field that somebody types in.
type Typing = (u64, String, String);

/// The suggestions that are being worked out, and those that were a moment ago.
pub(crate) struct Completions {
    running: Arc<Semaphore>,
    state: Mutex<State>,
}

struct State {
    kept: Bounded<Question, (SystemTime, Vec<Choice>)>,
    /// The newest letter of everybody who types, with its number. As many as run.
    newest: HashMap<Typing, (u64, AbortHandle)>,
    count: u64,
}

impl Default for Completions {
    fn default() -> Self {
        let state = State { kept: Bounded::new(MAX_KEPT), newest: HashMap::new(), count: 0 };
        Self { running: Arc::new(Semaphore::new(MAX_RUNNING)), state: Mutex::new(state) }
    }
}

impl Completions {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self, question: &Question, now: SystemTime) -> Option<Vec<Choice>> {
        let state = self.state();
        let (since, choices) = state.kept.get(question)?;
        let fresh = now.duration_since(*since).is_ok_and(|age| age < KEPT_FOR);
        fresh.then(|| choices.clone())
    }

    fn keep(&self, question: Question, now: SystemTime, choices: Vec<Choice>) {
        self.state().kept.insert(question, (now, choices));
    }

    /// Takes the place of an older letter in the same field, whose answer nobody would see.
    fn supersede(&self, typing: Typing, handle: AbortHandle) -> u64 {
        let mut state = self.state();
        state.count += 1;
        let number = state.count;
        if let Some((_, older)) = state.newest.insert(typing, (number, handle)) {
            older.abort();
        }
        number
    }

    fn done(&self, typing: &Typing, number: u64) {
        let mut state = self.state();
        if state.newest.get(typing).is_some_and(|(newest, _)| *newest == number) {
            state.newest.remove(typing);
        }
    }
}

pub(super) fn complete(
    core: &Arc<Core>,
    responder: Arc<Responder>,
    invoker: Invoker,
    interaction: &Interaction,
    data: &CommandData,
) {
    let (spec, options) = target(&core.services.catalog, data);
    let found = spec.and_then(|spec| {
        let (focus, args) = focused(spec, options, data.resolved.as_ref())?;
        let option = spec.options.iter().find(|option| option.name == focus.option)?;
        Some((Arc::clone(spec), option.completer()?, focus, args))
    });
    let Some((spec, completer, focus, args)) = found else { return };
    let command = spec.qualified_name();
    let Some(channel) = channel(interaction) else { return };
    // Nobody misses suggestions that do not come; the next letter asks again.
    let Ok(permit) = Arc::clone(&core.completions.running).try_acquire_owned() else { return };
    let typing = (invoker.id.get(), command.clone(), focus.option.clone());
    let question = Question {
        command,
        option: focus.option.clone(),
        text: focus.text.clone(),
        guild: interaction.guild_id.map(twilight_model::id::Id::get),
        own: (!completer.is_shared()).then(|| (invoker.id.get(), format!("{args:?}"))),
    };
    let call = Invocation {
        spec,
        trigger: Trigger::Slash,
        id: interaction.id.get(),
        invoker: invoker.clone(),
        guild: interaction.guild_id,
        channel,
        opening: "/".to_owned(),
    };
    let about = Suggest {
        option: focus.option,
        text: focus.text,
        args,
        invoker,
        guild: interaction.guild_id,
        channel,
        catalog: Arc::clone(&core.services.catalog),
    };
    let (handle, registration) = AbortHandle::new_pair();
    let number = core.completions.supersede(typing.clone(), handle);
    let own = Arc::clone(core);
    core.services.tasks.spawn("autocomplete", async move {
        let _permit = permit;
        let (clock, completions) = (&own.services.clock, &own.completions);
        let ctx = Ctx::new(call, Arc::clone(&own.services), Arc::clone(&responder), None);
        let suggest = async {
            // Discord shows commands to people who may not run them, and what is suggested may not be for their eyes.
            if !checks::may_call(&ctx, &ctx.invocation().spec).await {
                return Vec::new();
            }
            if let Some(choices) = completions.kept(&question, clock.now()) {
                return choices;
            }
            let choices = completer.run(about).await;
            completions.keep(question, clock.now(), choices.clone());
            choices
        };
        let work = async {
            let choices = tokio::select! {
                choices = AssertUnwindSafe(suggest).catch_unwind() => choices.ok(),
                () = clock.sleep(MAX_TIME) => None,
            };
            if choices.is_none() {
                tracing::warn!(command = typing.1, "suggestions panicked or took too long");
            }
            choices
        };
        let choices = Abortable::new(work, registration).await;
        completions.done(&typing, number);
        if let Ok(Some(choices)) = choices
            && let Err(error) = responder.choices(choices).await
        {
            tracing::debug!(%error, command = typing.1, "suggestions were not taken");
        }
    });
}
