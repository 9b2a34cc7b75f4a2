//! What bots can see before and after a change of permissions: a channel gained is a CHANNEL_CREATE with a
//! THREAD_LIST_SYNC of its threads, one lost a CHANNEL_DELETE; otherwise their caches would go wrong.
//! People are told to read their view again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::change;
use crate::{Audience, Channel, ChannelId, EventKind, GuildId, Timestamp, Tx, UserId, World, wire};

/// The channels each bot of a guild could see at one moment.
pub(crate) struct Sight {
    guild: GuildId,
    seen: BTreeMap<UserId, BTreeSet<ChannelId>>,
}

impl Sight {
    /// Takes note of what the guild's bots see now.
    pub(crate) fn of(world: &World, guild: GuildId, now: Timestamp) -> Self {
        Self { guild, seen: seen(world, guild, now) }
    }

    /// After a change that may concern everybody: tells the bots what they gained and lost, and all people of
    /// the guild to look again.
    pub(crate) fn tell(self, tx: &mut Tx<'_>) {
        let guild = self.guild;
        self.tell_bots(tx);
        change::guild_view_changed(tx, guild);
    }

    /// The same after a change that concerns one member.
    pub(crate) fn tell_one(self, tx: &mut Tx<'_>, user: UserId) {
        self.tell_bots(tx);
        change::view_changed(tx, [user]);
    }

    fn tell_bots(self, tx: &mut Tx<'_>) {
        let after = seen(tx.world, self.guild, tx.now);
        for (bot, now_seen) in &after {
            let Some(before) = self.seen.get(bot) else { continue };
            for id in now_seen.difference(before) {
                gained(tx, self.guild, *bot, *id);
            }
            for id in before.difference(now_seen) {
                lost(tx, self.guild, *bot, *id);
            }
        }
    }
}

fn seen(world: &World, guild: GuildId, now: Timestamp) -> BTreeMap<UserId, BTreeSet<ChannelId>> {
    let Some(found) = world.guilds.get(&guild) else { return BTreeMap::new() };
    let bots = found.members.keys().filter(|u| world.users.get(u).is_some_and(|u| u.bot));
    let visible = |bot: UserId| found.channels.iter().copied().filter(move |c| world.can_view(*c, bot, now));
    bots.map(|bot| (*bot, visible(*bot).collect())).collect()
}

fn gained(tx: &mut Tx<'_>, guild: GuildId, bot: UserId, id: ChannelId) {
    let Some(channel) = tx.world.channels.get(&id) else { return };
    // Threads come with their parent's THREAD_LIST_SYNC.
    if channel.kind.is_thread() {
        return;
    }
    let data = wire::channel(tx.world, channel);
    let audience = Audience::Users(Some(guild), vec![bot]);
    let threads: Vec<&Channel> = tx
        .world
        .channels
        .values()
        .filter(|c| c.parent == Some(id) && c.thread.as_ref().is_some_and(|t| !t.archived))
        .filter(|c| tx.world.can_view(c.id, bot, tx.now))
        .collect();
    let own = |c: &&Channel| {
        let joined = *c.thread.as_ref()?.members.get(&bot)?;
        Some(wire::thread_member(c, bot, joined))
    };
    let sync = json!({
        "guild_id": guild,
        "channel_ids": [id],
        "threads": threads.iter().map(|c| wire::channel_for(tx.world, c, bot)).collect::<Vec<Value>>(),
        "members": threads.iter().filter_map(own).collect::<Vec<Value>>(),
    });
    let has_threads = !threads.is_empty();
    tx.emit(EventKind::ChannelCreate, audience.clone(), data);
    if has_threads {
        tx.emit(EventKind::ThreadListSync, audience, sync);
    }
}

fn lost(tx: &mut Tx<'_>, guild: GuildId, bot: UserId, id: ChannelId) {
    let Some(channel) = tx.world.channels.get(&id) else { return };
    if !channel.kind.is_thread() {
        let data = wire::channel(tx.world, channel);
        tx.emit(EventKind::ChannelDelete, Audience::Users(Some(guild), vec![bot]), data);
    }
}
