//! Random people: they write, react, invoke, click, open threads; and now and then they break something.

use std::time::Duration;

use cogwright_lifecycle::CancellationToken;
use fastrand::Rng;
use serde_json::{Value, json};

use super::{Scene, Tally};
use crate::{Outcome, client::Rest};

/// Between two actions of one actor, in ms, at the most.
const PAUSE_MS: u64 = 40;
/// One of so many actions is a fault.
const FAULT_EVERY: u32 = 60;
/// Between two `!ping`s of all actors together. Each library answers one with a message, and Discord takes 5 of those
/// in 5 s from a bot in a channel. Asked for more, a library rightly queues its answers, for minutes in the end, and
/// what is asked last would not be answered in time.
const PING_PAUSE: Duration = Duration::from_secs(2);

/// Acts until the round is over.
pub(super) async fn act(scene: Scene, seed: u64, over: CancellationToken) {
    let mut actor = Actor { rng: Rng::with_seed(seed), rest: None, last: None, scene };
    while !over.is_cancelled() {
        let (method, path, body) = actor.choose();
        // A wait for an answer must not hold up the end of the round.
        let outcome = tokio::select! {
            outcome = actor.call(method, &path, &body) => outcome,
            () = over.cancelled() => return,
        };
        if let Err(problem) = outcome {
            actor.scene.tally.problem(problem);
        }
        let pause = Duration::from_millis(actor.rng.u64(..PAUSE_MS));
        tokio::time::sleep(pause).await;
    }
}

struct Actor {
    rng: Rng,
    rest: Option<Rest>,
    /// A message seen lately.
    last: Option<String>,
    scene: Scene,
}

type Call = (&'static str, String, Value);

impl Actor {
    fn pick(&mut self, list: &[String]) -> String {
        if list.is_empty() { String::new() } else { list[self.rng.usize(..list.len())].clone() }
    }

    fn choose(&mut self) -> Call {
        if self.rng.u32(..FAULT_EVERY) == 0 {
            Tally::count(&self.scene.tally.faults);
            return self.fault();
        }
        let people = self.scene.people.clone();
        let user = self.pick(&people);
        let channel = self.scene.channel.clone();
        let message = self.last.clone().unwrap_or_default();
        let act = |name: &str, body: Value| ("POST", format!("/actor/{name}"), body);
        match self.rng.u32(..20) {
            0..=5 => {
                let ping = self.rng.u32(..6) == 0 && self.scene.pings.due(PING_PAUSE);
                let length = if ping { 0 } else { self.rng.usize(1..400) };
                let words: String = (0..length).map(|_| self.rng.alphanumeric()).collect();
                let text = if ping { "!ping" } else { &words };
                act("send_message", json!({ "user": user, "channel": channel, "text": text }))
            }
            6 => act("edit", json!({ "user": user, "message_id": message, "text": "edited" })),
            7 => act("delete", json!({ "user": user, "message_id": message })),
            8 | 9 => {
                let emoji = ["👍", "🎉", "🦀"][self.rng.usize(..3)];
                let remove = self.rng.bool();
                let body = json!({ "user": user, "message_id": message, "emoji": emoji, "remove": remove });
                act("react", body)
            }
            10 => act("pin", json!({ "user": user, "message_id": message })),
            11 => act("typing", json!({ "user": user, "channel": channel })),
            12 => {
                let name = format!("thread {}", self.rng.u16(..));
                act("create_thread", json!({ "user": user, "channel": channel, "name": name }))
            }
            13 => {
                let status = ["online", "idle", "dnd", "invisible"][self.rng.usize(..4)];
                act("presence", json!({ "user": user, "status": status }))
            }
            14 => act("click", json!({ "user": user, "message_id": message, "custom_id": "press" })),
            15 => {
                let body = json!({
                    "user": user, "message_id": message, "custom_id": "pick-string", "values": ["green"],
                });
                act("select", body)
            }
            16 => {
                let path = format!("/view/{user}/channels/{channel}/messages?limit=20");
                ("GET", path, Value::Null)
            }
            _ => {
                let name = ["panel", "selects", "form", "secret", "slow"][self.rng.usize(..5)];
                let applications = self.scene.applications.clone();
                let application = self.pick(&applications);
                let body =
                    json!({ "user": user, "channel": channel, "name": name, "application": application });
                act("slash", body)
            }
        }
    }

    fn fault(&mut self) -> Call {
        let sessions = self.scene.sim.gateway_sessions();
        let ids: Vec<String> = sessions.iter().filter_map(|s| s["id"].as_str().map(str::to_owned)).collect();
        let session = self.pick(&ids);
        let post = |path: &str, body: Value| ("POST", path.to_owned(), body);
        match self.rng.u32(..8) {
            0 => post("/gateway/send", json!({ "session": session, "op": 7 })),
            1 => post("/gateway/send", json!({ "session": session, "op": 9, "resumable": true })),
            2 => post("/gateway/close", json!({ "session": session, "code": 4000 })),
            3 => post("/gateway/send", json!({ "session": session, "op": 1 })),
            4 => post("/gateway/swallow_acks", json!({ "session": session, "count": 1 })),
            5 => post("/clock/advance", json!({ "ms": self.rng.u64(1..30_000) })),
            6 => {
                let ms = self.rng.u64(50..500);
                post("/faults", json!({ "count": 3, "kind": { "type": "latency", "ms": ms } }))
            }
            _ => {
                let kind = json!({ "type": "rest_429", "scope": "user", "retry_after": 0.2 });
                post("/faults", json!({ "count": 2, "kind": kind }))
            }
        }
    }

    /// Calls the control API. Refusals by the rules are part of it; a 5xx is not.
    async fn call(&mut self, method: &str, path: &str, body: &Value) -> Outcome {
        let mut rest = match self.rest.take() {
            Some(rest) => rest,
            None => Rest::connect(&self.scene.host, None).await?,
        };
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let (status, answer) = rest.call(method, &format!("/_sim/v1{path}"), &text).await?;
        self.rest = Some(rest);
        Tally::count(&self.scene.tally.actions);
        match status {
            200..300 => {}
            400..500 => Tally::count(&self.scene.tally.refused),
            _ => {
                return Err(format!("{method} {path} {text}: {status} {}", String::from_utf8_lossy(&answer)));
            }
        }
        let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
        let message = if answer["message"].is_object() { &answer["message"] } else { &answer };
        if message["author"].is_object()
            && let Some(id) = message["id"].as_str()
        {
            self.last = Some(id.to_owned());
        }
        Ok(())
    }
}
