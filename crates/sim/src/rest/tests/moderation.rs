//! Bans, prunes and the audit log, as a bot calls them.

use axum::{body::Body, http::Request};
use cogwright_sim_world::{Actor, UserId, messages::CreateMessage, places::operator};
use serde_json::{Value, json};

use super::{Answer, Line, run, text, try_run};
use crate::RateLimitMode;

/// The default world's people who stand below the bot, and one who stands above.
struct People {
    sasha: String,
    noor: String,
    mika: String,
}

fn people(line: &Line) -> People {
    let find = |name: &str| {
        line.sim.read(|world, _| world.users().find(|u| u.username == name).expect("is there").id.to_string())
    };
    People { sasha: find("sasha"), noor: find("noor"), mika: find("mika") }
}

fn newcomer(line: &Line) -> String {
    let made = line.sim.apply(operator::CreateUser { body: json!({ "username": "newcomer" }) });
    text(&made.expect("is allowed"), "id")
}

/// Somebody writes; answers the message's id.
fn say(line: &Line, user: &str) -> String {
    let actor = Actor::person(user.parse::<UserId>().expect("an id"));
    let body = json!({ "content": "x" });
    let send = CreateMessage { actor, channel: line.ids.channel, body, files: Vec::new() };
    text(&line.sim.apply(send).expect("is allowed"), "id")
}

/// A call of the default bot with the header that says why.
async fn because(line: &Line, method: &str, path: &str, reason: &str, body: Option<Value>) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("/api/v10{path}"))
        .header("authorization", format!("Bot {}", line.ids.token))
        .header("x-audit-log-reason", reason);
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let body = body.map_or_else(Body::empty, |b| Body::from(b.to_string()));
    line.send(request.body(body).expect("a valid request")).await
}

/// The newest entry of the audit log.
async fn newest(line: &Line) -> Value {
    let guild = line.ids.guild.to_string();
    let log = run(line, "list_guild_audit_log_entries", &[&guild], None).await;
    log["audit_log_entries"][0].clone()
}

#[tokio::test]
async fn a_ban_from_its_beginning_to_its_end() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let People { noor, mika, .. } = people(&line);
    let (guild, noor) = (guild.as_str(), noor.as_str());
    assert_eq!(run(&line, "list_guild_bans", &[guild], None).await, json!([]));
    run(&line, "ban_user_from_guild", &[guild, noor], Some(json!({}))).await;
    let ban = run(&line, "get_guild_ban", &[guild, noor], None).await;
    assert_eq!((&ban["user"]["id"], &ban["reason"]), (&json!(noor), &Value::Null));
    assert_eq!(run(&line, "list_guild_bans", &[guild], None).await, json!([ban]));
    assert_eq!(line.get(&format!("/guilds/{guild}/bans?limit=1&after={noor}")).await.json(), json!([]));
    assert_eq!(line.get(&format!("/guilds/{guild}/bans?limit=1001")).await.code(), (400, 50035));
    run(&line, "unban_user_from_guild", &[guild, noor], None).await;
    for operation in ["unban_user_from_guild", "get_guild_ban"] {
        assert_eq!(try_run(&line, operation, &[guild, noor], None).await.code(), (404, 10026), "{operation}");
    }
    let ban = async |user: &str, body: Value| {
        try_run(&line, "ban_user_from_guild", &[guild, user], Some(body)).await.code()
    };
    assert_eq!(ban(&mika, json!({})).await, (403, 50013));
    assert_eq!(ban("17", json!({})).await, (404, 10013));
    assert_eq!(ban(noor, json!({ "delete_message_seconds": 604_801 })).await, (400, 50035));
    assert_eq!(try_run(&line, "ban_user_from_guild", &["17", noor], None).await.code(), (404, 10004));
}

