//! Turning a draft into a stored message and MESSAGE_CREATE, for whoever sends it.

use serde_json::Value;

use super::{AllowedMentions, Draft, Shown, audience, copies, files, mentions, poll, stickers, thread};
use crate::{
    ApiError, ApplicationId, Attachment, AttachmentId, Author, ChannelId, EventKind, GuildId,
    InteractionMeta, Message, MessageId, Snapshot, Tx, UserId, World, flags, wire,
};

/// Messages a channel keeps; beyond, the oldest are forgotten without an event. A load test of hours must not
/// fill the memory, and no client reads back so far.
const MAX_KEPT: usize = 100_000;

/// Where and as what a message is published.
#[derive(Clone, Debug)]
pub struct PublishAs {
    /// Where; the channel must exist.
    pub channel: ChannelId,
    /// Who wrote it.
    pub author: Author,
    /// Message type.
    pub kind: u8,
    /// The message it refers to.
    pub reference: Option<(ChannelId, MessageId)>,
    /// The guild of that message, where it is another's.
    pub reference_guild: Option<GuildId>,
    /// What it forwards: what the reference names. Its files are still that message's.
    pub snapshot: Option<Box<Snapshot>>,
    /// The application, for interaction answers and follow-ups.
    pub application: Option<ApplicationId>,
    /// What it answers.
    pub interaction: Option<InteractionMeta>,
    /// The only person who sees it.
    pub ephemeral_to: Option<UserId>,
    /// Its id, where it is given by rule: the first message of a forum post has the thread's. Else it is minted.
    pub id: Option<MessageId>,
    /// Whom it mentions beside those that its text names: the one that a system message is about.
    pub about: Option<UserId>,
}

impl PublishAs {
    /// A plain message of a user.
    pub fn user(channel: ChannelId, user: UserId) -> Self {
        Self {
            channel,
            author: Author::User(user),
            kind: 0,
            reference: None,
            reference_guild: None,
            snapshot: None,
            application: None,
            interaction: None,
            ephemeral_to: None,
            id: None,
            about: None,
        }
    }
}

/// Publishes a draft without asking for permissions: stores the message and its files, resolves mentions and
/// `attachment://`, emits MESSAGE_CREATE. In a thread the author joins and the thread wakes up.
///
/// # Errors
/// 10003 without the channel; 50035 when a component shows a file that is not there; 50081 for a sticker that is
/// neither the guild's nor everybody's.
pub fn publish(tx: &mut Tx<'_>, draft: Draft, how: PublishAs) -> Result<MessageId, ApiError> {
    publish_shown(tx, draft, how).map(|(id, _)| id)
}

/// As [`publish`]; answers the message too, as REST shows it to nobody in particular. That is most of the event, so it is
/// not rendered twice.
pub(super) fn publish_shown(
    tx: &mut Tx<'_>,
    draft: Draft,
    how: PublishAs,
) -> Result<(MessageId, Value), ApiError> {
    let guild = tx.world.channel(how.channel)?.guild;
    let ids: Vec<AttachmentId> = draft.files.iter().map(|_| AttachmentId::new(tx.mint())).collect();
    let shown = Shown::new(tx.world, how.channel, &[], &draft.files, &ids);
    let (mut embeds, mut components) = (draft.embeds, draft.components);
    let stickers = stickers::resolve(tx.world, guild, &draft.stickers)?;
    shown.resolve(tx, &mut embeds, &mut components)?;
    // All checks are done; from here on nothing fails.
    let author = match how.author {
        Author::User(user) => Some(user),
        Author::Webhook { .. } => None,
    };
    let replied = (how.kind == 19).then_some(how.reference).flatten();
    let replied = replied.and_then(|(channel, id)| tx.world.message(channel, id).ok());
    let replied = replied.and_then(|m| match m.author {
        Author::User(user) => Some(user),
        Author::Webhook { .. } => None,
    });
    let context = mentions::Context { world: tx.world, channel: how.channel, author, replied, now: tx.now };
    let mut mentions = mentions::resolve(&context, &draft.content, &components, &draft.allowed);
    mentions.users.extend(how.about);
    let mut poll = draft.poll;
    if let Some(poll) = &mut poll {
        poll::complete(tx.world, poll);
    }
    let id = how.id.unwrap_or_else(|| MessageId::new(tx.mint()));
    let stored = draft.files.into_iter().zip(ids).map(|(file, id)| files::store(tx, id, file)).collect();
    let snapshot = how.snapshot.zip(how.reference).map(|(mut snapshot, (from, _))| {
        let Snapshot { attachments, embeds, components, .. } = &mut *snapshot;
        copies::copy_files(tx, from, how.channel, attachments, [embeds, components]);
        snapshot
    });
    let forwarded = if snapshot.is_some() { flags::HAS_SNAPSHOT } else { 0 };
    let ephemeral = if how.ephemeral_to.is_some() { flags::EPHEMERAL } else { 0 };
    let message = Message {
        id,
        channel: how.channel,
        guild,
        author: how.author,
        kind: how.kind,
        content: draft.content,
        sent: tx.now,
        edited: None,
        tts: draft.tts,
        mention_everyone: mentions.everyone,
        mentions: mentions.users,
        mention_roles: mentions.roles,
        attachments: stored,
        embeds,
        components,
        reactions: Vec::new(),
        flags: draft.flags & !flags::EPHEMERAL | ephemeral | forwarded,
        reference: how.reference,
        reference_guild: how.reference_guild,
        nonce: draft.nonce,
        pinned: None,
        application: how.application,
        interaction: how.interaction,
        thread: None,
        ephemeral_to: how.ephemeral_to,
        poll,
        stickers,
        snapshot,
    };
    Ok((id, insert(tx, message, author)))
}

