//! What each event changes.

use std::sync::Arc;

use twilight_gateway::Event;
use twilight_model::channel::Channel;
use twilight_model::gateway::payload::incoming::{GuildCreate, GuildUpdate, MemberUpdate, ThreadListSync};
use twilight_model::guild::Guild;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

use super::model::{CachedChannel, CachedGuild, CachedMember, CachedRole, Me, roles, time};
use super::{MAX_CHANNELS, MAX_GUILDS, MAX_ROLES, State};

pub(super) fn apply(state: &mut State, event: &Event) {
    match event {
        Event::Ready(ready) => {
            state.me = Some(Arc::new(Me::new(&ready.user, ready.application.id)));
        }
        Event::UserUpdate(user) => {
            if let Some(me) = &mut state.me {
                *me = Arc::new(Me::new(user, me.application));
            }
        }
        Event::GuildCreate(guild) => match &**guild {
            GuildCreate::Available(guild) => add_guild(state, guild),
            GuildCreate::Unavailable(guild) => remove_guild(state, guild.id),
        },
        Event::GuildUpdate(update) => update_guild(state, update),
        Event::GuildDelete(delete) => remove_guild(state, delete.id),
        Event::UnavailableGuild(guild) => remove_guild(state, guild.id),
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
        Event::MemberUpdate(update) => update_member(state, update),
        _ => {}
    }
}

/// The guild for changing; readers keep what they hold.
fn guild(state: &mut State, id: Id<GuildMarker>) -> Option<&mut CachedGuild> {
    state.guilds.get_mut(&id).map(Arc::make_mut)
}

fn add_guild(state: &mut State, guild: &Guild) {
    if state.guilds.len() >= MAX_GUILDS && !state.guilds.contains_key(&guild.id) {
        tracing::warn!(guild = %guild.id, limit = MAX_GUILDS, "too many guilds to remember this one");
        return;
    }
    remove_guild(state, guild.id);
    let me = state.me.as_ref().map(|me| me.id);
    let kept = CachedGuild::new(guild, me);
    let homes = kept.channels.keys().map(|channel| (*channel, guild.id));
    state.homes.extend(homes);
    state.guilds.insert(guild.id, Arc::new(kept));
}

fn remove_guild(state: &mut State, id: Id<GuildMarker>) {
    if let Some(guild) = state.guilds.remove(&id) {
        for channel in guild.channels.keys() {
            state.homes.remove(channel);
        }
    }
}

fn update_guild(state: &mut State, update: &GuildUpdate) {
    if let Some(guild) = guild(state, update.id) {
        guild.name.clone_from(&update.name);
        guild.owner = update.owner_id;
        guild.icon = update.icon;
        guild.locale.clone_from(&update.preferred_locale);
        guild.roles = roles(&update.roles);
    }
}

fn add_role(state: &mut State, id: Id<GuildMarker>, role: &twilight_model::guild::Role) {
    if let Some(guild) = guild(state, id)
        && (guild.roles.len() < MAX_ROLES || guild.roles.contains_key(&role.id))
    {
        guild.roles.insert(role.id, CachedRole::new(role));
    }
}

fn add_channel(state: &mut State, channel: &Channel) {
    let Some(guild_id) = channel.guild_id else {
        return;
    };
    if let Some(guild) = guild(state, guild_id)
        && (guild.channels.len() < MAX_CHANNELS || guild.channels.contains_key(&channel.id))
    {
        guild.channels.insert(channel.id, CachedChannel::new(channel));
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

fn update_member(state: &mut State, update: &MemberUpdate) {
    if state.me.as_ref().map(|me| me.id) != Some(update.user.id) {
        return;
    }
    if let Some(guild) = guild(state, update.guild_id) {
        guild.me = Some(CachedMember {
            user: update.user.id,
            roles: update.roles.clone(),
            timeout_until: update.communication_disabled_until.and_then(time),
        });
    }
}
