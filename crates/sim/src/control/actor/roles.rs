//! A person makes, changes, moves, removes, gives and takes roles, and sets overwrites, under the same rules as a bot.

use cogwright_sim_world::{Actor, ChannelId, GuildId, RoleId, UserId, places};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::moderation::because;
use crate::control::{
    endpoint::{Answer, Call, Endpoint},
    permissions::{TargetKind, overwrite_body},
};

/// What can be set of a role; what is absent stays.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RoleFields {
    /// 1 to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Bits, as a decimal string.
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions: Option<String>,
    /// 0 to 0xFFFFFF; 0 is no colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<u32>,
    /// Shown apart in the member list.
    #[serde(skip_serializing_if = "Option::is_none")]
    hoist: Option<bool>,
    /// Anybody may mention it.
    #[serde(skip_serializing_if = "Option::is_none")]
    mentionable: Option<bool>,
}

/// Body of `create_role`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateRole {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// What it is to be.
    #[serde(default)]
    set: RoleFields,
}

/// Body of `edit_role`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditRole {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// Which.
    #[schemars(with = "String")]
    role: RoleId,
    /// What changes.
    set: RoleFields,
}

/// Body of `move_role`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MoveRole {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// Which.
    #[schemars(with = "String")]
    role: RoleId,
    /// The place it gets, counted from 1 at the bottom; the others close up.
    position: u32,
}

/// Body of `delete_role`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DeleteRole {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// Which.
    #[schemars(with = "String")]
    role: RoleId,
}

/// Body of `give_role` and `take_role`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MemberRole {
    /// Who; needs MANAGE_ROLES there and to rank above the role.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// To or from whom.
    #[schemars(with = "String")]
    target: UserId,
    /// Which.
    #[schemars(with = "String")]
    role: RoleId,
    /// Why; the audit log says so.
    reason: Option<String>,
}

/// Body of `set_overwrite`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SetOverwrite {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    channel: ChannelId,
    /// The role or member it is about.
    #[schemars(with = "String")]
    target: UserId,
    /// Which of the two: "role" or "member".
    r#type: TargetKind,
    /// Bits allowed, as a decimal string.
    #[serde(default)]
    allow: Option<String>,
    /// Bits denied, as a decimal string.
    #[serde(default)]
    deny: Option<String>,
}

/// Body of `remove_overwrite`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RemoveOverwrite {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    channel: ChannelId,
    /// The role or member it is about.
    #[schemars(with = "String")]
    target: UserId,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post("/actor/create_role", "Makes a role; answers it", |call: Call<CreateRole>| {
            let CreateRole { user, guild, set } = call.body;
            Ok(call.sim.apply(places::CreateRole { actor: Actor::person(user), guild, body: json!(set) })?)
        }),
        Endpoint::post("/actor/edit_role", "Changes a role; answers it", |call: Call<EditRole>| {
            let EditRole { user, guild, role, set } = call.body;
            let actor = Actor::person(user);
            Ok(call.sim.apply(places::PatchRole { actor, guild, role, body: json!(set) })?)
        }),
        Endpoint::post("/actor/move_role", "Moves a role; answers all roles", |call: Call<MoveRole>| {
            let MoveRole { user, guild, role, position } = call.body;
            let body = json!([{ "id": role, "position": position }]);
            Ok(call.sim.apply(places::MoveRoles { actor: Some(Actor::person(user)), guild, body })?)
        }),
        Endpoint::post("/actor/delete_role", "Removes a role", |call: Call<DeleteRole>| {
            let DeleteRole { user, guild, role } = call.body;
            call.sim.apply(places::DeleteRole { actor: Actor::person(user), guild, role })?;
            Ok(json!({}))
        }),
        Endpoint::post("/actor/give_role", "Gives a member a role", |call| set_role(call, true)),
        Endpoint::post("/actor/take_role", "Takes a role from a member", |call| set_role(call, false)),
        Endpoint::post("/actor/set_overwrite", "Sets the overwrite of a role or member in a channel", set),
        Endpoint::post(
            "/actor/remove_overwrite",
            "Removes an overwrite of a channel",
            |call: Call<RemoveOverwrite>| {
                let RemoveOverwrite { user, channel, target } = call.body;
                let (actor, target) = (Some(Actor::person(user)), target.get());
                call.sim.apply(places::DeleteOverwrite { actor, channel, target })?;
                Ok(json!({}))
            },
        ),
    ]
}

fn set_role(call: Call<MemberRole>, give: bool) -> Answer {
    let MemberRole { user, guild, target, role, reason } = call.body;
    let set = places::SetMemberRole { actor: Actor::person(user), guild, user: target, role, give };
    because(&call.sim, reason)?.apply(set)?;
    Ok(json!({}))
}

fn set(call: Call<SetOverwrite>) -> Answer {
    let SetOverwrite { user, channel, target, r#type, allow, deny } = call.body;
    let (actor, target) = (Some(Actor::person(user)), target.get());
    let body = overwrite_body(r#type, allow.as_deref(), deny.as_deref());
    call.sim.apply(places::SetOverwrite { actor, channel, target, body })?;
    Ok(json!({}))
}
