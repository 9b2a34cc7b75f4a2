//! Lists of archived threads, and looking for threads by name and tags. See Discord docs: Channel / List Public Archived
//! Threads.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::read::within;
use crate::{
    Actor, ApiError, Channel, ChannelId, ChannelKind, MessageId, Timestamp, World,
    permissions::{MANAGE_THREADS, READ_MESSAGE_HISTORY},
    wire,
};

/// Threads of a page whose request names no number.
const DEFAULT_PAGE: u64 = 50;
/// Threads found at once.
const MAX_FOUND: u64 = 25;
/// Where the last page of a search can begin.
const MAX_OFFSET: u64 = 9975;
/// Words that may stand between two words of a query, if it does not say.
const DEFAULT_SLOP: u64 = 2;

/// Which archived threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Archived {
    /// Public ones, in announcement channels those of their kind.
    Public,
    /// Private ones; needs MANAGE_THREADS.
    Private,
    /// Private ones that the actor is a member of.
    Joined,
}

/// Which page of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct ArchivedPage {
    /// Only those archived before this moment; for [`Archived::Joined`] see `before_id`.
    pub before: Option<Timestamp>,
    /// Only those with a lower id; for [`Archived::Joined`] alone.
    pub before_id: Option<ChannelId>,
    /// 2 to 100, 50 when absent.
    pub limit: Option<u64>,
}

/// GET /channels/{channel}/threads/archived/public and /private, and /users/@me/threads/archived/private: the latest
/// archived first, one's own by id.
///
/// # Errors
/// 10003, 50001, 50013 (READ_MESSAGE_HISTORY, for all private ones MANAGE_THREADS too), 50024 (a channel that has no
/// such threads), 50035 on `limit`.
pub fn archived_threads(
    world: &World,
    actor: Actor,
    channel: ChannelId,
    which: Archived,
    page: &ArchivedPage,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let limit = within("limit", page.limit.unwrap_or(DEFAULT_PAGE), 2, 100)?;
    has_threads(world.require(actor, channel, 0, now)?)?;
    let manage = if which == Archived::Private { MANAGE_THREADS } else { 0 };
    world.require(actor, channel, READ_MESSAGE_HISTORY | manage, now)?;
    let archived = |c: &&Channel| c.thread.as_ref().is_some_and(|meta| meta.archived);
    let moment = |c: &Channel| c.thread.as_ref().map_or(Timestamp::default(), |meta| meta.archive_timestamp);
    let fits = |c: &&Channel| {
        let private = c.kind == ChannelKind::PrivateThread;
        let joined = || c.thread.as_ref().is_some_and(|meta| meta.members.contains_key(&actor.user));
        match which {
            Archived::Public => !private && page.before.is_none_or(|before| moment(c) < before),
            Archived::Private => private && page.before.is_none_or(|before| moment(c) < before),
            Archived::Joined => private && joined() && page.before_id.is_none_or(|before| c.id < before),
        }
    };
    let mut threads: Vec<&Channel> = threads_of(world, channel).filter(archived).filter(fits).collect();
    match which {
        Archived::Joined => threads.sort_unstable_by_key(|c| Reverse(c.id)),
        _ => threads.sort_unstable_by_key(|c| Reverse((moment(c), c.id))),
    }
    let has_more = threads.len() > limit;
    threads.truncate(limit);
    let mut value = listed(world, actor, &threads);
    value["has_more"] = json!(has_more);
    Ok(value)
}

fn has_threads(channel: &Channel) -> Result<(), ApiError> {
    use ChannelKind::{Announcement, Forum, Media, Text};
    match channel.kind {
        Text | Announcement | Forum | Media => Ok(()),
        _ => Err(ApiError::wrong_channel_type()),
    }
}

fn threads_of(world: &World, channel: ChannelId) -> impl Iterator<Item = &Channel> {
    world.channels.values().filter(move |c| c.parent == Some(channel) && c.kind.is_thread())
}

/// Threads beside the actor's membership of each.
fn listed(world: &World, actor: Actor, threads: &[&Channel]) -> Value {
    let own = |c: &&Channel| {
        let joined = *c.thread.as_ref()?.members.get(&actor.user)?;
        Some(wire::thread_member(c, actor.user, joined))
    };
    json!({
        "threads": threads.iter().map(|c| wire::channel_for(world, c, actor.user)).collect::<Vec<_>>(),
        "members": threads.iter().filter_map(own).collect::<Vec<_>>(),
    })
}

