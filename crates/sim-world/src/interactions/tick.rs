//! What the passing of world time does by itself: interactions fail and are forgotten, time-outs of members
//! end, idle threads are archived, scheduled events start and end.

use std::collections::BTreeSet;

use serde_json::json;

use super::{CALLBACK_WINDOW, TOKEN_LIFETIME};
use crate::{
    Audience, ChannelId, Event, EventKind, GuildId, InteractionId, InteractionState, MessageId, Timestamp,
    Tx, UserId, World, invites, messages, places::archive_idle, scheduled_events, wire,
};

/// INTERACTION_FAILURE: the application did not answer in time.
const TIMED_OUT: u8 = 2;

impl World {
    /// Lets everything happen that is due at `now`, oldest first; to be called at [`World::next_deadline`] and
    /// after the clock was moved. Calling it more often changes nothing.
    ///
    /// - An interaction without an answer fails three seconds after it was created.
    /// - An interaction is forgotten when its token expires, 15 minutes after it was created, with the files
    ///   given to it. Its ephemeral messages go with it, without an event, unless a later interaction still
    ///   uses them: real clients forget them too.
    /// - A member's time-out ends with GUILD_MEMBER_UPDATE.
    /// - An invite that has expired is forgotten, without an event.
    /// - A poll ends with MESSAGE_UPDATE and a message that tells its result.
    /// - A scheduled event outside of Discord starts and ends, one in a channel ends when everybody has left, one that
    ///   nobody has started is called off, with GUILD_SCHEDULED_EVENT_UPDATE.
    /// - A thread in which nothing has happened for its `auto_archive_duration` is archived with THREAD_UPDATE.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Event> {
        let mut tx = Tx::new(self, now);
        fail_unanswered(&mut tx);
        forget_expired(&mut tx);
        end_time_outs(&mut tx);
        archive_idle(&mut tx);
        invites::forget_expired(tx.world, now);
        messages::end_polls(&mut tx);
        scheduled_events::run_due(&mut tx);
        tx.into_events()
    }

    /// When [`World::tick`] has something to do next, if ever; may lie in the past.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let pending = self.interactions.values().filter(|i| i.state == InteractionState::Pending);
        let failures = pending.map(|i| i.created.plus(CALLBACK_WINDOW)).min();
        let expiries = self.interactions.values().map(|i| i.created.plus(TOKEN_LIFETIME)).min();
        let members = self.guilds.values().flat_map(|g| g.members.values());
        let time_outs = members.filter_map(|m| m.timeout_until).min();
        let invites = invites::next_expiry(self);
        let polls = messages::next_poll_end(self);
        let events = scheduled_events::next_due(self);
        [failures, expiries, time_outs, invites, polls, events, self.next_archive()]
            .into_iter()
            .flatten()
            .min()
    }
}

fn fail_unanswered(tx: &mut Tx<'_>) {
    let now = tx.now;
    let late = |i: &&mut crate::Interaction| {
        i.state == InteractionState::Pending && now.since(i.created) >= CALLBACK_WINDOW
    };
    let mut failed: Vec<(InteractionId, UserId)> = Vec::new();
    for interaction in tx.world.interactions.values_mut().filter(late) {
        interaction.state = InteractionState::Failed;
        failed.push((interaction.id, interaction.user));
    }
    for (id, user) in failed {
        let data = json!({ "id": id, "reason_code": TIMED_OUT });
        tx.emit(EventKind::PersonInteractionFailure, Audience::Person(user), data);
    }
}

fn forget_expired(tx: &mut Tx<'_>) {
    let now = tx.now;
    let table = &tx.world.interactions;
    let expired = table.values().filter(|i| now.since(i.created) >= TOKEN_LIFETIME);
    let expired: Vec<(InteractionId, ChannelId)> = expired.map(|i| (i.id, i.channel)).collect();
    if expired.is_empty() {
        return;
    }
    for (id, _) in &expired {
        if let Some(interaction) = tx.world.interactions.remove(id) {
            for attachment in interaction.attachments {
                tx.world.blobs.remove(&attachment);
            }
        }
    }
    let places: BTreeSet<ChannelId> = expired.into_iter().map(|(_, channel)| channel).collect();
    let table = &tx.world.interactions;
    let in_use: BTreeSet<MessageId> =
        table.values().flat_map(|i| i.message.into_iter().chain(i.original)).collect();
    let alive: BTreeSet<InteractionId> = table.keys().copied().collect();
    for place in places {
        let Some(channel) = tx.world.channels.get_mut(&place) else { continue };
        let gone = |m: &crate::Message| {
            m.ephemeral_to.is_some()
                && !in_use.contains(&m.id)
                && m.interaction.as_ref().is_none_or(|i| !alive.contains(&i.id))
        };
        let ids: Vec<MessageId> = channel.messages.values().filter(|m| gone(m)).map(|m| m.id).collect();
        for id in ids {
            let attachments = channel.messages.remove(&id).map(|m| m.attachments).unwrap_or_default();
            tx.world.message_channel.remove(&id);
            for attachment in attachments {
                tx.world.blobs.remove(&attachment.id);
            }
        }
    }
}

/// Looks at the members only when a time-out may have ended: there may be half a million.
fn end_time_outs(tx: &mut Tx<'_>) {
    let now = tx.now;
    if tx.world.no_time_out_before.is_some_and(|bound| now < bound) {
        return;
    }
    let mut ended: Vec<(GuildId, UserId)> = Vec::new();
    let mut next = Timestamp::from_ms(u64::MAX);
    for guild in tx.world.guilds.values_mut() {
        for member in guild.members.values_mut() {
            match member.timeout_until {
                Some(until) if until <= now => {
                    member.timeout_until = None;
                    ended.push((guild.id, member.user));
                }
                Some(until) => next = next.min(until),
                None => {}
            }
        }
    }
    tx.world.no_time_out_before = Some(next);
    for (guild, user) in ended {
        let Some(member) = tx.world.guild(guild).ok().and_then(|g| Some((g, g.members.get(&user)?))) else {
            continue;
        };
        let mut data = wire::member(tx.world, member.0, member.1);
        data["guild_id"] = json!(guild);
        tx.emit(EventKind::GuildMemberUpdate, Audience::Guild(guild), data);
    }
}
