//! Messages that call a command, by the prefix or by a mention of the bot.

use std::sync::Arc;
use std::time::Duration;

use cogwright_discord::Receipt;
use tracing::{Instrument as _, Span};
use twilight_model::channel::Message;

use super::gate::Lane;
use super::run::{Call, run};
use super::{Core, Tracked, group};
use crate::args::{Attachment, Known, User, parse_line};
use crate::catalog::Resolved;
use crate::cooldown::{Key, Pace, Scope, Wanted, Whose};
use crate::ctx::{Invocation, Trigger};
use crate::failure::notice;
use crate::invoker::Invoker;
use crate::policy::EffectivePrefs;
use crate::responder::{Origin, Responder};

/// Longest line that is read as a call, in bytes. Bots cannot be sent more than 4,000 characters.
const MAX_LINE: usize = 16_384;

/// How often a mention alone is answered in a channel: everybody can write one, and nobody should make the bot flood.
const GREETINGS: Pace = Pace { uses: 1, per: Duration::from_secs(15) };

/// How often one person is told what is in groups.
const GROUPS: Pace = Pace { uses: 3, per: Duration::from_secs(5) };

/// What begins a call here, and what follows it.
struct Opened<'a> {
    trigger: Trigger,
    opening: String,
    line: &'a str,
}

pub(crate) fn handle(core: &Arc<Core>, message: &Message, receipt: &Receipt) {
    // Bots that answer each other never stop.
    if message.author.bot || message.webhook_id.is_some() {
        return;
    }
    let services = &core.services;
    services.observer.message_seen(message.guild_id);
    if message.content.len() > MAX_LINE {
        return;
    }
    if let Some(prefs) = services.policies.prefs_now(message.guild_id) {
        return read(core, message, &prefs, receipt);
    }
    let Ok(permit) = Arc::clone(&core.lookups).try_acquire_owned() else {
        if let Some(count) = services.floods.lookups.note(services.clock.now()) {
            let guild = message.guild_id.map(tracing::field::display);
            tracing::warn!(count, guild, "too many messages wait for a prefix; they are not looked at");
        }
        return;
    };
    let (core, message, receipt) = (Arc::clone(core), message.clone(), receipt.clone());
    let reading = async move {
        let prefs = core.services.policies.prefs(message.guild_id).await;
        drop(permit);
        read(&core, &message, &prefs, &receipt);
    };
    services.tasks.spawn("prefix", reading.instrument(Span::current()));
}

fn read(core: &Arc<Core>, message: &Message, prefs: &EffectivePrefs, receipt: &Receipt) {
    let Some(opened) = open(core, &message.content, prefs) else { return };
    if opened.line.is_empty() || opened.line.starts_with(char::is_whitespace) {
        if opened.trigger == Trigger::Mention {
            greet(core, message, prefs, receipt);
        }
        return;
    }
    let catalog = &core.services.catalog;
    let (spec, rest) = match catalog.resolve(opened.line) {
        // An unknown name is silent: other bots share the prefix, and may have taken over one that is switched off.
        None => return core.services.observer.unknown(message.guild_id),
        Some(Resolved::Command { spec, .. }) if !core.services.is_on(spec) => {
            return core.services.observer.unknown(message.guild_id);
        }
        Some(Resolved::Command { spec, rest }) => (spec, rest),
        Some(Resolved::Group { group, given }) => {
            if let Some(text) = group::page(&core.services, group, given, opened.trigger, &opened.opening)
                && may_say(core, message, "@group", Scope::User, GROUPS)
            {
                say(core, message, text, given.is_some(), receipt);
            }
            return;
        }
    };
    if !catalog.is_open(spec, opened.trigger) {
        return;
    }
    let Some(mut ticket) = core.gate.enter(lane(message), message.author.id.get()) else {
        // An answer to each would make the flood twice as large.
        let services = &core.services;
        if let Some(count) = services.floods.dropped.note(services.clock.now()) {
            tracing::warn!(
                count,
                command = %spec.qualified_name(),
                guild = message.guild_id.map(tracing::field::display),
                channel = %message.channel_id,
                user = %message.author.id,
                "too many calls are waiting; they are dropped, this is the latest of them"
            );
        }
        return;
    };
    let responder = responder(core, message, receipt);
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
        let (guild, channel, invoker) = (message.guild_id, message.channel_id, invocation.invoker.clone());
        let users = message.mentions.iter().map(User::from_mention).collect();
        let attachments = message.attachments.iter().map(Attachment::from_wire).collect();
        Box::pin(async move {
            let known = Known {
                guild,
                channel,
                invoker: &invoker,
                users,
                attachments,
                directory: &*services.directory,
            };
            parse_line(&spec, &line, &known).await
        })
    };
    let (services, event) = (Arc::clone(&core.services), Span::current());
    core.services.tasks.spawn("command", async move {
        ticket.ready().await;
        run(services, Call { invocation, responder, args, own: None, event }, ticket).await;
    });
}

