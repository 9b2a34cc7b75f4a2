//! The commands of this cog, a file each. Those that change something share a cooldown of the guild, so that nobody floods
//! the audit.

mod config;
mod disable;
mod enable;
mod serversettings;
mod setprefix;
mod status;

pub(crate) use config::config;
pub(crate) use disable::disable;
pub(crate) use enable::enable;
pub(crate) use serversettings::serversettings;
pub(crate) use setprefix::setprefix;
pub(crate) use status::status;

use cogwright_command::{Ctx, EffectivePrefs, Failure, PolicyError};
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::view::Mention;

/// A refusal is for the invoker, trouble with what is kept for the log. Whoever changes something has to know whether
/// it was done.
fn failure(error: PolicyError) -> Failure {
    match error {
        PolicyError::Refused(text) => Failure::refused(text),
        PolicyError::TimedOut => Failure::refused(
            "This server's settings could not be read in time. Nothing was changed; try again in a minute.",
        ),
        PolicyError::Unconfirmed => Failure::refused(
            "Saving this takes too long, so it may or may not be in force. Look again in a minute before you try \
             again.",
        ),
        PolicyError::Store(_) => error.into(),
    }
}

/// All commands here are for servers; the checks see to it ahead of them.
fn guild(ctx: &Ctx) -> Result<Id<GuildMarker>, Failure> {
    ctx.guild_id().ok_or(Failure::GuildOnly)
}

/// What the texts about mentions depend on.
fn mention<'a>(ctx: &'a Ctx, now: &'a EffectivePrefs) -> Mention<'a> {
    Mention { now, bot: ctx.bot_id(), help: ctx.is_on("help"), theme: ctx.theme() }
}
