//! Auto moderation rules. See Discord docs: Auto Moderation / Auto Moderation Rule Object.

use serde_json::{Value, json};

use crate::{AutoModerationRule, Filter, GuildId, Pattern, RuleAction, Trigger};

/// A rule.
pub fn auto_moderation_rule(guild: GuildId, rule: &AutoModerationRule) -> Value {
    json!({
        "id": rule.id,
        "guild_id": guild,
        "name": rule.name,
        "creator_id": rule.creator,
        "event_type": rule.event_type(),
        "trigger_type": rule.trigger.number(),
        "trigger_metadata": trigger(&rule.trigger),
        "actions": rule.actions.iter().map(rule_action).collect::<Vec<_>>(),
        "enabled": rule.enabled,
        "exempt_roles": rule.exempt_roles,
        "exempt_channels": rule.exempt_channels,
    })
}

/// What one of its actions does.
pub fn rule_action(action: &RuleAction) -> Value {
    let metadata = match action {
        RuleAction::Block { explanation: Some(text) } => json!({ "custom_message": text }),
        RuleAction::Block { explanation: None } | RuleAction::BlockInteraction => json!({}),
        RuleAction::Alert(channel) => json!({ "channel_id": channel }),
        RuleAction::Timeout(seconds) => json!({ "duration_seconds": seconds }),
    };
    json!({ "type": action.number(), "metadata": metadata })
}

fn trigger(trigger: &Trigger) -> Value {
    match trigger {
        Trigger::Keyword(filter) | Trigger::Profile(filter) => {
            let Filter { keywords, patterns, allowed } = filter;
            let patterns: Vec<&str> = patterns.iter().map(Pattern::text).collect();
            json!({ "keyword_filter": keywords, "regex_patterns": patterns, "allow_list": allowed })
        }
        Trigger::Spam => json!({}),
        Trigger::Preset { presets, allowed } => json!({ "presets": presets, "allow_list": allowed }),
        Trigger::MentionSpam { limit, raid_protection } => {
            json!({ "mention_total_limit": limit, "mention_raid_protection_enabled": raid_protection })
        }
    }
}
