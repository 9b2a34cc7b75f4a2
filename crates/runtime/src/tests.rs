//! Whole bots against a Discord of a few lines; what they say is not looked at here.

use std::collections::HashMap;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use cogwright_command::{Access, Cog, Handler, Spec};
use cogwright_config::Settings;
use cogwright_discord::{
    Endpoint, Event, GatewayError, JournalError, Mark, RestError, SavedSession, SessionJournal, ShardId,
};
use cogwright_lifecycle::Tasks;
use futures_util::future::BoxFuture;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc, watch};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::launch::{Fault, run_until};
use crate::{Bot, BotBuilder, RunError, StartError};

const PATIENCE: Duration = Duration::from_secs(15);

const USER: &str = r#"{"id":"1","username":"bot","discriminator":"0","avatar":null,"mfa_enabled":false}"#;

/// What the gateway does after IDENTIFY.
#[derive(Clone, Copy)]
enum Welcome {
    Ready,
    Close(u16),
}

/// A Discord that knows one bot and no guild.
struct Fake {
    rest: String,
    gateway: String,
    requests: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<HashMap<&'static str, (u16, String)>>>,
    /// What the gateway sends next.
    dispatch: mpsc::UnboundedSender<Value>,
    /// Close codes that the bot has sent.
    closed: mpsc::UnboundedReceiver<u16>,
    _tasks: Tasks,
}

