//! Sessions that outlive their process. The journal here lives in memory, which is enough to tell what is asked
//! of it; that storage keeps its word is tested with the storage.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use futures_util::future::BoxFuture;
use tokio::sync::watch;
use twilight_gateway::ShardId;

use super::*;

struct Paper {
    entries: Mutex<HashMap<u32, SavedSession>>,
    /// What was written first of all.
    first: Mutex<Option<SavedSession>>,
    writes: watch::Sender<u32>,
    /// Which entry cannot be written, by its number.
    burnt_save: Option<u32>,
    saves: AtomicU32,
    /// Which mark cannot be written the first time, by what is handled then.
    burnt_mark: Mutex<Option<u64>>,
}

impl Paper {
    fn new() -> Arc<Self> {
        Self::burnt(None, None)
    }

    fn burnt(save: Option<u32>, mark: Option<u64>) -> Arc<Self> {
        Arc::new(Self {
            entries: Mutex::default(),
            first: Mutex::default(),
            writes: watch::Sender::new(0),
            burnt_save: save,
            saves: AtomicU32::new(0),
            burnt_mark: Mutex::new(mark),
        })
    }

    fn entry(&self) -> Option<SavedSession> {
        self.entries.lock().expect("not poisoned").get(&0).cloned()
    }

    fn put(&self, change: impl FnOnce(&mut SavedSession)) {
        change(self.entries.lock().expect("not poisoned").get_mut(&0).expect("has an entry"));
    }

    /// Waits until the entry is as wanted.
    async fn until(&self, what: &str, met: impl Fn(&SavedSession) -> bool) -> SavedSession {
        let mut writes = self.writes.subscribe();
        let found = writes.wait_for(|_| self.entry().as_ref().is_some_and(&met));
        let found = tokio::time::timeout(PATIENCE, found).await;
        assert!(found.is_ok(), "{what}: {:?}", self.entry());
        drop(found);
        self.entry().expect("was found")
    }
}

impl SessionJournal for Paper {
    fn load(&self, shard: ShardId) -> BoxFuture<'_, Result<Option<SavedSession>, JournalError>> {
        let found = self.entries.lock().expect("not poisoned").get(&shard.number()).cloned();
        Box::pin(async { Ok(found) })
    }

    fn save(&self, shard: ShardId, session: SavedSession) -> BoxFuture<'_, Result<(), JournalError>> {
        if self.burnt_save == Some(self.saves.fetch_add(1, Ordering::Relaxed)) {
            return Box::pin(async { Err(JournalError::new("the disk is on fire")) });
        }
        self.first.lock().expect("not poisoned").get_or_insert_with(|| session.clone());
        self.entries.lock().expect("not poisoned").insert(shard.number(), session);
        self.writes.send_modify(|count| *count += 1);
        Box::pin(async { Ok(()) })
    }

    fn mark(&self, marks: Vec<Mark>) -> BoxFuture<'_, Result<(), JournalError>> {
        let burnt = |handled: &mut u64| marks.iter().any(|mark| mark.handled == *handled);
        if self.burnt_mark.lock().expect("not poisoned").take_if(burnt).is_some() {
            return Box::pin(async { Err(JournalError::new("the disk is on fire")) });
        }
        for mark in marks {
            if let Some(entry) = self.entries.lock().expect("not poisoned").get_mut(&mark.shard.number())
                && entry.session == mark.session
            {
                entry.handled = mark.handled;
                entry.resume_from = mark.resume_from;
                entry.saved_at = SystemTime::now();
            }
        }
        self.writes.send_modify(|count| *count += 1);
        Box::pin(async { Ok(()) })
    }
}

fn memory(paper: &Arc<Paper>) -> (Memory, Cache) {
    let cache = Cache::new();
    let journal: Arc<dyn SessionJournal> = Arc::<Paper>::clone(paper);
    (Memory { cache: cache.clone(), journal: Some(journal) }, cache)
}

fn typing() -> Value {
    json!({"channel_id": "1", "user_id": "2", "timestamp": 1})
}

