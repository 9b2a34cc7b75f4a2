//! Guilds, their roles and members.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::usual;
use crate::{
    ApplicationId, AuditLog, AutoModerationRule, Ban, ChannelId, Community, Emoji, EmojiId, GuildId,
    GuildSettings, GuildVoice, RoleId, RuleId, ScheduledEvent, ScheduledEventId, Sound, SoundId, Sticker,
    StickerId, Timestamp, UserId, permissions::DEFAULT_EVERYONE,
};

/// A guild. Its channels are in [`World::channels`](crate::World), its messages by channel.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Guild {
    /// Id; also of the @everyone role.
    pub id: GuildId,
    /// Name, 2 to 100 characters.
    pub name: String,
    /// Description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Icon hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Owner.
    pub owner: UserId,
    /// Roles, @everyone among them.
    pub roles: BTreeMap<RoleId, Role>,
    /// Members.
    pub members: BTreeMap<UserId, Member>,
    /// Channels and threads of the guild, in order of creation.
    pub channels: Vec<ChannelId>,
    /// Where join messages go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_channel: Option<ChannelId>,
    /// Feature flags, e.g. COMMUNITY.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// In an outage: bots see GUILD_DELETE with `unavailable`; REST still answers.
    #[serde(default, skip_serializing_if = "usual")]
    pub unavailable: bool,
    /// Treated as larger than any client's `large_threshold`, however few members there are.
    #[serde(default, skip_serializing_if = "usual")]
    pub large: bool,
    /// Audit log.
    #[serde(default, skip_serializing_if = "AuditLog::is_empty")]
    pub audit: AuditLog,
    /// Custom emojis.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub emojis: BTreeMap<EmojiId, Emoji>,
    /// Stickers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stickers: BTreeMap<StickerId, Sticker>,
    /// The soundboard.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sounds: BTreeMap<SoundId, Sound>,
    /// What it shows to those who come, and its template.
    #[serde(default, skip_serializing_if = "usual")]
    pub community: Community,
    /// Everything else that can be set about it.
    #[serde(default, skip_serializing_if = "usual")]
    pub settings: GuildSettings,
    /// The bytes of its icon, splashes, banner and header, and of the covers of events that are not over, by their hashes:
    /// 105 at most, of 10 MiB each.
    #[serde(default, with = "crate::blob", skip_serializing_if = "BTreeMap::is_empty")]
    pub pictures: BTreeMap<String, Arc<[u8]>>,
    /// Who may not join, none of them a member.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bans: BTreeMap<UserId, Ban>,
    /// Rules of auto moderation, at most ten.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub auto_moderation: BTreeMap<RuleId, AutoModerationRule>,
    /// Who is connected to voice.
    #[serde(default, skip_serializing_if = "usual")]
    pub voice: GuildVoice,
    /// Scheduled events, some that are over among them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scheduled_events: BTreeMap<ScheduledEventId, ScheduledEvent>,
}

impl Guild {
    /// A guild with nothing but @everyone; its owner is not a member yet.
    pub fn new(id: GuildId, name: impl Into<String>, owner: UserId) -> Self {
        let everyone =
            Role { position: 0, permissions: DEFAULT_EVERYONE, ..Role::new(id.into(), "@everyone") };
        Self {
            id,
            name: name.into(),
            description: None,
            icon: None,
            owner,
            roles: BTreeMap::from([(everyone.id, everyone)]),
            members: BTreeMap::new(),
            channels: Vec::new(),
            system_channel: None,
            features: Vec::new(),
            unavailable: false,
            large: false,
            audit: AuditLog::default(),
            emojis: BTreeMap::new(),
            stickers: BTreeMap::new(),
            sounds: BTreeMap::new(),
            community: Community::default(),
            settings: GuildSettings::default(),
            pictures: BTreeMap::new(),
            bans: BTreeMap::new(),
            auto_moderation: BTreeMap::new(),
            voice: GuildVoice::default(),
            scheduled_events: BTreeMap::new(),
        }
    }

