//! The default world with names for who acts in it, and what the bot is told.

use cogwright_sim_world::{
    Action, Actor, ApiError, AuditEntry, DefaultIds, Event, GuildId, Viewer, World, intents,
    permissions::ALL, places::operator,
};
use serde_json::{Value, json};

use crate::helpers::{NOW, default_world, person, refused, role};

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) ids: DefaultIds,
    pub(crate) guild: GuildId,
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
        Self { world, ids, guild, owner, mika, noor, bot }
    }

    #[track_caller]
    pub(crate) fn apply<A: Action>(&mut self, action: A) -> (A::Output, Vec<Event>)
    where
        A::Output: std::fmt::Debug,
    {
        let applied = self.world.apply(action, NOW).expect("is allowed");
        (applied.output, applied.events)
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
        refused(&mut self.world, action)
    }

    /// Lets the bot do no more than `bits`.
    pub(crate) fn bot_may(&mut self, bits: u64) {
        let role = role(&self.world, &self.ids, "Cogwright");
        let body = json!({ "permissions": (bits & ALL).to_string() });
        self.apply(operator::PatchRole { guild: self.guild, role, body });
    }

    /// What the bot's session would be sent, with these intents.
    pub(crate) fn seen(&self, events: &[Event], intents: u64) -> Vec<(&'static str, Value)> {
        let bot = Viewer::Bot { application: self.ids.application, intents, large_threshold: 50 };
        let seen = |e: &Event| Some((e.kind.name(), (*self.world.sees(e, &bot, NOW)?).clone()));
        events.iter().filter_map(seen).collect()
    }

    /// Names of what the bot's session would be sent with all intents, the audit log's entry left out.
    pub(crate) fn told(&self, events: &[Event]) -> Vec<&'static str> {
        let names = self.seen(events, intents::ALL).into_iter().map(|(name, _)| name);
        names.filter(|name| *name != "GUILD_AUDIT_LOG_ENTRY_CREATE").collect()
    }

    /// The newest entry of the guild's audit log.
    pub(crate) fn audited(&self) -> AuditEntry {
        let guild = self.world.guild(self.guild).expect("is there");
        guild.audit.entries().next_back().expect("an entry").clone()
    }
}