/// What a search sorts by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThreadSort {
    /// The newest message; `relevance` means this here too, as every hit holds all words.
    #[default]
    LastMessage,
    /// When they were opened.
    Creation,
    /// When they were archived or opened again.
    Archive,
}

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct ThreadSearch {
    /// Words that the name holds, in this order.
    pub name: Option<String>,
    /// Words that may stand between two of them, 0 to 100, 2 when absent.
    pub slop: Option<u64>,
    /// No lower ids.
    pub min_id: Option<ChannelId>,
    /// No higher ids.
    pub max_id: Option<ChannelId>,
    /// Tags, at most 20.
    pub tags: Vec<u64>,
    /// All of the tags, rather than one of them.
    pub all_tags: bool,
    /// Archived or not; both when absent.
    pub archived: Option<bool>,
    /// What the hits are sorted by.
    pub sort: ThreadSort,
    /// Lowest first.
    pub ascending: bool,
    /// 1 to 25, 25 when absent.
    pub limit: Option<u64>,
    /// Hits passed over, 0 to 9975.
    pub offset: Option<u64>,
}

/// GET /channels/{channel}/threads/search: hits with the first message of each that has one, and how many there are.
///
/// # Errors
/// 10003, 50001, 50013 (READ_MESSAGE_HISTORY), 50024, 50035 on `limit`, `offset`, `slop` and `name`.
pub fn search_threads(
    world: &World,
    actor: Actor,
    channel: ChannelId,
    search: &ThreadSearch,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let limit = within("limit", search.limit.unwrap_or(MAX_FOUND), 1, MAX_FOUND)?;
    let offset = within("offset", search.offset.unwrap_or(0), 0, MAX_OFFSET)?;
    let slop = within("slop", search.slop.unwrap_or(DEFAULT_SLOP), 0, 100)?;
    if search.name.as_ref().is_some_and(|name| name.chars().count() > 100) {
        return Err(ApiError::form("name", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length."));
    }
    has_threads(world.require(actor, channel, 0, now)?)?;
    world.require(actor, channel, READ_MESSAGE_HISTORY, now)?;
    let wanted = search.name.as_deref().map(words).unwrap_or_default();
    let fits = |c: &&Channel| {
        let Some(meta) = &c.thread else { return false };
        let has = |tag: &u64| meta.tags.contains(tag);
        let tagged = match search.all_tags {
            _ if search.tags.is_empty() => true,
            true => search.tags.iter().all(has),
            false => search.tags.iter().any(has),
        };
        tagged
            && search.archived.is_none_or(|archived| meta.archived == archived)
            && search.min_id.is_none_or(|id| c.id >= id)
            && search.max_id.is_none_or(|id| c.id <= id)
            && holds(&words(&c.name), &wanted, slop)
            && world.can_view(c.id, actor.user, now)
    };
    let mut threads: Vec<&Channel> = threads_of(world, channel).filter(fits).collect();
    threads.sort_unstable_by_key(|c| {
        let key = match search.sort {
            ThreadSort::Creation => c.id.get(),
            ThreadSort::LastMessage => c.last_message.map_or(c.id.get(), MessageId::get),
            ThreadSort::Archive => c.thread.as_ref().map_or(0, |meta| meta.archive_timestamp.ms()),
        };
        (key, c.id)
    });
    if !search.ascending {
        threads.reverse();
    }
    let total = threads.len();
    let page: Vec<&Channel> = threads.into_iter().skip(offset).take(limit).collect();
    let mut value = listed(world, actor, &page);
    let first = page.iter().filter_map(|c| c.messages.get(&c.id.into()));
    value["first_messages"] = first.map(|m| wire::message(world, m, Some(actor.user))).collect();
    value["has_more"] = json!(offset + page.len() < total);
    value["total_results"] = json!(total);
    Ok(value)
}

/// Words in lower case, as names and queries are compared.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Whether a name holds all of the words in their order, with at most `slop` others between two of them. The last word
/// may be the beginning of one, as somebody is still typing it.
fn holds(name: &[String], wanted: &[String], slop: usize) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return true };
    let is =
        |word: &String, wanted: &String, last: bool| word == wanted || (last && word.starts_with(wanted));
    let from = |start: usize| {
        let mut at = start;
        rest.iter().enumerate().all(|(n, wanted)| {
            let next = name.iter().enumerate().skip(at + 1).take(slop + 1);
            let found = next.into_iter().find(|(_, word)| is(word, wanted, n + 1 == rest.len()));
            at = found.map_or(at, |(index, _)| index);
            found.is_some()
        })
    };
    (0..name.len()).any(|start| is(&name[start], first, rest.is_empty()) && from(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_words_in_order_and_near_each_other() {
        let is = |name: &str, query: &str, slop| holds(&words(name), &words(query), slop);
        assert!(is("How to mend a Broken lamp", "mend lamp", 2));
        assert!(!is("How to mend a Broken lamp", "mend lamp", 1));
        assert!(!is("How to mend a Broken lamp", "lamp mend", 9));
        assert!(is("How to mend a Broken lamp", "bro", 0), "the last word is still being typed");
        assert!(!is("How to mend a Broken lamp", "bro lamp", 2), "others are whole");
        assert!(is("anything", "", 0));
        assert!(is("a b a c", "a c", 0), "from a later beginning");
        assert!(!is("", "x", 0));
    }
}
