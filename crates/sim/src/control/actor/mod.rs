//! Acting as a person: `POST /actor/{function}`. Whatever a person does goes through the same rules as a bot's
//! requests do.

mod applications;
mod channels;
mod guilds;
mod interactions;
mod invites;
mod links;
mod messages;
mod moderation;
mod people;
mod polls;
mod roles;
mod scheduled_events;
mod voice;
mod webhooks;

use super::endpoint::Endpoint;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let endpoints = [
        messages::endpoints(),
        people::endpoints(),
        interactions::endpoints(),
        roles::endpoints(),
        channels::endpoints(),
        guilds::endpoints(),
        moderation::endpoints(),
        applications::endpoints(),
        polls::endpoints(),
        voice::endpoints(),
        scheduled_events::endpoints(),
        links::endpoints(),
        invites::endpoints(),
        webhooks::endpoints(),
    ];
    endpoints.into_iter().flatten().map(Endpoint::acting).collect()
}
