//! Member and presence objects. See Discord docs: Guild / Guild Member Object, Gateway Events / Presence.

use serde_json::{Value, json};

use super::{id, object, user_by_id};
use crate::{Guild, Member, Status, Timestamp, User, World};

/// A member with its user.
pub fn member(world: &World, _guild: &Guild, member: &Member) -> Value {
    let mut value = member_partial(member);
    value["user"] = user_by_id(world, member.user);
    value
}

/// A member without its user, as on gateway messages.
pub fn member_partial(member: &Member) -> Value {
    object(
        2,
        [
            ("avatar", member.avatar.as_deref().into()),
            ("banner", member.banner.as_deref().into()),
            ("communication_disabled_until", member.timeout_until.map(Timestamp::iso).into()),
            ("flags", member.flags.into()),
            ("joined_at", member.joined_at.iso().into()),
            ("nick", member.nick.as_deref().into()),
            ("pending", false.into()),
            ("premium_since", Value::Null),
            ("roles", member.roles.iter().copied().map(id).collect()),
            ("mute", member.mute.into()),
            ("deaf", member.deaf.into()),
            ("avatar_decoration_data", Value::Null),
            ("collectibles", Value::Null),
        ],
    )
}

/// A user's presence without `guild_id`, with the id alone of the user, as the gateway allows.
pub fn presence(user: &User) -> Value {
    let client_status = match user.status {
        Status::Offline => json!({}),
        status => json!({ if user.bot { "web" } else { "desktop" }: status }),
    };
    json!({
        "user": { "id": user.id },
        "status": user.status,
        "activities": if user.status == Status::Offline { &[] } else { user.activities.as_slice() },
        "client_status": client_status,
    })
}
