//! Ten thousand mutations of valid requests: never a panic, never a 5xx but 501, always a JSON error.

use std::cell::Cell;

use axum::{body::Body, http::Request};
use cogwright_sim_world::World;
use fastrand::Rng;
use proptest::{
    prelude::any,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use serde_json::{Map, Value, json};

use super::{Answer, Line};
use crate::RateLimitMode;

const CASES: u32 = 10_000;
/// Requests after which the world is put back.
const RESET_AFTER: u32 = 100;

/// A request to be mutated.
#[derive(Clone, Debug)]
struct Sample {
    method: String,
    path: String,
    content_type: Option<String>,
    body: Vec<u8>,
}

fn json_sample(method: &str, path: String, body: Value) -> Sample {
    let content_type = Some("application/json".to_owned());
    Sample { method: method.to_owned(), path, content_type, body: body.to_string().into_bytes() }
}

fn bare(method: &str, path: String) -> Sample {
    Sample { method: method.to_owned(), path, content_type: None, body: Vec::new() }
}

fn multipart(path: String) -> Sample {
    let body = "--X\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\
        PNG\r\n--X\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n\
        {\"content\":\"x\",\"attachments\":[{\"id\":0,\"description\":\"d\"}],\"embeds\":[{\"image\":{\"url\":\"attachment://a.png\"}}]}\r\n--X--\r\n";
    Sample {
        method: "POST".into(),
        path,
        content_type: Some("multipart/form-data; boundary=X".into()),
        body: body.as_bytes().to_vec(),
    }
}

fn command() -> Value {
    json!({
        "name": "echo", "description": "Says it again", "type": 1, "contexts": null, "default_member_permissions": "8",
        "name_localizations": {"de": "echo"},
        "options": [
            {"type": 3, "name": "text", "description": "What", "required": true, "min_length": 1, "max_length": 100},
            {"type": 4, "name": "times", "description": "How often", "min_value": 1, "max_value": 3},
            {"type": 3, "name": "tone", "description": "How", "choices": [{"name": "loud", "value": "LOUD"}]},
        ],
    })
}

fn message() -> Value {
    json!({
        "content": "hello <@1>", "tts": false, "nonce": "n1", "enforce_nonce": true, "flags": 4,
        "allowed_mentions": {"parse": ["users"], "replied_user": true},
        "message_reference": {"message_id": "1", "channel_id": "2", "fail_if_not_exists": false},
        "embeds": [{"title": "t", "description": "d", "color": 255, "timestamp": "2026-01-01T00:00:00Z",
            "fields": [{"name": "n", "value": "v", "inline": true}], "footer": {"text": "f"}, "author": {"name": "a"}}],
        "components": [{"type": 1, "components": [
            {"type": 2, "style": 1, "custom_id": "b", "label": "Press", "emoji": {"name": "👍"}},
            {"type": 2, "style": 5, "url": "https://example.org", "label": "Go"},
        ]}, {"type": 1, "components": [
            {"type": 3, "custom_id": "s", "min_values": 0, "max_values": 1, "options": [{"label": "l", "value": "v"}]},
        ]}],
    })
}

fn v2_message() -> Value {
    json!({"flags": 32768, "components": [
        {"type": 10, "content": "text"},
        {"type": 17, "accent_color": 5, "components": [
            {"type": 9, "components": [{"type": 10, "content": "x"}],
                "accessory": {"type": 11, "media": {"url": "https://example.org/a.png"}}},
            {"type": 14, "spacing": 1, "divider": true},
            {"type": 12, "items": [{"media": {"url": "https://example.org/b.png"}, "description": "d"}]},
        ]},
    ]})
}

fn modal() -> Value {
    json!({"type": 9, "data": {"title": "T", "custom_id": "m", "components": [
        {"type": 18, "label": "L", "component": {"type": 4, "custom_id": "i", "style": 1, "required": true, "max_length": 10}},
    ]}})
}

/// A recurring event; so far away that it is always to come.
fn event() -> Value {
    json!({
        "name": "Picnic", "description": "d", "privacy_level": 2, "entity_type": 3, "channel_id": null,
        "entity_metadata": {"location": "here"}, "scheduled_start_time": "2096-02-29T10:00:00Z",
        "scheduled_end_time": "2096-02-29T12:00:00+00:00",
        "recurrence_rule": {"start": "2096-02-29T10:00:00Z", "frequency": 0, "interval": 1, "by_month": [2], "by_month_day": [29]},
    })
}

/// Stands for the path of a fresh interaction, `{id}/{token}`, so that its answer is read and not just refused.
const INTERACTION: &str = "(interaction)";
/// Stands for the token of an interaction that has been answered.
const TOKEN: &str = "(token)";

/// The default world with what the samples need: a message, a command, an answered interaction.
struct Stage {
    line: Line,
    world: World,
    samples: Vec<Sample>,
    token: String,
}

impl Stage {
    async fn new() -> Self {
        let line = Line::new(RateLimitMode::Off);
        let messages = format!("/channels/{}/messages", line.ids.channel);
        let sent = line.call("POST", &messages, Some(json!({"content": "to be changed"}))).await;
        let message_id = sent.json()["id"].as_str().expect("a message").to_owned();
        let commands = format!("/applications/{}/commands", line.ids.application);
        let hello = json!([{"name": "hello", "description": "Says hello"}]);
        assert_eq!(line.call("PUT", &commands, Some(hello)).await.status, 200);
        let (id, token) = line.invoke("hello");
        let callback = format!("/interactions/{id}/{token}/callback");
        assert_eq!(line.call("POST", &callback, Some(json!({"type": 5}))).await.status, 204);
        let events = format!("/guilds/{}/scheduled-events", line.ids.guild);
        let planned = line.call("POST", &events, Some(event())).await;
        let event_id = planned.json()["id"].as_str().expect("an event").to_owned();
        let samples = corpus(&line, &message_id, &event_id);
        let world = line.sim.read(|world, _| world.clone());
        Self { line, world, samples, token }
    }

    /// Puts the world back, so that it does not grow with the test.
    fn reset(&self) {
        self.line.sim.replace_world(self.world.clone());
    }

    /// Sends a sample; `None` for what is no address or header at all: no HTTP client can send that.
    async fn send(&self, sample: &Sample) -> Option<Answer> {
        let mut path = sample.path.replace(TOKEN, &self.token);
        if path.contains(INTERACTION) {
            // An earlier mutation may have deleted the channel or the command.
            self.reset();
            let (id, token) = self.line.invoke("hello");
            path = path.replace(INTERACTION, &format!("{id}/{token}"));
        }
        let request = Request::builder()
            .method(sample.method.as_str())
            .uri(format!("/api/v10{path}"))
            .header("authorization", format!("Bot {}", self.line.ids.token))
            .header("content-type", sample.content_type.clone().unwrap_or_default())
            .body(Body::from(sample.body.clone()));
        Some(self.line.send(request.ok()?).await)
    }
}

/// A valid request for every kind of route.
fn corpus(line: &Line, message_id: &str, event_id: &str) -> Vec<Sample> {
    let (channel, guild, app, user) = (line.ids.channel, line.ids.guild, line.ids.application, line.ids.user);
    let message_path = format!("/channels/{channel}/messages/{message_id}");
    let interaction = format!("/interactions/{INTERACTION}/callback");
    let hook = format!("/webhooks/{app}/{TOKEN}");
    vec![
        bare("GET", "/gateway".into()),
        bare("GET", "/gateway/bot".into()),
        bare("GET", "/users/@me".into()),
        bare("GET", format!("/users/{user}")),
        json_sample("PATCH", "/users/@me".into(), json!({"username": "new name", "avatar": null})),
        bare("GET", "/users/@me/guilds?limit=5&with_counts=true".into()),
        json_sample("POST", "/users/@me/channels".into(), json!({"recipient_id": user.to_string()})),
        bare("GET", "/applications/@me".into()),
        json_sample(
            "PATCH",
            "/applications/@me".into(),
            json!({"description": "d", "tags": ["a"], "flags": 0}),
        ),
        bare("GET", "/oauth2/applications/@me".into()),
        bare("GET", format!("/channels/{channel}")),
        json_sample(
            "PATCH",
            format!("/channels/{channel}"),
            json!({"name": "renamed", "topic": "t", "nsfw": false}),
        ),
        bare("GET", format!("/guilds/{guild}?with_counts=1")),
        bare("GET", format!("/guilds/{guild}/channels")),
        bare("GET", format!("/guilds/{guild}/roles")),
        bare("GET", format!("/guilds/{guild}/members?limit=2&after=0")),
        bare("GET", format!("/guilds/{guild}/members/search?query=a&limit=2")),
        bare("GET", format!("/guilds/{guild}/members/{user}")),
        bare("GET", format!("/guilds/{guild}/threads/active")),
        json_sample("POST", format!("/channels/{channel}/messages"), message()),
        json_sample("POST", format!("/channels/{channel}/messages"), v2_message()),
        multipart(format!("/channels/{channel}/messages")),
        bare("GET", format!("/channels/{channel}/messages?limit=10&around={message_id}")),
        bare("GET", message_path.clone()),
        json_sample("PATCH", message_path.clone(), message()),
        bare("DELETE", message_path.clone()),
        json_sample(
            "POST",
            format!("/channels/{channel}/messages/bulk-delete"),
            json!({"messages": [message_id, "5"]}),
        ),
        bare("PUT", format!("{message_path}/reactions/%F0%9F%91%8D/@me")),
        bare("DELETE", format!("{message_path}/reactions/%F0%9F%91%8D/{user}")),
        bare("GET", format!("{message_path}/reactions/name%3A5?limit=5")),
        bare("PUT", format!("/channels/{channel}/messages/pins/{message_id}")),
        bare("GET", format!("/channels/{channel}/messages/pins?limit=5")),
        bare("POST", format!("/channels/{channel}/typing")),
        json_sample(
            "POST",
            format!("{message_path}/threads"),
            json!({"name": "thread", "auto_archive_duration": 60}),
        ),
        json_sample("POST", format!("/channels/{channel}/threads"), json!({"name": "thread", "type": 11})),
        bare("PUT", format!("/channels/{channel}/thread-members/@me")),
        json_sample("PUT", format!("/applications/{app}/commands"), json!([command()])),
        json_sample("POST", format!("/applications/{app}/guilds/{guild}/commands"), command()),
        json_sample("PATCH", format!("/applications/{app}/commands/{message_id}"), command()),
        bare("GET", format!("/applications/{app}/guilds/{guild}/commands/permissions")),
        json_sample("POST", interaction.clone(), json!({"type": 4, "data": message()})),
        json_sample("POST", format!("{interaction}?with_response=true"), modal()),
        json_sample("POST", interaction.clone(), json!({"type": 4, "data": v2_message()})),
        json_sample("POST", interaction, json!({"type": 5, "data": null})),
        json_sample("POST", format!("{hook}?wait=true"), message()),
        json_sample("PATCH", format!("{hook}/messages/@original"), v2_message()),
        multipart(hook),
        bare(
            "GET",
            format!("/guilds/{guild}/audit-logs?limit=5&action_type=22&user_id={user}&before={message_id}"),
        ),
        bare("GET", format!("/guilds/{guild}/bans?limit=5&after={user}")),
        json_sample("PUT", format!("/guilds/{guild}/bans/{user}"), json!({"delete_message_seconds": 60})),
        bare("DELETE", format!("/guilds/{guild}/bans/{user}")),
        json_sample(
            "POST",
            format!("/guilds/{guild}/bulk-ban"),
            json!({"user_ids": [user.to_string(), "5"], "delete_message_seconds": 60}),
        ),
        bare("GET", format!("/guilds/{guild}/prune?days=7&include_roles={guild},5")),
        json_sample(
            "POST",
            format!("/guilds/{guild}/prune"),
            json!({"days": 7, "include_roles": [guild.to_string()], "compute_prune_count": true}),
        ),
        json_sample("POST", format!("/guilds/{guild}/scheduled-events"), event()),
        json_sample("PATCH", format!("/guilds/{guild}/scheduled-events/{event_id}"), event()),
        json_sample(
            "POST",
            format!("/guilds/{guild}/scheduled-events/{event_id}/exceptions"),
            json!({"original_scheduled_start_time": "2104-02-29T10:00:00Z", "scheduled_start_time": "2104-03-01T10:00:00Z",
                "scheduled_end_time": null, "is_canceled": false}),
        ),
        bare(
            "GET",
            format!("/guilds/{guild}/scheduled-events/{event_id}/users?limit=5&before={user}&with_member=1"),
        ),
        bare(
            "GET",
            format!(
                "/guilds/{guild}/scheduled-events/{event_id}/users/counts?guild_scheduled_event_exception_ids={user},1"
            ),
        ),
    ]
}

/// Values that readers of JSON trip over.
fn odd(rng: &mut Rng) -> Value {
    match rng.u8(0..18) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(u64::MAX),
        4 => json!(i64::MIN),
        5 => json!(1e300),
        6 => json!(0.5),
        7 => json!(""),
        8 => json!("x".repeat(rng.usize(0..7000))),
        9 => json!("ÿ🇩🇪\u{0}\u{202e}\u{200b}"),
        10 => json!([]),
        11 => json!({}),
        12 => Value::Array(vec![json!({}); rng.usize(0..200)]),
        13 => json!("99999999999999999999999"),
        14 => json!("attachment://"),
        15 => json!([[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]),
        16 => {
            json!({"type": rng.u8(..), "components": [{"type": rng.u8(..)}], "_errors": 1, "": "", "a.b": 0})
        }
        _ => json!(rng.u64(0..30)),
    }
}

/// Changes one place of a document at random.
fn mutate(value: &mut Value, rng: &mut Rng) {
    let deeper = rng.u8(0..4) != 0;
    match value {
        Value::Object(map) if deeper && !map.is_empty() => {
            let key = map.keys().nth(rng.usize(..map.len())).cloned().unwrap_or_default();
            match rng.u8(0..6) {
                0 => drop(map.shift_remove(&key)),
                1 => drop(map.insert("extra".into(), odd(rng))),
                _ => mutate(&mut map[&key], rng),
            }
        }
        Value::Array(list) if deeper && !list.is_empty() => {
            let index = rng.usize(..list.len());
            match rng.u8(0..6) {
                0 => drop(list.remove(index)),
                1 => list.extend(vec![list[index].clone(); rng.usize(1..45)]),
                _ => mutate(&mut list[index], rng),
            }
        }
        other => *other = odd(rng),
    }
}

/// Text of a path segment or query that readers of addresses trip over.
fn odd_segment(rng: &mut Rng) -> String {
    let choices = [
        "0",
        "-1",
        "abc",
        "%FF",
        "%00",
        "%2F",
        "..",
        "@me",
        "@original",
        "%F0%9F%91%8D",
        "99999999999999999999",
        "18446744073709551615",
        "a%3A1",
        "%",
        "1?limit=0",
        "1?limit=-5",
        "1?limit=x&before=y",
        "?&&=&a",
        "1?wait=maybe",
    ];
    choices[rng.usize(..choices.len())].to_owned()
}

fn mutated(mut sample: Sample, rng: &mut Rng) -> Sample {
    for _ in 0..rng.usize(1..4) {
        match rng.u8(0..12) {
            0 => {
                let mut segments: Vec<String> = sample.path.split('/').map(String::from).collect();
                let index = rng.usize(1..segments.len());
                segments[index] = odd_segment(rng);
                sample.path = segments.join("/");
            }
            1 => sample
                .path
                .push_str(["/", "/x", "?limit=101", "?with_response=True", "&after=0"][rng.usize(..5)]),
            2 => sample.method = ["GET", "POST", "PUT", "PATCH", "DELETE"][rng.usize(..5)].into(),
            3 => {
                let types = [
                    "application/json",
                    "multipart/form-data",
                    "multipart/form-data; boundary=X",
                    "text/plain",
                    "",
                ];
                sample.content_type = Some(types[rng.usize(..types.len())].into());
            }
            4 if !sample.body.is_empty() => {
                let at = rng.usize(..sample.body.len());
                match rng.u8(0..3) {
                    0 => sample.body.truncate(at),
                    1 => sample.body[at] = rng.u8(..),
                    _ => drop(sample.body.remove(at)),
                }
            }
            _ => {
                if let Ok(mut value) = serde_json::from_slice::<Value>(&sample.body) {
                    mutate(&mut value, rng);
                    sample.body = value.to_string().into_bytes();
                } else if sample.body.is_empty() && rng.bool() {
                    sample.content_type = Some("application/json".into());
                    sample.body = Value::Object(Map::new()).to_string().into_bytes();
                }
            }
        }
    }
    sample
}

fn check(sample: &Sample, answer: &Answer) -> Result<(), TestCaseError> {
    let fail = |why: &str| {
        let body = String::from_utf8_lossy(&answer.bytes);
        let sent = String::from_utf8_lossy(&sample.body);
        let (method, path) = (&sample.method, &sample.path);
        Err(TestCaseError::fail(format!("{why}: {method} {path}\n{sent}\n-> {} {body}", answer.status)))
    };
    if answer.status >= 500 && answer.status != 501 {
        return fail("a server error");
    }
    if answer.status == 204 {
        return if answer.bytes.is_empty() { Ok(()) } else { fail("204 with a body") };
    }
    if answer.header("content-type") != Some("application/json") {
        return fail("not JSON by its type");
    }
    let Ok(body) = serde_json::from_slice::<Value>(&answer.bytes) else { return fail("not JSON") };
    if answer.status < 400 {
        return Ok(());
    }
    if !(body["message"].is_string() && body["code"].is_u64()) {
        return fail("not an error body");
    }
    if body["code"] == 50035 && !body["errors"].is_object() {
        return fail("a form error without its tree");
    }
    Ok(())
}

#[test]
fn ten_thousand_mutated_requests_get_an_orderly_answer() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stage = runtime.block_on(Stage::new());
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let requests = Cell::new(0_u32);
    let accepted = Cell::new(0);
    let result = runner.run(&(0..stage.samples.len(), any::<u64>()), |(index, seed)| {
        requests.set(requests.get() + 1);
        if requests.get().is_multiple_of(RESET_AFTER) {
            stage.reset();
        }
        let sample = mutated(stage.samples[index].clone(), &mut Rng::with_seed(seed));
        let Some(answer) = runtime.block_on(stage.send(&sample)) else { return Ok(()) };
        accepted.set(accepted.get() + u32::from(answer.status < 300));
        check(&sample, &answer)
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    // Mutations that are all refused at the door would test the door alone.
    assert!(accepted.get() > CASES / 10, "only {} were accepted", accepted.get());
}

#[test]
fn the_samples_are_valid_before_they_are_changed() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stage = runtime.block_on(Stage::new());
    // What a sample needs may be gone or not yet there, but its form is right.
    for sample in &stage.samples {
        stage.reset();
        let answer = runtime.block_on(stage.send(sample)).expect("a valid request");
        let malformed = [401, 405, 413].contains(&answer.status)
            || answer.status == 400 && [50035, 50109].contains(&answer.code().1);
        assert!(!malformed, "{sample:?} {answer:?}");
    }
}
