//! Turning a draft into a stored message and MESSAGE_CREATE, for whoever sends it.

use std::cell::RefCell;

use serde_json::Value;

use super::{AllowedMentions, Draft, NewFile, audience, files, mentions, thread};
use crate::{
    ApiError, ApplicationId, Attachment, AttachmentId, Author, ChannelId, EventKind, FormErrors,
    InteractionMeta, Message, MessageId, Tx, UserId, World,
    components::{MediaFacts, resolve_media},
    flags,
    messages::{attachment_url, embeds::ATTACHMENT},
    wire,
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
    /// The application, for interaction answers and follow-ups.
    pub application: Option<ApplicationId>,
    /// What it answers.
    pub interaction: Option<InteractionMeta>,
    /// The only person who sees it.
    pub ephemeral_to: Option<UserId>,
    /// Its id, where it is given by rule: the first message of a forum post has the thread's. Else it is minted.
    pub id: Option<MessageId>,
}

impl PublishAs {
    /// A plain message of a user.
    pub fn user(channel: ChannelId, user: UserId) -> Self {
        Self {
            channel,
            author: Author::User(user),
            kind: 0,
            reference: None,
            application: None,
            interaction: None,
            ephemeral_to: None,
            id: None,
        }
    }
}

/// Publishes a draft without asking for permissions: stores the message and its files, resolves mentions and
/// `attachment://`, emits MESSAGE_CREATE. In a thread the author joins and the thread wakes up.
///
/// # Errors
/// 10003 without the channel; 50035 when a component shows a file that is not there.
pub fn publish(tx: &mut Tx<'_>, draft: Draft, how: PublishAs) -> Result<MessageId, ApiError> {
    let guild = tx.world.channel(how.channel)?.guild;
    let ids: Vec<AttachmentId> = draft.files.iter().map(|_| AttachmentId::new(tx.mint())).collect();
    let shown = Shown::new(tx.world, how.channel, &[], &draft.files, &ids);
    let (mut embeds, mut components) = (draft.embeds, draft.components);
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
    let mentions = mentions::resolve(&context, &draft.content, &components, &draft.allowed);
    let id = how.id.unwrap_or_else(|| MessageId::new(tx.mint()));
    let stored = draft.files.into_iter().zip(ids).map(|(file, id)| files::store(tx, id, file)).collect();
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
        flags: draft.flags & !flags::EPHEMERAL | ephemeral,
        reference: how.reference,
        nonce: draft.nonce,
        pinned: None,
        application: how.application,
        interaction: how.interaction,
        thread: None,
        ephemeral_to: how.ephemeral_to,
        poll: draft.poll,
    };
    insert(tx, message, author);
    Ok(id)
}

/// What a system message says. See Discord docs: Message / Message Types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum System {
    /// Type 6: the author pinned the message, which is in the same channel.
    Pin(MessageId),
    /// Type 7: the author joined.
    Join,
    /// Type 18: the author started a thread of that name that does not hang on a message.
    ThreadCreated(ChannelId, String),
    /// Type 21, first in a thread that hangs on a message: refers to the message and its channel.
    ThreadStarter(ChannelId, MessageId),
}

/// Publishes a system message. Without the channel nothing happens and the id names no message.
pub fn system(tx: &mut Tx<'_>, channel: ChannelId, author: UserId, what: System) -> MessageId {
    let (kind, content, reference) = match what {
        System::Pin(message) => (6, String::new(), Some((channel, message))),
        System::Join => (7, String::new(), None),
        // The reference of type 18 is to the thread alone; the id is that of no message.
        System::ThreadCreated(thread, name) => (18, name, Some((thread, thread.into()))),
        System::ThreadStarter(parent, message) => (21, String::new(), Some((parent, message))),
    };
    let how = PublishAs { kind, reference, ..PublishAs::user(channel, author) };
    // A thread's name pings nobody.
    let draft = Draft { allowed: AllowedMentions::none(), ..Draft::text(content) };
    publish(tx, draft, how).unwrap_or(MessageId::new(0))
}

fn insert(tx: &mut Tx<'_>, message: Message, author: Option<UserId>) {
    let (id, place, ephemeral) = (message.id, message.channel, message.ephemeral_to.is_some());
    if let (Some(author), false) = (author, ephemeral) {
        thread::on_message(tx, place, author, message.kind);
    }
    let audience = audience(&message);
    tx.world.message_channel.insert(id, place);
    let Some(channel) = tx.world.channels.get_mut(&place) else { return };
    if !ephemeral {
        channel.last_message = Some(id);
    }
    channel.messages.insert(id, message);
    let forgotten = if channel.messages.len() > MAX_KEPT { channel.messages.pop_first() } else { None };
    if let Some((old, message)) = forgotten {
        tx.world.message_channel.remove(&old);
        forget_blobs(tx.world, &message.attachments);
    }
    if let Ok(message) = tx.world.message(place, id) {
        let data = wire::message_event(tx.world, message);
        tx.emit(EventKind::MessageCreate, audience, data);
    }
}

