//! The world of the local Discord: users, applications, guilds, channels, messages, commands and
//! interactions, held as plain data and changed by plain function calls.
//!
//! The model is synchronous. Everything that changes it is an [`Action`]; [`World::apply`] takes an action
//! and the world's time and answers either the action's output and the [`Event`]s it caused, or an
//! [`ApiError`] with the status, code and nested paths that Discord would send. A refused action leaves the
//! world as it was.
//!
//! What is absent here, on purpose: sockets, tasks, clocks (time is an argument), rate limits, gateway
//! sessions. `cogwright-sim` adds them. Nothing is shared with the bot's side: a mistake that both made
//! would cancel out.

mod action;
mod blob;
mod default_ids;
mod default_world;
mod error;
mod event;
mod id;
mod model;
mod time;
mod view;
mod world;

pub mod auto_moderation;
pub mod body;
pub mod commands;
pub mod components;
pub mod interactions;
pub mod invites;
pub mod load;
pub mod messages;
pub mod monetization;
pub mod oauth2;
pub mod permissions;
pub mod places;
pub mod scheduled_events;
pub mod voice;
pub mod webhooks;
pub mod wire;

pub use action::{Action, Actor, Applied, Tx};
pub use default_world::DefaultIds;
pub use error::{ApiError, FormErrors};
pub use event::{Audience, Carrier, Event, EventKind, intents};
pub use id::{
    ApplicationId, AttachmentId, ChannelId, CommandId, EmojiId, EntitlementId, GuildId, InteractionId,
    MessageId, RoleId, RuleId, ScheduledEventId, SkuId, SoundId, StickerId, UserId, WebhookId,
};
pub use model::*;
pub use time::{DISCORD_EPOCH_MS, Timestamp};
pub use view::{Viewer, blank_message, blank_unless_exempt};
pub use world::World;
