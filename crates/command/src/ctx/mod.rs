//! What the body of a command can do and know: answer, settings, clock, log, who and where.

mod answer;
mod invocation;
mod log;

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cogwright_lifecycle::Clock;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};

pub use self::invocation::{Invocation, Trigger};
pub use self::log::Log;

use crate::catalog::Catalog;
use crate::checks;
use crate::directory::GuildFacts;
use crate::dispatch::Ticket;
use crate::invoker::Invoker;
use crate::policy::{By, EffectivePrefs, Policies, RoleFacts};
use crate::responder::Responder;
use crate::services::{CommandSettings, Services};
use crate::spec::Spec;
use crate::theme::Theme;
use crate::trace::Decisions;
use crate::who::KnownRoles;

/// The context of one call. Clones are cheap and belong to the same call.
#[derive(Clone)]
pub struct Ctx {
    inner: Arc<Inner>,
}

struct Inner {
    invocation: Invocation,
    services: Arc<Services>,
    /// As they were when the call came in.
    settings: Arc<CommandSettings>,
    responder: Arc<Responder>,
    /// What a failure is answered to: the newest press of a view, else the call itself.
    newest: Mutex<Arc<Responder>>,
    /// The call's place among those that run; given up when a view begins to wait.
    ticket: Mutex<Option<Ticket>>,
    views: AtomicU32,
}

impl fmt::Debug for Ctx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctx").field("invocation", &self.inner.invocation).finish_non_exhaustive()
    }
}

impl Ctx {
    pub(crate) fn new(
        invocation: Invocation,
        services: Arc<Services>,
        responder: Arc<Responder>,
        ticket: Option<Ticket>,
    ) -> Self {
        let newest = Mutex::new(Arc::clone(&responder));
        let ticket = Mutex::new(ticket);
        let settings = services.settings();
        Self {
            inner: Arc::new(Inner {
                invocation,
                services,
                settings,
                responder,
                newest,
                ticket,
                views: AtomicU32::new(0),
            }),
        }
    }

    /// Whether the invoker could call another command here, as far as that depends on who and where: its tier, the
    /// guild's rules, their permissions. The help menu leaves out the others.
    pub async fn may_call(&self, spec: &Spec) -> bool {
        checks::may_call(self, spec).await
    }

    /// Whether a command of this name can be called at all: a text that names one that is switched off misleads.
    pub fn is_on(&self, name: &str) -> bool {
        self.catalog().find(name).is_some_and(|spec| self.inner.services.is_on(spec))
    }

    /// What prefix commands begin with here, and whether a mention works.
    pub async fn prefs(&self) -> EffectivePrefs {
        self.policies().prefs(self.guild_id()).await
    }

    /// Prefixes and rules of guilds, and the bot's owners.
    pub fn policies(&self) -> &Policies {
        &self.inner.services.policies
    }

    /// The invoker and the channel, as whoever changes something of the guild.
    pub fn by(&self) -> By {
        By { user: self.invoker().id, channel: Some(self.channel_id()) }
    }

    /// Whether the invoker is one of the bot's owners.
    pub fn is_bot_owner(&self) -> bool {
        self.policies().owners().contains(self.invoker().id)
    }

    /// Whether the invoker owns the guild; not knowing who does, no.
    pub fn is_guild_owner(&self) -> bool {
        let owner = self.guild_id().and_then(|guild| self.inner.services.directory.owner(guild));
        owner == Some(self.invoker().id)
    }

    /// The roles of the guild, @everyone among them, in no order; empty in direct messages.
    pub fn guild_roles(&self) -> Vec<RoleFacts> {
        self.guild_id().map(|guild| self.inner.services.directory.roles(guild)).unwrap_or_default()
    }

    /// The same, to tell deleted roles.
    pub fn known_roles(&self) -> KnownRoles {
        KnownRoles::of(&self.guild_roles())
    }

    /// What is known of the guild as a whole; `None` in direct messages, or when too little is.
    pub fn guild(&self) -> Option<GuildFacts> {
        self.guild_id().and_then(|guild| self.inner.services.directory.guild(guild))
    }

    /// The address of the bot's own picture, if it has one.
    pub fn bot_picture(&self) -> Option<String> {
        self.inner.services.directory.bot_picture()
    }

    /// The address of the caller's picture; `None` when they have none.
    pub fn invoker_picture(&self) -> Option<String> {
        let invoker = self.invoker();
        self.inner.services.directory.picture(invoker.id, invoker.avatar?)
    }

    /// The bot's own user.
    pub fn bot_id(&self) -> Id<UserMarker> {
        self.inner.services.bot
    }

    /// Why calls were refused or failed. For owners: it holds what happened in other guilds.
    pub fn decisions(&self) -> &Decisions {
        &self.inner.services.decisions
    }

    /// Colours and emoji.
    pub fn theme(&self) -> &Theme {
        &self.settings().theme
    }

    /// Settings of the command engine, as they were when the call came in.
    pub fn settings(&self) -> &CommandSettings {
        &self.inner.settings
    }

    /// The clock that everything a user sees goes by.
    pub fn clock(&self) -> &dyn Clock {
        &*self.inner.services.clock
    }

    /// Writes to the log, with the command and the call's id.
    pub fn log(&self) -> Log<'_> {
        Log { invocation: &self.inner.invocation }
    }

    /// Who called.
    pub fn invoker(&self) -> &Invoker {
        &self.inner.invocation.invoker
    }

    /// The guild, outside direct messages.
    pub fn guild_id(&self) -> Option<Id<GuildMarker>> {
        self.inner.invocation.guild
    }

    /// The channel.
    pub fn channel_id(&self) -> Id<ChannelMarker> {
        self.inner.invocation.channel
    }

    /// How the command was called.
    pub fn trigger(&self) -> Trigger {
        self.inner.invocation.trigger
    }

    /// What a call here begins with: the prefix, a mention with a blank, or `/`.
    pub fn opening(&self) -> &str {
        &self.inner.invocation.opening
    }

    /// Everything about this call.
    pub fn invocation(&self) -> &Invocation {
        &self.inner.invocation
    }

    /// All commands of the bot.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.inner.services.catalog
    }

    /// Heartbeat latency of the shard this call came from; `None` before the first one.
    pub fn latency(&self) -> Option<Duration> {
        self.inner.services.vitals.gateway_latency(self.inner.invocation.guild)
    }

    /// How long the latest request to Discord was under way, without what it waited for on our side; `None` before the
    /// first.
    pub fn rest_round_trip(&self) -> Option<Duration> {
        self.inner.services.vitals.rest_round_trip()
    }

    /// A menu that waits for a person must not keep others from running commands.
    pub(crate) fn give_up_turn(&self) {
        drop(self.inner.ticket.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    pub(crate) fn services(&self) -> &Arc<Services> {
        &self.inner.services
    }

    pub(crate) fn responder(&self) -> &Arc<Responder> {
        &self.inner.responder
    }

    /// Numbers the views of this call.
    pub(crate) fn next_view(&self) -> u32 {
        self.inner.views.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn newest(&self) -> Arc<Responder> {
        Arc::clone(&self.inner.newest.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_newest(&self, responder: Arc<Responder>) {
        *self.inner.newest.lock().unwrap_or_else(PoisonError::into_inner) = responder;
    }
}
