//! Webhooks of channels through their routes: each operation, and what it refuses.

use axum::{body::Body, http::Request};
use cogwright_sim_world::{Actor, places::operator, webhooks};
use serde_json::{Value, json};

use super::{Answer, Line, run, text, try_run};
use crate::RateLimitMode;

const PIXEL: &str = "data:image/png;base64,iVBORw0KGgo=";

/// A channel of a kind, made by the operator.
fn channel(line: &Line, kind: u8) -> String {
    let body = json!({ "name": format!("made-{kind}"), "type": kind });
    let made = line.sim.apply(operator::CreateChannel { guild: line.ids.guild, body });
    text(&made.expect("made"), "id")
}

/// A webhook of the bot's: id and token.
async fn webhook(line: &Line, channel: &str) -> (String, String) {
    let made = run(line, "create_webhook", &[channel], Some(json!({ "name": "Hook" }))).await;
    (text(&made, "id"), text(&made, "token"))
}

/// A webhook that a person has made.
fn person_s(line: &Line) -> (String, String) {
    let (actor, body) = (Actor::person(line.ids.user), json!({ "name": "Mine" }));
    let made = line.sim.apply(webhooks::CreateWebhook { actor, channel: line.ids.channel, body });
    let made = made.expect("made");
    (text(&made, "id"), text(&made, "token"))
}

/// A request without any token, with a query.
async fn post(line: &Line, path: &str, body: Value) -> Answer {
    let request = Request::post(format!("/api/v10{path}")).header("content-type", "application/json");
    line.send(request.body(Body::from(body.to_string())).expect("a valid request")).await
}

#[tokio::test]
async fn a_webhook_is_made_read_changed_and_removed() {
    let line = Line::new(RateLimitMode::Off);
    let (channel, guild) = (line.ids.channel.to_string(), line.ids.guild.to_string());
    let body = json!({ "name": "Builds", "avatar": PIXEL });
    let made = run(&line, "create_webhook", &[&channel], Some(body)).await;
    assert_eq!(
        (&made["type"], &made["name"], &made["channel_id"]),
        (&json!(1), &json!("Builds"), &json!(channel))
    );
    assert_eq!(made["application_id"], line.ids.application.to_string());
    assert_eq!(made["user"]["id"], line.ids.application.to_string());
    let (id, token) = (text(&made, "id"), text(&made, "token"));
    assert_eq!(token.len(), 68, "clients' patterns ask for it");
    assert_eq!(made["url"], format!("http://127.0.0.1:8787/api/webhooks/{id}/{token}"));

    assert_eq!(run(&line, "list_channel_webhooks", &[&channel], None).await, json!([made]));
    assert_eq!(run(&line, "get_guild_webhooks", &[&guild], None).await, json!([made]));
    assert_eq!(run(&line, "get_webhook", &[&id], None).await, made);
    let by_token = run(&line, "get_webhook_by_token", &[&id, &token], None).await;
    assert!(by_token.get("user").is_none(), "{by_token}");

    let other = self::channel(&line, 0);
    let body = json!({ "name": "Moved", "avatar": null, "channel_id": other });
    let changed = run(&line, "update_webhook", &[&id], Some(body)).await;
    assert_eq!((&changed["name"], &changed["avatar"]), (&json!("Moved"), &Value::Null));
    assert_eq!(changed["channel_id"], other);
    let body = json!({ "name": "By token", "channel_id": channel });
    let changed = run(&line, "update_webhook_by_token", &[&id, &token], Some(body)).await;
    assert_eq!(
        (&changed["name"], &changed["channel_id"]),
        (&json!("By token"), &json!(other)),
        "stays there"
    );

    run(&line, "delete_webhook", &[&id], None).await;
    assert_eq!(try_run(&line, "get_webhook", &[&id], None).await.code(), (404, 10015));
    let (id, token) = webhook(&line, &channel).await;
    assert_eq!(try_run(&line, "delete_webhook_by_token", &[&id, "wrong"], None).await.code(), (401, 50027));
    run(&line, "delete_webhook_by_token", &[&id, &token], None).await;
    assert_eq!(try_run(&line, "get_webhook_by_token", &[&id, &token], None).await.code(), (404, 10015));
}

