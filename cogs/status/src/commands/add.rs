//! One status more.

use std::sync::Arc;

use cogwright_command::{Choice, CommandResult, Ctx, Failure, command};
use cogwright_config::{Activity, Presence, StatusEntry};

use super::{actor, failure};
use crate::service::Rotator;
use crate::view;

/// Kinds of activity, as they are typed.
#[derive(Clone, Copy, Debug, Choice)]
pub(crate) enum Kind {
    Playing,
    Watching,
    Listening,
    Competing,
    Streaming,
    Custom,
}

/// Dots beside the name, as they are typed.
#[derive(Clone, Copy, Debug, Choice)]
pub(crate) enum Dot {
    Online,
    #[choice(name = "Do not disturb", value = "dnd")]
    Dnd,
    Idle,
    Invisible,
}

/// Adds a status to those that are shown in turn.
#[command(example = "status add watching \"{guilds} servers\"", arguments = sound)]
pub(crate) async fn add(
    ctx: Ctx,
    #[state] rotator: Arc<Rotator>,
    #[option(description = "What the bot does")] kind: Kind,
    #[option(
        description = "The text; {guilds} {users} {commands} {shards} {uptime} are filled in",
        max_length = 128
    )]
    text: String,
    #[option(description = "The dot beside the name; online if left out")] presence: Option<Dot>,
) -> CommandResult {
    let entry =
        StatusEntry { kind: kind.into(), text, presence: presence.map_or(Presence::Online, Into::into) };
    let listing = rotator.add(entry, &actor(&ctx)).await.map_err(failure)?;
    ctx.success("Status added", &view::added(&listing)).await
}

#[expect(clippy::unused_async, reason = "a check of arguments may wait")]
async fn sound(
    _ctx: Ctx,
    rotator: Arc<Rotator>,
    _kind: Kind,
    text: String,
    _presence: Option<Dot>,
) -> CommandResult {
    rotator.takes(&text).map_err(|refused| Failure::bad_argument("text", refused.to_string()))
}

impl From<Kind> for Activity {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Playing => Self::Playing,
            Kind::Watching => Self::Watching,
            Kind::Listening => Self::Listening,
            Kind::Competing => Self::Competing,
            Kind::Streaming => Self::Streaming,
            Kind::Custom => Self::Custom,
        }
    }
}

impl From<Dot> for Presence {
    fn from(dot: Dot) -> Self {
        match dot {
            Dot::Online => Self::Online,
            Dot::Dnd => Self::Dnd,
            Dot::Idle => Self::Idle,
            Dot::Invisible => Self::Invisible,
        }
    }
}
