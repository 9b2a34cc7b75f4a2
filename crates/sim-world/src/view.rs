//! Who sees what: an event as one viewer gets it, or not at all.
//!
//! The order is fixed: audience (membership, VIEW_CHANNEL), outage, intents, then what is left out of the
//! payload. See Discord docs: Gateway / Gateway Intents and Message Content Intent.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    ApplicationId, Audience, Carrier, Event, EventKind, GuildId, Timestamp, UserId, World, intents,
    permissions::VIEW_CHANNEL, wire,
};

/// Somebody who looks at the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// A gateway session of an application.
    Bot {
        /// Whose.
        application: ApplicationId,
        /// Intents it identified with.
        intents: u64,
        /// Members up to which GUILD_CREATE holds all of them, 50 to 250.
        large_threshold: u64,
    },
    /// A person's client.
    Person(UserId),
}

impl Viewer {
    /// The user whose membership and permissions count.
    pub fn user(&self) -> UserId {
        match self {
            Self::Bot { application, .. } => (*application).into(),
            Self::Person(user) => *user,
        }
    }
}

impl Event {
    /// The guild it concerns on the wire: decides the shard and whether guild or direct-message intents count.
    ///
    /// Messages whose payload has no `guild_id` (ephemeral ones) count as direct messages wherever they stand.
    /// See Discord docs: Gateway Events / Message Create.
    pub fn wire_guild(&self) -> Option<GuildId> {
        let direct = matches!(
            self.kind,
            EventKind::MessageCreate
                | EventKind::MessageUpdate
                | EventKind::MessageDelete
                | EventKind::MessageDeleteBulk
        ) && self.data.get("guild_id").is_none();
        if direct { None } else { self.audience.guild() }
    }
}

impl World {
    /// The event's payload as this viewer gets it at world time `now`, or `None` when it does not learn of it.
    /// Payloads that need no change are shared, not copied.
    pub fn sees(&self, event: &Event, viewer: &Viewer, now: Timestamp) -> Option<Arc<Value>> {
        if !self.in_audience(&event.audience, viewer, now) {
            return None;
        }
        if let Viewer::Bot { application, intents, .. } = *viewer {
            if !self.reaches_bot(event, application, intents) {
                return None;
            }
            if let Some(mut own) = for_bot(event, application, intents) {
                wire::set_own(self, &mut own, viewer.user());
                return Some(own.into());
            }
        }
        match (event.kind, event.audience.guild()) {
            (EventKind::GuildCreate, Some(guild)) => {
                let mut value = self.guild_create_for(guild, viewer, now)?;
                // The key tells the end of an outage from a guild that was just joined, which lacks it: py-cord and
                // discord.py choose between their "available" and "join" events by it.
                if event.data.get("unavailable").is_none()
                    && let Some(map) = value.as_object_mut()
                {
                    map.shift_remove("unavailable");
                }
                Some(value.into())
            }
            // Which reactions and votes are one's own is the one part of a message that differs by viewer.
            (EventKind::MessageUpdate, _) if wire::has_own(&event.data) => {
                let mut own = (*event.data).clone();
                wire::set_own(self, &mut own, viewer.user());
                Some(own.into())
            }
            _ => Some(Arc::clone(&event.data)),
        }
    }

    /// GUILD_CREATE of a guild as this viewer gets it; `None` for a guild that does not exist.
    pub fn guild_create_for(&self, guild: GuildId, viewer: &Viewer, now: Timestamp) -> Option<Value> {
        self.guild(guild).ok()?;
        let (bits, threshold) = match *viewer {
            Viewer::Bot { intents, large_threshold, .. } => (intents, large_threshold),
            Viewer::Person(_) => (intents::ALL, u64::MAX),
        };
        Some(wire::guild_create(self, guild, viewer.user(), bits, threshold, now))
    }

    fn in_audience(&self, audience: &Audience, viewer: &Viewer, now: Timestamp) -> bool {
        let user = viewer.user();
        match audience {
            Audience::Guild(guild) => self.member(*guild, user).is_ok(),
            Audience::GuildWith(guild, bits) => {
                self.member(*guild, user).is_ok() && self.guild_permissions(*guild, user, now) & bits != 0
            }
            Audience::Channel { channel, .. } => self.can_view(*channel, user, now),
            Audience::ChannelWith { channel, bits, .. } => {
                let bits = bits | VIEW_CHANNEL;
                self.channel_permissions(*channel, user, now).is_ok_and(|held| held & bits == bits)
            }
            Audience::Users(_, users) => users.contains(&user),
            Audience::Application(_, id) => {
                matches!(viewer, Viewer::Bot { application, .. } if application == id)
            }
            Audience::Person(person) => matches!(viewer, Viewer::Person(_)) && *person == user,
        }
    }

