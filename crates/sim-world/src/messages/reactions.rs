//! Reactions: adding, the four ways of removing, and who used one. See Discord docs: Message / Create Reaction
//! and following; Gateway Events / Message Reaction Add.

use serde_json::{Value, json};

use super::{emoji::Emoji, reachable, thread};
use crate::{
    Action, Actor, ApiError, Audience, Author, ChannelId, EventKind, Message, MessageId, Reaction, Timestamp,
    Tx, UserId, World, body, permissions, wire,
};

/// Different emoji on one message.
const MAX_DISTINCT: usize = 20;

/// Reacts to a message; a second time changes nothing.
#[derive(Clone, Debug)]
pub struct AddReaction {
    /// Who reacts.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// To what.
    pub message: MessageId,
    /// Unicode emoji or `name:id`, decoded.
    pub emoji: String,
}

impl Action for AddReaction {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let user = self.actor.user;
        let found = tx.world.require(self.actor, self.channel, permissions::READ_MESSAGE_HISTORY, tx.now)?;
        let message = reachable(tx.world, self.channel, self.message)?;
        thread::check_active(found)?;
        let mut emoji = Emoji::parse(&self.emoji)?;
        let present = message.reactions.iter().find(|r| emoji.is(r));
        let bits = tx.world.channel_permissions(self.channel, user, tx.now)?;
        let adds = permissions::ADD_REACTIONS;
        if present.is_some_and(|r| r.users.contains(&user)) {
            return Ok(());
        }
        // Joining an emoji that is there needs no permission, but a timed-out member does not react at all.
        if bits & adds == 0 && (present.is_none() || silenced(tx.world, message, user, tx.now)) {
            return Err(ApiError::missing_permissions());
        }
        if present.is_none() {
            emoji.look_up(tx.world, self.actor, message.guild, bits)?;
            if message.reactions.len() >= MAX_DISTINCT {
                return Err(ApiError::too_many_reactions());
            }
        }
        let Some(message) = stored(tx, self.channel, self.message) else { return Ok(()) };
        let index = message.reactions.iter().position(|r| emoji.is(r)).unwrap_or_else(|| {
            let Emoji { id: emoji_id, name: emoji_name, animated } = emoji;
            message.reactions.push(Reaction { emoji_id, emoji_name, animated, users: Vec::new() });
            message.reactions.len() - 1
        });
        message.reactions[index].users.push(user);
        let message = reachable(tx.world, self.channel, self.message)?;
        let mut data = event(message, Some(&message.reactions[index]));
        data["user_id"] = json!(user);
        data["burst"] = json!(false);
        data["type"] = json!(0);
        if let Author::User(author) = message.author {
            data["message_author_id"] = json!(author);
        }
        let guild = message.guild.and_then(|g| tx.world.guilds.get(&g));
        if let Some((guild, member)) = guild.and_then(|g| Some((g, g.members.get(&user)?))) {
            data["member"] = wire::member(tx.world, guild, member);
        }
        let audience = place(message);
        tx.emit(EventKind::MessageReactionAdd, audience, data);
        Ok(())
    }
}

/// Takes one's own reaction back, or with MANAGE_MESSAGES another's; one that is not there changes nothing.
#[derive(Clone, Debug)]
pub struct RemoveReaction {
    /// Who removes.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// From what.
    pub message: MessageId,
    /// Unicode emoji or `name:id`, decoded.
    pub emoji: String,
    /// Whose; `None`: the actor's.
    pub user: Option<UserId>,
}

impl Action for RemoveReaction {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let user = self.user.unwrap_or(self.actor.user);
        let found = tx.world.require(self.actor, self.channel, 0, tx.now)?;
        reachable(tx.world, self.channel, self.message)?;
        thread::check_active(found)?;
        if user != self.actor.user {
            moderator(tx, self.actor, self.channel)?;
            tx.world.user(user)?;
        }
        let emoji = Emoji::parse(&self.emoji)?;
        let Some(message) = stored(tx, self.channel, self.message) else { return Ok(()) };
        let Some(index) = message.reactions.iter().position(|r| emoji.is(r)) else { return Ok(()) };
        let Some(at) = message.reactions[index].users.iter().position(|u| *u == user) else { return Ok(()) };
        message.reactions[index].users.remove(at);
        let mut data = event(message, Some(&message.reactions[index]));
        if message.reactions[index].users.is_empty() {
            message.reactions.remove(index);
        }
        data["user_id"] = json!(user);
        data["burst"] = json!(false);
        data["type"] = json!(0);
        let audience = place(message);
        tx.emit(EventKind::MessageReactionRemove, audience, data);
        Ok(())
    }
}

