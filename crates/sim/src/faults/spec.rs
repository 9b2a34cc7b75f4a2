//! A fault as data: what it hits, how often, what it does; and what may be asked for.

use cogwright_sim_world::GuildId;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::gateway::codes;

/// Longest delay of an answer, in ms of line time.
pub(crate) const MAX_LATENCY_MS: u64 = 30_000;
/// Longest outage of a guild and longest ban, in ms of world time: a day.
pub(crate) const MAX_WORLD_MS: u64 = 86_400_000;
/// Longest `retry_after` of a 429 in seconds: an hour.
const MAX_RETRY_AFTER: f64 = 3_600.0;
/// Longest text in a match.
const MAX_TEXT: usize = 200;
/// Invalid requests that Discord lets pass in ten minutes. See Discord docs: Rate Limits / Invalid Request Limit.
pub(crate) const INVALID_REQUESTS: u32 = 10_000;

/// What a fault hits. What is absent matches everything; what is given must all fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FaultMatch {
    /// REST: HTTP method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// REST: path below `/api/v10`. `*` stands for any text within a segment, `{name}` for a whole segment,
    /// `**` at the end for any number of segments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// REST: operation id as in Discord's OpenAPI document, e.g. `create_message`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Gateway: name of a dispatch, or one of `CONNECT` (before HELLO), `HELLO` (right after it), `IDENTIFY`,
    /// `RESUME`, `HEARTBEAT` (when the client sends it).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Gateway: `session_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// Id of the application whose request or session it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
}

/// Whom a 429 concerns. See Discord docs: Rate Limits / Header Format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LimitScope {
    /// This caller on this route.
    #[default]
    User,
    /// This caller everywhere.
    Global,
    /// Everybody who uses the resource; does not count as an invalid request.
    Shared,
}

/// How likely each fault of a chaos is, from 0 to 1: of each REST request, dispatch or heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ChaosRates {
    /// A request gets 429 (scope user) with a wait below half a second.
    pub rest_429: f64,
    /// A request gets 500, 502 or 503 and is not carried out.
    pub rest_5xx: f64,
    /// A request is delayed by up to 200 ms.
    pub latency: f64,
    /// A dispatch is followed by op 7.
    pub op7: f64,
    /// A dispatch is followed by op 9 `true`.
    pub op9: f64,
    /// A dispatch is followed by close 4000.
    pub close: f64,
    /// A dispatch comes twice.
    pub duplicate_event: f64,
    /// A dispatch changes places with the next.
    pub reorder_events: f64,
    /// A heartbeat is not answered.
    pub swallow_acks: f64,
}

impl ChaosRates {
    /// Nothing happens.
    pub const NONE: Self = Self {
        rest_429: 0.0,
        rest_5xx: 0.0,
        latency: 0.0,
        op7: 0.0,
        op9: 0.0,
        close: 0.0,
        duplicate_event: 0.0,
        reorder_events: 0.0,
        swallow_acks: 0.0,
    };
    /// A bad day that a good client survives.
    pub const MILD: Self = Self {
        rest_429: 0.05,
        rest_5xx: 0.05,
        latency: 0.1,
        op7: 0.005,
        op9: 0.002,
        close: 0.002,
        duplicate_event: 0.03,
        reorder_events: 0.03,
        swallow_acks: 0.0,
    };

    fn all(self) -> [f64; 9] {
        [
            self.rest_429,
            self.rest_5xx,
            self.latency,
            self.op7,
            self.op9,
            self.close,
            self.duplicate_event,
            self.reorder_events,
            self.swallow_acks,
        ]
    }
}

impl Default for ChaosRates {
    fn default() -> Self {
        Self::NONE
    }
}

/// What a fault does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// A request is refused with 429 and not carried out.
    #[serde(rename = "rest_429")]
    Rest429 {
        /// Whom it concerns.
        #[serde(default)]
        scope: LimitScope,
        /// Seconds to wait, above 0 to 3600.
        #[serde(default = "second")]
        retry_after: f64,
    },
    /// A request gets a 5xx.
    #[serde(rename = "rest_5xx")]
    Rest5xx {
        /// 500 to 599.
        #[serde(default = "internal_error")]
        status: u16,
        /// Whether the request is carried out all the same, so that only its answer is lost.
        #[serde(default)]
        carried_out: bool,
    },
    /// A request waits before it is carried out.
    Latency {
        /// Milliseconds of line time, up to 30,000.
        ms: u64,
    },
    /// Op 7: the client is to reconnect. Without `match.event` at once.
    Op7 {},
    /// Op 9: the session is invalid. Without `match.event` at once.
    Op9 {
        /// Whether it can be resumed.
        #[serde(default)]
        resumable: bool,
    },
    /// The connection is closed. Without `match.event` at once.
    Close {
        /// 1000, 1001, 1006 (cut off without a close frame) or 4000 to 4014.
        code: u16,
    },
    /// A heartbeat is not answered.
    SwallowAcks {},
    /// A dispatch comes twice, each with a sequence of its own.
    DuplicateEvent {},
    /// A dispatch changes places with the next; after a second without a next it comes alone.
    ReorderEvents {},
    /// A dispatch never comes; the sequence has no gap.
    DropEvent {},
    /// A guild becomes unavailable at once: GUILD_DELETE, later GUILD_CREATE. Takes no `match`.
    GuildOutage {
        /// Which.
        #[schemars(with = "String")]
        guild: GuildId,
        /// Milliseconds of world time until it is back, up to a day.
        ms: u64,
    },
    /// An interaction's token is no longer good: 404/10062 for the first answer, 401/50027 for later ones.
    ExpireInteraction {},
    /// The firewall's ban: an HTML page without `Via`, once the caller has had too many invalid requests
    /// (401, 403, 429 other than shared) in ten minutes of world time.
    InvalidRequestBan {
        /// How many; 0 bans at once. Up to 10,000.
        #[serde(default)]
        threshold: u32,
        /// 403 or 429.
        #[serde(default = "too_many")]
        status: u16,
        /// How long the ban lasts, in ms of world time, up to a day.
        #[serde(default = "hour")]
        lasts_ms: u64,
    },
    /// Random faults. The same seed and the same order of requests and frames give the same faults.
    Chaos {
        /// Where the random numbers begin.
        seed: u64,
        /// How likely each is; absent: a mild mixture.
        #[serde(default = "mild")]
        rates: ChaosRates,
    },
}