    /// Outage, intents, and the few kinds that depend on whom they are about.
    fn reaches_bot(&self, event: &Event, application: ApplicationId, bits: u64) -> bool {
        let guild = event.wire_guild();
        let about_outage = matches!(event.kind, EventKind::GuildDelete | EventKind::GuildCreate);
        if !about_outage && guild.is_some_and(|g| self.guild(g).is_ok_and(|g| g.unavailable)) {
            return false;
        }
        let itself = UserId::from(application);
        match (event.kind, event.kind.carrier()) {
            (EventKind::UserUpdate, _) => is_user(&event.data["id"], itself),
            (EventKind::GuildMemberUpdate, _) if is_user(&event.data["user"]["id"], itself) => true,
            (EventKind::ThreadMembersUpdate, _) if bits & intents::GUILD_MEMBERS == 0 => {
                bits & intents::GUILDS != 0 && joined_or_left(&event.data, itself)
            }
            (EventKind::ThreadMembersUpdate, _) | (_, Carrier::Always) => true,
            (_, Carrier::PeopleOnly) => false,
            (_, Carrier::Intents { guild: in_guild, dm }) => {
                bits & (if guild.is_some() { in_guild } else { dm }) != 0
            }
        }
    }
}

/// The payload where a bot's differs from the complete one.
fn for_bot(event: &Event, application: ApplicationId, bits: u64) -> Option<Value> {
    match event.kind {
        EventKind::MessageCreate | EventKind::MessageUpdate
            if bits & intents::MESSAGE_CONTENT == 0 && event.wire_guild().is_some() =>
        {
            // Compared first, because a copy for every bot would cost more than all the rest of a dispatch.
            if exempt(&event.data, application)
                && event.data.get("referenced_message").is_none_or(Value::is_null)
            {
                return None;
            }
            let mut message = (*event.data).clone();
            blank_unless_exempt(&mut message, application);
            Some(message)
        }
        EventKind::AutoModerationActionExecution if bits & intents::MESSAGE_CONTENT == 0 => {
            let mut execution = (*event.data).clone();
            for key in ["content", "matched_content"] {
                execution[key] = json!("");
            }
            Some(execution)
        }
        EventKind::ThreadMembersUpdate if bits & intents::GUILD_MEMBERS == 0 => {
            let mut update = (*event.data).clone();
            let itself = UserId::from(application);
            if let Some(added) = update.get_mut("added_members").and_then(Value::as_array_mut) {
                added.retain(|m| is_user(&m["user_id"], itself));
            }
            if let Some(removed) = update.get_mut("removed_member_ids").and_then(Value::as_array_mut) {
                removed.retain(|id| is_user(id, itself));
            }
            Some(update)
        }
        _ => None,
    }
}

fn is_user(id: &Value, user: UserId) -> bool {
    id.as_str().is_some_and(|id| id.parse() == Ok(user))
}

fn joined_or_left(update: &Value, user: UserId) -> bool {
    let list = |key: &str| update[key].as_array().map_or(&[][..], Vec::as_slice);
    list("added_members").iter().any(|m| is_user(&m["user_id"], user))
        || list("removed_member_ids").iter().any(|id| is_user(id, user))
}

/// Content that an application gets without the MESSAGE_CONTENT intent: its own messages (also those it answered
/// interactions with) and those that mention it. Direct messages and targets of message commands are exempt too;
/// the callers know them.
pub(crate) fn exempt(message: &Value, application: ApplicationId) -> bool {
    let itself = UserId::from(application);
    is_user(&message["author"]["id"], itself)
        || is_user(&message["application_id"], itself)
        || message["mentions"].as_array().is_some_and(|list| list.iter().any(|u| is_user(&u["id"], itself)))
}

/// Blanks a guild message, and the one it quotes, for an application that may not read content: each unless it
/// is the application's own or mentions it. The caller knows whether the application has the intent, whether it
/// is a direct message, and whether it is the target of a message command: those are never blanked.
pub fn blank_unless_exempt(message: &mut Value, application: ApplicationId) {
    if !exempt(message, application) {
        blank_message(message);
    }
    let referenced = message.get_mut("referenced_message").filter(|m| m.is_object());
    if let Some(referenced) = referenced.filter(|m| !exempt(m, application)) {
        blank_message(referenced);
    }
}