/// Drops the bytes of attachments that are gone.
pub(super) fn forget_blobs(world: &mut World, attachments: &[Attachment]) {
    for attachment in attachments {
        world.blobs.remove(&attachment.id);
    }
}

/// The attachments that embeds and components of a message can show, by name.
pub(super) struct Shown {
    /// Names that lead to it, and what is known of it.
    files: Vec<([String; 2], MediaFacts)>,
}

impl Shown {
    /// `present` are stored attachments, `files` those to be stored under `ids`.
    pub(super) fn new(
        world: &World,
        channel: ChannelId,
        present: &[Attachment],
        files: &[NewFile],
        ids: &[AttachmentId],
    ) -> Self {
        let facts = |attachment: &Attachment| MediaFacts {
            id: attachment.id,
            url: attachment_url(world, channel, attachment),
            filename: attachment.filename.clone(),
            size: attachment.size,
            dimensions: attachment.dimensions,
            content_type: attachment.content_type.clone(),
        };
        let new = files.iter().zip(ids).map(|(file, id)| {
            ([file.filename.clone(), file.original.clone()], facts(&files::metadata(*id, file)))
        });
        let old = present.iter().map(|a| ([a.filename.clone(), a.filename.clone()], facts(a)));
        // A new file wins over an old one of the same name.
        Self { files: new.chain(old).collect() }
    }

    fn find(&self, name: &str) -> Option<&MediaFacts> {
        let matches = |(names, facts): &&([String; 2], MediaFacts)| {
            names.iter().any(|n| n == name) || facts.id.to_string() == name
        };
        self.files.iter().find(matches).map(|(_, facts)| facts)
    }

    /// The file at an address of ours: clients send embeds and components back as they got them.
    fn at(&self, url: &str) -> Option<&MediaFacts> {
        self.files.iter().map(|(_, facts)| facts).find(|facts| facts.url == url)
    }

    /// Names stored files in components by id again, so that what is known of them is filled in anew.
    fn rename(&self, value: &mut Value) {
        match value {
            Value::Object(map) => {
                let facts = map.get("url").and_then(Value::as_str).and_then(|url| self.at(url));
                if let Some(facts) = facts {
                    map["url"] = format!("{ATTACHMENT}{}", facts.id).into();
                }
                map.values_mut().for_each(|value| self.rename(value));
            }
            Value::Array(list) => list.iter_mut().for_each(|value| self.rename(value)),
            _ => {}
        }
    }

    /// Puts addresses in place of `attachment://name`. An embed that shows a missing file loses the picture
    /// without an error; for a component it is one.
    pub(super) fn resolve(
        &self,
        tx: &mut Tx<'_>,
        embeds: &mut [Value],
        components: &mut [Value],
    ) -> Result<(), ApiError> {
        for embed in embeds {
            self.embed(embed);
        }
        components.iter_mut().for_each(|component| self.rename(component));
        let errors = RefCell::new(FormErrors::default());
        let lookup = |name: &str| self.find(name).cloned();
        resolve_media(components, "components", &mut || tx.mint(), &lookup, &errors);
        errors.into_inner().finish()
    }

    fn embed(&self, embed: &mut Value) {
        let Some(embed) = embed.as_object_mut() else { return };
        for key in ["image", "thumbnail"] {
            let Some(url) = embed.get(key).and_then(|image| image["url"].as_str()) else { continue };
            let found = match url.strip_prefix(ATTACHMENT) {
                Some(name) => self.find(name),
                None if self.at(url).is_some() => self.at(url),
                None => continue,
            };
            match found {
                Some(facts) => {
                    let mut image = serde_json::json!({ "url": facts.url, "proxy_url": facts.url });
                    if let Some((width, height)) = facts.dimensions {
                        image["width"] = width.into();
                        image["height"] = height.into();
                    }
                    if let Some(kind) = &facts.content_type {
                        image["content_type"] = kind.as_str().into();
                    }
                    embed[key] = image;
                }
                None => {
                    embed.shift_remove(key);
                }
            }
        }
        for key in ["author", "footer"] {
            let Some(inner) = embed.get_mut(key).and_then(Value::as_object_mut) else { continue };
            let Some(name) = inner.get("icon_url").and_then(|u| u.as_str()?.strip_prefix(ATTACHMENT)) else {
                continue;
            };
            match self.find(name) {
                Some(facts) => {
                    inner["icon_url"] = facts.url.as_str().into();
                    inner["proxy_icon_url"] = facts.url.as_str().into();
                }
                None => {
                    inner.shift_remove("icon_url");
                    inner.shift_remove("proxy_icon_url");
                }
            }
        }
    }
}
