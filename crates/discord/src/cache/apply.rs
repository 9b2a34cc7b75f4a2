//! What each event changes.

use std::collections::HashSet;
use std::sync::Arc;

use twilight_gateway::{Event, ShardId};
use twilight_model::channel::Channel;
use twilight_model::gateway::payload::incoming::{
    GuildCreate, GuildUpdate, MemberUpdate, Ready, ThreadListSync,
};
use twilight_model::guild::Guild;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

use super::model::{CachedChannel, CachedGuild, CachedMember, CachedRole, Me, roles};
use super::{Cache, MAX_CHANNELS, MAX_GUILDS, MAX_ROLES, State, shard_of};

/// Whether an event may change anything here.
pub(super) fn concerns(event: &Event) -> bool {
    Cache::wanted().contains(event.kind().into())
}

/// Answers whether something that a snapshot holds has changed, or may have.
pub(super) fn apply(state: &mut State, event: &Event) -> bool {
    match event {
        Event::Ready(ready) => begin(state, ready),
        Event::UserUpdate(user) => {
            if let Some(me) = &mut state.me {
                *me = Arc::new(Me::new(user, me.application));
            }
        }
        Event::GuildCreate(guild) => match &**guild {
            GuildCreate::Available(guild) => {
                state.out.remove(&guild.id);
                add_guild(state, guild);
            }
            GuildCreate::Unavailable(guild) => out_of_order(state, guild.id),
        },
        Event::GuildUpdate(update) => update_guild(state, update),
        // See Discord docs: Gateway Events / Guild Delete; without the flag the bot is not in it any more.
        Event::GuildDelete(delete) if delete.unavailable == Some(true) => out_of_order(state, delete.id),
        Event::GuildDelete(delete) => {
            state.out.remove(&delete.id);
            remove_guild(state, delete.id);
        }
        Event::UnavailableGuild(guild) => out_of_order(state, guild.id),
        Event::RoleCreate(event) => add_role(state, event.guild_id, &event.role),
        Event::RoleUpdate(event) => add_role(state, event.guild_id, &event.role),
        Event::RoleDelete(event) => {
            if let Some(guild) = guild(state, event.guild_id) {
                guild.roles.remove(&event.role_id);
                if let Some(me) = &mut guild.me {
                    me.roles.retain(|role| *role != event.role_id);
                }
            }
        }
        Event::ChannelCreate(channel) => add_channel(state, channel),
        Event::ChannelUpdate(channel) => add_channel(state, channel),
        Event::ThreadCreate(thread) => add_channel(state, thread),
        Event::ThreadUpdate(thread) => {
            let metadata = thread.thread_metadata.as_ref();
            if metadata.is_some_and(|metadata| metadata.archived) {
                // Active threads only: archived ones are without number.
                remove_channel(state, thread.id);
            } else {
                add_channel(state, thread);
            }
        }
        Event::ChannelDelete(channel) => remove_channel(state, channel.id),
        Event::ThreadDelete(thread) => remove_channel(state, thread.id),
        Event::ThreadListSync(sync) => sync_threads(state, sync),
        Event::MemberAdd(event) => {
            count_members(state, event.guild_id, |count| count.saturating_add(1));
        }
        Event::MemberRemove(event) => {
            count_members(state, event.guild_id, |count| count.saturating_sub(1));
        }
        Event::MemberUpdate(update) => return update_member(state, update),
        _ => return false,
    }
    true
}

/// A new session. What its shard knew of guilds that it does not list was left while nobody looked; the
/// others are as good as they were until their GUILD_CREATE comes.
fn begin(state: &mut State, ready: &Ready) {
    state.me = Some(Arc::new(Me::new(&ready.user, ready.application.id)));
    let shard = ready.shard.unwrap_or(ShardId::ONE);
    let listed: HashSet<_> = ready.guilds.iter().map(|guild| guild.id).collect();
    let own = |id: &Id<GuildMarker>| shard_of(Some(*id), shard.total()) == shard.number();
    let gone: Vec<_> = state.guilds.keys().filter(|id| own(id) && !listed.contains(*id)).copied().collect();
    for id in gone {
        remove_guild(state, id);
    }
    // READY names all guilds before it sends any. One that is in an outage does not come until that is over.
    state.out.retain(|id| !own(id) || listed.contains(id));
    for id in listed {
        if !state.guilds.contains_key(&id) {
            out_of_order(state, id);
        }
    }
}

fn count_members(state: &mut State, id: Id<GuildMarker>, change: impl FnOnce(u64) -> u64) {
    if let Some(guild) = guild(state, id) {
        guild.member_count = change(guild.member_count);
    }
}

