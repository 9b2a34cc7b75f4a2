//! Polls: reading one, voting, who voted, and their end. See Discord docs: Poll.

mod end;
mod form;
mod vote;

pub use end::EndPoll;
pub(crate) use end::{end_due, next_end};
pub(super) use form::read;
pub use vote::{Vote, VotersPage, voters};

use super::reachable;
use crate::{ApiError, ChannelId, Message, MessageId, Poll, World};

/// The message and its poll.
///
/// # Errors
/// 10008 without the message, `none` without a poll.
fn found(
    world: &World,
    channel: ChannelId,
    id: MessageId,
    none: ApiError,
) -> Result<(&Message, &Poll), ApiError> {
    let message = reachable(world, channel, id)?;
    message.poll.as_ref().map(|poll| (message, poll)).ok_or(none)
}
