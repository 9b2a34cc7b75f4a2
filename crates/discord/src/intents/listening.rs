//! What a listener to events needs. See Discord docs: Gateway / List of Intents.

use twilight_gateway::{EventTypeFlags, Intents};

use super::Need;

/// The intents without a switch in the portal, and the events that come with them.
///
/// twilight-gateway 0.18 gives `MESSAGE_POLL_VOTE_ADD` and `READY` one bit, `MESSAGE_POLL_VOTE_REMOVE` and `RESUMED` another:
/// who listens to sessions gets the polls' intents as well, rather than who listens to polls too few.
const PLAIN: [(Intents, EventTypeFlags); 17] = [
    (Intents::GUILDS, EventTypeFlags::GUILDS),
    (Intents::GUILD_MODERATION, EventTypeFlags::GUILD_MODERATION),
    (Intents::GUILD_EMOJIS_AND_STICKERS, EventTypeFlags::GUILD_EMOJIS_AND_STICKERS),
    (Intents::GUILD_INTEGRATIONS, EventTypeFlags::GUILD_INTEGRATIONS),
    (Intents::GUILD_WEBHOOKS, EventTypeFlags::WEBHOOKS_UPDATE),
    (Intents::GUILD_INVITES, EventTypeFlags::GUILD_INVITES),
    (Intents::GUILD_VOICE_STATES, EventTypeFlags::VOICE_STATE_UPDATE),
    (Intents::GUILD_MESSAGES, EventTypeFlags::GUILD_MESSAGES),
    (Intents::DIRECT_MESSAGES, EventTypeFlags::DIRECT_MESSAGES),
    (Intents::GUILD_MESSAGE_REACTIONS, EventTypeFlags::GUILD_MESSAGE_REACTIONS),
    (Intents::DIRECT_MESSAGE_REACTIONS, EventTypeFlags::DIRECT_MESSAGE_REACTIONS),
    (Intents::GUILD_MESSAGE_TYPING, EventTypeFlags::GUILD_MESSAGE_TYPING),
    (Intents::DIRECT_MESSAGE_TYPING, EventTypeFlags::DIRECT_MESSAGE_TYPING),
    (Intents::GUILD_SCHEDULED_EVENTS, EventTypeFlags::GUILD_SCHEDULED_EVENTS),
    (Intents::AUTO_MODERATION_CONFIGURATION, EventTypeFlags::AUTO_MODERATION_CONFIGURATION),
    (Intents::AUTO_MODERATION_EXECUTION, EventTypeFlags::AUTO_MODERATION_EXECUTION),
    (Intents::GUILD_MESSAGE_POLLS.union(Intents::DIRECT_MESSAGE_POLLS), EventTypeFlags::MESSAGE_POLLS),
];

/// What comes with the privileged intent for members and no other.
const MEMBERS: EventTypeFlags =
    EventTypeFlags::MEMBER_ADD.union(EventTypeFlags::MEMBER_UPDATE).union(EventTypeFlags::MEMBER_REMOVE);

impl Need {
    /// What listening to these events needs. What people wrote in messages is not among it: whoever reads that needs
    /// `MESSAGE_CONTENT` as well.
    pub fn listening(events: EventTypeFlags) -> Vec<Self> {
        let mut needs = Vec::new();
        let plain = PLAIN.iter().filter(|(_, with)| events.intersects(*with));
        let plain = plain.fold(Intents::empty(), |all, (intent, _)| all | *intent);
        if !plain.is_empty() {
            needs.push(Self::new("listening to events", plain));
        }
        if events.intersects(MEMBERS) {
            needs.push(Self::members("listening to members who come, change and go"));
        }
        if events.contains(EventTypeFlags::PRESENCE_UPDATE) {
            needs.push(Self::presences("listening to who is online"));
        }
        needs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intents(events: EventTypeFlags) -> Intents {
        Need::listening(events).iter().fold(Intents::empty(), |all, need| all | need.intents)
    }

    #[test]
    fn a_listener_gets_what_its_events_come_with_and_no_more() {
        assert_eq!(intents(EventTypeFlags::empty()), Intents::empty());
        assert_eq!(intents(EventTypeFlags::INTERACTION_CREATE), Intents::empty());
        assert_eq!(intents(EventTypeFlags::MEMBER_ADD), Intents::GUILD_MEMBERS);
        assert_eq!(intents(EventTypeFlags::PRESENCE_UPDATE), Intents::GUILD_PRESENCES);
        let votes = Intents::GUILD_MESSAGE_POLLS | Intents::DIRECT_MESSAGE_POLLS;
        assert_eq!(intents(EventTypeFlags::MESSAGE_POLL_VOTE_ADD), votes);
        assert_eq!(intents(EventTypeFlags::BAN_ADD), Intents::GUILD_MODERATION);
        let said = Intents::GUILD_MESSAGES | Intents::DIRECT_MESSAGES;
        assert_eq!(intents(EventTypeFlags::MESSAGE_DELETE), said);
        let privileged = Intents::GUILD_MEMBERS | Intents::GUILD_PRESENCES | Intents::MESSAGE_CONTENT;
        assert!(!intents(EventTypeFlags::GUILDS).intersects(privileged), "threads come without");
    }
}
