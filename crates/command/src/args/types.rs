//! What arguments are: plain values, and people, roles, channels and files with what is known of them.

use twilight_model::application::interaction::{InteractionChannel, InteractionMember};
use twilight_model::channel::message::Mention;
use twilight_model::channel::{Attachment as WireAttachment, ChannelType};
use twilight_model::guild::{Permissions, Role as WireRole};
use twilight_model::id::Id;
use twilight_model::id::marker::{AttachmentMarker, ChannelMarker, RoleMarker, UserMarker};
use twilight_model::user::User as WireUser;

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
            permissions: None,
        }
    }

    pub(crate) fn from_resolved(user: &WireUser, member: Option<&InteractionMember>) -> Self {
        let nick = member.and_then(|member| member.nick.as_deref());
        let mut known = Self::from_wire(user, nick, member.map(|member| &*member.roles));
        known.permissions = member.map(|member| member.permissions);
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
            permissions: None,
        }
    }

    /// The text that shows as a mention. It notifies only if the reply allows it.
    pub fn mention(&self) -> String {
        format!("<@{}>", self.id)
    }
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
}
