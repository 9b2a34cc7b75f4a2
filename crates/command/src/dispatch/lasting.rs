//! Components that no view waits for: their id leads to the handler of a cog. They wait for a turn like slash commands,
//! and pass the checks of the command that they are of.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use tracing::Instrument as _;
use twilight_model::application::interaction::Interaction;
use twilight_model::guild::Permissions;

use super::Core;
use super::gate::{Lane, Ticket};
use super::run::{panic_text, report};
use super::slash::channel;
use crate::checks;
use crate::ctx::{Ctx, Invocation, Trigger};
use crate::failure::Failure;
use crate::invoker::Invoker;
use crate::persistent::{Lasting, PersistentPress, read_id};
use crate::responder::Responder;
use crate::services::Services;
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
        .and_then(|(name, state)| Some((core.services.catalog.persistent.get(name)?, state)));
    let (Some((lasting, state)), Some(channel)) = (found, channel(interaction)) else { return false };
    let services = Arc::clone(&core.services);
    let press = PersistentPress {
        state: state.to_owned(),
        kind: kind.clone(),
        invoker: invoker.clone(),
        guild: interaction.guild_id,
        channel,
        responder: Arc::clone(responder),
        services: Arc::clone(&services),
    };
    let call = Invocation {
        spec: Arc::clone(&lasting.spec),
        trigger: Trigger::Component,
        id: interaction.id.get(),
        invoker: invoker.clone(),
        guild: interaction.guild_id,
        channel,
        opening: "/".to_owned(),
    };
    let ticket = core.gate.enter(Lane::of_interaction(interaction.guild_id, invoker.id), invoker.id.get());
    let own = interaction.app_permissions;
    // As for commands: an error names what failed whatever the log leaves out.
    let span = tracing::error_span!(
        "component",
        command = %call.spec.qualified_name(),
        call = %call.error_id(),
        user = %call.invoker.id,
        guild = call.guild.map(tracing::field::display),
        channel = %call.channel,
    );
    let run = run(services, call, press, lasting.clone(), own, ticket).instrument(span);
    core.services.tasks.spawn("persistent component", run);
    true
}

async fn run(
    services: Arc<Services>,
    call: Invocation,
    press: PersistentPress,
    lasting: Lasting,
    own: Option<Permissions>,
    ticket: Option<Ticket>,
) {
    let responder = Arc::clone(&press.responder);
    let ticket = match ticket {
        Some(mut ticket) => ticket.ready_in_time(&*services.clock).await.then_some(ticket),
        None => None,
    };
    let Some(ticket) = ticket else {
        return report(&services, &responder, &call, Vec::new(), Failure::Busy).await;
    };
    let ctx = Ctx::new(call, Arc::clone(&services), Arc::clone(&responder), Some(ticket));
    let mut steps = Vec::new();
    let work = async {
        if lasting.checked {
            checks::admit_press(&ctx, own, &mut steps).await?;
        }
        lasting.handler.run(press).await
    };
    let result = AssertUnwindSafe(work).catch_unwind().await;
    match result.unwrap_or_else(|panic| Err(Failure::Panicked(panic_text(&*panic)))) {
        Ok(()) => {
            if let Err(error) = responder.acknowledge().await {
                tracing::debug!(%error, "a press could not be acknowledged");
            }
        }
        Err(failure) => {
            // Others need not wait for the answer.
            ctx.give_up_turn();
            report(&services, &responder, ctx.invocation(), steps, failure).await;
        }
    }
}