#[tokio::test]
async fn case_30_what_a_webhook_writes_and_what_it_may_not() {
    let line = Line::new(RateLimitMode::Off);
    let channel = line.ids.channel.to_string();
    let (id, token) = webhook(&line, &channel).await;
    let path = format!("/webhooks/{id}/{token}");
    let quiet = post(&line, &path, json!({ "content": "hello" })).await;
    assert_eq!((quiet.status, quiet.bytes.len()), (204, 0), "nobody waits");
    let body = json!({ "content": "hello", "username": "Robot", "avatar_url": "https://a.example/x.png" });
    let said = post(&line, &format!("{path}?wait=true"), body).await.json();
    assert_eq!((&said["author"]["username"], &said["author"]["id"]), (&json!("Robot"), &json!(id)));
    assert_eq!((&said["webhook_id"], &said["author"]["bot"]), (&json!(id), &json!(true)));
    let avatar = said["author"]["avatar"].as_str().expect("a hash");
    let request = Request::get(format!("/cdn/avatars/{id}/{avatar}.png")).body(Body::empty());
    let drawn = tower::ServiceExt::oneshot(crate::serve::app(&line.sim), request.expect("valid")).await;
    assert_eq!(drawn.expect("a router is infallible").status(), 200);
    let plain = post(&line, &format!("{path}?wait=1"), json!({ "content": "x" })).await.json();
    assert_eq!(plain["author"]["username"], "Hook");

    // In a thread of its channel, and in no other.
    let thread = run(&line, "create_thread", &[&channel], Some(json!({ "name": "t", "type": 11 }))).await;
    let thread = text(&thread, "id");
    let there = post(&line, &format!("{path}?wait=true&thread_id={thread}"), json!({ "content": "x" })).await;
    assert_eq!(there.json()["channel_id"], thread);
    let elsewhere = self::channel(&line, 0);
    let answer = post(&line, &format!("{path}?thread_id={elsewhere}"), json!({ "content": "x" })).await;
    assert_eq!(answer.code(), (404, 10003));

    for name in ["My discord hook", "ClYde"] {
        let answer = try_run(&line, "create_webhook", &[&channel], Some(json!({ "name": name }))).await;
        let code = &answer.json()["errors"]["name"]["_errors"][0]["code"];
        assert_eq!((answer.code(), code), ((400, 50035), &json!("USERNAME_INVALID_CONTAINS")), "{name}");
        let answer = post(&line, &path, json!({ "content": "x", "username": name })).await;
        assert!(answer.json()["errors"]["username"].is_object(), "{answer:?}");
    }
    let wrong = post(&line, &format!("/webhooks/{id}/x{token}"), json!({ "content": "x" })).await;
    assert_eq!(wrong.code(), (401, 50027));
    let unknown = post(&line, &format!("/webhooks/1/{token}"), json!({ "content": "x" })).await;
    assert_eq!(unknown.code(), (404, 10015));
    assert_eq!(post(&line, &path, json!({})).await.code(), (400, 50006));
    let picture = json!({ "content": "x", "avatar_url": "javascript:x" });
    assert_eq!(post(&line, &path, picture).await.code(), (400, 50035));
    for _ in 1..15 {
        webhook(&line, &channel).await;
    }
    let sixteenth = try_run(&line, "create_webhook", &[&channel], Some(json!({ "name": "x" }))).await;
    assert_eq!(sixteenth.code(), (400, 30007));
    // Nor can one be moved there.
    let (id, _) = webhook(&line, &elsewhere).await;
    let answer = try_run(&line, "update_webhook", &[&id], Some(json!({ "channel_id": channel }))).await;
    assert_eq!(answer.code(), (400, 30007));
}

