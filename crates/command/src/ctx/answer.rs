//! How the body of a command answers.

use twilight_model::guild::Permissions;
use twilight_model::id::Id;

use super::Ctx;
use crate::directory::Needs;
use crate::failure::{CommandResult, Denied, Failure};
use crate::reply::Reply;
use crate::services::AutoDelete;
use crate::theme::{Icon, Tone};
use crate::tidy_up::delete_later;
use crate::view::{View, ViewOptions};
use crate::wire::MessageRef;

impl Ctx {
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
    /// As [`reply`](Self::reply); [`Failure::Expired`] for an ephemeral message after 15 minutes,
    /// [`Failure::Superseded`] when the message that called was edited and has run again. Left to the framework, both
    /// are told to whoever has pressed a component meanwhile.
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
        if success.is_zero() {
            return;
        }
        let mut messages: Vec<_> = at.into_iter().collect();
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
                let directory = &*self.inner.services.directory;
                Failure::Denied(Box::new(Denied::of(error, needs, guild, directory)))
            }
            (failure, _) => failure,
        }
    }
}
