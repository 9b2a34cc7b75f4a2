//! What the body of a command can do and know: answer, settings, clock, log, who and where.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cogwright_lifecycle::Clock;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};

use crate::catalog::Catalog;
use crate::checks;
use crate::directory::{GuildFacts, Needs};
use crate::dispatch::Ticket;
use crate::failure::{CommandResult, Denied, Failure};
use crate::invoker::Invoker;
use crate::policy::{By, EffectivePrefs, Policies, RoleFacts};
use crate::reply::Reply;
use crate::responder::Responder;
use crate::services::{AutoDelete, CommandSettings, Services};
use crate::spec::Spec;
use crate::theme::{Icon, Theme, Tone};
use crate::tidy_up::delete_later;
use crate::trace::Decisions;
use crate::view::{View, ViewOptions};
use crate::wire::MessageRef;

/// How a command was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// `!name`.
    Prefix,
    /// `@Bot name`.
    Mention,
    /// `/name`.
    Slash,
    /// An entry of the context menu of a person or a message.
    Menu,
    /// A component that outlives the process. It is no new call, and its handler runs instead of the command's body.
    Component,
}

/// One call of a command, whichever way it came.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The command.
    pub spec: Arc<Spec>,
    /// How it was called.
    pub trigger: Trigger,
    /// The snowflake of the message or interaction that called it.
    pub id: u64,
    /// Who called it.
    pub invoker: Invoker,
    /// Where, outside direct messages.
    pub guild: Option<Id<GuildMarker>>,
    /// Where.
    pub channel: Id<ChannelMarker>,
    /// What a call here begins with: the prefix, a mention with a blank, or `/`.
    pub opening: String,
}

impl Invocation {
    /// A short id that is shown with failures and stands in the log.
    pub fn error_id(&self) -> String {
        base36(self.id)
    }
}

