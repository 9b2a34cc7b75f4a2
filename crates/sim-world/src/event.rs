//! What happened, who may learn of it, and which intent a bot needs for it.

use std::sync::Arc;

use serde_json::Value;

use crate::{ApplicationId, ChannelId, GuildId, UserId};

/// Something that happened in the world.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name on the gateway, and the intents that carry it.
    pub kind: EventKind,
    /// Who may see it.
    pub audience: Audience,
    /// Its `d`, complete: with message content, as the most privileged viewer gets it. Views leave parts out.
    /// `Null` where each viewer's payload differs and is made by the view (GUILD_CREATE).
    pub data: Arc<Value>,
}

/// Who may see an event, before intents are considered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Every member of the guild.
    Guild(GuildId),
    /// Every member of the guild who holds one of these permission bits guild-wide.
    GuildWith(GuildId, u64),
    /// Whoever can view the channel (guild channels and threads by permission, DMs by recipient list).
    Channel {
        /// The guild, absent for a DM.
        guild: Option<GuildId>,
        /// The channel or thread.
        channel: ChannelId,
    },
    /// Whoever can view the guild channel and holds all of these permission bits there.
    ChannelWith {
        /// The guild.
        guild: GuildId,
        /// The channel.
        channel: ChannelId,
        /// Permission bits.
        bits: u64,
    },
    /// These users only, bots among them, with the guild it belongs to, if any (for sharding). Ephemeral
    /// messages, what happens to one's own account.
    Users(Option<GuildId>, Vec<UserId>),
    /// One application's sessions; with the guild, if any, for sharding. Interactions.
    Application(Option<GuildId>, ApplicationId),
    /// One person's clients, never a bot: what real clients are told about their interactions.
    Person(UserId),
}

impl Audience {
    /// The guild that decides the shard; `None` goes to shard 0.
    pub fn guild(&self) -> Option<GuildId> {
        match self {
            Self::Guild(g) | Self::GuildWith(g, _) | Self::ChannelWith { guild: g, .. } => Some(*g),
            Self::Channel { guild, .. } | Self::Users(guild, _) | Self::Application(guild, _) => *guild,
            Self::Person(_) => None,
        }
    }
}

/// Gateway intents. See Discord docs: Gateway / List of Intents.
pub mod intents {
    #![expect(missing_docs, reason = "the names are Discord's own")]
    pub const GUILDS: u64 = 1 << 0;
    pub const GUILD_MEMBERS: u64 = 1 << 1;
    pub const GUILD_MODERATION: u64 = 1 << 2;
    pub const GUILD_EXPRESSIONS: u64 = 1 << 3;
    pub const GUILD_INTEGRATIONS: u64 = 1 << 4;
    pub const GUILD_WEBHOOKS: u64 = 1 << 5;
    pub const GUILD_INVITES: u64 = 1 << 6;
    pub const GUILD_VOICE_STATES: u64 = 1 << 7;
    pub const GUILD_PRESENCES: u64 = 1 << 8;
    pub const GUILD_MESSAGES: u64 = 1 << 9;
    pub const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
    pub const GUILD_MESSAGE_TYPING: u64 = 1 << 11;
    pub const DIRECT_MESSAGES: u64 = 1 << 12;
    pub const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
    pub const DIRECT_MESSAGE_TYPING: u64 = 1 << 14;
    pub const MESSAGE_CONTENT: u64 = 1 << 15;
    pub const GUILD_SCHEDULED_EVENTS: u64 = 1 << 16;
    pub const AUTO_MODERATION_CONFIGURATION: u64 = 1 << 20;
    pub const AUTO_MODERATION_EXECUTION: u64 = 1 << 21;
    pub const GUILD_MESSAGE_POLLS: u64 = 1 << 24;
    pub const DIRECT_MESSAGE_POLLS: u64 = 1 << 25;
    /// All that exist; any other bit is 4013.
    pub const ALL: u64 = ((1 << 17) - 1) | (3 << 20) | (3 << 24);
    /// Those that must be switched on in the portal.
    pub const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
}

/// What carries an event to a bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// Sent whatever the intents are.
    Always,
    /// Sent with any of these intents: in a guild, in a DM.
    Intents {
        /// Bits that carry it inside a guild.
        guild: u64,
        /// Bits that carry it in a DM.
        dm: u64,
    },
    /// Never sent to a bot: for people's clients only.
    PeopleOnly,
}

macro_rules! event_kinds {
    ($($variant:ident = $name:literal, $carrier:expr;)+) => {
        /// Every event the world can cause, by its gateway name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each variant is documented by its gateway name")]
        pub enum EventKind { $($variant),+ }
        impl EventKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The name on the wire (`t`).
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name),+ } }
            /// What carries it to a bot.
            pub const fn carrier(self) -> Carrier {
                use intents::*;
                match self { $(Self::$variant => $carrier),+ }
            }
        }
    };
}

