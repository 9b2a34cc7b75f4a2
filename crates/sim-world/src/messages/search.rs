//! Looking for messages in a whole guild. See Discord docs: Message / Search Guild Messages.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    Actor, ApiError, Author, Channel, ChannelId, FormErrors, GuildId, Message, MessageId, Timestamp, UserId,
    World, body, intents, permissions, wire,
};

/// Results of one page, and how many of them are skipped at most.
const MAX_PAGE: i64 = 25;
const MAX_OFFSET: i64 = 9975;
/// Characters of the words that are looked for.
const MAX_CONTENT: usize = 1024;
/// What a message may have; a hyphen before it: what it may not.
const HAS: [&str; 9] = ["link", "embed", "file", "image", "video", "sound", "sticker", "poll", "snapshot"];
/// Who may have written it; a hyphen before it: who may not.
const AUTHORS: [&str; 3] = ["user", "bot", "webhook"];

/// What is looked for. Lists that are empty ask for nothing.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Words that all occur, in any case.
    pub content: Option<String>,
    /// By one of these.
    pub author_id: Vec<UserId>,
    /// `user`, `bot`, `webhook`, each also with a hyphen before it.
    pub author_type: Vec<String>,
    /// Mentions one of these.
    pub mentions: Vec<UserId>,
    /// Mentions everyone.
    pub mention_everyone: Option<bool>,
    /// Has one of these, and none of those with a hyphen.
    pub has: Vec<String>,
    /// In one of these channels or threads.
    pub channel_id: Vec<ChannelId>,
    /// Answers one of these.
    pub replied_to_message_id: Vec<MessageId>,
    /// A file of this name.
    pub attachment_filename: Vec<String>,
    /// A file whose name ends so, without the dot.
    pub attachment_extension: Vec<String>,
    /// Is pinned, or is not.
    pub pinned: Option<bool>,
    /// After this message.
    pub min_id: Option<MessageId>,
    /// Before this message.
    pub max_id: Option<MessageId>,
    /// Also in channels with an age limit.
    pub include_nsfw: bool,
    /// The oldest first.
    pub ascending: bool,
    /// 1 to 25, 25 when absent.
    pub limit: Option<i64>,
    /// 0 to 9,975.
    pub offset: Option<i64>,
}

/// A page of results, each a list with one message that says `hit`, and how many there are in all.
///
/// # Errors
/// 10004, 50001 (not in the guild; an application without the message content intent), 50035. What lies in channels
/// whose history one may not read is not found.
pub fn search(
    world: &World,
    actor: Actor,
    guild: GuildId,
    wanted: &Search,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let found = world.require_guild(actor, guild, 0, now)?;
    if let Some(id) = actor.application
        && world.application(id)?.privileged_intents & intents::MESSAGE_CONTENT == 0
    {
        return Err(ApiError::missing_access());
    }
    let (limit, offset) = check(wanted)?;
    let readable = |channel: &&Channel| {
        let bits = world.channel_permissions(channel.id, actor.user, now).unwrap_or(0);
        let needed = permissions::VIEW_CHANNEL | permissions::READ_MESSAGE_HISTORY;
        bits & needed == needed
            && world.can_view(channel.id, actor.user, now)
            && (wanted.include_nsfw || !channel.nsfw)
            && (wanted.channel_id.is_empty() || wanted.channel_id.contains(&channel.id))
    };
    let channels = found.channels.iter().filter_map(|id| world.channels.get(id)).filter(readable);
    let words: Vec<String> =
        wanted.content.iter().flat_map(|c| c.split_whitespace()).map(str::to_lowercase).collect();
    let mut hits: Vec<&Message> = channels
        .flat_map(|channel| channel.messages.values())
        .filter(|m| m.ephemeral_to.is_none() && fits(world, m, wanted, &words))
        .collect();
    if wanted.ascending {
        hits.sort_unstable_by_key(|m| m.id);
    } else {
        hits.sort_unstable_by_key(|m| std::cmp::Reverse(m.id));
    }
    let total = hits.len();
    let page: Vec<&Message> = hits.into_iter().skip(offset).take(limit).collect();
    let threads: BTreeSet<ChannelId> = page.iter().map(|m| m.channel).collect();
    let threads = threads.iter().filter_map(|id| world.channels.get(id)).filter(|c| c.thread.is_some());
    let messages = page.iter().map(|m| {
        let mut message = wire::message(world, m, Some(actor.user));
        message["hit"] = json!(true);
        json!([message])
    });
    Ok(json!({
        "messages": messages.collect::<Vec<_>>(),
        "threads": threads.map(|c| wire::channel(world, c)).collect::<Vec<_>>(),
        "members": [],
        "doing_deep_historical_index": false,
        "total_results": total,
    }))
}

