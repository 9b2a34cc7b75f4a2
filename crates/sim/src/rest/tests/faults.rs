//! What a fault plan does to REST, as clients meet it.

use std::time::{Duration, Instant};

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use super::{Answer, Line};
use crate::{EntryKind, FaultKind, FaultSpec, LimitScope, RateLimitMode};

fn limited(scope: LimitScope) -> FaultSpec {
    FaultSpec::new(FaultKind::Rest429 { scope, retry_after: 1.5 })
}

fn ban(threshold: u32, status: u16) -> FaultSpec {
    FaultSpec::new(FaultKind::InvalidRequestBan { threshold, status, lasts_ms: 600_000 })
}

fn is_page(answer: &Answer) -> bool {
    let html = answer.header("content-type").is_some_and(|t| t.starts_with("text/html"));
    html && answer.header("via").is_none()
}

#[tokio::test]
async fn a_429_of_each_scope_has_its_headers() {
    let line = Line::new(RateLimitMode::Off);
    for (scope, name) in
        [(LimitScope::User, "user"), (LimitScope::Global, "global"), (LimitScope::Shared, "shared")]
    {
        line.sim.add_fault(limited(scope).operation("get_my_user")).unwrap();
        assert_eq!(line.get("/gateway").await.status, 200, "another operation");
        let answer = line.get("/users/@me").await;
        assert_eq!(answer.status, 429);
        assert_eq!(answer.header("x-ratelimit-scope"), Some(name));
        assert_eq!(answer.header("retry-after"), Some("2"));
        assert!(answer.header("via").is_some());
        let global = scope == LimitScope::Global;
        assert_eq!(answer.header("x-ratelimit-global"), global.then_some("true"));
        assert_eq!(answer.header("x-ratelimit-bucket").is_some(), !global);
        let body = answer.json();
        assert_eq!((&body["global"], &body["retry_after"]), (&json!(global), &json!(1.5)));
        assert_eq!(line.get("/users/@me").await.status, 200, "once");
    }
}

#[tokio::test]
async fn a_refused_request_is_not_carried_out_and_a_lost_answer_is() {
    let line = Line::new(RateLimitMode::Off);
    let path = format!("/channels/{}/messages", line.ids.channel);
    let count = || line.sim.read(|world, _| world.channel(line.ids.channel).unwrap().messages.len());
    let before = count();
    for (carried_out, sent) in [(false, 0), (true, 1)] {
        let kind = FaultKind::Rest5xx { status: 502, carried_out };
        line.sim.add_fault(FaultSpec::new(kind).method("POST").path("/channels/*/messages")).unwrap();
        assert_eq!(line.get(&path).await.status, 200, "another method");
        let answer = line.call("POST", &path, Some(json!({ "content": "x" }))).await;
        assert_eq!((answer.status, count() - before), (502, sent));
    }
    let refused = FaultKind::Rest5xx { status: 500, carried_out: true };
    line.sim.add_fault(FaultSpec::new(refused)).unwrap();
    let answer = line.call("POST", &path, Some(json!({ "content": "" }))).await;
    assert_eq!(answer.status, 400, "a refusal of Discord's own is not hidden");
}

#[tokio::test]
async fn latency_follows_line_time() {
    let line = Line::new(RateLimitMode::Off);
    line.sim.clock().freeze(None);
    line.sim.add_fault(FaultSpec::new(FaultKind::Latency { ms: 30_000 })).unwrap();
    line.sim.add_fault(FaultSpec::new(FaultKind::Latency { ms: 40 }).operation("get_gateway")).unwrap();
    let begun = Instant::now();
    let slow = line.get("/users/@me");
    let advance = async {
        while line.sim.faults()[0].fired == 0 {
            tokio::task::yield_now().await;
        }
        line.sim.clock().advance(Duration::from_secs(30));
    };
    assert_eq!(tokio::join!(slow, advance).0.status, 200);
    assert!(begun.elapsed() < Duration::from_secs(10), "advancing ends the wait");
    let begun = Instant::now();
    assert_eq!(line.get("/gateway").await.status, 200);
    assert!(begun.elapsed() >= Duration::from_millis(40), "though world time stands");
}