fn second() -> f64 {
    1.0
}
fn internal_error() -> u16 {
    500
}
fn too_many() -> u16 {
    429
}
fn hour() -> u64 {
    3_600_000
}
fn mild() -> ChaosRates {
    ChaosRates::MILD
}

/// A fault to be added to the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultSpec {
    /// What it hits.
    #[serde(default, rename = "match")]
    pub matching: FaultMatch,
    /// How often it fires; null until removed. Absent: once, or for `chaos` and `invalid_request_ban` until
    /// removed.
    #[serde(default, deserialize_with = "given")]
    pub count: Option<Option<u32>>,
    /// What it does.
    pub kind: FaultKind,
}

/// Tells `null` from an absent key.
#[expect(clippy::option_option, reason = "absent, null and a number are three different things")]
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<u32>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Why a fault is not added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FaultError {
    /// The field at fault, e.g. `kind.status`; empty for the plan as a whole.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

fn wrong(field: &'static str, message: impl Into<String>) -> FaultError {
    FaultError { field, message: message.into() }
}

impl FaultSpec {
    /// A fault that hits the first thing it can, once.
    pub fn new(kind: FaultKind) -> Self {
        Self { matching: FaultMatch::default(), count: None, kind }
    }

    /// Fires this often.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self { count: Some(Some(count)), ..self }
    }

    /// Fires until it is removed.
    #[must_use]
    pub fn always(self) -> Self {
        Self { count: Some(None), ..self }
    }

    /// Hits only this operation.
    #[must_use]
    pub fn operation(mut self, id: &str) -> Self {
        self.matching.operation = Some(id.to_owned());
        self
    }

    /// Hits only this path, which may be a template or have wildcards.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        self.matching.path = Some(path.to_owned());
        self
    }

    /// Hits only this HTTP method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.matching.method = Some(method.to_owned());
        self
    }

    /// Hits only this dispatch, or at this point of a connection.
    #[must_use]
    pub fn event(mut self, name: &str) -> Self {
        self.matching.event = Some(name.to_owned());
        self
    }

    /// How often it may fire; `None` until removed.
    pub(crate) fn limit(&self) -> Option<u32> {
        let lasting = matches!(self.kind, FaultKind::Chaos { .. } | FaultKind::InvalidRequestBan { .. });
        self.count.unwrap_or(if lasting { None } else { Some(1) })
    }

    /// Refuses what is out of bounds or can never fire.
    pub(crate) fn check(&self) -> Result<(), FaultError> {
        if self.limit() == Some(0) {
            return Err(wrong("count", "At least 1, or null until removed."));
        }
        self.check_match()?;
        let within = |ms: u64, most: u64| (1..=most).contains(&ms);
        match &self.kind {
            FaultKind::Rest429 { retry_after, .. }
                if !(*retry_after > 0.0 && *retry_after <= MAX_RETRY_AFTER) =>
            {
                Err(wrong("kind.retry_after", "Above 0 and at most 3600 seconds."))
            }
            FaultKind::Rest5xx { status, .. } if !(500..600).contains(status) => {
                Err(wrong("kind.status", "500 to 599."))
            }
            FaultKind::Latency { ms } if !within(*ms, MAX_LATENCY_MS) => {
                Err(wrong("kind.ms", format!("1 to {MAX_LATENCY_MS}.")))
            }
            FaultKind::Close { code } if !codes::may_be_chosen(*code) => {
                Err(wrong("kind.code", codes::CHOICE))
            }
            FaultKind::GuildOutage { ms, .. } if !within(*ms, MAX_WORLD_MS) => {
                Err(wrong("kind.ms", format!("1 to {MAX_WORLD_MS}.")))
            }
            FaultKind::InvalidRequestBan { threshold, .. } if *threshold > INVALID_REQUESTS => {
                Err(wrong("kind.threshold", format!("At most {INVALID_REQUESTS}.")))
            }
            FaultKind::InvalidRequestBan { status, .. } if !matches!(status, 403 | 429) => {
                Err(wrong("kind.status", "403 or 429."))
            }
            FaultKind::InvalidRequestBan { lasts_ms, .. } if !within(*lasts_ms, MAX_WORLD_MS) => {
                Err(wrong("kind.lasts_ms", format!("1 to {MAX_WORLD_MS}.")))
            }
            FaultKind::Chaos { rates, .. } if rates.all().iter().any(|r| !(0.0..=1.0).contains(r)) => {
                Err(wrong("kind.rates", "Each from 0 to 1."))
            }
            _ => Ok(()),
        }
    }

    fn check_match(&self) -> Result<(), FaultError> {
        let FaultMatch { method, path, operation, event, session, application } = &self.matching;
        let texts = [method, path, operation, event, session, application];
        if texts.iter().filter_map(|t| t.as_ref()).any(|t| t.is_empty() || t.len() > MAX_TEXT) {
            return Err(wrong("match", format!("Each 1 to {MAX_TEXT} characters.")));
        }
        let rest = method.is_some() || path.is_some() || operation.is_some();
        let gateway = event.is_some() || session.is_some();
        match self.kind.side() {
            Side::Rest if gateway => Err(wrong("match", "`event` and `session` never fit a REST request.")),
            Side::Gateway if rest => {
                Err(wrong("match", "`method`, `path` and `operation` never fit a gateway frame."))
            }
            Side::World if rest || gateway || application.is_some() => {
                Err(wrong("match", "A guild outage begins at once and takes no match."))
            }
            _ => Ok(()),
        }
    }
}

