//! Takes events to where they belong: components and forms to the view that waits for them,
//! commands to their bodies.

mod complete;
mod component;
mod edits;
mod gate;
mod group;
mod lasting;
pub(crate) mod meant;
mod prefix;
mod recent;
mod repeats;
mod run;
mod slash;

use std::sync::Arc;

use cogwright_discord::{EventTypeFlags, Receipt, ShardId};
use tokio::sync::Semaphore;
use twilight_model::application::command::{Command, CommandType};
use twilight_model::application::interaction::{Interaction, InteractionData, InteractionType};
use twilight_model::channel::Message;
use twilight_model::gateway::event::Event;

pub(crate) use self::edits::{FirstAnswer, Tracked};
pub(crate) use self::gate::Ticket;
pub(crate) use self::repeats::Repeats;
pub(crate) use self::run::ReadArgs;

use self::complete::Completions;
use self::edits::Edits;
pub(crate) use self::gate::Gate;
pub use self::gate::Limits;
use self::recent::Recent;
use crate::catalog::Catalog;
use crate::invoker::Invoker;
use crate::policy::Policies;
use crate::responder::{Origin, Responder};
use crate::services::{CommandSettings, Parts, Services};
use crate::trace::Decisions;
use crate::wire::{InteractionToken, MessageRef};

/// Messages that wait at once for their guild's prefix to be read; more are not looked at.
const MAX_LOOKUPS: usize = 2_048;

/// Routes events to views and commands, and runs them. Clones share everything.
#[derive(Clone)]
pub struct Dispatcher {
    core: Arc<Core>,
}

pub(crate) struct Core {
    pub(crate) services: Arc<Services>,
    pub(crate) gate: Gate,
    completions: Completions,
    edits: Edits,
    pub(crate) lookups: Arc<Semaphore>,
    recent: Recent,
}

impl std::fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dispatcher").field("commands", &self.core.services.catalog.commands().len()).finish()
    }
}

impl Dispatcher {
    /// With the usual [`Limits`].
    pub fn new(parts: Parts) -> Self {
        Self::with_limits(parts, Limits::default())
    }

    /// With other bounds of what runs at once.
    pub fn with_limits(parts: Parts, limits: Limits) -> Self {
        let services = Services::new(parts);
        Self {
            core: Arc::new(Core {
                services,
                gate: Gate::new(limits),
                completions: Completions::default(),
                edits: Edits::default(),
                lookups: Arc::new(Semaphore::new(MAX_LOOKUPS)),
                recent: Recent::default(),
            }),
        }
    }

    /// Takes an event. Only decides what it means: what there is to do is done by tasks, so that
    /// no event waits for another one's command. Events that mean nothing here are ignored, and so are
    /// repetitions.
    pub fn handle(&self, event: &Event) {
        self.handle_with(event, &Receipt::none());
    }

    /// The same, for somebody who wants to know when the event has been dealt with: when the first answer has been
    /// given, or nothing is left that could give one.
    pub fn handle_with(&self, event: &Event, receipt: &Receipt) {
        match event {
            // A new session repeats nothing of its shard's old one, and a local Discord that was set back gives
            // out the same ids again.
            Event::Ready(ready) => self.core.recent.forget(ready.shard.unwrap_or(ShardId::ONE)),
            // Bots' messages never call; ours alone would push everything else out of the memory.
            Event::MessageCreate(message)
                if !message.author.bot && self.core.recent.is_new(message.id.get(), message.guild_id) =>
            {
                prefix::handle(&self.core, message, receipt);
            }
            Event::MessageUpdate(message) if !message.author.bot => self.edited(message, receipt),
            Event::InteractionCreate(interaction)
                if self.core.recent.is_new(interaction.id.get(), interaction.guild_id) =>
            {
                self.interaction(&interaction.0, receipt);
            }
            _ => {}
        }
    }

    /// The events that mean something here.
    pub fn wanted() -> EventTypeFlags {
        EventTypeFlags::READY
            | EventTypeFlags::MESSAGE_CREATE
            | EventTypeFlags::MESSAGE_UPDATE
            | EventTypeFlags::INTERACTION_CREATE
    }

    /// All commands.
    pub fn catalog(&self) -> &Catalog {
        &self.core.services.catalog
    }

    /// Takes up the long cooldowns of before a restart. To be awaited ahead of the first event.
    pub async fn restore(&self) {
        let services = &self.core.services;
        services.cooldowns.restore(services.clock.now()).await;
    }

    /// Uses other settings from now on. What changes which commands there are takes a restart.
    pub fn apply_settings(&self, settings: CommandSettings) {
        self.core.services.policies.apply(settings);
    }

    /// Prefixes and rules of guilds, and the bot's owners.
    pub fn policies(&self) -> &Policies {
        &self.core.services.policies
    }

    /// The latest decisions about calls.
    pub fn decisions(&self) -> &Arc<Decisions> {
        &self.core.services.decisions
    }

    /// How many places of Discord's for slash commands are in use: a group takes one, context menus take none.
    pub fn slash_count(&self) -> usize {
        let registered = self.catalog().registrations();
        registered.iter().filter(|command| command.kind == CommandType::ChatInput).count()
    }

    /// The slash commands as they are to be registered.
    pub fn registrations(&self) -> Vec<Command> {
        self.catalog().registrations()
    }

    fn edited(&self, message: &Message, receipt: &Receipt) {
        let services = &self.core.services;
        let window = services.settings().edit_window;
        if !window.is_zero() && self.core.edits.is_due(message, window, services.clock.now()) {
            prefix::handle(&self.core, message, receipt);
        }
    }

    fn interaction(&self, interaction: &Interaction, receipt: &Receipt) {
        let Some(invoker) = Invoker::of_interaction(interaction) else { return };
        let responder = self.responder(interaction, receipt);
        match (&interaction.data, interaction.kind) {
            (Some(InteractionData::MessageComponent(data)), _) => {
                component::pressed(&self.core, responder, invoker, interaction, data);
            }
            (Some(InteractionData::ModalSubmit(data)), _) => {
                component::submitted(&self.core, responder, invoker, interaction, data);
            }
            (
                Some(InteractionData::ApplicationCommand(data)),
                InteractionType::ApplicationCommandAutocomplete,
            ) => {
                complete::complete(&self.core, responder, invoker, interaction, data);
            }
            (Some(InteractionData::ApplicationCommand(data)), _) => {
                slash::call(&self.core, responder, invoker, interaction, data);
            }
            _ => tracing::debug!(kind = ?interaction.kind, "an interaction of no known kind"),
        }
    }

    fn responder(&self, interaction: &Interaction, receipt: &Receipt) -> Arc<Responder> {
        let on = interaction.message.as_ref();
        let origin = Origin::Interaction {
            id: interaction.id,
            token: InteractionToken::new(&interaction.token),
            received: self.core.services.clock.now(),
            on: on.map(|message| MessageRef { channel: message.channel_id, message: message.id }),
        };
        Responder::new(Arc::clone(&self.core.services), origin, receipt)
    }
}

#[cfg(test)]
mod argument_tests;
#[cfg(test)]
mod edit_tests;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod policy_tests;
#[cfg(test)]
mod speech_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod view_tests;
