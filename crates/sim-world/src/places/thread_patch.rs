//! Changing a thread: its name, archiving, locking. See Discord docs: Channel / Modify Channel (Thread).

use serde_json::Value;

use super::{
    change,
    channel_form::{MAX_SLOWMODE, read_archive_minutes},
    thread_members,
};
use crate::{
    Actor, ApiError, Channel, ChannelId, ChannelKind, EventKind, RoleId, Timestamp, Tx, World,
    body::{self, Form},
    channel_flags::{PINNED, REQUIRE_TAG},
    permissions, wire,
};

/// The keys that are read.
pub(super) const KEYS: &[&str] = &[
    "name",
    "archived",
    "auto_archive_duration",
    "locked",
    "invitable",
    "rate_limit_per_user",
    "applied_tags",
    "flags",
];

/// Tags of one post.
const MAX_APPLIED_TAGS: usize = 5;
/// Posts pinned in one forum.
const MAX_PINNED: usize = 1;

/// What a body asks for; `None` where it says nothing.
#[derive(Debug)]
pub(super) struct ThreadPatch {
    pub(super) name: Option<String>,
    archived: Option<bool>,
    auto_archive_minutes: Option<u32>,
    locked: Option<bool>,
    invitable: Option<bool>,
    rate_limit_per_user: Option<u32>,
    tags: Option<Vec<u64>>,
    /// Pinned to the top of its forum, or not any more.
    pinned: Option<bool>,
}

impl ThreadPatch {
    pub(super) fn read(body: &Value, world: &World, thread: &Channel) -> Result<Self, ApiError> {
        let forum = thread.parent.and_then(|p| world.channels.get(&p));
        body::read(body, |form| Self {
            name: form.string("name", 1, 100).map(str::to_owned),
            archived: form.boolean("archived"),
            auto_archive_minutes: read_archive_minutes(form, "auto_archive_duration"),
            locked: form.boolean("locked"),
            invitable: form.boolean("invitable"),
            rate_limit_per_user: form
                .integer("rate_limit_per_user", 0, MAX_SLOWMODE)
                .and_then(|n| u32::try_from(n).ok()),
            tags: form.get("applied_tags").map(|_| read_applied_tags(form, forum)),
            pinned: read_pinned(form, forum),
        })
    }

    /// Who may: holders of MANAGE_THREADS everything; the owner all but locking and slowmode; anybody who may
    /// send there can wake an archived thread that is not locked.
    pub(super) fn check(
        &self,
        world: &World,
        actor: Actor,
        thread: &Channel,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        let Some(meta) = &thread.thread else { return Err(ApiError::wrong_channel_type()) };
        let held = world.channel_permissions(thread.id, actor.user, now)?;
        let moderates = held & permissions::MANAGE_THREADS != 0;
        self.check_pin(world, thread)?;
        if meta.archived && self.archived != Some(false) && self.changes_more_than_state() {
            return Err(ApiError::thread_archived());
        }
        if moderates {
            return Ok(());
        }
        let wakes_only = self.archived == Some(false) && !self.changes_more_than_state();
        let may_send = held & permissions::SEND_MESSAGES_IN_THREADS != 0;
        let moderated = self.locked.is_some() || self.rate_limit_per_user.is_some() || self.pinned.is_some();
        let owner = meta.owner == actor.user && !moderated;
        if let Some(tags) = &self.tags {
            let forum = thread.parent.and_then(|p| world.channels.get(&p));
            check_moderated(forum, &meta.tags, tags)?;
        }
        if !meta.locked && (owner || (wakes_only && may_send)) {
            Ok(())
        } else {
            Err(ApiError::missing_permissions())
        }
    }

    /// Whether it says more than that the thread is archived or open, which an archived thread does not take. See
    /// Discord docs: Channel / Modify Channel (Thread); that locking is part of it, discord/discord-api-docs issue
    /// 6928 confirms.
    fn changes_more_than_state(&self) -> bool {
        self.name.is_some()
            || self.locked.is_some()
            || self.auto_archive_minutes.is_some()
            || self.invitable.is_some()
            || self.rate_limit_per_user.is_some()
            || self.tags.is_some()
            || self.pinned.is_some()
    }

