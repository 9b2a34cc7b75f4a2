//! Joining and leaving threads, and adding others to them.

use serde_json::{Value, json};

use super::read::require_thread;
use crate::{
    Action, Actor, ApiError, Audience, Channel, ChannelId, ChannelKind, EventKind, Tx, UserId, permissions,
    wire,
};

/// Members of one thread (30033 above it). See Discord docs: Threads.
const MAX_THREAD_MEMBERS: usize = 1000;

/// PUT /channels/{thread}/thread-members/@me, or another user's with `user`. Answers 204 also to a member.
///
/// # Errors
/// 10003, 50001, 50024 not a thread, 50083 archived, 10007 no member of the guild, 50013 (adding others needs
/// to be able to send there; private threads that are not invitable need MANAGE_THREADS), 30033.
#[derive(Debug)]
pub struct AddThreadMember {
    /// Who.
    pub actor: Actor,
    /// Which thread.
    pub channel: ChannelId,
    /// Whom; the actor themselves to join.
    pub user: UserId,
}

impl Action for AddThreadMember {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let thread = require_thread(tx.world, self.actor, self.channel, tx.now)?;
        let (Some(meta), Some(guild)) = (&thread.thread, thread.guild) else {
            return Err(ApiError::wrong_channel_type());
        };
        if meta.archived {
            return Err(ApiError::thread_archived());
        }
        tx.world.member(guild, self.user)?;
        if self.user != self.actor.user {
            let closed =
                thread.kind == ChannelKind::PrivateThread && !meta.invitable && meta.owner != self.actor.user;
            let bit =
                if closed { permissions::MANAGE_THREADS } else { permissions::SEND_MESSAGES_IN_THREADS };
            tx.world.require(self.actor, self.channel, bit, tx.now)?;
        }
        if meta.members.contains_key(&self.user) {
            return Ok(());
        }
        if meta.members.len() >= MAX_THREAD_MEMBERS {
            return Err(ApiError::new(
                400,
                30033,
                "Maximum number of thread participants has been reached (1000)",
            ));
        }
        add(tx, self.channel, self.user);
        Ok(())
    }
}

/// DELETE /channels/{thread}/thread-members/@me, or another user's with `user`.
///
/// # Errors
/// 10003, 50001, 50024, 50083, 10007 not a member of the thread, 50013 (removing others needs MANAGE_THREADS,
/// or owning a private thread).
#[derive(Debug)]
pub struct RemoveThreadMember {
    /// Who.
    pub actor: Actor,
    /// Which thread.
    pub channel: ChannelId,
    /// Whom; the actor themselves to leave.
    pub user: UserId,
}

impl Action for RemoveThreadMember {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let thread = require_thread(tx.world, self.actor, self.channel, tx.now)?;
        let Some(meta) = &thread.thread else { return Err(ApiError::wrong_channel_type()) };
        if meta.archived {
            return Err(ApiError::thread_archived());
        }
        let owns = thread.kind == ChannelKind::PrivateThread && meta.owner == self.actor.user;
        if self.user != self.actor.user && !owns {
            tx.world.require(self.actor, self.channel, permissions::MANAGE_THREADS, tx.now)?;
        }
        if !meta.members.contains_key(&self.user) {
            return Err(ApiError::unknown_member());
        }
        remove(tx, self.channel, self.user);
        Ok(())
    }
}

/// Adds a member and tells everybody; one who could not see the private thread until now gets THREAD_CREATE.
pub(crate) fn add(tx: &mut Tx<'_>, id: ChannelId, user: UserId) {
    let now = tx.now;
    let Some(thread) = tx.world.channels.get_mut(&id) else { return };
    let Some(meta) = &mut thread.thread else { return };
    if meta.members.insert(user, now).is_some() {
        return;
    }
    let (guild, private) = (thread.guild, thread.kind == ChannelKind::PrivateThread);
    if let (true, Ok(thread)) = (private, tx.world.channel(id)) {
        let data = wire::channel_for(tx.world, thread, user);
        tx.emit(EventKind::ThreadCreate, Audience::Users(guild, vec![user]), data);
    }
    announce(tx, id, user);
}

/// THREAD_MEMBERS_UPDATE for a member who has just been added.
pub(super) fn announce(tx: &mut Tx<'_>, id: ChannelId, user: UserId) {
    let Ok(thread) = tx.world.channel(id) else { return };
    let data = joined(tx, thread, user);
    emit_members(tx, id, data, None);
}

fn joined(tx: &Tx<'_>, thread: &Channel, user: UserId) -> Value {
    let mut entry = wire::thread_member(thread, user, tx.now);
    let guild = thread.guild.and_then(|g| tx.world.guilds.get(&g));
    if let Some((guild, member)) = guild.and_then(|g| Some((g, g.members.get(&user)?))) {
        entry["member"] = wire::member(tx.world, guild, member);
    }
    let presence = tx.world.users.get(&user).map(|u| {
        let mut presence = wire::presence(u);
        presence["guild_id"] = json!(thread.guild);
        presence
    });
    entry["presence"] = presence.unwrap_or(Value::Null);
    json!({ "added_members": [entry] })
}

fn remove(tx: &mut Tx<'_>, id: ChannelId, user: UserId) {
    let Some(meta) = tx.world.channels.get_mut(&id).and_then(|c| c.thread.as_mut()) else { return };
    meta.members.remove(&user);
    emit_members(tx, id, json!({ "removed_member_ids": [user] }), Some(user));
}

/// THREAD_MEMBERS_UPDATE to whoever sees the thread, and to one who no longer does.
fn emit_members(tx: &mut Tx<'_>, id: ChannelId, mut data: Value, gone: Option<UserId>) {
    let Some(thread) = tx.world.channels.get(&id) else { return };
    data["id"] = json!(id);
    data["guild_id"] = json!(thread.guild);
    data["member_count"] = json!(member_count(thread));
    let (guild, audience) = (thread.guild, super::change::channel_audience(thread));
    if let Some(user) = gone.filter(|user| !tx.world.can_view(id, *user, tx.now)) {
        tx.emit(EventKind::ThreadMembersUpdate, Audience::Users(guild, vec![user]), data.clone());
        super::change::view_changed(tx, [user]);
    }
    tx.emit(EventKind::ThreadMembersUpdate, audience, data);
}

fn member_count(thread: &Channel) -> usize {
    thread.thread.as_ref().map_or(0, |t| t.members.len().min(50))
}