fn guild(id: u64) -> Value {
    json!({"id": id.to_string(), "name": "G", "owner_id": "2", "afk_timeout": 300,
        "verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0,
        "roles": [], "emojis": [], "stickers": [], "features": [], "mfa_level": 0,
        "system_channel_flags": 0, "premium_tier": 0, "preferred_locale": "en-US", "nsfw_level": 0,
        "premium_progress_bar_enabled": false, "joined_at": "2026-01-01T00:00:00.000000+00:00",
        "large": false, "member_count": 2, "voice_states": [], "presences": [],
        "stage_instances": [], "guild_scheduled_events": [], "members": [], "channels": [], "threads": []})
}

async fn take(gateway: &mut Gateway, cache: &Cache) -> ShardEvent {
    let event = next(gateway).await.expect("is well").expect("is running");
    event.update(cache);
    event
}

/// A session with one guild that a first process has left properly, at sequence 3.
async fn left(server: &Server) -> Arc<Paper> {
    let paper = Paper::new();
    let (memory, cache) = memory(&paper);
    let mut gateway = server.connect_with(memory).await;
    let mut line = server.hello().await;
    line.receive().await;
    let address = server.listener.local_addr().expect("is bound");
    line.ready(&format!("ws://{address}")).await;
    line.dispatch(2, "GUILD_CREATE", guild(7)).await;
    line.dispatch(3, "TYPING_START", typing()).await;
    for _ in 0..3 {
        take(&mut gateway, &cache).await;
    }
    gateway.leave();
    let ((), code) = tokio::join!(
        async { assert!(next(&mut gateway).await.expect("is well").is_none()) },
        line.closed_with()
    );
    assert_eq!(code, 4000, "a code that keeps the session");
    gateway.keep().await;
    paper
}

/// Starts again and answers the first thing that is sent.
async fn again(server: &Server, paper: &Arc<Paper>) -> (Gateway, Cache, Line, Value) {
    let (memory, cache) = memory(paper);
    let gateway = server.connect_with(memory).await;
    let mut line = server.hello().await;
    let first = line.receive().await;
    (gateway, cache, line, first)
}

#[tokio::test]
async fn a_session_that_was_left_goes_on_in_the_next_process() {
    let server = Server::start().await;
    let paper = left(&server).await;
    let entry = paper.entry().expect("was kept");
    assert_eq!((&*entry.session, entry.handled, entry.resume_from), ("abc", 3, 3));
    let (mut gateway, cache, mut line, first) = again(&server, &paper).await;
    assert_eq!(
        (&first["op"], &first["d"]["session_id"], &first["d"]["seq"]),
        (&json!(6), &json!("abc"), &json!(3))
    );
    assert_eq!((cache.guild_count(), cache.me().expect("is known").id.get()), (1, 1), "before RESUMED");
    line.dispatch(4, "RESUMED", json!({})).await;
    let event = take(&mut gateway, &cache).await;
    assert!(matches!(event.event, Event::Resumed) && !event.repeated);
    drop(event);
    assert_eq!(paper.until("marked", |entry| entry.handled == 4).await.resume_from, 4);
}

#[tokio::test]
async fn what_does_not_fit_begins_anew() {
    let server = Server::start().await;
    let whole = left(&server).await;
    let spoil: [fn(&mut SavedSession); 5] = [
        |entry| entry.snapshot.truncate(entry.snapshot.len() / 2),
        |entry| entry.session = "another".to_owned(),
        |entry| entry.resume_from = 2,
        |entry| entry.handled = 2,
        |entry| entry.saved_at = SystemTime::UNIX_EPOCH,
    ];
    for (number, spoil) in spoil.into_iter().enumerate() {
        let paper = Paper::new();
        paper.entries.lock().expect("not poisoned").insert(0, whole.entry().expect("was kept"));
        paper.put(spoil);
        let (gateway, cache, _line, first) = again(&server, &paper).await;
        assert_eq!(first["op"], 2, "case {number}");
        assert_eq!(cache.guild_count(), 0, "case {number}");
        gateway.close().await;
    }
}

