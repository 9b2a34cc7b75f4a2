//! REST from the outside, without a socket: whole requests through the router.

mod auto_moderation;
mod backup;
mod channels;
mod community;
mod entitlements;
mod expressions;
mod faults;
mod fuzz;
mod guild_settings;
mod integrations;
mod invites;
mod limits;
mod limits_channels;
mod limits_commands;
mod limits_constants;
mod limits_messages;
mod limits_page;
mod limits_places;
mod moderation;
mod oauth2;
mod polls;
mod protocol;
mod resources;
mod scheduled_events;
mod search;
mod stages;
mod voice;
mod webhooks;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request},
};
use cogwright_sim_world::{CommandKind, DefaultIds, World, interactions::Invoke};
use serde_json::Value;
use tower::ServiceExt as _;

use super::table::{Operation, TABLE};
use crate::{Addresses, RateLimitMode, Sim, SimConfig};

/// The default world behind a router.
pub(super) struct Line {
    pub(super) sim: Sim,
    pub(super) ids: DefaultIds,
    app: Router,
}

/// An answer as a client reads it.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON; `Null` when empty. Panics when it is neither.
    pub(super) fn json(&self) -> Value {
        if self.bytes.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| panic!("not JSON ({e}): {self:?}"))
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|v| v.to_str().unwrap())
    }

    /// Discord's error code.
    pub(super) fn code(&self) -> (u16, u64) {
        (self.status, self.json()["code"].as_u64().expect("an error body"))
    }
}

impl Line {
    pub(super) fn new(mode: RateLimitMode) -> Self {
        Self::with(mode, SimConfig::default())
    }

    pub(super) fn with(mode: RateLimitMode, mut config: SimConfig) -> Self {
        config.settings.rate_limits = mode;
        let addresses = Addresses::of(([127, 0, 0, 1], 8787).into());
        let now = crate::SimClock::default().now();
        let (world, ids) = World::default_world(&addresses.cdn_base, now);
        let sim = Sim::new(config, addresses, world);
        let app = crate::rest::router().with_state(sim.clone());
        Self { sim, ids, app }
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.expect("a router is infallible");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body in memory");
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes: bytes.to_vec() }
    }

    /// A request of the default bot, with a JSON body if there is one. `path` is below `/api/v10`.
    pub(super) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.call_as(&self.ids.token, method, path, body).await
    }

    /// The same of another bot.
    pub(super) async fn call_as(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v10{path}"))
            .header("authorization", format!("Bot {token}"));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |b| Body::from(b.to_string()));
        self.send(request.body(body).expect("a valid request")).await
    }

    /// A person uses a slash command; returns the interaction's id and token.
    pub(super) fn invoke(&self, name: &str) -> (String, String) {
        let invoke = Invoke {
            user: self.ids.user,
            channel: self.ids.channel,
            kind: CommandKind::ChatInput,
            name: name.to_owned(),
            options: Value::Null,
            target: None,
            application: None,
        };
        let id = self.sim.apply(invoke).expect("a command that may be used");
        (
            id.to_string(),
            self.sim.read(|world, _| world.interaction(id).map(|i| i.token.clone())).expect("it is there"),
        )
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }
}

fn operation(id: &str) -> &'static Operation {
    TABLE.operations().iter().find(|o| o.id == id).expect("a known operation")
}

/// Calls an operation by its id, with values for its path parameters in order, and expects success.
pub(super) async fn run(line: &Line, id: &str, parameters: &[&str], body: Option<Value>) -> Value {
    let answer = try_run(line, id, parameters, body).await;
    let expected = operation(id).success.split(',').any(|code| code == answer.status.to_string());
    assert!(expected, "{id}: {answer:?}");
    answer.json()
}

pub(super) async fn try_run(line: &Line, id: &str, parameters: &[&str], body: Option<Value>) -> Answer {
    let operation = operation(id);
    let mut parameters = parameters.iter();
    let fill = |segment: &str| {
        if segment.starts_with('{') {
            (*parameters.next().expect("enough parameters")).to_owned()
        } else {
            segment.to_owned()
        }
    };
    let path: Vec<String> = operation.path.split('/').map(fill).collect();
    line.call(operation.method, &path.join("/"), body).await
}

pub(super) fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}")).to_owned()
}
