//! Messages with components that wait to be used: menus, pages, confirmations, forms.

mod ended;
mod press;
mod ready;
mod shared;
mod waiters;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc;

pub(crate) use self::ended::Ended;
pub use self::press::{Field, Fields, Press, PressKind, Selected};
pub(crate) use self::press::{selected, submitted};
pub use self::ready::Chosen;
pub(crate) use self::shared::Shared;
pub(crate) use self::waiters::{Waiter, Waiters};

use crate::ctx::Ctx;
use crate::failure::{CommandResult, Failure};
use crate::reply::{Modal, Reply, disable, prefix_ids};
use crate::responder::Responder;
use crate::services::CommandSettings;
use crate::wire::Edit;

/// Presses that wait to be handled in one view; more are told to wait. A person does not
/// click faster than that, a script may.
const MAX_WAITING: usize = 16;

/// Who may use the components of a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Only who called the command. Others are told so, unseen by everybody else.
    #[default]
    Invoker,
    /// Everybody who sees the message.
    Everybody,
}

/// How a view behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewOptions {
    /// How long it waits for the next press before it disables itself.
    pub idle: Duration,
    /// Who may use it.
    pub audience: Audience,
}

impl Default for ViewOptions {
    fn default() -> Self {
        Self { idle: CommandSettings::default().view_idle, audience: Audience::default() }
    }
}

/// A message whose components are waited for.
///
/// ```no_run
/// # use cogwright_command::{CommandResult, Ctx, Reply, ui};
/// # async fn ask(ctx: Ctx) -> CommandResult {
/// let yes = ui::row([ui::success("yes", "Yes").into()]);
/// let mut view = ctx.open(Reply::text("Really?").component(yes)).await?;
/// while let Some(press) = view.next().await {
///     if press.id() == "yes" {
///         press.finish("Done.").await?;
///         break;
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// A press that the command does not answer is acknowledged when the next one is waited for; the
/// answer is due within 3 seconds. However the view ends (time-out, the body's return, its
/// failure, the end of the process), its components are disabled.
#[derive(Debug)]
pub struct View {
    ctx: Ctx,
    shared: Arc<Shared>,
    presses: mpsc::Receiver<Press>,
    idle: Duration,
    /// When it was opened or pressed last. Counted from there rather than from when it is waited
    /// for, so that what the body does in between takes its share of the time.
    since: SystemTime,
    /// The press handed out last.
    last: Option<Arc<Responder>>,
}

impl View {
    pub(crate) async fn open(ctx: &Ctx, mut reply: Reply, options: ViewOptions) -> Result<Self, Failure> {
        let services = ctx.services();
        let since = services.clock.now();
        let ephemeral = ctx.responder().is_interaction() && reply.is_ephemeral();
        let shared = new_shared(ctx, ephemeral);
        prefix_ids(reply.components_mut(), shared.key());
        shared.show(reply.components());
        // Registered before it is sent: the first press may come before the answer does.
        let (sender, presses) = mpsc::channel(MAX_WAITING);
        let waiter = Waiter {
            presses: sender,
            owner: ctx.invoker().id,
            audience: options.audience,
            shared: Arc::clone(&shared),
        };
        if !services.waiters.register(waiter) {
            return Err(Failure::Busy);
        }
        // From here on dropping the view takes it off the list again.
        let view = Self { ctx: ctx.clone(), shared, presses, idle: options.idle, since, last: None };
        let sent = ctx.responder().reply(reply, true).await?;
        view.shared.sent(sent);
        Ok(view)
    }

    /// A form as the first answer, without a message.
    pub(crate) async fn open_form(ctx: &Ctx, mut modal: Modal) -> Result<Self, Failure> {
        let services = ctx.services();
        let since = services.clock.now();
        ctx.give_up_turn();
        let shared = new_shared(ctx, true);
        modal.id.insert_str(0, &format!("{}:", shared.key()));
        let (sender, presses) = mpsc::channel(MAX_WAITING);
        let waiter = Waiter {
            presses: sender,
            owner: ctx.invoker().id,
            audience: Audience::Invoker,
            shared: Arc::clone(&shared),
        };
        if !services.waiters.register(waiter) {
            return Err(Failure::Busy);
        }
        let idle = services.settings().view_idle;
        let view = Self { ctx: ctx.clone(), shared, presses, idle, since, last: None };
        ctx.responder().modal(modal).await?;
        Ok(view)
    }

