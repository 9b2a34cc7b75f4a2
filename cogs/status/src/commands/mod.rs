//! The commands of this cog, a file each.

mod add;
mod interval;
mod list;
mod next;
mod remove;

pub(crate) use add::add;
pub(crate) use interval::interval;
pub(crate) use list::list;
pub(crate) use next::next;
pub(crate) use remove::remove;

use cogwright_command::{Ctx, Failure};
use cogwright_store::Actor;

use crate::service::Refused;

/// Who changes the list, for the audit.
fn actor(ctx: &Ctx) -> Actor {
    Actor::new(ctx.invoker().id.get(), ctx.guild_id().map(Into::into), Some(ctx.channel_id().get()))
}

/// A refusal is for the invoker, a database that fails for the log.
fn failure(refused: Refused) -> Failure {
    match refused {
        Refused::Store(error) => error.into(),
        refused => Failure::refused(refused.to_string()),
    }
}
