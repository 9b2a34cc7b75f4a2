//! User objects. See Discord docs: User / User Object.

use serde_json::{Value, json};

use super::{id, object};
use crate::{User, UserId, World, places::operator::new_user};

/// A user as others see it. `bot` is left out for people.
pub fn user(user: &User) -> Value {
    let mut value = object(
        2,
        [
            ("id", id(user.id)),
            ("username", user.username.as_str().into()),
            ("avatar", user.avatar.as_deref().into()),
            ("discriminator", user.discriminator.as_str().into()),
            ("public_flags", 0.into()),
            ("flags", 0.into()),
            ("banner", user.banner.as_deref().into()),
            ("accent_color", Value::Null),
            ("global_name", user.global_name.as_deref().into()),
            ("avatar_decoration_data", Value::Null),
            ("collectibles", Value::Null),
            ("primary_guild", Value::Null),
        ],
    );
    if user.bot {
        value["bot"] = json!(true);
    }
    value
}

/// A user by id; one that was deleted keeps its id and is shown as a deleted user, as Discord shows authors of
/// old messages.
pub fn user_by_id(world: &World, id: UserId) -> Value {
    match world.users.get(&id) {
        Some(found) => user(found),
        None => user(&User {
            username: format!("deleted_user_{:012x}", id.get() >> 16 & 0xffff_ffff_ffff),
            global_name: Some("Deleted User".into()),
            ..new_user(id)
        }),
    }
}

/// A user as it sees itself (GET /users/@me, READY).
pub fn current_user(own: &User) -> Value {
    let mut value = user(own);
    value["mfa_enabled"] = json!(false);
    value["locale"] = json!("en-US");
    value["premium_type"] = json!(0);
    value["email"] = Value::Null;
    value["verified"] = json!(true);
    value
}
