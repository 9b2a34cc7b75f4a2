//! Messages that call a command, by the prefix or by a mention of the bot.

use std::sync::Arc;

use twilight_model::channel::Message;

use super::Core;
use super::gate::Lane;
use super::run::{Call, run};
use crate::args::{Attachment, Known, User, parse_line};
use crate::ctx::{Invocation, Trigger};
use crate::failure::notice;
use crate::invoker::Invoker;
use crate::responder::{Origin, Responder};

/// Longest line that is read as a call, in bytes. Bots cannot be sent more than 4,000 characters.
const MAX_LINE: usize = 16_384;

/// What begins a call here, and what follows it.
struct Opened<'a> {
    trigger: Trigger,
    opening: String,
    line: &'a str,
}

pub(crate) fn handle(core: &Arc<Core>, message: &Message) {
    // Bots that answer each other never stop.
    if message.author.bot || message.webhook_id.is_some() || message.content.len() > MAX_LINE {
        return;
    }
    let Some(opened) = open(core, &message.content) else { return };
    let (name, rest) = opened.line.split_once(char::is_whitespace).unwrap_or((opened.line, ""));
    if name.is_empty() {
        if opened.trigger == Trigger::Mention {
            greet(core, message);
        }
        return;
    }
    // An unknown name is silent: other bots share the prefix.
    let Some(spec) = core.services.catalog.find(name) else { return };
    let allowed = match opened.trigger {
        Trigger::Prefix => spec.triggers.prefix,
        Trigger::Mention => spec.triggers.mention,
        Trigger::Slash => false,
    };
    if !allowed {
        return;
    }
    let Some(mut ticket) = core.gate.enter(lane(message)) else {
        // An answer to each would make the flood twice as large.
        tracing::warn!(command = %spec.name, channel = %message.channel_id, "too many calls are waiting; one is dropped");
        return;
    };
    let responder = responder(core, message);
    let invocation = Invocation {
        spec: Arc::clone(spec),
        trigger: opened.trigger,
        id: message.id.get(),
        invoker: Invoker::of_message(message),
        guild: message.guild_id,
        channel: message.channel_id,
        opening: opened.opening,
    };
    let args = {
        let (services, spec, line) = (Arc::clone(&core.services), Arc::clone(spec), rest.to_owned());
        let guild = message.guild_id;
        let users = message.mentions.iter().map(User::from_mention).collect();
        let attachments = message.attachments.iter().map(Attachment::from_wire).collect();
        Box::pin(async move {
            let known = Known { guild, users, attachments, directory: &*services.directory };
            parse_line(&spec, &line, &known).await
        })
    };
    let services = Arc::clone(&core.services);
    core.services.tasks.spawn("command", async move {
        ticket.ready().await;
        run(services, Call { invocation, responder, args, own: None }, ticket).await;
    });
}

fn open<'a>(core: &Core, content: &'a str) -> Option<Opened<'a>> {
    let settings = &core.services.settings;
    let content = content.trim();
    if !settings.prefix.is_empty()
        && let Some(line) = content.strip_prefix(&settings.prefix)
    {
        // "! ping" is somebody shouting, not a call.
        let glued = !line.starts_with(char::is_whitespace);
        return glued.then(|| Opened { trigger: Trigger::Prefix, opening: settings.prefix.clone(), line });
    }
    if !settings.mention_prefix {
        return None;
    }
    let inner = content.strip_prefix("<@")?;
    let inner = inner.strip_prefix('!').unwrap_or(inner);
    let (id, line) = inner.split_once('>')?;
    if id.parse() != Ok(core.services.bot.get()) {
        return None;
    }
    Some(Opened { trigger: Trigger::Mention, opening: "@me ".to_owned(), line: line.trim_start() })
}

/// A mention alone asks how the bot is called here.
fn greet(core: &Arc<Core>, message: &Message) {
    let Some(mut ticket) = core.gate.enter(lane(message)) else { return };
    let prefix = &core.services.settings.prefix;
    let text = if core.services.catalog.find("help").is_some() {
        format!("My prefix here is `{prefix}`. `{prefix}help` or `/help` shows what I can do.")
    } else {
        format!("My prefix here is `{prefix}`.")
    };
    let responder = responder(core, message);
    core.services.tasks.spawn("greeting", async move {
        ticket.ready().await;
        if let Err(error) = responder.reply(notice(text, false), false).await {
            tracing::debug!(%error, "a mention could not be answered");
        }
    });
}

fn responder(core: &Core, message: &Message) -> Arc<Responder> {
    let origin = Origin::Message { channel: message.channel_id, message: message.id };
    Responder::new(Arc::clone(&core.services), origin)
}

fn lane(message: &Message) -> Lane {
    message.guild_id.map_or(Lane::Person(message.author.id.get()), |guild| Lane::Guild(guild.get()))
}
