//! Suggestions while somebody types an option of a slash command.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

use crate::args::{Args, duration_suggestions};
use crate::invoker::Invoker;
use crate::spec::{Choice, OptionSpec};

/// Most suggestions that can be shown. See Discord docs: Interactions / Autocomplete.
const MAX_SUGGESTIONS: usize = 25;
/// Longest suggestion, in characters.
const MAX_LENGTH: usize = 100;

/// What is known while somebody types.
#[derive(Clone, Debug)]
pub struct Suggest {
    /// The option being typed.
    pub option: String,
    /// What stands there so far, possibly nothing.
    pub text: String,
    /// The options that were filled before.
    pub args: Args,
    /// Who types.
    pub invoker: Invoker,
    /// The guild, outside direct messages.
    pub guild: Option<Id<GuildMarker>>,
    /// The channel.
    pub channel: Id<ChannelMarker>,
    /// The names and descriptions of all commands.
    pub catalog: Arc<crate::catalog::Catalog>,
}

impl Suggest {
    /// Those of `candidates` that contain what stands there, without regard to case; those that
    /// begin with it first.
    pub fn matching<T: Into<String>>(&self, candidates: impl IntoIterator<Item = T>) -> Vec<Choice> {
        let given = self.text.to_lowercase();
        let mut hits: Vec<(bool, String)> = candidates
            .into_iter()
            .map(Into::into)
            .filter_map(|text| {
                let at = text.to_lowercase().find(&given)?;
                Some((at > 0, text))
            })
            .collect();
        hits.sort_by_key(|(inside, _)| *inside);
        hits.into_iter().take(MAX_SUGGESTIONS).map(|(_, text)| Choice::same(text)).collect()
    }
}

/// What makes suggestions. It has 2.5 seconds; later ones are not shown. When the same person
/// types on meanwhile, its future is dropped at the next await. What it suggests is kept for ten
/// seconds for the same person, text and other options.
#[derive(Clone)]
pub struct Completer {
    suggest: Arc<dyn Fn(Suggest) -> BoxFuture<'static, Vec<Choice>> + Send + Sync>,
    shared: bool,
}

impl Completer {
    /// Wraps an asynchronous function.
    pub fn new<F, R>(suggest: F) -> Self
    where
        F: Fn(Suggest) -> R + Send + Sync + 'static,
        R: Future<Output = Vec<Choice>> + Send + 'static,
    {
        Self { suggest: Arc::new(move |about| Box::pin(suggest(about))), shared: false }
    }

    /// Says that its suggestions depend on the text and the guild alone, not on who types nor on
    /// the other options, so that what is kept of them serves everybody in the guild.
    pub fn shared(mut self) -> Self {
        self.shared = true;
        self
    }

    pub(crate) fn is_shared(&self) -> bool {
        self.shared
    }

    /// Suggests durations within the limits of the option.
    pub(crate) fn durations(option: &OptionSpec) -> Self {
        // Without its completer, or it would hold itself.
        let option = OptionSpec { autocomplete: None, ..option.clone() };
        let suggest = move |about: Suggest| std::future::ready(duration_suggestions(&option, &about.text));
        Self::new(suggest).shared()
    }

    /// The suggestions, cut to what Discord shows.
    pub(crate) async fn run(&self, about: Suggest) -> Vec<Choice> {
        let mut choices = (self.suggest)(about).await;
        choices.retain(|choice| !choice.name.is_empty() && choice.value.text().chars().count() <= MAX_LENGTH);
        choices.truncate(MAX_SUGGESTIONS);
        for choice in &mut choices {
            choice.names.retain(|_, name| !name.is_empty());
            for name in std::iter::once(&mut choice.name).chain(choice.names.values_mut()) {
                if name.chars().count() > MAX_LENGTH {
                    *name = name.chars().take(MAX_LENGTH - 1).chain(['…']).collect();
                }
            }
        }
        choices
    }
}

impl fmt::Debug for Completer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Completer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn names(choices: &[Choice]) -> Vec<&str> {
        choices.iter().map(|choice| choice.name.as_str()).collect()
    }

    #[test]
    fn beginnings_come_first() {
        let about = testing::suggest("AL");
        assert_eq!(names(&about.matching(["signal", "Alice", "bob", "alarm"])), ["Alice", "alarm", "signal"]);
        assert_eq!(testing::suggest("").matching((0..40).map(|n| n.to_string())).len(), 25);
    }

    #[tokio::test]
    async fn suggestions_are_cut_to_what_can_be_shown() {
        let completer = Completer::new(|_| async {
            let mut all =
                vec![Choice::text("x".repeat(200), "x"), Choice::same(""), Choice::same("y".repeat(101))];
            all.extend((0..40).map(|n| Choice::same(n.to_string())));
            all
        });
        let shown = completer.run(testing::suggest("")).await;
        assert_eq!(shown.len(), 25);
        assert_eq!(shown[0].name.chars().count(), 100);
        assert_eq!(shown[1].name, "0");
    }
}
