//! Threads: opening them and their members. See Discord docs: Threads.

use cogwright_sim_world::{
    ApiError, ChannelId, GuildId, UserId,
    places::{self, Archived, ArchivedPage, ThreadSearch, ThreadSort},
};

use super::{Reply, Request, Routes, messages::place, read};
use crate::{Sim, rest::content};

pub(super) const ROUTES: Routes = &[
    ("create_thread", create),
    ("create_thread_from_message", create_from_message),
    ("get_active_guild_threads", active),
    ("list_public_archived_threads", public_archived),
    ("list_private_archived_threads", private_archived),
    ("list_my_private_archived_threads", joined_archived),
    ("thread_search", search),
    ("list_thread_members", members),
    ("get_thread_member", member),
    ("join_thread", join),
    ("join_thread_by_post", join),
    ("leave_thread", leave),
    ("add_thread_member", add),
    ("delete_thread_member", remove),
];

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    let thread = places::CreateThread { actor, channel, body: request.body, files: request.files };
    sim.apply(thread).map(Reply::created)
}

fn create_from_message(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    sim.apply(places::CreateThreadFromMessage { actor, channel, message, body: request.body })
        .map(Reply::created)
}

fn active(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| places::active_threads(world, actor, guild, now))
}

fn public_archived(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    archived(&request, sim, Archived::Public)
}

fn private_archived(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    archived(&request, sim, Archived::Private)
}

fn joined_archived(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    archived(&request, sim, Archived::Joined)
}

/// One's own are paged by id, all others by when they were archived.
fn archived(request: &Request, sim: &Sim, which: Archived) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id::<ChannelId>("channel_id")?);
    let mut page = ArchivedPage { limit: request.query.count("limit")?, ..ArchivedPage::default() };
    if which == Archived::Joined {
        page.before_id = request.query.id("before")?;
    } else {
        page.before = request.query.moment("before")?;
    }
    read(sim, |world, now| places::archived_threads(world, actor, channel, which, &page, now))
}

/// Tags of a search at the most.
const MAX_TAGS: usize = 20;

fn search(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id::<ChannelId>("channel_id")?);
    let query = &request.query;
    let bad_tag = |_| ApiError::form("tag", "NUMBER_TYPE_COERCE", "Value is not snowflake.");
    let tags = query.list("tag").map(|id| id.parse().map_err(bad_tag)).collect::<Result<Vec<u64>, _>>()?;
    if tags.len() > MAX_TAGS {
        let message = format!("Must be {MAX_TAGS} or fewer in length.");
        return Err(ApiError::form("tag", "BASE_TYPE_MAX_LENGTH", message));
    }
    let search = ThreadSearch {
        name: query.get("name").map(str::to_owned),
        slop: query.count("slop")?,
        min_id: query.id("min_id")?,
        max_id: query.id("max_id")?,
        tags,
        all_tags: choose(&request, "tag_setting", &[("match_some", false), ("match_all", true)])?,
        archived: query.choice("archived")?,
        sort: choose(
            &request,
            "sort_by",
            &[
                ("last_message_time", ThreadSort::LastMessage),
                ("relevance", ThreadSort::LastMessage),
                ("creation_time", ThreadSort::Creation),
                ("archive_time", ThreadSort::Archive),
            ],
        )?,
        ascending: choose(&request, "sort_order", &[("desc", false), ("asc", true)])?,
        limit: query.count("limit")?,
        offset: query.count("offset")?,
    };
    sim.read(|world, now| {
        let mut found = places::search_threads(world, actor, channel, &search, now)?;
        content::limit_to(world, actor.application, channel, &mut found["first_messages"]);
        Ok(Reply::ok(found))
    })
}

/// One of these by name; the first when absent.
fn choose<T: Copy>(request: &Request, key: &str, among: &[(&str, T)]) -> Result<T, ApiError> {
    let given = request.query.get(key).unwrap_or(among[0].0);
    let bad = || {
        let names: Vec<&str> = among.iter().map(|(name, _)| *name).collect();
        let message = format!("Value must be one of ({}).", names.join(", "));
        ApiError::form(key, "BASE_TYPE_CHOICES", message)
    };
    among.iter().find(|(name, _)| *name == given).map(|(_, value)| *value).ok_or_else(bad)
}

fn members(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, thread) = (request.actor()?, request.id::<ChannelId>("channel_id")?);
    let query = &request.query;
    let with_member = query.flag("with_member")?;
    let (limit, after) = (query.count("limit")?, query.id::<UserId>("after")?);
    read(sim, |world, now| places::thread_members(world, actor, thread, with_member, limit, after, now))
}

/// `@me` names the bot itself.
fn user(request: &Request) -> Result<UserId, ApiError> {
    if request.text("user_id") == "@me" { Ok(request.application()?.into()) } else { request.id("user_id") }
}

fn member(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, thread, user) = (request.actor()?, request.id::<ChannelId>("channel_id")?, user(&request)?);
    let with_member = request.query.flag("with_member")?;
    read(sim, |world, now| places::thread_member(world, actor, thread, user, with_member, now))
}

fn join(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(places::AddThreadMember { actor, channel, user: actor.user })?;
    Ok(Reply::no_content())
}

fn leave(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(places::RemoveThreadMember { actor, channel, user: actor.user })?;
    Ok(Reply::no_content())
}

fn add(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel, user) = (request.actor()?, request.id("channel_id")?, request.id("user_id")?);
    sim.apply(places::AddThreadMember { actor, channel, user })?;
    Ok(Reply::no_content())
}

fn remove(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel, user) = (request.actor()?, request.id("channel_id")?, request.id("user_id")?);
    sim.apply(places::RemoveThreadMember { actor, channel, user })?;
    Ok(Reply::no_content())
}
