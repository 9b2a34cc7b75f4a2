//! What holds for every route: versions, authentication, bodies, errors, headers, the journal.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use super::Line;
use crate::{
    EntryKind, RateLimitMode, SimConfig,
    rest::{routes::handler, table::TABLE},
};

fn request(method: &str, uri: &str) -> http::request::Builder {
    Request::builder().method(method).uri(uri)
}

#[tokio::test]
async fn versions_that_are_served_and_not() {
    let line = Line::new(RateLimitMode::Off);
    for prefix in ["/api", "/api/v9", "/api/v10"] {
        let answer =
            line.send(request("GET", &format!("{prefix}/gateway")).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 200, "{prefix}");
        assert_eq!(answer.json()["url"], "ws://127.0.0.1:8787");
    }
    let answer = line.send(request("GET", "/api/v7/gateway").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.code(), (400, 50041));
}

#[tokio::test]
async fn unknown_paths_wrong_methods_and_routes_not_simulated() {
    let line = Line::new(RateLimitMode::Off);
    assert_eq!(line.get("/no/such/route").await.code(), (404, 0));
    assert_eq!(line.send(request("GET", "/api").body(Body::empty()).unwrap()).await.code(), (404, 0));
    assert_eq!(line.call("DELETE", "/gateway", None).await.code(), (405, 0));
    let missing = TABLE.operations().iter().find(|o| handler(o.id).is_none()).expect("not all is simulated");
    let answer = line.call(missing.method, &missing.path.replace(['{', '}'], ""), None).await;
    assert_eq!(answer.code(), (501, 0));
    assert_eq!(answer.json()["route"], format!("{} {}", missing.method, missing.path));
    assert_eq!(line.sim.not_simulated().get(missing.id), Some(&1));
}

#[tokio::test]
async fn tokens() {
    let line = Line::new(RateLimitMode::Off);
    let with = async |value: &str| {
        line.send(
            request("GET", "/api/v10/users/@me").header("authorization", value).body(Body::empty()).unwrap(),
        )
        .await
    };
    let token = line.ids.token.clone();
    assert_eq!(with(&format!("Bot {token}")).await.status, 200);
    assert_eq!(with(&format!("bot {token}")).await.status, 200);
    for bad in [token.clone(), format!("Bearer {token}"), "Bot nonsense".into(), "Bot ".into(), String::new()]
    {
        let answer = with(&bad).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.json(), json!({"message": "401: Unauthorized", "code": 0}));
    }
    let none = line.send(request("GET", "/api/v10/users/@me").body(Body::empty()).unwrap()).await;
    assert_eq!(none.code(), (401, 0));
    // Routes that need none do not even look at a wrong one.
    let open =
        request("GET", "/api/v10/gateway").header("authorization", "Bot wrong").body(Body::empty()).unwrap();
    assert_eq!(line.send(open).await.status, 200);
}

#[tokio::test]
async fn any_well_formed_token_is_the_default_application_s_when_allowed() {
    let line = Line::with(RateLimitMode::Off, SimConfig { accept_any_token: true, ..SimConfig::default() });
    let with = async |value: &str| {
        line.send(
            request("GET", "/api/v10/users/@me").header("authorization", value).body(Body::empty()).unwrap(),
        )
        .await
    };
    let answer = with("Bot MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnop").await;
    assert_eq!(answer.json()["id"], line.ids.application.to_string());
    assert_eq!(with("Bot nonsense").await.status, 401);
}

