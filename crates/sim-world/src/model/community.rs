//! What a community guild shows to those who come, and the guild's template.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ChannelId, EmojiId, RoleId, Timestamp, UserId};

/// Of a guild, all of this file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Community {
    /// Whether the welcome screen is shown is the feature WELCOME_SCREEN_ENABLED.
    pub welcome_screen: WelcomeScreen,
    /// Onboarding, once it was set.
    pub onboarding: Option<Onboarding>,
    /// Template, once it was made.
    pub template: Option<GuildTemplate>,
}

impl Community {
    /// Lets go of a channel that is no more.
    pub(crate) fn forget_channel(&mut self, id: ChannelId) {
        self.welcome_screen.channels.retain(|c| c.channel != id);
        if let Some(onboarding) = &mut self.onboarding {
            onboarding.default_channels.retain(|c| *c != id);
            for option in onboarding.options() {
                option.channels.retain(|c| *c != id);
            }
        }
    }

    /// Lets go of a role that is no more.
    pub(crate) fn forget_role(&mut self, id: RoleId) {
        for option in self.onboarding.iter_mut().flat_map(Onboarding::options) {
            option.roles.retain(|r| *r != id);
        }
    }
}

/// See Discord docs: Guild / Welcome Screen Object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeScreen {
    /// Up to 140 characters.
    pub description: Option<String>,
    /// Up to 5 channels.
    pub channels: Vec<WelcomeChannel>,
}

/// A channel on a welcome screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeChannel {
    /// Which.
    pub channel: ChannelId,
    /// 1 to 50 characters.
    pub description: String,
    /// Custom emoji.
    pub emoji_id: Option<EmojiId>,
    /// Unicode emoji, or the custom one's name.
    pub emoji_name: Option<String>,
}

/// See Discord docs: Guild / Guild Onboarding Object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Onboarding {
    /// Questions, up to 15.
    pub prompts: Vec<Prompt>,
    /// Channels that everybody gets.
    pub default_channels: Vec<ChannelId>,
    /// Whether it is on.
    pub enabled: bool,
    /// 0: default channels alone count towards what is required, 1: those of questions too.
    pub mode: u8,
}

impl Onboarding {
    fn options(&mut self) -> impl Iterator<Item = &mut PromptOption> {
        self.prompts.iter_mut().flat_map(|prompt| &mut prompt.options)
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// Id.
    pub id: u64,
    /// 1 to 100 characters.
    pub title: String,
    /// Answers, 1 to 50.
    pub options: Vec<PromptOption>,
    /// Whether one answer at most is taken.
    pub single_select: bool,
    /// Whether it must be answered.
    pub required: bool,
    /// Whether it is asked before one is let in.
    pub in_onboarding: bool,
    /// 0 multiple choice, 1 dropdown.
    pub kind: u8,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptOption {
    /// Id.
    pub id: u64,
    /// 1 to 50 characters.
    pub title: String,
    /// Up to 100 characters.
    pub description: String,
    /// Custom emoji.
    pub emoji_id: Option<EmojiId>,
    /// Unicode emoji, or the custom one's name.
    pub emoji_name: Option<String>,
    /// Whether the custom emoji moves.
    pub emoji_animated: bool,
    /// Roles that it gives.
    pub roles: Vec<RoleId>,
    /// Channels that it shows.
    pub channels: Vec<ChannelId>,
}

/// See Discord docs: Guild Template / Guild Template Object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuildTemplate {
    /// What it is found by.
    pub code: String,
    /// 1 to 100 characters.
    pub name: String,
    /// Up to 120 characters.
    pub description: Option<String>,
    /// Who made it.
    pub creator: UserId,
    /// When.
    pub created: Timestamp,
    /// When it was last synced or changed.
    pub updated: Timestamp,
    /// The guild as it was then, as the API answers it.
    pub snapshot: Value,
}