#[tokio::test]
async fn in_a_forum_a_webhook_needs_a_thread_or_a_name_for_one() {
    let line = Line::new(RateLimitMode::Off);
    let body = json!({ "name": "posts", "type": 15, "available_tags": [{ "name": "news" }] });
    let forum = run(&line, "create_guild_channel", &[&line.ids.guild.to_string()], Some(body)).await;
    let (tag, forum) = (text(&forum["available_tags"][0], "id"), text(&forum, "id"));
    let (id, token) = webhook(&line, &forum).await;
    let path = format!("/webhooks/{id}/{token}");
    let say = |more: Value| {
        let mut body = json!({ "content": "x" });
        body.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
        body
    };
    assert_eq!(post(&line, &path, say(json!({}))).await.code(), (400, 220_001));
    let named = say(json!({ "thread_name": "Release 1", "applied_tags": [tag] }));
    let said = post(&line, &format!("{path}?wait=true"), named.clone()).await.json();
    let thread = text(&said, "channel_id");
    assert_eq!(said["id"], thread, "the first message of a post has its id");
    let post_made = run(&line, "get_channel", &[&thread], None).await;
    assert_eq!((&post_made["name"], &post_made["parent_id"]), (&json!("Release 1"), &json!(forum)));
    assert_eq!((&post_made["owner_id"], &post_made["member_count"]), (&json!(id), &json!(0)));
    assert_eq!(post_made["applied_tags"], json!([tag]));
    let both = post(&line, &format!("{path}?thread_id={thread}"), named).await;
    assert_eq!(both.code(), (400, 220_002));
    let more = post(&line, &format!("{path}?wait=true&thread_id={thread}"), say(json!({}))).await;
    assert_eq!(more.json()["channel_id"], thread);
    let tags = say(json!({ "thread_name": "y", "applied_tags": ["1"] }));
    assert_eq!(post(&line, &path, tags).await.code(), (400, 50035));
    let (id, token) = webhook(&line, &line.ids.channel.to_string()).await;
    let answer = post(&line, &format!("/webhooks/{id}/{token}"), say(json!({ "thread_name": "z" }))).await;
    assert_eq!(answer.code(), (400, 220_003));
}

#[tokio::test]
async fn what_it_wrote_is_read_edited_and_deleted_by_its_token_alone() {
    let line = Line::new(RateLimitMode::Off);
    let channel = line.ids.channel.to_string();
    let (id, token) = webhook(&line, &channel).await;
    let (id, token) = (id.as_str(), token.as_str());
    let said = post(&line, &format!("/webhooks/{id}/{token}?wait=true"), json!({ "content": "one" })).await;
    let message = text(&said.json(), "id");
    let message = message.as_str();
    assert_eq!(run(&line, "get_webhook_message", &[id, token, message], None).await["content"], "one");
    let edit = Some(json!({ "content": "two" }));
    let edited = run(&line, "update_webhook_message", &[id, token, message], edit.clone()).await;
    assert_eq!((&edited["content"], edited["edited_timestamp"].is_string()), (&json!("two"), true));
    let own = run(&line, "create_message", &[&channel], Some(json!({ "content": "x" }))).await;
    let other = try_run(&line, "update_webhook_message", &[id, token, &text(&own, "id")], edit).await;
    assert_eq!(other.code(), (404, 10008), "not its own");
    assert_eq!(try_run(&line, "get_webhook_message", &[id, "x", message], None).await.code(), (401, 50027));
    for operation in ["get_original_webhook_message", "delete_original_webhook_message"] {
        assert_eq!(try_run(&line, operation, &[id, token], None).await.code(), (404, 10008));
    }
    run(&line, "delete_webhook_message", &[id, token, message], None).await;
    assert_eq!(try_run(&line, "get_webhook_message", &[id, token, message], None).await.code(), (404, 10008));
}

