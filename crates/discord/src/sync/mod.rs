//! Brings the registered application commands in line with those of the bot.
//!
//! Registering is a write that Discord limits (200 new commands a day and guild) and that makes
//! clients reload; so the registered commands are fetched and compared first, and nothing is
//! written when nothing has changed.

mod canonical;
mod diff;

pub use canonical::canonical;
pub use diff::{Diff, diff};

use serde_json::Value;
use twilight_model::application::command::Command;
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, GuildMarker};

use crate::rest::{Priority, Rest, RestError};

/// Where commands are registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere.
    Global,
    /// In one guild.
    Guild(Id<GuildMarker>),
}

/// Makes the registered commands of `scope` those in `wanted`; answers with what was changed.
/// Writes nothing when the answer is empty. With a change all types of command are replaced
/// together, as Discord's bulk overwrite does.
///
/// # Errors
/// See [`RestError`]; nothing or everything has been written by then.
pub async fn commands(
    rest: &Rest,
    application: Id<ApplicationMarker>,
    scope: Scope,
    wanted: &[Command],
) -> Result<Diff, RestError> {
    let interactions = rest.http().interaction(application);
    let registered: Vec<Value> = match scope {
        Scope::Global => {
            let request = interactions.global_commands().with_localizations(true);
            rest.send(request, Priority::Normal).await?.json()?
        }
        Scope::Guild(guild) => {
            let request = interactions.guild_commands(guild).with_localizations(true);
            rest.send(request, Priority::Normal).await?.json()?
        }
    };
    let as_json = serde_json::to_value(wanted).map_err(|error| RestError::Answer(error.into()))?;
    let wanted_json = as_json.as_array().map(Vec::as_slice).unwrap_or_default();
    let changes = diff(wanted_json, &registered);
    if changes.is_empty() {
        tracing::debug!(count = wanted.len(), "commands are registered as they should be");
        return Ok(changes);
    }
    match scope {
        Scope::Global => {
            let request = interactions.set_global_commands(wanted);
            rest.send(request, Priority::Normal).await?;
        }
        Scope::Guild(guild) => {
            let request = interactions.set_guild_commands(guild, wanted);
            rest.send(request, Priority::Normal).await?;
        }
    }
    tracing::info!(
        created = ?changes.created,
        changed = ?changes.changed,
        removed = ?changes.removed,
        "commands registered"
    );
    Ok(changes)
}
