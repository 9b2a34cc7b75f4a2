//! What the runtime lends to all commands.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use cogwright_lifecycle::{SharedClock, Tasks};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, RoleMarker, UserMarker};

use crate::catalog::Catalog;
use crate::cooldown::{Cooldowns, Pace, Slots};
use crate::directory::{Directory, Lookup, Query};
use crate::dispatch::Repeats;
use crate::flood::Floods;
use crate::observer::Observer;
use crate::policy::{Policies, Policy};
use crate::reply::Reply;
use crate::spec::Spec;
use crate::theme::Theme;
use crate::tidy_up::TidyUp;
use crate::trace::Decisions;
use crate::view::Waiters;
use crate::wire::Wire;

/// Settings of the command engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandSettings {
    /// What prefix commands begin with.
    pub prefix: String,
    /// Whether a mention of the bot works like the prefix.
    pub mention_prefix: bool,
    /// How long a view waits for the next press before it disables itself.
    pub view_idle: Duration,
    /// How long after a message was written its editing runs it again and edits the answer; zero
    /// = never. Of its latest 1,000 messages the bot knows the answers, and runs each nine times
    /// more at most.
    pub edit_window: Duration,
    /// Commands that are switched off, by qualified name (`help`, `status add`).
    pub disabled: BTreeSet<String>,
    /// Bot-wide defaults of what ties commands to roles, by qualified name; a guild's own rule goes before.
    pub command_permissions: BTreeMap<String, Vec<Id<RoleMarker>>>,
    /// The pace of commands that ask for the default.
    pub default_cooldown: Pace,
    /// What is deleted by itself.
    pub auto_delete: AutoDelete,
    /// Colours and emoji.
    pub theme: Theme,
}

/// What is deleted by itself in the prefix form. In the slash form such messages are ephemeral, nothing is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AutoDelete {
    /// How long a confirmation stays; zero = for ever.
    pub success: Duration,
    /// How long an error stays; zero = for ever.
    pub error: Duration,
    /// Whether the message that called goes with the confirmation. Needs `MANAGE_MESSAGES`, else it stays.
    pub invocation: bool,
}

impl Default for AutoDelete {
    fn default() -> Self {
        Self { success: Duration::from_secs(10), error: Duration::from_secs(10), invocation: true }
    }
}

impl Default for CommandSettings {
    fn default() -> Self {
        Self {
            prefix: "!".to_owned(),
            mention_prefix: true,
            view_idle: Duration::from_secs(180),
            edit_window: Duration::ZERO,
            disabled: BTreeSet::new(),
            command_permissions: BTreeMap::new(),
            default_cooldown: Pace { uses: 3, per: Duration::from_secs(5) },
            auto_delete: AutoDelete::default(),
            theme: Theme::default(),
        }
    }
}

/// Facts about the running bot that commands may show.
pub trait Vitals: Send + Sync + 'static {
    /// Time between the last heartbeat and its acknowledgement on the shard of this guild, or of
    /// direct messages; `None` before the first one.
    fn gateway_latency(&self, guild: Option<Id<GuildMarker>>) -> Option<Duration>;

    /// Time from the sending of the latest request to Discord until its answer was there, without what it waited for
    /// here; `None` before the first.
    fn rest_round_trip(&self) -> Option<Duration> {
        None
    }
}

/// Knows nothing; for tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoVitals;

impl Vitals for NoVitals {
    fn gateway_latency(&self, _: Option<Id<GuildMarker>>) -> Option<Duration> {
        None
    }
}

/// What a dispatcher is built from.
pub struct Parts {
    /// All commands.
    pub catalog: Catalog,
    /// The way to Discord.
    pub wire: Arc<dyn Wire>,
    /// Knows guilds and people.
    pub directory: Arc<dyn Directory>,
    /// Facts about the connection.
    pub vitals: Arc<dyn Vitals>,
    /// Everything a user sees time out goes by this clock.
    pub clock: SharedClock,
    /// Commands run as its tasks; cancelling it ends all views.
    pub tasks: Tasks,
    /// Settings.
    pub settings: CommandSettings,
    /// The bot's own user id, for mentions.
    pub bot: Id<UserMarker>,
    /// Owners, rules and prefixes of guilds, and who is told what happens.
    pub policy: Policy,
}