const fn guild(bits: u64) -> Carrier {
    Carrier::Intents { guild: bits, dm: 0 }
}
const fn both(guild: u64, dm: u64) -> Carrier {
    Carrier::Intents { guild, dm }
}

event_kinds! {
    ApplicationCommandPermissionsUpdate = "APPLICATION_COMMAND_PERMISSIONS_UPDATE", Carrier::Always;
    AutoModerationRuleCreate = "AUTO_MODERATION_RULE_CREATE", guild(AUTO_MODERATION_CONFIGURATION);
    AutoModerationRuleUpdate = "AUTO_MODERATION_RULE_UPDATE", guild(AUTO_MODERATION_CONFIGURATION);
    AutoModerationRuleDelete = "AUTO_MODERATION_RULE_DELETE", guild(AUTO_MODERATION_CONFIGURATION);
    AutoModerationActionExecution = "AUTO_MODERATION_ACTION_EXECUTION", guild(AUTO_MODERATION_EXECUTION);
    ChannelCreate = "CHANNEL_CREATE", guild(GUILDS);
    ChannelUpdate = "CHANNEL_UPDATE", guild(GUILDS);
    ChannelDelete = "CHANNEL_DELETE", guild(GUILDS);
    ChannelPinsUpdate = "CHANNEL_PINS_UPDATE", both(GUILDS, DIRECT_MESSAGES);
    ThreadCreate = "THREAD_CREATE", guild(GUILDS);
    ThreadUpdate = "THREAD_UPDATE", guild(GUILDS);
    ThreadDelete = "THREAD_DELETE", guild(GUILDS);
    ThreadListSync = "THREAD_LIST_SYNC", guild(GUILDS);
    StageInstanceCreate = "STAGE_INSTANCE_CREATE", guild(GUILDS);
    StageInstanceUpdate = "STAGE_INSTANCE_UPDATE", guild(GUILDS);
    StageInstanceDelete = "STAGE_INSTANCE_DELETE", guild(GUILDS);
    ThreadMemberUpdate = "THREAD_MEMBER_UPDATE", guild(GUILDS);
    ThreadMembersUpdate = "THREAD_MEMBERS_UPDATE", guild(GUILDS);
    GuildCreate = "GUILD_CREATE", guild(GUILDS);
    GuildUpdate = "GUILD_UPDATE", guild(GUILDS);
    GuildDelete = "GUILD_DELETE", guild(GUILDS);
    EntitlementCreate = "ENTITLEMENT_CREATE", Carrier::Always;
    EntitlementUpdate = "ENTITLEMENT_UPDATE", Carrier::Always;
    EntitlementDelete = "ENTITLEMENT_DELETE", Carrier::Always;
    GuildAuditLogEntryCreate = "GUILD_AUDIT_LOG_ENTRY_CREATE", guild(GUILD_MODERATION);
    GuildBanAdd = "GUILD_BAN_ADD", guild(GUILD_MODERATION);
    GuildBanRemove = "GUILD_BAN_REMOVE", guild(GUILD_MODERATION);
    GuildEmojisUpdate = "GUILD_EMOJIS_UPDATE", guild(GUILD_EXPRESSIONS);
    GuildStickersUpdate = "GUILD_STICKERS_UPDATE", guild(GUILD_EXPRESSIONS);
    GuildSoundboardSoundCreate = "GUILD_SOUNDBOARD_SOUND_CREATE", guild(GUILD_EXPRESSIONS);
    GuildSoundboardSoundUpdate = "GUILD_SOUNDBOARD_SOUND_UPDATE", guild(GUILD_EXPRESSIONS);
    GuildSoundboardSoundDelete = "GUILD_SOUNDBOARD_SOUND_DELETE", guild(GUILD_EXPRESSIONS);
    GuildRoleCreate = "GUILD_ROLE_CREATE", guild(GUILDS);
    GuildRoleUpdate = "GUILD_ROLE_UPDATE", guild(GUILDS);
    GuildRoleDelete = "GUILD_ROLE_DELETE", guild(GUILDS);
    GuildMemberAdd = "GUILD_MEMBER_ADD", guild(GUILD_MEMBERS);
    // Sent without the intent when it is about the bot itself; the view knows.
    GuildMemberUpdate = "GUILD_MEMBER_UPDATE", guild(GUILD_MEMBERS);
    GuildMemberRemove = "GUILD_MEMBER_REMOVE", guild(GUILD_MEMBERS);
    GuildScheduledEventCreate = "GUILD_SCHEDULED_EVENT_CREATE", guild(GUILD_SCHEDULED_EVENTS);
    GuildScheduledEventUpdate = "GUILD_SCHEDULED_EVENT_UPDATE", guild(GUILD_SCHEDULED_EVENTS);
    GuildScheduledEventDelete = "GUILD_SCHEDULED_EVENT_DELETE", guild(GUILD_SCHEDULED_EVENTS);
    GuildScheduledEventUserAdd = "GUILD_SCHEDULED_EVENT_USER_ADD", guild(GUILD_SCHEDULED_EVENTS);
    GuildScheduledEventUserRemove = "GUILD_SCHEDULED_EVENT_USER_REMOVE", guild(GUILD_SCHEDULED_EVENTS);
    GuildScheduledEventExceptionCreate = "GUILD_SCHEDULED_EVENT_EXCEPTION_CREATE", guild(GUILD_SCHEDULED_EVENTS);
    GuildScheduledEventExceptionUpdate = "GUILD_SCHEDULED_EVENT_EXCEPTION_UPDATE", guild(GUILD_SCHEDULED_EVENTS);
    GuildScheduledEventExceptionDelete = "GUILD_SCHEDULED_EVENT_EXCEPTION_DELETE", guild(GUILD_SCHEDULED_EVENTS);
    InviteCreate = "INVITE_CREATE", guild(GUILD_INVITES);
    InviteDelete = "INVITE_DELETE", guild(GUILD_INVITES);
    GuildIntegrationsUpdate = "GUILD_INTEGRATIONS_UPDATE", guild(GUILD_INTEGRATIONS);
    IntegrationCreate = "INTEGRATION_CREATE", guild(GUILD_INTEGRATIONS);
    IntegrationUpdate = "INTEGRATION_UPDATE", guild(GUILD_INTEGRATIONS);
    IntegrationDelete = "INTEGRATION_DELETE", guild(GUILD_INTEGRATIONS);
    InteractionCreate = "INTERACTION_CREATE", Carrier::Always;
    MessageCreate = "MESSAGE_CREATE", both(GUILD_MESSAGES, DIRECT_MESSAGES);
    MessageUpdate = "MESSAGE_UPDATE", both(GUILD_MESSAGES, DIRECT_MESSAGES);
    MessageDelete = "MESSAGE_DELETE", both(GUILD_MESSAGES, DIRECT_MESSAGES);
    MessageDeleteBulk = "MESSAGE_DELETE_BULK", guild(GUILD_MESSAGES);
    MessagePollVoteAdd = "MESSAGE_POLL_VOTE_ADD", both(GUILD_MESSAGE_POLLS, DIRECT_MESSAGE_POLLS);
    MessagePollVoteRemove = "MESSAGE_POLL_VOTE_REMOVE", both(GUILD_MESSAGE_POLLS, DIRECT_MESSAGE_POLLS);
    MessageReactionAdd = "MESSAGE_REACTION_ADD", both(GUILD_MESSAGE_REACTIONS, DIRECT_MESSAGE_REACTIONS);
    MessageReactionRemove = "MESSAGE_REACTION_REMOVE", both(GUILD_MESSAGE_REACTIONS, DIRECT_MESSAGE_REACTIONS);
    MessageReactionRemoveAll = "MESSAGE_REACTION_REMOVE_ALL", both(GUILD_MESSAGE_REACTIONS, DIRECT_MESSAGE_REACTIONS);
    MessageReactionRemoveEmoji = "MESSAGE_REACTION_REMOVE_EMOJI", both(GUILD_MESSAGE_REACTIONS, DIRECT_MESSAGE_REACTIONS);
    PresenceUpdate = "PRESENCE_UPDATE", guild(GUILD_PRESENCES);
    TypingStart = "TYPING_START", both(GUILD_MESSAGE_TYPING, DIRECT_MESSAGE_TYPING);
    UserUpdate = "USER_UPDATE", Carrier::Always;
    VoiceChannelEffectSend = "VOICE_CHANNEL_EFFECT_SEND", guild(GUILD_VOICE_STATES);
    VoiceChannelStartTimeUpdate = "VOICE_CHANNEL_START_TIME_UPDATE", guild(GUILDS);
    VoiceChannelStatusUpdate = "VOICE_CHANNEL_STATUS_UPDATE", guild(GUILDS);
    VoiceStateUpdate = "VOICE_STATE_UPDATE", guild(GUILD_VOICE_STATES);
    WebhooksUpdate = "WEBHOOKS_UPDATE", guild(GUILD_WEBHOOKS);
    // A person's client is told of its interactions under these names.
    PersonInteractionCreate = "INTERACTION_CREATE", Carrier::PeopleOnly;
    PersonInteractionSuccess = "INTERACTION_SUCCESS", Carrier::PeopleOnly;
    PersonInteractionFailure = "INTERACTION_FAILURE", Carrier::PeopleOnly;
    PersonModalCreate = "INTERACTION_MODAL_CREATE", Carrier::PeopleOnly;
    PersonAutocomplete = "APPLICATION_COMMAND_AUTOCOMPLETE_RESPONSE", Carrier::PeopleOnly;
    PersonViewChanged = "VIEW_CHANGED", Carrier::PeopleOnly;
}