#[tokio::test]
async fn components_are_for_webhooks_that_an_application_owns() {
    let line = Line::new(RateLimitMode::Off);
    let button = |style: u8, key: &str| {
        let value = if key == "url" { "https://a.example" } else { "x" };
        let button = json!({ "type": 2, "style": style, "label": "x", key: value });
        json!({ "content": "x", "components": [{ "type": 1, "components": [button] }] })
    };
    let shown = |answer: Answer| answer.json()["components"].as_array().map_or(0, Vec::len);
    let (id, token) = webhook(&line, &line.ids.channel.to_string()).await;
    let own = format!("/webhooks/{id}/{token}?wait=true");
    assert_eq!(shown(post(&line, &own, button(1, "custom_id")).await), 1);
    let (id, token) = person_s(&line);
    let path = format!("/webhooks/{id}/{token}?wait=true");
    assert_eq!(shown(post(&line, &path, button(1, "custom_id")).await), 0, "not looked at");
    let asked = format!("{path}&with_components=true");
    assert_eq!(shown(post(&line, &asked, button(5, "url")).await), 1);
    let pressed = post(&line, &asked, button(1, "custom_id")).await;
    assert_eq!(pressed.code(), (400, 50035));
    assert!(pressed.json()["errors"]["components"]["0"]["components"]["0"].is_object(), "{pressed:?}");
    // The token of a person's webhook is shown to applications, that of another application's is not.
    let seen = run(&line, "get_webhook", &[&id], None).await;
    assert_eq!((&seen["token"], &seen["application_id"]), (&json!(token), &Value::Null));
}

#[tokio::test]
async fn edits_name_the_thread_and_ask_for_components_in_their_query() {
    let line = Line::new(RateLimitMode::Off);
    let channel = line.ids.channel.to_string();
    let thread = run(&line, "create_thread", &[&channel], Some(json!({ "name": "t", "type": 11 }))).await;
    let thread = text(&thread, "id");
    let (id, token) = person_s(&line);
    let path = format!("/webhooks/{id}/{token}");
    let said = post(&line, &format!("{path}?wait=true&thread_id={thread}"), json!({ "content": "x" })).await;
    let message = text(&said.json(), "id");
    let link = json!({ "type": 2, "style": 5, "label": "x", "url": "https://a.example" });
    let edit = json!({ "components": [{ "type": 1, "components": [link] }] });
    let send = async |method: &str, query: &str, body: Option<&Value>| {
        let path = format!("/api/v10{path}/messages/{message}{query}");
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |b| Body::from(b.to_string()));
        line.send(request.body(body).expect("a valid request")).await
    };
    let there = format!("?thread_id={thread}");
    assert_eq!(send("PATCH", "", Some(&edit)).await.code(), (404, 10008));
    assert_eq!(send("PATCH", &there, Some(&edit)).await.json()["components"], json!([]));
    let with = send("PATCH", &format!("{there}&with_components=true"), Some(&edit)).await;
    assert_eq!(with.json()["components"][0]["type"], 1, "{with:?}");
    assert_eq!(send("GET", "", None).await.code(), (404, 10008));
    assert_eq!(send("GET", &there, None).await.status, 200);
    assert_eq!(send("DELETE", "", None).await.code(), (404, 10008));
    assert_eq!(send("DELETE", &there, None).await.status, 204);
}

#[tokio::test]
async fn files_come_with_a_webhook_s_message() {
    let line = Line::new(RateLimitMode::Off);
    let (id, token) = webhook(&line, &line.ids.channel.to_string()).await;
    let body = "--X\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"a file\"}\r\n\
        --X\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"n.txt\"\r\n\r\nhello\r\n--X--\r\n";
    let request = Request::post(format!("/api/v10/webhooks/{id}/{token}?wait=true"))
        .header("content-type", "multipart/form-data; boundary=X")
        .body(Body::from(body));
    let said = line.send(request.expect("a valid request")).await;
    assert_eq!(said.json()["attachments"][0]["filename"], "n.txt", "{said:?}");
}

