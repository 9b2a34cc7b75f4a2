//! Reactions. See Discord docs: Message / Create Reaction.

use cogwright_sim_world::{
    ApiError,
    messages::{self, AddReaction, RemoveAllReactions, RemoveEmojiReactions, RemoveReaction, UsersPage},
};

use super::{Reply, Request, Routes, messages::place, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("add_my_message_reaction", add),
    ("delete_my_message_reaction", remove_own),
    ("delete_user_message_reaction", remove_user_s),
    ("list_message_reactions_by_emoji", users),
    ("delete_all_message_reactions_by_emoji", remove_emoji),
    ("delete_all_message_reactions", remove_all),
];

fn emoji(request: &Request) -> String {
    request.text("emoji_name").to_owned()
}

fn add(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    sim.apply(AddReaction { actor, channel, message, emoji: emoji(&request) })?;
    Ok(Reply::no_content())
}

fn remove_own(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    sim.apply(RemoveReaction { actor, channel, message, emoji: emoji(&request), user: None })?;
    Ok(Reply::no_content())
}

fn remove_user_s(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    let user = Some(request.id("user_id")?);
    sim.apply(RemoveReaction { actor, channel, message, emoji: emoji(&request), user })?;
    Ok(Reply::no_content())
}

fn users(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    let query = &request.query;
    let page =
        UsersPage { limit: query.number("limit")?, after: query.id("after")?, kind: query.number("type")? };
    let emoji = emoji(&request);
    read(sim, |world, now| messages::reaction_users(world, actor, channel, message, &emoji, &page, now))
}

fn remove_emoji(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    sim.apply(RemoveEmojiReactions { actor, channel, message, emoji: emoji(&request) })?;
    Ok(Reply::no_content())
}

fn remove_all(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    sim.apply(RemoveAllReactions { actor, channel, message })?;
    Ok(Reply::no_content())
}
