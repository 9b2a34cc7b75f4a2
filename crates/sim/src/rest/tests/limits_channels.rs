//! Probes of the limits page: channels, threads, webhooks, invites. What must be there before is made without requests.

use cogwright_sim_world::{Actor, messages, places, places::operator, webhooks};
use serde_json::{Value, json};

use super::{Answer, Line, text};

fn channel(line: &Line, body: Value) -> String {
    text(&line.sim.apply(operator::CreateChannel { guild: line.ids.guild, body }).expect("made"), "id")
}

/// A forum with this many tags, whose ids are answered too.
async fn forum(line: &Line, tags: u64) -> (Answer, Vec<Value>) {
    let tags: Vec<Value> = (0..tags).map(|i| json!({ "name": format!("t{i}") })).collect();
    let body = json!({ "name": "forum", "type": 15, "available_tags": tags });
    let answer = line.call("POST", &format!("/guilds/{}/channels", line.ids.guild), Some(body)).await;
    let made = answer.json()["available_tags"].as_array().cloned().unwrap_or_default();
    (answer, made.iter().map(|tag| tag["id"].clone()).collect())
}

/// The last answer of a series of POSTs.
async fn each(line: &Line, path: &str, n: u64, body: impl Fn(u64) -> Value) -> Answer {
    let mut last = None;
    for i in 0..n {
        last = Some(line.call("POST", path, Some(body(i))).await);
    }
    last.expect("a limit above zero")
}