    /// The next press of a component or submission of a form. `None` when nobody has pressed for
    /// the idle time, when the bot stops, or when the same person has opened too many newer
    /// views; the components are disabled by then.
    pub async fn next(&mut self) -> Option<Press> {
        if let Some(last) = self.last.take() {
            settle(&last, &self.shared).await;
        }
        if self.shared.is_retired() {
            self.turn_away();
            return None;
        }
        let services = Arc::clone(self.ctx.services());
        let stopping = services.tasks.token();
        let passed = services.clock.now().duration_since(self.since).unwrap_or_default();
        let left = self.idle.saturating_sub(passed);
        let press = tokio::select! {
            biased;
            () = stopping.cancelled() => None,
            press = self.presses.recv() => press,
            () = services.clock.sleep(left) => None,
        };
        match &press {
            Some(press) => {
                self.since = press.responder().received().unwrap_or(self.since);
                self.last = Some(Arc::clone(press.responder()));
                self.ctx.set_newest(Arc::clone(press.responder()));
            }
            None => {
                self.shared.retire().await;
                self.turn_away();
            }
        }
        press
    }

    /// Takes no more presses, and tells those that were not got to. Later ones are told by the dispatcher.
    fn turn_away(&mut self) {
        self.presses.close();
        let waiting: Vec<_> = std::iter::from_fn(|| self.presses.try_recv().ok()).collect();
        if waiting.is_empty() {
            return;
        }
        let ended = self.shared.ended();
        self.ctx.services().tasks.spawn("close view", async move {
            for press in waiting {
                tell(press.responder(), &ended).await;
            }
        });
    }

    /// Replaces what the view shows without a press.
    ///
    /// # Errors
    /// [`Failure::Expired`] for an ephemeral view that was not used for 15 minutes, [`Failure::Superseded`] when the
    /// message that called was edited and has run again.
    pub async fn edit(&self, reply: impl Into<Reply>) -> CommandResult {
        let mut reply = reply.into();
        prefix_ids(reply.components_mut(), self.shared.key());
        self.shared.show(reply.components());
        self.reach().await;
        self.shared.edit(Edit::Whole(Box::new(reply))).await
    }

    /// Where the message is out of reach otherwise, the press that is being handled brings it back: its interaction can
    /// edit the message that it is on.
    async fn reach(&self) {
        if let Some(last) = self.last.as_ref().filter(|_| !self.shared.is_in_reach()) {
            settle(last, &self.shared).await;
        }
    }

    /// Replaces what the view shows without a press and ends it, as a confirmation that does not stay: see
    /// [`Ctx::confirm_done`].
    ///
    /// # Errors
    /// As [`edit`](Self::edit).
    pub async fn confirm_done(self, reply: impl Into<Reply>) -> CommandResult {
        let mut reply = reply.into();
        prefix_ids(reply.components_mut(), self.shared.key());
        disable(reply.components_mut());
        self.reach().await;
        self.shared.edit(Edit::Whole(Box::new(reply))).await?;
        self.shared.finished();
        self.tidy_up();
        Ok(())
    }

    /// Plans the end of the message that shows a confirmation now.
    fn tidy_up(&self) {
        self.ctx.tidy_confirmation(self.shared.message());
    }

    /// Disables the components now and ends the view.
    pub async fn close(self) {
        self.shared.retire().await;
    }
}

fn new_shared(ctx: &Ctx, ephemeral: bool) -> Arc<Shared> {
    let services = Arc::clone(ctx.services());
    let again = ctx.invocation().again();
    Shared::new(services, key(ctx), again, ctx.guild_id(), ctx.responder().tracked(), ephemeral)
}

/// What a view's components are found by: the call, which of its runs, and which of its views.
fn key(ctx: &Ctx) -> String {
    let mut key = ctx.invocation().id.to_string();
    for (mark, number) in [("e", u32::from(ctx.responder().run())), (".", ctx.next_view())] {
        if number > 0 {
            key += mark;
            key += &number.to_string();
        }
    }
    key
}

impl Drop for View {
    fn drop(&mut self) {
        self.turn_away();
        // The one press that `next` did not get to.
        let last = self.last.take().filter(|last| last.is_fresh());
        if self.shared.is_retired() && last.is_none() {
            return;
        }
        let shared = Arc::clone(&self.shared);
        self.ctx.services().tasks.spawn("close view", async move {
            if let Some(last) = last {
                settle(&last, &shared).await;
            }
            shared.retire().await;
        });
    }
}

/// Sees to it that a press that the command has left unanswered does not end as failed.
async fn settle(press: &Responder, view: &Shared) {
    let ended = view.ended();
    if ended.superseded && press.is_fresh() {
        return tell(press, &ended).await;
    }
    match press.acknowledge().await {
        Ok(()) => view.reached_by(press.component_place()),
        Err(error) => tracing::debug!(%error, "a press could not be acknowledged"),
    }
}

/// Tells a person that what they use is over.
async fn tell(press: &Responder, ended: &Ended) {
    if let Err(error) = press.tell_end(ended.notice()).await {
        tracing::debug!(%error, "a notice could not be shown");
    }
}
