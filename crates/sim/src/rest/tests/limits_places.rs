//! Probes of the limits page: boosts, voice, overwrites, guild settings, invites, webhooks, applications, pages.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cogwright_sim_world::{monetization, places::operator};
use serde_json::{Value, json};

use super::{Answer, Line, expressions, text};

fn x(n: u64) -> String {
    "x".repeat(n as usize)
}

fn list(n: u64, item: &Value) -> Value {
    vec![item.clone(); n as usize].into()
}

fn channel(line: &Line, body: Value) -> String {
    text(&line.sim.apply(operator::CreateChannel { guild: line.ids.guild, body }).expect("made"), "id")
}

/// Gives the guild the boosts that a row names: `.. at boost level N`. What is left of the row's name.
fn boost<'a>(line: &Line, row: &'a str) -> &'a str {
    let Some((what, level)) = row.split_once(" at boost level ") else { return row };
    let level: u8 = level.parse().expect("a level");
    let body = json!({ "premium_tier": level });
    line.sim.apply(operator::PatchGuild { guild: line.ids.guild, body }).expect("is allowed");
    what
}

/// Rows whose body goes to a route of the guild: method, path below the guild and body.
fn of_guild(line: &Line, row: &str, n: u64) -> Option<(&'static str, &'static str, Value)> {
    let place = &line.ids.channel;
    let prompt = |option: Value| json!({ "prompts": [{ "id": "1", "title": "x", "options": option }] });
    let answer = |key: &str, id: Value| {
        let mut option = json!({ "title": "x" });
        option[key] = list(n, &id);
        prompt(json!([option]))
    };
    let template = |name: String, description: String| json!({ "name": name, "description": description });
    Some(match row {
        "features of a guild in a request" => ("PATCH", "", json!({ "features": list(n, &"NEWS".into()) })),
        "characters of a feature's name" => ("PATCH", "", json!({ "features": [x(n)] })),
        "characters of a welcome screen's description" => {
            ("PATCH", "/welcome-screen", json!({ "description": x(n) }))
        }
        "characters of a welcome channel's description" => {
            let shown = json!([{ "channel_id": place, "description": x(n) }]);
            ("PATCH", "/welcome-screen", json!({ "welcome_channels": shown }))
        }
        "answers of a question" => ("PUT", "/onboarding", prompt(list(n, &json!({ "title": "x" })))),
        "roles that an answer gives" => {
            let role = line.sim.apply(operator::CreateRole { guild: line.ids.guild, body: json!({}) });
            ("PUT", "/onboarding", answer("role_ids", role.expect("made")["id"].clone()))
        }
        "channels that an answer shows" => ("PUT", "/onboarding", answer("channel_ids", json!(place))),
        "default channels of an onboarding" => {
            ("PUT", "/onboarding", json!({ "default_channel_ids": list(n, &json!(place)) }))
        }
        "characters of a template's name" => ("POST", "/templates", template(x(n), "x".into())),
        "characters of a template's description" => ("POST", "/templates", template("x".into(), x(n))),
        "characters of a forum's guidelines" => {
            ("POST", "/channels", json!({ "name": "x", "type": 15, "topic": x(n) }))
        }
        "characters of a tag's emoji" => {
            let tags = json!([{ "name": "x", "emoji_name": x(n) }]);
            ("POST", "/channels", json!({ "name": "x", "type": 15, "available_tags": tags }))
        }
        "people in a voice channel" => {
            ("POST", "/channels", json!({ "name": "x", "type": 2, "user_limit": n }))
        }
        "people on a stage" => ("POST", "/channels", json!({ "name": "x", "type": 13, "user_limit": n })),
        "bits per second of a stage" => {
            ("POST", "/channels", json!({ "name": "x", "type": 13, "bitrate": n }))
        }
        "bits per second of a voice channel" | "bits per second of a voice channel without boosts" => {
            ("POST", "/channels", json!({ "name": "x", "type": 2, "bitrate": n }))
        }
        "roles that an emoji is for" => {
            let mut body = expressions::emoji("badge", &expressions::png(128, 0)).expect("a body");
            body["roles"] = list(n, &json!(line.ids.guild));
            ("POST", "/emojis", body)
        }
        "characters of a nickname" => ("PATCH", "/members/@me", json!({ "nick": x(n) })),
        _ => return None,
    })
}

