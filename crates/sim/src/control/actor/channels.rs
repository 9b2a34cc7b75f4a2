//! A person makes, changes, moves and removes channels, under the same rules as a bot.

use cogwright_sim_world::{Actor, ChannelId, GuildId, UserId, places};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::moderation::because;
use crate::control::endpoint::{Answer, Call, Endpoint};

/// Body of `create_channel`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateChannel {
    /// Who; needs MANAGE_CHANNELS there.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// What it is to be: the keys of Discord's POST /guilds/{guild}/channels.
    set: Map<String, Value>,
    /// Why; the audit log says so.
    reason: Option<String>,
}

/// Body of `edit_channel`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditChannel {
    /// Who; needs MANAGE_CHANNELS there, for a thread MANAGE_THREADS or to be its owner.
    #[schemars(with = "String")]
    user: UserId,
    /// Which channel or thread.
    #[schemars(with = "String")]
    channel: ChannelId,
    /// What changes: the keys of Discord's PATCH /channels/{channel}.
    set: Map<String, Value>,
    /// Why; the audit log says so.
    reason: Option<String>,
}

/// Body of `move_channels`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MoveChannels {
    /// Who; needs MANAGE_CHANNELS in the guild and in each of the channels.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// All that move, in one step: the list of Discord's PATCH /guilds/{guild}/channels, of which each has `id` and
    /// what changes of `position`, `parent_id` and `lock_permissions`.
    channels: Vec<Map<String, Value>>,
    /// Why; the audit log says so.
    reason: Option<String>,
}

/// Body of `delete_channel`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DeleteChannel {
    /// Who; needs MANAGE_CHANNELS there, for a thread MANAGE_THREADS.
    #[schemars(with = "String")]
    user: UserId,
    /// Which channel or thread.
    #[schemars(with = "String")]
    channel: ChannelId,
    /// Why; the audit log says so.
    reason: Option<String>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post("/actor/create_channel", "Makes a channel; answers it", create),
        Endpoint::post("/actor/edit_channel", "Changes a channel or thread; answers it", edit),
        Endpoint::post("/actor/move_channels", "Moves channels of a guild, all of them or none", reorder),
        Endpoint::post("/actor/delete_channel", "Removes a channel or thread; answers it as it was", delete),
    ]
}

fn create(call: Call<CreateChannel>) -> Answer {
    let CreateChannel { user, guild, set, reason } = call.body;
    let create = places::CreateChannel { actor: Actor::person(user), guild, body: Value::Object(set) };
    Ok(because(&call.sim, reason)?.apply(create)?)
}

fn edit(call: Call<EditChannel>) -> Answer {
    let EditChannel { user, channel, set, reason } = call.body;
    let patch = places::PatchChannel { actor: Actor::person(user), channel, body: Value::Object(set) };
    Ok(because(&call.sim, reason)?.apply(patch)?)
}

fn reorder(call: Call<MoveChannels>) -> Answer {
    let MoveChannels { user, guild, channels, reason } = call.body;
    let moves = places::MoveChannels { actor: Actor::person(user), guild, body: json!(channels) };
    because(&call.sim, reason)?.apply(moves)?;
    Ok(json!({}))
}

fn delete(call: Call<DeleteChannel>) -> Answer {
    let DeleteChannel { user, channel, reason } = call.body;
    Ok(because(&call.sim, reason)?.apply(places::DeleteChannel { actor: Actor::person(user), channel })?)
}
