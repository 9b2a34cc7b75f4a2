//! The way out, against a server of a few lines on the loopback interface.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cogwright_lifecycle::Tasks;
use futures_util::FutureExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};

use super::*;

const CHANNEL: Id<ChannelMarker> = Id::new(111_111_111_111_111_111);
const OTHER: Id<ChannelMarker> = Id::new(222_222_222_222_222_222);
const MESSAGE: Id<MessageMarker> = Id::new(333_333_333_333_333_333);
const OK: &str = "HTTP/1.1 204 No Content\r\nvia: 1.1 test\r\n\r\n";

/// What the server does with the next request.
#[derive(Clone)]
enum Play {
    Say(String),
    HangUp,
}

#[derive(Clone, Debug)]
struct Seen {
    at: Instant,
    head: String,
    body: String,
}

struct Server {
    address: SocketAddr,
    script: Arc<Mutex<VecDeque<Play>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    tasks: Tasks,
}

impl Server {
    /// Plays the script, then answers 204 to everything.
    async fn start(script: impl IntoIterator<Item = Play>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("can bind");
        let server = Self {
            address: listener.local_addr().expect("is bound"),
            script: Arc::new(Mutex::new(script.into_iter().collect())),
            seen: Arc::default(),
            tasks: Tasks::new("server"),
        };
        let (script, seen) = (Arc::clone(&server.script), Arc::clone(&server.seen));
        let tasks = server.tasks.clone();
        server.tasks.spawn("accept", async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
                tasks.spawn("connection", serve(stream, script, seen));
            }
        });
        server
    }

    fn rest(&self, limits: RestLimits) -> Rest {
        let endpoint = Endpoint::local(self.address);
        Rest::with_limits(&endpoint, &Secret::new("a.b.c"), limits)
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("not poisoned").clone()
    }
}

async fn serve(mut stream: TcpStream, script: Arc<Mutex<VecDeque<Play>>>, seen: Arc<Mutex<Vec<Seen>>>) {
    let mut buffer = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
        };
        let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        while buffer.len() < end + length {
            if stream.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
        }
        let body = String::from_utf8_lossy(&buffer[end..end + length]).into_owned();
        buffer.drain(..end + length);
        seen.lock().expect("not poisoned").push(Seen { at: Instant::now(), head, body });
        let play = script.lock().expect("not poisoned").pop_front();
        match play {
            Some(Play::HangUp) => return,
            Some(Play::Say(text)) => stream.write_all(text.as_bytes()).await.expect("is open"),
            None => stream.write_all(OK.as_bytes()).await.expect("is open"),
        }
    }
}

fn say(status: u16, headers: &[&str], body: &str) -> Play {
    let mut text = format!("HTTP/1.1 {status} X\r\nvia: 1.1 test\r\ncontent-length: {}\r\n", body.len());
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.push_str(body);
    Play::Say(text)
}