    /// One post of a forum can be pinned at a time (30047).
    fn check_pin(&self, world: &World, thread: &Channel) -> Result<(), ApiError> {
        let pinned = |c: &&Channel| c.parent == thread.parent && c.id != thread.id && c.flags & PINNED != 0;
        if self.pinned == Some(true) && world.channels.values().filter(pinned).count() >= MAX_PINNED {
            let message = "Maximum number of pinned threads in a forum channel has been reached";
            return Err(ApiError::new(400, 30047, message));
        }
        Ok(())
    }

    /// Writes it into the thread; THREAD_UPDATE if anything changed.
    pub(super) fn write(self, tx: &mut Tx<'_>, id: ChannelId) -> Result<Value, ApiError> {
        let mut thread = tx.world.channel(id)?.clone();
        let before = wire::channel(tx.world, &thread);
        if let Some(name) = self.name {
            thread.name = name;
        }
        if let Some(seconds) = self.rate_limit_per_user {
            thread.rate_limit_per_user = seconds;
        }
        if let Some(pinned) = self.pinned {
            thread.flags = if pinned { thread.flags | PINNED } else { thread.flags & !PINNED };
        }
        let private = thread.kind == ChannelKind::PrivateThread;
        let mut woken = false;
        if let Some(meta) = &mut thread.thread {
            if let Some(archived) = self.archived.filter(|a| *a != meta.archived) {
                meta.archived = archived;
                meta.archive_timestamp = tx.now;
                woken = !archived;
                // See Discord docs: Threads / Forum and Media Channel Thread Fields.
                thread.flags &= if archived { !PINNED } else { u64::MAX };
            }
            meta.locked = self.locked.unwrap_or(meta.locked);
            // See Discord docs: Threads / Thread Fields (archive_timestamp).
            if let Some(minutes) = self.auto_archive_minutes.filter(|m| *m != meta.auto_archive_minutes) {
                meta.auto_archive_minutes = minutes;
                meta.archive_timestamp = tx.now;
            }
            if private {
                meta.invitable = self.invitable.unwrap_or(meta.invitable);
            }
            if let Some(tags) = self.tags {
                meta.tags = tags;
            }
        }
        let after = wire::channel(tx.world, &thread);
        tx.world.channels.insert(id, thread);
        tx.world.note_thread(id);
        if before != after {
            change::channel_event(tx, EventKind::ThreadUpdate, id);
        }
        if woken {
            thread_members::remind(tx, id);
        }
        Ok(after)
    }
}

/// Tags of a post, which must be the forum's.
pub(crate) fn read_applied_tags(form: Form<'_>, forum: Option<&Channel>) -> Vec<u64> {
    let list = form.list("applied_tags", MAX_APPLIED_TAGS).map_or(&[][..], Vec::as_slice);
    let mut tags = Vec::new();
    for (index, value) in list.iter().enumerate() {
        let id = body::parse_id::<RoleId>(value).map_or(0, RoleId::get);
        if forum.is_some_and(|f| f.tags.iter().any(|t| t.id == id)) {
            tags.push(id);
        } else {
            form.error(format_args!("applied_tags.{index}"), "UNKNOWN_TAG", "Unknown tag of this channel.");
        }
    }
    tags
}

/// PINNED, the one flag of a thread that can be set, in forums only.
fn read_pinned(form: Form<'_>, forum: Option<&Channel>) -> Option<bool> {
    let pinned = form.bits("flags")? & PINNED != 0;
    let possible = forum.is_some_and(|c| matches!(c.kind, ChannelKind::Forum | ChannelKind::Media));
    if pinned && !possible {
        let message = "Only threads of forum and media channels can be pinned.";
        form.error("flags", "CHANNEL_FLAG_PINNED_NOT_IN_FORUM", message);
    }
    possible.then_some(pinned)
}

/// Tags that only moderators may set, set or taken by somebody who is none: 50013.
pub(super) fn check_moderated(
    forum: Option<&Channel>,
    before: &[u64],
    after: &[u64],
) -> Result<(), ApiError> {
    let changed = |id: &u64| before.contains(id) != after.contains(id);
    let tags = forum.map_or(&[][..], |c| &c.tags);
    if tags.iter().any(|tag| tag.moderated && changed(&tag.id)) {
        return Err(ApiError::missing_permissions());
    }
    Ok(())
}

/// A forum that asks for a tag gets one: 40067.
pub(crate) fn check_required(forum: &Channel, tags: &[u64]) -> Result<(), ApiError> {
    if forum.flags & REQUIRE_TAG != 0 && tags.is_empty() {
        let message = "A tag is required to create a forum post in this channel";
        return Err(ApiError::new(400, 40067, message));
    }
    Ok(())
}
