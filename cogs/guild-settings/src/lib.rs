//! What a server sets for itself: `setprefix`, `mentionprefix`, `config` (which roles may call which command) and
//! `serversettings`, which shows every value in force with whoever set it.
//!
//! All changes go through `Ctx::policies`, so that they are effective at once and written down.

mod commands;
mod service;
mod view;

use cogwright_command::{Cog, Group, Permissions, Spec};
use cogwright_store::Store;

/// The cog. Without a store, `serversettings` leaves out the last changes.
pub fn cog(store: Option<Store>) -> Cog {
    let mention = Group::new("mentionprefix", "Whether a mention of the bot works like the prefix here")
        .command(commands::status())
        .command(commands::enable())
        .command(commands::disable())
        .default_command("status")
        .each(administrators);
    Cog::new("Server Settings")
        .built_in()
        .command(administrators(commands::setprefix()))
        .group(mention)
        .command(commands::config())
        .command(administrators(commands::serversettings(store)))
}

fn administrators(spec: Spec) -> Spec {
    spec.guild_only().user_permissions(Permissions::ADMINISTRATOR)
}
