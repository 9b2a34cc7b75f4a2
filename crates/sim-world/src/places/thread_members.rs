//! Joining and leaving threads, and adding others to them. Whom somebody else adds or removes is named in the thread
//! by a message of type 1 or 2. See Discord docs: Threads / New Message Types.

use serde_json::{Value, json};

use super::read::require_thread;
use crate::{
    Action, Actor, ApiError, Audience, Channel, ChannelId, ChannelKind, EventKind, Tx, UserId,
    messages::{self, System},
    permissions, wire,
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
        add(tx, self.channel, &[self.user]);
        if self.user != self.actor.user {
            messages::system(tx, self.channel, self.actor.user, System::Added(self.user));
        }
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
        if self.user != self.actor.user {
            messages::system(tx, self.channel, self.actor.user, System::Removed(self.user));
        }
        Ok(())
    }
}

/// Adds members and tells everybody. Each of them gets THREAD_CREATE, as they may not know the thread yet, and then
/// THREAD_MEMBERS_UPDATE. See Discord docs: Threads / Details about Thread Access and Syncing.
pub(crate) fn add(tx: &mut Tx<'_>, id: ChannelId, users: &[UserId]) {
    let now = tx.now;
    let meta = tx.world.channels.get_mut(&id).and_then(|thread| thread.thread.as_mut());
    let Some(meta) = meta else { return };
    let mut new = Vec::new();
    for user in users {
        if meta.members.len() < MAX_THREAD_MEMBERS && !meta.members.contains_key(user) {
            meta.members.insert(*user, now);
            new.push(*user);
        }
    }
    for user in &new {
        let Ok(thread) = tx.world.channel(id) else { return };
        let (guild, data) = (thread.guild, wire::channel_for(tx.world, thread, *user));
        tx.emit(EventKind::ThreadCreate, Audience::Users(guild, vec![*user]), data);
    }
    announce(tx, id, &new);
}

/// THREAD_MEMBERS_UPDATE for members who have just been added.
pub(super) fn announce(tx: &mut Tx<'_>, id: ChannelId, users: &[UserId]) {
    let Ok(thread) = tx.world.channel(id) else { return };
    if !users.is_empty() {
        let added: Vec<Value> = users.iter().map(|user| joined(tx, thread, *user)).collect();
        emit_members(tx, id, json!({ "added_members": added }), None);
    }
}

/// A thread member with the guild's member and the presence, which the gateway's event has beside it.
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
    entry
}

/// THREAD_MEMBER_UPDATE to the bots among the members of a thread that was just opened again, each with their own
/// membership: they may have forgotten it with the thread. People's clients here keep threads. See Discord docs:
/// Threads / Unarchiving a Thread.
pub(crate) fn remind(tx: &mut Tx<'_>, id: ChannelId) {
    let Ok(thread) = tx.world.channel(id) else { return };
    let guild = thread.guild;
    let members = thread.thread.iter().flat_map(|meta| &meta.members);
    let bots = members.filter(|(user, _)| tx.world.users.get(user).is_some_and(|u| u.bot));
    let told: Vec<(UserId, Value)> = bots
        .map(|(user, joined)| {
            let mut data = wire::thread_member(thread, *user, *joined);
            data["guild_id"] = json!(guild);
            (*user, data)
        })
        .collect();
    for (user, data) in told {
        tx.emit(EventKind::ThreadMemberUpdate, Audience::Users(guild, vec![user]), data);
    }
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
