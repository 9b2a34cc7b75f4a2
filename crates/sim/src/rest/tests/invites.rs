//! Invites through their routes: each operation, and what it refuses.

use std::time::Duration;

use axum::{body::Body, http::Request};
use cogwright_sim_world::{Actor, invites, places::operator};
use serde_json::{Value, json};

use super::{Answer, Line, run, text, try_run};
use crate::RateLimitMode;

async fn invite(line: &Line, body: Value) -> Value {
    run(line, "create_channel_invite", &[&line.ids.channel.to_string()], Some(body)).await
}

/// Sends a list of users as a file, with further fields.
pub(super) async fn upload(
    line: &Line,
    method: &str,
    path: &str,
    csv: &str,
    payload: Option<&str>,
) -> Answer {
    let mut body = String::new();
    if let Some(payload) = payload {
        body += "--X\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n";
        body += payload;
        body += "\r\n";
    }
    body += "--X\r\nContent-Disposition: form-data; name=\"target_users_file\"; filename=\"u.csv\"\r\n\r\n";
    body += csv;
    body += "\r\n--X--\r\n";
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v10{path}"))
        .header("authorization", format!("Bot {}", line.ids.token))
        .header("content-type", "multipart/form-data; boundary=X");
    line.send(request.body(Body::from(body)).expect("a valid request")).await
}

#[tokio::test]
async fn an_invite_is_made_read_and_revoked() {
    let line = Line::new(RateLimitMode::Off);
    let (channel, guild) = (line.ids.channel.to_string(), line.ids.guild.to_string());
    let made = invite(&line, json!({})).await;
    assert_eq!((&made["max_age"], &made["max_uses"], &made["uses"]), (&json!(86_400), &json!(0), &json!(0)));
    assert_eq!((&made["temporary"], &made["type"]), (&json!(false), &json!(0)));
    assert_eq!((&made["guild"]["id"], &made["channel"]["id"]), (&json!(guild), &json!(channel)));
    assert_eq!(made["inviter"]["id"], line.ids.application.to_string());
    let code = text(&made, "code");
    assert_eq!(invite(&line, json!({})).await["code"], code, "the same settings, the same invite");
    let unique = invite(&line, json!({ "unique": true, "max_age": 0 })).await;
    assert_ne!(unique["code"], code);
    assert_eq!(unique["expires_at"], Value::Null);
    let of_channel = run(&line, "list_channel_invites", &[&channel], None).await;
    assert_eq!(of_channel.as_array().map(Vec::len), Some(2));
    let of_guild = run(&line, "list_guild_invites", &[&guild], None).await;
    assert_eq!(of_guild, of_channel);
    assert!(of_guild[0]["created_at"].is_string());

    // Anybody may look at it, without a token.
    let request = Request::get(format!("/api/v10/invites/{code}?with_counts=true")).body(Body::empty());
    let seen = line.send(request.expect("a valid request")).await.json();
    assert_eq!((&seen["code"], &seen["approximate_member_count"]), (&json!(code), &json!(5)));
    assert!(seen.get("uses").is_none());
    assert!(run(&line, "invite_resolve", &[&code], None).await.get("approximate_member_count").is_none());
    assert_eq!(run(&line, "invite_revoke", &[&code], None).await["code"], code);
    for operation in ["invite_resolve", "invite_revoke"] {
        assert_eq!(try_run(&line, operation, &[&code], None).await.code(), (404, 10006));
    }
    let vanity = run(&line, "get_guild_vanity_url", &[&guild], None).await;
    assert_eq!(vanity, json!({ "code": null, "uses": 0 }));
}

#[tokio::test]
async fn bodies_are_held_to_their_bounds() {
    let line = Line::new(RateLimitMode::Off);
    let channel = line.ids.channel.to_string();
    let wrong = [
        (json!({ "max_age": 604_801 }), "max_age"),
        (json!({ "max_age": -1 }), "max_age"),
        (json!({ "max_uses": 101 }), "max_uses"),
        (json!({ "role_ids": ["1"] }), "role_ids"),
        (json!({ "target_type": 1 }), "target_type"),
        (json!({ "target_users_file": "1" }), "target_users_file"),
    ];
    for (body, key) in wrong {
        let answer = try_run(&line, "create_channel_invite", &[&channel], Some(body)).await;
        assert_eq!(answer.code(), (400, 50035), "{key}");
        assert!(answer.json()["errors"][key].is_object(), "{answer:?}");
    }
    let body = json!({ "name": "box", "type": 4 });
    let made = line.sim.apply(operator::CreateChannel { guild: line.ids.guild, body }).expect("made");
    let answer = try_run(&line, "create_channel_invite", &[&text(&made, "id")], Some(json!({}))).await;
    assert_eq!(answer.code(), (400, 50024));
    let everyone = json!({ "role_ids": [line.ids.guild] });
    let answer = try_run(&line, "create_channel_invite", &[&channel], Some(everyone)).await;
    assert_eq!(answer.code(), (400, 50028));
}