/// Empties what the MESSAGE_CONTENT intent guards: `content`, `embeds`, `attachments`, `components`; `poll` is
/// left out. Forwarded snapshots are emptied alike. Keys that are absent stay absent.
pub fn blank_message(message: &mut Value) {
    let Some(map) = message.as_object_mut() else { return };
    for (key, empty) in
        [("content", json!("")), ("embeds", json!([])), ("attachments", json!([])), ("components", json!([]))]
    {
        if let Some(value) = map.get_mut(key) {
            *value = empty;
        }
    }
    map.shift_remove("poll");
    if let Some(snapshots) = map.get_mut("message_snapshots").and_then(Value::as_array_mut) {
        for snapshot in snapshots {
            blank_message(&mut snapshot["message"]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::ChannelId;

    const APP: ApplicationId = ApplicationId::new(9);

    fn message(author: u64, mentions: &[u64]) -> Value {
        let mentions: Vec<Value> = mentions.iter().map(|id| json!({ "id": id.to_string() })).collect();
        json!({
            "id": "1", "guild_id": "5", "content": "text", "embeds": [{}], "attachments": [{}], "components": [{}],
            "poll": {}, "author": { "id": author.to_string() }, "mentions": mentions,
        })
    }

    fn event(data: Value) -> Event {
        let audience = Audience::Channel { guild: Some(GuildId::new(5)), channel: ChannelId::new(6) };
        Event { kind: EventKind::MessageCreate, audience, data: data.into() }
    }

    #[test]
    fn content_is_blanked_without_the_intent_unless_own_or_mentioned() {
        let blanked = for_bot(&event(message(7, &[8])), APP, intents::GUILD_MESSAGES).expect("blanked");
        assert_eq!(blanked["content"], "");
        for key in ["embeds", "attachments", "components"] {
            assert_eq!(blanked[key], json!([]), "{key}");
        }
        assert!(blanked.get("poll").is_none());
        assert!(for_bot(&event(message(9, &[])), APP, 0).is_none(), "own");
        assert!(for_bot(&event(message(7, &[9])), APP, 0).is_none(), "mentioned");
        assert!(for_bot(&event(message(7, &[])), APP, intents::MESSAGE_CONTENT).is_none(), "intent");
        let mut direct = message(7, &[]);
        direct.as_object_mut().expect("an object").shift_remove("guild_id");
        assert!(for_bot(&event(direct), APP, 0).is_none(), "direct message");
    }

    #[test]
    fn a_quoted_message_is_judged_by_itself() {
        let mut reply = message(7, &[9]);
        reply["referenced_message"] = message(7, &[]);
        let got = for_bot(&event(reply), APP, 0).expect("changed");
        assert_eq!(got["content"], "text");
        assert_eq!(got["referenced_message"]["content"], "");
    }

    #[test]
    fn snapshots_are_blanked_and_absent_keys_stay_absent() {
        let mut forward =
            json!({ "content": "x", "message_snapshots": [{ "message": { "content": "secret" } }] });
        blank_message(&mut forward);
        assert_eq!(
            forward,
            json!({ "content": "", "message_snapshots": [{ "message": { "content": "" } }] })
        );
    }

    #[test]
    fn thread_members_without_the_intent_are_the_bot_alone() {
        let data =
            json!({ "added_members": [{ "user_id": "9" }, { "user_id": "7" }], "removed_member_ids": ["3"] });
        let update = Event {
            kind: EventKind::ThreadMembersUpdate,
            audience: Audience::Guild(GuildId::new(5)),
            data: data.into(),
        };
        let world = World::default();
        assert!(world.reaches_bot(&update, APP, intents::GUILDS));
        assert!(!world.reaches_bot(&update, ApplicationId::new(1), intents::GUILDS));
        assert!(world.reaches_bot(&update, ApplicationId::new(1), intents::GUILD_MEMBERS));
        let own = for_bot(&update, APP, intents::GUILDS).expect("filtered");
        assert_eq!(own, json!({ "added_members": [{ "user_id": "9" }], "removed_member_ids": [] }));
    }

    #[test]
    fn people_only_kinds_never_reach_a_bot_and_always_kinds_need_no_intent() {
        let world = World::default();
        for kind in EventKind::ALL {
            let event =
                Event { kind: *kind, audience: Audience::Guild(GuildId::new(5)), data: json!({}).into() };
            match kind.carrier() {
                Carrier::PeopleOnly => assert!(!world.reaches_bot(&event, APP, intents::ALL), "{kind:?}"),
                Carrier::Always if *kind != EventKind::UserUpdate => {
                    assert!(world.reaches_bot(&event, APP, 0), "{kind:?}");
                }
                _ => assert!(!world.reaches_bot(&event, APP, 0), "{kind:?}"),
            }
        }
    }
}
