//! A person joins, leaves, opens a DM or a thread, changes presence.

use cogwright_sim_world::{Actor, ChannelId, GuildId, MessageId, Status, UserId, places};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::control::{
    endpoint::{Answer, Call, Endpoint},
    error::ControlError,
};

/// Body of `join` and `leave`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Membership {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Which guild.
    #[schemars(with = "String")]
    guild: GuildId,
}

/// Body of `open_dm`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OpenDm {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// With whom.
    #[schemars(with = "String")]
    recipient: UserId,
}

/// Body of `create_thread`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateThread {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    channel: ChannelId,
    /// The thread's name, 1 to 100 characters.
    name: String,
    /// The message it starts from.
    #[schemars(with = "Option<String>")]
    message_id: Option<MessageId>,
    /// In a forum: the post's text.
    text: Option<String>,
    /// In a forum: ids of up to 5 of its tags.
    #[schemars(with = "Option<Vec<String>>")]
    tags: Option<Vec<String>>,
}

/// Body of `presence`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Presence {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// "online", "idle", "dnd" or "invisible".
    status: String,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post("/actor/join", "Joins a guild; answers the member", |call: Call<Membership>| {
            let Membership { user, guild } = call.body;
            Ok(call.sim.apply(places::JoinGuild { user, guild })?)
        }),
        Endpoint::post("/actor/leave", "Leaves a guild", |call: Call<Membership>| {
            let Membership { user, guild } = call.body;
            call.sim.apply(places::LeaveGuild { actor: Actor::person(user), guild })?;
            Ok(json!({}))
        }),
        Endpoint::post(
            "/actor/open_dm",
            "Opens a DM, or finds it; answers the channel",
            |call: Call<OpenDm>| {
                let OpenDm { user, recipient } = call.body;
                Ok(call.sim.apply(places::OpenDm {
                    actor: Actor::person(user),
                    body: json!({ "recipient_id": recipient }),
                })?)
            },
        ),
        Endpoint::post("/actor/create_thread", "Opens a thread; answers the channel", create_thread),
        Endpoint::post("/actor/presence", "Changes presence", presence),
    ]
}

fn create_thread(call: Call<CreateThread>) -> Answer {
    let CreateThread { user, channel, name, message_id, text, tags } = call.body;
    let actor = Actor::person(user);
    let mut body = json!({ "name": name });
    if let Some(message) = message_id {
        return Ok(call.sim.apply(places::CreateThreadFromMessage { actor, channel, message, body })?);
    }
    if let Some(text) = text {
        body["message"] = json!({ "content": text });
        if let Some(tags) = tags {
            body["applied_tags"] = json!(tags);
        }
    } else {
        body["type"] = json!(11);
    }
    Ok(call.sim.apply(places::CreateThread { actor, channel, body, files: Vec::new() })?)
}

fn presence(call: Call<Presence>) -> Answer {
    let status = match call.body.status.as_str() {
        "online" => Status::Online,
        "idle" => Status::Idle,
        "dnd" => Status::Dnd,
        "invisible" | "offline" => Status::Offline,
        other => {
            return Err(ControlError::field(
                "status",
                format!("`{other}` is none of online, idle, dnd, invisible."),
            ));
        }
    };
    call.sim.apply(places::SetPresence { user: call.body.user, status, activities: None })?;
    Ok(json!({}))
}
