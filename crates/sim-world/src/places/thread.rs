//! Starting threads: from a message, on their own, and forum posts. See Discord docs: Topics / Threads.

use serde_json::{Value, json};

use super::{
    audit, change,
    channel_form::{MAX_SLOWMODE, read_archive_minutes},
    thread_members,
    thread_patch::{check_moderated, check_required, read_applied_tags},
};
use crate::{
    Action, Actor, ApiError, Author, Channel, ChannelId, ChannelKind, EventKind, GuildId, MessageId,
    ThreadMeta, Tx, Upload, UserId, World, auto_moderation,
    body::{self, Form},
    flags, messages, permissions, wire,
};

/// Active threads of one guild (160006 above it).
const MAX_ACTIVE: usize = 1000;
/// Minutes of quiet before a thread archives itself, if neither body nor channel say otherwise.
const DEFAULT_ARCHIVE_MINUTES: u32 = 1440;
/// Message types that a thread can hang on: plain, reply, slash and menu answers.
const CAN_START: [u8; 4] = [0, 19, 20, 23];

/// What all three ways have in common.
struct Basics {
    name: String,
    auto_archive_minutes: u32,
    rate_limit_per_user: u32,
}

fn basics(form: Form<'_>, parent: &Channel) -> Basics {
    if form.get("name").is_none() {
        form.missing("name");
    }
    let default = parent.default_auto_archive_minutes.unwrap_or(DEFAULT_ARCHIVE_MINUTES);
    let slowmode = form.integer("rate_limit_per_user", 0, MAX_SLOWMODE);
    Basics {
        name: form.string("name", 1, 100).unwrap_or_default().to_owned(),
        auto_archive_minutes: read_archive_minutes(form, "auto_archive_duration").unwrap_or(default),
        rate_limit_per_user: slowmode.and_then(|n| u32::try_from(n).ok()).unwrap_or(parent.thread_slowmode),
    }
}

fn check_room(world: &World, guild: GuildId) -> Result<(), ApiError> {
    let active = |c: &&Channel| c.guild == Some(guild) && c.thread.as_ref().is_some_and(|t| !t.archived);
    if world.channels.values().filter(active).count() >= MAX_ACTIVE {
        return Err(ApiError::new(400, 160_006, "Maximum number of active threads reached"));
    }
    Ok(())
}

/// Everything about a new thread that has been decided.
struct Start {
    id: ChannelId,
    kind: ChannelKind,
    guild: GuildId,
    parent: ChannelId,
    owner: UserId,
    basics: Basics,
    invitable: bool,
    tags: Vec<u64>,
    /// Whether the owner is somebody who can become its first member; a webhook cannot.
    joins: bool,
}

impl Start {
    /// Stores the thread with its owner as first member, and tells everybody.
    fn insert(self, tx: &mut Tx<'_>) {
        let mut thread = Channel::new(self.id, self.kind, Some(self.guild), self.basics.name);
        thread.parent = Some(self.parent);
        thread.rate_limit_per_user = self.basics.rate_limit_per_user;
        thread.thread = Some(Box::new(ThreadMeta {
            owner: self.owner,
            archived: false,
            archive_timestamp: tx.now,
            auto_archive_minutes: self.basics.auto_archive_minutes,
            locked: false,
            invitable: self.invitable,
            members: self.joins.then_some((self.owner, tx.now)).into_iter().collect(),
            total_messages: 0,
            tags: self.tags,
        }));
        let mut data = wire::channel(tx.world, &thread);
        data["newly_created"] = json!(true);
        let audience = change::channel_audience(&thread);
        tx.world.channels.insert(self.id, thread);
        tx.world.note_thread(self.id);
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.channels.push(self.id);
        }
        tx.emit(EventKind::ThreadCreate, audience, data);
        if self.joins {
            thread_members::announce(tx, self.id, &[self.owner]);
        }
    }
}

/// Tells the audit log of a thread that has been started; answers it.
fn finish(tx: &mut Tx<'_>, actor: Actor, id: ChannelId) -> Result<Value, ApiError> {
    let made = wire::channel(tx.world, tx.world.channel(id)?);
    audit::channel(tx, actor, &Value::Null, &made);
    Ok(wire::channel_for(tx.world, tx.world.channel(id)?, actor.user))
}

/// POST /channels/{channel}/messages/{message}/threads: a public thread on a message, whose id it takes.
///
/// # Errors
/// 10003, 10008, 50001, 50013 (CREATE_PUBLIC_THREADS), 50024 (neither text nor announcement), 50021 (system
/// message), 160004 (has one already), 160006, 50035.
#[derive(Debug)]
pub struct CreateThreadFromMessage {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// On which message.
    pub message: MessageId,
    /// The body: `name`, `auto_archive_duration`, `rate_limit_per_user`.
    pub body: Value,
}