fn open<'a>(core: &Core, content: &'a str, prefs: &EffectivePrefs) -> Option<Opened<'a>> {
    let content = content.trim();
    if !prefs.prefix.is_empty()
        && let Some(line) = content.strip_prefix(&prefs.prefix)
    {
        // "! ping" is somebody shouting, not a call.
        let glued = !line.starts_with(char::is_whitespace);
        return glued.then(|| Opened { trigger: Trigger::Prefix, opening: prefs.prefix.clone(), line });
    }
    let inner = content.strip_prefix("<@")?;
    let inner = inner.strip_prefix('!').unwrap_or(inner);
    let (id, line) = inner.split_once('>')?;
    if id.parse() != Ok(core.services.bot.get()) {
        return None;
    }
    let line = line.trim_start();
    // Asking how the bot is called works everywhere, or nobody could find out.
    (prefs.mention || line.is_empty()).then(|| Opened {
        trigger: Trigger::Mention,
        opening: "@me ".to_owned(),
        line,
    })
}

/// A mention alone asks how the bot is called here.
fn greet(core: &Arc<Core>, message: &Message, prefs: &EffectivePrefs, receipt: &Receipt) {
    let services = &core.services;
    if !may_say(core, message, "@mention", Scope::Channel, GREETINGS) {
        return;
    }
    let prefix = &prefs.prefix;
    let text = if services.catalog.find("help").is_some_and(|help| services.is_on(help)) {
        format!("My prefix here is `{prefix}`. `{prefix}help` or `/help` shows what I can do.")
    } else {
        format!("My prefix here is `{prefix}`.")
    };
    say(core, message, text, false, receipt);
}

/// Whether a message that calls nothing is answered now; it counts as answered then. No command is named as `bucket` is.
fn may_say(core: &Core, message: &Message, bucket: &str, scope: Scope, pace: Pace) -> bool {
    let id = match scope {
        Scope::Channel => message.channel_id.get(),
        _ => message.author.id.get(),
    };
    let key = Key { bucket: bucket.to_owned(), scope, id };
    let wanted = Wanted { key, whose: Whose::of(scope, message.author.id, message.guild_id), pace };
    core.services.cooldowns.take(&[wanted], core.services.clock.now()).is_ok()
}

/// Answers a message that calls nothing; an error does not stay.
fn say(core: &Arc<Core>, message: &Message, text: String, error: bool, receipt: &Receipt) {
    let Some(mut ticket) = core.gate.enter(lane(message), message.author.id.get()) else { return };
    let responder = responder(core, message, receipt);
    core.services.tasks.spawn("notice", async move {
        ticket.ready().await;
        match responder.reply(notice(text, false), false).await {
            Ok(sent) if error => responder.tidy_error(&sent),
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "a message could not be answered"),
        }
    });
}

fn responder(core: &Core, message: &Message, receipt: &Receipt) -> Arc<Responder> {
    let tracking = !core.services.settings().edit_window.is_zero();
    let tracked = if tracking { core.edits.track(message) } else { Tracked::default() };
    tracked.begin();
    if tracked.run > 0 {
        core.services.waiters.forget_call(message.id.get());
    }
    let (guild, channel) = (message.guild_id, message.channel_id);
    let origin = Origin::Message { guild, channel, message: message.id, tracked };
    Responder::new(Arc::clone(&core.services), origin, receipt)
}

fn lane(message: &Message) -> Lane {
    message.guild_id.map_or(Lane::Person(message.author.id.get()), |guild| Lane::Guild(guild.get()))
}