/// Limit and offset, if all that is asked for makes sense.
fn check(wanted: &Search) -> Result<(usize, usize), ApiError> {
    let mut errors = FormErrors::default();
    if wanted.content.as_ref().is_some_and(|c| c.chars().count() > MAX_CONTENT) {
        errors.add("content", "BASE_TYPE_MAX_LENGTH", format!("Must be {MAX_CONTENT} or fewer in length."));
    }
    for (key, given, known) in
        [("has", &wanted.has, &HAS[..]), ("author_type", &wanted.author_type, &AUTHORS[..])]
    {
        for (index, one) in given.iter().enumerate() {
            if !known.contains(&one.trim_start_matches('-')) {
                let message = format!("Value must be one of {known:?}.");
                errors.add(&format!("{key}.{index}"), "BASE_TYPE_CHOICES", message);
            }
        }
    }
    let offset = wanted.offset.unwrap_or(0);
    if !(0..=MAX_OFFSET).contains(&offset) {
        errors.add("offset", "NUMBER_TYPE_MAX", format!("int value should be between 0 and {MAX_OFFSET}."));
    }
    errors.finish()?;
    let limit = body::limit(wanted.limit, MAX_PAGE)?.unwrap_or(MAX_PAGE as usize);
    Ok((limit, usize::try_from(offset).unwrap_or(0)))
}

fn fits(world: &World, message: &Message, wanted: &Search, words: &[String]) -> bool {
    let author = match message.author {
        Author::User(id) => Some(id),
        Author::Webhook { .. } => None,
    };
    let any = |empty: bool, matches: bool| empty || matches;
    let named = |end: bool| {
        let list = if end { &wanted.attachment_extension } else { &wanted.attachment_filename };
        message.attachments.iter().any(|a| {
            list.iter().any(|name| {
                let ending = a.filename.rsplit_once('.').map(|(_, ending)| ending);
                if end { ending.is_some_and(|e| e.eq_ignore_ascii_case(name)) } else { a.filename == *name }
            })
        })
    };
    any(wanted.author_id.is_empty(), author.is_some_and(|id| wanted.author_id.contains(&id)))
        && any(wanted.mentions.is_empty(), message.mentions.iter().any(|id| wanted.mentions.contains(id)))
        && wanted.mention_everyone.is_none_or(|yes| message.mention_everyone == yes)
        && wanted.pinned.is_none_or(|yes| message.pinned.is_some() == yes)
        && wanted.min_id.is_none_or(|id| message.id > id)
        && wanted.max_id.is_none_or(|id| message.id < id)
        && any(
            wanted.replied_to_message_id.is_empty(),
            message.snapshot.is_none()
                && message.reference.is_some_and(|(_, id)| wanted.replied_to_message_id.contains(&id)),
        )
        && any(wanted.attachment_filename.is_empty(), named(false))
        && any(wanted.attachment_extension.is_empty(), named(true))
        && allowed(&wanted.has, |what| has(message, what))
        && allowed(&wanted.author_type, |what| {
            let bot = author.and_then(|id| world.users.get(&id)).is_some_and(|u| u.bot);
            match what {
                "webhook" => author.is_none(),
                "bot" => bot,
                _ => author.is_some() && !bot,
            }
        })
        && {
            // Letters are made small only where there is something to look for.
            let text = if words.is_empty() { String::new() } else { message.content.to_lowercase() };
            words.iter().all(|word| text.contains(word.as_str()))
        }
}

/// One of those asked for, if any are, and none of those with a hyphen.
fn allowed(asked: &[String], is: impl Fn(&str) -> bool) -> bool {
    let (not, one): (Vec<&str>, Vec<&str>) =
        asked.iter().map(String::as_str).partition(|what| what.starts_with('-'));
    (one.is_empty() || one.into_iter().any(&is)) && !not.into_iter().any(|what| is(&what[1..]))
}

fn has(message: &Message, what: &str) -> bool {
    let of_type = |kind: &str| {
        message.attachments.iter().any(|a| a.content_type.as_deref().is_some_and(|t| t.starts_with(kind)))
    };
    match what {
        "link" => message.content.contains("http://") || message.content.contains("https://"),
        "embed" => !message.embeds.is_empty(),
        "file" => !message.attachments.is_empty(),
        "image" => of_type("image/"),
        "video" => of_type("video/"),
        "sound" => of_type("audio/"),
        "sticker" => !message.stickers.is_empty(),
        "poll" => message.poll.is_some(),
        "snapshot" => message.snapshot.is_some(),
        _ => false,
    }
}