/// What a system message says. See Discord docs: Message / Message Types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum System {
    /// Type 1: the author added somebody to the thread.
    Added(UserId),
    /// Type 2: the author removed somebody from the thread.
    Removed(UserId),
    /// Type 4: the author gave the thread this name.
    Renamed(String),
    /// Type 6: the author pinned the message, which is in the same channel.
    Pin(MessageId),
    /// Type 7: the author joined.
    Join,
    /// Type 12: the author let the channel follow this announcement channel of this guild; the text names both.
    Followed(GuildId, ChannelId, String),
    /// Type 18: the author started a thread of that name that does not hang on a message.
    ThreadCreated(ChannelId, String),
    /// Type 21, first in a thread that hangs on a message: refers to the message and its channel.
    ThreadStarter(ChannelId, MessageId),
}

/// Publishes a system message. Without the channel nothing happens and the id names no message.
pub fn system(tx: &mut Tx<'_>, channel: ChannelId, author: UserId, what: System) -> MessageId {
    let reference_guild = match &what {
        System::Followed(guild, ..) => Some(*guild),
        _ => None,
    };
    let about = match &what {
        System::Added(user) | System::Removed(user) => Some(*user),
        _ => None,
    };
    let (kind, content, reference) = match what {
        System::Added(_) => (1, String::new(), None),
        System::Removed(_) => (2, String::new(), None),
        System::Renamed(name) => (4, name, None),
        System::Pin(message) => (6, String::new(), Some((channel, message))),
        System::Join => (7, String::new(), None),
        // The reference of types 12 and 18 is to the channel or thread alone; the id is that of no message.
        System::Followed(_, source, name) => (12, name, Some((source, source.into()))),
        System::ThreadCreated(thread, name) => (18, name, Some((thread, thread.into()))),
        System::ThreadStarter(parent, message) => (21, String::new(), Some((parent, message))),
    };
    let how = PublishAs { kind, reference, reference_guild, about, ..PublishAs::user(channel, author) };
    // A thread's name pings nobody.
    let draft = Draft { allowed: AllowedMentions::none(), ..Draft::text(content) };
    publish(tx, draft, how).unwrap_or(MessageId::new(0))
}

/// Stores and announces a message; answers it as REST shows it.
pub(super) fn insert(tx: &mut Tx<'_>, message: Message, author: Option<UserId>) -> Value {
    let (id, place, ephemeral) = (message.id, message.channel, message.ephemeral_to.is_some());
    if !ephemeral {
        thread::on_message(tx, &message, author);
    }
    let audience = audience(&message);
    tx.world.message_channel.insert(id, place);
    if let Some(poll) = &message.poll {
        tx.world.note_poll(poll.expiry, place, id);
    }
    let Some(channel) = tx.world.channels.get_mut(&place) else { return Value::Null };
    if !ephemeral {
        channel.last_message = Some(id);
    }
    channel.messages.insert(id, message);
    let forgotten = if channel.messages.len() > MAX_KEPT { channel.messages.pop_first() } else { None };
    if let Some((old, message)) = forgotten {
        tx.world.message_channel.remove(&old);
        forget_blobs(tx.world, message.files());
    }
    let Ok(message) = tx.world.message(place, id) else { return Value::Null };
    let shown = wire::message(tx.world, message, None);
    let data = wire::announced(tx.world, message, shown.clone());
    tx.emit(EventKind::MessageCreate, audience, data);
    shown
}

/// Drops the bytes of attachments that are gone.
pub(super) fn forget_blobs<'a>(world: &mut World, attachments: impl IntoIterator<Item = &'a Attachment>) {
    for attachment in attachments {
        world.blobs.remove(&attachment.id);
    }
}