impl Action for CreateThreadFromMessage {
    /// The thread object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let owner = self.actor.user;
        let parent =
            tx.world.require(self.actor, self.channel, permissions::CREATE_PUBLIC_THREADS, tx.now)?;
        let kind = match parent.kind {
            ChannelKind::Text => ChannelKind::PublicThread,
            ChannelKind::Announcement => ChannelKind::AnnouncementThread,
            _ => return Err(ApiError::wrong_channel_type()),
        };
        let guild = parent.guild.ok_or_else(ApiError::wrong_channel_type)?;
        let message = tx.world.message(self.channel, self.message)?;
        if message.ephemeral_to.is_some() {
            return Err(ApiError::unknown_message());
        }
        let basics = body::read(&self.body, |form| basics(form, parent))?;
        if message.thread.is_some() || tx.world.channels.contains_key(&self.message.into()) {
            return Err(ApiError::thread_exists());
        }
        if !CAN_START.contains(&message.kind) {
            return Err(ApiError::system_message());
        }
        check_room(tx.world, guild)?;
        let verdict = auto_moderation::screen_title(tx, self.channel, owner, &basics.name)?;
        let id = ChannelId::from(self.message);
        let parent = self.channel;
        Start { id, kind, guild, parent, owner, basics, invitable: true, tags: Vec::new(), joins: true }
            .insert(tx);
        mark_message(tx, self.channel, self.message, id);
        messages::system(tx, id, owner, messages::System::ThreadStarter(parent, self.message));
        execute(tx, verdict, None);
        finish(tx, self.actor, id)
    }
}

fn execute(tx: &mut Tx<'_>, verdict: Option<auto_moderation::Verdict>, message: Option<MessageId>) {
    if let Some(verdict) = verdict {
        verdict.execute(tx, message);
    }
}

/// The message shows that a thread hangs on it.
fn mark_message(tx: &mut Tx<'_>, channel: ChannelId, id: MessageId, thread: ChannelId) {
    let Some(place) = tx.world.channels.get_mut(&channel) else { return };
    let audience = change::channel_audience(place);
    let Some(message) = place.messages.get_mut(&id) else { return };
    message.thread = Some(thread);
    message.flags |= flags::HAS_THREAD;
    if let Ok(message) = tx.world.message(channel, id) {
        let data = wire::message_event(tx.world, message);
        tx.emit(EventKind::MessageUpdate, audience, data);
    }
}

/// POST /channels/{channel}/threads: a thread on its own (`type` defaults to a private one), or a post in a
/// forum or media channel, whose first message is in `message` and has the thread's id.
///
/// # Errors
/// 10003, 50001, 50013 (CREATE_PUBLIC_THREADS or CREATE_PRIVATE_THREADS, in forums SEND_MESSAGES), 50024,
/// 160006, 50035, and for posts 40067 and those of a message.
#[derive(Debug)]
pub struct CreateThread {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// The body.
    pub body: Value,
    /// Files of a post's first message.
    pub files: Vec<Upload>,
}

impl Action for CreateThread {
    /// The thread object; a post's with `message`.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let parent = tx.world.require(self.actor, self.channel, 0, tx.now)?;
        match parent.kind {
            ChannelKind::Text | ChannelKind::Announcement => self.plain(tx),
            ChannelKind::Forum | ChannelKind::Media => self.post(tx),
            _ => Err(ApiError::wrong_channel_type()),
        }
    }
}

impl CreateThread {
    fn plain(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let owner = self.actor.user;
        let parent = tx.world.channel(self.channel)?;
        let guild = parent.guild.ok_or_else(ApiError::wrong_channel_type)?;
        let (basics, kind, invitable) = body::read(&self.body, |form| {
            (basics(form, parent), read_kind(form, parent.kind), form.boolean("invitable").unwrap_or(true))
        })?;
        let bit = if kind == ChannelKind::PrivateThread {
            permissions::CREATE_PRIVATE_THREADS
        } else {
            permissions::CREATE_PUBLIC_THREADS
        };
        tx.world.require(self.actor, self.channel, bit, tx.now)?;
        check_room(tx.world, guild)?;
        let verdict = auto_moderation::screen_title(tx, self.channel, owner, &basics.name)?;
        let (id, name, parent) = (ChannelId::new(tx.mint()), basics.name.clone(), self.channel);
        Start { id, kind, guild, parent, owner, basics, invitable, tags: Vec::new(), joins: true }.insert(tx);
        if kind != ChannelKind::PrivateThread {
            messages::system(tx, self.channel, owner, messages::System::ThreadCreated(id, name));
        }
        execute(tx, verdict, None);
        finish(tx, self.actor, id)
    }

