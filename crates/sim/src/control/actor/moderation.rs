//! A person kicks, bans, lifts bans and times out. Others' messages are deleted with `delete`.

use std::time::Duration;

use cogwright_sim_world::{
    Actor, GuildId, UserId,
    places::{
        Kick, PatchMember,
        moderation::{BanUser, Unban},
    },
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::{
    Sim,
    control::{
        endpoint::{Answer, Call, Endpoint},
        error::ControlError,
    },
};

/// Characters of a reason, as in a request's header. See Discord docs: Audit Log.
const MAX_REASON: usize = 512;

/// Body of `kick` and `unban`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Moderate {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// Whom.
    #[schemars(with = "String")]
    target: UserId,
    /// Why; the audit log says so.
    reason: Option<String>,
}

/// Body of `ban`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Ban {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// Whom; need not be a member.
    #[schemars(with = "String")]
    target: UserId,
    /// Deletes their messages of the last so many seconds, up to 604800.
    delete_message_seconds: Option<u32>,
    /// Why; the ban and the audit log say so.
    reason: Option<String>,
}

/// Body of `timeout`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TimeOut {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// Whom.
    #[schemars(with = "String")]
    target: UserId,
    /// For how long in world time, up to 28 days; 0 ends a time-out.
    seconds: u32,
    /// Why; the audit log says so.
    reason: Option<String>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post("/actor/kick", "Removes a member from a guild", |call: Call<Moderate>| {
            let Moderate { user, guild, target, reason } = call.body;
            let kick = Kick { actor: Actor::person(user), guild, user: target };
            because(&call.sim, reason)?.apply(kick)?;
            Ok(json!({}))
        }),
        Endpoint::post("/actor/ban", "Bans somebody from a guild", ban),
        Endpoint::post("/actor/unban", "Lifts a ban", |call: Call<Moderate>| {
            let Moderate { user, guild, target, reason } = call.body;
            let unban = Unban { actor: Actor::person(user), guild, user: target };
            because(&call.sim, reason)?.apply(unban)?;
            Ok(json!({}))
        }),
        Endpoint::post("/actor/timeout", "Times out a member, or ends it; answers the member", time_out),
    ]
}

/// What is applied through the answer is done for this reason.
pub(super) fn because(sim: &Sim, reason: Option<String>) -> Result<Sim, ControlError> {
    let reason = reason.filter(|text| !text.is_empty());
    if reason.as_ref().is_some_and(|text| text.chars().count() > MAX_REASON) {
        return Err(ControlError::field("reason", format!("At most {MAX_REASON} characters.")));
    }
    Ok(sim.because(reason))
}

fn ban(call: Call<Ban>) -> Answer {
    let Ban { user, guild, target, delete_message_seconds, reason } = call.body;
    let body = json!({ "delete_message_seconds": delete_message_seconds });
    let ban = BanUser { actor: Actor::person(user), guild, user: target, body };
    because(&call.sim, reason)?.apply(ban)?;
    Ok(json!({}))
}

fn time_out(call: Call<TimeOut>) -> Answer {
    let TimeOut { user, guild, target, seconds, reason } = call.body;
    let until = call.sim.clock().now().plus(Duration::from_secs(seconds.into()));
    let until = (seconds > 0).then(|| until.iso());
    let body = json!({ "communication_disabled_until": until });
    let patch = PatchMember { actor: Actor::person(user), guild, user: target, body };
    Ok(because(&call.sim, reason)?.apply(patch)?)
}
