//! How one trigger is answered: a message by replies, an interaction by its callback and what may
//! follow it. Keeps the order that Discord demands, so that commands need not know it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use cogwright_discord::Receipt;
use tokio::sync::{Semaphore, SemaphorePermit};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, InteractionMarker, MessageMarker};

use crate::dispatch::{FirstAnswer, Tracked};
use crate::failure::Failure;
use crate::reply::{Modal, Reply};
use crate::services::Services;
use crate::spec::Choice;
use crate::tidy_up::delete_later;
use crate::wire::{Answer, Call, Edit, InteractionToken, MessageRef, Place};

/// How long an interaction token is used. Discord takes it for 15 minutes; the last half is left
/// for what is under way.
const TOKEN_LIFE: Duration = Duration::from_secs(15 * 60 - 30);

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    Message {
        /// Outside direct messages.
        guild: Option<Id<GuildMarker>>,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
        /// Its first answer, when it may be edited and run again.
        tracked: Tracked,
    },
    Interaction {
        id: Id<InteractionMarker>,
        token: InteractionToken,
        received: SystemTime,
        /// The message a used component is on.
        on: Option<MessageRef>,
    },
}

/// How far the answer has come. Messages stay `Fresh` until the first reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Fresh,
    /// "Thinking": the next reply replaces it.
    Thinking {
        ephemeral: bool,
    },
    /// The component's message is the original now.
    Updating,
    /// The first reply is the original now.
    Answered,
    /// A form or suggestions were the answer; there is no original.
    Closed,
}

/// A message that was sent, and how it can be edited.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) place: Option<Place>,
    pub(crate) at: Option<MessageRef>,
    pub(crate) ephemeral: bool,
    /// Since when the place's token lives.
    pub(crate) since: SystemTime,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    /// Messages sent or tried so far; numbers their nonces.
    count: u32,
    /// Whether Discord has said that the interaction is over.
    lost: bool,
    /// Whether the person has been told that what they use is over.
    told: bool,
    last: Option<Sent>,
}

/// What came of putting a reply in the place of an earlier answer.
enum Replaced {
    Done,
    /// The earlier answer was deleted.
    Gone,
    /// What it has become since cannot turn into this reply.
    Unfit,
}

#[derive(Debug)]
pub(crate) struct Responder {
    services: Arc<Services>,
    origin: Origin,
    /// Settled by the first answer that people see: from then on a restart need not run the command again, however
    /// long its menus stay open.
    receipt: Receipt,
    state: Mutex<State>,
    /// One answer at a time: a follow-up that overtakes the callback would be refused.
    turn: Semaphore,
}