/// Does what the row limits, `n` of it, if it is one of ours.
pub(super) async fn probe(line: &Line, row: &str, n: u64) -> Option<Answer> {
    let (guild, general) = (format!("/guilds/{}", line.ids.guild), format!("/channels/{}", line.ids.channel));
    let (channels, hooks, invites) =
        (format!("{guild}/channels"), format!("{general}/webhooks"), format!("{general}/invites"));
    let actor = Actor::bot(line.ids.application);
    let long = "x".repeat(n.min(1000) as usize);
    let post = async |path: &str, body: Value| line.call("POST", path, Some(body)).await;
    Some(match row {
        "channels of a guild" => {
            let there = line.sim.read(|world, _| world.guild(line.ids.guild).map(|g| g.channels.len()));
            for _ in there.expect("there") as u64..n - 1 {
                channel(line, json!({ "name": "x" }));
            }
            post(&channels, json!({ "name": "x" })).await
        }
        "channels of a category" => {
            let category = channel(line, json!({ "name": "box", "type": 4 }));
            each(line, &channels, n, |_| json!({ "name": "x", "parent_id": category })).await
        }
        "channels that get another category at once" => {
            let category = channel(line, json!({ "name": "box", "type": 4 }));
            let moves: Vec<Value> = (0..n)
                .map(|_| json!({ "id": channel(line, json!({ "name": "x" })), "parent_id": category }))
                .collect();
            line.call("PATCH", &channels, Some(json!(moves))).await
        }
        "overwrites of a request" => {
            let overwrite = |i: u64| json!({ "id": (i + 1).to_string(), "type": 1 });
            let overwrites: Vec<Value> = (0..n).map(overwrite).collect();
            post(&channels, json!({ "name": "x", "permission_overwrites": overwrites })).await
        }
        "tags of a forum" => forum(line, n).await.0,
        "characters of a tag's name" => {
            post(&channels, json!({ "name": "x", "type": 15, "available_tags": [{ "name": long }] })).await
        }
        "tags of a post" => {
            let (made, tags) = forum(line, n).await;
            let body = json!({ "name": "x", "message": { "content": "x" }, "applied_tags": tags });
            post(&format!("/channels/{}/threads", text(&made.json(), "id")), body).await
        }
        "pinned posts of a forum" => {
            let id = text(&forum(line, 1).await.0.json(), "id");
            let mut last = None;
            for _ in 0..n {
                let body = json!({ "name": "x", "message": { "content": "x" } });
                let made = post(&format!("/channels/{id}/threads"), body).await;
                let path = format!("/channels/{}", text(&made.json(), "id"));
                last = Some(line.call("PATCH", &path, Some(json!({ "flags": 2 }))).await);
            }
            last.expect("a limit above zero")
        }
        "active threads of a guild" => {
            let body = || json!({ "name": "x", "type": 11 });
            for _ in 1..n {
                let start = places::CreateThread {
                    actor,
                    channel: line.ids.channel,
                    body: body(),
                    files: Vec::new(),
                };
                line.sim.apply(start).expect("started");
            }
            post(&format!("{general}/threads"), body()).await
        }
        "members of a thread" => {
            let made = post(&format!("{general}/threads"), json!({ "name": "x", "type": 11 })).await.json();
            let thread = text(&made, "id");
            let mut last = None;
            // The bot is one.
            for i in 1..n {
                let body = json!({ "username": format!("member{i}") });
                let user = line.sim.apply(operator::CreateUser { body }).expect("made");
                let body = json!({ "user": user["id"] });
                line.sim.apply(operator::AddMember { guild: line.ids.guild, body }).expect("added");
                if i + 1 < n {
                    let user = text(&user, "id").parse().expect("an id");
                    let channel = thread.parse().expect("an id");
                    line.sim.apply(places::AddThreadMember { actor, channel, user }).expect("added");
                } else {
                    let path = format!("/channels/{thread}/thread-members/{}", text(&user, "id"));
                    last = Some(line.call("PUT", &path, None).await);
                }
            }
            last.expect("a limit above one")
        }
        "threads of a page of archived ones" => {
            line.get(&format!("{general}/threads/archived/public?limit={n}")).await
        }
        "threads that are found at once" => line.get(&format!("{general}/threads/search?limit={n}")).await,
        "webhooks of a channel" => each(line, &hooks, n, |_| json!({ "name": "x" })).await,
        "webhooks of a guild" => {
            let mut place = String::new();
            for i in 0..n {
                if i % 15 == 0 {
                    place = channel(line, json!({ "name": "x" }));
                }
                if i + 1 < n {
                    let (channel, body) = (place.parse().expect("an id"), json!({ "name": "x" }));
                    line.sim.apply(webhooks::CreateWebhook { actor, channel, body }).expect("made");
                }
            }
            post(&format!("/channels/{place}/webhooks"), json!({ "name": "x" })).await
        }
        "characters of a webhook's name" => post(&hooks, json!({ "name": long })).await,
        "times a message is published" => {
            let news = channel(line, json!({ "name": "news", "type": 5 }));
            let said = post(&format!("/channels/{news}/messages"), json!({ "content": "x" })).await.json();
            let path = format!("/channels/{news}/messages/{}/crosspost", text(&said, "id"));
            each(line, &path, n, |_| json!({})).await
        }
        "messages published in a channel in 1 h" => {
            let place = channel(line, json!({ "name": "news", "type": 5 }));
            let mut last = None;
            for _ in 0..n {
                let (channel, body) = (place.parse().expect("an id"), json!({ "content": "x" }));
                let say = messages::CreateMessage { actor, channel, body, files: Vec::new() };
                let said = line.sim.apply(say).expect("sent");
                let path = format!("/channels/{place}/messages/{}/crosspost", text(&said, "id"));
                last = Some(line.call("POST", &path, None).await);
            }
            last.expect("a limit above zero")
        }
        "invites of a guild" => each(line, &invites, n, |_| json!({ "unique": true })).await,
        "seconds that an invite is good" => post(&invites, json!({ "max_age": n })).await,
        "uses of an invite" => post(&invites, json!({ "max_uses": n })).await,
        _ => return None,
    })
}

/// A category's room counts channels, not what else is in the guild: the probe above would not notice.
#[tokio::test]
async fn a_channel_that_stays_in_its_full_category_may_be_changed() {
    let line = Line::new(crate::RateLimitMode::Off);
    let category = channel(&line, json!({ "name": "box", "type": 4 }));
    let mut last = String::new();
    for _ in 0..50 {
        last = channel(&line, json!({ "name": "x", "parent_id": category }));
    }
    let body = json!({ "name": "y", "parent_id": category });
    assert_eq!(line.call("PATCH", &format!("/channels/{last}"), Some(body)).await.status, 200);
}