/// The guild for changing; readers keep what they hold.
fn guild(state: &mut State, id: Id<GuildMarker>) -> Option<&mut CachedGuild> {
    state.guilds.get_mut(&id).map(Arc::make_mut)
}

fn add_guild(state: &mut State, guild: &Guild) {
    let me = state.me.as_ref().map(|me| me.id);
    state.put_guild(CachedGuild::new(guild, me));
}

impl State {
    /// Takes in a guild whole; what was known of it before goes.
    pub(super) fn put_guild(&mut self, guild: CachedGuild) {
        if self.guilds.len() >= MAX_GUILDS && !self.guilds.contains_key(&guild.id) {
            tracing::warn!(guild = %guild.id, limit = MAX_GUILDS, "too many guilds to remember this one");
            return;
        }
        remove_guild(self, guild.id);
        self.homes.extend(guild.channels.keys().map(|channel| (channel, guild.id)));
        self.guilds.insert(guild.id, Arc::new(guild));
    }
}

pub(super) fn out_of_order(state: &mut State, guild: Id<GuildMarker>) {
    remove_guild(state, guild);
    if state.out.len() < MAX_GUILDS {
        state.out.insert(guild);
    }
}

fn remove_guild(state: &mut State, id: Id<GuildMarker>) {
    if let Some(guild) = state.guilds.remove(&id) {
        for channel in guild.channels.keys() {
            state.homes.remove(&channel);
        }
    }
}

fn update_guild(state: &mut State, update: &GuildUpdate) {
    if let Some(guild) = guild(state, update.id) {
        guild.name = update.name.as_str().into();
        guild.owner = update.owner_id;
        guild.icon = update.icon;
        guild.locale = update.preferred_locale.as_str().into();
        guild.roles = roles(&update.roles);
    }
}

fn add_role(state: &mut State, id: Id<GuildMarker>, role: &twilight_model::guild::Role) {
    if let Some(guild) = guild(state, id)
        && (guild.roles.len() < MAX_ROLES || guild.roles.contains_key(&role.id))
    {
        guild.roles.insert(CachedRole::new(role));
    }
}

fn add_channel(state: &mut State, channel: &Channel) {
    let Some(guild_id) = channel.guild_id else {
        return;
    };
    if let Some(guild) = guild(state, guild_id)
        && (guild.channels.len() < MAX_CHANNELS || guild.channels.contains_key(&channel.id))
    {
        guild.channels.insert(CachedChannel::new(channel));
        state.homes.insert(channel.id, guild_id);
    }
}

fn remove_channel(state: &mut State, id: Id<ChannelMarker>) {
    let Some(home) = state.homes.remove(&id) else {
        return;
    };
    let Some(guild) = state.guilds.get_mut(&home).map(Arc::make_mut) else {
        return;
    };
    let removed = guild.channels.remove(&id);
    if removed.is_some_and(|channel| channel.kind.is_thread()) {
        return;
    }
    // A deleted channel takes its threads along without an event for each.
    let threads: Vec<_> = guild
        .channels
        .values()
        .filter(|channel| channel.kind.is_thread() && channel.parent == Some(id))
        .map(|thread| thread.id)
        .collect();
    for thread in threads {
        guild.channels.remove(&thread);
        state.homes.remove(&thread);
    }
}

fn sync_threads(state: &mut State, sync: &ThreadListSync) {
    let Some(guild) = state.guilds.get_mut(&sync.guild_id).map(Arc::make_mut) else {
        return;
    };
    // See Discord docs: Gateway Events / Thread List Sync. No channel ids: all of the guild.
    let gone: Vec<_> = guild
        .channels
        .values()
        .filter(|channel| channel.kind.is_thread())
        .filter(|thread| {
            sync.channel_ids.is_empty() || thread.parent.is_some_and(|p| sync.channel_ids.contains(&p))
        })
        .map(|thread| thread.id)
        .collect();
    for id in gone {
        guild.channels.remove(&id);
        state.homes.remove(&id);
    }
    for thread in &sync.threads {
        let mut thread = thread.clone();
        thread.guild_id = Some(sync.guild_id);
        add_channel(state, &thread);
    }
}

/// Whether it was about the bot itself; others are not kept.
fn update_member(state: &mut State, update: &MemberUpdate) -> bool {
    if state.me.as_ref().map(|me| me.id) != Some(update.user.id) {
        return false;
    }
    if let Some(guild) = guild(state, update.guild_id) {
        guild.me = Some(CachedMember::of_update(update));
    }
    true
}