/// Rows that a GET with a number shows.
fn page(line: &Line, row: &str, n: u64) -> Option<String> {
    let (guild, channel, application) = (line.ids.guild, line.ids.channel, line.ids.application);
    Some(match row {
        "members of a page" => format!("/guilds/{guild}/members?limit={n}"),
        "guilds of a page" => format!("/users/@me/guilds?limit={n}"),
        "threads that a search for threads skips" => format!("/channels/{channel}/threads/search?offset={n}"),
        "tags of a search for threads" => {
            let tags: Vec<String> = (0..n).map(|i| (i + 1).to_string()).collect();
            format!("/channels/{channel}/threads/search?tag={}", tags.join(","))
        }
        "roles of a prune" => {
            let roles = vec![guild.to_string(); n as usize];
            format!("/guilds/{guild}/prune?include_roles={}", roles.join(","))
        }
        "entitlements of a page" => format!("/applications/{application}/entitlements?limit={n}"),
        _ => return None,
    })
}

/// A webhook's message with what the row is about.
async fn by_webhook(line: &Line, row: &str, n: u64) -> Option<Answer> {
    let (kind, more) = match row {
        "characters of a name that a webhook's message goes by" => (0, json!({ "username": x(n) })),
        "characters of the address of a webhook's picture" => {
            (0, json!({ "avatar_url": format!("https://example.org/{}", x(n - 20)) }))
        }
        "characters of the name of a post that a webhook makes" => (15, json!({ "thread_name": x(n) })),
        _ => return None,
    };
    let place = channel(line, json!({ "name": "x", "type": kind }));
    let hook = line.call("POST", &format!("/channels/{place}/webhooks"), Some(json!({ "name": "x" }))).await;
    let path = format!("/webhooks/{}/{}?wait=true", text(&hook.json(), "id"), text(&hook.json(), "token"));
    let mut body = json!({ "content": "x" });
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    Some(line.call("POST", &path, Some(body)).await)
}

/// Changes the world as it is in its file: thousands of things that have been made, without making them one by one.
fn rewrite(line: &Line, change: impl FnOnce(&mut Value)) {
    let world = &mut line.sim.state().world;
    let mut file = serde_json::to_value(&*world).expect("a world is JSON");
    change(&mut file);
    *world = serde_json::from_value(file).expect("it is a world still");
}

/// A channel with an overwrite for so many, the last of them by a request.
async fn overwrites(line: &Line, n: u64) -> Answer {
    let place = channel(line, json!({ "name": "x" }));
    rewrite(line, |world| {
        let others = (1..n).map(|id| json!({ "id": id, "kind": "Member", "allow": 0, "deny": 0 }));
        world["channels"][&place]["overwrites"] = others.collect();
    });
    let path = format!("/channels/{place}/permissions/{}", line.ids.user);
    line.call("PUT", &path, Some(json!({ "type": 1, "allow": "1024", "deny": "0" }))).await
}

/// Entitlements of the application, the last of them by a request.
async fn entitlements(line: &Line, n: u64) -> Answer {
    let application = line.ids.application;
    let body = json!({ "name": "Gold", "type": 5 });
    let sku = line.sim.apply(monetization::CreateSku { application, body }).expect("made")["id"].clone();
    let path = format!("/applications/{application}/entitlements");
    let body = json!({ "sku_id": sku, "owner_id": line.ids.guild, "owner_type": 1 });
    let first = text(&line.call("POST", &path, Some(body.clone())).await.json(), "id");
    rewrite(line, |world| {
        let made = world["entitlements"][&first].clone();
        for id in 1..n - 1 {
            let mut another = made.clone();
            another["id"] = id.to_string().into();
            world["entitlements"][id.to_string()] = another;
        }
    });
    line.call("POST", &path, Some(body)).await
}

