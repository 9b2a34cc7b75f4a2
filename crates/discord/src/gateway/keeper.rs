//! Keeps the journal up to date while the bot runs, and writes the last word when it stops.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::journal::{JournalError, Mark, SavedSession, SessionJournal};
use super::ledger::{Ledger, Standing};
use crate::cache::Cache;

/// How often handled sequences are written down, and what could not be written is tried again. After a crash at most this
/// much is repeated.
const TICK: Duration = Duration::from_secs(1);

/// How long the cache of a new session may keep changing before a snapshot is taken all the same.
const UNREST: Duration = Duration::from_secs(10);

/// The least time between two snapshots of a shard.
const REST: Duration = Duration::from_secs(60);

/// How soon a snapshot is taken again that could not be written.
const RETRY: Duration = Duration::from_secs(2);

/// How long the last words of all shards together may take to be written. A disk that hangs must not keep the process
/// from ending; the marks of before then say where to go on.
const LAST_WORDS: Duration = Duration::from_secs(20);

/// Snapshots take at most one part in this many of the time.
const SHARE: u32 = 100;

/// Keeps the journal of all shards.
#[derive(Clone)]
pub(super) struct Keeper {
    pub(super) journal: Arc<dyn SessionJournal>,
    pub(super) cache: Cache,
    pub(super) ledgers: Vec<Arc<Ledger>>,
    /// Told by the ledgers of new sessions.
    pub(super) begun: Arc<Notify>,
    /// What the sessions were identified with.
    pub(super) intents: u64,
}

/// What a snapshot is bound to. A resumed session keeps the intents of its IDENTIFY, so one of other intents is another
/// session for us: a privileged intent that was switched on meanwhile would stay off.
pub(super) fn bond(session: &str, intents: u64) -> String {
    format!("{session} {intents}")
}

/// What the keeper remembers of one shard.
struct Page {
    ledger: Arc<Ledger>,
    /// The session that the journal holds.
    kept: Option<u64>,
    /// Whether the guilds of the session being watched have come, or had their time.
    settled: bool,
    /// A snapshot that is ready, but newer than what has been handled.
    ready: Option<Ready>,
    /// The session being watched, since when, and its last change at the last look.
    watched: (u64, Instant, u64),
    /// No snapshot before that.
    rest_until: Instant,
    /// What was written last.
    marked: (u64, u64),
}

struct Ready {
    epoch: u64,
    /// The last change that it holds.
    changed: u64,
    bytes: Vec<u8>,
    /// How long making it took.
    took: Duration,
}

