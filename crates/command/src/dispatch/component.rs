//! Components and forms: to the view that waits for them, or a word to whoever used one in vain.

use std::sync::Arc;

use tokio::sync::mpsc::error::TrySendError;
use twilight_model::application::interaction::Interaction;
use twilight_model::application::interaction::message_component::MessageComponentInteractionData;
use twilight_model::application::interaction::modal::ModalInteractionData;
use twilight_model::channel::message::component::ComponentType;

use super::{Core, lasting};
use crate::failure::notice;
use crate::invoker::Invoker;
use crate::reply::Reply;
use crate::responder::Responder;
use crate::view::{self, Audience, Ended, Press, PressKind};

const NOT_YOURS: &str = "This menu belongs to somebody else. Run the command yourself to get your own.";
const SLOWLY: &str = "One at a time, please.";

pub(crate) fn pressed(
    core: &Arc<Core>,
    responder: Arc<Responder>,
    invoker: Invoker,
    interaction: &Interaction,
    data: &MessageComponentInteractionData,
) {
    let kind = match data.component_type {
        ComponentType::Button => PressKind::Button,
        _ => PressKind::Select(view::selected(data)),
    };
    if !lasting::route(core, &responder, &invoker, interaction, &data.custom_id, &kind) {
        route(core, responder, invoker, &data.custom_id, kind);
    }
}

pub(crate) fn submitted(
    core: &Arc<Core>,
    responder: Arc<Responder>,
    invoker: Invoker,
    interaction: &Interaction,
    data: &ModalInteractionData,
) {
    let kind = PressKind::Form(view::submitted(data));
    if !lasting::route(core, &responder, &invoker, interaction, &data.custom_id, &kind) {
        route(core, responder, invoker, &data.custom_id, kind);
    }
}

fn route(core: &Arc<Core>, responder: Arc<Responder>, invoker: Invoker, custom_id: &str, kind: PressKind) {
    let waiters = &core.services.waiters;
    let Some((key, id)) = custom_id.split_once(':') else {
        return tell(core, responder, Ended::unknown().notice());
    };
    let Some(waiter) = waiters.find(key) else {
        return tell(core, responder, waiters.ended(key).notice());
    };
    if waiter.audience == Audience::Invoker && waiter.owner != invoker.id {
        return tell(core, responder, notice(NOT_YOURS, true));
    }
    let view = Arc::clone(&waiter.shared);
    let press =
        Press { id: id.to_owned(), kind, invoker, responder: Arc::clone(&responder), view: waiter.shared };
    match waiter.presses.try_send(press) {
        Ok(()) => {}
        Err(TrySendError::Full(_)) => tell(core, responder, notice(SLOWLY, true)),
        Err(TrySendError::Closed(_)) => tell(core, responder, view.ended().notice()),
    }
}

fn tell(core: &Arc<Core>, responder: Arc<Responder>, notice: Reply) {
    core.services.tasks.spawn("notice", async move {
        if let Err(error) = responder.reply(notice, false).await {
            tracing::debug!(%error, "a notice could not be shown");
        }
    });
}
