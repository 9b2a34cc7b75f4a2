//! Who may use a command, beside what its default permissions say. See Discord docs: Application Commands /
//! Permissions.

use serde::{Deserialize, Serialize};

use crate::{ApplicationId, ChannelId, GuildId, RoleId, UserId};

/// The permissions of one command in one guild, or of all an application's commands that have none of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandPermissions {
    /// Where.
    pub guild: GuildId,
    /// Whose command.
    pub application: ApplicationId,
    /// The command's id; the application's for all of its commands.
    pub target: u64,
    /// 1 to 100 of them, each for somebody or somewhere else.
    pub permissions: Vec<CommandPermission>,
}

/// For whom or where a command is switched on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommandSubject {
    /// The holders of a role; everybody, if it is @everyone.
    Role(RoleId),
    /// A member.
    User(UserId),
    /// A channel with its threads.
    Channel(ChannelId),
    /// All channels; on the wire the guild's id minus one.
    AllChannels,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandPermission {
    /// For whom or where.
    pub subject: CommandSubject,
    /// On or off.
    pub allow: bool,
}