/// Does what the row limits, `n` of it, if it is one of ours.
pub(super) async fn probe(line: &Line, row: &str, n: u64) -> Option<Answer> {
    let row = boost(line, row);
    if let Some((method, path, body)) = of_guild(line, row, n) {
        return Some(line.call(method, &format!("/guilds/{}{path}", line.ids.guild), Some(body)).await);
    }
    if let Some(path) = page(line, row, n) {
        return Some(line.get(&path).await);
    }
    if let Some(answer) = by_webhook(line, row, n).await {
        return Some(answer);
    }
    if let Some(answer) = expressions::probe(line, row, n).await {
        return Some(answer);
    }
    let guild = format!("/guilds/{}", line.ids.guild);
    let invites = format!("/channels/{}/invites", line.ids.channel);
    let patch = async |path: &str, body: Value| line.call("PATCH", path, Some(body)).await;
    Some(match row {
        "overwrites of a channel" => overwrites(line, n).await,
        "entitlements of an application" => entitlements(line, n).await,
        "bytes of an avatar, icon or banner" => {
            let picture = STANDARD.encode(expressions::png(128, n as usize));
            patch("/users/@me", json!({ "avatar": format!("data:image/png;base64,{picture}") })).await
        }
        "roles that an invite gives" => {
            let role = line.sim.apply(operator::CreateRole { guild: line.ids.guild, body: json!({}) });
            let roles = list(n, &role.expect("made")["id"]);
            line.call("POST", &invites, Some(json!({ "role_ids": roles }))).await
        }
        "people that an invite is for" => {
            let users: Vec<String> = (0..n).map(|i| (100_000_000_000_000_000 + i).to_string()).collect();
            super::invites::upload(line, "POST", &invites, &users.join("\n"), Some("{}")).await
        }
        "days of messages that a ban deletes, as older clients say it" => {
            let body = json!({ "username": "stranger" });
            let user = text(&line.sim.apply(operator::CreateUser { body }).expect("made"), "id");
            line.call("PUT", &format!("{guild}/bans/{user}"), Some(json!({ "delete_message_days": n }))).await
        }
        "characters of a stage's topic" => {
            let stage = channel(line, json!({ "name": "x", "type": 13 }));
            let body = json!({ "channel_id": stage, "topic": x(n) });
            line.call("POST", "/stage-instances", Some(body)).await
        }
        "characters of an application's description" => {
            patch("/applications/@me", json!({ "description": x(n) })).await
        }
        "tags of an application" => {
            let tags: Vec<String> = (0..n).map(|i| format!("t{i}")).collect();
            patch("/applications/@me", json!({ "tags": tags })).await
        }
        "characters of a tag of an application" => {
            patch("/applications/@me", json!({ "tags": [x(n)] })).await
        }
        "characters of a bot's name" => patch("/users/@me", json!({ "username": x(n) })).await,
        _ => return None,
    })
}

#[tokio::test]
async fn a_feature_gives_the_highest_level_of_one_thing() {
    for (feature, row, most) in [
        ("MORE_EMOJI", "still emojis of a guild without boosts", 250),
        ("MORE_STICKERS", "stickers of a guild without boosts", 60),
        ("MORE_SOUNDBOARD", "sounds of a guild without boosts", 48),
        ("VIP_REGIONS", "bits per second of a voice channel without boosts", 384_000),
    ] {
        for (n, accepted) in [(most, true), (most + 1, false)] {
            let line = Line::new(crate::RateLimitMode::Off);
            let body = json!({ "features": [feature] });
            line.sim.apply(operator::PatchGuild { guild: line.ids.guild, body }).expect("is allowed");
            let answer = probe(&line, row, n).await.expect("a row of ours");
            assert_eq!(answer.status < 400, accepted, "{feature}, {n}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn a_tag_of_an_application_is_there_once() {
    let line = Line::new(crate::RateLimitMode::Off);
    let body = json!({ "tags": ["fun", "games", "fun"] });
    let answer = line.call("PATCH", "/applications/@me", Some(body)).await;
    assert_eq!(answer.code(), (400, 50035));
    let problem = &answer.json()["errors"]["tags"]["2"]["_errors"][0]["code"];
    assert_eq!(problem, "SET_TYPE_ALREADY_CONTAINS_VALUE");
}
