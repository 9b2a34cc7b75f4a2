//! The default world with names for who acts in it, and what the bot is told.

use cogwright_sim_world::{
    Action, Actor, ApiError, AuditEntry, ChannelId, ChannelKind, DefaultIds, Event, GuildId, Timestamp,
    UserId, Viewer, World, intents, permissions::ALL, places::operator, wire,
};
use serde_json::{Value, json};

use crate::helpers::{NOW, default_world, id, person, refused_at, role};

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) ids: DefaultIds,
    pub(crate) guild: GuildId,
    /// World time.
    pub(crate) now: Timestamp,
    /// Owns the guild.
    pub(crate) owner: Actor,
    /// A moderator without MANAGE_GUILD.
    pub(crate) mika: Actor,
    /// Has no role that grants anything.
    pub(crate) noor: Actor,
    /// The default bot, an administrator.
    pub(crate) bot: Actor,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let (world, ids) = default_world();
        let named = |name| Actor::person(person(&world, name));
        let (mika, noor) = (named("mika"), named("noor"));
        let (guild, owner, bot) = (ids.guild, Actor::person(ids.user), Actor::bot(ids.application));
        Self { world, ids, guild, now: NOW, owner, mika, noor, bot }
    }

    #[track_caller]
    pub(crate) fn apply<A: Action>(&mut self, action: A) -> (A::Output, Vec<Event>)
    where
        A::Output: std::fmt::Debug,
    {
        let applied = self.world.apply(action, self.now).expect("is allowed");
        (applied.output, applied.events)
    }

    /// What an action that must be allowed causes.
    #[track_caller]
    pub(crate) fn events<A: Action>(&mut self, action: A) -> Vec<Event>
    where
        A::Output: std::fmt::Debug,
    {
        self.apply(action).1
    }

    /// What an allowed action answers.
    #[track_caller]
    pub(crate) fn does<A: Action>(&mut self, action: A) -> A::Output
    where
        A::Output: std::fmt::Debug,
    {
        self.apply(action).0
    }

    /// A channel of this number's type, made by the operator.
    #[track_caller]
    pub(crate) fn made(&mut self, guild: GuildId, name: &str, kind: u8) -> ChannelId {
        let body = json!({ "name": name, "type": kind });
        id(&self.does(operator::CreateChannel { guild, body }))
    }

    /// The code of a refusal that left the world as it was.
    #[track_caller]
    pub(crate) fn refused<A: Action>(&mut self, action: A) -> u32
    where
        A::Output: std::fmt::Debug,
    {
        self.refusal(action).code
    }

    #[track_caller]
    pub(crate) fn refusal<A: Action>(&mut self, action: A) -> ApiError
    where
        A::Output: std::fmt::Debug,
    {
        refused_at(&mut self.world, action, self.now)
    }

    /// Lets the bot do no more than `bits`.
    pub(crate) fn bot_may(&mut self, bits: u64) {
        let role = role(&self.world, &self.ids, "Cogwright");
        let body = json!({ "permissions": (bits & ALL).to_string() });
        self.apply(operator::PatchRole { guild: self.guild, role, body });
    }

    /// What the bot's session would be sent, with these intents.
    pub(crate) fn seen(&self, events: &[Event], intents: u64) -> Vec<(&'static str, Value)> {
        self.seen_by(self.bot, events, intents)
    }

    /// The same of another bot.
    pub(crate) fn seen_by(&self, bot: Actor, events: &[Event], intents: u64) -> Vec<(&'static str, Value)> {
        let application = bot.application.expect("a bot");
        let bot = Viewer::Bot { application, intents, large_threshold: 50 };
        let seen = |e: &Event| Some((e.kind.name(), (*self.world.sees(e, &bot, self.now)?).clone()));
        events.iter().filter_map(seen).collect()
    }

    /// The payload of the first event of a name that the bot is sent.
    #[track_caller]
    pub(crate) fn payload(&self, events: &[Event], name: &str) -> Value {
        let seen = self.seen(events, intents::ALL);
        let found = seen.into_iter().find(|(known, _)| *known == name);
        found.unwrap_or_else(|| panic!("no {name}: {:?}", self.told(events))).1
    }

    /// Names of what the bot's session would be sent with all intents, the audit log's entry left out.
    pub(crate) fn told(&self, events: &[Event]) -> Vec<&'static str> {
        let names = self.seen(events, intents::ALL).into_iter().map(|(name, _)| name);
        names.filter(|name| *name != "GUILD_AUDIT_LOG_ENTRY_CREATE").collect()
    }

    /// Names of what the bot's session would be sent with these intents.
    pub(crate) fn told_with(&self, events: &[Event], intents: u64) -> Vec<&'static str> {
        self.seen(events, intents).into_iter().map(|(name, _)| name).collect()
    }

    /// Names of what somebody would be sent.
    pub(crate) fn told_as(&self, events: &[Event], viewer: &Viewer) -> Vec<&'static str> {
        let sees = |e: &&Event| self.world.sees(e, viewer, self.now).is_some();
        events.iter().filter(sees).map(|e| e.kind.name()).collect()
    }

    /// The newest entry of the guild's audit log, as it is on the wire.
    pub(crate) fn audit_entry(&self) -> Value {
        wire::audit_entry(&self.audited())
    }

    /// The newest entry of the guild's audit log.
    pub(crate) fn audited(&self) -> AuditEntry {
        let guild = self.world.guild(self.guild).expect("is there");
        guild.audit.entries().next_back().expect("an entry").clone()
    }

    /// Action types of the guild's audit log, oldest first.
    pub(crate) fn audits(&self) -> Vec<u64> {
        let guild = self.world.guild(self.guild).expect("is there");
        guild.audit.entries().map(|entry| entry.action as u64).collect()
    }

    /// Somebody of the default world.
    pub(crate) fn actor(&self, name: &str) -> Actor {
        Actor::person(self.person(name))
    }

    pub(crate) fn person(&self, name: &str) -> UserId {
        person(&self.world, name)
    }

    /// The first channel of a kind.
    pub(crate) fn channel(&self, kind: ChannelKind) -> ChannelId {
        let guild = self.world.guild(self.guild).expect("the guild");
        let of_kind = |id: &&ChannelId| self.world.channel(**id).is_ok_and(|c| c.kind == kind);
        *guild.channels.iter().find(of_kind).expect("a channel of that kind")
    }

    /// Lets a role do more.
    pub(crate) fn grant(&mut self, name: &str, more: u64) {
        let role = role(&self.world, &self.ids, name);
        let bits = self.world.guild(self.guild).expect("is there").roles[&role].permissions | more;
        let body = json!({ "permissions": bits.to_string() });
        self.apply(operator::PatchRole { guild: self.guild, role, body });
    }

    /// A further application whose bot is in the guild with these permissions.
    pub(crate) fn second_bot(&mut self, permissions: u64) -> Actor {
        let body =
            json!({ "name": "Second", "guilds": [self.guild], "permissions": permissions.to_string() });
        let (made, _) = self.apply(operator::CreateApplication { body });
        Actor::bot(id(&made["application"]))
    }
}
