//! A bot that calls every route that is simulated, in a guild of its own where it may break everything: ids are what
//! earlier answers held, bodies are a random part of what routes know. Refusals are part of it; a 5xx is not.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use cogwright_lifecycle::CancellationToken;
use cogwright_sim::{Route, routes};
use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::{Place, Scene, Tally, events};
use crate::{Outcome, client::Rest};

/// Between two calls, in ms, at the most.
const PAUSE_MS: u64 = 10;
/// Ids kept of one kind; the oldest go.
const KEPT: usize = 32;
/// One of so many calls makes somebody join the guild: the bot kicks and bans.
const JOIN_EVERY: u32 = 40;
/// One of so many makes somebody interested in a scheduled event, or no longer.
const INTEREST_EVERY: u32 = 40;
/// What comes after this one in a round is only refused, so it ends the round.
const FAREWELL: &str = "leave_guild";
/// Characters of an answer that a problem quotes.
const MAX_ERROR: usize = 300;

/// Calls until the round is over.
pub(super) async fn roam(scene: Scene, home: Place, seed: u64, over: CancellationToken) {
    let simulated = routes().into_iter().filter(|route| route.implemented).collect();
    let mut roamer = Roamer::new(scene, home, simulated, Rng::with_seed(seed));
    while !over.is_cancelled() {
        tokio::select! {
            outcome = roamer.step() => roamer.note_outcome(outcome),
            () = over.cancelled() => break,
        }
        // A pace, not a wait for something.
        tokio::time::sleep(Duration::from_millis(roamer.rng.u64(..PAUSE_MS))).await;
    }
    // What was under way may have been cut off, so this goes by a connection of its own.
    roamer.rest = None;
    let outcome = roamer.leave().await;
    roamer.note_outcome(outcome);
}

struct Roamer {
    rng: Rng,
    rest: Option<Rest>,
    scene: Scene,
    home: Place,
    routes: Vec<Route>,
    /// Values of path parameters by their names.
    known: BTreeMap<&'static str, VecDeque<String>>,
}

impl Roamer {
    fn new(scene: Scene, home: Place, routes: Vec<Route>, rng: Rng) -> Self {
        let mut roamer = Self { rng, rest: None, scene, home, routes, known: BTreeMap::new() };
        let people = roamer.scene.people.clone();
        roamer.learn("guild_id", &roamer.home.guild.clone());
        roamer.learn("application_id", &roamer.home.application.clone());
        for person in people {
            roamer.learn("user_id", &person);
        }
        roamer
    }

    fn learn(&mut self, name: &'static str, value: &str) {
        let values = self.known.entry(name).or_default();
        // The guild and the application stay what they are.
        if values.iter().any(|v| v == value)
            || (values.len() == 1 && ["guild_id", "application_id"].contains(&name))
        {
            return;
        }
        if values.len() == KEPT {
            values.pop_front();
        }
        values.push_back(value.to_owned());
    }

    async fn step(&mut self) -> Outcome {
        if self.rng.u32(..JOIN_EVERY) == 0 {
            let user = self.value("user_id");
            let body = json!({ "user": user, "guild": self.home.guild });
            return super::control(&self.scene, "POST", "/actor/join", &body).await.map(drop);
        }
        if self.rng.u32(..INTEREST_EVERY) == 0 {
            let (user, event) = (self.value("user_id"), self.value("guild_scheduled_event_id"));
            let occurrence = self.rng.bool().then(|| self.value("exception_id"));
            let body = json!({
                "user": user, "guild": self.home.guild, "event": event, "occurrence": occurrence,
                "remove": self.rng.bool(),
            });
            return super::control(&self.scene, "POST", "/actor/event_interest", &body).await.map(drop);
        }
        let route = self.routes[self.rng.usize(..self.routes.len())];
        if route.operation == FAREWELL {
            return Ok(());
        }
        let filled: Vec<String> = route.path.split('/').map(|segment| self.fill(segment)).collect();
        let body = if route.method == "GET" { String::new() } else { self.body(route.operation).to_string() };
        self.call(route, route.method, &filled.join("/"), &body).await
    }

    /// Leaves the guild, if that is simulated.
    async fn leave(&mut self) -> Outcome {
        let Some(route) = self.routes.iter().copied().find(|route| route.operation == FAREWELL) else {
            return Ok(());
        };
        let path = route.path.replace("{guild_id}", &self.home.guild);
        self.call(route, route.method, &path, "").await
    }

    /// Tells a problem; a connection that broke is made anew.
    fn note_outcome(&mut self, outcome: Outcome) {
        if let Err(problem) = outcome {
            self.rest = None;
            self.scene.tally.problem(problem);
        }
    }

