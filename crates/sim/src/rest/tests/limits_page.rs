//! Holds docs/src/limits.md against what the local Discord does: each row's number is accepted, one more is
//! refused with the row's code.

use std::time::Duration;

use axum::{body::Body, http::Request};
use cogwright_sim_world::{
    ChannelId, ChannelKind, Timestamp, interactions::Autocomplete, places::operator::CreateUser,
};
use serde_json::{Value, json};

use super::{
    Answer, Line, limits_channels, limits_commands, limits_messages, limits_places, oauth2, scheduled_events,
};
use crate::RateLimitMode;

const PAGE: &str = include_str!("../../../../../docs/src/limits.md");
/// Where the constants of the page's last table are.
const SOURCES: [&str; 5] = [
    include_str!("../../gateway/commands.rs"),
    include_str!("../../gateway/limits.rs"),
    include_str!("../../gateway/shard.rs"),
    include_str!("../../gateway/members.rs"),
    include_str!("../../gateway/presence.rs"),
];

/// A line of one of the page's tables.
#[derive(Debug)]
pub(super) struct Row {
    section: &'static str,
    pub(super) what: &'static str,
    pub(super) most: u64,
    refusal: &'static str,
}

/// All lines of the page's tables.
pub(super) fn rows() -> Vec<Row> {
    let row = |section, line: &'static str| {
        let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ");
        let (what, most, refusal) = (cells.next()?, cells.next()?, cells.next()?);
        Some(Row { section, what, most: most.replace(',', "").parse().ok()?, refusal })
    };
    let sections = PAGE.split("\n## ").skip(1).filter_map(|part| part.split_once('\n'));
    sections.flat_map(|(section, text)| text.lines().filter_map(move |line| row(section, line))).collect()
}

fn x(n: u64) -> String {
    "x".repeat(n as usize)
}

fn list(n: u64, item: impl Fn(u64) -> Value) -> Value {
    (0..n).map(item).collect()
}

fn embed(embed: Value) -> Value {
    json!({ "embeds": [embed] })
}

fn button(id: u64) -> Value {
    json!({ "type": 2, "style": 2, "label": "x", "custom_id": id.to_string() })
}

fn in_row(component: Value) -> Value {
    json!({ "components": [{ "type": 1, "components": [component] }] })
}

fn command(kind: u64, n: u64) -> Value {
    let mut command = json!({ "type": kind, "name": format!("x{n}") });
    if kind == 1 {
        command["description"] = "x".into();
    }
    command
}

fn poll(question: &str, answers: u64) -> Value {
    let answer = |i: u64| json!({ "poll_media": { "text": format!("x{i}") } });
    json!({ "poll": { "question": { "text": question }, "answers": list(answers, answer), "duration": 1 } })
}

/// The callback that answers with `n` of what the row is about, and the kind of interaction it answers.
fn callback(row: &str, n: u64) -> Option<Value> {
    let modal = |title: String, rows: u64| {
        let input = |i: u64| {
            json!({ "type": 1, "components": [
                { "type": 4, "custom_id": i.to_string(), "label": "x", "style": 1 },
            ] })
        };
        json!({ "type": 9, "data": { "custom_id": "x", "title": title, "components": list(rows, input) } })
    };
    Some(match row {
        "choices that complete an option" => {
            json!({ "type": 8, "data": { "choices": list(n, |i| json!({ "name": "x", "value": i.to_string() })) } })
        }
        "characters of a modal's title" => modal(x(n), 1),
        "components at the top of a modal" => modal("x".into(), n),
        _ => return None,
    })
}

/// Answers an interaction of the kind that the callback is for.
async fn answer(line: &Line, body: Value) -> Answer {
    let option = json!({ "type": 3, "name": "o", "description": "x", "autocomplete": true });
    let command = json!({ "name": "x0", "description": "x", "options": [option] });
    line.call("POST", &format!("/applications/{}/commands", line.ids.application), Some(command)).await;
    let (id, token) = if body["type"] == 8 {
        let typed = Autocomplete {
            user: line.ids.user,
            channel: line.ids.channel,
            name: "x0".into(),
            focused: "o".into(),
            text: "x".into(),
            options: Value::Null,
            application: None,
        };
        let id = line.sim.apply(typed).expect("a command that completes");
        let token = line.sim.read(|world, _| world.interaction(id).map(|i| i.token.clone()));
        (id.to_string(), token.expect("it is there"))
    } else {
        line.invoke("x0")
    };
    line.call("POST", &format!("/interactions/{id}/{token}/callback"), Some(body)).await
}

