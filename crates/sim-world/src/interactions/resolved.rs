//! `resolved`: the full objects behind the ids in an interaction's data.
//! See Discord docs: Receiving and Responding / Resolved Data Structure.

use serde_json::{Map, Value, json};

use crate::{ApplicationId, Attachment, Channel, ChannelId, Message, RoleId, Timestamp, UserId, World, wire};

/// Where and for whom things are resolved.
#[derive(Clone, Copy)]
pub(super) struct Place<'w> {
    pub world: &'w World,
    pub channel: &'w Channel,
    pub user: UserId,
    pub application: ApplicationId,
    pub now: Timestamp,
}

/// What has been resolved so far, each thing once.
#[derive(Default)]
pub(super) struct Resolved {
    users: Map<String, Value>,
    members: Map<String, Value>,
    roles: Map<String, Value>,
    channels: Map<String, Value>,
    messages: Map<String, Value>,
    attachments: Map<String, Value>,
}

impl Resolved {
    /// A user, and the member if they are one; false if there is no such user.
    pub(super) fn user(&mut self, place: Place<'_>, id: UserId) -> bool {
        let Ok(user) = place.world.user(id) else { return false };
        self.users.insert(id.to_string(), wire::user(user));
        if let Some(member) = place.channel.guild.and_then(|g| place.world.member(g, id).ok()) {
            let mut value = wire::member_partial(member);
            // Members in `resolved` have neither, see Discord docs: Resolved Data Structure.
            if let Some(map) = value.as_object_mut() {
                map.shift_remove("deaf");
                map.shift_remove("mute");
            }
            let bits = place.world.channel_permissions(place.channel.id, id, place.now).unwrap_or(0);
            value["permissions"] = json!(bits.to_string());
            self.members.insert(id.to_string(), value);
        }
        true
    }

    /// A role of the guild; false if it has none such.
    pub(super) fn role(&mut self, place: Place<'_>, id: RoleId) -> bool {
        let guild = place.channel.guild.and_then(|g| place.world.guild(g).ok());
        let Some(role) = guild.and_then(|g| g.roles.get(&id)) else { return false };
        self.roles.insert(id.to_string(), wire::role(role));
        true
    }

    /// A channel of the guild that the person sees; its type, or `None` if there is none such.
    pub(super) fn channel(&mut self, place: Place<'_>, id: ChannelId) -> Option<u8> {
        let found =
            place.world.channel(id).ok().filter(|c| c.guild.is_some() && c.guild == place.channel.guild)?;
        if !place.world.can_view(id, place.user, place.now) {
            return None;
        }
        let mut value = partial_channel(place, found);
        let bits = place.world.channel_permissions(id, place.application.into(), place.now).unwrap_or(0);
        value["app_permissions"] = json!(bits.to_string());
        self.channels.insert(id.to_string(), value);
        Some(found.kind as u8)
    }

    pub(super) fn message(&mut self, place: Place<'_>, message: &Message) {
        let value = wire::message(place.world, message, Some(place.application.into()));
        self.messages.insert(message.id.to_string(), value);
    }

    pub(super) fn attachment(&mut self, world: &World, channel: ChannelId, attachment: &Attachment) {
        let value = wire::attachment(world, channel, attachment, true);
        self.attachments.insert(attachment.id.to_string(), value);
    }

    /// The object, without empty tables; `None` if nothing was resolved.
    pub(super) fn into_value(self) -> Option<Value> {
        let tables = [
            ("users", self.users),
            ("members", self.members),
            ("roles", self.roles),
            ("channels", self.channels),
            ("messages", self.messages),
            ("attachments", self.attachments),
        ];
        let kept = tables.into_iter().filter(|(_, t)| !t.is_empty());
        let object: Map<String, Value> = kept.map(|(k, t)| (k.to_owned(), Value::Object(t))).collect();
        (!object.is_empty()).then_some(Value::Object(object))
    }
}

/// A channel as interactions show it: without overwrites, with the person's permissions there.
pub(super) fn partial_channel(place: Place<'_>, channel: &Channel) -> Value {
    let mut value = wire::channel_for(place.world, channel, place.application.into());
    if let Some(map) = value.as_object_mut() {
        map.shift_remove("permission_overwrites");
        map.shift_remove("member");
    }
    let bits = place.world.channel_permissions(channel.id, place.user, place.now).unwrap_or(0);
    value["permissions"] = json!(bits.to_string());
    value
}
