//! Reads IDENTIFY and RESUME. See Discord docs: Gateway Events / Identify and Resume.

use cogwright_sim_world::{ApplicationId, intents};
use serde_json::Value;

use super::{
    codes::Close,
    desk::Desk,
    presence::{self, Presence},
    shard::{MAX_GUILDS_PER_SHARD, Shard},
};
use crate::rest::application_of_token;

/// A valid IDENTIFY. `compress` (compression of single payloads) is ignored: asking for it does not oblige the
/// server. `properties` is not looked at.
#[derive(Debug)]
pub(crate) struct Identify {
    pub(crate) application: ApplicationId,
    pub(crate) intents: u64,
    pub(crate) shard: Shard,
    /// READY says `shard` only when IDENTIFY did.
    pub(crate) names_shard: bool,
    pub(crate) large_threshold: u64,
    pub(crate) presence: Presence,
}

/// Bounds of `large_threshold`; what lies outside is moved to the bound.
const LARGE_THRESHOLD: (u64, u64) = (50, 250);

impl Identify {
    pub(crate) fn read(d: &Value, desk: &Desk<'_>) -> Result<Self, Close> {
        if !d.is_object() {
            return Err(Close::Decode);
        }
        let token = d["token"].as_str().ok_or(Close::Decode)?;
        let application =
            application_of_token(desk.world, token, desk.any_token).ok_or(Close::AuthenticationFailed)?;
        let intents = d["intents"].as_u64().ok_or(Close::InvalidIntents)?;
        if intents & !intents::ALL != 0 {
            return Err(Close::InvalidIntents);
        }
        let enabled = desk.world.application(application).map_or(0, |a| a.privileged_intents);
        if intents & intents::PRIVILEGED & !enabled != 0 {
            return Err(Close::DisallowedIntents);
        }
        let shard = Shard::read(d.get("shard"))?;
        let guilds = desk.world.guilds_of(application.into()).filter(|g| shard.holds(Some(g.id))).count();
        if guilds > MAX_GUILDS_PER_SHARD {
            return Err(Close::ShardingRequired);
        }
        let presence = match d.get("presence").filter(|p| !p.is_null()) {
            Some(presence) => presence::read(presence, desk.now)?,
            None => Presence::default(),
        };
        let (least, most) = LARGE_THRESHOLD;
        Ok(Self {
            application,
            intents,
            shard,
            names_shard: d.get("shard").is_some_and(|s| !s.is_null()),
            large_threshold: d["large_threshold"].as_u64().unwrap_or(least).clamp(least, most),
            presence,
        })
    }
}

/// A well-formed RESUME.
#[derive(Debug)]
pub(crate) struct Resume {
    /// Whose token it was; RESUME with a token of nobody is 4004.
    pub(crate) application: ApplicationId,
    pub(crate) session: String,
    pub(crate) seq: u64,
}

impl Resume {
    pub(crate) fn read(d: &Value, desk: &Desk<'_>) -> Result<Self, Close> {
        let token = d["token"].as_str().ok_or(Close::Decode)?;
        let session = d["session_id"].as_str().ok_or(Close::Decode)?.to_owned();
        // Clients that have seen no dispatch yet send null.
        let seq = match &d["seq"] {
            Value::Null => 0,
            seq => seq.as_u64().ok_or(Close::Decode)?,
        };
        let application =
            application_of_token(desk.world, token, desk.any_token).ok_or(Close::AuthenticationFailed)?;
        Ok(Self { application, session, seq })
    }
}