#[tokio::test]
async fn an_invite_ends_with_its_time() {
    let line = Line::new(RateLimitMode::Off);
    line.sim.clock().freeze(None);
    let code = text(&invite(&line, json!({ "max_age": 60 })).await, "code");
    line.sim.clock().advance(Duration::from_secs(59));
    run(&line, "invite_resolve", &[&code], None).await;
    line.sim.clock().advance(Duration::from_secs(1));
    assert_eq!(try_run(&line, "invite_resolve", &[&code], None).await.code(), (404, 10006));
    line.sim.tick();
    assert_eq!(run(&line, "list_guild_invites", &[&line.ids.guild.to_string()], None).await, json!([]));
}

#[tokio::test]
async fn an_invite_for_some_takes_them_from_a_file() {
    let line = Line::new(RateLimitMode::Off);
    let path = format!("/channels/{}/invites", line.ids.channel);
    let user = line.ids.user.to_string();
    let csv = format!("user_id\n{user}\n{user}\n123456789012345678\n");
    let made = upload(&line, "POST", &path, &csv, Some(r#"{"max_uses":5}"#)).await;
    assert_eq!((made.status, &made.json()["max_uses"]), (200, &json!(5)), "{made:?}");
    let code = text(&made.json(), "code");
    let list = try_run(&line, "get_invite_target_users", &[&code], None).await;
    assert_eq!(list.header("content-type"), Some("text/csv"));
    let mut ids = [user.as_str(), "123456789012345678"];
    ids.sort_by_key(|id| id.parse::<u64>().expect("an id"));
    assert_eq!(String::from_utf8_lossy(&list.bytes), format!("user_id\n{}\n{}\n", ids[0], ids[1]));
    let job = run(&line, "get_invite_target_users_job_status", &[&code], None).await;
    assert_eq!(
        (&job["status"], &job["total_users"], &job["processed_users"]),
        (&json!(2), &json!(2), &json!(2))
    );
    let path = format!("/invites/{code}/target-users");
    assert_eq!(upload(&line, "PUT", &path, "123456789012345678", None).await.status, 204);
    assert_eq!(run(&line, "get_invite_target_users_job_status", &[&code], None).await["total_users"], 1);
    let bad = upload(&line, "PUT", &path, "1\nx\n\n2\n-3", None).await;
    assert_eq!(bad.code(), (400, 50035));
    let lines = bad.json()["errors"]["target_users_file"]["_errors"].to_string();
    assert!(lines.contains("Line 2") && lines.contains("Line 5") && !lines.contains("Line 4"), "{lines}");
    assert_eq!(upload(&line, "PUT", &path, "user_id\n", None).await.code(), (400, 50035));
    let none = try_run(&line, "update_invite_target_users", &[&code], Some(json!({}))).await;
    assert_eq!(none.code(), (400, 50035));
    // An invite for everybody has no list.
    let open = text(&invite(&line, json!({})).await, "code");
    assert_eq!(try_run(&line, "get_invite_target_users", &[&open], None).await.code(), (404, 10129));
    let job = try_run(&line, "get_invite_target_users_job_status", &[&open], None).await;
    assert_eq!(job.code(), (404, 10124));
    for operation in
        ["get_invite_target_users", "update_invite_target_users", "get_invite_target_users_job_status"]
    {
        assert_eq!(try_run(&line, operation, &["nothing"], None).await.code(), (404, 10006));
    }
}

#[tokio::test]
async fn a_person_s_invite_is_the_bot_s_to_see() {
    let line = Line::new(RateLimitMode::Off);
    let (actor, channel) = (Actor::person(line.ids.user), line.ids.channel);
    let body = json!({ "max_uses": 1 });
    let made = line.sim.apply(invites::CreateInvite { actor, channel, body, files: Vec::new() });
    let code = text(&made.expect("made"), "code");
    let listed = run(&line, "list_guild_invites", &[&line.ids.guild.to_string()], None).await;
    assert_eq!((&listed[0]["code"], &listed[0]["inviter"]["id"]), (&json!(code), &json!(line.ids.user)));
}
