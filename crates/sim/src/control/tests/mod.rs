//! The control API without a socket: who is let in, what a wrong call is told, and the plain endpoints.

mod links;
mod moderation;
mod permissions;
mod places;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use cogwright_sim_world::World;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Addresses, Sim, SimConfig};

const HOST: &str = "127.0.0.1:8787";

fn sim_with(config: SimConfig) -> Sim {
    let addresses = Addresses::of(([127, 0, 0, 1], 8787).into());
    let clock = crate::SimClock::default();
    let (world, _) = World::default_world(&addresses.cdn_base, clock.now());
    Sim::new(config, addresses, world)
}

fn sim() -> Sim {
    sim_with(SimConfig::default())
}

async fn send(router: Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = router.oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 8 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

fn request(method: &str, path: &str, body: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(format!("{}{path}", super::PREFIX))
        .header(header::HOST, HOST)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_owned()))
        .unwrap()
}

async fn call(sim: &Sim, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
    let text = if body.is_null() { String::new() } else { body.to_string() };
    send(crate::serve::app(sim), request(method, path, &text)).await
}

fn message(answer: &Value) -> &str {
    answer["error"]["message"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_foreign_host_is_refused() {
    let sim = sim();
    let mut foreign = request("GET", "/clock", "");
    foreign.headers_mut().insert(header::HOST, "rebound.example:8787".parse().unwrap());
    let (status, answer) = send(crate::serve::app(&sim), foreign).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(message(&answer).contains("rebound.example"), "{answer}");
    assert_eq!(call(&sim, "GET", "/clock", Value::Null).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_foreign_origin_is_refused_on_http_and_on_the_web_socket() {
    let sim = sim();
    for path in ["/reset", "/stream?journal=1"] {
        for origin in ["http://evil.example", "null", "http://127.0.0.1:9999", "https://127.0.0.1:8787"] {
            let mut foreign = request(if path == "/reset" { "POST" } else { "GET" }, path, "{}");
            let headers = foreign.headers_mut();
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            headers.insert(header::CONNECTION, "upgrade".parse().unwrap());
            headers.insert(header::UPGRADE, "websocket".parse().unwrap());
            let (status, answer) = send(crate::serve::app(&sim), foreign).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{path} {origin}");
            assert!(message(&answer).contains("Origin"), "{answer}");
        }
    }
    let mut own = request("POST", "/reset", "{}");
    own.headers_mut().insert(header::ORIGIN, format!("http://{HOST}").parse().unwrap());
    assert_eq!(send(crate::serve::app(&sim), own).await.0, StatusCode::OK);
}

#[tokio::test]
async fn bodies_need_json() {
    let sim = sim();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let mut plain = request("POST", "/clock/advance", r#"{"ms":1}"#);
        plain.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
        let (status, answer) = send(crate::serve::app(&sim), plain).await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        assert!(message(&answer).contains("application/json"), "{answer}");
    }
}

#[tokio::test]
async fn beyond_loopback_a_key_is_needed() {
    let listen = ([0, 0, 0, 0], 0).into();
    let keyless = SimConfig { listen, ..SimConfig::default() };
    let error = Sim::serve(keyless, |_, _| World::default()).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    let sim = sim_with(SimConfig { listen, key: Some("open sesame".into()), ..SimConfig::default() });
    assert_eq!(call(&sim, "GET", "/clock", Value::Null).await.0, StatusCode::UNAUTHORIZED);
    for (key, expected) in [("open sesame", StatusCode::OK), ("open says me", StatusCode::UNAUTHORIZED)] {
        let mut keyed = request("GET", "/clock", "");
        keyed.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {key}").parse().unwrap());
        assert_eq!(send(crate::serve::app(&sim), keyed).await.0, expected);
    }
}

#[tokio::test]
async fn a_wrong_call_is_told_what_and_where() {
    let sim = sim();
    let cases = [
        ("POST", "/clock/advance", r#"{"ms":"#, 400, "not valid JSON"),
        ("POST", "/clock/advance", r#"{"ms":"soon"}"#, 400, "invalid type"),
        ("POST", "/clock/advance", r#"{"ms":1,"mz":2}"#, 400, "mz"),
        ("POST", "/clock/advance", "{}", 400, "missing field `ms`"),
        ("POST", "/clock/freeze", r#"{"at":"tomorrow"}"#, 400, "ISO 8601"),
        ("POST", "/actor/send_message", r#"{"user":"x","channel":"1","text":""}"#, 400, "snowflake"),
        ("POST", "/wait", r#"{"match":{},"timeout_ms":60000}"#, 400, "At most 30000"),
        ("POST", "/gateway/close", r#"{"code":4999}"#, 400, "4000"),
        ("GET", "/view/1", "", 404, "Unknown User"),
        ("GET", "/nowhere", "", 404, "openapi.json"),
        ("DELETE", "/clock", "", 405, "DELETE"),
        ("GET", "/journal?limit=0", "", 400, "limit"),
        ("PATCH", "/settings", r#"{"rate_limits":"never"}"#, 400, "enforce"),
    ];
    for (method, path, body, status, part) in cases {
        let (got, answer) = send(crate::serve::app(&sim), request(method, path, body)).await;
        assert_eq!(got.as_u16(), status, "{method} {path}: {answer}");
        assert!(answer["error"].to_string().contains(part), "{method} {path}: {answer}");
    }
}

#[tokio::test]
async fn discord_refusals_carry_their_body() {
    let sim = sim();
    let person = sim.read(|world, _| world.users().find(|u| !u.bot).unwrap().id);
    let body = json!({ "user": person, "channel": "123456789012345678", "text": "hello" });
    let (status, answer) = call(&sim, "POST", "/actor/send_message", body).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(answer["error"]["discord"]["code"], 10003, "{answer}");
}

#[tokio::test]
async fn the_document_lists_every_endpoint_with_its_body() {
    let (_, document) = call(&sim(), "GET", "/openapi.json", Value::Null).await;
    for endpoint in super::endpoints() {
        let operation = &document["paths"][endpoint.path][endpoint.method.as_str().to_lowercase()];
        assert!(operation.is_object(), "{} {}", endpoint.method, endpoint.path);
        assert_eq!(operation["requestBody"].is_object(), endpoint.body.is_some(), "{}", endpoint.path);
    }
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name} is referred to but not there");
    }
}

#[tokio::test]
async fn time_stands_and_moves_as_told() {
    let sim = sim();
    let (_, frozen) = call(&sim, "POST", "/clock/freeze", json!({ "at": "2030-01-01T00:00:00Z" })).await;
    assert_eq!(frozen["now"], "2030-01-01T00:00:00.000000+00:00");
    let (_, later) = call(&sim, "POST", "/clock/advance", json!({ "ms": 90_000 })).await;
    assert_eq!(
        (later["now"].as_str(), later["mode"].as_str()),
        (Some("2030-01-01T00:01:30.000000+00:00"), Some("frozen"))
    );
    let (_, running) = call(&sim, "POST", "/clock/run", json!({})).await;
    assert_eq!(running["mode"], "real");
}

#[tokio::test]
async fn a_snapshot_comes_back_and_reset_returns_to_the_start() {
    let sim = sim();
    let (user, before) = sim.read(|w, _| (w.users().find(|u| !u.bot).unwrap().id, w.users().count()));
    let (status, _) = call(&sim, "POST", "/world/users", json!({ "username": "newcomer" })).await;
    assert_eq!(status, StatusCode::OK);
    let (_, snapshot) = call(&sim, "GET", "/snapshot", Value::Null).await;
    assert_eq!(call(&sim, "POST", "/reset", json!({})).await.0, StatusCode::OK);
    assert_eq!(sim.read(|w, _| w.users().count()), before);
    assert_eq!(call(&sim, "POST", "/snapshot", snapshot).await.0, StatusCode::OK);
    assert_eq!(sim.read(|w, _| w.users().count()), before + 1);
    let (status, answer) =
        call(&sim, "POST", "/snapshot", json!({ "format": 1, "world": { "users": 3 } })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
    assert!(sim.read(|w, _| w.user(user).is_ok()), "a refused document changes nothing");
}

#[tokio::test]
async fn wait_finds_what_has_happened_and_what_comes() {
    let sim = sim();
    let (user, channel) = sim.read(|w, _| {
        let ids = w.default_ids().unwrap();
        (ids.user, ids.channel)
    });
    let wait = |text: &str, ms: u64| json!({ "match": { "event": "MESSAGE_CREATE", "data": { "content": { "$contains": text } } }, "timeout_ms": ms });
    let (status, answer) = call(&sim, "POST", "/wait", wait("never said", 10)).await;
    assert_eq!((status.as_u16(), answer["error"]["code"].as_str()), (408, Some("timeout")));
    let hello = json!({ "user": user, "channel": channel, "text": "hello there" });
    let (later, _) = tokio::join!(
        call(&sim, "POST", "/wait", wait("hello", 5000)),
        call(&sim, "POST", "/actor/send_message", hello)
    );
    assert_eq!(later.1["entry"]["data"]["content"], "hello there", "{}", later.1);
    let (_, past) = call(&sim, "POST", "/wait", wait("hello", 10)).await;
    let mut after = wait("hello", 10);
    after["after"] = past["entry"]["data"]["id"].clone();
    assert_eq!(
        call(&sim, "POST", "/wait", after).await.0.as_u16(),
        408,
        "nothing newer than the message itself"
    );
}

#[tokio::test]
async fn the_world_is_saved_on_demand_only_where_it_has_a_file() {
    let (status, answer) = call(&sim(), "POST", "/world/save", json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(message(&answer).contains("--world"), "{answer}");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.json");
    let sim = sim_with(SimConfig { world_file: Some(path.clone()), ..SimConfig::default() });
    let (status, answer) = call(&sim, "POST", "/world/save", json!({})).await;
    assert_eq!((status, answer["path"].as_str()), (StatusCode::OK, path.to_str()));
    // The same document as the snapshot.
    let saved: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(saved, call(&sim, "GET", "/snapshot", Value::Null).await.1);

    let in_the_way = SimConfig { world_file: Some(folder.path().to_owned()), ..SimConfig::default() };
    let (status, answer) = call(&sim_with(in_the_way), "POST", "/world/save", json!({})).await;
    assert_eq!((status, &answer["error"]["code"]), (StatusCode::INTERNAL_SERVER_ERROR, &json!("failed")));
}

#[tokio::test]
async fn nobody_acts_as_a_bot_or_as_a_user_who_does_not_exist() {
    let sim = sim();
    let ids = sim.read(|world, _| world.default_ids()).unwrap();
    let bot = ids.application.to_string();
    for (function, mut body) in [
        ("send_message", json!({ "channel": ids.channel, "text": "as the bot" })),
        ("leave", json!({ "guild": ids.guild })),
        ("presence", json!({ "status": "idle" })),
        ("slash", json!({ "channel": ids.channel, "name": "ping" })),
    ] {
        body["user"] = json!(bot);
        let path = format!("/actor/{function}");
        let (status, answer) = call(&sim, "POST", &path, body.clone()).await;
        assert_eq!(
            (status, &answer["error"]["field"]),
            (StatusCode::BAD_REQUEST, &json!("user")),
            "{function}"
        );
        assert!(message(&answer).contains("token"), "{answer}");
        body["user"] = json!("123");
        let (status, answer) = call(&sim, "POST", &path, body).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (StatusCode::NOT_FOUND, &json!("not_found")),
            "{function}"
        );
    }
    assert!(sim.read(|world, _| world.member(ids.guild, ids.application.into()).is_ok()), "it has not left");
}

#[tokio::test]
async fn time_stays_where_snowflakes_can_tell_it() {
    let sim = sim();
    for at in [
        json!(0),
        json!("1970-01-01T00:00:00Z"),
        json!(u64::MAX),
        json!("2200-01-01T00:00:00Z"),
        json!({}),
        json!("soon"),
    ] {
        let (status, answer) = call(&sim, "POST", "/clock/freeze", json!({ "at": at })).await;
        assert_eq!((status, &answer["error"]["field"]), (StatusCode::BAD_REQUEST, &json!("at")), "{answer}");
    }
    let late = json!({ "at": "2149-12-31T23:59:59Z" });
    assert_eq!(call(&sim, "POST", "/clock/freeze", late).await.0, StatusCode::OK);
    let (status, answer) = call(&sim, "POST", "/clock/advance", json!({ "ms": 86_400_000 })).await;
    assert_eq!((status, &answer["error"]["field"]), (StatusCode::BAD_REQUEST, &json!("ms")), "{answer}");
    assert_eq!(call(&sim, "POST", "/clock/advance", json!({ "ms": 500 })).await.0, StatusCode::OK);
}
