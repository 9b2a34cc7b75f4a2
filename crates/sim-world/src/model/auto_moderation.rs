//! Rules of auto moderation. See Discord docs: Auto Moderation.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use crate::{ChannelId, RoleId, RuleId, UserId};

/// Bytes that a compiled pattern may take. The engine works in linear time, whatever the pattern; this keeps the
/// factor small.
const MAX_COMPILED: usize = 1 << 20;

/// A regular expression in Rust's flavour, which is Discord's; compiled when it is first used.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Pattern {
    text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        Self { text, compiled: OnceLock::new() }
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.text
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Pattern {
    /// As it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The engine's form; `None` when the text is no expression, or one that would take too much memory.
    pub fn regex(&self) -> Option<&Regex> {
        let build = || {
            let mut builder = RegexBuilder::new(&self.text);
            builder.case_insensitive(true).size_limit(MAX_COMPILED).dfa_size_limit(MAX_COMPILED);
            builder.build().ok()
        };
        self.compiled.get_or_init(build).as_ref()
    }
}

/// What is looked for in texts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Filter {
    /// Words and phrases with `*` at either end for "goes on".
    pub keywords: Vec<String>,
    /// Regular expressions.
    pub patterns: Vec<Pattern>,
    /// Words and phrases that are no match.
    pub allowed: Vec<String>,
}

/// What triggers a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Trigger {
    /// Words of a list.
    Keyword(Filter),
    /// What looks like spam.
    Spam,
    /// Words of Discord's lists.
    Preset {
        /// Which lists: 1 profanity, 2 sexual content, 3 slurs.
        presets: Vec<u8>,
        /// Words and phrases that are no match.
        allowed: Vec<String>,
    },
    /// More users and roles mentioned than this.
    MentionSpam {
        /// How many are allowed, 0 to 50.
        limit: u32,
        /// Kept; there are no raids to detect.
        raid_protection: bool,
    },
    /// Words of a list in a member's profile.
    Profile(Filter),
}

impl Trigger {
    /// Discord's number.
    pub fn number(&self) -> u8 {
        match self {
            Self::Keyword(_) => 1,
            Self::Spam => 3,
            Self::Preset { .. } => 4,
            Self::MentionSpam { .. } => 5,
            Self::Profile(_) => 6,
        }
    }

    /// Rules of this kind that a guild may have.
    pub fn most(&self) -> usize {
        if matches!(self, Self::Keyword(_)) { 6 } else { 1 }
    }
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleAction {
    /// 1: the message is not sent.
    Block {
        /// What the sender is told.
        explanation: Option<String>,
    },
    /// 2: a message of type 24 in this channel.
    Alert(ChannelId),
    /// 3: a time-out of so many seconds.
    Timeout(u32),
    /// 4: the member cannot interact until their profile is changed.
    BlockInteraction,
}

impl RuleAction {
    /// Discord's number.
    pub fn number(&self) -> u8 {
        match self {
            Self::Block { .. } => 1,
            Self::Alert(_) => 2,
            Self::Timeout(_) => 3,
            Self::BlockInteraction => 4,
        }
    }
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AutoModerationRule {
    /// Id.
    pub id: RuleId,
    /// Name, up to 100 characters.
    pub name: String,
    /// Who made it.
    pub creator: UserId,
    /// What triggers it.
    pub trigger: Trigger,
    /// 1 to 5 of them, in order.
    pub actions: Vec<RuleAction>,
    /// Whether it is in force.
    pub enabled: bool,
    /// Whom it does not concern, at most 20 roles.
    pub exempt_roles: Vec<RoleId>,
    /// Where it does not apply, at most 50 channels; their threads are meant too.
    pub exempt_channels: Vec<ChannelId>,
}

impl AutoModerationRule {
    /// 1: messages; 2: profiles.
    pub fn event_type(&self) -> u8 {
        if matches!(self.trigger, Trigger::Profile(_)) { 2 } else { 1 }
    }
}