    /// Forgets the bytes of pictures that nothing shows any more. Of an event that is over the CDN draws a cover.
    pub(crate) fn forget_pictures(&mut self) {
        let settings = &self.settings;
        let own = [
            &self.icon,
            &settings.splash,
            &settings.discovery_splash,
            &settings.banner,
            &settings.home_header,
        ];
        let covers = self.scheduled_events.values().filter(|event| !event.status.is_over());
        let shown: Vec<&String> =
            own.into_iter().chain(covers.map(|event| &event.image)).filter_map(Option::as_ref).collect();
        self.pictures.retain(|hash, _| shown.contains(&hash));
    }

    /// Whether nobody can join by an invite now.
    pub fn invites_paused(&self, now: Timestamp) -> bool {
        self.has_feature("INVITES_DISABLED")
            || self.settings.invites_disabled_until.is_some_and(|until| until > now)
    }

    /// Whether it has a feature, e.g. COMMUNITY.
    pub fn has_feature(&self, name: &str) -> bool {
        self.features.iter().any(|feature| feature == name)
    }

    /// The @everyone role's id, equal to the guild's.
    pub fn everyone(&self) -> RoleId {
        self.id.into()
    }
}

/// A role.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Role {
    /// Id.
    pub id: RoleId,
    /// Name, 1 to 100 characters.
    pub name: String,
    /// 0 to 0xFFFFFF.
    #[serde(default, skip_serializing_if = "usual")]
    pub color: u32,
    /// Shown apart in the member list.
    #[serde(default, skip_serializing_if = "usual")]
    pub hoist: bool,
    /// Position; @everyone has 0.
    pub position: i64,
    /// Permission bits.
    pub permissions: u64,
    /// Belongs to an integration; not editable by hand.
    #[serde(default, skip_serializing_if = "usual")]
    pub managed: bool,
    /// Anybody may mention it.
    #[serde(default, skip_serializing_if = "usual")]
    pub mentionable: bool,
    /// The application whose managed role it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot: Option<ApplicationId>,
}

/// Flags of a member. See Discord docs: Guild / Guild Member Flags.
pub mod member_flags {
    /// Their username, display name or nickname is one that auto moderation keeps from interacting.
    pub const AUTOMOD_QUARANTINED_USERNAME: u32 = 1 << 7;
}

/// A member of a guild.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Member {
    /// User.
    pub user: UserId,
    /// Nickname, up to 32 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nick: Option<String>,
    /// Roles without @everyone.
    pub roles: Vec<RoleId>,
    /// When they joined.
    pub joined_at: Timestamp,
    /// Timed out until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_until: Option<Timestamp>,
    /// Server deafened.
    #[serde(default, skip_serializing_if = "usual")]
    pub deaf: bool,
    /// Server muted.
    #[serde(default, skip_serializing_if = "usual")]
    pub mute: bool,
    /// Avatar hash for this guild.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// Banner hash for this guild.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub banner: Option<String>,
    /// Joined by an invite for a visit: leaves on going offline without a role.
    #[serde(default, skip_serializing_if = "usual")]
    pub temporary: bool,
    /// Flags.
    #[serde(default, skip_serializing_if = "usual")]
    pub flags: u32,
}

impl Member {
    /// A member without roles who joined at `joined_at`.
    pub fn new(user: UserId, joined_at: Timestamp) -> Self {
        Self {
            user,
            nick: None,
            roles: Vec::new(),
            joined_at,
            timeout_until: None,
            deaf: false,
            mute: false,
            avatar: None,
            banner: None,
            temporary: false,
            flags: 0,
        }
    }
}

impl Role {
    /// A role at position 1 that grants nothing.
    pub fn new(id: RoleId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            color: 0,
            hoist: false,
            position: 1,
            permissions: 0,
            managed: false,
            mentionable: false,
            bot: None,
        }
    }
}
