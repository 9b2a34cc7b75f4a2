//! Which status is shown now, which comes next, and who may have changed the list.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cogwright_config::{Activity, Presence, Status as Configured, StatusEntry};
use cogwright_lifecycle::{CancellationToken, SharedClock};
use cogwright_store::{Actor, Store, StoreError};
use tokio::sync::Notify;

use crate::fill::{Facts, MAX_TEXT, fill};

/// Least time between two statuses. Discord takes five changes in 20 seconds; see its docs: Gateway / Rate Limiting.
pub(crate) const LEAST_INTERVAL: Duration = Duration::from_secs(15);

/// Greatest time between two statuses; longer is no rotation.
pub(crate) const GREATEST_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// Statuses in the list at most.
pub(crate) const MAX_ENTRIES: usize = 50;

/// The setting that keeps the interval that was chosen at runtime, in seconds.
const INTERVAL: &str = "status.interval";

/// Where statuses are shown, and what their variables stand for.
pub trait Stage: Send + Sync + 'static {
    /// What holds now.
    fn facts(&self) -> Facts;

    /// Shows a status on all shards. Its text is ready to be shown.
    fn show(&self, shown: StatusEntry);
}

/// Why the list stays as it is.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("A status needs a text.")]
    Empty,
    #[error("A status text may have {MAX_TEXT} characters, this one has {0}.")]
    TooLong(usize),
    #[error("The list is full: {MAX_ENTRIES} statuses. Remove one first.")]
    Full,
    #[error("There is no status {0}: the list goes from 1 to {1}.")]
    NoSuch(usize, usize),
    #[error("The last status cannot be removed: a bot shows something. Add another first.")]
    Last,
    #[error("The time between two statuses is 15 seconds to 24 hours.")]
    Interval,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where the list comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `status` of config.json.
    Config,
    /// Changed by the commands; kept in the database.
    Changed,
}

/// The list as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listing {
    pub(crate) entries: Vec<StatusEntry>,
    pub(crate) origin: Origin,
    /// The one that is shown.
    pub(crate) current: usize,
    pub(crate) interval: Duration,
}

/// The rotation of statuses.
pub struct Rotator {
    store: Store,
    clock: SharedClock,
    stage: Arc<dyn Stage>,
    state: Mutex<State>,
    /// Whoever changes the list waits for the one before.
    changing: tokio::sync::Mutex<()>,
    turn: Notify,
}

struct State {
    listing: Listing,
    log: bool,
}

impl std::fmt::Debug for Rotator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rotator").field("listing", &self.state().listing).finish_non_exhaustive()
    }
}

