//! The handlers, one file per resource. A file lists its operations in a `ROUTES` table; adding one is a
//! function and a row there. An operation without a row answers 501.

mod applications;
mod audit_log;
mod auto_moderation;
mod bans;
mod channels;
mod command_permissions;
mod commands;
mod community;
mod emojis;
mod entitlements;
mod gateway;
mod guild_settings;
mod guilds;
mod integrations;
mod interactions;
mod invites;
mod members;
mod messages;
mod misc;
mod oauth2;
mod overwrites;
mod pins;
mod polls;
mod prune;
mod reactions;
mod role_connections;
mod roles;
mod scheduled_events;
mod search;
mod soundboard;
mod stages;
mod stickers;
mod templates;
mod threads;
mod users;
mod voice;
mod webhooks;

use std::{collections::HashMap, sync::LazyLock};

use cogwright_sim_world::{ApiError, Timestamp, World};
use serde_json::Value;

use super::{reply::Reply, request::Request};
use crate::Sim;

/// Parses what the path and query hold, calls the world, chooses the status.
pub(super) type Handler = fn(Request, &Sim) -> Result<Reply, ApiError>;

/// What a file exports: operation ids with their handlers.
type Routes = &'static [(&'static str, Handler)];

const FILES: &[Routes] = &[
    applications::ROUTES,
    auto_moderation::ROUTES,
    audit_log::ROUTES,
    bans::ROUTES,
    channels::ROUTES,
    command_permissions::ROUTES,
    commands::ROUTES,
    community::ROUTES,
    emojis::ROUTES,
    entitlements::ROUTES,
    gateway::ROUTES,
    guild_settings::ROUTES,
    guilds::ROUTES,
    integrations::ROUTES,
    interactions::ROUTES,
    invites::ROUTES,
    members::ROUTES,
    messages::ROUTES,
    misc::ROUTES,
    oauth2::ROUTES,
    overwrites::ROUTES,
    pins::ROUTES,
    polls::ROUTES,
    prune::ROUTES,
    reactions::ROUTES,
    role_connections::ROUTES,
    roles::ROUTES,
    scheduled_events::ROUTES,
    search::ROUTES,
    soundboard::ROUTES,
    stages::ROUTES,
    stickers::ROUTES,
    templates::ROUTES,
    threads::ROUTES,
    users::ROUTES,
    voice::ROUTES,
    webhooks::ROUTES,
];

static HANDLERS: LazyLock<HashMap<&'static str, Handler>> =
    LazyLock::new(|| FILES.iter().flat_map(|file| file.iter().copied()).collect());

/// The handler of an operation, if it is simulated.
pub(super) fn handler(operation: &str) -> Option<Handler> {
    HANDLERS.get(operation).copied()
}

/// 200 with what a read of the world answers.
fn read(
    sim: &Sim,
    read: impl FnOnce(&World, Timestamp) -> Result<Value, ApiError>,
) -> Result<Reply, ApiError> {
    sim.read(read).map(Reply::ok)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::rest::table::TABLE;

    #[test]
    fn every_handler_belongs_to_one_known_operation() {
        let known: HashSet<&str> = TABLE.operations().iter().map(|o| o.id).collect();
        let mut seen = HashSet::new();
        for (id, _) in FILES.iter().flat_map(|file| file.iter()) {
            assert!(known.contains(id), "{id} is not an operation");
            assert!(seen.insert(id), "{id} has two handlers");
        }
    }
}