/// Digits and lower-case letters: short enough to be read out.
fn base36(mut number: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut text = Vec::new();
    loop {
        text.push(char::from(DIGITS[(number % 36) as usize]));
        number /= 36;
        if number == 0 {
            return text.into_iter().rev().collect();
        }
    }
}

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

    /// Answers. In the prefix form it is a reply to the message, in the slash form the answer to
    /// the interaction; after [`defer`](Self::defer) it replaces "thinking". Every further call
    /// says something more. Nobody is pinged unless the [`Reply`] asks for it.
    ///
    /// # Errors
    /// [`Failure::Expired`] or [`Failure::Discord`].
    pub async fn reply(&self, reply: impl Into<Reply>) -> CommandResult {
        self.inner.responder.reply(reply.into(), false).await.map(drop)
    }

    /// Answers so that only the invoker sees it. In the prefix form, which has no such messages,
    /// it is an ordinary reply.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub async fn reply_ephemeral(&self, reply: impl Into<Reply>) -> CommandResult {
        self.reply(reply.into().ephemeral()).await
    }

    /// Shows that the answer takes longer than 3 seconds: "thinking" for at most 15 minutes, in
    /// the prefix form the typing sign for 10 seconds. Whether the answer will be ephemeral is
    /// decided here. Does nothing after the first answer.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub async fn defer(&self, ephemeral: bool) -> CommandResult {
        self.inner.responder.defer(ephemeral).await
    }

    /// Says something after the first answer; the same as another [`reply`](Self::reply).
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub async fn follow_up(&self, reply: impl Into<Reply>) -> CommandResult {
        self.reply(reply).await
    }

    /// Replaces what was said last, with all its text, embeds, components and files. Says it when
    /// nothing was said yet.
    ///
    /// # Errors
    /// As [`reply`](Self::reply); [`Failure::Expired`] for an ephemeral message after 15 minutes.
    pub async fn edit(&self, reply: impl Into<Reply>) -> CommandResult {
        self.inner.responder.edit(reply.into()).await
    }

    /// Answers with components that can be used, and waits for them: see [`View`]. Only the
    /// invoker may use them; they are disabled after three minutes without a press.
    ///
    /// # Errors
    /// As [`reply`](Self::reply); [`Failure::Busy`] when too many views are open in all.
    pub async fn open(&self, reply: impl Into<Reply>) -> Result<View, Failure> {
        let idle = self.settings().view_idle;
        self.open_with(reply, ViewOptions { idle, ..ViewOptions::default() }).await
    }

    /// The same with other options.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_with(&self, reply: impl Into<Reply>, options: ViewOptions) -> Result<View, Failure> {
        self.give_up_turn();
        View::open(self, reply.into(), options).await
    }

    /// Confirms that something was done, in the theme's colour. A confirmation does not stay: in the slash form only
    /// the invoker sees it, in the prefix form it is deleted after a while, as the settings say (`auto_delete`), and
    /// with it the message that called. Untrusted text goes through [`plain`](crate::plain) first.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub async fn success(&self, title: &str, text: &str) -> CommandResult {
        let embed = self.theme().embed(Tone::Success, Icon::Success, title, text, None);
        self.confirm_done(Reply::new().embed(embed)).await
    }

    /// The same in the colour of things to know: nothing had to be done.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub async fn notice(&self, title: &str, text: &str) -> CommandResult {
        let embed = self.theme().embed(Tone::Info, Icon::Info, title, text, None);
        self.confirm_done(Reply::new().embed(embed)).await
    }

    /// The same with a reply of one's own.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub async fn confirm_done(&self, reply: impl Into<Reply>) -> CommandResult {
        let sent = self.inner.responder.reply(reply.into().ephemeral(), false).await?;
        self.tidy_confirmation(sent.at);
        Ok(())
    }

    /// Plans the end of a confirmation and of the message that called.
    pub(crate) fn tidy_confirmation(&self, at: Option<MessageRef>) {
        let call = &self.inner.invocation;
        if self.inner.responder.is_interaction() {
            return;
        }
        let AutoDelete { success, invocation, .. } = self.settings().auto_delete;
        let mut messages = Vec::new();
        if !success.is_zero() {
            messages.extend(at);
        }
        // Trying it without the permission would count against the bot's refusals.
        let may = call
            .guild
            .and_then(|guild| self.inner.services.directory.own_permissions(guild, call.channel))
            .is_some_and(|may| may.contains(Permissions::MANAGE_MESSAGES));
        if invocation
            && may
            && let Some(message) = Id::new_checked(call.id)
        {
            messages.push(MessageRef { channel: call.channel, message });
        }
        delete_later(&self.inner.services, &self.inner.responder.tracked(), messages, success);
    }

    /// Says why Discord refused something, when that is for want of a permission or of rank: `needs` is what the
    /// command asked for. Other failures stay what they are.
    ///
    /// ```ignore
    /// ban.await.map_err(|error| ctx.explain(error, Needs::new(Permissions::BAN_MEMBERS).on_member(user, &roles)))?;
    /// ```
    pub fn explain(&self, failure: impl Into<Failure>, needs: Needs) -> Failure {
        match (failure.into(), self.guild_id()) {
            (Failure::Discord(error), Some(guild)) if error.is_denied() => {
                let standing = self.inner.services.directory.standing(guild, &needs).unwrap_or_default();
                Failure::Denied(Box::new(Denied { error, needs, standing }))
            }
            (failure, _) => failure,
        }
    }

    /// Whether the invoker could call another command here, as far as that depends on who and where: its tier, the
    /// guild's rules, their permissions. The help menu leaves out the others.
    pub async fn may_call(&self, spec: &Spec) -> bool {
        checks::may_call(self, spec).await
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

    /// What is known of the guild as a whole; `None` in direct messages, or when too little is.
    pub fn guild(&self) -> Option<GuildFacts> {
        self.guild_id().and_then(|guild| self.inner.services.directory.guild(guild))
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

/// Writes lines to the log that name the command and its call.
#[derive(Clone, Copy, Debug)]
pub struct Log<'a> {
    invocation: &'a Invocation,
}

macro_rules! levels {
    ($($(#[$doc:meta])* $level:ident),*) => {$(
        $(#[$doc])*
        pub fn $level(&self, text: impl fmt::Display) {
            tracing::$level!(
                target: "cogwright::command",
                command = %self.invocation.spec.qualified_name(),
                call = %self.invocation.error_id(),
                "{text}"
            );
        }
    )*};
}

impl Log<'_> {
    levels! {
        /// For whoever looks for a fault.
        debug,
        /// For whoever runs the bot.
        info,
        /// Something is not as it should be.
        warn,
        /// Something failed.
        error
    }
}

#[cfg(test)]
mod tests {
    use super::base36;

    #[test]
    fn ids_are_short() {
        assert_eq!(base36(0), "0");
        assert_eq!(base36(35), "z");
        assert_eq!(base36(36 * 36), "100");
        assert_eq!(base36(u64::MAX), "3w5e11264sgsf");
    }
}
