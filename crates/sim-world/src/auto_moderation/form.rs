//! Reads the body of a rule, with all of Discord's limits. See Discord docs: Auto Moderation / Create Auto
//! Moderation Rule, Trigger Metadata Field Limits.

use serde_json::Value;

use crate::{
    AutoModerationRule, ChannelId, Filter, Guild, Pattern, RoleId, RuleAction, RuleId, Trigger, UserId,
    body::{self, Form, join},
};

const MAX_NAME: usize = 100;
const MAX_KEYWORDS: usize = 1000;
const MAX_KEYWORD: usize = 60;
const MAX_PATTERNS: usize = 10;
const MAX_PATTERN: usize = 260;
/// Allowed words beside keywords; beside presets there may be as many as keywords.
const MAX_ALLOWED: usize = 100;
const MAX_MENTIONS: i64 = 50;
const MAX_ACTIONS: usize = 5;
/// Four weeks.
const MAX_TIMEOUT: i64 = 2_419_200;
/// The page of the documentation says 150, the OpenAPI document 300.
const MAX_EXPLANATION: usize = 150;
const MAX_EXEMPT_ROLES: usize = 20;
const MAX_EXEMPT_CHANNELS: usize = 50;

/// A rule before its body is read.
pub(super) fn draft(creator: UserId) -> AutoModerationRule {
    AutoModerationRule {
        id: RuleId::new(0),
        name: String::new(),
        creator,
        trigger: Trigger::Spam,
        actions: Vec::new(),
        enabled: false,
        exempt_roles: Vec::new(),
        exempt_channels: Vec::new(),
    }
}

/// Reads what only a new rule is given: its trigger type, and all that must be there.
pub(super) fn read_new(form: Form<'_>, guild: &Guild, rule: &mut AutoModerationRule) {
    for key in ["name", "event_type", "trigger_type", "actions"] {
        if form.get(key).is_none() {
            form.missing(key);
        }
    }
    let trigger = form.integer("trigger_type", i64::MIN, i64::MAX);
    rule.trigger = match trigger {
        Some(1) => Trigger::Keyword(Filter::default()),
        Some(4) => Trigger::Preset { presets: Vec::new(), allowed: Vec::new() },
        Some(5) => Trigger::MentionSpam { limit: 0, raid_protection: false },
        Some(6) => Trigger::Profile(Filter::default()),
        Some(3) | None => Trigger::Spam,
        Some(_) => {
            form.error("trigger_type", "BASE_TYPE_CHOICES", "Value must be one of (1, 3, 4, 5, 6).");
            Trigger::Spam
        }
    };
    if matches!(trigger, Some(4 | 6)) && form.get("trigger_metadata").is_none() {
        form.missing("trigger_metadata");
    }
    read(form, guild, rule);
}

