//! Brings the registered application commands in line with those of the bot.
//!
//! Registering is a write that Discord limits (200 new commands a day and guild) and that makes
//! clients reload; so the registered commands are fetched and compared first, and nothing is
//! written when nothing has changed.
//!
//! Few changes are made one by one, deletions first, so that their slots are free; many, the very first and
//! everything that is forced, with one request. If Discord refuses that one (it takes all commands or none), they are made one by one
//! after all: what can be registered is, and the rest is told with its reason.

mod canonical;
mod diff;
mod differences;
mod report;
mod run;

pub use canonical::canonical;
pub use diff::{Change, ChangeKind, Comparison, Diff, compare, diff};
pub use differences::{Difference, differences};
pub use report::{Failed, Progress, Report};

use serde_json::Value;
use twilight_http::routing::Route;
use twilight_model::application::command::Command;
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, GuildMarker};

use crate::rest::{Rest, RestError};
use run::Run;

/// Where commands are registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere.
    Global,
    /// In one guild.
    Guild(Id<GuildMarker>),
}

/// Where, and how, commands are brought in line. Borrowed parts live as long as one sync.
pub struct Sync<'a> {
    /// The way to Discord.
    pub rest: &'a Rest,
    /// Whose commands.
    pub application: Id<ApplicationMarker>,
    /// Where.
    pub scope: Scope,
    /// Writes all commands even if they are as they should be.
    pub force: bool,
    /// Told what happens on the way.
    pub progress: &'a (dyn Fn(Progress) + Send + std::marker::Sync),
}

impl std::fmt::Debug for Sync<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { application, scope, force, .. } = self;
        f.debug_struct("Sync")
            .field("application", application)
            .field("scope", scope)
            .field("force", force)
            .finish()
    }
}

impl Sync<'_> {
    /// What is registered, as Discord tells it. Waits out rate limits and says so.
    ///
    /// # Errors
    /// See [`RestError`].
    pub async fn registered(&self) -> Result<Vec<Value>, RestError> {
        Run::new(self).registered().await
    }

    /// Makes the registered commands those in `wanted`. Writes nothing when they are, unless forced.
    ///
    /// # Errors
    /// See [`RestError`]: what was registered could not be learned, or Discord lets this application register
    /// nothing. What fails for single commands is in the report.
    pub async fn run(&self, wanted: &[Command]) -> Result<Report, RestError> {
        Run::new(self).run(&to_json(wanted)?, None).await
    }

    /// The same for a caller that has just asked what is [registered](Self::registered).
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_from(&self, registered: Vec<Value>, wanted: &[Command]) -> Result<Report, RestError> {
        Run::new(self).run(&to_json(wanted)?, Some(registered)).await
    }
}

/// Commands as the objects that Discord knows.
///
/// # Errors
/// [`RestError::Answer`] when one cannot be written as JSON.
pub fn to_json(commands: &[Command]) -> Result<Vec<Value>, RestError> {
    let values: Result<Vec<_>, _> = commands.iter().map(serde_json::to_value).collect();
    values.map_err(|error| RestError::Answer(error.into()))
}

impl Scope {
    fn list(self, application: Id<ApplicationMarker>) -> Route<'static> {
        let (application_id, with_localizations) = (application.get(), Some(true));
        match self {
            Self::Global => Route::GetGlobalCommands { application_id, with_localizations },
            Self::Guild(guild) => {
                Route::GetGuildCommands { application_id, guild_id: guild.get(), with_localizations }
            }
        }
    }

    fn overwrite(self, application: Id<ApplicationMarker>) -> Route<'static> {
        let application_id = application.get();
        match self {
            Self::Global => Route::SetGlobalCommands { application_id },
            Self::Guild(guild) => Route::SetGuildCommands { application_id, guild_id: guild.get() },
        }
    }

    /// Creates a command, or replaces the one of the same kind and name as a whole.
    fn put(self, application: Id<ApplicationMarker>) -> Route<'static> {
        let application_id = application.get();
        match self {
            Self::Global => Route::CreateGlobalCommand { application_id },
            Self::Guild(guild) => Route::CreateGuildCommand { application_id, guild_id: guild.get() },
        }
    }

    fn delete(self, application: Id<ApplicationMarker>, command_id: u64) -> Route<'static> {
        let application_id = application.get();
        match self {
            Self::Global => Route::DeleteGlobalCommand { application_id, command_id },
            Self::Guild(guild) => {
                Route::DeleteGuildCommand { application_id, command_id, guild_id: guild.get() }
            }
        }
    }
}

#[cfg(test)]
mod tests;
