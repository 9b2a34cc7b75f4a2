//! Interactions that call a slash command or an entry of a context menu.

use std::sync::Arc;

use tracing::Span;
use twilight_model::application::command::CommandType;
use twilight_model::application::interaction::Interaction;
use twilight_model::application::interaction::application_command::{
    CommandData, CommandDataOption, CommandOptionValue,
};
use twilight_model::id::Id;
use twilight_model::id::marker::ChannelMarker;

use super::Core;
use super::gate::Lane;
use super::run::{Call, ReadArgs, refuse, run};
use crate::args::{Known, menu_target, parse_options};
use crate::catalog::{Catalog, Menu};
use crate::ctx::{Invocation, Trigger};
use crate::failure::{Failure, Rendering, render};
use crate::invoker::Invoker;
use crate::responder::Responder;
use crate::spec::Spec;

pub(crate) fn call(
    core: &Arc<Core>,
    responder: Arc<Responder>,
    invoker: Invoker,
    interaction: &Interaction,
    data: &CommandData,
) {
    let (found, options) = target(&core.services.catalog, data);
    let Some(spec) = found else {
        return unknown(core, responder, &data.name);
    };
    let Some(channel) = channel(interaction) else { return };
    let person = invoker.id;
    let lane = Lane::of_interaction(interaction.guild_id, person);
    let invocation = Invocation {
        spec: Arc::clone(spec),
        trigger: if data.kind == CommandType::ChatInput { Trigger::Slash } else { Trigger::Menu },
        id: interaction.id.get(),
        invoker,
        guild: interaction.guild_id,
        channel,
        opening: "/".to_owned(),
    };
    let event = Span::current();
    let Some(mut ticket) = core.gate.enter(lane, person.get()) else {
        let services = Arc::clone(&core.services);
        core.services.tasks.spawn("busy", async move {
            refuse(&services, &responder, event, &invocation, Failure::Busy).await;
        });
        return;
    };
    let args = read_args(core, &invocation, options, data);
    let own = interaction.app_permissions;
    let services = Arc::clone(&core.services);
    core.services.tasks.spawn("command", async move {
        if ticket.ready_in_time(&*services.clock).await {
            run(services, Call { invocation, responder, args, own, event }, ticket).await;
        } else {
            refuse(&services, &responder, event, &invocation, Failure::Busy).await;
        }
    });
}

/// The command that is meant, and its own options within those of its groups.
pub(super) fn target<'c, 'd>(
    catalog: &'c Catalog,
    data: &'d CommandData,
) -> (Option<&'c Arc<Spec>>, &'d [CommandDataOption]) {
    match data.kind {
        CommandType::User => return (catalog.find_menu(Menu::User, &data.name), &[]),
        CommandType::Message => return (catalog.find_menu(Menu::Message, &data.name), &[]),
        _ => {}
    }
    let mut words = vec![data.name.as_str()];
    let mut options = data.options.as_slice();
    while let [
        CommandDataOption {
            name,
            value: CommandOptionValue::SubCommand(inner) | CommandOptionValue::SubCommandGroup(inner),
        },
    ] = options
    {
        words.push(name);
        options = inner;
    }
    (catalog.find_slash(&words), options)
}

/// Reads what was filled in. Discord resolves people and the like; the rest may have to be asked for.
fn read_args(
    core: &Arc<Core>,
    invocation: &Invocation,
    options: &[CommandDataOption],
    data: &CommandData,
) -> ReadArgs {
    let (services, spec) = (Arc::clone(&core.services), Arc::clone(&invocation.spec));
    let (guild, channel, invoker) = (invocation.guild, invocation.channel, invocation.invoker.clone());
    let (options, data) = (options.to_vec(), data.clone());
    let menu = invocation.trigger == Trigger::Menu;
    Box::pin(async move {
        let (users, attachments) = (Vec::new(), Vec::new());
        let directory = &*services.directory;
        let known = Known { guild, channel, invoker: &invoker, users, attachments, directory };
        if menu {
            menu_target(&spec, &data, &known)
        } else {
            parse_options(&spec, &options, data.resolved.as_ref(), &known).await
        }
    })
}

/// Discord still shows a command that is gone here.
fn unknown(core: &Arc<Core>, responder: Arc<Responder>, name: &str) {
    tracing::warn!(command = name, "a slash command is registered that does not exist");
    let settings = core.services.settings();
    core.services.tasks.spawn("unknown command", async move {
        let rendering = Rendering {
            spec: None,
            opening: "/",
            again: "the command",
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

/// Always there in what comes over a gateway; two fields, as Discord is replacing one by the other.
pub(super) fn channel(interaction: &Interaction) -> Option<Id<ChannelMarker>> {
    #[expect(deprecated, reason = "older servers send only this one")]
    let fallback = interaction.channel_id;
    interaction.channel.as_ref().map(|channel| channel.id).or(fallback)
}
