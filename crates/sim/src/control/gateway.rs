//! `/gateway`: the sessions, and what can be done to them.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    endpoint::{Answer, Call, Endpoint},
    error::ControlError,
};
use crate::gateway::{Knob, codes};

/// Body of `/gateway/send`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Send {
    /// One session; all if absent.
    session: Option<String>,
    /// 1 (asks for a heartbeat), 7 (reconnect) or 9 (invalid session).
    op: u8,
    /// With op 9: whether the session can be resumed.
    #[serde(default)]
    resumable: bool,
}

/// Body of `/gateway/close`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Close {
    /// One session; all if absent.
    session: Option<String>,
    /// 1000, 1001, 1006 (cut off without a close frame) or 4000 to 4014.
    code: u16,
}

/// Body of `/gateway/swallow_acks`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Swallow {
    /// One session; all if absent.
    session: Option<String>,
    /// How many heartbeats go unanswered.
    count: u32,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/gateway", "The gateway sessions", |call| {
            let sessions: Value = call.sim.state().gateway.list().into();
            Ok(json!({ "sessions": sessions }))
        }),
        Endpoint::post("/gateway/send", "Sends op 1, 7 or 9 to one session or all", send),
        Endpoint::post("/gateway/close", "Closes one connection or all with a code", |call: Call<Close>| {
            let code = call.body.code;
            if !codes::may_be_chosen(code) {
                return Err(ControlError::field("code", codes::CHOICE));
            }
            turn(&call.sim, call.body.session.as_deref(), Knob::Close(code))
        }),
        Endpoint::post(
            "/gateway/swallow_acks",
            "Leaves the next heartbeats unanswered",
            |call: Call<Swallow>| {
                turn(&call.sim, call.body.session.as_deref(), Knob::SwallowAcks(call.body.count))
            },
        ),
    ]
}

fn send(call: Call<Send>) -> Answer {
    let knob = match call.body.op {
        1 => Knob::AskHeartbeat,
        7 => Knob::Reconnect,
        9 => Knob::InvalidSession { resumable: call.body.resumable },
        other => return Err(ControlError::field("op", format!("{other} is none of 1, 7, 9."))),
    };
    turn(&call.sim, call.body.session.as_deref(), knob)
}

fn turn(sim: &crate::Sim, session: Option<&str>, knob: Knob) -> Answer {
    let reached = sim.state().gateway.turn(session, knob);
    match (session, reached) {
        (Some(id), 0) => {
            Err(ControlError::NotFound(format!("No connected session {id}; GET /gateway lists them.")))
        }
        _ => Ok(json!({ "sessions": reached })),
    }
}