    fn fill(&mut self, segment: &str) -> String {
        match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            Some(name) => self.value(name),
            None => segment.to_owned(),
        }
    }

    /// A known value of a parameter, now and then one that nobody has.
    fn value(&mut self, name: &str) -> String {
        if name == "emoji_name" {
            return ["%F0%9F%91%8D", "%F0%9F%A6%80"][self.rng.usize(..2)].to_owned();
        }
        let name = match name {
            "target_id" | "overwrite_id" => ["role_id", "user_id"][self.rng.usize(..2)],
            "guild_scheduled_event_exception_id" => "exception_id",
            _ => name,
        };
        let known = self.known.get(name).filter(|_| self.rng.u32(..20) != 0);
        match known {
            Some(values) if !values.is_empty() => values[self.rng.usize(..values.len())].clone(),
            _ => "1".to_owned(),
        }
    }

    /// A body: each key that routes know with some probability. Discord ignores the others.
    fn body(&mut self, operation: &str) -> Value {
        let id = |roamer: &mut Self, name: &str| json!(roamer.value(name));
        let word = format!("roamer-{}", self.rng.u16(..));
        let picture = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        let (channel, role, user, message) =
            (id(self, "channel_id"), id(self, "role_id"), id(self, "user_id"), id(self, "message_id"));
        if let Some(body) = events::body(&mut self.rng, operation, &word, &channel) {
            return body;
        }
        let event = id(self, "guild_scheduled_event_id");
        let all = [
            ("name", json!(word)),
            ("content", json!(word)),
            ("description", json!(word)),
            ("topic", json!(word)),
            ("title", json!(word)),
            ("tags", json!(word)),
            ("type", json!(self.rng.u8(..6))),
            ("image", json!(picture)),
            ("avatar", json!(picture)),
            ("channel_id", channel.clone()),
            ("parent_id", channel),
            ("roles", json!([role])),
            ("permissions", json!(self.rng.u32(..).to_string())),
            ("allow", json!("1024")),
            ("deny", json!("2048")),
            ("position", json!(self.rng.u8(..10))),
            ("color", json!(self.rng.u32(..0x0100_0000))),
            ("hoist", json!(self.rng.bool())),
            ("nick", json!(word)),
            ("communication_disabled_until", json!(null)),
            ("delete_message_seconds", json!(self.rng.u32(..700_000))),
            ("days", json!(self.rng.u8(1..31))),
            ("max_age", json!(self.rng.u32(..700_000))),
            ("max_uses", json!(self.rng.u8(..120))),
            ("user_ids", json!([user])),
            ("recipient_id", user),
            ("messages", json!([message, "1"])),
            ("archived", json!(self.rng.bool())),
            ("locked", json!(self.rng.bool())),
            ("auto_archive_duration", json!(60)),
            ("webhook_channel_id", json!(self.value("channel_id"))),
            ("event_type", json!(1)),
            ("trigger_type", json!(1)),
            ("trigger_metadata", json!({ "keyword_filter": [word] })),
            ("actions", json!([{ "type": 1 }])),
            ("enabled", json!(self.rng.bool())),
            ("privacy_level", json!(2)),
            ("guild_scheduled_event_id", event),
            ("sound_id", json!(self.value("sound_id"))),
            ("sound", json!("data:audio/ogg;base64,T2dnUwACAAAAAAAAAAA=")),
            (
                "poll",
                json!({ "question": { "text": word }, "answers": [{ "poll_media": { "text": word } }] }),
            ),
            ("prompts", json!([])),
            ("default_channel_ids", json!([])),
            ("mode", json!(0)),
            ("afk_timeout", json!(300)),
        ];
        let mut body = Map::new();
        for (key, value) in all {
            // A poll in every second message would be all that there is.
            let often = if key == "poll" { 20 } else { 2 };
            if self.rng.u32(..often) == 0 || (key == "name" && self.rng.u32(..4) != 0) {
                body.insert(key.to_owned(), value);
            }
        }
        if operation.starts_with("bulk_") && !operation.contains("messages") && !operation.contains("ban") {
            return Value::Array(vec![Value::Object(body); self.rng.usize(..2)]);
        }
        Value::Object(body)
    }

    async fn call(&mut self, route: Route, method: &str, path: &str, body: &str) -> Outcome {
        let mut rest = match self.rest.take() {
            Some(rest) => rest,
            None => Rest::connect(&self.scene.host, Some(&self.home.token)).await?,
        };
        let (status, answer) = rest.call(method, &format!("/api/v10{path}"), body).await?;
        self.rest = Some(rest);
        self.scene.tally.called(route.operation, (200..300).contains(&status));
        if status >= 500 {
            let answer: String = String::from_utf8_lossy(&answer).chars().take(MAX_ERROR).collect();
            return Err(format!("{method} {path} {body}: {status} {answer}"));
        }
        if status < 300 {
            let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
            match &answer {
                Value::Array(list) => list.iter().for_each(|one| self.note(route.path, one)),
                one => self.note(route.path, one),
            }
        }
        Ok(())
    }

    /// Learns the ids of what a route has answered, by the last name in its path.
    fn note(&mut self, path: &str, one: &Value) {
        const NAMES: [(&str, &str, &str); 18] = [
            ("channels", "id", "channel_id"),
            ("threads", "id", "channel_id"),
            ("messages", "id", "message_id"),
            ("roles", "id", "role_id"),
            ("webhooks", "id", "webhook_id"),
            ("webhooks", "token", "webhook_token"),
            ("invites", "code", "code"),
            ("templates", "code", "code"),
            ("emojis", "id", "emoji_id"),
            ("stickers", "id", "sticker_id"),
            ("soundboard-sounds", "sound_id", "sound_id"),
            ("rules", "id", "rule_id"),
            ("scheduled-events", "id", "guild_scheduled_event_id"),
            ("exceptions", "event_exception_id", "exception_id"),
            ("commands", "id", "command_id"),
            ("entitlements", "id", "entitlement_id"),
            ("integrations", "id", "integration_id"),
            ("skus", "id", "sku_id"),
        ];
        let last = path.split('/').rfind(|s| !s.starts_with('{')).unwrap_or_default();
        for (segment, key, name) in NAMES {
            if segment == last
                && let Some(value) = one[key].as_str()
            {
                let value = value.to_owned();
                self.learn(name, &value);
            }
        }
        Tally::count(&self.scene.tally.actions);
    }
}