/// The same, shared by everything that runs.
pub(crate) struct Services {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) wire: Arc<dyn Wire>,
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) vitals: Arc<dyn Vitals>,
    pub(crate) clock: SharedClock,
    pub(crate) tasks: Tasks,
    pub(crate) policies: Policies,
    pub(crate) cooldowns: Cooldowns,
    pub(crate) slots: Slots,
    pub(crate) decisions: Arc<Decisions>,
    pub(crate) tidy_up: TidyUp,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) bot: Id<UserMarker>,
    pub(crate) waiters: Waiters,
    pub(crate) repeats: Repeats,
    pub(crate) floods: Floods,
}

impl fmt::Debug for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Services").finish_non_exhaustive()
    }
}

impl Services {
    pub(crate) fn new(parts: Parts) -> Arc<Self> {
        let Policy { cooldown_journal, observer, .. } = parts.policy.clone();
        Arc::new(Self {
            catalog: Arc::new(parts.catalog),
            wire: parts.wire,
            directory: parts.directory,
            vitals: parts.vitals,
            policies: Policies::new(&parts.policy, parts.settings, &parts.clock),
            cooldowns: Cooldowns::new(cooldown_journal, parts.tasks.clone()),
            slots: Slots::default(),
            decisions: Arc::default(),
            tidy_up: TidyUp::default(),
            observer,
            clock: parts.clock,
            tasks: parts.tasks,
            bot: parts.bot,
            waiters: Waiters::default(),
            repeats: Repeats::default(),
            floods: Floods::default(),
        })
    }

    /// What the bot is known to lack for a message of its own in a channel; `None` where it lacks nothing, or too little
    /// is known.
    pub(crate) fn cannot_speak(
        &self,
        guild: Option<Id<GuildMarker>>,
        channel: Id<ChannelMarker>,
    ) -> Option<Permissions> {
        let guild = guild?;
        let both = Permissions::SEND_MESSAGES | Permissions::SEND_MESSAGES_IN_THREADS;
        let has = self.directory.own_permissions(guild, channel)? & both;
        if has == both {
            return None;
        }
        // See Discord docs: Threads / Permissions.
        let found = self.directory.channel(guild, Query::Id(channel.get()));
        let needed = match found {
            Lookup::Found(channel) if channel.kind.is_thread() => Permissions::SEND_MESSAGES_IN_THREADS,
            _ => Permissions::SEND_MESSAGES,
        };
        (!has.contains(needed)).then_some(needed)
    }

    /// A reply as it can be sent in a channel: where embeds are known to be refused, in words.
    pub(crate) fn fitted(
        &self,
        guild: Option<Id<GuildMarker>>,
        channel: Id<ChannelMarker>,
        reply: Reply,
    ) -> Reply {
        if reply.embeds().is_empty() {
            return reply;
        }
        let has = guild.and_then(|guild| self.directory.own_permissions(guild, channel));
        if has.is_none_or(|has| has.contains(Permissions::EMBED_LINKS)) { reply } else { reply.in_words() }
    }

    /// Whether a command can be called at all, as far as its author and the settings say.
    pub(crate) fn is_on(&self, spec: &Spec) -> bool {
        let disabled = &self.settings().disabled;
        let off = || !disabled.is_empty() && disabled.contains(&spec.qualified_name());
        // The name was meant for the one whose place it has taken.
        spec.enabled && (!off() || self.catalog.stands_in(spec))
    }

    /// The settings in force at this moment.
    pub(crate) fn settings(&self) -> Arc<CommandSettings> {
        self.policies.settings()
    }
}
