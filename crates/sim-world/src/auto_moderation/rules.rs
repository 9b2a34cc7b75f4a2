//! Listing, making, changing and removing rules: MANAGE_GUILD, and MODERATE_MEMBERS for time-outs. Only those who may
//! do that are told of it. See Discord docs: Auto Moderation / Auto Moderation Permission Requirements.

use serde_json::Value;

use super::{form, profile};
use crate::{
    Action, Actor, ApiError, Audience, Audit, AuditAction, AutoModerationRule, ChannelId, EventKind, Guild,
    GuildId, RoleId, RuleAction, RuleId, Timestamp, Tx, World, body,
    permissions::{MANAGE_GUILD, MODERATE_MEMBERS},
    wire,
};

/// GET /guilds/{guild}/auto-moderation/rules.
///
/// # Errors
/// 10004, 50001, 50013 (MANAGE_GUILD).
pub fn rules(world: &World, actor: Actor, guild: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, guild, MANAGE_GUILD, now)?;
    Ok(guild.auto_moderation.values().map(|rule| wire::auto_moderation_rule(guild.id, rule)).collect())
}

/// GET /guilds/{guild}/auto-moderation/rules/{rule}.
///
/// # Errors
/// 404/0 without the rule (Discord documents no code of its own), 10004, 50001, 50013 (MANAGE_GUILD).
pub fn rule(
    world: &World,
    actor: Actor,
    guild: GuildId,
    rule: RuleId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, guild, MANAGE_GUILD, now)?;
    Ok(wire::auto_moderation_rule(guild.id, find(guild, rule)?))
}

fn find(guild: &Guild, rule: RuleId) -> Result<&AutoModerationRule, ApiError> {
    guild.auto_moderation.get(&rule).ok_or_else(ApiError::not_found)
}

/// Time-outs are for those who may give them by hand.
fn check(
    world: &World,
    actor: Actor,
    guild: GuildId,
    rule: &AutoModerationRule,
    now: Timestamp,
) -> Result<(), ApiError> {
    let times_out = rule.actions.iter().any(|action| matches!(action, RuleAction::Timeout(_)));
    let needed = MANAGE_GUILD | if times_out { MODERATE_MEMBERS } else { 0 };
    world.require_guild(actor, guild, needed, now).map(|_| ())
}

/// Tells those who may know, and the audit log.
fn tell(tx: &mut Tx<'_>, actor: Actor, guild: GuildId, old: &Value, new: &Value) {
    const KEYS: [&str; 8] = [
        "name",
        "event_type",
        "trigger_type",
        "trigger_metadata",
        "actions",
        "enabled",
        "exempt_roles",
        "exempt_channels",
    ];
    let (kind, action) = match (old.is_null(), new.is_null()) {
        (true, _) => (EventKind::AutoModerationRuleCreate, AuditAction::AutoModerationRuleCreate),
        (_, true) => (EventKind::AutoModerationRuleDelete, AuditAction::AutoModerationRuleDelete),
        _ => (EventKind::AutoModerationRuleUpdate, AuditAction::AutoModerationRuleUpdate),
    };
    let shown = if new.is_null() { old } else { new };
    let id = shown["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
    tx.emit(kind, Audience::GuildWith(guild, MANAGE_GUILD), shown.clone());
    tx.audit(guild, Audit::new(actor.user, action).target(id).diff(old, new, &KEYS));
}

/// POST /guilds/{guild}/auto-moderation/rules.
///
/// # Errors
/// 10004, 50001, 50013, 50035 (also `AUTO_MODERATION_MAX_RULES_OF_TYPE_EXCEEDED`).
#[derive(Debug)]
pub struct CreateRule {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for CreateRule {
    /// The rule.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, MANAGE_GUILD, tx.now)?;
        let mut rule = form::draft(self.actor.user);
        body::read(&self.body, |form| form::read_new(form, guild, &mut rule))?;
        check(tx.world, self.actor, self.guild, &rule, tx.now)?;
        let alike = guild.auto_moderation.values().filter(|r| r.trigger.number() == rule.trigger.number());
        let most = rule.trigger.most();
        if alike.count() >= most {
            let code = "AUTO_MODERATION_MAX_RULES_OF_TYPE_EXCEEDED";
            let message = format!("Maximum number of rules of this type reached ({most}).");
            return Err(ApiError::form("trigger_type", code, message));
        }
        rule.id = RuleId::new(tx.mint());
        let shown = wire::auto_moderation_rule(self.guild, &rule);
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.auto_moderation.insert(rule.id, rule);
        }
        tell(tx, self.actor, self.guild, &Value::Null, &shown);
        Ok(shown)
    }
}

/// PATCH /guilds/{guild}/auto-moderation/rules/{rule}; the trigger type stays.
///
/// # Errors
/// 404/0, 10004, 50001, 50013, 50035.
#[derive(Debug)]
pub struct PatchRule {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub rule: RuleId,
    /// The body.
    pub body: Value,
}

impl Action for PatchRule {
    /// The rule.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, MANAGE_GUILD, tx.now)?;
        let before = find(guild, self.rule)?;
        let mut rule = before.clone();
        body::read(&self.body, |form| form::read(form, guild, &mut rule))?;
        check(tx.world, self.actor, self.guild, &rule, tx.now)?;
        let shown = wire::auto_moderation_rule(self.guild, &rule);
        let old = wire::auto_moderation_rule(self.guild, before);
        if shown != old {
            if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
                guild.auto_moderation.insert(rule.id, rule);
            }
            tell(tx, self.actor, self.guild, &old, &shown);
            profile::release(tx, self.guild);
        }
        Ok(shown)
    }
}

/// DELETE /guilds/{guild}/auto-moderation/rules/{rule}.
///
/// # Errors
/// 404/0, 10004, 50001, 50013 (MANAGE_GUILD).
#[derive(Debug)]
pub struct DeleteRule {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub rule: RuleId,
}

impl Action for DeleteRule {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, MANAGE_GUILD, tx.now)?;
        let old = wire::auto_moderation_rule(self.guild, find(guild, self.rule)?);
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.auto_moderation.remove(&self.rule);
        }
        tell(tx, self.actor, self.guild, &old, &Value::Null);
        profile::release(tx, self.guild);
        Ok(())
    }
}

/// A role is gone: it is no exemption any more.
pub(crate) fn forget_role(guild: &mut Guild, role: RoleId) {
    for rule in guild.auto_moderation.values_mut() {
        rule.exempt_roles.retain(|id| *id != role);
    }
}

/// A channel is gone: it is no exemption any more, and nothing is reported there. A rule that does nothing else is
/// switched off.
pub(crate) fn forget_channel(guild: &mut Guild, channel: ChannelId) {
    for rule in guild.auto_moderation.values_mut() {
        rule.exempt_channels.retain(|id| *id != channel);
        rule.actions.retain(|action| *action != RuleAction::Alert(channel));
        rule.enabled &= !rule.actions.is_empty();
    }
}