#[tokio::test]
async fn a_session_that_discord_has_forgotten_begins_anew() {
    let server = Server::start().await;
    let paper = left(&server).await;
    let (mut gateway, cache, mut line, first) = again(&server, &paper).await;
    assert_eq!(first["op"], 6);
    let told = Instant::now();
    line.send(json!({"op": 9, "d": false})).await;
    line.closed_with().await;
    drop(line);
    let mut line = server.hello().await;
    assert_eq!(line.receive().await["op"], 2);
    assert!(told.elapsed() >= Duration::from_secs(1), "not at once: {:?}", told.elapsed());
    line.ready("").await;
    take(&mut gateway, &cache).await;
    assert_eq!(cache.guild_count(), 0, "what the new session does not list is gone");
    paper.until("the new session", |entry| entry.handled == 1).await;
}

#[tokio::test]
async fn a_session_is_kept_from_its_first_moment_on() {
    let server = Server::start().await;
    let paper = Paper::new();
    let (memory, cache) = memory(&paper);
    let mut gateway = server.connect_with(memory).await;
    let mut line = server.hello().await;
    line.receive().await;
    line.ready("").await;
    // Nobody has taken a single event yet.
    let entry = paper.until("kept at once", |_| true).await;
    assert_eq!((&*entry.session, entry.handled, entry.resume_from), ("abc", 1, 1));
    line.dispatch(2, "GUILD_CREATE", guild(7)).await;
    line.dispatch(3, "TYPING_START", typing()).await;
    take(&mut gateway, &cache).await;
    take(&mut gateway, &cache).await;
    // The typing is not handled; the guild is, but the journal does not hold it.
    let entry = paper.until("marked", |entry| entry.handled == 2).await;
    assert!(entry.resume_from <= 2);
    gateway.tasks.shutdown(Duration::ZERO).await;
    drop((gateway, line));
    // As it would be had the process ended before the first snapshot of its guilds.
    let begun = paper.first.lock().expect("not poisoned").clone().expect("was kept");
    paper.put(|entry| *entry = SavedSession { handled: 2, ..begun });
    let (mut gateway, cache, mut line, first) = again(&server, &paper).await;
    assert_eq!((&first["op"], &first["d"]["seq"]), (&json!(6), &json!(1)));
    assert_eq!((cache.guild_count(), cache.me().expect("is known").id.get()), (0, 1), "as READY left it");
    line.dispatch(2, "GUILD_CREATE", guild(7)).await;
    line.dispatch(3, "TYPING_START", typing()).await;
    assert!(take(&mut gateway, &cache).await.repeated && cache.guild_count() == 1);
    assert!(!take(&mut gateway, &cache).await.repeated, "was not handled");
}

#[tokio::test]
async fn the_mark_follows_what_was_handled() {
    let server = Server::start().await;
    let paper = Paper::new();
    let (mut gateway, cache, mut line) = begun(&server, &paper).await;
    paper.until("the first snapshot", |entry| (entry.handled, entry.resume_from) == (2, 2)).await;
    line.dispatch(3, "TYPING_START", typing()).await;
    line.dispatch(4, "TYPING_START", typing()).await;
    line.dispatch(5, "GUILD_CREATE", guild(8)).await;
    line.dispatch(6, "NOBODY_WANTS_IT", json!({})).await;
    let quick = take(&mut gateway, &cache).await;
    let slow = take(&mut gateway, &cache).await;
    drop((quick, take(&mut gateway, &cache).await));
    let entry = paper.until("up to the slow one", |entry| entry.handled == 3).await;
    assert_eq!(entry.resume_from, 3);
    drop(slow);
    // The snapshot does not hold the second guild; what follows it has to come again, for the cache.
    let entry = paper.until("all of it", |entry| entry.handled == 6).await;
    assert_eq!(entry.resume_from, 4);

    // Without a goodbye, as after a crash.
    gateway.tasks.shutdown(Duration::ZERO).await;
    drop((gateway, line));
    let (mut gateway, cache, mut line, first) = again(&server, &paper).await;
    assert_eq!((&first["op"], &first["d"]["seq"]), (&json!(6), &json!(4)));
    line.dispatch(5, "GUILD_CREATE", guild(8)).await;
    line.dispatch(7, "TYPING_START", typing()).await;
    let event = take(&mut gateway, &cache).await;
    assert!(event.repeated && cache.guild_count() == 2);
    assert!(!take(&mut gateway, &cache).await.repeated);
}

