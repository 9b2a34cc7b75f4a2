//! Interactions that call a slash command or ask for suggestions.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use twilight_model::application::interaction::Interaction;
use twilight_model::application::interaction::application_command::CommandData;
use twilight_model::id::Id;
use twilight_model::id::marker::ChannelMarker;

use super::Core;
use super::gate::Lane;
use super::run::{Call, refuse, run};
use crate::args::{focused, parse_options};
use crate::autocomplete::Suggest;
use crate::ctx::{Invocation, Trigger};
use crate::failure::{Failure, Rendering, render};
use crate::invoker::Invoker;
use crate::responder::Responder;

/// How long a call may wait for its turn. Discord takes the first answer for 3 seconds; what is
/// left is for saying that it did not get one.
const MAX_WAIT: Duration = Duration::from_secs(2);
/// How long suggestions may take, of the same 3 seconds.
const MAX_COMPLETION: Duration = Duration::from_millis(2_500);

pub(crate) fn call(
    core: &Arc<Core>,
    responder: Arc<Responder>,
    invoker: Invoker,
    interaction: &Interaction,
    data: &CommandData,
) {
    let Some(spec) = core.services.catalog.find_slash(&data.name) else {
        return unknown(core, responder, &data.name);
    };
    let Some(channel) = channel(interaction) else { return };
    let lane = interaction.guild_id.map_or(Lane::Person(invoker.id.get()), |guild| Lane::Guild(guild.get()));
    let invocation = Invocation {
        spec: Arc::clone(spec),
        trigger: Trigger::Slash,
        id: interaction.id.get(),
        invoker,
        guild: interaction.guild_id,
        channel,
        opening: "/".to_owned(),
    };
    let Some(mut ticket) = core.gate.enter(lane) else {
        let services = Arc::clone(&core.services);
        core.services.tasks.spawn("busy", async move {
            refuse(&services, &responder, &invocation, Failure::Busy).await;
        });
        return;
    };
    // Reading the options needs no waiting; a future keeps both ways of calling alike.
    let args = parse_options(spec, &data.options, data.resolved.as_ref());
    let own = interaction.app_permissions;
    let services = Arc::clone(&core.services);
    core.services.tasks.spawn("command", async move {
        let turn = tokio::select! {
            biased;
            () = ticket.ready() => true,
            () = services.clock.sleep(MAX_WAIT) => false,
        };
        if turn {
            let args = Box::pin(std::future::ready(args));
            run(services, Call { invocation, responder, args, own }, ticket).await;
        } else {
            refuse(&services, &responder, &invocation, Failure::Busy).await;
        }
    });
}

/// Discord still shows a command that is gone here.
fn unknown(core: &Arc<Core>, responder: Arc<Responder>, name: &str) {
    tracing::warn!(command = name, "a slash command is registered that does not exist");
    let settings = core.services.settings();
    core.services.tasks.spawn("unknown command", async move {
        let rendering = Rendering {
            spec: None,
            opening: "/",
            interaction: true,
            id: "",
            standing: None,
            theme: &settings.theme,
            embeds: true,
        };
        if let Some(reply) = render(&Failure::Unknown, &rendering)
            && let Err(error) = responder.reply(reply, false).await
        {
            tracing::debug!(%error, "the failure could not be told");
        }
    });
}

pub(crate) fn complete(
    core: &Arc<Core>,
    responder: Arc<Responder>,
    invoker: Invoker,
    interaction: &Interaction,
    data: &CommandData,
) {
    let found = core.services.catalog.find_slash(&data.name).and_then(|spec| {
        let (focus, args) = focused(spec, &data.options, data.resolved.as_ref())?;
        let option = spec.options.iter().find(|option| option.name == focus.option)?;
        Some((option.autocomplete.clone()?, focus, args))
    });
    let Some((completer, focus, args)) = found else { return };
    let Some(channel) = channel(interaction) else { return };
    // Nobody misses suggestions that do not come; the next letter asks again.
    let Ok(permit) = Arc::clone(&core.completions).try_acquire_owned() else { return };
    let about = Suggest {
        option: focus.option,
        text: focus.text,
        args,
        invoker,
        guild: interaction.guild_id,
        channel,
        catalog: Arc::clone(&core.services.catalog),
    };
    let (clock, command) = (Arc::clone(&core.services.clock), data.name.clone());
    core.services.tasks.spawn("autocomplete", async move {
        let _permit = permit;
        let choices = tokio::select! {
            choices = AssertUnwindSafe(completer.run(about)).catch_unwind() => choices.ok(),
            () = clock.sleep(MAX_COMPLETION) => None,
        };
        let Some(choices) = choices else {
            tracing::warn!(command, "suggestions panicked or took too long");
            return;
        };
        if let Err(error) = responder.choices(choices).await {
            tracing::debug!(%error, command, "suggestions were not taken");
        }
    });
}

/// Always there in what comes over a gateway; two fields, as Discord is replacing one by the other.
fn channel(interaction: &Interaction) -> Option<Id<ChannelMarker>> {
    #[expect(deprecated, reason = "older servers send only this one")]
    let fallback = interaction.channel_id;
    interaction.channel.as_ref().map(|channel| channel.id).or(fallback)
}
