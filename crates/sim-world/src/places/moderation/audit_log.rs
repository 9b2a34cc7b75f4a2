//! Reading a guild's audit log. See Discord docs: Audit Log / Get Guild Audit Log.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    Actor, ApiError, AuditAction, AuditEntry, ChannelId, CommandId, Guild, GuildId, RuleId, ScheduledEventId,
    Timestamp, UserId, WebhookId, World, body, permissions::VIEW_AUDIT_LOG, wire,
};

/// Entries of a page.
const MAX_PAGE: i64 = 100;
/// Entries of a page whose request names no number.
const DEFAULT_PAGE: usize = 50;

/// Which entries.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuditPage {
    /// 1 to 100, default 50.
    pub limit: Option<i64>,
    /// Only entries with a lower id.
    pub before: Option<u64>,
    /// Only entries with a higher id; the page then begins with the oldest of them.
    pub after: Option<u64>,
    /// Only what this user did.
    pub user: Option<UserId>,
    /// Only what was done to this.
    pub target: Option<u64>,
    /// Only this kind of action.
    pub action: Option<i64>,
}

/// GET /guilds/{guild}/audit-logs: entries, newest first unless `after` alone is given, with what they mention as far
/// as it is still there.
///
/// # Errors
/// 10004, 50001, 50013 (VIEW_AUDIT_LOG), 50035.
pub fn audit_log(
    world: &World,
    actor: Actor,
    guild: GuildId,
    page: &AuditPage,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let found = world.require_guild(actor, guild, VIEW_AUDIT_LOG, now)?;
    let limit = body::limit(page.limit, MAX_PAGE)?.unwrap_or(DEFAULT_PAGE);
    let unknown = || ApiError::form("action_type", "BASE_TYPE_CHOICES", "Value must be an audit log event.");
    let action = page.action.map(|n| AuditAction::from_number(n).ok_or_else(unknown)).transpose()?;
    let wanted = |entry: &&AuditEntry| {
        page.before.is_none_or(|id| entry.id < id)
            && page.after.is_none_or(|id| entry.id > id)
            && page.user.is_none_or(|user| entry.user == user)
            && page.target.is_none_or(|target| entry.target == Some(target))
            && action.is_none_or(|action| entry.action == action)
    };
    let entries = found.audit.shown(now).filter(wanted);
    let entries: Vec<&AuditEntry> = if page.after.is_some() && page.before.is_none() {
        entries.take(limit).collect()
    } else {
        entries.rev().take(limit).collect()
    };
    Ok(with_mentioned(world, actor, found, &entries))
}

/// The entries beside what they mention, as far as it is still there.
fn with_mentioned(world: &World, actor: Actor, guild: &Guild, entries: &[&AuditEntry]) -> Value {
    let targets = |of: &[AuditAction]| -> BTreeSet<u64> {
        entries.iter().filter(|e| of.contains(&e.action)).filter_map(|e| e.target).collect()
    };
    let authors = entries.iter().map(|entry| entry.user);
    let members = targets(&OF_MEMBERS).into_iter().map(UserId::new);
    // A message's author may be a webhook.
    let writers =
        targets(&OF_MESSAGES).into_iter().map(UserId::new).filter(|id| world.users.contains_key(id));
    let users: BTreeSet<UserId> = authors.chain(members).chain(writers).collect();
    let threads = targets(&[AuditAction::ThreadCreate, AuditAction::ThreadUpdate]).into_iter();
    let threads = threads.filter_map(|id| world.channels.get(&ChannelId::new(id)));
    let commands = targets(&[AuditAction::ApplicationCommandPermissionUpdate]).into_iter();
    let commands = commands.filter_map(|id| world.commands.get(&CommandId::new(id)));
    let integrations = targets(&OF_INTEGRATIONS).into_iter();
    let integrations = integrations.filter_map(|id| world.applications.get(&UserId::new(id).into()));
    let webhooks = targets(&[AuditAction::WebhookCreate, AuditAction::WebhookUpdate]).into_iter();
    let webhooks = webhooks.filter_map(|id| world.webhooks.get(&WebhookId::new(id)));
    let rules =
        targets(&[AuditAction::AutoModerationRuleCreate, AuditAction::AutoModerationRuleUpdate]).into_iter();
    let rules = rules.filter_map(|id| guild.auto_moderation.get(&RuleId::new(id)));
    let events = targets(&OF_EVENTS).into_iter();
    let events = events.filter_map(|id| guild.scheduled_events.get(&ScheduledEventId::new(id)));
    let events = events.map(|event| wire::scheduled_event(world, guild.id, event, false));
    json!({
        "audit_log_entries": entries.iter().map(|entry| wire::audit_entry(entry)).collect::<Vec<_>>(),
        "users": users.into_iter().map(|user| wire::user_by_id(world, user)).collect::<Vec<_>>(),
        "threads": threads.map(|thread| wire::channel(world, thread)).collect::<Vec<_>>(),
        "application_commands": commands.map(|command| command.body.clone()).collect::<Vec<_>>(),
        "integrations": integrations.map(wire::partial_integration).collect::<Vec<_>>(),
        "webhooks": webhooks.map(|webhook| wire::webhook(world, webhook, Some(actor))).collect::<Vec<_>>(),
        "guild_scheduled_events": events.collect::<Vec<_>>(),
        "auto_moderation_rules": rules.map(|rule| wire::auto_moderation_rule(guild.id, rule)).collect::<Vec<_>>(),
    })
}

/// Actions whose target is a user.
const OF_MEMBERS: [AuditAction; 6] = [
    AuditAction::MemberKick,
    AuditAction::MemberBanAdd,
    AuditAction::MemberBanRemove,
    AuditAction::MemberUpdate,
    AuditAction::MemberRoleUpdate,
    AuditAction::BotAdd,
];

/// Actions whose target is whoever wrote a message.
const OF_MESSAGES: [AuditAction; 7] = [
    AuditAction::MessageDelete,
    AuditAction::MessagePin,
    AuditAction::MessageUnpin,
    AuditAction::AutoModerationBlockMessage,
    AuditAction::AutoModerationFlagToChannel,
    AuditAction::AutoModerationUserCommunicationDisabled,
    AuditAction::AutoModerationQuarantineUser,
];

/// Actions whose target is a scheduled event.
const OF_EVENTS: [AuditAction; 5] = [
    AuditAction::GuildScheduledEventCreate,
    AuditAction::GuildScheduledEventUpdate,
    AuditAction::GuildScheduledEventExceptionCreate,
    AuditAction::GuildScheduledEventExceptionUpdate,
    AuditAction::GuildScheduledEventExceptionDelete,
];

/// Actions whose target is an integration; an application's has its id.
const OF_INTEGRATIONS: [AuditAction; 3] =
    [AuditAction::IntegrationCreate, AuditAction::IntegrationUpdate, AuditAction::IntegrationDelete];
