//! What forum and media channels have beside other channels.

use serde::{Deserialize, Serialize};

use crate::EmojiId;

/// Channel flags. See Discord docs: Channel / Channel Flags.
pub mod channel_flags {
    #![expect(missing_docs, reason = "the names are Discord's own")]
    pub const PINNED: u64 = 1 << 1;
    pub const REQUIRE_TAG: u64 = 1 << 4;
    pub const HIDE_MEDIA_DOWNLOAD_OPTIONS: u64 = 1 << 15;
}

/// A tag of a forum or media channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForumTag {
    /// Id.
    pub id: u64,
    /// Name, up to 20 characters.
    pub name: String,
    /// Only moderators may set it.
    pub moderated: bool,
    /// Custom emoji of the guild.
    #[serde(default)]
    pub emoji_id: Option<EmojiId>,
    /// Unicode emoji.
    pub emoji_name: Option<String>,
}

/// How a forum or media channel shows its posts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForumSettings {
    /// The emoji of the reaction button: a custom one of the guild, or a Unicode one.
    pub reaction: Option<Box<(Option<EmojiId>, Option<String>)>>,
    /// 0 latest activity, 1 creation.
    pub sort_order: Option<u8>,
    /// 0 not set, 1 list, 2 gallery.
    pub layout: u8,
    /// Whether posts must have all tags that are looked for, or some.
    pub match_all_tags: Option<bool>,
}
