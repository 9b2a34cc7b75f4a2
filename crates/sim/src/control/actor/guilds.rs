//! A person changes a guild's settings, under the same rules as a bot.

use cogwright_sim_world::{Actor, GuildId, UserId, places};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::moderation::because;
use crate::control::endpoint::{Answer, Call, Endpoint};

/// Body of `edit_guild`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditGuild {
    /// Who; needs MANAGE_GUILD there.
    #[schemars(with = "String")]
    user: UserId,
    /// Which.
    #[schemars(with = "String")]
    guild: GuildId,
    /// What changes: the keys of Discord's PATCH /guilds/{guild}.
    set: Map<String, Value>,
    /// Why; the audit log says so.
    reason: Option<String>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::post("/actor/edit_guild", "Changes a guild; answers it", edit)]
}

fn edit(call: Call<EditGuild>) -> Answer {
    let EditGuild { user, guild, set, reason } = call.body;
    let patch = places::PatchGuild { actor: Actor::person(user), guild, body: Value::Object(set) };
    Ok(because(&call.sim, reason)?.apply(patch)?)
}
