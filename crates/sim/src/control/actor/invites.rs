//! A person makes, revokes and accepts invites, under the same rules as a bot.

use cogwright_sim_world::{Actor, ChannelId, RoleId, UserId, invites};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::moderation::because;
use crate::control::endpoint::{Answer, Call, Endpoint};

/// Body of `create_invite`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateInvite {
    /// Who; needs CREATE_INSTANT_INVITE there.
    #[schemars(with = "String")]
    user: UserId,
    /// Where to.
    #[schemars(with = "String")]
    channel: ChannelId,
    /// Seconds of world time that it is good for, up to 604800; 0 is for ever; a day if absent.
    max_age: Option<u32>,
    /// How often it can be used, up to 100; 0 is without limit.
    #[serde(default)]
    max_uses: u32,
    /// Whoever joins by it is removed when they go offline without a role.
    #[serde(default)]
    temporary: bool,
    /// A new invite, even if there is one with the same settings.
    #[serde(default)]
    unique: bool,
    /// Roles given to those who accept it.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    roles: Vec<RoleId>,
    /// Why; the audit log says so.
    reason: Option<String>,
}

/// Body of `revoke_invite`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RevokeInvite {
    /// Who; needs MANAGE_CHANNELS in its channel, or MANAGE_GUILD.
    #[schemars(with = "String")]
    user: UserId,
    /// Its code, or a link that ends with it.
    code: String,
    /// Why; the audit log says so.
    reason: Option<String>,
}

/// Body of `accept_invite`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AcceptInvite {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Its code, or a link that ends with it.
    code: String,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post("/actor/create_invite", "Makes an invite; answers it", create),
        Endpoint::post("/actor/revoke_invite", "Takes back an invite", |call: Call<RevokeInvite>| {
            let RevokeInvite { user, code, reason } = call.body;
            let (actor, code) = (Actor::person(user), bare(&code));
            because(&call.sim, reason)?.apply(invites::RevokeInvite { actor, code })?;
            Ok(json!({}))
        }),
        Endpoint::post(
            "/actor/accept_invite",
            "Joins a guild by an invite; answers {invite, member, new_member}",
            |call: Call<AcceptInvite>| {
                let AcceptInvite { user, code } = call.body;
                Ok(call.sim.apply(invites::AcceptInvite { user, code: bare(&code) })?)
            },
        ),
    ]
}

fn create(call: Call<CreateInvite>) -> Answer {
    let CreateInvite { user, channel, max_age, max_uses, temporary, unique, roles, reason } = call.body;
    let body = json!({
        "max_age": max_age, "max_uses": max_uses, "temporary": temporary, "unique": unique, "role_ids": roles,
    });
    let create = invites::CreateInvite { actor: Actor::person(user), channel, body, files: Vec::new() };
    Ok(because(&call.sim, reason)?.apply(create)?)
}

/// The code of what somebody was given: the code itself, or a link.
fn bare(given: &str) -> String {
    let given = given.trim().trim_end_matches('/');
    given.rsplit('/').next().unwrap_or(given).to_owned()
}
