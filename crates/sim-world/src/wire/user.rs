//! User objects. See Discord docs: User / User Object.

use serde_json::{Value, json};

use crate::{User, UserId, World, places::operator::new_user};

/// A user as others see it. `bot` is left out for people.
pub fn user(user: &User) -> Value {
    let mut value = json!({
        "id": user.id,
        "username": user.username,
        "avatar": user.avatar,
        "discriminator": user.discriminator,
        "public_flags": 0,
        "flags": 0,
        "banner": user.banner,
        "accent_color": null,
        "global_name": user.global_name,
        "avatar_decoration_data": null,
        "collectibles": null,
        "primary_guild": null,
    });
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