/// Removes all reactions of a message; needs MANAGE_MESSAGES.
#[derive(Clone, Copy, Debug)]
pub struct RemoveAllReactions {
    /// Who removes.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// From what.
    pub message: MessageId,
}

impl Action for RemoveAllReactions {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let found = tx.world.require(self.actor, self.channel, 0, tx.now)?;
        moderator(tx, self.actor, self.channel)?;
        reachable(tx.world, self.channel, self.message)?;
        thread::check_active(found)?;
        let Some(message) = stored(tx, self.channel, self.message) else { return Ok(()) };
        if !std::mem::take(&mut message.reactions).is_empty() {
            let (data, audience) = (event(message, None), place(message));
            tx.emit(EventKind::MessageReactionRemoveAll, audience, data);
        }
        Ok(())
    }
}

/// Removes all reactions of one emoji; needs MANAGE_MESSAGES.
#[derive(Clone, Debug)]
pub struct RemoveEmojiReactions {
    /// Who removes.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// From what.
    pub message: MessageId,
    /// Unicode emoji or `name:id`, decoded.
    pub emoji: String,
}

impl Action for RemoveEmojiReactions {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let found = tx.world.require(self.actor, self.channel, 0, tx.now)?;
        moderator(tx, self.actor, self.channel)?;
        reachable(tx.world, self.channel, self.message)?;
        thread::check_active(found)?;
        let emoji = Emoji::parse(&self.emoji)?;
        let Some(message) = stored(tx, self.channel, self.message) else { return Ok(()) };
        let Some(index) = message.reactions.iter().position(|r| emoji.is(r)) else { return Ok(()) };
        let removed = message.reactions.remove(index);
        let (data, audience) = (event(message, Some(&removed)), place(message));
        tx.emit(EventKind::MessageReactionRemoveEmoji, audience, data);
        Ok(())
    }
}

/// Which users to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct UsersPage {
    /// 1 to 100, default 25.
    pub limit: Option<i64>,
    /// Only those with a higher id.
    pub after: Option<UserId>,
    /// 0 ordinary (default), 1 super reactions, of which there are none.
    pub kind: Option<i64>,
}

/// The users who reacted with an emoji, by id.
///
/// # Errors
/// Access to the channel, 10008, 10014, 50035 for the limit.
pub fn reaction_users(
    world: &World,
    actor: Actor,
    channel: ChannelId,
    message: MessageId,
    emoji: &str,
    page: &UsersPage,
    now: Timestamp,
) -> Result<Value, ApiError> {
    world.require(actor, channel, permissions::READ_MESSAGE_HISTORY, now)?;
    let message = reachable(world, channel, message)?;
    let emoji = Emoji::parse(emoji)?;
    let limit = body::limit(page.limit, 100)?.unwrap_or(25);
    if page.kind.is_some_and(|k| !(0..=1).contains(&k)) {
        return Err(ApiError::form("type", "BASE_TYPE_CHOICES", "Value must be one of (0, 1)."));
    }
    let ordinary = page.kind.unwrap_or(0) == 0;
    let reaction = message.reactions.iter().find(|r| emoji.is(r)).filter(|_| ordinary);
    let mut users: Vec<UserId> = reaction.map(|r| r.users.clone()).unwrap_or_default();
    users.sort_unstable();
    let after = users.into_iter().filter(|id| page.after.is_none_or(|after| *id > after));
    Ok(after.take(limit).map(|id| wire::user_by_id(world, id)).collect())
}

/// Whether a member is timed out.
fn silenced(world: &World, message: &Message, user: UserId, now: Timestamp) -> bool {
    let Some(guild) = message.guild else { return false };
    world.member(guild, user).is_ok_and(|m| m.timeout_until.is_some_and(|until| until > now))
}

fn moderator(tx: &Tx<'_>, actor: Actor, channel: ChannelId) -> Result<(), ApiError> {
    if tx.world.channel(channel)?.guild.is_none() {
        return Err(ApiError::dm_forbidden());
    }
    tx.world.require(actor, channel, permissions::MANAGE_MESSAGES, tx.now).map(|_| ())
}

fn stored<'t>(tx: &'t mut Tx<'_>, channel: ChannelId, id: MessageId) -> Option<&'t mut Message> {
    tx.world.channels.get_mut(&channel)?.messages.get_mut(&id)
}

fn place(message: &Message) -> Audience {
    Audience::Channel { guild: message.guild, channel: message.channel }
}

fn event(message: &Message, reaction: Option<&Reaction>) -> Value {
    let mut data = json!({ "channel_id": message.channel, "message_id": message.id });
    if let Some(guild) = message.guild {
        data["guild_id"] = json!(guild);
    }
    if let Some(reaction) = reaction {
        data["emoji"] = wire::reaction_emoji(reaction);
    }
    data
}
