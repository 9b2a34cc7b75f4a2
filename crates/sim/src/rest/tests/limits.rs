//! Rate limits as clients meet them.

use std::time::Duration;

use serde_json::json;

use super::Line;
use crate::RateLimitMode;

#[tokio::test]
async fn case_19_an_exhausted_bucket_answers_429_with_all_headers() {
    let line = Line::new(RateLimitMode::Enforce);
    let path = format!("/channels/{}/messages", line.ids.channel);
    for left in ["4", "3", "2", "1", "0"] {
        let answer = line.call("POST", &path, Some(json!({"content": "x"}))).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("x-ratelimit-limit"), Some("5"));
        assert_eq!(answer.header("x-ratelimit-remaining"), Some(left));
        assert_eq!(answer.header("x-ratelimit-scope"), None, "documented on 429 only");
    }
    let refused = line.call("POST", &path, Some(json!({"content": "x"}))).await;
    assert_eq!(refused.status, 429);
    for name in ["limit", "remaining", "reset", "reset-after", "bucket"] {
        assert!(refused.header(&format!("x-ratelimit-{name}")).is_some(), "{name}");
    }
    assert_eq!(refused.header("x-ratelimit-scope"), Some("user"));
    assert_eq!(refused.header("via"), Some("1.1 cogwright"));
    let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=5).contains(&seconds));
    let body = refused.json();
    assert_eq!(body["global"], false);
    assert!(body["retry_after"].as_f64().is_some_and(|s| s > 0.0 && s <= 5.0), "{body}");

    line.sim.clock().freeze(None);
    line.sim.clock().advance(Duration::from_secs(6));
    assert_eq!(
        line.call("POST", &path, Some(json!({"content": "x"}))).await.status,
        200,
        "line time moves on"
    );
}

#[tokio::test]
async fn headers_only_never_refuses_and_off_says_nothing() {
    let line = Line::new(RateLimitMode::Headers);
    let path = format!("/channels/{}/typing", line.ids.channel);
    for _ in 0..60 {
        assert_eq!(line.call("POST", &path, None).await.status, 204);
    }
    line.sim.change_settings(|s| s.rate_limits = RateLimitMode::Off);
    assert_eq!(line.call("POST", &path, None).await.header("x-ratelimit-limit"), None);
}

#[tokio::test]
async fn the_global_limit_has_no_bucket_headers() {
    let line = Line::new(RateLimitMode::Enforce);
    let mut refused = None;
    for n in 0..200 {
        let answer = line.get(&format!("/channels/{}", 100_000_000_000_000_000_u64 + n)).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    // Reached within one second unless the machine is slower than 50 requests a second.
    let refused = refused.expect("a global refusal");
    assert_eq!(refused.header("x-ratelimit-global"), Some("true"));
    assert_eq!(refused.header("x-ratelimit-bucket"), None);
    assert_eq!(refused.header("x-ratelimit-scope"), Some("global"));
    assert_eq!(refused.json()["global"], true);
}

#[tokio::test]
async fn the_scope_can_be_sent_on_success_too() {
    let line = Line::new(RateLimitMode::Enforce);
    line.sim.change_settings(|s| s.scope_on_200 = true);
    assert_eq!(line.get("/users/@me").await.header("x-ratelimit-scope"), Some("user"));
}

#[tokio::test]
async fn a_reset_opens_all_buckets() {
    let line = Line::new(RateLimitMode::Enforce);
    let path = format!("/channels/{}/typing", line.ids.channel);
    while line.call("POST", &path, None).await.status != 429 {}
    line.sim.reset();
    assert_eq!(line.call("POST", &path, None).await.status, 204);
}

#[tokio::test]
async fn case_49_the_third_rename_in_ten_minutes_is_refused_with_requests_remaining() {
    let line = Line::new(RateLimitMode::Enforce);
    let path = format!("/channels/{}", line.ids.channel);
    let patch = async |body| line.call("PATCH", &path, Some(body)).await;
    assert_eq!(patch(json!({"name": "one"})).await.status, 200);
    assert_eq!(patch(json!({"topic": "two"})).await.status, 200);
    let refused = patch(json!({"name": "three"})).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("2"));
    assert_eq!(refused.header("x-ratelimit-scope"), Some("user"));
    assert!(refused.json()["retry_after"].as_f64().is_some_and(|s| s > 590.0), "{refused:?}");
    assert!(refused.header("retry-after").is_some_and(|s| s.parse::<u64>().is_ok_and(|s| s > 590)));
    assert_eq!(patch(json!({"nsfw": true})).await.status, 200, "other fields still pass");

    line.sim.clock().advance(Duration::from_secs(601));
    assert_eq!(patch(json!({"name": "three"})).await.status, 200);
}