    fn post(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let owner = self.actor.user;
        let parent = tx.world.require(self.actor, self.channel, permissions::SEND_MESSAGES, tx.now)?;
        let guild = parent.guild.ok_or_else(ApiError::wrong_channel_type)?;
        let (basics, tags) = body::read(&self.body, |form| {
            if form.get("message").is_none() {
                form.missing("message");
            }
            let tags = form.get("applied_tags").map(|_| read_applied_tags(form, Some(parent)));
            (basics(form, parent), tags.unwrap_or_default())
        })?;
        let held = tx.world.channel_permissions(self.channel, owner, tx.now)?;
        if held & permissions::MANAGE_THREADS == 0 {
            check_moderated(Some(parent), &[], &tags)?;
        }
        check_required(parent, &tags)?;
        let draft = messages::draft(&self.body["message"], self.files, messages::Rules::Channel, tx.now)
            .map_err(|error| error.nested_under("message"))?;
        if !draft.files.is_empty() {
            tx.world.require(self.actor, self.channel, permissions::ATTACH_FILES, tx.now)?;
        }
        check_room(tx.world, guild)?;
        let title = auto_moderation::screen_title(tx, self.channel, owner, &basics.name)?;
        let text = auto_moderation::screen(tx, self.channel, owner, &draft.content)
            .map_err(|error| error.nested_under("message"))?;
        let how = messages::PublishAs::user(self.channel, owner);
        let id = Post { guild, forum: self.channel, owner, joins: true, basics, tags }
            .open(tx, draft, how)
            .map_err(|error| error.nested_under("message"))?;
        execute(tx, title, None);
        execute(tx, text, Some(id.into()));
        let mut value = finish(tx, self.actor, id)?;
        value["message"] = wire::message(tx.world, tx.world.message(id, id.into())?, Some(owner));
        Ok(value)
    }
}

/// A post in a forum, before its first message is there.
struct Post {
    guild: GuildId,
    forum: ChannelId,
    owner: UserId,
    joins: bool,
    basics: Basics,
    tags: Vec<u64>,
}

impl Post {
    /// Opens the thread with its first message, which has the thread's id.
    fn open(
        self,
        tx: &mut Tx<'_>,
        draft: messages::Draft,
        how: messages::PublishAs,
    ) -> Result<ChannelId, ApiError> {
        let Self { guild, forum, owner, joins, basics, tags } = self;
        check_room(tx.world, guild)?;
        let id = ChannelId::new(tx.mint());
        // Publishing can still fail on a component that shows a missing file; the thread must then not stay.
        let before = tx.world.guild(guild)?.channels.len();
        let mark = tx.event_count();
        let (kind, parent) = (ChannelKind::PublicThread, forum);
        Start { id, kind, guild, parent, owner, basics, invitable: true, tags, joins }.insert(tx);
        let how = messages::PublishAs { channel: id, id: Some(id.into()), ..how };
        if let Err(error) = messages::publish(tx, draft, how) {
            change::forget_channel(tx.world, id);
            tx.forget_events_from(mark);
            debug_assert_eq!(tx.world.guild(guild).map(|g| g.channels.len()), Ok(before));
            return Err(error);
        }
        if let Some(meta) = tx.world.channels.get_mut(&id).and_then(|thread| thread.thread.as_mut()) {
            // The starter does not count.
            meta.total_messages = 0;
        }
        if let Some(forum) = tx.world.channels.get_mut(&forum) {
            // In a forum the newest post stands where a text channel has its newest message.
            forum.last_message = Some(id.into());
        }
        Ok(id)
    }
}

/// A webhook opens a post in its forum: nobody is a member of it yet.
///
/// # Errors
/// 40067, 160006, and those of the message.
pub(crate) fn post_by_webhook(
    tx: &mut Tx<'_>,
    forum: ChannelId,
    name: String,
    tags: Vec<u64>,
    draft: messages::Draft,
    how: messages::PublishAs,
) -> Result<ChannelId, ApiError> {
    let channel = tx.world.channel(forum)?;
    let guild = channel.guild.ok_or_else(ApiError::wrong_channel_type)?;
    check_required(channel, &tags)?;
    let auto_archive_minutes = channel.default_auto_archive_minutes.unwrap_or(DEFAULT_ARCHIVE_MINUTES);
    let basics = Basics { name, auto_archive_minutes, rate_limit_per_user: channel.thread_slowmode };
    let owner = match how.author {
        Author::Webhook { id, .. } => UserId::new(id.get()),
        Author::User(user) => user,
    };
    Post { guild, forum, owner, joins: false, basics, tags }.open(tx, draft, how)
}

/// The type asked for, among those that the parent can have.
fn read_kind(form: Form<'_>, parent: ChannelKind) -> ChannelKind {
    let number = form.integer("type", 0, i64::from(u8::MAX));
    let asked = number.and_then(|n| ChannelKind::from_number(u64::try_from(n).ok()?));
    let allowed: &[ChannelKind] = match parent {
        ChannelKind::Announcement => &[ChannelKind::AnnouncementThread],
        _ => &[ChannelKind::PrivateThread, ChannelKind::PublicThread],
    };
    match (number, asked.filter(|k| allowed.contains(k))) {
        (None, _) => allowed[0],
        (_, Some(kind)) => kind,
        (Some(_), None) => {
            form.error("type", "BASE_TYPE_CHOICES", "Value must be one of the thread types allowed here.");
            allowed[0]
        }
    }
}
