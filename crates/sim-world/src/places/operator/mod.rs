//! What the operator of a local Discord does to build a world: no permission checks, but the same limits, and
//! the same gateway events as on Discord. Bodies may hold only known keys, so that a misspelt one is noticed.

mod application;
mod channel;
mod guild;
mod member;
mod role;
mod token;
mod user;

pub use application::{CreateApplication, DeleteApplication, NewClientSecret, NewToken, PatchApplication};
pub use channel::{CreateChannel, DeleteChannel, PatchChannel};
pub use guild::{CreateGuild, DeleteGuild, PatchGuild, guild_view};
pub use member::{AddMember, PatchMember, RemoveMember, SetMemberRole};
pub use role::{CreateRole, DeleteRole, PatchRole};
pub use user::{CreateUser, DeleteUser, PatchUser};

pub(super) use application::add_bot;
pub(super) use member::read_roles;
pub(crate) use {
    token::{bot_token, verify_key},
    user::new_user,
};

use serde_json::{Value, json};

use crate::{World, body::Form, wire};

/// Refuses keys other than these, and names them.
fn known(form: Form<'_>, keys: &[&str]) {
    for key in form.map().keys().filter(|key| !keys.contains(&key.as_str())) {
        let known = keys.join(", ");
        form.error(key, "UNKNOWN_KEY", format!("Unknown key; known here: {known}."));
    }
}

/// All people, bots, applications (without tokens) and guilds.
pub fn overview(world: &World) -> Value {
    json!({
        "users": world.users().map(wire::user).collect::<Vec<_>>(),
        "applications": world.applications().map(|a| wire::application_summary(world, a)).collect::<Vec<_>>(),
        "guilds": world.guilds().map(|g| guild_view(world, g)).collect::<Vec<_>>(),
    })
}
