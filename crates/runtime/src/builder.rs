//! From settings and cogs to a running bot.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cogwright_command::Cog;
use cogwright_config::Settings;
use cogwright_discord::{Endpoint, EventTypeFlags, SessionJournal, Shards};
use cogwright_lifecycle::{SharedClock, SystemClock};
use cogwright_store::{Retention, Store, StoreOptions};

use crate::bot::Bot;
use crate::error::StartError;

/// How long running commands may take to finish once the bot is stopped.
const GRACE: Duration = Duration::from_secs(10);

/// What a bot is made of.
#[must_use = "a builder does nothing until it is started"]
pub struct BotBuilder {
    pub(crate) settings: Settings,
    pub(crate) endpoint: Endpoint,
    pub(crate) clock: SharedClock,
    pub(crate) cogs: Vec<Cog>,
    pub(crate) grace: Duration,
    pub(crate) shards: Shards,
    pub(crate) journal: Option<Arc<dyn SessionJournal>>,
    pub(crate) listens: EventTypeFlags,
    pub(crate) data: Option<PathBuf>,
    pub(crate) builtin: bool,
    pub(crate) resumes: bool,
}

impl std::fmt::Debug for BotBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BotBuilder")
            .field("settings", &self.settings)
            .field("endpoint", &self.endpoint)
            .field("cogs", &self.cogs)
            .field("shards", &self.shards)
            .field("journal", &self.journal.is_some())
            .finish_non_exhaustive()
    }
}

impl BotBuilder {
    /// A bot for Discord in real time, without any commands yet.
    pub fn new(settings: Settings) -> Self {
        let here = Some(settings.sharding.ids.clone()).filter(|ids| !ids.is_empty());
        let shards = Shards { total: settings.sharding.count, here };
        Self {
            settings,
            endpoint: Endpoint::default(),
            clock: Arc::new(SystemClock),
            cogs: Vec::new(),
            grace: GRACE,
            shards,
            journal: None,
            resumes: true,
            listens: EventTypeFlags::empty(),
            data: None,
            builtin: false,
        }
    }

    /// Which Discord to connect to.
    pub fn endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = endpoint;
        self
    }

    /// The clock of everything a user sees time out.
    pub fn clock(mut self, clock: SharedClock) -> Self {
        self.clock = clock;
        self
    }

    /// Adds a cog.
    pub fn cog(mut self, cog: Cog) -> Self {
        self.cogs.push(cog);
        self
    }

    /// Adds cogs, such as [`builtin_cogs`](crate::builtin_cogs).
    pub fn cogs(mut self, cogs: impl IntoIterator<Item = Cog>) -> Self {
        self.cogs.extend(cogs);
        self
    }

    /// How long running commands may take to finish once the bot is stopped; 10 s unless said.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Which shards this process runs; what the settings say unless said.
    pub fn shards(mut self, shards: Shards) -> Self {
        self.shards = shards;
        self
    }

    /// Where sessions are kept, so that a restart goes on where this process stops. Without one each start
    /// begins new sessions, and what happens in between is lost.
    pub fn journal(mut self, journal: Arc<dyn SessionJournal>) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Begins new sessions at each start, although the bot keeps something: for a Discord that forgets sessions.
    pub fn without_resuming(mut self) -> Self {
        self.resumes = false;
        self
    }

    /// Which further events [`Bot::events`] tells. Those that neither it nor the bot itself needs are
    /// skipped by their name, unread. Discord is asked for the intents they come with.
    pub fn listens(mut self, events: EventTypeFlags) -> Self {
        self.listens |= events;
        self
    }

    /// Where the bot keeps what it is told: prefixes and rules of guilds, cooldowns, usage, statuses, sessions. Without
    /// a folder it forgets all of it when it stops.
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data = Some(folder.into());
        self
    }

    /// Adds the built-in cogs that the settings ask for. Those that keep something need [`data`](Self::data).
    pub fn builtin(mut self) -> Self {
        self.builtin = true;
        self
    }

    /// Opens what the bot keeps, asks Discord who the bot is, connects the shards and begins to answer.
    ///
    /// Returns once the shards are on their way; [`Bot::ready`] waits until they have arrived.
    ///
    /// # Errors
    /// See [`StartError`]; nothing is left running then.
    pub async fn start(self) -> Result<Bot, StartError> {
        let store = match &self.data {
            Some(folder) => Some(open(folder, &self.settings, &self.clock).await?),
            None => None,
        };
        let started = Box::pin(self.assemble(store.clone())).await;
        if let (Err(_), Some(store)) = (&started, store)
            && let Err(error) = store.close().await
        {
            tracing::warn!(%error, "the databases did not close");
        }
        started
    }
}

async fn open(folder: &Path, settings: &Settings, clock: &SharedClock) -> Result<Store, StartError> {
    let backup = &settings.database.backup;
    let retention = Retention { keep: backup.keep as usize, days: backup.days };
    let options = StoreOptions::new(folder).clock(Arc::clone(clock)).retention(retention);
    Ok(Store::open(options).await?)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use cogwright_lifecycle::HandClock;
    use cogwright_store::Target;

    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    /// How many of six backups, one a day, stay with these settings.
    async fn kept(keep: u32, days: u32) -> usize {
        let mut settings = Settings::with_token("a.b.c");
        (settings.database.backup.keep, settings.database.backup.days) = (keep, days);
        let (folder, hand) =
            (tempfile::tempdir().unwrap(), HandClock::at(SystemTime::UNIX_EPOCH + 999 * DAY));
        let clock: SharedClock = Arc::new(hand.clone());
        let store = open(folder.path(), &settings, &clock).await.unwrap();
        for _ in 0..6 {
            hand.advance(DAY);
            store.backup(Target::Main).await.unwrap();
        }
        store.backups(Target::Main).await.unwrap().len()
    }

    #[tokio::test]
    async fn as_many_backups_are_kept_for_as_long_as_the_settings_say() {
        assert_eq!(kept(2, 30).await, 2);
        assert_eq!(kept(7, 3).await, 4, "of today and of the three days before");
        assert_eq!(kept(0, 0).await, 6, "any number, for ever");
        assert_eq!(kept(0, 1).await, 2);
        assert_eq!(kept(3, 0).await, 3);
    }
}