impl Responder {
    pub(crate) fn new(services: Arc<Services>, origin: Origin, receipt: &Receipt) -> Arc<Self> {
        let state = State { phase: Phase::Fresh, count: 0, lost: false, told: false, last: None };
        let receipt = receipt.clone();
        Arc::new(Self { services, origin, receipt, state: Mutex::new(state), turn: Semaphore::new(1) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is one assignment, so a panic elsewhere leaves it whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn turn(&self) -> Result<SemaphorePermit<'_>, Failure> {
        Ok(self.turn.acquire().await?)
    }

    /// Whether nothing has been answered yet.
    pub(crate) fn is_fresh(&self) -> bool {
        self.state().phase == Phase::Fresh
    }

    /// Which run of an edited message it is; zero is the first.
    pub(crate) fn run(&self) -> u8 {
        match &self.origin {
            Origin::Message { tracked, .. } => tracked.run,
            Origin::Interaction { .. } => 0,
        }
    }

    /// What is known of the message's earlier and later runs; of an interaction, that there are none.
    pub(crate) fn tracked(&self) -> Tracked {
        match &self.origin {
            Origin::Message { tracked, .. } => tracked.clone(),
            Origin::Interaction { .. } => Tracked::default(),
        }
    }

    pub(crate) fn is_interaction(&self) -> bool {
        matches!(self.origin, Origin::Interaction { .. })
    }

    /// When the interaction came in; messages have no such time.
    pub(crate) fn received(&self) -> Option<SystemTime> {
        match &self.origin {
            Origin::Interaction { received, .. } => Some(*received),
            Origin::Message { .. } => None,
        }
    }

    /// Whether something can still be said to whoever made the interaction; of a message it cannot be known.
    pub(crate) fn is_open(&self) -> bool {
        self.received().is_none_or(|since| !self.state().lost && is_alive(since, self.services.clock.now()))
    }

    /// Tells the person that what they use is over, unless they have been told before: the view and the failure of its
    /// command may both see to it.
    pub(crate) async fn tell_end(&self, notice: Reply) -> Result<(), Failure> {
        if std::mem::replace(&mut self.state().told, true) {
            return Ok(());
        }
        self.reply(notice, false).await.map(drop)
    }

    /// The message that a used component is on, as it can be edited by this interaction's token;
    /// only after the component's message was updated, for then it is the original.
    pub(crate) fn component_place(&self) -> Option<(Place, SystemTime)> {
        match &self.origin {
            Origin::Interaction { token, received, on: Some(_), .. }
                if self.state().phase == Phase::Updating =>
            {
                Some((Place::Original(token.clone()), *received))
            }
            _ => None,
        }
    }

    /// Says something. The first reply is the answer itself, further ones follow it. `locate`
    /// asks Discord where the message lies, when it does not say so anyway.
    pub(crate) async fn reply(&self, reply: Reply, locate: bool) -> Result<Sent, Failure> {
        let _turn = self.turn().await?;
        let phase = self.state().phase;
        let sent = match &self.origin {
            Origin::Message { guild, channel, message, tracked } => {
                // Discord would refuse it, and count it against the bot.
                if let Some(lacking) = self.services.cannot_speak(*guild, *channel) {
                    return Err(Failure::BotMissingPermission(lacking));
                }
                let reply = self.services.fitted(*guild, *channel, reply);
                let _latest = tracked.turn().await?;
                self.send(*channel, *message, tracked, reply).await?
            }
            Origin::Interaction { id, token, received, .. } => {
                self.respond(phase, *id, token, *received, reply, locate).await?
            }
        };
        self.state().last = Some(sent.clone());
        self.receipt.settle();
        Ok(sent)
    }

    async fn send(
        &self,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
        tracked: &Tracked,
        mut reply: Reply,
    ) -> Result<Sent, Failure> {
        // There are no messages for one person outside interactions.
        reply.set_ephemeral(false);
        // Until something was said, however often it was tried.
        let first = self.is_fresh();
        let count = {
            let mut state = self.state();
            state.count += 1;
            state.count
        };
        let layout = reply.is_layout();
        // The answer of an earlier run, which this one takes the place of.
        let mut before = tracked.slot.get().filter(|_| first);
        if let Some(FirstAnswer { at, .. }) = before.filter(|before| before.layout == layout) {
            match self.replace(at, &reply).await? {
                Replaced::Done => {
                    let since = self.services.clock.now();
                    return Ok(Sent {
                        place: Some(Place::Channel(at)),
                        at: Some(at),
                        ephemeral: false,
                        since,
                    });
                }
                Replaced::Gone => before = None,
                Replaced::Unfit => {}
            }
        }
        // The trigger's id makes a repeated event harmless; the number tells replies apart.
        let run = if tracked.run == 0 { String::new() } else { format!("e{}", tracked.run) };
        let nonce = if count == 1 { format!("{message}{run}") } else { format!("{message}{run}-{count}") };
        let call = |reply: Reply, reference| {
            let call = Call::Send { channel, reply: Box::new(reply), reference, nonce: nonce.clone() };
            self.services.wire.call(call)
        };
        let at = match call(reply.clone(), Some(message)).await {
            // Where the bot may not read the history it may not refer to it, but it may speak.
            Err(error) if error.is_reply_denied() => call(reply, None).await?,
            sent => sent?,
        };
        self.state().phase = Phase::Answered;
        if first {
            tracked.slot.set(at.map(|at| FirstAnswer { at, layout }));
        }
        if let Some(FirstAnswer { at, .. }) = before
            && let Err(error) = self.services.wire.call(Call::Delete { at }).await
        {
            tracing::debug!(%error, message = %at.message, "the answer of before could not be taken away");
        }
        Ok(Sent { place: at.map(Place::Channel), at, ephemeral: false, since: self.services.clock.now() })
    }

    /// Puts a reply in the place of the answer of an earlier run.
    async fn replace(&self, at: MessageRef, reply: &Reply) -> Result<Replaced, Failure> {
        let edit = Edit::Whole(Box::new(reply.clone()));
        match self.services.wire.call(Call::Edit { place: Place::Channel(at), edit }).await {
            Ok(_) => {
                self.state().phase = Phase::Answered;
                Ok(Replaced::Done)
            }
            Err(error) if error.is_unknown_message() => Ok(Replaced::Gone),
            Err(error) if error.is_bad_body() => Ok(Replaced::Unfit),
            Err(error) => Err(error.into()),
        }
    }

    async fn respond(
        &self,
        phase: Phase,
        id: Id<InteractionMarker>,
        token: &InteractionToken,
        received: SystemTime,
        reply: Reply,
        locate: bool,
    ) -> Result<Sent, Failure> {
        let reply = Box::new(reply);
        let original = || Some(Place::Original(token.clone()));
        let (call, place, ephemeral, next) = match phase {
            Phase::Fresh => {
                let ephemeral = reply.is_ephemeral();
                let answer = Answer::Message { reply, locate };
                let call = Call::Answer { interaction: id, token: token.clone(), answer };
                (call, original(), ephemeral, Phase::Answered)
            }
            Phase::Thinking { ephemeral } => {
                let place = Place::Original(token.clone());
                (Call::Edit { place, edit: Edit::Whole(reply) }, original(), ephemeral, Phase::Answered)
            }
            Phase::Updating | Phase::Answered | Phase::Closed => {
                let ephemeral = reply.is_ephemeral();
                (Call::FollowUp { token: token.clone(), reply }, None, ephemeral, phase)
            }
        };
        let follow_up = matches!(call, Call::FollowUp { .. });
        let at = self.call_once(call).await?;
        self.state().phase = next;
        let place = if follow_up { at.map(|at| Place::FollowUp(token.clone(), at.message)) } else { place };
        Ok(Sent { place, at, ephemeral, since: received })
    }

    /// A callback that was sent twice, because its first answer was lost on the way, counts as done.
    async fn call_once(&self, call: Call) -> Result<Option<MessageRef>, Failure> {
        let callback = matches!(call, Call::Answer { .. });
        match self.services.wire.call(call).await {
            Err(error) if callback && error.is_answered() => {
                tracing::debug!("the interaction had been answered before");
                Ok(None)
            }
            Err(error) => {
                self.state().lost |= error.is_expired();
                Err(error.into())
            }
            Ok(at) => Ok(at),
        }
    }

    /// Plans the end of an error: it does not stay, but for one that only the invoker sees.
    pub(crate) fn tidy_error(&self, sent: &Sent) {
        let stays = self.services.settings().auto_delete.error;
        if !self.is_interaction() && !stays.is_zero() {
            delete_later(&self.services, &self.tracked(), sent.at.into_iter().collect(), stays);
        }
    }

    /// Shows that an answer is on its way: "thinking", or the typing sign.
    pub(crate) async fn defer(&self, ephemeral: bool) -> Result<(), Failure> {
        let _turn = self.turn().await?;
        if !self.is_fresh() {
            return Ok(());
        }
        match &self.origin {
            Origin::Message { channel, .. } => {
                // Typing is a courtesy; a channel where it is refused may still take the answer.
                if let Err(error) = self.services.wire.call(Call::Typing { channel: *channel }).await {
                    tracing::debug!(%error, "no typing sign");
                }
            }
            Origin::Interaction { id, token, .. } => {
                let answer = Answer::Defer { ephemeral };
                self.call_once(Call::Answer { interaction: *id, token: token.clone(), answer }).await?;
                self.state().phase = Phase::Thinking { ephemeral };
            }
        }
        Ok(())
    }

    /// Changes what was said last; says it if nothing was.
    pub(crate) async fn edit(&self, reply: Reply) -> Result<(), Failure> {
        let (phase, last) = {
            let state = self.state();
            (state.phase, state.last.clone())
        };
        let Some(last) = last.filter(|_| phase != Phase::Fresh) else {
            return self.reply(reply, false).await.map(drop);
        };
        let _turn = self.turn().await?;
        let _latest = match &self.origin {
            Origin::Message { tracked, .. } => Some(tracked.turn().await?),
            Origin::Interaction { .. } => None,
        };
        let place = current_place(&last, self.services.clock.now()).ok_or(Failure::Expired)?;
        let reply = match &self.origin {
            Origin::Message { guild, channel, .. } => self.services.fitted(*guild, *channel, reply),
            Origin::Interaction { .. } => reply,
        };
        self.services.wire.call(Call::Edit { place, edit: Edit::Whole(Box::new(reply)) }).await?;
        Ok(())
    }

    /// Changes the message that the used component is on.
    pub(crate) async fn update(&self, edit: Edit) -> Result<(), Failure> {
        let _turn = self.turn().await?;
        let Origin::Interaction { id, token, on, .. } = &self.origin else {
            return Err(Failure::internal("only components and forms can update their message"));
        };
        let phase = self.state().phase;
        let call = match phase {
            Phase::Fresh => {
                let answer = Answer::Update(edit);
                Call::Answer { interaction: *id, token: token.clone(), answer }
            }
            Phase::Updating => Call::Edit { place: Place::Original(token.clone()), edit },
            // The original is something else by now; the bot itself can still edit its message.
            Phase::Thinking { .. } | Phase::Answered | Phase::Closed => {
                let at = on.ok_or_else(|| Failure::internal("this form was not opened from a message"))?;
                self.services.wire.call(Call::Edit { place: Place::Channel(at), edit }).await?;
                return Ok(());
            }
        };
        self.call_once(call).await?;
        self.state().phase = Phase::Updating;
        self.receipt.settle();
        Ok(())
    }

    /// Acknowledges a component without a visible answer, if nothing has been answered yet.
    pub(crate) async fn acknowledge(&self) -> Result<(), Failure> {
        let _turn = self.turn().await?;
        if let (Origin::Interaction { id, token, .. }, true) = (&self.origin, self.is_fresh()) {
            let answer = Answer::DeferUpdate;
            self.call_once(Call::Answer { interaction: *id, token: token.clone(), answer }).await?;
            self.state().phase = Phase::Updating;
        }
        Ok(())
    }

    /// Opens a form. It must be the first answer.
    pub(crate) async fn modal(&self, modal: Modal) -> Result<(), Failure> {
        self.close_with(Answer::Modal(Box::new(modal))).await
    }

    /// Shows suggestions.
    pub(crate) async fn choices(&self, choices: Vec<Choice>) -> Result<(), Failure> {
        self.close_with(Answer::Choices(choices)).await
    }

    async fn close_with(&self, answer: Answer) -> Result<(), Failure> {
        let _turn = self.turn().await?;
        match &self.origin {
            Origin::Interaction { id, token, .. } if self.is_fresh() => {
                self.call_once(Call::Answer { interaction: *id, token: token.clone(), answer }).await?;
                self.state().phase = Phase::Closed;
                self.receipt.settle();
                Ok(())
            }
            Origin::Interaction { .. } => Err(Failure::internal("a form must be the first answer")),
            Origin::Message { .. } => Err(Failure::internal("a prefix command cannot open a form")),
        }
    }
}

/// By which way a message can be edited now: by its token while it lives, then as the bot.
/// Ephemeral messages are out of the bot's reach after that.
pub(crate) fn current_place(sent: &Sent, now: SystemTime) -> Option<Place> {
    match &sent.place {
        Some(Place::Channel(at)) => Some(Place::Channel(*at)),
        Some(place) if is_alive(sent.since, now) => Some(place.clone()),
        _ if sent.ephemeral => None,
        _ => sent.at.map(Place::Channel),
    }
}

/// Whether a token received at `since` is still taken at `now`.
pub(crate) fn is_alive(since: SystemTime, now: SystemTime) -> bool {
    now.duration_since(since).unwrap_or_default() < TOKEN_LIFE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(place: Option<Place>, ephemeral: bool) -> Sent {
        let at = MessageRef { channel: Id::new(1), message: Id::new(2) };
        Sent { place, at: Some(at), ephemeral, since: SystemTime::UNIX_EPOCH }
    }

    #[test]
    fn a_message_is_edited_by_its_token_while_it_lives_and_then_as_the_bot() {
        let (early, late) = (SystemTime::UNIX_EPOCH, SystemTime::UNIX_EPOCH + Duration::from_mins(15));
        let original = Place::Original(InteractionToken::new("t"));
        let public = sent(Some(original.clone()), false);
        assert_eq!(current_place(&public, early), Some(original.clone()));
        assert_eq!(current_place(&public, late), public.at.map(Place::Channel));
        let whispered = sent(Some(original), true);
        assert_eq!(current_place(&whispered, late), None, "the bot itself cannot see it");
        let plain = sent(public.at.map(Place::Channel), false);
        assert_eq!(current_place(&plain, late), plain.at.map(Place::Channel), "no token, no end");
    }
}