/// Reads what a rule can be changed to.
pub(super) fn read(form: Form<'_>, guild: &Guild, rule: &mut AutoModerationRule) {
    if let Some(name) = form.string("name", 1, MAX_NAME) {
        name.clone_into(&mut rule.name);
    }
    if form.integer("event_type", 1, 2).is_some_and(|event| event != i64::from(rule.event_type())) {
        form.error("event_type", "BASE_TYPE_CHOICES", "Not the event type of this trigger type.");
    }
    if let Some(metadata) = form.get("trigger_metadata") {
        let path = form.at("trigger_metadata");
        if let Some(metadata) = Form::new(metadata, &path, form.errors()) {
            read_trigger(metadata, &mut rule.trigger);
        }
    }
    if let Some(list) = form.list("actions", MAX_ACTIONS) {
        if list.is_empty() {
            form.error("actions", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
        }
        rule.actions = list.iter().enumerate().filter_map(|(i, v)| action(form, i, v, guild, rule)).collect();
    }
    if let Some(enabled) = form.boolean("enabled") {
        rule.enabled = enabled;
    }
    if let Some(roles) = ids::<RoleId>(form, "exempt_roles", MAX_EXEMPT_ROLES) {
        rule.exempt_roles = roles;
    }
    if let Some(channels) = ids::<ChannelId>(form, "exempt_channels", MAX_EXEMPT_CHANNELS) {
        rule.exempt_channels = channels;
    }
}

fn read_trigger(form: Form<'_>, trigger: &mut Trigger) {
    match trigger {
        Trigger::Keyword(filter) | Trigger::Profile(filter) => {
            if let Some(words) = words(form, "keyword_filter", MAX_KEYWORDS, MAX_KEYWORD) {
                filter.keywords = words;
            }
            if let Some(words) = words(form, "allow_list", MAX_ALLOWED, MAX_KEYWORD) {
                filter.allowed = words;
            }
            if let Some(texts) = words(form, "regex_patterns", MAX_PATTERNS, MAX_PATTERN) {
                filter.patterns = texts.into_iter().map(Pattern::from).collect();
                let bad = filter.patterns.iter().enumerate().filter(|(_, p)| p.regex().is_none());
                for (index, _) in bad {
                    let message = "Not a regular expression of Rust's flavour, or too large a one.";
                    form.error(format!("regex_patterns.{index}"), "AUTO_MODERATION_INVALID_REGEX", message);
                }
            }
        }
        Trigger::Spam => {}
        Trigger::Preset { presets, allowed } => {
            if let Some(words) = words(form, "allow_list", MAX_KEYWORDS, MAX_KEYWORD) {
                *allowed = words;
            }
            if let Some(list) = form.list("presets", 3) {
                presets.clear();
                for (index, value) in list.iter().enumerate() {
                    match value.as_u64() {
                        Some(number @ 1..=3) => {
                            let number = number as u8;
                            if !presets.contains(&number) {
                                presets.push(number);
                            }
                        }
                        _ => {
                            let at = format!("presets.{index}");
                            form.error(at, "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3).");
                        }
                    }
                }
            }
        }
        Trigger::MentionSpam { limit, raid_protection } => {
            if let Some(number) = form.integer("mention_total_limit", 0, MAX_MENTIONS) {
                *limit = u32::try_from(number).unwrap_or(0);
            }
            if let Some(on) = form.boolean("mention_raid_protection_enabled") {
                *raid_protection = on;
            }
        }
    }
}

/// A list of texts of 1 to `longest` characters.
fn words(form: Form<'_>, key: &str, most: usize, longest: usize) -> Option<Vec<String>> {
    let list = form.list(key, most)?;
    let mut words = Vec::new();
    for (index, value) in list.iter().take(most).enumerate() {
        let at = format!("{key}.{index}");
        match value.as_str() {
            Some(text) if (1..=longest).contains(&text.chars().count()) => words.push(text.to_owned()),
            Some(_) => {
                let message = format!("Must be between 1 and {longest} in length.");
                form.error(at, "BASE_TYPE_BAD_LENGTH", message);
            }
            None => form.error(at, "STRING_TYPE_CONVERT", "Could not interpret value as string."),
        }
    }
    Some(words)
}

/// A list of ids, each once.
fn ids<T: std::str::FromStr + PartialEq>(form: Form<'_>, key: &str, most: usize) -> Option<Vec<T>> {
    let mut ids = Vec::new();
    for (index, value) in form.list(key, most)?.iter().take(most).enumerate() {
        match body::parse_id(value) {
            Some(id) if ids.contains(&id) => {}
            Some(id) => ids.push(id),
            None => {
                form.error(format!("{key}.{index}"), "NUMBER_TYPE_COERCE", "Value is not snowflake.");
            }
        }
    }
    Some(ids)
}

fn action(
    form: Form<'_>,
    index: usize,
    value: &Value,
    guild: &Guild,
    rule: &AutoModerationRule,
) -> Option<RuleAction> {
    let path = join(&form.at("actions"), index);
    let action = Form::new(value, &path, form.errors())?;
    let metadata_path = action.at("metadata");
    let metadata = action.get("metadata").and_then(|m| Form::new(m, &metadata_path, form.errors()));
    let profile = matches!(rule.trigger, Trigger::Profile(_));
    let misplaced = || {
        action.error("type", "BASE_TYPE_CHOICES", "This action does not go with this trigger type.");
        None
    };
    match action.integer("type", i64::MIN, i64::MAX) {
        Some(1) if !profile => {
            let explanation = metadata.and_then(|m| m.string("custom_message", 0, MAX_EXPLANATION));
            let explanation = explanation.filter(|text| !text.is_empty()).map(str::to_owned);
            Some(RuleAction::Block { explanation })
        }
        Some(2) => {
            let Some(metadata) = metadata.filter(|m| m.get("channel_id").is_some()) else {
                action.error("metadata.channel_id", "BASE_TYPE_REQUIRED", "This field is required");
                return None;
            };
            let channel: ChannelId = metadata.id("channel_id")?;
            if !guild.channels.contains(&channel) {
                metadata.error("channel_id", "UNKNOWN_CHANNEL", "No such channel in this guild.");
            }
            Some(RuleAction::Alert(channel))
        }
        Some(3) if matches!(rule.trigger, Trigger::Keyword(_) | Trigger::MentionSpam { .. }) => {
            let Some(metadata) = metadata.filter(|m| m.get("duration_seconds").is_some()) else {
                action.error("metadata.duration_seconds", "BASE_TYPE_REQUIRED", "This field is required");
                return None;
            };
            let seconds = metadata.integer("duration_seconds", 0, MAX_TIMEOUT)?;
            Some(RuleAction::Timeout(u32::try_from(seconds).unwrap_or(0)))
        }
        Some(4) if profile => Some(RuleAction::BlockInteraction),
        Some(1..=4) => misplaced(),
        Some(_) => {
            action.error("type", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4).");
            None
        }
        None => {
            if action.get("type").is_none() {
                action.missing("type");
            }
            None
        }
    }
}
