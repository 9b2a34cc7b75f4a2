//! Picks up changed files while the bot runs.

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use crate::load::{Loaded, Sources};
use crate::problem::{Problem, Problems};
use crate::source::Environment;
use crate::text;

/// One setting that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The setting as it is written.
    pub name: &'static str,
    /// Its old value as it is shown; never a secret.
    pub from: String,
    /// Its new value as it is shown; never a secret.
    pub to: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to {
            write!(f, "{} (not shown)", self.name)
        } else {
            write!(f, "{} from {} to {}", self.name, self.from, self.to)
        }
    }
}

/// What differs between two states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What takes effect at once.
    pub live: Vec<Change>,
    /// What takes effect with the next start.
    pub needs_restart: Vec<Change>,
}

/// What differs, and when it takes effect.
pub fn changes(old: &Loaded, new: &Loaded) -> Changes {
    let mut changes = Changes::default();
    for (setting, from, to) in old.values.differences(&new.values) {
        let change = Change { name: setting.name(), from, to };
        if setting.live { changes.live.push(change) } else { changes.needs_restart.push(change) }
    }
    changes
}

/// What a look at the files found.
#[derive(Debug)]
pub enum Reload {
    /// The files say something new.
    Changed {
        /// What differs from before. A setting that needs a restart is named once, when it is changed.
        changes: Changes,
        /// The settings in use with what takes effect at once; what needs a restart is as it was.
        loaded: Box<Loaded>,
        /// They could not be used before, of which was told. Nothing may differ then.
        mended: bool,
    },
    /// The files cannot be used; the settings in use stay.
    Broken(Problems),
}

/// Looks at the files again and again.
///
/// It compares what they hold and not their times, which editors, copies and checkouts set as they like. A
/// change counts when two looks in a row find the same, so that a half-written file is no event.
#[derive(Debug)]
pub struct Watch {
    sources: Sources,
    running: Loaded,
    /// What was read last, for the next comparison; may contain what needs a restart.
    latest: Loaded,
    settled: u64,
    last: u64,
    /// Whether the files could not be used the last time.
    broken: bool,
}

impl Watch {
    /// The time between two looks, of which a change takes two. The files are small and bounded, so a look costs two
    /// reads.
    pub const INTERVAL: Duration = Duration::from_secs(1);

    /// Watches the files that `loaded` came from.
    pub fn new(sources: Sources, loaded: Loaded) -> Self {
        // The first look compares too: the files may have changed since they were read.
        Self { sources, latest: loaded.clone(), running: loaded, settled: 0, last: 0, broken: false }
    }

    /// The settings in use.
    pub fn running(&self) -> &Loaded {
        &self.running
    }

    /// Looks once; `None` when there is nothing new. Reads files, so not for a thread that must not wait.
    pub fn look(&mut self, environment: &impl Environment) -> Option<Reload> {
        let now = fingerprint(&self.sources);
        let stable = now == self.last;
        self.last = now;
        if now == self.settled || !stable {
            return None;
        }
        self.settled = now;
        let was_broken = self.broken;
        let found = self.read(environment, was_broken);
        self.broken = matches!(found, Some(Reload::Broken(_)));
        found
    }

    fn read(&mut self, environment: &impl Environment, was_broken: bool) -> Option<Reload> {
        let report = self.sources.read(environment);
        if !report.has_config && self.running_has_file() {
            let problem = Problem::new(
                "",
                self.sources.config.display(),
                "is gone; the settings in use stay",
                "Put it back, or restart the bot to use the defaults.",
            );
            return Some(Reload::Broken(problem.into()));
        }
        match report.into_loaded() {
            Err(problems) => Some(Reload::Broken(problems)),
            Ok(new) => self.take(new, was_broken),
        }
    }

    fn running_has_file(&self) -> bool {
        let from_file = |it: &crate::values::Effective| matches!(it.origin, crate::Origin::File { .. });
        self.latest.effective().iter().any(from_file)
    }

    fn take(&mut self, new: Loaded, mended: bool) -> Option<Reload> {
        let changes = changes(&self.latest, &new);
        self.latest = new.clone();
        if changes == Changes::default() && !mended {
            return None;
        }
        let values = self.running.values.adopt(&new.values);
        match values.settings() {
            Ok(settings) => {
                self.running = Loaded { settings, warnings: new.warnings, values };
                Some(Reload::Changed { changes, loaded: Box::new(self.running.clone()), mended })
            }
            Err(error) => {
                let place = self.sources.config.display();
                let what = format!("cannot be used ({error})");
                let remedy = "This is a mistake in the bot; please report it.";
                Some(Reload::Broken(Problem::new("", place, what, remedy).into()))
            }
        }
    }
}

/// Changes when one of the files does. Holds nothing of what they say.
fn fingerprint(sources: &Sources) -> u64 {
    let mut hasher = DefaultHasher::new();
    for path in [&sources.config, &sources.env] {
        match text::read(path) {
            Ok(text) => text.hash(&mut hasher),
            Err(problem) => problem.what.hash(&mut hasher),
        }
    }
    hasher.finish()
}
