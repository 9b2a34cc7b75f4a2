//! A guild's audit log. See Discord docs: Audit Log.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{Timestamp, UserId};

/// Entries that a guild keeps; the oldest go first.
const MAX_ENTRIES: usize = 10_000;

/// How long an entry is kept. See Discord docs: Audit Log.
const KEPT_FOR: Duration = Duration::from_secs(45 * 24 * 60 * 60);

macro_rules! audit_actions {
    ($($name:ident = $code:literal,)+) => {
        /// What was done, by Discord's number. See Discord docs: Audit Log / Audit Log Events.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "the names are Discord's own")]
        pub enum AuditAction { $($name = $code),+ }

        impl AuditAction {
            /// From the wire's number.
            pub fn from_number(number: i64) -> Option<Self> {
                [$(Self::$name),+].into_iter().find(|action| *action as i64 == number)
            }
        }
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
    GuildScheduledEventExceptionCreate = 200,
    GuildScheduledEventExceptionUpdate = 201,
    GuildScheduledEventExceptionDelete = 202,
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

    /// Every key but `except` that differs between two objects as REST shows them; `Null` for an object that was
    /// or is not there.
    pub(crate) fn diff_except(self, old: &Value, new: &Value, except: &[&str]) -> Self {
        let keys = |object| Value::as_object(object).into_iter().flat_map(Map::keys).map(String::as_str);
        let only_before = keys(old).filter(|key| new.get(key).is_none());
        let told: Vec<&str> = keys(new).chain(only_before).filter(|key| !except.contains(key)).collect();
        self.diff(old, new, &told)
    }

    /// Whether anything changed.
    pub(crate) fn has_changes(&self) -> bool {
        !self.changes.is_empty()
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

impl AuditEntry {
    /// When it was written.
    pub fn at(&self) -> Timestamp {
        UserId::new(self.id).created()
    }

    fn has_expired(&self, now: Timestamp) -> bool {
        now.since(self.at()) >= KEPT_FOR
    }
}

/// A guild's entries of the last 45 days, oldest first, the newest 10,000 of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuditLog(VecDeque<AuditEntry>);

impl AuditLog {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(&mut self, entry: AuditEntry, now: Timestamp) {
        while self.0.front().is_some_and(|oldest| self.0.len() >= MAX_ENTRIES || oldest.has_expired(now)) {
            self.0.pop_front();
        }
        self.0.push_back(entry);
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &AuditEntry> {
        self.0.iter()
    }

    /// Those that are still shown at `now`.
    pub fn shown(&self, now: Timestamp) -> impl DoubleEndedIterator<Item = &AuditEntry> {
        self.entries().filter(move |entry| !entry.has_expired(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tx, World};

    #[test]
    fn the_oldest_entries_go_by_number_and_by_age() {
        let (mut world, mut log) = (World::default(), AuditLog::default());
        let then = Timestamp::from_ms(1_792_000_000_000);
        let mut write = |log: &mut AuditLog, now| {
            let id = Tx::new(&mut world, now).mint();
            log.push(Audit::new(UserId::new(1), AuditAction::RoleCreate).into_entry(id, None), now);
            id
        };
        let first = write(&mut log, then);
        let almost = then.plus(KEPT_FOR.saturating_sub(Duration::from_millis(1)));
        assert_eq!(log.shown(almost).map(|e| e.id).collect::<Vec<_>>(), [first]);
        let later = then.plus(KEPT_FOR);
        assert_eq!(log.shown(later).count(), 0, "what has expired is not shown");
        let second = write(&mut log, later);
        assert_eq!(log.entries().map(|e| e.id).collect::<Vec<_>>(), [second], "and not kept");
        for _ in 0..MAX_ENTRIES {
            write(&mut log, later);
        }
        assert_eq!(log.0.len(), MAX_ENTRIES);
        assert!(log.shown(later).all(|e| e.id > second));
    }

    #[test]
    fn actions_have_discord_s_numbers() {
        assert_eq!(AuditAction::from_number(22), Some(AuditAction::MemberBanAdd));
        assert_eq!(AuditAction::from_number(193), Some(AuditAction::VoiceChannelStatusDelete));
        for unknown in [0, -1, 19, 33, 1 << 40] {
            assert_eq!(AuditAction::from_number(unknown), None, "{unknown}");
        }
    }
}
