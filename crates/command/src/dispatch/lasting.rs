//! Components that no view waits for: their id leads to the handler of a cog.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use twilight_model::application::interaction::Interaction;

use super::Core;
use super::gate::Lane;
use super::slash::channel;
use crate::failure::{Failure, Rendering, render};
use crate::invoker::Invoker;
use crate::persistent::{PersistentPress, read_id};
use crate::responder::Responder;
use crate::view::PressKind;

/// Whether the id is one of these and somebody answers it.
pub(super) fn route(
    core: &Arc<Core>,
    responder: &Arc<Responder>,
    invoker: &Invoker,
    interaction: &Interaction,
    custom_id: &str,
    kind: &PressKind,
) -> bool {
    let found = read_id(custom_id)
        .and_then(|(name, state)| Some((core.services.catalog.persistent.get(name)?.clone(), name, state)));
    let (Some((handler, name, state)), Some(channel)) = (found, channel(interaction)) else { return false };
    let press = PersistentPress {
        state: state.to_owned(),
        kind: kind.clone(),
        invoker: invoker.clone(),
        guild: interaction.guild_id,
        channel,
        responder: Arc::clone(responder),
        services: Arc::clone(&core.services),
    };
    let lane = interaction
        .guild_id
        .map_or(Lane::Person(invoker.id.get()), |guild| Lane::GuildInteractions(guild.get()));
    let ticket = core.gate.enter(lane, invoker.id.get());
    let (core, responder, name) = (Arc::clone(core), Arc::clone(responder), name.to_owned());
    let id = interaction.id.to_string();
    core.services.tasks.clone().spawn("persistent component", async move {
        let result = match ticket {
            Some(mut ticket) => {
                ticket.ready().await;
                let run = AssertUnwindSafe(handler.run(press)).catch_unwind().await;
                run.unwrap_or_else(|_| Err(Failure::internal("the handler panicked")))
            }
            None => Err(Failure::Busy),
        };
        match result {
            Ok(()) => {
                if let Err(error) = responder.acknowledge().await {
                    tracing::debug!(%error, kind = name, "a press could not be acknowledged");
                }
            }
            Err(failure) => tell(&core, &responder, &failure, &name, &id).await,
        }
    });
    true
}

async fn tell(core: &Core, responder: &Responder, failure: &Failure, kind: &str, id: &str) {
    if failure.is_fault() {
        tracing::error!(error = %failure, kind, id, "a persistent component failed");
    } else {
        tracing::info!(reason = %failure, kind, "a persistent component refused");
    }
    let settings = core.services.settings();
    let rendering = Rendering {
        spec: None,
        opening: "/",
        interaction: true,
        id,
        standing: None,
        theme: &settings.theme,
        embeds: true,
    };
    if let Some(reply) = render(failure, &rendering)
        && let Err(error) = responder.reply(reply, false).await
    {
        tracing::debug!(%error, "the failure could not be told");
    }
}
