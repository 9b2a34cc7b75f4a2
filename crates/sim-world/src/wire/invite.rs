//! Invite objects. See Discord docs: Invite / Invite Object.

use serde_json::{Map, Value, json};

use super::{guild, role, user_by_id};
use crate::{Guild, Invite, World};

/// Keys of a guild that an invite shows to anybody.
const GUILD: [&str; 12] = [
    "id",
    "name",
    "splash",
    "banner",
    "description",
    "icon",
    "features",
    "verification_level",
    "vanity_url_code",
    "nsfw_level",
    "nsfw",
    "premium_subscription_count",
];
/// Keys of a role that an invite shows.
const ROLE: [&str; 7] = ["id", "name", "position", "color", "colors", "icon", "unicode_emoji"];
/// The counts that are asked for with `with_counts`.
const COUNTS: [&str; 2] = ["approximate_member_count", "approximate_presence_count"];

fn picked(from: &Value, keys: &[&str]) -> Value {
    Value::Object(keys.iter().map(|key| ((*key).to_owned(), from[*key].clone())).collect::<Map<_, _>>())
}

/// An invite as anybody may see it; with counts, the approximate numbers of members too.
pub fn invite(world: &World, invite: &Invite, with_counts: bool) -> Value {
    let mut value = json!({
        "type": 0,
        "code": invite.code,
        "inviter": user_by_id(world, invite.inviter),
        "expires_at": invite.expires().map(crate::Timestamp::iso),
        "guild_id": invite.guild,
        "flags": 0,
    });
    let channel = world.channels.get(&invite.channel);
    value["channel"] = json!({
        "id": invite.channel,
        "type": channel.map_or(0, |c| c.kind as u8),
        "name": channel.map(|c| c.name.as_str()),
    });
    if let Some(found) = world.guilds.get(&invite.guild) {
        in_guild(world, found, invite, with_counts, &mut value);
    }
    value
}

fn in_guild(world: &World, found: &Guild, invite: &Invite, with_counts: bool, value: &mut Value) {
    let full = guild(world, found, with_counts);
    value["guild"] = picked(&full, &GUILD);
    if with_counts {
        for key in COUNTS {
            value[key] = full[key].clone();
        }
    }
    let roles = invite.roles.iter().filter_map(|id| found.roles.get(id));
    let roles: Vec<Value> = roles.map(|r| picked(&role(r), &ROLE)).collect();
    if !roles.is_empty() {
        value["roles"] = Value::Array(roles);
    }
}

/// An invite as those see it who manage invites: with how often it was used and what limits it.
pub fn invite_with_metadata(world: &World, found: &Invite) -> Value {
    let mut value = invite(world, found, false);
    metadata(found, &mut value);
    value
}

fn metadata(invite: &Invite, value: &mut Value) {
    value["uses"] = json!(invite.uses);
    value["max_uses"] = json!(invite.max_uses);
    value["max_age"] = json!(invite.max_age);
    value["temporary"] = json!(invite.temporary);
    value["created_at"] = json!(invite.created.iso());
}

/// INVITE_CREATE. See Discord docs: Gateway Events / Invite Create.
pub fn invite_created(world: &World, invite: &Invite) -> Value {
    let mut value = json!({
        "type": 0,
        "code": invite.code,
        "channel_id": invite.channel,
        "guild_id": invite.guild,
        "inviter": user_by_id(world, invite.inviter),
        "expires_at": invite.expires().map(crate::Timestamp::iso),
        "flags": 0,
    });
    metadata(invite, &mut value);
    if !invite.roles.is_empty() {
        value["role_ids"] = json!(invite.roles);
    }
    value
}