/// Where a kind of fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Rest,
    Gateway,
    World,
    Both,
}

impl FaultKind {
    fn side(&self) -> Side {
        match self {
            Self::Rest429 { .. }
            | Self::Rest5xx { .. }
            | Self::Latency { .. }
            | Self::ExpireInteraction {}
            | Self::InvalidRequestBan { .. } => Side::Rest,
            Self::GuildOutage { .. } => Side::World,
            Self::Chaos { .. } => Side::Both,
            _ => Side::Gateway,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(spec: Value) -> Result<FaultSpec, String> {
        let spec: FaultSpec = serde_json::from_value(spec).map_err(|e| e.to_string())?;
        spec.check().map_err(|e| e.field.to_owned())?;
        Ok(spec)
    }

    #[test]
    fn a_count_may_be_absent_null_or_a_number() {
        let limit = |spec| read(spec).unwrap().limit();
        assert_eq!(limit(json!({ "kind": { "type": "op7" } })), Some(1));
        assert_eq!(limit(json!({ "kind": { "type": "op7" }, "count": null })), None);
        assert_eq!(limit(json!({ "kind": { "type": "op7" }, "count": 7 })), Some(7));
        assert_eq!(limit(json!({ "kind": { "type": "chaos", "seed": 1 } })), None);
        assert_eq!(read(json!({ "kind": { "type": "op7" }, "count": 0 })), Err("count".into()));
    }

    #[test]
    fn what_is_out_of_bounds_or_can_never_fire_is_refused() {
        let cases = [
            (json!({ "kind": { "type": "rest_429", "retry_after": 0 } }), "kind.retry_after"),
            (json!({ "kind": { "type": "rest_5xx", "status": 404 } }), "kind.status"),
            (json!({ "kind": { "type": "latency", "ms": 30_001 } }), "kind.ms"),
            (json!({ "kind": { "type": "close", "code": 4015 } }), "kind.code"),
            (json!({ "kind": { "type": "guild_outage", "guild": "1", "ms": 0 } }), "kind.ms"),
            (json!({ "kind": { "type": "invalid_request_ban", "status": 401 } }), "kind.status"),
            (json!({ "kind": { "type": "invalid_request_ban", "threshold": 10_001 } }), "kind.threshold"),
            (json!({ "kind": { "type": "chaos", "seed": 1, "rates": { "op7": 1.5 } } }), "kind.rates"),
            (json!({ "kind": { "type": "op7" }, "match": { "path": "/users/@me" } }), "match"),
            (json!({ "kind": { "type": "latency", "ms": 1 }, "match": { "event": "READY" } }), "match"),
            (json!({ "kind": { "type": "latency", "ms": 1 }, "match": { "path": "" } }), "match"),
        ];
        for (spec, field) in cases {
            assert_eq!(read(spec.clone()), Err(field.into()), "{spec}");
        }
    }

    #[test]
    fn unknown_keys_are_named() {
        for spec in [
            json!({ "kind": { "type": "op7", "sope": 1 } }),
            json!({ "kind": { "type": "op7" }, "match": { "sope": "x" } }),
            json!({ "kind": { "type": "sope" } }),
        ] {
            assert!(read(spec.clone()).unwrap_err().contains("sope"), "{spec}");
        }
    }
}
