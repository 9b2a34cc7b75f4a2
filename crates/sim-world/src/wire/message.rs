//! Message objects. See Discord docs: Message / Message Object; Gateway Events / Message Create.

use serde_json::{Value, json};

use super::{
    channel, id, member_partial, message_interaction, object, poll, snapshot, sticker_item, user_by_id,
};
use crate::{
    Attachment, Author, ChannelId, Message, Reaction, Timestamp, UserId, World, flags,
    messages::{attachment_url, is_spoiler},
};

/// Attachment flag for spoilers. See Discord docs: Message / Attachment Flags.
const IS_SPOILER: u64 = 1 << 3;
/// Message types that refer to a channel rather than to a message: a channel followed, a thread created.
const REFER_TO_CHANNEL: [u8; 2] = [12, 18];
/// Keys that most messages get beside those they all have: `guild_id`, `member`, `nonce` and the like.
const MORE: usize = 8;
/// Message types that carry the message they refer to: replies and thread starters.
const WITH_REFERENCED: [u8; 2] = [19, 21];

/// A message as REST answers it to `viewer`, whose own reactions are marked.
///
/// `mentions` lists those whom the message pings: users that its text names and its allowed mentions let
/// through, and the author replied to. A suppressed mention is left out (which is why clients cannot resolve
/// the names in it); whether somebody listed can see the channel does not matter.
///
/// `attachments` leaves out those that an embed or a component shows, `embeds` is empty under SUPPRESS_EMBEDS.
/// See Discord docs: Message / Message Object and Message Flags.
pub fn message(world: &World, message: &Message, viewer: Option<UserId>) -> Value {
    let mut value = basic(world, message, viewer);
    if WITH_REFERENCED.contains(&message.kind)
        && let Some((channel, id)) = message.reference
    {
        // Null tells a deleted message from one that was not looked up.
        let referenced = world.message(channel, id).ok();
        value["referenced_message"] = referenced.map(|m| basic(world, m, viewer)).into();
    }
    value
}

/// A message as the gateway sends it: with `guild_id`, the author's `member` and those of the users mentioned.
/// Ephemeral messages and DMs have none of the three.
pub fn message_event(world: &World, message: &Message) -> Value {
    announced(world, message, self::message(world, message, None))
}

/// [`message_event`] of a message that is rendered already, for nobody in particular.
pub(crate) fn announced(world: &World, message: &Message, shown: Value) -> Value {
    let mut value = shown;
    let Some(guild) = message.guild.filter(|_| message.ephemeral_to.is_none()) else { return value };
    value["guild_id"] = json!(guild);
    let Some(guild) = world.guilds.get(&guild) else { return value };
    if let Author::User(author) = message.author
        && let Some(member) = guild.members.get(&author)
    {
        value["member"] = member_partial(member);
    }
    for (mentioned, user) in
        message.mentions.iter().zip(value["mentions"].as_array_mut().into_iter().flatten())
    {
        if let Some(member) = guild.members.get(mentioned) {
            user["member"] = member_partial(member);
        }
    }
    value
}

/// Marks what is `viewer`'s own in a message that was rendered for nobody in particular: MESSAGE_UPDATE carries
/// reactions and votes, and `me` and `me_voted` differ by viewer.
pub fn set_own(world: &World, data: &mut Value, viewer: UserId) {
    if !has_own(data) {
        return;
    }
    let id = data["id"].as_str().and_then(|id| id.parse().ok());
    let found = id.and_then(|id| world.message(world.channel_of(id).ok()?, id).ok());
    let Some(message) = found else { return };
    for shown in data.get_mut("reactions").and_then(Value::as_array_mut).into_iter().flatten() {
        let me = message
            .reactions
            .iter()
            .any(|r| reaction_emoji(r) == shown["emoji"] && r.users.contains(&viewer));
        shown["me"] = json!(me);
    }
    if let Some(own) = message.poll.as_ref().filter(|_| data.get("poll").is_some()) {
        data["poll"] = poll(own, Some(viewer));
    }
}

/// Whether a message shows anything of which a part may be the viewer's own.
pub(crate) fn has_own(data: &Value) -> bool {
    data.get("reactions").is_some() || data.get("poll").is_some()
}

/// An attachment of a message in `channel`.
pub fn attachment(world: &World, channel: ChannelId, attachment: &Attachment, ephemeral: bool) -> Value {
    let url = attachment_url(world, channel, attachment);
    let mut value = json!({
        "id": attachment.id,
        "filename": attachment.filename,
        "size": attachment.size,
        "url": url,
        "proxy_url": url,
    });
    if let Some((width, height)) = attachment.dimensions {
        value["width"] = json!(width);
        value["height"] = json!(height);
    }
    if let Some(description) = &attachment.description {
        value["description"] = json!(description);
    }
    if let Some(kind) = &attachment.content_type {
        value["content_type"] = json!(kind);
    }
    if ephemeral {
        value["ephemeral"] = json!(true);
    }
    if is_spoiler(&attachment.filename) {
        value["flags"] = json!(IS_SPOILER);
    }
    value
}

