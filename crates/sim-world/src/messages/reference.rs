//! `message_reference` of a new message: a reply, or a forward. See Discord docs: Message / Message Reference Object.

use crate::{ChannelId, GuildId, MessageId, body::Form};

/// A reply as asked for; the message is not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyTo {
    /// The message replied to.
    pub message: MessageId,
    /// Its channel, if given; must be the one replied in.
    pub channel: Option<ChannelId>,
    /// Whether an unknown message is an error (the default) or makes this a plain message.
    pub required: bool,
}

/// A forward as asked for; the message is not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forwarding {
    /// The message that is forwarded.
    pub message: MessageId,
    /// Its channel.
    pub channel: ChannelId,
    /// Its guild, if given; must be the channel's.
    pub guild: Option<GuildId>,
    /// Whether an unknown message is an error of its own (the default), or makes this a message without anything.
    pub required: bool,
}

/// What a message refers to: one of the two at most.
pub(super) fn read(form: Form<'_>) -> (Option<ReplyTo>, Option<Forwarding>) {
    let path = form.at("message_reference");
    let Some(reference) = form.get("message_reference").and_then(|v| Form::new(v, &path, form.errors()))
    else {
        return (None, None);
    };
    let kind = reference.integer("type", 0, i64::MAX).unwrap_or(0);
    if kind > 1 {
        reference.error("type", "BASE_TYPE_CHOICES", "Value must be one of (0, 1).");
    }
    if reference.get("message_id").is_none() {
        reference.missing("message_id");
    }
    let required = reference.boolean("fail_if_not_exists").unwrap_or(true);
    let message = reference.id("message_id");
    let channel = reference.id("channel_id");
    if kind == 1 {
        if reference.get("channel_id").is_none() {
            reference.missing("channel_id");
        }
        let guild = reference.id("guild_id");
        let forward = message.zip(channel);
        return (None, forward.map(|(message, channel)| Forwarding { message, channel, guild, required }));
    }
    (message.map(|message| ReplyTo { message, channel, required }), None)
}
