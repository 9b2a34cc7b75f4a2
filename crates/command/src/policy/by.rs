//! Who changes something of a guild.

use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, UserMarker};

/// Who changes something of a guild, and in which channel they said so; with the time, all that an audit wants to know.
/// [`Ctx::by`](crate::Ctx::by) makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// The user.
    pub user: Id<UserMarker>,
    /// The channel; none if it was said in no channel.
    pub channel: Option<Id<ChannelMarker>>,
}

impl From<Id<UserMarker>> for By {
    /// Somebody who said so in no channel.
    fn from(user: Id<UserMarker>) -> Self {
        Self { user, channel: None }
    }
}
