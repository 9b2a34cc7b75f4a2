//! When a bot counts as ready: all shards have identified or resumed, the guilds they announced have come,
//! and registering commands has been tried.

use std::collections::HashSet;

use cogwright_discord::{Event, ShardId};
use twilight_model::gateway::payload::incoming::GuildCreate;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

/// How far a bot has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Starting,
    Ready,
    Ended,
}

/// What a READY means for the registration of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beginning {
    /// The first session of all: commands are registered now.
    First,
    /// The bot was gone for longer than a session lasts; what is registered may have changed.
    Anew,
}

#[derive(Debug)]
pub(crate) struct Readiness {
    waiting_shards: HashSet<u32>,
    waiting_guilds: HashSet<Id<GuildMarker>>,
    registered: bool,
    /// Whether any session has begun or gone on yet.
    begun: bool,
    /// The shard whose new sessions stand for those of all.
    leader: u32,
}

impl Readiness {
    /// Of a process that runs these shards.
    pub(crate) fn new(shards: &[u32]) -> Self {
        Self {
            waiting_shards: shards.iter().copied().collect(),
            waiting_guilds: HashSet::new(),
            registered: false,
            begun: false,
            leader: shards.first().copied().unwrap_or_default(),
        }
    }

    /// Takes note of an event; answers whether a session has begun that commands are registered for.
    /// Of those that begin anew only the first shard's counts, once for the whole bot.
    pub(crate) fn note(&mut self, shard: ShardId, event: &Event) -> Option<Beginning> {
        match event {
            Event::Ready(ready) => {
                if self.waiting_shards.remove(&shard.number()) {
                    self.waiting_guilds.extend(ready.guilds.iter().map(|guild| guild.id));
                    return self.first();
                }
                return (shard.number() == self.leader).then_some(Beginning::Anew);
            }
            // A session of an earlier process goes on; its guilds are known already.
            Event::Resumed if self.waiting_shards.remove(&shard.number()) => return self.first(),
            Event::GuildCreate(guild) => match &**guild {
                GuildCreate::Available(guild) => self.came(guild.id),
                GuildCreate::Unavailable(guild) => self.came(guild.id),
            },
            // Out of order: it may take hours to come.
            Event::GuildDelete(guild) => self.came(guild.id),
            Event::UnavailableGuild(guild) => self.came(guild.id),
            _ => {}
        }
        None
    }

    fn first(&mut self) -> Option<Beginning> {
        (!std::mem::replace(&mut self.begun, true)).then_some(Beginning::First)
    }

    fn came(&mut self, guild: Id<GuildMarker>) {
        self.waiting_guilds.remove(&guild);
    }

    pub(crate) fn registered(&mut self) {
        self.registered = true;
    }

    /// Waited long enough for guilds.
    pub(crate) fn forget_guilds(&mut self) -> usize {
        let missing = self.waiting_guilds.len();
        self.waiting_guilds.clear();
        missing
    }

    pub(crate) fn shards_ready(&self) -> bool {
        self.waiting_shards.is_empty()
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.shards_ready() && self.waiting_guilds.is_empty() && self.registered
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cogwright_discord::EventTypeFlags;
    use serde_json::{Value, json};

    fn event(name: &str, data: Value) -> Event {
        let text = json!({"op": 0, "s": 1, "t": name, "d": data}).to_string();
        let parsed = cogwright_discord::parse(text, EventTypeFlags::all()).expect("fits the model");
        parsed.expect("is wanted").into()
    }

    fn ready(guilds: &[u64]) -> Event {
        let guilds: Vec<_> =
            guilds.iter().map(|id| json!({"id": id.to_string(), "unavailable": true})).collect();
        event(
            "READY",
            json!({"v": 10, "guilds": guilds, "session_id": "s", "resume_gateway_url": "ws://x",
                "application": {"id": "9", "flags": 0},
                "user": {"id": "1", "username": "b", "discriminator": "0", "avatar": null,
                    "mfa_enabled": false}}),
        )
    }

    fn gone(guild: u64) -> Event {
        event("GUILD_DELETE", json!({"id": guild.to_string(), "unavailable": true}))
    }

    #[test]
    fn all_shards_their_guilds_and_the_commands_are_waited_for() {
        let mut readiness = Readiness::new(&[0, 1]);
        let first = readiness.note(ShardId::new(1, 2), &ready(&[7]));
        assert_eq!(first, Some(Beginning::First));
        assert_eq!(readiness.note(ShardId::new(0, 2), &ready(&[8])), None);
        assert!(readiness.shards_ready() && !readiness.is_complete());
        readiness.registered();
        readiness.note(ShardId::new(1, 2), &gone(7));
        assert!(!readiness.is_complete(), "one guild is missing");
        readiness.note(ShardId::new(0, 2), &gone(8));
        assert!(readiness.is_complete());
    }

    #[test]
    fn a_second_ready_begins_anew_and_leaves_the_bot_ready() {
        let mut readiness = Readiness::new(&[0, 1]);
        let (zero, one) = (ShardId::new(0, 2), ShardId::new(1, 2));
        readiness.registered();
        readiness.note(zero, &ready(&[]));
        readiness.note(one, &ready(&[]));
        assert!(readiness.is_complete());
        assert_eq!(readiness.note(zero, &ready(&[7])), Some(Beginning::Anew));
        assert_eq!(readiness.note(one, &ready(&[7])), None, "once for the whole bot");
        assert!(readiness.is_complete());
    }

    #[test]
    fn a_resumed_session_is_ready_at_once() {
        let mut readiness = Readiness::new(&[2, 5]);
        let (two, five) = (ShardId::new(2, 8), ShardId::new(5, 8));
        assert_eq!(readiness.note(five, &Event::Resumed), Some(Beginning::First));
        assert_eq!(readiness.note(two, &ready(&[7])), None);
        readiness.registered();
        assert!(!readiness.is_complete(), "the other's guild has not come");
        readiness.note(two, &gone(7));
        assert!(readiness.is_complete());
        assert_eq!(readiness.note(five, &Event::Resumed), None, "later ones mean nothing");
        assert_eq!(readiness.note(five, &ready(&[])), None);
        assert_eq!(readiness.note(two, &ready(&[])), Some(Beginning::Anew));
    }

    #[test]
    fn guilds_that_do_not_come_are_not_waited_for_for_ever() {
        let mut readiness = Readiness::new(&[0]);
        readiness.registered();
        readiness.note(ShardId::ONE, &ready(&[7, 8]));
        assert_eq!(readiness.forget_guilds(), 2);
        assert!(readiness.is_complete());
    }
}