#[tokio::test]
async fn every_answer_has_the_headers_that_clients_insist_on() {
    let line = Line::new(RateLimitMode::Enforce);
    for (method, path, status) in [
        ("GET", "/users/@me", 200),
        ("GET", "/nowhere", 404),
        ("DELETE", "/gateway", 405),
        ("GET", "/guilds/x", 400),
    ] {
        let answer = line.call(method, path, None).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
        assert_eq!(answer.header("via"), Some("1.1 cogwright"), "{path}");
    }
    let none = line.call("POST", &format!("/channels/{}/typing", line.ids.channel), None).await;
    assert_eq!((none.status, none.header("content-type"), none.bytes.len()), (204, None, 0));
    assert!(none.header("x-ratelimit-bucket").is_some());
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let line = Line::new(RateLimitMode::Off);
    let post = async |content_type: &str, body: Vec<u8>| {
        let uri = format!("/api/v10/channels/{}/messages", line.ids.channel);
        let auth = format!("Bot {}", line.ids.token);
        let built = request("POST", &uri).header("authorization", auth).header("content-type", content_type);
        line.send(built.body(Body::from(body)).unwrap()).await
    };
    assert_eq!(post("application/json", b"{\"content\":".to_vec()).await.code(), (400, 50109));
    assert_eq!(post("application/json", "[".repeat(10_000).into_bytes()).await.code(), (400, 50109));
    assert_eq!(post("application/json", b"[1]".to_vec()).await.code(), (400, 50035));
    assert_eq!(post("application/json", b"{\"content\":[1]}".to_vec()).await.code(), (400, 50035));
    assert_eq!(post("text/html", b"x".to_vec()).await.code(), (400, 50035));
    assert_eq!(post("multipart/form-data; boundary=X", b"nothing".to_vec()).await.code(), (400, 50035));
    assert_eq!(post("application/json", vec![b' '; 27 << 20]).await.code(), (413, 40005));
    assert_eq!(post("application/json; charset=utf-8", b"{\"content\":\"x\"}".to_vec()).await.status, 200);
}

#[tokio::test]
async fn path_parameters_are_decoded_and_checked() {
    let line = Line::new(RateLimitMode::Off);
    assert_eq!(line.get("/users/%40me").await.json()["id"], line.ids.application.to_string());
    let answer = line.get("/channels/abc").await;
    assert_eq!(answer.code(), (400, 50035));
    assert_eq!(answer.json()["errors"]["channel_id"]["_errors"][0]["code"], "NUMBER_TYPE_COERCE");
    assert_eq!(line.get("/channels/123456789012345678").await.code(), (404, 10003));
}

#[tokio::test]
async fn an_overlong_reason_is_refused() {
    let line = Line::new(RateLimitMode::Off);
    let built = request("GET", "/api/v10/users/@me")
        .header("authorization", format!("Bot {}", line.ids.token))
        .header("x-audit-log-reason", "x".repeat(513));
    assert_eq!(line.send(built.body(Body::empty()).unwrap()).await.code(), (400, 50035));
}

#[tokio::test]
async fn exchanges_are_journaled_without_secrets() {
    let line = Line::new(RateLimitMode::Off);
    let path = format!("/channels/{}/messages", line.ids.channel);
    assert_eq!(line.call("POST", &path, Some(json!({"content": "hi", "nonce": 5}))).await.status, 200);
    line.call("POST", "/webhooks/1/secret-token-of-an-interaction", Some(json!({"token": "secret-token"})))
        .await;
    let (entries, ..) = line.sim.journal().query(0, 100, |e| e.kind == EntryKind::Rest);
    let first = serde_json::to_value(&*entries[0]).unwrap();
    assert_eq!(first["type"], "rest");
    assert_eq!(first["method"], "POST");
    assert_eq!(first["path"], format!("/api/v10{path}"));
    assert_eq!(first["operation"], "create_message");
    assert_eq!(first["status"], 200);
    assert_eq!(first["application"], line.ids.application.to_string());
    assert_eq!(first["request"], json!({"content": "hi", "nonce": 5}));
    assert_eq!(first["response"]["content"], "hi");
    let all = serde_json::to_string(&entries).unwrap();
    assert!(!all.contains("secret-token"), "{all}");
    assert!(!all.contains(&line.ids.token));

    line.sim.change_settings(|s| s.journal_bodies = false);
    line.call("POST", &path, Some(json!({"content": "unseen"}))).await;
    let (entries, ..) = line.sim.journal().query(0, 100, |e| e.kind == EntryKind::Rest);
    let last: Value = serde_json::to_value(&**entries.last().unwrap()).unwrap();
    assert_eq!((last.get("request"), last.get("response")), (None, None));
}
