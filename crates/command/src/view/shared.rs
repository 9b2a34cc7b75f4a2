//! What a view and its presses share: the components shown now, and the newest way to edit them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::SemaphorePermit;
use twilight_model::channel::message::Component;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use super::Ended;
use crate::dispatch::Tracked;
use crate::failure::{CommandResult, Failure};
use crate::reply::disable;
use crate::responder::{Sent, current_place, is_alive};
use crate::services::Services;
use crate::wire::{Call, Edit, MessageRef, Place};

#[derive(Debug)]
pub(crate) struct Shared {
    services: Arc<Services>,
    key: String,
    /// What to run to get another.
    again: String,
    /// Where the view is.
    guild: Option<Id<GuildMarker>>,
    /// The message that called, which may be edited and run again.
    call: Tracked,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// What is shown now, with wire ids; disabled in the end.
    components: Vec<Component>,
    /// The view's message, once it is sent.
    sent: Option<Sent>,
    /// By the newest press that updated the message.
    newest: Option<(Place, SystemTime)>,
    ephemeral: bool,
    retired: bool,
}

impl Shared {
    pub(crate) fn new(
        services: Arc<Services>,
        key: String,
        again: String,
        guild: Option<Id<GuildMarker>>,
        call: Tracked,
        ephemeral: bool,
    ) -> Arc<Self> {
        let state = State { components: Vec::new(), sent: None, newest: None, ephemeral, retired: false };
        Arc::new(Self { services, key, again, guild, call, state: Mutex::new(state) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What stands before the custom ids of this view.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Takes note of the components that are shown from now on.
    pub(crate) fn show(&self, components: &[Component]) {
        self.state().components = components.to_vec();
    }

    pub(crate) fn sent(&self, sent: Sent) {
        let mut state = self.state();
        state.ephemeral |= sent.ephemeral;
        state.sent = Some(sent);
    }

    /// Where the message lies, once it is known.
    pub(crate) fn message(&self) -> Option<MessageRef> {
        self.state().sent.as_ref().and_then(|sent| sent.at)
    }

    /// Takes note of a newer way to edit the message.
    pub(crate) fn reached_by(&self, place: Option<(Place, SystemTime)>) {
        let mut state = self.state();
        let newest = state.newest.as_ref().map(|(_, since)| *since);
        if let Some((place, since)) = place.filter(|(_, since)| Some(*since) >= newest) {
            state.newest = Some((place, since));
        }
    }

    pub(crate) fn is_retired(&self) -> bool {
        self.state().retired
    }

    /// Nothing is left to disable: the view has shown its end.
    pub(crate) fn finished(&self) {
        self.state().retired = true;
        self.services.waiters.remove(&self.key);
    }

    /// The newest token whose original is the message, else the way it was sent, else the bot.
    fn place(&self) -> Option<Place> {
        let now = self.services.clock.now();
        let state = self.state();
        let newest = state.newest.as_ref().filter(|(_, since)| is_alive(*since, now));
        newest.map(|(place, _)| place.clone()).or_else(|| {
            let sent = state.sent.as_ref()?;
            current_place(&Sent { ephemeral: state.ephemeral, ..sent.clone() }, now)
        })
    }

    /// Whether there is a way to edit the message now.
    pub(crate) fn is_in_reach(&self) -> bool {
        self.place().is_some()
    }

    /// The turn to change what is shown.
    ///
    /// # Errors
    /// [`Failure::Superseded`] when the message that called was edited and has run again: its answer, which this view was,
    /// is that run's now.
    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>, Failure> {
        self.call.turn().await
    }

    /// What is left to say of it.
    pub(crate) fn ended(&self) -> Ended {
        Ended { again: self.again.clone(), superseded: self.call.is_superseded() }
    }

    pub(crate) async fn edit(&self, edit: Edit) -> CommandResult {
        let _latest = self.turn().await?;
        let place = self.place().ok_or(Failure::Expired)?;
        let edit = match (&place, edit) {
            // As the bot, what it may do in the channel counts.
            (Place::Channel(at), Edit::Whole(reply)) => {
                Edit::Whole(Box::new(self.services.fitted(self.guild, at.channel, *reply)))
            }
            (_, edit) => edit,
        };
        self.services.wire.call(Call::Edit { place, edit }).await?;
        Ok(())
    }

    /// Takes the view off the list and disables its components.
    pub(crate) async fn retire(&self) {
        let components = {
            let mut state = self.state();
            if state.retired {
                return;
            }
            state.retired = true;
            let mut components = std::mem::take(&mut state.components);
            (state.sent.is_some() && disable(&mut components)).then_some(components)
        };
        self.services.waiters.remove(&self.key);
        if let Some(components) = components
            && let Err(error) = self.edit(Edit::Components(components)).await
        {
            // An ephemeral message past its token, or one that was deleted: nobody can use it anyway.
            tracing::debug!(%error, view = %self.key, "a view could not be disabled");
        }
    }
}
