//! Our side of Discord: shards, the one way out for REST requests, the cache and command sync.
//!
//! - [`Rest`] is the only way in which requests leave. It paces them, obeys every kind of rate
//!   limit and retries only where that is safe.
//! - [`Gateway`] runs the shards and hands on their events.
//! - [`Cache`] knows guilds, roles, channels and the bot itself, and computes permissions.
//! - [`ApplicationInfo`] and [`Owners`] say whose bot it is, [`intents`] what it asks the gateway for, [`invite`]
//!   how it gets into guilds.
//! - [`sync`] brings the registered commands in line with those of the bot.

mod application;
mod cache;
mod endpoint;
mod gateway;
pub mod intents;
pub mod invite;
mod picture;
mod rest;
pub mod sync;

pub use application::{ApplicationInfo, OwnerSettings, Owners, Team, TeamMember, TeamRole, Title};
pub use cache::{
    Cache, CachedChannel, CachedGuild, CachedMember, CachedRole, Keyed, KnownMember, MAX_GUILDS, Me,
    Snapshot, SnapshotError, Table, channel_permissions, guild_permissions, shard_of,
};
pub use endpoint::Endpoint;
pub use gateway::{
    Gateway, GatewayConfig, GatewayError, JournalError, Latencies, Mark, Memory, Presences, Receipt,
    SavedSession, SessionJournal, ShardEvent, Shards, probe_gateway,
};
pub use picture::Picture;
pub use rest::{
    Culprit, HttpClient, InvalidBudget, InvalidLimits, LimitCounts, Priority, Rest, RestError, RestLimits,
    RestResponse, RestStats, http_client,
};
pub use twilight_gateway::{Event, EventTypeFlags, Intents, ShardId, parse};
/// What requests without a builder of their own are put together from, for [`Rest::send_raw`].
pub use twilight_http::{
    request::{Form, Request},
    routing::Route,
};
