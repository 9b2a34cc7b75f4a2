//! Polls: reading one, voting, who voted, and their end. See Discord docs: Poll.

mod end;
mod form;
mod vote;

pub use end::EndPoll;
pub(crate) use end::{end_due, next_end};
pub(super) use form::read;
pub use vote::{Vote, VotersPage, voters};

use serde_json::json;

use super::reachable;
use crate::{ApiError, ChannelId, Message, MessageId, Poll, World};

/// Completes the custom emojis of a new poll's answers, of which a body need only give the id. See Discord docs: Poll /
/// Poll Media Object.
pub(super) fn complete(world: &World, poll: &mut Poll) {
    for answer in &mut poll.answers {
        let Some(emoji) = answer["poll_media"].get_mut("emoji") else { continue };
        let id = emoji["id"].as_str().and_then(|id| id.parse().ok());
        if let Some(known) = id.and_then(|id| world.custom_emoji(id)) {
            emoji["name"] = json!(known.name);
            emoji["animated"] = json!(known.animated);
        }
    }
}

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
