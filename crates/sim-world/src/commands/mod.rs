//! Application commands: what bots register, and which of them a person may use where.
//! See Discord docs: Application Commands.

mod create;
mod definition;
mod delete;
mod edit;
mod locale;
mod names;
mod options;
mod overwrite;
mod permissions;
mod read;
mod store;
mod usable;
mod user_install;

pub use create::{CreateCommand, Created};
pub use delete::DeleteCommand;
pub use edit::EditCommand;
pub use overwrite::OverwriteCommands;
pub use permissions::{SetCommandPermissions, permissions, permissions_of};
pub use read::{list, one};
pub(crate) use usable::age_restricted;
pub use usable::{picker, usable};
pub use user_install::{InstallForUser, UninstallForUser};

pub(crate) use locale::LOCALES;
pub(crate) use options::read_choice;
pub(crate) use permissions::forget_permissions_of;

use crate::{Actor, ApiError, ApplicationId, GuildId, World};

/// Creations per application and scope in a day of world time (30034).
pub const MAX_DAILY_CREATES: usize = 200;

/// Whose commands, and whether the global ones or those of a guild.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The application in the path.
    pub application: ApplicationId,
    /// The guild in the path, absent for global commands.
    pub guild: Option<GuildId>,
}

impl Scope {
    /// What a command of it may be installed as that does not say so itself; of a guild's own nothing but that.
    fn integration_types(self, world: &World) -> Vec<u64> {
        match (self.guild, world.application(self.application)) {
            (None, Ok(application)) => application.integration_types(),
            _ => vec![0],
        }
    }

    /// 20012 unless the actor is that application; 50001 unless it is in the guild.
    pub(crate) fn check(self, world: &World, actor: Actor) -> Result<(), ApiError> {
        if actor.application != Some(self.application) {
            return Err(ApiError::not_authorized_for_application());
        }
        world.application(self.application)?;
        match self.guild {
            // Its commands may be there without its bot.
            Some(guild)
                if world.member(guild, self.application.into()).is_err()
                    && !world.guild_installs.contains(&(guild, self.application)) =>
            {
                Err(ApiError::missing_access())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