fn limited(seconds: f64, global: bool) -> Play {
    let body = format!(r#"{{"message":"slow","retry_after":{seconds},"global":{global}}}"#);
    let retry = format!("retry-after: {}", seconds.ceil());
    let mut headers = vec![retry.as_str()];
    if global {
        headers.extend(["x-ratelimit-global: true", "x-ratelimit-scope: global"]);
    }
    say(429, &headers, &body)
}

fn quick() -> RestLimits {
    RestLimits { pause: Duration::from_millis(5), ..RestLimits::default() }
}

async fn typing(rest: &Rest, channel: Id<ChannelMarker>) -> Result<(), RestError> {
    let request = rest.http().create_typing_trigger(channel);
    rest.send(request, Priority::Normal).await.map(|_| ())
}

#[tokio::test]
async fn a_request_carries_token_agent_and_body() {
    let server = Server::start([]).await;
    let rest = server.rest(quick());
    let request = rest.http().create_message(CHANNEL).content("hi @everyone");
    rest.send(request, Priority::Normal).await.expect("is answered");
    let seen = &server.seen()[0];
    let line = format!("post /api/v10/channels/{CHANNEL}/messages http/1.1\r\n");
    assert!(seen.head.starts_with(&line), "{}", seen.head);
    for part in ["authorization: bot a.b.c\r\n", "user-agent: discordbot (", "application/json\r\n"] {
        assert!(seen.head.contains(part), "{part:?} is not in {}", seen.head);
    }
    assert!(seen.body.contains(r#""parse":["users"]"#), "{}", seen.body);
}

#[tokio::test]
async fn an_answer_is_read_as_its_model() {
    let body = r#"{"id":"1","username":"b","discriminator":"0","avatar":null,"mfa_enabled":false}"#;
    let server = Server::start([say(200, &["content-type: application/json"], body)]).await;
    let rest = server.rest(quick());
    let response = rest.send(rest.http().current_user(), Priority::Normal).await.expect("is fine");
    assert_eq!(response.status(), 200);
    assert_eq!(response.model().expect("fits").name, "b");
    assert!(matches!(response.json::<Vec<u8>>(), Err(RestError::Answer(_))));
}

/// Acceptance case 20.
#[tokio::test]
async fn case_20_global_429_nothing_is_sent_until_retry_after() {
    let server = Server::start([limited(0.9, true)]).await;
    let rest = server.rest(quick());
    let first = typing(&rest, CHANNEL);
    let others = async {
        // Begin once the limit has been announced.
        while rest.shared.gate.pass(false, Instant::now()).await.is_ok() {
            tokio::task::yield_now().await;
        }
        let many = (1..=20).map(|n| {
            let channel = Id::new(CHANNEL.get() + n);
            let rest = rest.clone();
            async move { typing(&rest, channel).await }
        });
        futures_util::future::join_all(many).await
    };
    let (first, others) = tokio::join!(first, others);
    first.expect("is retried");
    assert!(others.iter().all(Result::is_ok), "{others:?}");
    let seen = server.seen();
    assert_eq!(seen.len(), 22, "one refused, its retry and twenty others");
    let wait = seen[1].at - seen[0].at;
    // Retry-After is rounded up to a whole second and must be obeyed.
    assert!(wait >= Duration::from_secs(1), "sent after {wait:?}");
}

#[tokio::test]
async fn a_global_limit_that_outlasts_the_request_fails_it_at_once() {
    let server = Server::start([limited(100.0, true)]).await;
    let rest = server.rest(quick());
    let error = typing(&rest, CHANNEL).await.expect_err("may not wait so long");
    assert!(matches!(error, RestError::Limited { global: true, .. }), "{error}");
    assert_eq!(error.culprit(), Culprit::Limits);
    typing(&rest, OTHER).await.expect_err("the gate is closed");
    assert_eq!(server.seen().len(), 1, "nothing was sent meanwhile");
}

#[tokio::test]
async fn a_bucket_429_is_waited_out_and_leaves_others_alone() {
    let server = Server::start([limited(0.3, false)]).await;
    let rest = server.rest(quick());
    let begun = Instant::now();
    let (slow, fast) = tokio::join!(typing(&rest, CHANNEL), async {
        while server.seen().is_empty() {
            tokio::task::yield_now().await;
        }
        typing(&rest, OTHER).await.expect("has its own limit");
        begun.elapsed()
    });
    slow.expect("is retried");
    // The header is rounded up to a second and must be obeyed.
    assert!(begun.elapsed() >= Duration::from_secs(1), "{:?}", begun.elapsed());
    assert!(fast < Duration::from_millis(800), "{fast:?}");
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn the_headers_of_a_success_are_kept_to() {
    let headers = |remaining: &'static str| {
        let remaining = format!("x-ratelimit-remaining: {remaining}");
        let all = [
            "x-ratelimit-limit: 2",
            remaining.as_str(),
            "x-ratelimit-reset-after: 0.5",
            "x-ratelimit-bucket: abc",
        ];
        say(204, &all, "")
    };
    let server = Server::start([headers("1"), headers("0")]).await;
    let rest = server.rest(quick());
    let begun = Instant::now();
    for _ in 0..3 {
        typing(&rest, CHANNEL).await.expect("is sent");
    }
    assert!(begun.elapsed() >= Duration::from_millis(450), "{:?}", begun.elapsed());
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn attempts_are_bounded() {
    let server = Server::start((0..50).map(|_| limited(0.0, false))).await;
    let rest = server.rest(quick());
    let error = typing(&rest, CHANNEL).await.expect_err("is refused for ever");
    assert!(matches!(error, RestError::Limited { global: false, .. }), "{error}");
    assert_eq!(server.seen().len(), 5);
}

#[tokio::test]
async fn a_refused_token_stops_everything_that_needs_it() {
    let body = r#"{"message":"401: Unauthorized","code":0}"#;
    let server = Server::start([say(401, &[], body)]).await;
    let rest = server.rest(quick());
    assert!(!rest.rejected().is_cancelled());
    let error = typing(&rest, CHANNEL).await.expect_err("is refused");
    assert!(matches!(error, RestError::Unauthorized), "{error}");
    assert!(rest.rejected().is_cancelled());
    typing(&rest, OTHER).await.expect_err("is not even sent");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn an_expired_interaction_is_no_refused_token() {
    let body = r#"{"message":"Invalid Webhook Token","code":50027}"#;
    let server = Server::start([say(401, &[], body)]).await;
    let rest = server.rest(quick());
    let interactions = rest.http().interaction(Id::new(444_444_444_444_444_444));
    let request = interactions.delete_response("token");
    let error = rest.send(request, Priority::Interaction).await.expect_err("has ended");
    assert_eq!((error.status(), error.code()), (Some(401), Some(50_027)));
    assert!(!rest.rejected().is_cancelled());
    assert!(!server.seen()[0].head.contains("authorization"));
}

#[tokio::test]
async fn server_errors_are_retried_only_where_that_is_safe() {
    let server = Server::start([say(502, &[], "<html>"), say(503, &[], "")]).await;
    let rest = server.rest(quick());
    let get = rest.send(rest.http().delete_message(CHANNEL, MESSAGE), Priority::Normal).await;
    get.expect("is retried until it works");
    assert_eq!(server.seen().len(), 3);

    let server = Server::start([say(502, &[], "<html>")]).await;
    let rest = server.rest(quick());
    let post = rest.send(rest.http().create_message(CHANNEL).content("x"), Priority::Normal).await;
    let error = post.expect_err("may have been sent");
    assert!(matches!(error, RestError::Unavailable { status: 502 }), "{error}");
    assert!(error.is_retryable());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_message_with_an_enforced_nonce_may_be_repeated() {
    let server = Server::start([Play::HangUp, say(502, &[], "")]).await;
    let rest = server.rest(quick());
    let route = twilight_http::routing::Route::CreateMessage { channel_id: CHANNEL.get() };
    let build = |body: &serde_json::Value| Request::builder(&route).json(body).build().expect("is JSON");
    let safe = build(&serde_json::json!({"content": "x", "nonce": "1", "enforce_nonce": true}));
    rest.send_raw::<()>(&safe, Priority::Normal).await.expect("is repeated until it works");
    assert_eq!(server.seen().len(), 3);

    for body in [
        serde_json::json!({"content": "x", "nonce": "1"}),
        serde_json::json!({"content": "x", "nonce": "", "enforce_nonce": true}),
        serde_json::json!({"content": "x", "nonce": 1, "enforce_nonce": false}),
    ] {
        let server = Server::start([say(502, &[], "")]).await;
        let rest = server.rest(quick());
        rest.send_raw::<()>(&build(&body), Priority::Normal).await.expect_err("may have been sent");
        assert_eq!(server.seen().len(), 1, "{body}");
    }
}

#[tokio::test]
async fn a_broken_connection_is_retried_only_where_that_is_safe() {
    let server = Server::start([Play::HangUp]).await;
    let rest = server.rest(quick());
    let delete = rest.send(rest.http().delete_message(CHANNEL, MESSAGE), Priority::Normal).await;
    delete.expect("is retried");

    let server = Server::start([Play::HangUp]).await;
    let rest = server.rest(quick());
    let error = typing(&rest, CHANNEL).await.expect_err("may have been sent");
    assert_eq!(error.culprit(), Culprit::Transport);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("can bind");
    let address = listener.local_addr().expect("is bound");
    drop(listener);
    let rest = Rest::with_limits(&Endpoint::local(address), &Secret::new("a.b.c"), quick());
    let error = typing(&rest, CHANNEL).await.expect_err("is closed");
    assert!(matches!(error, RestError::Connection(_)), "{error}");
}

#[tokio::test]
async fn refusals_keep_code_and_fields() {
    let body = r#"{"code":50035,"message":"Invalid Form Body","errors":{"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Too long"}]}}}"#;
    let server = Server::start([say(400, &[], body)]).await;
    let rest = server.rest(quick());
    let error = typing(&rest, CHANNEL).await.expect_err("is refused");
    assert_eq!((error.status(), error.code()), (Some(400), Some(50_035)));
    assert_eq!((error.culprit(), error.is_retryable()), (Culprit::Discord, false));
    let RestError::Discord { details, .. } = error else {
        panic!("{error}");
    };
    assert!(details.expect("names a field").contains("BASE_TYPE_MAX_LENGTH"));
}

#[tokio::test]
async fn the_firewall_in_front_of_discord_stops_everything() {
    for ban in [
        "HTTP/1.1 429 X\r\nretry-after: 900\r\ncontent-length: 6\r\n\r\n<html>",
        "HTTP/1.1 403 X\r\nretry-after: 900\r\ncontent-length: 6\r\n\r\n<html>",
    ] {
        let server = Server::start([Play::Say(ban.to_owned())]).await;
        let rest = server.rest(quick());
        let error = typing(&rest, CHANNEL).await.expect_err("is banned");
        assert!(matches!(error, RestError::Limited { global: true, .. }), "{error}");
        typing(&rest, OTHER).await.expect_err("waits too");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn the_first_answer_to_an_interaction_does_not_queue_behind_bulk_work() {
    let server = Server::start([]).await;
    let limits = RestLimits { bulk_per_second: 2, ..quick() };
    let rest = server.rest(limits);
    let tasks = Tasks::new("bulk");
    for n in 0..30 {
        let rest = rest.clone();
        tasks.spawn("send", async move {
            let channel = Id::new(CHANNEL.get() + n);
            let request = rest.http().create_typing_trigger(channel);
            // Ends with the test.
            let _ = rest.send(request, Priority::Bulk).await;
        });
    }
    while server.seen().is_empty() {
        tokio::task::yield_now().await;
    }
    let response = twilight_model::http::interaction::InteractionResponse {
        kind: twilight_model::http::interaction::InteractionResponseType::DeferredUpdateMessage,
        data: None,
    };
    let id = Id::new(444_444_444_444_444_444);
    let interactions = rest.http().interaction(id);
    let request = interactions.create_response(Id::new(555), "token", &response);
    let begun = Instant::now();
    rest.send(request, Priority::Normal).await.expect("is sent");
    assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
    typing(&rest, OTHER).await.expect("is sent");
    assert!(begun.elapsed() < Duration::from_millis(900), "{:?}", begun.elapsed());
    tasks.shutdown(Duration::ZERO).await;
}

#[tokio::test]
async fn too_many_waiting_requests_are_refused_and_interactions_have_room() {
    let server = Server::start([limited(0.3, true)]).await;
    let limits = RestLimits { max_pending: 4, ..quick() };
    let rest = server.rest(limits);
    let many = (0..8).map(|n| {
        let rest = &rest;
        async move { typing(rest, Id::new(CHANNEL.get() + n)).await }
    });
    let results = futures_util::future::join_all(many).await;
    let refused = results.iter().filter(|r| matches!(r, Err(RestError::Overloaded))).count();
    assert_eq!(refused, 4);
    assert_eq!(rest.shared.pending.load(Ordering::Relaxed), 0, "all are counted out");
    assert!(rest.shared.limits.pending(Priority::Interaction) > 4);
}

fn answer_to_interaction(rest: &Rest) -> impl Future<Output = Result<u16, RestError>> {
    let response = twilight_model::http::interaction::InteractionResponse {
        kind: twilight_model::http::interaction::InteractionResponseType::DeferredUpdateMessage,
        data: None,
    };
    let interactions = rest.http().interaction(Id::new(444_444_444_444_444_444));
    let request = interactions.create_response(Id::new(555), "token", &response).try_into_request();
    let rest = rest.clone();
    async move { rest.send_raw::<()>(&request.expect("is one"), Priority::Normal).await.map(|r| r.status()) }
}

#[tokio::test]
async fn a_global_limit_lets_first_answers_to_interactions_through() {
    let server = Server::start([limited(100.0, true)]).await;
    let rest = server.rest(quick());
    typing(&rest, CHANNEL).await.expect_err("may not wait so long");
    answer_to_interaction(&rest).await.expect("is exempt");
    typing(&rest, OTHER).await.expect_err("is not");
    assert_eq!(server.seen().len(), 2);
    assert!(rest.stats().global_limit > Duration::from_secs(90), "{:?}", rest.stats());

    // A callback that meets a global limit has met one of the address.
    let server = Server::start([limited(100.0, true)]).await;
    let rest = server.rest(quick());
    answer_to_interaction(&rest).await.expect_err("may not wait so long");
    answer_to_interaction(&rest).await.expect_err("the gate is closed");
    assert_eq!(server.seen().len(), 1);
}

fn forbidden() -> Play {
    say(403, &[], r#"{"message":"Missing Permissions","code":50013}"#)
}

/// A raid: 18,000 newcomers, each to be welcomed in a channel where the bot may not write.
#[tokio::test]
async fn a_raid_with_a_failing_welcome_stays_under_a_tenth_of_the_budget() {
    use futures_util::StreamExt as _;
    let server = Server::start((0..18_000).map(|_| forbidden())).await;
    let rest = server.rest(RestLimits::default());
    let welcomes = futures_util::stream::iter(0..18_000).map(|_| typing(&rest, CHANNEL)).buffer_unordered(60);
    let results: Vec<_> = welcomes.collect().await;
    assert!(results.iter().all(|r| r.as_ref().is_err_and(|e| e.code() == Some(50_013))), "all know why");
    let stats = rest.stats();
    assert!(stats.invalid.used < 1_000, "{stats:?}");
    assert_eq!(stats.invalid.used as usize, server.seen().len());
    assert_eq!(stats.sent + stats.answered_locally, 18_000, "{stats:?}");
    assert_eq!(stats.invalid.remaining, 10_000 - stats.invalid.used);
    // Elsewhere and after it works again nothing has changed.
    server.script.lock().expect("not poisoned").clear();
    typing(&rest, OTHER).await.expect("has its own memory");
}

#[tokio::test]
async fn the_budget_of_invalid_requests_stops_low_priorities_first() {
    let server = Server::start((0..60).map(|_| forbidden())).await;
    let invalid = InvalidLimits { bulk: 10, normal: 20, interaction: 30, ..InvalidLimits::default() };
    let rest = server.rest(RestLimits { invalid, ..quick() });
    let send = |n: u64, priority: Priority| {
        // Another channel each time: no answer is known.
        let request = rest.http().create_typing_trigger(Id::new(CHANNEL.get() + n));
        let rest = &rest;
        async move { rest.send(request, priority).await.expect_err("is refused either way") }
    };
    for (round, priority) in [Priority::Bulk, Priority::Normal, Priority::Interaction].into_iter().enumerate()
    {
        for n in 0..20 {
            let error = send(round as u64 * 100 + n, priority).await;
            assert!(matches!(error, RestError::Discord { .. } | RestError::Withheld { .. }), "{error}");
        }
        assert_eq!(server.seen().len(), 10 * (round + 1), "{priority:?} stops at its ceiling");
    }
    let stats = rest.stats();
    assert_eq!((stats.withheld, stats.invalid.used, stats.refused), (30, 30, 30), "{stats:?}");
    let error = send(999, Priority::Bulk).await;
    assert!(matches!(error, RestError::Withheld { used: 30, ceiling: 10 }), "{error}");
    assert_eq!((error.culprit(), error.is_retryable()), (Culprit::Limits, true));
}

#[tokio::test]
async fn own_limits_can_be_switched_off_on_this_machine_only() {
    let server = Server::start((0..40).map(|_| forbidden())).await;
    let without = || RestLimits { own_limits: false, ..RestLimits::default() };
    let rest = server.rest(without());
    for _ in 0..40 {
        typing(&rest, CHANNEL).await.expect_err("is refused");
    }
    assert_eq!(server.seen().len(), 40, "nothing is answered from memory");
    let begun = Instant::now();
    let many = (1..=300).map(|n| typing(&rest, Id::new(CHANNEL.get() + n)).boxed());
    futures_util::future::try_join_all(many).await.expect("all are fine");
    assert!(begun.elapsed() < Duration::from_secs(4), "300 at 48 a second take six: {:?}", begun.elapsed());
    let far = Endpoint::local("192.0.2.1:80");
    let rest = Rest::with_limits(&far, &Secret::new("a.b.c"), without());
    assert!(rest.shared.limits.own_limits);
}

#[tokio::test]
async fn the_impatient_hear_of_a_wait_at_once() {
    let server = Server::start([limited(3.0, false)]).await;
    let rest = server.rest(quick());
    let request = Request::from_route(&twilight_http::routing::Route::GetGateway);
    let begun = Instant::now();
    for _ in 0..2 {
        let result = rest.send_impatient::<()>(&request, Priority::Normal, Duration::from_millis(500)).await;
        let Err(RestError::Limited { retry_after, global: false }) = result else { panic!("{result:?}") };
        assert!(retry_after > Duration::from_secs(2), "{retry_after:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(server.seen().len(), 1, "the second knows already");
}

#[tokio::test]
async fn what_happens_is_counted() {
    let shared = r#"{"message":"x","retry_after":0.01,"global":false}"#;
    let script = [
        say(429, &["retry-after: 0", "x-ratelimit-scope: shared"], shared),
        limited(0.01, false),
        say(502, &[], ""),
        say(404, &[], r#"{"message":"x","code":10003}"#),
        Play::HangUp,
    ];
    let server = Server::start(script).await;
    let rest = server.rest(quick());
    rest.send(rest.http().delete_message(CHANNEL, MESSAGE), Priority::Normal).await.expect_err("is unknown");
    rest.send(rest.http().delete_message(CHANNEL, MESSAGE), Priority::Normal).await.expect("works at last");
    let stats = rest.stats();
    assert_eq!((stats.sent, stats.retries, stats.broken, stats.waiting), (6, 4, 1, 0), "{stats:?}");
    assert_eq!((stats.limited.user, stats.limited.global, stats.limited.shared), (1, 0, 1));
    assert_eq!((stats.server_errors, stats.refused, stats.invalid.used), (1, 1, 1));
}

#[tokio::test]
async fn a_builder_that_is_awaited_directly_goes_nowhere() {
    let server = Server::start([]).await;
    let rest = server.rest(quick());
    let result = rest.http().current_user().await;
    assert!(result.is_err());
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn no_debug_output_holds_the_token() {
    let rest = Rest::new(&Endpoint::Discord, &Secret::new("hunter.two.x"));
    assert!(!format!("{rest:?}").contains("hunter"));
}
