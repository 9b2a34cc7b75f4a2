//! Channels: guild channels, threads and DMs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::usual;
use crate::{ChannelId, ForumSettings, ForumTag, GuildId, Message, MessageId, Timestamp, UserId};

/// Channel types. See Discord docs: Channel / Channel Types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum ChannelKind {
    /// Text.
    Text = 0,
    /// Direct message between two users.
    Dm = 1,
    /// Voice (has a text chat).
    Voice = 2,
    /// Category.
    Category = 4,
    /// Announcement.
    Announcement = 5,
    /// Thread in an announcement channel.
    AnnouncementThread = 10,
    /// Public thread.
    PublicThread = 11,
    /// Private thread.
    PrivateThread = 12,
    /// Stage (has a text chat).
    Stage = 13,
    /// Forum.
    Forum = 15,
    /// Media.
    Media = 16,
}

impl ChannelKind {
    const ALL: [Self; 11] = [
        Self::Text,
        Self::Dm,
        Self::Voice,
        Self::Category,
        Self::Announcement,
        Self::AnnouncementThread,
        Self::PublicThread,
        Self::PrivateThread,
        Self::Stage,
        Self::Forum,
        Self::Media,
    ];

    /// From the wire's number.
    pub fn from_number(n: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|k| *k as u64 == n)
    }

    /// Any of the three thread types.
    pub fn is_thread(self) -> bool {
        matches!(self, Self::AnnouncementThread | Self::PublicThread | Self::PrivateThread)
    }

    /// Whether messages can be sent there directly.
    pub fn holds_messages(self) -> bool {
        !matches!(self, Self::Category | Self::Forum | Self::Media)
    }

    /// Voice or stage.
    pub fn is_voice(self) -> bool {
        matches!(self, Self::Voice | Self::Stage)
    }
}

/// Whom an overwrite is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum OverwriteKind {
    /// A role.
    Role = 0,
    /// A member.
    Member = 1,
}

/// A permission overwrite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overwrite {
    /// Role or user id.
    pub id: u64,
    /// Which of the two.
    pub kind: OverwriteKind,
    /// Bits allowed.
    pub allow: u64,
    /// Bits denied.
    pub deny: u64,
}

/// What only threads have.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ThreadMeta {
    /// Who opened it.
    pub owner: UserId,
    /// Archived.
    #[serde(default, skip_serializing_if = "usual")]
    pub archived: bool,
    /// When the archive state last changed.
    pub archive_timestamp: Timestamp,
    /// Minutes: 60, 1440, 4320 or 10080.
    pub auto_archive_minutes: u32,
    /// Only moderators may unarchive.
    #[serde(default, skip_serializing_if = "usual")]
    pub locked: bool,
    /// Private threads: members may invite.
    #[serde(default, skip_serializing_if = "usual")]
    pub invitable: bool,
    /// Members with the time they joined.
    pub members: BTreeMap<UserId, Timestamp>,
    /// Messages ever sent, without the starter.
    #[serde(default, skip_serializing_if = "usual")]
    pub total_messages: u64,
    /// Tags of a forum post, at most 5.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<u64>,
}

/// A channel, with its messages.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Channel {
    /// Id.
    pub id: ChannelId,
    /// Type.
    pub kind: ChannelKind,
    /// Absent for DMs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guild: Option<GuildId>,
    /// Name; empty for DMs.
    pub name: String,
    /// Topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Position among its siblings.
    pub position: i64,
    /// Category, or a thread's channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<ChannelId>,
    /// Permission overwrites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overwrites: Vec<Overwrite>,
    /// Age restricted.
    #[serde(default, skip_serializing_if = "usual")]
    pub nsfw: bool,
    /// Slowmode in seconds.
    #[serde(default, skip_serializing_if = "usual")]
    pub rate_limit_per_user: u32,
    /// Voice: bits per second.
    #[serde(default, skip_serializing_if = "usual")]
    pub bitrate: u32,
    /// Voice: 0 is no limit.
    #[serde(default, skip_serializing_if = "usual")]
    pub user_limit: u32,
    /// The two users of a DM.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<UserId>,
    /// Threads only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<Box<ThreadMeta>>,
    /// Flags: of forums, and of their posts.
    #[serde(default, skip_serializing_if = "usual")]
    pub flags: u64,
    /// Forum and media channels: how they show their posts.
    #[serde(default, skip_serializing_if = "usual")]
    pub forum: ForumSettings,
    /// Slowmode in seconds that new threads begin with.
    #[serde(default, skip_serializing_if = "usual")]
    pub thread_slowmode: u32,
    /// Voice: the region, automatic when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rtc_region: Option<String>,
    /// Voice: 1 automatic, 2 full; 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video_quality: Option<u8>,
    /// Forum and media channels: at most 20 tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<ForumTag>,
    /// `default_auto_archive_duration` of new threads, in minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_auto_archive_minutes: Option<u32>,
    /// Newest message ever sent there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_message: Option<MessageId>,
    /// When something was last pinned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_pin: Option<Timestamp>,
    /// When each user last wrote here, for slowmode; bounded by the members who write.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub last_sent: BTreeMap<UserId, Timestamp>,
    /// The messages, ephemeral ones too, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub messages: BTreeMap<MessageId, Message>,
}

impl Channel {
    /// An empty channel without a parent at position 0. Voice and stage channels get Discord's default bitrate.
    pub fn new(id: ChannelId, kind: ChannelKind, guild: Option<GuildId>, name: impl Into<String>) -> Self {
        Self {
            id,
            kind,
            guild,
            name: name.into(),
            topic: None,
            position: 0,
            parent: None,
            overwrites: Vec::new(),
            nsfw: false,
            rate_limit_per_user: 0,
            bitrate: if kind.is_voice() { 64_000 } else { 0 },
            user_limit: 0,
            recipients: Vec::new(),
            thread: None,
            flags: 0,
            forum: ForumSettings::default(),
            thread_slowmode: 0,
            rtc_region: None,
            video_quality: None,
            tags: Vec::new(),
            default_auto_archive_minutes: None,
            last_message: None,
            last_pin: None,
            last_sent: BTreeMap::new(),
            messages: BTreeMap::new(),
        }
    }
}
