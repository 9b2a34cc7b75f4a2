//! A guild's audit log. See Discord docs: Audit Log.

use std::{collections::VecDeque, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::UserId;

/// Entries that a guild keeps; the oldest go first. Discord keeps 45 days.
const MAX_ENTRIES: usize = 10_000;

macro_rules! audit_actions {
    ($($name:ident = $code:literal,)+) => {
        /// What was done, by Discord's number. See Discord docs: Audit Log / Audit Log Events.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "the names are Discord's own")]
        pub enum AuditAction { $($name = $code),+ }
    };
}

audit_actions! {
    GuildUpdate = 1,
    ChannelCreate = 10,
    ChannelUpdate = 11,
    ChannelDelete = 12,
    ChannelOverwriteCreate = 13,
    ChannelOverwriteUpdate = 14,
    ChannelOverwriteDelete = 15,
    MemberKick = 20,
    MemberPrune = 21,
    MemberBanAdd = 22,
    MemberBanRemove = 23,
    MemberUpdate = 24,
    MemberRoleUpdate = 25,
    MemberMove = 26,
    MemberDisconnect = 27,
    BotAdd = 28,
    RoleCreate = 30,
    RoleUpdate = 31,
    RoleDelete = 32,
    InviteCreate = 40,
    InviteUpdate = 41,
    InviteDelete = 42,
    WebhookCreate = 50,
    WebhookUpdate = 51,
    WebhookDelete = 52,
    EmojiCreate = 60,
    EmojiUpdate = 61,
    EmojiDelete = 62,
    MessageDelete = 72,
    MessageBulkDelete = 73,
    MessagePin = 74,
    MessageUnpin = 75,
    IntegrationCreate = 80,
    IntegrationUpdate = 81,
    IntegrationDelete = 82,
    StageInstanceCreate = 83,
    StageInstanceUpdate = 84,
    StageInstanceDelete = 85,
    StickerCreate = 90,
    StickerUpdate = 91,
    StickerDelete = 92,
    GuildScheduledEventCreate = 100,
    GuildScheduledEventUpdate = 101,
    GuildScheduledEventDelete = 102,
    ThreadCreate = 110,
    ThreadUpdate = 111,
    ThreadDelete = 112,
    ApplicationCommandPermissionUpdate = 121,
    SoundboardSoundCreate = 130,
    SoundboardSoundUpdate = 131,
    SoundboardSoundDelete = 132,
    AutoModerationRuleCreate = 140,
    AutoModerationRuleUpdate = 141,
    AutoModerationRuleDelete = 142,
    AutoModerationBlockMessage = 143,
    AutoModerationFlagToChannel = 144,
    AutoModerationUserCommunicationDisabled = 145,
    AutoModerationQuarantineUser = 146,
    OnboardingPromptCreate = 163,
    OnboardingPromptUpdate = 164,
    OnboardingPromptDelete = 165,
    OnboardingCreate = 166,
    OnboardingUpdate = 167,
    VoiceChannelStatusUpdate = 192,
    VoiceChannelStatusDelete = 193,
}

/// What an action tells the audit log; [`Tx::audit`](crate::Tx) adds id and reason.
#[derive(Clone, Debug)]
pub struct Audit {
    user: UserId,
    action: AuditAction,
    target: Option<u64>,
    changes: Vec<Value>,
    options: Map<String, Value>,
}

impl Audit {
    /// `user` did this.
    pub(crate) fn new(user: UserId, action: AuditAction) -> Self {
        Self { user, action, target: None, changes: Vec::new(), options: Map::new() }
    }

    /// What it was done to.
    pub(crate) fn target(mut self, id: u64) -> Self {
        self.target = Some(id);
        self
    }

    /// One key that changed; `Null` stands for "was not there" or "is not there any more" and is left out.
    pub(crate) fn change(mut self, key: &str, old: Value, new: Value) -> Self {
        if old != new {
            let mut change = json!({ "key": key });
            for (name, value) in [("old_value", old), ("new_value", new)] {
                if !value.is_null() {
                    change[name] = value;
                }
            }
            self.changes.push(change);
        }
        self
    }

    /// Every one of `keys` that differs between two objects as REST shows them; `Null` for an object that was
    /// or is not there.
    pub(crate) fn diff(self, old: &Value, new: &Value, keys: &[&str]) -> Self {
        keys.iter().fold(self, |audit, key| audit.change(key, old[*key].clone(), new[*key].clone()))
    }

    /// Further facts, e.g. `channel_id` or `count`; Discord writes all of them as strings.
    pub(crate) fn option(mut self, key: &str, value: impl ToString) -> Self {
        self.options.insert(key.to_owned(), Value::String(value.to_string()));
        self
    }

    pub(crate) fn into_entry(self, id: u64, reason: Option<Arc<str>>) -> AuditEntry {
        let Self { user, action, target, changes, options } = self;
        AuditEntry { id, user, action, target, changes, options, reason: reason.map(|r| r.to_string()) }
    }
}

/// An entry.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Id.
    pub id: u64,
    /// Who did it.
    pub user: UserId,
    /// What.
    pub action: AuditAction,
    /// To what.
    pub target: Option<u64>,
    /// `{key, old_value, new_value}`.
    pub changes: Vec<Value>,
    /// Further facts.
    pub options: Map<String, Value>,
    /// Why, decoded.
    pub reason: Option<String>,
}

/// A guild's entries, oldest first, the newest 10,000 of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuditLog(VecDeque<AuditEntry>);

impl AuditLog {
    pub(crate) fn push(&mut self, entry: AuditEntry) {
        if self.0.len() >= MAX_ENTRIES {
            self.0.pop_front();
        }
        self.0.push_back(entry);
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &AuditEntry> {
        self.0.iter()
    }
}
