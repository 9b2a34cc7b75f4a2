//! Messages and what hangs on them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    ApplicationId, AttachmentId, ChannelId, EmojiId, GuildId, InteractionId, MessageId, Poll, RoleId,
    StickerItem, Timestamp, UserId, WebhookId,
};

/// Message flags. See Discord docs: Message / Message Flags.
pub mod flags {
    #![expect(missing_docs, reason = "the names are Discord's own")]
    pub const CROSSPOSTED: u64 = 1 << 0;
    pub const IS_CROSSPOST: u64 = 1 << 1;
    pub const SUPPRESS_EMBEDS: u64 = 1 << 2;
    pub const SOURCE_MESSAGE_DELETED: u64 = 1 << 3;
    pub const HAS_THREAD: u64 = 1 << 5;
    pub const EPHEMERAL: u64 = 1 << 6;
    pub const LOADING: u64 = 1 << 7;
    pub const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
    pub const HAS_SNAPSHOT: u64 = 1 << 14;
    pub const IS_COMPONENTS_V2: u64 = 1 << 15;
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Author {
    /// A user.
    User(UserId),
    /// A webhook with the name and avatar it used.
    Webhook {
        /// Webhook id.
        id: WebhookId,
        /// Name shown.
        name: String,
        /// Avatar hash shown.
        #[serde(default)]
        avatar: Option<String>,
    },
}

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    /// Id.
    pub id: MessageId,
    /// Where.
    pub channel: ChannelId,
    /// Guild, absent in DMs.
    pub guild: Option<GuildId>,
    /// Who wrote it.
    pub author: Author,
    /// Message type (0 default, 6 pin, 7 join, 12 channel followed, 18 thread created, 19 reply, 20 slash, 21 starter, 23 menu).
    pub kind: u8,
    /// Text, up to 2000 characters.
    pub content: String,
    /// When.
    pub sent: Timestamp,
    /// Last edit.
    pub edited: Option<Timestamp>,
    /// Text to speech.
    pub tts: bool,
    /// Pinged everyone.
    pub mention_everyone: bool,
    /// Users mentioned (and pinged).
    pub mentions: Vec<UserId>,
    /// Roles mentioned.
    pub mention_roles: Vec<RoleId>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Embeds, validated and normalised, as the API answers them.
    pub embeds: Vec<Value>,
    /// Components, validated and normalised with ids.
    pub components: Vec<Value>,
    /// Reactions in the order of the first of each.
    pub reactions: Vec<Reaction>,
    /// Flags.
    pub flags: u64,
    /// `message_reference` of replies, pins, thread starters, forwards: channel and message.
    pub reference: Option<(ChannelId, MessageId)>,
    /// The guild of that reference, where it is another's: crossposted messages. Of a forward always, `None` when it
    /// was taken from a direct message.
    #[serde(default)]
    pub reference_guild: Option<GuildId>,
    /// The sender's nonce (string or integer as given).
    pub nonce: Option<Value>,
    /// When it was pinned.
    pub pinned: Option<Timestamp>,
    /// The application that answered with it, for interaction answers and follow-ups.
    pub application: Option<ApplicationId>,
    /// What it answers.
    pub interaction: Option<InteractionMeta>,
    /// The thread started from it (same number as its own id).
    pub thread: Option<ChannelId>,
    /// Set for ephemeral messages: the only person who sees it.
    pub ephemeral_to: Option<UserId>,
    /// A poll.
    pub poll: Option<Poll>,
    /// Stickers.
    #[serde(default)]
    pub stickers: Vec<StickerItem>,
    /// What a forward took from the message it forwards.
    #[serde(default)]
    pub snapshot: Option<Box<Snapshot>>,
}

impl Message {
    /// Its files, those of what it forwards among them.
    pub fn files(&self) -> impl Iterator<Item = &Attachment> {
        self.attachments.iter().chain(self.snapshot.iter().flat_map(|s| &s.attachments))
    }
}

/// A message as it was when it was forwarded; it never changes again. See Discord docs: Message / Message Snapshot
/// Object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// Message type.
    pub kind: u8,
    /// Text.
    pub content: String,
    /// When it was sent.
    pub sent: Timestamp,
    /// Last edit before it was forwarded.
    pub edited: Option<Timestamp>,
    /// Users mentioned.
    pub mentions: Vec<UserId>,
    /// Roles mentioned.
    pub mention_roles: Vec<RoleId>,
    /// Copies of its files: they outlive the message.
    pub attachments: Vec<Attachment>,
    /// Embeds as answers show them.
    pub embeds: Vec<Value>,
    /// Components as answers show them.
    pub components: Vec<Value>,
    /// Flags.
    pub flags: u64,
    /// Stickers.
    pub stickers: Vec<StickerItem>,
}

/// `interaction_metadata`. See Discord docs: Message / Message Interaction Metadata.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InteractionMeta {
    /// The interaction.
    pub id: InteractionId,
    /// Interaction type.
    pub kind: u8,
    /// Who invoked it.
    pub user: UserId,
    /// Command name, for slash and menus ("name" of the deprecated `interaction` object too).
    pub name: Option<String>,
    /// Follow-ups: the original answer.
    pub original_response: Option<MessageId>,
    /// Components: the message they hang on.
    pub interacted_message: Option<MessageId>,
    /// Modals: what opened them.
    pub triggering: Option<Box<InteractionMeta>>,
    /// User menus: the target.
    pub target_user: Option<UserId>,
    /// Message menus: the target.
    pub target_message: Option<MessageId>,
    /// `authorizing_integration_owners`, as on the interaction.
    pub owners: Value,
}

/// A file on a message. Its bytes are in the world's blob store under its id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attachment {
    /// Id; part of its CDN address.
    pub id: AttachmentId,
    /// File name.
    pub filename: String,
    /// Alt text, up to 1024 characters.
    pub description: Option<String>,
    /// Media type.
    pub content_type: Option<String>,
    /// Bytes.
    pub size: u64,
    /// Pixels, of images.
    pub dimensions: Option<(u32, u32)>,
}

/// Bytes on their way in: one file of a request.
#[derive(Clone, Debug)]
pub struct Upload {
    /// `n` of the part `files[n]`; `attachments[].id` in the body refers to it.
    pub index: u64,
    /// File name.
    pub filename: String,
    /// Media type as sent.
    pub content_type: Option<String>,
    /// Content.
    pub bytes: Vec<u8>,
}

/// A reaction emoji with who used it, in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reaction {
    /// Custom emoji id, absent for Unicode.
    pub emoji_id: Option<EmojiId>,
    /// Unicode emoji, or the custom emoji's name.
    pub emoji_name: String,
    /// Whether it is a custom emoji that moves.
    #[serde(default)]
    pub animated: bool,
    /// Who reacted.
    pub users: Vec<UserId>,
}
