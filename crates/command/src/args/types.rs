//! What arguments are: plain values, and people, roles, channels, files and messages with what is
//! known of them.

use std::time::Duration;

use twilight_model::application::interaction::{InteractionChannel, InteractionMember};
use twilight_model::channel::message::Mention;
use twilight_model::channel::{Attachment as WireAttachment, ChannelType, Message as WireMessage};
use twilight_model::guild::{Permissions, Role as WireRole};
use twilight_model::id::Id;
use twilight_model::id::marker::{
    AttachmentMarker, ChannelMarker, GuildMarker, MessageMarker, RoleMarker, UserMarker,
};
use twilight_model::user::User as WireUser;
use twilight_model::util::Timestamp;

/// A person or a bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: Id<UserMarker>,
    /// The unique user name.
    pub name: String,
    /// The name to show: nickname, else display name, else user name.
    pub display_name: String,
    /// Whether it is a bot.
    pub bot: bool,
    /// Its roles in the guild, when it is known as a member.
    pub roles: Option<Vec<Id<RoleMarker>>>,
    /// When it joined the guild, when it is known as a member.
    pub joined_at: Option<Timestamp>,
    /// Its permissions in the channel, when Discord said them.
    pub permissions: Option<Permissions>,
}

impl User {
    /// From a user object, with what is known of its membership.
    pub fn from_wire(user: &WireUser, nick: Option<&str>, roles: Option<&[Id<RoleMarker>]>) -> Self {
        let shown = nick.or(user.global_name.as_deref()).unwrap_or(&user.name);
        Self {
            id: user.id,
            name: user.name.clone(),
            display_name: shown.to_owned(),
            bot: user.bot,
            roles: roles.map(<[_]>::to_vec),
            joined_at: None,
            permissions: None,
        }
    }

    pub(crate) fn from_resolved(user: &WireUser, member: Option<&InteractionMember>) -> Self {
        let nick = member.and_then(|member| member.nick.as_deref());
        let mut known = Self::from_wire(user, nick, member.map(|member| &*member.roles));
        known.permissions = member.map(|member| member.permissions);
        known.joined_at = member.and_then(|member| member.joined_at);
        known
    }

    pub(crate) fn from_mention(mention: &Mention) -> Self {
        let member = mention.member.as_ref();
        let nick = member.and_then(|member| member.nick.clone());
        Self {
            id: mention.id,
            name: mention.name.clone(),
            display_name: nick.unwrap_or_else(|| mention.name.clone()),
            bot: mention.bot,
            roles: member.map(|member| member.roles.clone()),
            joined_at: member.and_then(|member| member.joined_at),
            permissions: None,
        }
    }

    /// The text that shows as a mention. It notifies only if the reply allows it.
    pub fn mention(&self) -> String {
        format!("<@{}>", self.id)
    }
}

/// A member of the guild: a person or bot that is there now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: User,
    /// Their roles.
    pub roles: Vec<Id<RoleMarker>>,
}

/// A role of a guild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its id; that of `@everyone` equals the guild's.
    pub id: Id<RoleMarker>,
    /// Its name.
    pub name: String,
}

impl Role {
    pub(crate) fn from_wire(role: &WireRole) -> Self {
        Self { id: role.id, name: role.name.clone() }
    }

    /// The text that shows as a mention. It notifies only if the reply allows it.
    pub fn mention(&self) -> String {
        format!("<@&{}>", self.id)
    }
}

/// A channel or thread of a guild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: Id<ChannelMarker>,
    /// Its name, without `#`.
    pub name: String,
    /// What kind it is.
    pub kind: ChannelType,
}

impl Channel {
    pub(crate) fn from_wire(channel: &InteractionChannel) -> Self {
        Self { id: channel.id, name: channel.name.clone(), kind: channel.kind }
    }

    /// The text that shows as a link to it.
    pub fn mention(&self) -> String {
        format!("<#{}>", self.id)
    }
}

/// A person or a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mentionable {
    /// A person or a bot.
    User(User),
    /// A role.
    Role(Role),
}

impl Mentionable {
    /// The text that shows as a mention. It notifies only if the reply allows it.
    pub fn mention(&self) -> String {
        match self {
            Self::User(user) => user.mention(),
            Self::Role(role) => role.mention(),
        }
    }
}

/// An uploaded file. Its bytes are fetched from `url`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: Id<AttachmentMarker>,
    /// Its name.
    pub filename: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its MIME type as Discord recognised it.
    pub content_type: Option<String>,
    /// Where it can be fetched, for a limited time.
    pub url: String,
}

impl Attachment {
    pub(crate) fn from_wire(file: &WireAttachment) -> Self {
        Self {
            id: file.id,
            filename: file.filename.clone(),
            size: file.size,
            content_type: file.content_type.clone(),
            url: file.url.clone(),
        }
    }
}

/// A message. Only one that the invoker may read becomes an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: Id<MessageMarker>,
    /// Its channel.
    pub channel: Id<ChannelMarker>,
    /// Its guild, outside direct messages.
    pub guild: Option<Id<GuildMarker>>,
    /// Who wrote it.
    pub author: User,
    /// Its text, as it stands. Empty where the bot may not read what people write.
    pub content: String,
    /// Its files.
    pub attachments: Vec<Attachment>,
}

impl Message {
    /// From a message object, and the guild it is in: what Discord resolves does not say that.
    pub fn from_wire(message: &WireMessage, guild: Option<Id<GuildMarker>>) -> Self {
        Self {
            id: message.id,
            channel: message.channel_id,
            guild,
            author: User::from_wire(&message.author, None, None),
            content: message.content.clone(),
            attachments: message.attachments.iter().map(Attachment::from_wire).collect(),
        }
    }

    /// The address at which Discord's clients open it.
    pub fn link(&self) -> String {
        let place = self.guild.map_or_else(|| "@me".to_owned(), |guild| guild.to_string());
        format!("https://discord.com/channels/{place}/{}/{}", self.channel, self.id)
    }
}

/// The value of one option.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text.
    String(String),
    /// A whole number within ±2^53.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A person.
    User(User),
    /// A role.
    Role(Role),
    /// A channel.
    Channel(Channel),
    /// A person or a role.
    Mentionable(Mentionable),
    /// A file.
    Attachment(Attachment),
    /// A span of time, in whole seconds.
    Duration(Duration),
    /// A message.
    Message(Box<Message>),
    /// The values of a variadic option, at least one.
    List(Vec<Self>),
}

impl Value {
    /// What was typed, where that can be told from the value: texts and numbers.
    pub(crate) fn typed(&self) -> Option<String> {
        match self {
            Self::String(text) => Some(text.clone()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}
