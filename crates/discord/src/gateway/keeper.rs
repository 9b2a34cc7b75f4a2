//! Keeps the journal up to date while the bot runs, and writes the last word when it stops.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::journal::{JournalError, Mark, SavedSession, SessionJournal};
use super::ledger::{Ledger, Standing};
use super::trouble::{Part, Trouble};
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
        let mut trouble = Trouble::default();
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                // Until it is written a crash loses the session and what came over it.
                () = self.begun.notified() => self.open(&mut pages, &mut trouble).await,
                _ = ticks.tick() => {
                    self.open(&mut pages, &mut trouble).await;
                    self.tick(&mut pages, &mut trouble).await;
                }
            }
        }
    }

    /// Writes down sessions that have just begun.
    async fn open(&self, pages: &mut [Page], trouble: &mut Trouble) {
        for page in pages {
            let shard = page.shard();
            match self.open_one(&page.ledger).await {
                Ok(Some(Standing { epoch, ready, .. })) => {
                    trouble.wrote(shard, Part::Entry);
                    page.kept = Some(epoch);
                    page.marked = (ready, ready);
                }
                Ok(None) => {}
                Err(error) => trouble.failed(shard, Part::Entry, &error),
            }
        }
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

    /// Writes down how far the sessions have come.
    async fn tick(&self, pages: &mut [Page], trouble: &mut Trouble) {
        let mut marks = Vec::new();
        let mut moved = Vec::new();
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
                    trouble.failed(page.shard(), Part::Entry, &error);
                    continue;
                }
                tracing::debug!(shard = page.shard(), resume_from, "session kept");
                trouble.wrote(page.shard(), Part::Entry);
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
        if marks.is_empty() {
            return;
        }
        let written = self.journal.mark(marks).await;
        for (page, mark) in moved {
            match &written {
                Ok(()) => {
                    page.marked = mark;
                    trouble.wrote(page.shard(), Part::Mark);
                }
                Err(error) => trouble.failed(page.shard(), Part::Mark, error),
            }
        }
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

    fn shard(&self) -> u32 {
        self.ledger.shard().number()
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Mutex;

    use futures_util::future::BoxFuture;
    use serde_json::json;
    use twilight_gateway::{Event, ShardId};

    use super::*;
    use crate::gateway::tests::Said;

    /// A journal of which parts cannot be written.
    #[derive(Default)]
    struct Burnt(Mutex<BTreeSet<(u32, Part)>>);

    impl Burnt {
        fn set(&self, burnt: impl IntoIterator<Item = (u32, Part)>) {
            *self.0.lock().expect("is whole") = burnt.into_iter().collect();
        }

        fn write(&self, shards: impl IntoIterator<Item = u32>, part: Part) -> Result<(), JournalError> {
            let burnt = self.0.lock().expect("is whole");
            let refused = shards.into_iter().any(|shard| burnt.contains(&(shard, part)));
            if refused { Err(JournalError::new("the disk is on fire")) } else { Ok(()) }
        }
    }

    impl SessionJournal for Burnt {
        fn load(&self, _: ShardId) -> BoxFuture<'_, Result<Option<SavedSession>, JournalError>> {
            Box::pin(async { Ok(None) })
        }

        fn save(&self, shard: ShardId, _: SavedSession) -> BoxFuture<'_, Result<(), JournalError>> {
            let written = self.write([shard.number()], Part::Entry);
            Box::pin(async { written })
        }

        fn mark(&self, marks: Vec<Mark>) -> BoxFuture<'_, Result<(), JournalError>> {
            let written = self.write(marks.iter().map(|mark| mark.shard.number()), Part::Mark);
            Box::pin(async { written })
        }
    }

    fn ready() -> Event {
        let ready = json!({"op": 0, "s": 1, "t": "READY", "d": {
            "v": 10, "guilds": [], "session_id": "s", "resume_gateway_url": "ws://127.0.0.1:1", "shard": [0, 2],
            "application": {"id": "1", "flags": 0},
            "user": {"id": "1", "username": "bot", "discriminator": "0000", "avatar": null, "bot": true,
                     "mfa_enabled": false, "verified": true, "email": null, "flags": 0}}});
        let parsed = twilight_gateway::parse(ready.to_string(), twilight_gateway::EventTypeFlags::READY);
        parsed.expect("can be read").expect("is wanted").into()
    }

    /// Two shards that have just begun, and their keeper.
    struct Desk {
        journal: Arc<Burnt>,
        keeper: Keeper,
        pages: Vec<Page>,
        trouble: Trouble,
        /// The last event of each.
        last: u64,
    }

    impl Desk {
        fn open() -> Self {
            let begun: Arc<Notify> = Arc::default();
            let ledgers: Vec<_> =
                (0..2).map(|shard| Ledger::new(ShardId::new(shard, 2), Arc::clone(&begun))).collect();
            let journal = Arc::new(Burnt::default());
            let shared: Arc<dyn SessionJournal> = Arc::<Burnt>::clone(&journal);
            let keeper = Keeper { journal: shared, cache: Cache::new(), ledgers, begun, intents: 0 };
            let pages = keeper.ledgers.iter().map(|ledger| Page::new(ledger, Instant::now())).collect();
            for ledger in &keeper.ledgers {
                ledger.begin("s", None, 1);
                ledger.open(&ready());
            }
            Self { journal, keeper, pages, trouble: Trouble::default(), last: 1 }
        }

        /// Something happens on these shards, and a second passes.
        async fn second(&mut self, busy: &[usize]) {
            self.last += 1;
            for shard in busy {
                self.keeper.ledgers[*shard].skipped(self.last);
            }
            self.keeper.open(&mut self.pages, &mut self.trouble).await;
            self.keeper.tick(&mut self.pages, &mut self.trouble).await;
        }
    }

    const FAILS: &str = "until this works again";
    const NOR: &str = "nor can this be written";
    const WORKS: &str = "the session journal works again";

    /// What was said since the last time, a word for each line.
    fn told(said: &Said) -> Vec<&'static str> {
        let text = said.take();
        let known = |line: &str| [FAILS, NOR, WORKS].into_iter().find(|part| line.contains(part));
        text.lines().map(|line| known(line).unwrap_or("something else")).collect()
    }

    // On one thread, whose log it is.
    #[tokio::test]
    async fn one_shard_that_works_says_nothing_of_another() {
        let (said, _guard) = Said::listen();
        let mut desk = Desk::open();
        desk.journal.set([(0, Part::Entry)]);
        desk.second(&[0, 1]).await;
        assert_eq!(told(&said), [FAILS]);
        for _ in 0..3 {
            desk.second(&[0, 1]).await;
        }
        assert_eq!(told(&said), [""; 0], "shard 1 goes on, shard 0 still cannot, and both are known");
        desk.journal.set([(1, Part::Mark)]);
        desk.second(&[0, 1]).await;
        // Shard 0 is written, and then its mark with the one of shard 1, which cannot be.
        assert_eq!(told(&said), [WORKS, FAILS, NOR]);
        desk.second(&[0]).await;
        assert_eq!(told(&said), [""; 0], "the marks are written together or not at all");
        desk.journal.set([]);
        desk.second(&[]).await;
        assert_eq!(told(&said), [WORKS], "once, for both");
        desk.second(&[0, 1]).await;
        assert_eq!(told(&said), [""; 0]);
    }
}