/// Sends files of these sizes.
async fn upload(line: &Line, sizes: &[usize]) -> Answer {
    let mut body = Vec::new();
    for (i, size) in sizes.iter().enumerate() {
        let head =
            format!("--x\r\ncontent-disposition: form-data; name=\"files[{i}]\"; filename=\"x.bin\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.resize(body.len() + size, b'x');
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--x--\r\n");
    let request = Request::post(format!("/api/v10/channels/{}/messages", line.ids.channel))
        .header("authorization", format!("Bot {}", line.ids.token))
        .header("content-type", "multipart/form-data; boundary=x")
        .body(Body::from(body));
    line.send(request.expect("a valid request")).await
}

/// The body of a message that has `n` of what the row is about.
fn message(row: &str, n: u64) -> Option<Value> {
    let option = |i: u64| json!({ "label": "x", "value": i.to_string() });
    Some(match row {
        "characters of `content`" => json!({ "content": x(n) }),
        "embeds" => json!({ "embeds": list(n, |_| json!({ "title": "x" })) }),
        "characters of all embeds together" => json!({ "embeds": [
            { "description": x(3000) }, { "description": x(n - 3000) },
        ] }),
        "characters of an embed's title" => embed(json!({ "title": x(n) })),
        "characters of an embed's description" => embed(json!({ "description": x(n) })),
        "fields of an embed" => embed(json!({ "fields": list(n, |_| json!({ "name": "x", "value": "x" })) })),
        "characters of a field's name" => embed(json!({ "fields": [{ "name": x(n), "value": "x" }] })),
        "characters of a field's value" => embed(json!({ "fields": [{ "name": "x", "value": x(n) }] })),
        "characters of a footer" => embed(json!({ "title": "x", "footer": { "text": x(n) } })),
        "characters of an embed's author" => embed(json!({ "title": "x", "author": { "name": x(n) } })),
        "characters of a nonce" => json!({ "content": "x", "nonce": x(n) }),
        "users in `allowed_mentions`" => {
            json!({ "content": "x", "allowed_mentions": { "users": list(n, |i| (i + 1).to_string().into()) } })
        }
        "answers of a poll" => poll("x", n),
        "characters of a poll's question" => poll(&x(n), 2),
        "characters of a message's text displays together" => {
            json!({ "flags": 1 << 15, "components": [
                { "type": 10, "content": x(2000) }, { "type": 10, "content": x(n - 2000) },
            ] })
        }
        "pictures of a gallery" => json!({ "flags": 1 << 15, "components": [
            { "type": 12, "items": list(n, |_| json!({ "media": { "url": "https://example.org/x.png" } })) },
        ] }),
        "components of a message, nested ones counted" => {
            json!({ "flags": 1 << 15, "components": [
                { "type": 17, "components": list(n - 1, |_| json!({ "type": 10, "content": "x" })) },
            ] })
        }
        "buttons in a row" => json!({ "components": [{ "type": 1, "components": list(n, button) }] }),
        "characters of a button's label" => {
            in_row(json!({ "type": 2, "style": 2, "label": x(n), "custom_id": "x" }))
        }
        "characters of a `custom_id`" => {
            in_row(json!({ "type": 2, "style": 2, "label": "x", "custom_id": x(n) }))
        }
        "options of a select" => in_row(json!({ "type": 3, "custom_id": "x", "options": list(n, option) })),
        "characters of a placeholder" => {
            in_row(json!({ "type": 3, "custom_id": "x", "placeholder": x(n), "options": list(1, option) }))
        }
        _ => return None,
    })
}

/// The body of a chat command that has `n` of what the row is about.
fn definition(row: &str, n: u64) -> Option<Value> {
    let option = |i: u64| json!({ "type": 3, "name": format!("o{i}"), "description": "x" });
    Some(match row {
        "characters of a command's name" => json!({ "name": x(n), "description": "x" }),
        "characters of a command's description" => json!({ "name": "x", "description": x(n) }),
        "options of a command" => json!({ "name": "x", "description": "x", "options": list(n, option) }),
        "choices of an option" => json!({ "name": "x", "description": "x", "options": [{
            "type": 4, "name": "o", "description": "x",
            "choices": list(n, |i| json!({ "name": i.to_string(), "value": i })),
        }] }),
        _ => return None,
    })
}

/// The body of a rule of auto moderation that has `n` of what the row is about.
fn moderation(row: &str, n: u64) -> Option<Value> {
    let mut rule = json!({
        "name": "x", "event_type": 1, "trigger_type": 1, "trigger_metadata": {}, "actions": [{ "type": 1 }],
    });
    let ids = |n: u64| list(n, |i| (i + 1).to_string().into());
    let (key, value) = match row {
        "actions of a rule" => ("actions", list(n, |_| json!({ "type": 1 }))),
        "keywords of a rule" => ("trigger_metadata", json!({ "keyword_filter": list(n, |_| "x".into()) })),
        "characters of a rule's name" => ("name", x(n).into()),
        "characters of a keyword" => ("trigger_metadata", json!({ "keyword_filter": [x(n)] })),
        "regular expressions of a rule" => {
            ("trigger_metadata", json!({ "regex_patterns": list(n, |_| "x".into()) }))
        }
        "characters of a regular expression" => ("trigger_metadata", json!({ "regex_patterns": [x(n)] })),
        "words that a keyword rule allows" => {
            ("trigger_metadata", json!({ "allow_list": list(n, |_| "x".into()) }))
        }
        "roles that a rule exempts" => ("exempt_roles", ids(n)),
        "channels that a rule exempts" => ("exempt_channels", ids(n)),
        "characters of a rule's `custom_message`" => {
            ("actions", json!([{ "type": 1, "metadata": { "custom_message": x(n) } }]))
        }
        "seconds of a rule's time-out" => {
            ("actions", json!([{ "type": 3, "metadata": { "duration_seconds": n } }]))
        }
        "mentions that a rule allows" => {
            rule["trigger_type"] = 5.into();
            ("trigger_metadata", json!({ "mention_total_limit": n }))
        }
        "rules of auto moderation that look for keywords" => return Some(rule),
        "rules of auto moderation that count mentions" => ("trigger_type", 5.into()),
        _ => return None,
    };
    rule[key] = value;
    Some(rule)
}

async fn say(line: &Line) -> (String, Answer) {
    let path = format!("/channels/{}/messages", line.ids.channel);
    let answer = line.call("POST", &path, Some(json!({ "content": "x" }))).await;
    (answer.json()["id"].as_str().unwrap_or_default().to_owned(), answer)
}

/// New people who are in no guild.
fn people(line: &Line, n: u64) -> Vec<String> {
    let made = (0..n).map(|_| {
        let user =
            line.sim.apply(CreateUser { body: json!({ "username": "stranger" }) }).expect("is allowed");
        user["id"].as_str().expect("an id").to_owned()
    });
    made.collect()
}

/// The last answer of a series of calls.
async fn each(line: &Line, method: &str, n: u64, call: impl Fn(u64) -> (String, Option<Value>)) -> Answer {
    let mut last = None;
    for i in 0..n {
        let (path, body) = call(i);
        last = Some(line.call(method, &path, body).await);
    }
    last.expect("a limit above zero")
}

/// Does what the row limits, `n` of it, and answers the last reply.
async fn probe(line: &Line, row: &str, n: u64) -> Answer {
    let roles = format!("/guilds/{}/roles", line.ids.guild);
    let channel = format!("/channels/{}", line.ids.channel);
    let commands = format!("/applications/{}/commands", line.ids.application);
    let messages = format!("{channel}/messages");
    if let Some(body) = message(row, n).or_else(|| limits_messages::message(row, n)) {
        return line.call("POST", &messages, Some(body)).await;
    }
    if let Some(body) = definition(row, n) {
        return line.call("POST", &commands, Some(body)).await;
    }
    if let Some(body) = callback(row, n).or_else(|| limits_messages::modal(row, n)) {
        return answer(line, body).await;
    }
    if let Some(body) = moderation(row, n) {
        let rules = format!("/guilds/{}/auto-moderation/rules", line.ids.guild);
        let times = if row.starts_with("rules ") { n } else { 1 };
        return each(line, "POST", times, |_| (rules.clone(), Some(body.clone()))).await;
    }
    let patch = |key: &str, value: Value| line.call("PATCH", &channel, Some(json!({ key: value })));
    let kind = ["chat commands of a scope", "user commands of a scope", "message commands of a scope"];
    if let Some(kind) = kind.iter().position(|name| *name == row) {
        let kind = kind as u64 + 1;
        return each(line, "POST", n, |i| (commands.clone(), Some(command(kind, i)))).await;
    }
    if let Some(answer) = limits_messages::probe(line, row, n).await {
        return answer;
    }
    if let Some(answer) = limits_commands::probe(line, row, n).await {
        return answer;
    }
    if let Some(answer) = limits_places::probe(line, row, n).await {
        return answer;
    }
    if let Some(answer) = oauth2::probe(line, row, n).await {
        return answer;
    }
    if let Some(answer) = limits_channels::probe(line, row, n).await {
        return answer;
    }
    if let Some(answer) = scheduled_events::probe(line, row, n).await {
        return answer;
    }
    match row {
        "files" => upload(line, &vec![1; n as usize]).await,
        "bytes of a file" => upload(line, &[n as usize]).await,
        "distinct reactions of a message" => {
            let (id, _) = say(line).await;
            each(line, "PUT", n, |i| {
                let emoji = format!("%F0%9F%90%{:02X}", 0x80 + i);
                (format!("{messages}/{id}/reactions/{emoji}/@me"), None)
            })
            .await
        }
        "pins of a channel" => {
            let mut last = None;
            for _ in 0..n {
                let (id, _) = say(line).await;
                last = Some(line.call("PUT", &format!("{messages}/pins/{id}"), None).await);
            }
            last.expect("a limit above zero")
        }
        "messages of a bulk deletion" => {
            let mut ids = Vec::new();
            for _ in 0..n {
                ids.push(say(line).await.0);
            }
            line.call("POST", &format!("{messages}/bulk-delete"), Some(json!({ "messages": ids }))).await
        }
        "command creations in 24 h and scope" => {
            let mut last = None;
            for i in 0..n {
                let answer = line.call("POST", &commands, Some(command(1, i))).await;
                if let Some(id) = answer.json()["id"].as_str() {
                    line.call("DELETE", &format!("{commands}/{id}"), None).await;
                }
                last = Some(answer);
            }
            last.expect("a limit above zero")
        }
        "first answers to an interaction"
        | "seconds until the first answer"
        | "minutes that an interaction's token is good" => interaction(line, row, n).await,
        "characters of a channel's name" => patch("name", x(n).into()).await,
        "characters of a topic" => patch("topic", x(n).into()).await,
        "seconds of slowmode" => patch("rate_limit_per_user", n.into()).await,
        "days of a member's time-out" => {
            let now = line.sim.clock().now();
            let until = Timestamp::from_ms(now.ms() + n * 86_400_000).iso();
            // One whose highest role is below the bot's.
            let person = line.sim.read(|world, _| {
                world.users().find(|u| u.username == "noor").map(|u| u.id).expect("in the default world")
            });
            let path = format!("/guilds/{}/members/{person}", line.ids.guild);
            line.call("PATCH", &path, Some(json!({ "communication_disabled_until": until }))).await
        }
        "seconds of messages that a ban deletes" => {
            let path = format!("/guilds/{}/bans/{}", line.ids.guild, people(line, 1)[0]);
            line.call("PUT", &path, Some(json!({ "delete_message_seconds": n }))).await
        }
        "users of a bulk ban" => {
            let path = format!("/guilds/{}/bulk-ban", line.ids.guild);
            line.call("POST", &path, Some(json!({ "user_ids": people(line, n) }))).await
        }
        "bans of people who are no members in 24 h" => {
            let strangers = people(line, n);
            let (last, others) = strangers.split_last().expect("a limit above zero");
            let path = format!("/guilds/{}", line.ids.guild);
            for users in others.chunks(200) {
                line.call("POST", &format!("{path}/bulk-ban"), Some(json!({ "user_ids": users }))).await;
            }
            line.call("PUT", &format!("{path}/bans/{last}"), None).await
        }
        "bans of a page" => line.get(&format!("/guilds/{}/bans?limit={n}", line.ids.guild)).await,
        "days of a prune" => line.get(&format!("/guilds/{}/prune?days={n}", line.ids.guild)).await,
        "entries of a page of the audit log" => {
            line.get(&format!("/guilds/{}/audit-logs?limit={n}", line.ids.guild)).await
        }
        "characters of a voice channel's status" => {
            let voice = line.sim.read(|world, _| {
                let guild = world.guild(line.ids.guild).expect("is there");
                let is_voice =
                    |id: &&ChannelId| world.channel(**id).is_ok_and(|c| c.kind == ChannelKind::Voice);
                *guild.channels.iter().find(is_voice).expect("in the default world")
            });
            let path = format!("/channels/{voice}/voice-status");
            line.call("PUT", &path, Some(json!({ "status": x(n) }))).await
        }
        "characters of a role's name" => line.call("POST", &roles, Some(json!({ "name": x(n) }))).await,
        "roles of a guild, @everyone not counted" => {
            // Four are there already.
            each(line, "POST", n - 4, |_| (roles.clone(), Some(json!({})))).await
        }
        "characters of a guild's name" | "characters of a guild's description" => {
            let key = if row.ends_with("name") { "name" } else { "description" };
            let guild = format!("/guilds/{}", line.ids.guild);
            line.call("PATCH", &guild, Some(json!({ key: x(n) }))).await
        }
        "channels of a welcome screen" => {
            let one = json!({ "channel_id": line.ids.channel, "description": "x" });
            let body = json!({ "welcome_channels": list(n, |_| one.clone()) });
            line.call("PATCH", &format!("/guilds/{}/welcome-screen", line.ids.guild), Some(body)).await
        }
        "questions of an onboarding" => {
            let prompt = |i: u64| json!({ "id": i.to_string(), "title": "x", "options": [{ "title": "x" }] });
            let body = json!({ "prompts": list(n, prompt) });
            line.call("PUT", &format!("/guilds/{}/onboarding", line.ids.guild), Some(body)).await
        }
        "templates of a guild" => {
            let path = format!("/guilds/{}/templates", line.ids.guild);
            each(line, "POST", n, |_| (path.clone(), Some(json!({ "name": "x" })))).await
        }
        "requests in a second, all routes but those of interactions and webhooks" => {
            each(line, "GET", n, |i| (format!("/channels/{}", 100_000_000_000_000_000 + i), None)).await
        }
        "messages sent to a channel in 5 s" => {
            each(line, "POST", n, |_| (messages.clone(), Some(json!({ "content": "x" })))).await
        }
        "answers with 401, 403 or 429 in 10 min" => {
            let mut last = None;
            for _ in 0..n {
                last = Some(line.call_as("nobody's", "GET", "/users/@me", None).await);
            }
            last.expect("a limit above zero")
        }
        "characters of a reason for the audit log" => {
            let request = Request::post(format!("/api/v10{roles}"))
                .header("authorization", format!("Bot {}", line.ids.token))
                .header("x-audit-log-reason", x(n));
            line.send(request.body(Body::empty()).expect("a valid request")).await
        }
        "changes of a channel's name or topic in 10 min" => {
            each(line, "PATCH", n, |i| (channel.clone(), Some(json!({ "name": format!("x{i}") })))).await
        }
        other => panic!("docs/src/limits.md: no test holds the row `{other}`"),
    }
}

async fn interaction(line: &Line, row: &str, n: u64) -> Answer {
    let commands = format!("/applications/{}/commands", line.ids.application);
    line.call("POST", &commands, Some(command(1, 0))).await;
    let (id, token) = line.invoke("x0");
    let callback = format!("/interactions/{id}/{token}/callback");
    let reply = || Some(json!({ "type": 4, "data": { "content": "x" } }));
    // What is allowed is the time up to the limit, so the last moment before it counts as the limit itself.
    let almost = |unit: u64| Duration::from_millis(n * unit - 10);
    match row {
        "first answers to an interaction" => each(line, "POST", n, |_| (callback.clone(), reply())).await,
        "seconds until the first answer" => {
            line.sim.clock().advance(almost(1000));
            line.sim.tick();
            line.call("POST", &callback, reply()).await
        }
        _ => {
            line.call("POST", &callback, reply()).await;
            line.sim.clock().advance(almost(60_000));
            line.sim.tick();
            let path = format!("/webhooks/{}/{token}", line.ids.application);
            line.call("POST", &path, Some(json!({ "content": "x" }))).await
        }
    }
}

/// What is wrong with an answer that should be this refusal.
fn mismatch(answer: &Answer, refusal: &str) -> Option<String> {
    let (code, more) = refusal.split_once(" / ").unwrap_or((refusal, ""));
    let remaining = answer.header("x-ratelimit-remaining").and_then(|n| n.parse::<u64>().ok());
    let right = match code.strip_prefix("429") {
        Some(", HTML without `Via`") => {
            let html = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
            answer.status == 429 && html && answer.header("via").is_none()
        }
        Some(scope) => {
            let as_told = match scope {
                "" => remaining == Some(0),
                ", `X-RateLimit-Remaining` above 0" => remaining > Some(0),
                ", `global`" => answer.json()["global"] == true,
                other => panic!("docs/src/limits.md: no test knows the refusal `429{other}`"),
            };
            answer.status == 429 && as_told && answer.header("via").is_some()
        }
        None => {
            let body = answer.json();
            let named = body["errors"].to_string().contains(more.trim_matches('`'));
            answer.status >= 400 && body["code"].as_u64() == code.parse().ok() && named
        }
    };
    (!right).then(|| shown(answer))
}

fn shown(answer: &Answer) -> String {
    format!("{} {:?} {}", answer.status, answer.headers, String::from_utf8_lossy(&answer.bytes))
}

/// Whether an answer says no to what it was asked for. The places of the global limit's probe do not exist, and whoever
/// makes invalid requests is told so; what matters is that they are answered in earnest.
fn is_refused(answer: &Answer, refusal: &str) -> bool {
    let in_earnest = refusal.starts_with("429") && matches!(answer.status, 401 | 404);
    answer.status >= 400 && !in_earnest
}

/// Whether the constant that a row names is what it says.
fn is_constant(name: &str, most: u64) -> bool {
    let number = |source: &str| {
        let line = source.lines().find(|l| l.contains(&format!("const {name}: ")))?;
        line.rsplit(" = ").next()?.trim_end_matches(';').replace('_', "").parse::<u64>().ok()
    };
    SOURCES.iter().filter_map(|s| number(s)).any(|n| n == most)
}

/// Tries every row of a section: at the limit, and one above it.
async fn hold(section: &str) {
    let mut wrong = Vec::new();
    let rows = rows();
    for Row { what: row, most, refusal, .. } in rows.iter().filter(|row| row.section == section) {
        if let Some(name) = row.split("(`").nth(1).and_then(|rest| rest.strip_suffix("`)")) {
            if !is_constant(name, *most) {
                wrong.push(format!("{row}: no constant of that name is {most}"));
            }
            continue;
        }
        let mode = if refusal.starts_with("429") { RateLimitMode::Enforce } else { RateLimitMode::Off };
        let fresh = || {
            let line = Line::new(mode);
            line.sim.clock().freeze(None);
            line
        };
        let at = probe(&fresh(), row, *most).await;
        if is_refused(&at, refusal) {
            wrong.push(format!("{row}: {most} are refused: {}", shown(&at)));
        }
        let over = probe(&fresh(), row, most + 1).await;
        if let Some(problem) = mismatch(&over, refusal) {
            wrong.push(format!("{row}: {} should be refused with {refusal}: {problem}", most + 1));
        }
    }
    assert!(wrong.is_empty(), "docs/src/limits.md is wrong:\n{}", wrong.join("\n"));
}

/// A test for each section of the page, so that they run side by side.
macro_rules! sections {
    ($($test:ident = $section:literal;)+) => {
        const SECTIONS: &[&str] = &[$($section),+];

        $(
            #[tokio::test]
            async fn $test() {
                hold($section).await;
            }
        )+
    };
}

sections! {
    messages_are_as_the_page_says = "Messages";
    components_are_as_the_page_says = "Components";
    commands_are_as_the_page_says = "Commands and interactions";
    places_are_as_the_page_says = "Places";
    channels_are_as_the_page_says = "Channels, threads, webhooks and invites";
    expressions_are_as_the_page_says = "Emojis, stickers and sounds";
    boosts_are_as_the_page_says = "Boosts";
    moderation_is_as_the_page_says = "Moderation";
    auto_moderation_is_as_the_page_says = "Auto moderation and voice";
    scheduled_events_are_as_the_page_says = "Scheduled events";
    applications_are_as_the_page_says = "Applications";
    requests_are_as_the_page_says = "Requests";
    the_gateway_is_as_the_page_says = "Gateway";
}

#[test]
fn every_section_of_the_page_has_a_test() {
    let rows = rows();
    assert!(rows.len() > 190, "the page was not read: {} rows", rows.len());
    let mut sections: Vec<&str> = rows.iter().map(|row| row.section).collect();
    sections.dedup();
    assert_eq!(sections, SECTIONS);
}