impl Keeper {
    /// Writes once a second, and new sessions at once, until `stop`.
    pub(super) async fn run(self, stop: CancellationToken) {
        let now = Instant::now();
        let mut pages: Vec<Page> = self.ledgers.iter().map(|ledger| Page::new(ledger, now)).collect();
        let mut failing = false;
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let written = tokio::select! {
                () = stop.cancelled() => return,
                // Until it is written a crash loses the session and what came over it.
                () = self.begun.notified() => self.open(&mut pages).await.map(|()| false),
                _ = ticks.tick() => {
                    let opened = self.open(&mut pages).await;
                    self.tick(&mut pages).await.and_then(|wrote| opened.map(|()| wrote))
                }
            };
            // That there was nothing to write says nothing of the journal.
            match written {
                Err(error) if !failing => {
                    tracing::error!(%error, "a restart will have to begin new sessions until this works again");
                    failing = true;
                }
                Ok(true) if failing => {
                    tracing::info!("the session journal works again");
                    failing = false;
                }
                _ => {}
            }
        }
    }

    /// Writes down sessions that have just begun.
    async fn open(&self, pages: &mut [Page]) -> Result<(), JournalError> {
        let mut failed = None;
        for page in pages {
            match self.open_one(&page.ledger).await {
                Ok(Some(Standing { epoch, ready, .. })) => {
                    page.kept = Some(epoch);
                    page.marked = (ready, ready);
                }
                Ok(None) => {}
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// Writes down the session that has just begun, if there is one, as READY left it. From there the next process has
    /// all guilds sent to it again.
    async fn open_one(&self, ledger: &Ledger) -> Result<Option<Standing>, JournalError> {
        let Some((standing, snapshot)) = ledger.opening() else { return Ok(None) };
        let bytes = snapshot.encode(&bond(&standing.session.id, self.intents), standing.ready).await;
        let begun = SavedSession { handled: standing.ready, ..entry(&standing, standing.ready, bytes) };
        self.journal.save(ledger.shard(), begun).await?;
        tracing::debug!(shard = ledger.shard().number(), "new session kept");
        ledger.opened(standing.epoch);
        Ok(Some(standing))
    }

    /// Writes down how far the sessions have come, and answers whether there was anything to write.
    async fn tick(&self, pages: &mut [Page]) -> Result<bool, JournalError> {
        let mut wrote = false;
        let mut marks = Vec::new();
        let mut moved = Vec::new();
        let mut failed = None;
        for page in pages {
            let Some(standing) = page.ledger.standing() else { continue };
            if page.wants_snapshot(&standing, Instant::now()) {
                page.take_snapshot(&self.cache, self.intents).await;
            }
            let Some(standing) = page.ledger.standing() else { continue };
            if page.ready.as_ref().is_some_and(|ready| ready.epoch != standing.epoch) {
                page.ready = None;
            }
            if let Some(ready) = page.ready.take_if(|ready| ready.changed <= standing.caught_up) {
                let resume_from = standing.caught_up.min(page.ledger.next_holds_until());
                let entry = entry(&standing, resume_from, ready.bytes);
                if let Err(error) = self.journal.save(page.ledger.shard(), entry).await {
                    page.rest_until = Instant::now() + pause(RETRY, ready.took);
                    failed = Some(error);
                    continue;
                }
                wrote = true;
                tracing::debug!(shard = page.ledger.shard().number(), resume_from, "session kept");
                page.ledger.kept(ready.epoch);
                page.kept = Some(ready.epoch);
                page.marked = (standing.handled, resume_from);
            } else if page.kept == Some(standing.epoch) {
                let mark = (standing.handled, standing.caught_up.min(standing.holds_until));
                if mark != page.marked {
                    marks.push(Mark {
                        shard: page.ledger.shard(),
                        session: standing.session.id.to_string(),
                        handled: mark.0,
                        resume_from: mark.1,
                    });
                    moved.push((page, mark));
                }
            }
        }
        if !marks.is_empty() {
            self.journal.mark(marks).await?;
            wrote = true;
            for (page, mark) in moved {
                page.marked = mark;
            }
        }
        failed.map_or(Ok(wrote), Err)
    }

    /// The last word: what was handed to the bot has been handled, and nothing more is received.
    pub(super) async fn conclude(&self) {
        if tokio::time::timeout(LAST_WORDS, self.last_words()).await.is_err() {
            tracing::error!("the session journal takes too long; the next start repeats the last moments");
        }
    }

    async fn last_words(&self) {
        for ledger in &self.ledgers {
            let last = ledger.finish();
            let Some((standing, snapshot)) = ledger.snapshot(&self.cache) else { continue };
            let shard = ledger.shard();
            if standing.changed == 0 {
                // READY has not got to the cache, which shows the session before.
                if let Err(error) = self.open_one(ledger).await {
                    tracing::error!(shard = shard.number(), %error, "the next start begins a new session");
                }
                continue;
            }
            let guilds = snapshot.guilds();
            let bytes = snapshot.encode(&bond(&standing.session.id, self.intents), last).await;
            let size = bytes.len();
            match self.journal.save(shard, entry(&standing, last, bytes)).await {
                Ok(()) => tracing::info!(
                    shard = shard.number(),
                    sequence = last,
                    guilds,
                    bytes = size,
                    "session kept for the next start"
                ),
                Err(error) => {
                    tracing::error!(shard = shard.number(), %error, "the next start begins a new session");
                }
            }
        }
    }
}

impl Page {
    fn new(ledger: &Arc<Ledger>, now: Instant) -> Self {
        Self {
            ledger: Arc::clone(ledger),
            // A session taken over is in the journal already.
            kept: ledger.standing().map(|standing| standing.epoch),
            settled: false,
            ready: None,
            watched: (0, now, 0),
            rest_until: now,
            marked: (0, 0),
        }
    }

    /// At first as soon as the guilds have stopped coming, later at intervals when something has changed.
    fn wants_snapshot(&mut self, standing: &Standing, now: Instant) -> bool {
        if self.watched.0 != standing.epoch {
            self.watched = (standing.epoch, now, standing.changed);
            self.rest_until = now;
            self.settled = false;
            return false;
        }
        let quiet = self.watched.2 == standing.changed;
        self.watched.2 = standing.changed;
        // Until the cache has seen READY it shows the session before.
        if standing.changed == 0 || self.ready.is_some() || now < self.rest_until {
            return false;
        }
        self.settled |= quiet || now.saturating_duration_since(self.watched.1) >= UNREST;
        self.settled && (self.kept != Some(standing.epoch) || standing.outdated)
    }

    async fn take_snapshot(&mut self, cache: &Cache, intents: u64) {
        let Some((standing, snapshot)) = self.ledger.snapshot(cache) else { return };
        let begun = Instant::now();
        let bytes = snapshot.encode(&bond(&standing.session.id, intents), standing.changed).await;
        let took = begun.elapsed();
        self.rest_until = begun + pause(REST, took);
        self.ready = Some(Ready { epoch: standing.epoch, changed: standing.changed, bytes, took });
    }
}

/// How long until the next snapshot, after one that took so long to make.
fn pause(least: Duration, took: Duration) -> Duration {
    least.max(took * SHARE)
}

fn entry(standing: &Standing, resume_from: u64, snapshot: Vec<u8>) -> SavedSession {
    SavedSession {
        session: standing.session.id.to_string(),
        url: standing.session.url.as_deref().map(str::to_owned),
        handled: standing.handled,
        resume_from,
        snapshot,
        saved_at: SystemTime::now(),
    }
}
