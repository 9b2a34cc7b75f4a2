//! What the people who run a guild decide about it as a whole.

use serde::{Deserialize, Serialize};

use crate::{ChannelId, Timestamp};

/// Settings of a guild beyond its name, description, icon, owner, features and system channel, which stand on
/// [`Guild`](super::Guild) itself. See Discord docs: Guild / Guild Object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuildSettings {
    /// Hash of the picture behind invites.
    pub splash: Option<String>,
    /// Hash of the picture in the directory.
    pub discovery_splash: Option<String>,
    /// Hash of the picture above the channel list.
    pub banner: Option<String>,
    /// Hash of the picture on the guide page.
    pub home_header: Option<String>,
    /// 0 none to 4 very high.
    pub verification_level: u8,
    /// 0 all messages, 1 mentions only.
    pub default_message_notifications: u8,
    /// 0 disabled, 1 members without roles, 2 everybody.
    pub explicit_content_filter: u8,
    /// Where idle people in voice go.
    pub afk_channel: Option<ChannelId>,
    /// Seconds until somebody counts as idle.
    pub afk_timeout: u32,
    /// What the system does not write. See Discord docs: Guild / System Channel Flags.
    pub system_channel_flags: u64,
    /// Where a community's rules are.
    pub rules_channel: Option<ChannelId>,
    /// Where a community's moderators hear from Discord.
    pub public_updates_channel: Option<ChannelId>,
    /// Where a community's moderators are warned.
    pub safety_alerts_channel: Option<ChannelId>,
    /// Locale of a community, e.g. `en-US`.
    pub preferred_locale: String,
    /// Whether the boosts' progress is shown.
    pub premium_progress_bar_enabled: bool,
    /// 0 to 3: what boosts have unlocked. Only the operator sets it.
    pub premium_tier: u8,
    /// Whether the widget may be seen by anybody.
    pub widget_enabled: bool,
    /// Where the widget invites to.
    pub widget_channel: Option<ChannelId>,
    /// Invites are paused until then.
    pub invites_disabled_until: Option<Timestamp>,
    /// Direct messages between members are paused until then.
    pub dms_disabled_until: Option<Timestamp>,
}

impl Default for GuildSettings {
    fn default() -> Self {
        Self {
            splash: None,
            discovery_splash: None,
            banner: None,
            home_header: None,
            verification_level: 0,
            default_message_notifications: 1,
            explicit_content_filter: 0,
            afk_channel: None,
            afk_timeout: 300,
            system_channel_flags: 0,
            rules_channel: None,
            public_updates_channel: None,
            safety_alerts_channel: None,
            preferred_locale: "en-US".into(),
            premium_progress_bar_enabled: false,
            premium_tier: 0,
            widget_enabled: false,
            widget_channel: None,
            invites_disabled_until: None,
            dms_disabled_until: None,
        }
    }
}

impl GuildSettings {
    /// Lets go of a channel that is no more; whether anything pointed at it.
    pub(crate) fn forget_channel(&mut self, id: ChannelId) -> bool {
        let slots = [
            &mut self.afk_channel,
            &mut self.rules_channel,
            &mut self.public_updates_channel,
            &mut self.safety_alerts_channel,
            &mut self.widget_channel,
        ];
        let mut held = false;
        for slot in slots.into_iter().filter(|slot| **slot == Some(id)) {
            (*slot, held) = (None, true);
        }
        held
    }
}