#[tokio::test]
async fn case_45_messages_are_deleted_as_body_or_query_say() {
    let line = Line::new(RateLimitMode::Off);
    let path = |user: &str, query: &str| format!("/guilds/{}/bans/{user}{query}", line.ids.guild);
    let gone =
        |message: &str| line.sim.read(|world, _| world.channel_of(message.parse().expect("an id")).is_err());
    let mut cases = vec![
        (String::new(), Some(json!({ "delete_message_seconds": 3600 })), true),
        (String::new(), Some(json!({ "delete_message_days": 1 })), true),
        ("?delete_message_seconds=3600".to_owned(), None, true),
        ("?delete_message_days=1".to_owned(), None, true),
        ("?delete_message_seconds=3600".to_owned(), Some(json!({ "delete_message_seconds": 0 })), false),
        (String::new(), None, false),
    ];
    for (query, body, deleted) in cases.drain(..) {
        let user = newcomer(&line);
        let member = json!({ "user": user });
        line.sim.apply(operator::AddMember { guild: line.ids.guild, body: member }).expect("is allowed");
        let message = say(&line, &user);
        let answer = line.call("PUT", &path(&user, &query), body.clone()).await;
        assert_eq!(answer.status, 204, "{query} {body:?}: {answer:?}");
        assert_eq!(gone(&message), deleted, "{query} {body:?}");
    }
    let bad = line.call("PUT", &path(&newcomer(&line), "?delete_message_seconds=soon"), None).await;
    assert_eq!(bad.code(), (400, 50035));
}

#[tokio::test]
async fn many_are_banned_at_once() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let People { sasha, noor, mika } = people(&line);
    let body = json!({ "user_ids": [noor, mika, sasha], "delete_message_seconds": 60 });
    let answer = run(&line, "bulk_ban_users_from_guild", &[&guild], Some(body.clone())).await;
    assert_eq!(answer, json!({ "banned_users": [noor, sasha], "failed_users": [mika] }));
    let again = try_run(&line, "bulk_ban_users_from_guild", &[&guild], Some(body)).await;
    assert_eq!(again.code(), (400, 500_000));
    let bad = try_run(&line, "bulk_ban_users_from_guild", &[&guild], Some(json!({}))).await;
    assert_eq!(bad.code(), (400, 50035));
}

#[tokio::test]
async fn inactive_members_are_counted_and_removed() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let user = newcomer(&line);
    let member = json!({ "user": user });
    line.sim.apply(operator::AddMember { guild: line.ids.guild, body: member }).expect("is allowed");
    assert_eq!(run(&line, "preview_prune_guild", &[&guild], None).await, json!({ "pruned": 0 }));
    line.sim.clock().advance(std::time::Duration::from_secs(2 * 86_400));
    let preview = async |query: &str| line.get(&format!("/guilds/{guild}/prune{query}")).await;
    assert_eq!(preview("?days=2").await.json(), json!({ "pruned": 1 }));
    assert_eq!(preview("?days=3").await.json(), json!({ "pruned": 0 }));
    assert_eq!(preview("?days=31").await.code(), (400, 50035));
    let regular = line.sim.read(|world, _| {
        let roles = &world.guild(line.ids.guild).expect("is there").roles;
        roles.values().find(|r| r.name == "Regular").expect("is there").id
    });
    for query in
        [format!("?days=2&include_roles={regular}"), format!("?days=2&include_roles={regular},{guild}")]
    {
        assert_eq!(preview(&query).await.json(), json!({ "pruned": 2 }), "{query}");
    }
    let twice = format!("?days=2&include_roles={regular}&include_roles={guild}");
    assert_eq!(preview(&twice).await.json(), json!({ "pruned": 2 }));
    let body = json!({ "days": 2, "compute_prune_count": true });
    assert_eq!(run(&line, "prune_guild", &[&guild], Some(body)).await, json!({ "pruned": 1 }));
    assert_eq!(newest(&line).await["action_type"], 21);
    assert_eq!(try_run(&line, "get_guild_member", &[&guild, &user], None).await.code(), (404, 10007));
    let body = json!({ "days": 1, "compute_prune_count": false });
    assert_eq!(run(&line, "prune_guild", &[&guild], Some(body)).await, json!({ "pruned": null }));
    assert_eq!(try_run(&line, "prune_guild", &["17"], None).await.code(), (404, 10004));
}