#[tokio::test]
async fn slack_s_and_github_s_bodies_are_told_in_discord_s_way() {
    let line = Line::new(RateLimitMode::Off);
    let channel = line.ids.channel.to_string();
    let (id, token) = webhook(&line, &channel).await;
    let slack = json!({ "text": "Deployed <https://a.example|v1>", "username": "deploy" });
    let answer = run(&line, "execute_slack_compatible_webhook", &[&id, &token], Some(slack)).await;
    assert_eq!(answer, "ok");
    let last = async || line.get(&format!("/channels/{channel}/messages?limit=1")).await.json()[0].clone();
    let said = last().await;
    assert_eq!(
        (&said["content"], &said["author"]["username"]),
        (&json!("Deployed [v1](https://a.example)"), &json!("deploy"))
    );
    let octo = json!({ "id": 1, "login": "octo", "html_url": "https://a.example", "avatar_url": "https://a.example/o" });
    let github = json!({
        "sender": octo, "action": "opened",
        "repository": { "id": 1, "name": "cat", "full_name": "octo/cat", "html_url": "https://a.example" },
        "issue": { "id": 1, "number": 5, "title": "Broken", "html_url": "https://a.example/5", "user": octo },
    });
    run(&line, "execute_github_compatible_webhook", &[&id, &token], Some(github)).await;
    let told = last().await;
    assert_eq!(told["embeds"][0]["title"], "[octo/cat] Issue opened: #5 Broken");
    let ping = json!({ "zen": "calm", "sender": octo });
    run(&line, "execute_github_compatible_webhook", &[&id, &token], Some(ping.clone())).await;
    assert_eq!(last().await["id"], told["id"], "nothing to tell");
    let answer = try_run(&line, "execute_github_compatible_webhook", &[&id, "x"], Some(ping)).await;
    assert_eq!(answer.code(), (401, 50027));
}

#[tokio::test]
async fn an_announcement_channel_is_followed_and_its_messages_arrive() {
    let line = Line::new(RateLimitMode::Off);
    let (news, target) = (channel(&line, 5), channel(&line, 0));
    let body = json!({ "webhook_channel_id": target });
    let followed = run(&line, "follow_channel", &[&news], Some(body.clone())).await;
    assert_eq!(followed["channel_id"], news);
    let hooks = run(&line, "list_channel_webhooks", &[&target], None).await;
    assert_eq!((&hooks[0]["type"], &hooks[0]["id"]), (&json!(2), &followed["webhook_id"]));
    assert_eq!(hooks[0]["source_channel"]["id"], news);
    assert!(hooks[0].get("token").is_none());
    let said = run(&line, "create_message", &[&news], Some(json!({ "content": "news" }))).await;
    let published = run(&line, "crosspost_message", &[&news, &text(&said, "id")], None).await;
    assert_eq!(published["flags"], 1);
    let again = try_run(&line, "crosspost_message", &[&news, &text(&said, "id")], None).await;
    assert_eq!(again.code(), (400, 40033));
    let there = line.get(&format!("/channels/{target}/messages?limit=5")).await.json();
    assert_eq!((&there[0]["content"], &there[0]["flags"]), (&json!("news"), &json!(2)));
    assert_eq!(there[0]["message_reference"]["message_id"], said["id"]);
    assert_eq!(there[1]["type"], 12, "the channel says that it follows");
    let answer =
        try_run(&line, "follow_channel", &[&target], Some(json!({ "webhook_channel_id": news }))).await;
    assert_eq!(answer.code(), (400, 50024), "no announcement channel");
    let answer = try_run(&line, "follow_channel", &[&news], Some(json!({}))).await;
    assert_eq!(answer.json()["errors"]["webhook_channel_id"]["_errors"][0]["code"], "BASE_TYPE_REQUIRED");
    let plain = run(&line, "create_message", &[&target], Some(json!({ "content": "x" }))).await;
    let answer = try_run(&line, "crosspost_message", &[&target, &text(&plain, "id")], None).await;
    assert_eq!(answer.code(), (400, 50024));
    let reference = json!({ "type": 1, "channel_id": target, "message_id": plain["id"] });
    let forward =
        run(&line, "create_message", &[&news], Some(json!({ "message_reference": reference }))).await;
    let answer = try_run(&line, "crosspost_message", &[&news, &text(&forward, "id")], None).await;
    assert_eq!(answer.code(), (403, 50021), "a forward");
}
