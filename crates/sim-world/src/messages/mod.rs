//! Everything about messages: reading and validating their bodies, publishing, editing and removing them,
//! mentions, files, reactions, pins, typing and history. See Discord docs: Resources / Message.
//!
//! A body becomes a [`Draft`] (new message) or a [`Patch`] (edit) in one validated step; [`publish`] and
//! [`revise`] turn those into stored messages and events. The actions and reads in between add what the
//! routes of a channel check: access, permissions, slowmode, nonces. Interaction answers use the same draft
//! without those checks.

mod allowed;
mod bulk_delete;
mod copies;
mod create;
mod crosspost;
mod delete;
mod draft;
mod edit;
mod embeds;
mod emoji;
mod files;
mod forward;
mod history;
mod image;
mod mentions;
mod patch;
mod pins;
mod poll;
mod publish;
mod purge;
mod reactions;
mod reference;
mod revise;
mod search;
mod shown;
mod stickers;
mod thread;
mod typing;

pub use allowed::{Allowed, AllowedMentions};
pub use bulk_delete::BulkDelete;
pub use create::CreateMessage;
pub use crosspost::CrosspostMessage;
pub use delete::{DeleteMessage, remove};
pub use draft::{Draft, Rules, draft};
pub use edit::EditMessage;
pub(crate) use emoji::is_unicode_emoji;
pub(crate) use files::is_spoiler;
pub use files::{MAX_FILE_BYTES, MAX_FILES, MAX_REQUEST_BYTES, NewFile, attachment_url, store_file};
pub use history::{HistoryPage, history, one};
pub(crate) use image::dimensions;
pub use patch::{Kept, Patch, patch};
pub use pins::{Pin, PinsPage, Unpin, pins, pins_old};
pub use poll::{EndPoll, Vote, VotersPage, voters};
pub(crate) use poll::{end_due as end_polls, next_end as next_poll_end};
pub use publish::{PublishAs, System, publish, system};
pub(crate) use purge::purge;
pub use reactions::{
    AddReaction, RemoveAllReactions, RemoveEmojiReactions, RemoveReaction, UsersPage, reaction_users,
};
pub use reference::{Forwarding, ReplyTo};
pub use revise::revise;
pub use search::{Search, search};
pub use typing::StartTyping;

use shown::Shown;

use crate::{ApiError, Audience, Author, ChannelId, Message, MessageId, World};

/// A message that the routes of a channel can reach: ephemeral ones are known to their interaction only.
pub(crate) fn reachable(world: &World, channel: ChannelId, id: MessageId) -> Result<&Message, ApiError> {
    world.message(channel, id).and_then(|message| match message.ephemeral_to {
        None => Ok(message),
        Some(_) => Err(ApiError::unknown_message()),
    })
}

/// Who learns of what happens to a message.
fn audience(message: &Message) -> Audience {
    let Some(invoker) = message.ephemeral_to else {
        return Audience::Channel { guild: message.guild, channel: message.channel };
    };
    let mut users = vec![invoker];
    if let Author::User(author) = message.author
        && author != invoker
    {
        users.push(author);
    }
    // Without a guild, as the payload has none either.
    Audience::Users(None, users)
}

#[cfg(test)]
mod tests;