/// A session with one guild, all of it handled up to sequence 2.
async fn begun(server: &Server, paper: &Arc<Paper>) -> (Gateway, Cache, Line) {
    let (memory, cache) = memory(paper);
    let mut gateway = server.connect_with(memory).await;
    let mut line = server.hello().await;
    line.receive().await;
    line.ready("").await;
    line.dispatch(2, "GUILD_CREATE", guild(7)).await;
    take(&mut gateway, &cache).await;
    take(&mut gateway, &cache).await;
    (gateway, cache, line)
}

#[tokio::test]
async fn what_could_not_be_written_is_written_again_soon() {
    // What READY said, and the snapshot with the guild.
    for save in [0, 1] {
        let server = Server::start().await;
        let paper = Paper::burnt(Some(save), Some(3));
        let (mut gateway, cache, mut line) = begun(&server, &paper).await;
        paper.until("the first snapshot, again", |entry| entry.resume_from == 2).await;
        line.dispatch(3, "TYPING_START", typing()).await;
        take(&mut gateway, &cache).await;
        paper.until("the mark, again, though nothing has moved since", |entry| entry.handled == 3).await;
    }
}

#[tokio::test]
async fn what_was_read_and_never_taken_comes_again() {
    let server = Server::start().await;
    let paper = Paper::new();
    let (mut gateway, cache, mut line) = begun(&server, &paper).await;
    for sequence in 3..=5 {
        line.dispatch(sequence, "TYPING_START", typing()).await;
    }
    let cut_off = take(&mut gateway, &cache).await;
    gateway.leave();
    assert_eq!(line.closed_with().await, 4000);
    gateway.keep().await;
    drop((cut_off, gateway, line));
    let entry = paper.entry().expect("was kept");
    assert_eq!(
        (entry.handled, entry.resume_from),
        (3, 3),
        "the bot took no more, by choice or for want of time"
    );
    let (_gateway, _cache, _line, first) = again(&server, &paper).await;
    assert_eq!((&first["op"], &first["d"]["seq"]), (&json!(6), &json!(3)));
}

#[tokio::test]
async fn a_journal_that_cannot_be_read_does_not_keep_the_bot_from_starting() {
    struct Burnt;
    impl SessionJournal for Burnt {
        fn load(&self, _: ShardId) -> BoxFuture<'_, Result<Option<SavedSession>, JournalError>> {
            Box::pin(async { Err(JournalError::new("the disk is on fire")) })
        }
        fn save(&self, _: ShardId, _: SavedSession) -> BoxFuture<'_, Result<(), JournalError>> {
            Box::pin(async { Err(JournalError::new("the disk is on fire")) })
        }
        fn mark(&self, _: Vec<Mark>) -> BoxFuture<'_, Result<(), JournalError>> {
            Box::pin(async { Err(JournalError::new("the disk is on fire")) })
        }
    }
    let server = Server::start().await;
    let memory = Memory { cache: Cache::new(), journal: Some(Arc::new(Burnt)) };
    let mut gateway = server.connect_with(memory).await;
    let mut line = server.hello().await;
    assert_eq!(line.receive().await["op"], 2);
    line.ready("").await;
    event(&mut gateway).await;
    gateway.leave();
    let ((), code) = tokio::join!(async { drop(next(&mut gateway).await) }, line.closed_with());
    assert_eq!(code, 4000);
    gateway.keep().await;
}
