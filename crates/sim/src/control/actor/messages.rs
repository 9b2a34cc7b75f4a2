//! A person sends, edits, deletes, reacts, pins, types.

use cogwright_sim_world::{Actor, ChannelId, MessageId, Timestamp, UserId, World, messages};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::control::{
    endpoint::{Answer, Call, Endpoint, File},
    error::ControlError,
};

/// Body of `send_message`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SendMessage {
    /// Who writes.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    channel: ChannelId,
    /// The text.
    #[serde(default)]
    text: String,
    /// The message it replies to.
    #[schemars(with = "Option<String>")]
    reply_to: Option<MessageId>,
    /// The message it forwards, from wherever `user` can read it; nothing else may be given then.
    #[schemars(with = "Option<String>")]
    forward: Option<MessageId>,
    /// Files.
    #[serde(default)]
    files: Vec<File>,
    /// A poll.
    poll: Option<Poll>,
}

/// A poll to be sent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Poll {
    /// What is asked, up to 300 characters.
    question: String,
    /// Up to 10 answers of up to 55 characters.
    answers: Vec<String>,
    /// How long it is open, up to 768; 24 if not given.
    hours: Option<u32>,
    /// Whether one may choose several answers.
    #[serde(default)]
    multiselect: bool,
}

/// Body of `edit`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Edit {
    /// Who edits.
    #[schemars(with = "String")]
    user: UserId,
    /// The message.
    #[schemars(with = "String")]
    message_id: MessageId,
    /// The new text.
    text: String,
}

/// Body of `delete`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delete {
    /// Who deletes.
    #[schemars(with = "String")]
    user: UserId,
    /// The message.
    #[schemars(with = "String")]
    message_id: MessageId,
}

/// Body of `react`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct React {
    /// Who reacts.
    #[schemars(with = "String")]
    user: UserId,
    /// The message.
    #[schemars(with = "String")]
    message_id: MessageId,
    /// A Unicode emoji, or `name:id`.
    emoji: String,
    /// Take the reaction back.
    #[serde(default)]
    remove: bool,
}

/// Body of `pin`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Pin {
    /// Who pins.
    #[schemars(with = "String")]
    user: UserId,
    /// The message.
    #[schemars(with = "String")]
    message_id: MessageId,
    /// Unpin.
    #[serde(default)]
    remove: bool,
}

/// Body of `typing`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Typing {
    /// Who types.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    channel: ChannelId,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post("/actor/send_message", "Sends a message; answers the message", send),
        Endpoint::post(
            "/actor/upload",
            "Sends a message with files; answers the message",
            |call: Call<SendMessage>| {
                if call.body.files.is_empty() {
                    return Err(ControlError::field(
                        "files",
                        "Give at least one file: {filename, data: base64}.",
                    ));
                }
                send(call)
            },
        ),
        Endpoint::post("/actor/edit", "Edits an own message; answers the message", edit),
        Endpoint::post("/actor/delete", "Deletes a message", delete),
        Endpoint::post("/actor/react", "Adds or takes back a reaction", react),
        Endpoint::post("/actor/pin", "Pins or unpins a message", pin),
        Endpoint::post("/actor/typing", "Shows that somebody is typing", |call: Call<Typing>| {
            let Typing { user, channel } = call.body;
            call.sim.apply(messages::StartTyping { actor: Actor::person(user), channel })?;
            Ok(json!({}))
        }),
    ]
}

fn send(call: Call<SendMessage>) -> Answer {
    let SendMessage { user, channel, text, reply_to, forward, files, poll } = call.body;
    let mut body = json!({ "content": text });
    if let Some(message) = forward {
        if reply_to.is_some() {
            return Err(ControlError::field("forward", "A message either replies or forwards."));
        }
        let from = call.sim.read(|world, now| find(world, now, user, message))?;
        body["message_reference"] = json!({ "type": 1, "channel_id": from, "message_id": message });
    }
    if let Some(message) = reply_to {
        body["message_reference"] = json!({ "message_id": message });
    }
    if let Some(poll) = poll {
        let answers = poll.answers.iter().map(|text| json!({ "poll_media": { "text": text } }));
        body["poll"] = json!({
            "question": { "text": poll.question },
            "answers": answers.collect::<Vec<_>>(),
            "duration": poll.hours,
            "allow_multiselect": poll.multiselect,
        });
    }
    let attachments = files.iter().enumerate().map(|(i, f)| json!({ "id": i, "description": f.description }));
    body["attachments"] = attachments.collect();
    let files =
        files.into_iter().enumerate().map(|(i, file)| file.decode(i)).collect::<Result<Vec<_>, _>>()?;
    let actor = Actor::person(user);
    Ok(call.sim.apply(messages::CreateMessage { actor, channel, body, files })?)
}

/// The channel that holds a message this person may see.
pub(super) fn find(
    world: &World,
    now: Timestamp,
    user: UserId,
    message: MessageId,
) -> Result<ChannelId, ControlError> {
    world.user(user)?;
    let missing = || ControlError::NotFound(format!("There is no message {message} that {user} can see."));
    let channel = world.channel_of(message).map_err(|_| missing())?;
    let hidden = world.message(channel, message)?.ephemeral_to.is_some_and(|owner| owner != user);
    if hidden || !world.can_view(channel, user, now) { Err(missing()) } else { Ok(channel) }
}

fn edit(call: Call<Edit>) -> Answer {
    let Edit { user, message_id, text } = call.body;
    let channel = call.sim.read(|world, now| find(world, now, user, message_id))?;
    let body = json!({ "content": text });
    let actor = Actor::person(user);
    Ok(call.sim.apply(messages::EditMessage {
        actor,
        channel,
        message: message_id,
        body,
        files: Vec::new(),
    })?)
}

fn delete(call: Call<Delete>) -> Answer {
    let Delete { user, message_id } = call.body;
    let channel = call.sim.read(|world, now| find(world, now, user, message_id))?;
    let actor = Actor::person(user);
    call.sim.apply(messages::DeleteMessage { actor, channel, message: message_id })?;
    Ok(json!({}))
}

fn react(call: Call<React>) -> Answer {
    let React { user, message_id: message, emoji, remove } = call.body;
    let channel = call.sim.read(|world, now| find(world, now, user, message))?;
    let actor = Actor::person(user);
    if remove {
        call.sim.apply(messages::RemoveReaction { actor, channel, message, emoji, user: None })?;
    } else {
        call.sim.apply(messages::AddReaction { actor, channel, message, emoji })?;
    }
    Ok(json!({}))
}

fn pin(call: Call<Pin>) -> Answer {
    let Pin { user, message_id: message, remove } = call.body;
    let channel = call.sim.read(|world, now| find(world, now, user, message))?;
    let actor = Actor::person(user);
    if remove {
        call.sim.apply(messages::Unpin { actor, channel, message })?;
    } else {
        call.sim.apply(messages::Pin { actor, channel, message })?;
    }
    Ok(json!({}))
}