impl Rotator {
    /// A rotation by what was changed at runtime, or else by what is configured.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn load(
        configured: &Configured,
        store: Store,
        clock: SharedClock,
        stage: Arc<dyn Stage>,
    ) -> Result<Arc<Self>, StoreError> {
        let (entries, origin) = match store.statuses().all().await? {
            Some(kept) if !kept.is_empty() => (kept.iter().map(restored).collect(), Origin::Changed),
            _ => (configured.rotation(), Origin::Config),
        };
        let kept = store.bot_settings().get(INTERVAL).await?;
        let kept = kept.and_then(|text| text.parse().ok()).map(Duration::from_secs);
        let interval = kept.unwrap_or(configured.interval).clamp(LEAST_INTERVAL, GREATEST_INTERVAL);
        let listing = Listing { entries, origin, current: 0, interval };
        let state = Mutex::new(State { listing, log: configured.log_status_updates });
        Ok(Arc::new(Self {
            store,
            clock,
            stage,
            state,
            changing: tokio::sync::Mutex::default(),
            turn: Notify::new(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows one status after the other until `stop`.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        loop {
            self.show();
            let interval = self.state().listing.interval;
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.clock.sleep(interval) => self.step(),
                // Somebody changed the list or asked for the next one.
                () = self.turn.notified() => {}
            }
        }
    }

    fn show(&self) {
        let (entry, log) = {
            let state = self.state();
            let listing = &state.listing;
            let Some(entry) = listing.entries.get(listing.current).or(listing.entries.first()) else {
                return;
            };
            (entry.clone(), state.log)
        };
        let text = fill(&entry.text, &self.stage.facts());
        if log {
            tracing::info!(kind = ?entry.kind, text, presence = ?entry.presence, "status");
        }
        self.stage.show(StatusEntry { text, ..entry });
    }

    fn step(&self) {
        let mut state = self.state();
        let count = state.listing.entries.len().max(1);
        state.listing.current = (state.listing.current + 1) % count;
    }

    /// The dot beside the name that is shown now.
    pub fn presence(&self) -> Presence {
        let state = self.state();
        let listing = &state.listing;
        let entry = listing.entries.get(listing.current).or(listing.entries.first());
        entry.map_or(Presence::Online, |entry| entry.presence)
    }

    pub(crate) fn listing(&self) -> Listing {
        self.state().listing.clone()
    }

    /// Shows the next status now.
    pub(crate) fn next(&self) -> Listing {
        self.step();
        self.turn.notify_one();
        self.listing()
    }

    /// Whether a text can be added.
    pub(crate) fn takes(&self, text: &str) -> Result<(), Refused> {
        match text.chars().count() {
            _ if text.trim().is_empty() => Err(Refused::Empty),
            length if length > MAX_TEXT => Err(Refused::TooLong(length)),
            _ if self.state().listing.entries.len() >= MAX_ENTRIES => Err(Refused::Full),
            _ => Ok(()),
        }
    }

    /// Adds a status at the end and shows it.
    pub(crate) async fn add(&self, entry: StatusEntry, actor: &Actor) -> Result<Listing, Refused> {
        let _turn = self.changing.lock().await;
        self.takes(&entry.text)?;
        let mut entries = self.listing().entries;
        entries.push(entry);
        let last = entries.len() - 1;
        self.replace(entries, last, actor).await
    }

    /// Whether the status with this number, counted from 1, can be removed.
    pub(crate) fn may_go(&self, number: usize) -> Result<(), Refused> {
        match self.state().listing.entries.len() {
            count if !(1..=count).contains(&number) => Err(Refused::NoSuch(number, count)),
            1 => Err(Refused::Last),
            _ => Ok(()),
        }
    }

    /// Removes the status with this number, counted from 1. Answers with it.
    pub(crate) async fn remove(&self, number: usize, actor: &Actor) -> Result<StatusEntry, Refused> {
        let _turn = self.changing.lock().await;
        self.may_go(number)?;
        let mut entries = self.listing().entries;
        let removed = entries.remove(number - 1);
        let current = self.listing().current.min(entries.len() - 1);
        self.replace(entries, current, actor).await?;
        Ok(removed)
    }

    /// Changes how long each status is shown.
    pub(crate) async fn set_interval(&self, interval: Duration, actor: &Actor) -> Result<(), Refused> {
        if !(LEAST_INTERVAL..=GREATEST_INTERVAL).contains(&interval) {
            return Err(Refused::Interval);
        }
        self.store.bot_settings().set(INTERVAL, interval.as_secs().to_string(), actor).await?;
        self.state().listing.interval = interval;
        self.turn.notify_one();
        Ok(())
    }

    async fn replace(
        &self,
        entries: Vec<StatusEntry>,
        current: usize,
        actor: &Actor,
    ) -> Result<Listing, Refused> {
        self.store.statuses().replace(entries.iter().map(kept).collect(), actor).await?;
        {
            let listing = &mut self.state().listing;
            (listing.entries, listing.current, listing.origin) = (entries, current, Origin::Changed);
        }
        self.turn.notify_one();
        Ok(self.listing())
    }
}

/// The words of config.json, which the database keeps too.
const ACTIVITIES: [(Activity, &str); 6] = [
    (Activity::Playing, "playing"),
    (Activity::Watching, "watching"),
    (Activity::Listening, "listening"),
    (Activity::Competing, "competing"),
    (Activity::Streaming, "streaming"),
    (Activity::Custom, "custom"),
];

const PRESENCES: [(Presence, &str); 4] = [
    (Presence::Online, "online"),
    (Presence::Dnd, "dnd"),
    (Presence::Idle, "idle"),
    (Presence::Invisible, "invisible"),
];

fn word<T: PartialEq>(words: &[(T, &'static str)], of: T) -> &'static str {
    words.iter().find(|(known, _)| *known == of).map_or("", |(_, word)| word)
}

fn meaning<T: Copy>(words: &[(T, &str)], word: &str) -> Option<T> {
    words.iter().find(|(_, known)| *known == word).map(|(meaning, _)| *meaning)
}

/// The word for a kind of activity.
pub(crate) fn activity(kind: Activity) -> &'static str {
    word(&ACTIVITIES, kind)
}

/// The word for a presence.
pub(crate) fn presence(presence: Presence) -> &'static str {
    word(&PRESENCES, presence)
}

fn kept(entry: &StatusEntry) -> cogwright_store::StatusEntry {
    cogwright_store::StatusEntry {
        kind: activity(entry.kind).to_owned(),
        text: entry.text.clone(),
        presence: presence(entry.presence).to_owned(),
    }
}

/// A word that is not known any more counts as the default.
fn restored(kept: &cogwright_store::StatusEntry) -> StatusEntry {
    StatusEntry {
        kind: meaning(&ACTIVITIES, &kept.kind).unwrap_or(Activity::Watching),
        text: kept.text.clone(),
        presence: meaning(&PRESENCES, &kept.presence).unwrap_or(Presence::Online),
    }
}