impl Fake {
    async fn start(welcome: Welcome) -> Self {
        let tasks = Tasks::new("fake");
        let web = TcpListener::bind("127.0.0.1:0").await.expect("can bind");
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("can bind");
        let rest = web.local_addr().expect("is bound").to_string();
        let gateway = format!("ws://{}", socket.local_addr().expect("is bound"));
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let shards = json!({"url": gateway, "shards": 1, "session_start_limit":
            {"total": 1000, "remaining": 1000, "reset_after": 1, "max_concurrency": 1}});
        let answers = HashMap::from([
            ("/users/@me", (200, USER.to_owned())),
            ("/applications/@me", (200, r#"{"id":"1"}"#.to_owned())),
            ("/gateway/bot", (200, shards.to_string())),
            ("/commands", (200, "[]".to_owned())),
        ]);
        let answers = Arc::new(Mutex::new(answers));
        let (dispatch, events) = mpsc::unbounded_channel();
        let (codes, closed) = mpsc::unbounded_channel();
        let (seen, known, each) = (Arc::clone(&requests), Arc::clone(&answers), tasks.clone());
        tasks.spawn("rest", async move {
            while let Ok((stream, _)) = web.accept().await {
                each.spawn("request", serve(stream, Arc::clone(&seen), Arc::clone(&known)));
            }
        });
        tasks.spawn("gateway", talk(socket, welcome, events, codes));
        Self { rest, gateway, requests, answers, dispatch, closed, _tasks: tasks }
    }

    fn answer(&self, path: &'static str, status: u16, body: &str) {
        self.answers.lock().expect("not poisoned").insert(path, (status, body.to_owned()));
    }

    fn builder(&self) -> BotBuilder {
        let endpoint = Endpoint::Local { rest: self.rest.clone(), gateway: self.gateway.clone() };
        BotBuilder::new(Settings::with_token("a.b.c")).endpoint(endpoint)
    }

    fn seen(&self, line: &str) -> usize {
        self.requests.lock().expect("not poisoned").iter().filter(|seen| seen.contains(line)).count()
    }
}

async fn serve(
    mut stream: TcpStream,
    seen: Arc<Mutex<Vec<String>>>,
    known: Arc<Mutex<HashMap<&'static str, (u16, String)>>>,
) {
    let mut buffer = Vec::new();
    while stream.read_buf(&mut buffer).await.unwrap_or(0) > 0 {
        let text = String::from_utf8_lossy(&buffer).into_owned();
        let Some(end) = text.find("\r\n\r\n") else { continue };
        let lower = text[..end].to_lowercase();
        let length =
            lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        if buffer.len() < end + 4 + length {
            continue;
        }
        buffer.drain(..end + 4 + length);
        let line = text.lines().next().unwrap_or_default().to_owned();
        let path = line.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
        let answer = known
            .lock()
            .expect("not poisoned")
            .iter()
            .find(|(end, _)| path.ends_with(**end))
            .map(|a| a.1.clone());
        let (status, body) = answer.unwrap_or((404, r#"{"message":"404","code":0}"#.to_owned()));
        seen.lock().expect("not poisoned").push(line);
        let head =
            format!("HTTP/1.1 {status} X\r\nvia: 1.1 x\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(head.as_bytes()).await.expect("is open");
    }
}

async fn talk(
    socket: TcpListener,
    welcome: Welcome,
    mut events: mpsc::UnboundedReceiver<Value>,
    codes: mpsc::UnboundedSender<u16>,
) {
    while let Ok((stream, _)) = socket.accept().await {
        let mut line = tokio_tungstenite::accept_async(stream).await.expect("is a websocket");
        let hello = json!({"op": 10, "d": {"heartbeat_interval": 45_000}});
        line.send(Message::text(hello.to_string())).await.expect("is open");
        loop {
            let message = tokio::select! {
                Some(event) = events.recv() => {
                    line.send(Message::text(event.to_string())).await.expect("is open");
                    continue;
                }
                message = line.next() => message,
            };
            match message {
                Some(Ok(Message::Text(text))) => {
                    let frame: Value = serde_json::from_str(&text).expect("is JSON");
                    if frame["op"] == 2 {
                        match welcome {
                            Welcome::Ready => line.send(Message::text(ready())).await.expect("is open"),
                            Welcome::Close(code) => {
                                let frame = CloseFrame { code: code.into(), reason: "".into() };
                                line.close(Some(frame)).await.expect("is open");
                            }
                        }
                    }
                }
                Some(Ok(Message::Close(Some(frame)))) => {
                    let _ = codes.send(frame.code.into());
                }
                Some(Ok(_)) => {}
                _ => break,
            }
        }
    }
}

fn ready() -> String {
    let user: Value = serde_json::from_str(USER).expect("is JSON");
    json!({"op": 0, "s": 1, "t": "READY", "d": {"v": 10, "user": user, "guilds": [], "session_id": "s",
        "resume_gateway_url": "ws://127.0.0.1:1", "application": {"id": "1", "flags": 0}}})
    .to_string()
}

fn message(text: &str) -> Value {
    json!({"op": 0, "s": 2, "t": "MESSAGE_CREATE", "d": {"id": "1000000000000000000", "type": 0,
        "channel_id": "5", "content": text, "timestamp": "2026-01-01T00:00:00.000000+00:00", "tts": false,
        "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
        "pinned": false, "author": {"id": "2", "username": "p", "discriminator": "0", "avatar": null}}})
}

async fn patient<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("in time")
}

async fn start(fake: &Fake) -> Bot {
    patient(fake.builder().start()).await.expect("is welcome")
}

#[tokio::test]
async fn a_bot_becomes_ready_and_stops_with_a_goodbye() {
    let mut fake = Fake::start(Welcome::Ready).await;
    let bot = start(&fake).await;
    assert!(patient(bot.ready()).await);
    assert_eq!(bot.user().get(), 1);
    assert_eq!(bot.cache().me().expect("READY came").name, "bot");
    patient(bot.stop()).await.expect("is well");
    assert_eq!(patient(fake.closed.recv()).await, Some(1000));
}

#[tokio::test]
async fn commands_are_registered_only_when_they_have_changed() {
    let fake = Fake::start(Welcome::Ready).await;
    let cog =
        || Cog::new("Test").command(Spec::new("ping", "Answers", Handler::new(|_, _| async { Ok(()) })));
    let bot = patient(fake.builder().cog(cog()).start()).await.expect("is welcome");
    assert!(patient(bot.ready()).await);
    assert_eq!(fake.seen("PUT /api/v10/applications/1/commands"), 1);
    patient(bot.stop()).await.expect("is well");

    fake.answer(
        "/commands",
        200,
        r#"[{"id":"7","application_id":"1","version":"8","type":1,"name":"ping",
        "description":"Answers","contexts":[1,0],"integration_types":[0],"nsfw":false,"dm_permission":true,
        "default_member_permissions":null}]"#,
    );
    let bot = patient(fake.builder().cog(cog()).start()).await.expect("is welcome");
    assert!(patient(bot.ready()).await);
    assert_eq!(fake.seen("GET /api/v10/applications/1/commands"), 2);
    assert_eq!(fake.seen("PUT /api/v10/applications/1/commands"), 1, "nothing has changed");
    patient(bot.stop()).await.expect("is well");
}

#[tokio::test]
async fn a_new_session_looks_at_the_registered_commands_again() {
    let fake = Fake::start(Welcome::Ready).await;
    let bot = start(&fake).await;
    let mut events = bot.events();
    assert!(patient(bot.ready()).await);
    let looked = |fake: &Fake| fake.seen("GET /api/v10/applications/1/commands");
    assert_eq!(looked(&fake), 1);
    // The session is over, and the bot identifies anew.
    fake.dispatch.send(json!({"op": 9, "d": false})).expect("is listening");
    while !matches!(&*patient(events.recv()).await.expect("does not lag"), Event::Ready(_)) {}
    patient(async {
        while looked(&fake) < 2 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    patient(bot.stop()).await.expect("is well");
}

#[tokio::test]
async fn a_bot_whose_commands_cannot_be_registered_runs_all_the_same() {
    let fake = Fake::start(Welcome::Ready).await;
    fake.answer("/commands", 403, r#"{"message":"Missing Access","code":50001}"#);
    let bot = start(&fake).await;
    assert!(patient(bot.ready()).await);
    patient(bot.stop()).await.expect("is well");
}

#[tokio::test]
async fn a_running_command_may_finish_after_the_stop() {
    let fake = Fake::start(Welcome::Ready).await;
    let (begun, go, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (begun, go, done) = (Arc::clone(&begun), Arc::clone(&go), Arc::clone(&done));
        Handler::new(move |_, _| {
            let (begun, go, done) = (Arc::clone(&begun), Arc::clone(&go), Arc::clone(&done));
            async move {
                begun.notify_one();
                go.notified().await;
                done.notify_one();
                Ok(())
            }
        })
    };
    let cog = Cog::new("Test").command(Spec::new("slow", "Takes its time", slow));
    let bot = patient(fake.builder().cog(cog).start()).await.expect("is welcome");
    assert!(patient(bot.ready()).await);
    fake.dispatch.send(message("!slow")).expect("is listening");
    patient(begun.notified()).await;
    let stopping = bot.stop();
    tokio::pin!(stopping);
    // Nothing but the command holds it back now.
    let early = tokio::time::timeout(Duration::from_millis(200), &mut stopping).await;
    assert!(early.is_err(), "did not wait for the command");
    go.notify_one();
    patient(done.notified()).await;
    patient(stopping).await.expect("is well");
}

#[tokio::test]
async fn a_command_that_does_not_finish_is_not_waited_for_for_ever() {
    let fake = Fake::start(Welcome::Ready).await;
    let begun = Arc::new(Notify::new());
    let told = Arc::clone(&begun);
    let stuck = Handler::new(move |_, _| {
        let told = Arc::clone(&told);
        async move {
            told.notify_one();
            pending().await
        }
    });
    let cog = Cog::new("Test").command(Spec::new("stuck", "Never ends", stuck));
    let builder = fake.builder().cog(cog).grace(Duration::from_millis(100));
    let bot = patient(builder.start()).await.expect("is welcome");
    assert!(patient(bot.ready()).await);
    fake.dispatch.send(message("!stuck")).expect("is listening");
    patient(begun.notified()).await;
    patient(bot.stop()).await.expect("is well");
}

#[tokio::test]
async fn events_can_be_watched() {
    let fake = Fake::start(Welcome::Ready).await;
    let bot = start(&fake).await;
    let mut events = bot.events();
    assert!(patient(bot.ready()).await);
    fake.dispatch.send(message("hello")).expect("is listening");
    loop {
        let event = patient(events.recv()).await.expect("does not lag");
        if let Event::MessageCreate(message) = &*event {
            assert_eq!(message.content, "hello");
            break;
        }
    }
}

/// Remembers up to where everything has been handled.
struct Marks(watch::Sender<u64>);

impl SessionJournal for Marks {
    fn load(&self, _: ShardId) -> BoxFuture<'_, Result<Option<SavedSession>, JournalError>> {
        Box::pin(async { Ok(None) })
    }

    fn save(&self, _: ShardId, session: SavedSession) -> BoxFuture<'_, Result<(), JournalError>> {
        assert!(session.saved_at <= SystemTime::now());
        self.0.send_replace(session.handled);
        Box::pin(async { Ok(()) })
    }

    fn mark(&self, marks: Vec<Mark>) -> BoxFuture<'_, Result<(), JournalError>> {
        for mark in marks {
            self.0.send_replace(mark.handled);
        }
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn what_a_listener_has_not_finished_is_not_handled() {
    let fake = Fake::start(Welcome::Ready).await;
    let marks = Arc::new(Marks(watch::Sender::new(0)));
    let mut seen = marks.0.subscribe();
    let bot = patient(fake.builder().cog(Cog::new("Test")).journal(marks).start()).await.expect("is welcome");
    let mut events = bot.events();
    assert!(patient(bot.ready()).await);
    assert!(matches!(&*patient(events.recv()).await.expect("does not lag"), Event::Ready(_)));
    patient(seen.wait_for(|handled| *handled == 1)).await.expect("is kept");
    let mut heard = Vec::new();
    for sequence in 2..=4 {
        let mut message = message("hello");
        message["s"] = sequence.into();
        message["d"]["id"] = (1_000_000_000_000_000_000_u64 + sequence).to_string().into();
        fake.dispatch.send(message).expect("is listening");
    }
    while heard.len() < 3 {
        let event = patient(events.recv()).await.expect("does not lag");
        heard.extend(matches!(&*event, Event::MessageCreate(_)).then_some(event));
    }
    // All but the one in the middle.
    let slow = heard.remove(1);
    let copy = slow.clone();
    drop((heard, slow));
    let handled = *patient(seen.wait_for(|handled| *handled > 1)).await.expect("goes on");
    assert_eq!(handled, 2, "a crash now repeats what the listener is about");
    drop(copy);
    patient(seen.wait_for(|handled| *handled == 4)).await.expect("goes on");
}

#[tokio::test]
async fn a_wrong_token_is_found_before_anything_else() {
    let fake = Fake::start(Welcome::Ready).await;
    fake.answer("/users/@me", 401, r#"{"message":"401: Unauthorized","code":0}"#);
    let error = patient(fake.builder().start()).await.expect_err("is refused");
    assert!(matches!(error, StartError::TokenRejected), "{error}");
    assert!(error.to_string().contains("DISCORD_TOKEN"));
    assert_eq!(fake.seen("/gateway/bot"), 0);
}

#[tokio::test]
async fn a_discord_in_trouble_is_told_apart() {
    let fake = Fake::start(Welcome::Ready).await;
    fake.answer("/users/@me", 501, "");
    let fault = patient(run_until(fake.builder(), pending())).await.expect_err("does not work");
    assert!(
        matches!(&fault, Fault::Start(StartError::Unreachable { error: RestError::Unavailable { .. }, .. })),
        "{fault}"
    );
    assert_eq!(fault.exit_code(), 69);
}

#[tokio::test]
async fn a_fatal_close_ends_the_bot_with_its_reason() {
    let fake = Fake::start(Welcome::Close(4014)).await;
    let bot = start(&fake).await;
    assert!(!patient(bot.ready()).await);
    let error = patient(bot.run_until(pending())).await.expect_err("is fatal");
    assert!(matches!(error, RunError::Gateway(GatewayError::IntentsNotAllowed { .. })), "{error}");
    let fake = Fake::start(Welcome::Close(4004)).await;
    let fault = patient(run_until(fake.builder(), pending())).await.expect_err("is fatal");
    assert_eq!(fault.exit_code(), 77);
}

#[tokio::test]
async fn a_stop_during_the_start_is_heeded() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("can bind");
    let endpoint = Endpoint::local(closed.local_addr().expect("is bound"));
    // It accepts, but never answers.
    let builder = BotBuilder::new(Settings::with_token("a.b.c")).endpoint(endpoint);
    patient(run_until(builder, async { drop(closed.accept().await) })).await.expect("was asked to");
}

#[tokio::test]
async fn two_bots_run_in_one_process() {
    let (one, two) = (Fake::start(Welcome::Ready).await, Fake::start(Welcome::Ready).await);
    let (first, second) = (start(&one).await, start(&two).await);
    assert!(patient(first.ready()).await && patient(second.ready()).await);
    patient(first.stop()).await.expect("is well");
    let mut events = second.events();
    two.dispatch.send(message("still there?")).expect("is listening");
    let seen = patient(events.recv()).await.expect("does not lag");
    assert!(matches!(&*seen, Event::MessageCreate(_)));
    patient(second.stop()).await.expect("is well");
}

#[tokio::test]
async fn a_bot_that_is_dropped_stops() {
    let mut fake = Fake::start(Welcome::Ready).await;
    let bot = start(&fake).await;
    assert!(patient(bot.ready()).await);
    drop(bot);
    assert_eq!(patient(fake.closed.recv()).await, Some(1000));
}

#[tokio::test]
async fn bad_commands_do_not_start() {
    let fake = Fake::start(Welcome::Ready).await;
    let bad = || Spec::new("Not A Name", "x", Handler::new(|_, _| async { Ok(()) }));
    let error = patient(fake.builder().cog(Cog::new("Test").command(bad())).start()).await;
    assert!(matches!(error.expect_err("is refused"), StartError::Commands(_)));
    assert_eq!(fake.seen("/"), 0, "nothing was asked");
}

/// A team of person 1, in which person 2, who writes, is a developer.
const TEAM: &str = r#"{"id":"1","owner":{"id":"7"},"team":{"owner_user_id":"1","members":[
    {"membership_state":2,"role":"admin","user":{"id":"1"}},
    {"membership_state":2,"role":"developer","user":{"id":"2"}}]}}"#;

/// BOT_OWNER_ID, owner_ids, team_owners, the application, and whether person 2 is obeyed.
type Owners<'a> = (Option<u64>, &'a [u64], bool, &'a str, bool);

#[tokio::test]
async fn whom_the_settings_name_an_owner_is_obeyed_and_nobody_else() {
    let own = r#"{"id":"1","owner":{"id":"7"}}"#;
    let theirs = r#"{"id":"1","owner":{"id":"2"}}"#;
    let cases: [Owners<'_>; 8] = [
        (None, &[], true, own, false),
        (None, &[], true, theirs, true),
        (Some(8), &[], true, theirs, false),
        (Some(2), &[], true, own, true),
        (Some(8), &[9, 2], true, own, true),
        (Some(8), &[9], true, own, false),
        (Some(8), &[], true, TEAM, true),
        (Some(8), &[], false, TEAM, false),
    ];
    for (owner, owner_ids, team_owners, application, obeyed) in cases {
        let fake = Fake::start(Welcome::Ready).await;
        fake.answer("/applications/@me", 200, application);
        let ran = Arc::new(Notify::new());
        let told = Arc::clone(&ran);
        let secret = Handler::new(move |_, _| {
            told.notify_one();
            async { Ok(()) }
        });
        let spec = Spec { access: Access::BotOwner, ..Spec::new("secret", "For owners", secret) };
        let mut settings = Settings::with_token("a.b.c");
        (settings.owner, settings.owner_ids, settings.team_owners) = (owner, owner_ids.into(), team_owners);
        let endpoint = Endpoint::Local { rest: fake.rest.clone(), gateway: fake.gateway.clone() };
        let builder = BotBuilder::new(settings).endpoint(endpoint).cog(Cog::new("Test").command(spec));
        let bot = patient(builder.start()).await.expect("is welcome");
        assert!(patient(bot.ready()).await);
        fake.dispatch.send(message("!secret")).expect("is listening");
        let refused = async {
            while fake.seen("POST /api/v10/channels/5/messages") == 0 {
                tokio::task::yield_now().await;
            }
        };
        let found = patient(async {
            tokio::select! {
                () = ran.notified() => true,
                () = refused => false,
            }
        });
        assert_eq!(found.await, obeyed, "{owner:?} {owner_ids:?} {team_owners} {application}");
        patient(bot.stop()).await.expect("is well");
    }
}