#[tokio::test]
async fn case_16_what_stands_above_is_refused_and_below_is_written_down_with_its_reason() {
    let line = Line::new(RateLimitMode::Off);
    let (guild, owner) = (line.ids.guild.to_string(), line.ids.user.to_string());
    let People { sasha, noor, mika } = people(&line);
    for user in [&mika, &owner] {
        for operation in ["ban_user_from_guild", "delete_guild_member"] {
            let answer = try_run(&line, operation, &[&guild, user], None).await;
            assert_eq!(answer.code(), (403, 50013), "{operation} {user}");
        }
    }
    let role = |name: &str| {
        line.sim.read(|world, _| {
            let roles = &world.guild(line.ids.guild).expect("is there").roles;
            roles.values().find(|r| r.name == name).expect("is there").id.to_string()
        })
    };
    let rename = json!({ "name": "x" });
    let above =
        try_run(&line, "update_guild_role", &[&guild, &role("Moderator")], Some(rename.clone())).await;
    assert_eq!(above.code(), (403, 50013));
    assert_eq!(newest(&line).await, Value::Null, "nothing was done");

    // Encoded wholly, or with the raw spaces and slashes that discord.py leaves.
    let regular = role("Regular");
    let encoded = "spam%20%C3%B6%20%2F%20%F0%9F%91%8D";
    for (method, path, reason, decoded, kind, target) in [
        ("DELETE", format!("/guilds/{guild}/members/{noor}"), encoded, "spam ö / 👍", 20, &noor),
        ("PUT", format!("/guilds/{guild}/bans/{sasha}"), "spam / %C3%B6", "spam / ö", 22, &sasha),
        ("PATCH", format!("/guilds/{guild}/roles/{regular}"), "why%3F", "why?", 31, &regular),
    ] {
        let body = (method == "PATCH").then(|| rename.clone());
        let answer = because(&line, method, &path, reason, body).await;
        assert!(answer.status < 300, "{path}: {answer:?}");
        let entry = newest(&line).await;
        assert_eq!(entry["reason"], decoded);
        assert_eq!((&entry["action_type"], &entry["target_id"]), (&json!(kind), &json!(target)));
        assert_eq!(entry["user_id"], line.ids.application.to_string());
    }
    assert_eq!(run(&line, "get_guild_ban", &[&guild, &sasha], None).await["reason"], "spam / ö");
    let long =
        because(&line, "DELETE", &format!("/guilds/{guild}/bans/{sasha}"), &"x".repeat(513), None).await;
    assert_eq!(long.code(), (400, 50035));
}

#[tokio::test]
async fn the_audit_log_is_read_by_pages_and_filters() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let People { noor, mika, .. } = people(&line);
    for n in 0..3 {
        let body = json!({ "nick": format!("n{n}") });
        run(&line, "update_guild_member", &[&guild, &noor], Some(body)).await;
    }
    let channel = line.ids.channel.to_string();
    run(&line, "create_thread", &[&channel], Some(json!({ "name": "talk", "type": 11 }))).await;
    let body = json!({ "permission_overwrites": [{ "id": guild, "type": 0, "deny": "64" }] });
    run(&line, "update_channel", &[&channel], Some(body)).await;
    let log = run(&line, "list_guild_audit_log_entries", &[&guild], None).await;
    let kinds = |log: &Value| -> Vec<u64> {
        let list = log["audit_log_entries"].as_array().expect("a list");
        list.iter().map(|e| e["action_type"].as_u64().expect("a number")).collect()
    };
    assert_eq!(kinds(&log), [13, 110, 24, 24, 24]);
    assert_eq!(
        (&log["threads"][0]["name"], log["users"].as_array().map(Vec::len)),
        (&json!("talk"), Some(2))
    );
    let read = async |query: &str| line.get(&format!("/guilds/{guild}/audit-logs{query}")).await;
    assert_eq!(kinds(&read("?limit=2").await.json()), [13, 110]);
    assert_eq!(kinds(&read("?after=0&limit=4").await.json()), [24, 24, 24, 110]);
    let second = text(&log["audit_log_entries"][1], "id");
    assert_eq!(kinds(&read(&format!("?before={second}&limit=1")).await.json()), [24]);
    assert_eq!(kinds(&read(&format!("?after={second}")).await.json()), [13]);
    assert_eq!(kinds(&read("?action_type=110").await.json()), [110]);
    assert_eq!(kinds(&read(&format!("?user_id={mika}")).await.json()), [0; 0]);
    assert_eq!(kinds(&read(&format!("?target_id={noor}&limit=100")).await.json()), [24, 24, 24]);
    for query in ["?limit=101", "?limit=0", "?action_type=2", "?action_type=x", "?user_id=x", "?before=x"] {
        assert_eq!(read(query).await.code(), (400, 50035), "{query}");
    }
    assert_eq!(try_run(&line, "list_guild_audit_log_entries", &["17"], None).await.code(), (404, 10004));
}