/// The partial emoji of a reaction.
pub(crate) fn reaction_emoji(reaction: &Reaction) -> Value {
    let mut emoji = json!({ "id": reaction.emoji_id, "name": reaction.emoji_name });
    if reaction.animated {
        emoji["animated"] = json!(true);
    }
    emoji
}

/// Whether one of the embeds or components shows the attachment, by its address or as `attachment://name`.
pub(crate) fn shows_attachment(embeds: &[Value], components: &[Value], attachment: &Attachment) -> bool {
    let id = format!("/{}/", attachment.id);
    let name = format!("attachment://{}", attachment.filename);
    embeds.iter().chain(components).any(|value| has_address(value, &|url| url.contains(&id) || url == name))
}

fn has_address(value: &Value, wanted: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| match value {
            Value::String(text) => matches!(key.as_str(), "url" | "icon_url") && wanted(text),
            other => has_address(other, wanted),
        }),
        Value::Array(list) => list.iter().any(|value| has_address(value, wanted)),
        _ => false,
    }
}

/// Everything but the referenced message, which is what a referenced message itself consists of.
fn basic(world: &World, message: &Message, viewer: Option<UserId>) -> Value {
    let suppressed = message.flags & flags::SUPPRESS_EMBEDS != 0;
    let ephemeral = message.ephemeral_to.is_some();
    let has_thread = if message.thread.is_some() { flags::HAS_THREAD } else { 0 };
    let hidden = |a: &&Attachment| !shows_attachment(&message.embeds, &message.components, a);
    let attachments = message.attachments.iter().filter(hidden);
    let embeds = if suppressed { &[] } else { message.embeds.as_slice() };
    let mut value = object(
        MORE,
        [
            ("type", message.kind.into()),
            ("content", message.content.as_str().into()),
            ("mentions", message.mentions.iter().map(|id| user_by_id(world, *id)).collect()),
            ("mention_roles", message.mention_roles.iter().copied().map(id).collect()),
            ("attachments", attachments.map(|a| attachment(world, message.channel, a, ephemeral)).collect()),
            ("embeds", embeds.into()),
            ("timestamp", message.sent.iso().into()),
            ("edited_timestamp", message.edited.map(Timestamp::iso).into()),
            ("flags", (message.flags | has_thread).into()),
            ("components", message.components.as_slice().into()),
            ("id", id(message.id)),
            ("channel_id", id(message.channel)),
            ("author", author(world, message)),
            ("pinned", message.pinned.is_some().into()),
            ("mention_everyone", message.mention_everyone.into()),
            ("tts", message.tts.into()),
        ],
    );
    // From here on: left out unless there is something to say.
    let mut set = |key: &str, value_of: Option<Value>| {
        if let Some(inner) = value_of {
            value[key] = inner;
        }
    };
    let webhook = match &message.author {
        Author::Webhook { id, .. } => Some(*id),
        Author::User(_) => message.application.map(Into::into),
    };
    set("webhook_id", webhook.map(|id| json!(id)));
    set("application_id", message.application.map(|id| json!(id)));
    set("nonce", message.nonce.clone());
    set("poll", message.poll.as_ref().map(|own| poll(own, viewer)));
    let stickers = &message.stickers;
    set("sticker_items", (!stickers.is_empty()).then(|| stickers.iter().map(sticker_item).collect()));
    set("message_reference", reference(message));
    set("message_snapshots", snapshot::snapshots(world, message));
    let thread = message.thread.and_then(|id| world.channels.get(&id));
    set("thread", thread.map(|t| channel(world, t)));
    if !message.reactions.is_empty() {
        let reactions = message.reactions.iter().map(|r| reaction(r, viewer)).collect();
        set("reactions", Some(reactions));
    }
    if let Some(meta) = &message.interaction {
        set("interaction_metadata", Some(message_interaction::metadata(world, meta)));
        set("interaction", message_interaction::deprecated(world, meta));
    }
    value
}

fn author(world: &World, message: &Message) -> Value {
    match &message.author {
        Author::User(id) => user_by_id(world, *id),
        Author::Webhook { id, name, avatar } => json!({
            "id": id,
            "username": name,
            "avatar": avatar,
            "discriminator": "0000",
            "public_flags": 0,
            "flags": 0,
            "bot": true,
            "global_name": null,
            "primary_guild": null,
        }),
    }
}

fn reference(message: &Message) -> Option<Value> {
    let (channel, id) = message.reference?;
    let forwards = message.snapshot.is_some();
    let mut value = json!({ "type": u8::from(forwards), "channel_id": channel });
    if !REFER_TO_CHANNEL.contains(&message.kind) {
        value["message_id"] = json!(id);
    }
    // A direct message that was forwarded into a guild has none.
    if let Some(guild) = message.reference_guild.or(message.guild.filter(|_| !forwards)) {
        value["guild_id"] = json!(guild);
    }
    Some(value)
}

fn reaction(reaction: &Reaction, viewer: Option<UserId>) -> Value {
    let count = reaction.users.len();
    json!({
        "emoji": reaction_emoji(reaction),
        "count": count,
        "count_details": { "burst": 0, "normal": count },
        "burst_colors": [],
        "me_burst": false,
        "burst_me": false,
        "burst_count": 0,
        "me": viewer.is_some_and(|v| reaction.users.contains(&v)),
    })
}