#[tokio::test]
async fn an_expired_interaction_is_over_for_good() {
    let line = Line::new(RateLimitMode::Off);
    let path = format!("/applications/{}/commands", line.ids.application);
    line.call("POST", &path, Some(json!({ "name": "late", "description": "x" }))).await;
    let callback = |(id, token): &(String, String)| format!("/interactions/{id}/{token}/callback");
    let answer = Some(json!({ "type": 4, "data": { "content": "hello" } }));
    let (first, second) = (line.invoke("late"), line.invoke("late"));
    line.sim.add_fault(FaultSpec::new(FaultKind::ExpireInteraction {})).unwrap();
    for _ in 0..2 {
        assert_eq!(line.call("POST", &callback(&first), answer.clone()).await.code(), (404, 10062));
    }
    let original = format!("/webhooks/{}/{}/messages/@original", line.ids.application, first.1);
    assert_eq!(line.get(&original).await.code(), (401, 50027));
    assert_eq!(line.call("POST", &callback(&second), answer).await.status, 204, "another lives");
    assert_eq!(line.sim.faults()[0].fired, 1);
}

#[tokio::test]
async fn case_58_too_many_invalid_requests_are_a_page_without_via() {
    let line = Line::new(RateLimitMode::Off);
    line.sim.clock().freeze(None);
    line.sim.add_fault(ban(10, 403)).unwrap();
    let bad = || {
        let request = Request::get("/api/v10/users/@me").header("authorization", "Bot a.b.c");
        line.send(request.body(Body::empty()).unwrap())
    };
    for _ in 0..10 {
        let answer = bad().await;
        assert_eq!((answer.status, is_page(&answer)), (401, false));
    }
    let page = bad().await;
    assert_eq!((page.status, is_page(&page)), (403, true));
    assert_eq!(line.get("/users/@me").await.status, 200, "the bot with a good token has done nothing");
    line.sim.clock().advance(Duration::from_secs(600));
    assert_eq!(bad().await.status, 401, "the ban is over");
}

#[tokio::test]
async fn case_58_a_shared_429_does_not_count_and_others_do() {
    let line = Line::new(RateLimitMode::Off);
    line.sim.add_fault(ban(2, 429)).unwrap();
    for scope in [LimitScope::Shared, LimitScope::Shared, LimitScope::User, LimitScope::User] {
        line.sim.add_fault(limited(scope)).unwrap();
        let answer = line.get("/users/@me").await;
        assert_eq!((answer.status, is_page(&answer)), (429, false), "{scope:?}");
    }
    let page = line.get("/users/@me").await;
    assert_eq!((page.status, is_page(&page)), (429, true));
    assert_eq!(page.header("retry-after"), Some("600"));
}

#[tokio::test]
async fn case_58_the_real_rule_holds_without_a_plan() {
    let line = Line::new(RateLimitMode::Enforce);
    line.sim.clock().freeze(None);
    let bad = || {
        let request = Request::get("/api/v10/users/@me").header("authorization", "Bot a.b.c");
        line.send(request.body(Body::empty()).unwrap())
    };
    for _ in 0..10_000 {
        assert_eq!(bad().await.status, 401);
    }
    assert!(is_page(&bad().await));
    line.sim.reset();
    assert_eq!(bad().await.status, 401);
}

#[tokio::test]
async fn the_journal_names_the_faults_that_touched_a_call() {
    let line = Line::new(RateLimitMode::Off);
    line.sim.add_fault(FaultSpec::new(FaultKind::Latency { ms: 1 })).unwrap();
    line.sim.add_fault(limited(LimitScope::User)).unwrap();
    line.get("/users/@me").await;
    line.get("/users/@me").await;
    let (calls, ..) = line.sim.journal().query(0, 10, |e| e.kind == EntryKind::Rest);
    let faults: Vec<Option<Value>> = calls.iter().map(|e| Some(e.field("faults")?.into_owned())).collect();
    assert_eq!(faults, [Some(json!(["1", "2"])), None]);
}

#[tokio::test]
async fn a_reset_clears_the_plan() {
    let line = Line::new(RateLimitMode::Off);
    line.sim.add_fault(limited(LimitScope::User).always()).unwrap();
    line.sim.reset();
    assert!(line.sim.faults().is_empty());
    assert_eq!(line.get("/users/@me").await.status, 200);
}
