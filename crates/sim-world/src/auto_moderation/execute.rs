//! What the rules say to a message of a person, and doing it: blocking, reporting, timing out. Whoever may manage
//! the guild is exempt, and so are bots. See Discord docs: Gateway Events / Auto Moderation Action Execution.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};

use super::{
    SPAM,
    matching::{Found, Text},
    words,
};
use crate::{
    ApiError, Audience, Audit, AuditAction, AutoModerationRule, ChannelId, EventKind, Filter, Guild, GuildId,
    MessageId, RuleAction, Timestamp, Trigger, Tx, UserId, World,
    messages::{self, AllowedMentions, Draft, PublishAs},
    permissions::MANAGE_GUILD,
    places, wire,
};

/// A text and the rules that it triggered.
#[derive(Debug)]
pub(crate) struct Verdict {
    guild: GuildId,
    channel: ChannelId,
    user: UserId,
    content: String,
    hits: Vec<Hit>,
}

#[derive(Debug)]
struct Hit {
    rule: AutoModerationRule,
    found: Option<Found>,
}

/// Holds what somebody is about to send against the rules of its guild. What triggers one but is not blocked is to be
/// sent and the verdict executed; the caller has made all other checks.
///
/// # Errors
/// 200000 if a rule blocks it. The rules are executed then, and what they do stands.
pub(crate) fn screen(
    tx: &mut Tx<'_>,
    channel: ChannelId,
    user: UserId,
    content: &str,
) -> Result<Option<Verdict>, ApiError> {
    let Some(verdict) = judge(tx.world, channel, user, content, tx.now) else { return Ok(None) };
    match verdict.refusal() {
        None => Ok(Some(verdict)),
        Some(refusal) => {
            verdict.execute(tx, None);
            tx.let_stand();
            Err(refusal)
        }
    }
}

fn judge(world: &World, channel: ChannelId, user: UserId, content: &str, now: Timestamp) -> Option<Verdict> {
    let place = world.channels.get(&channel)?;
    let guild = world.guilds.get(&place.guild?)?;
    if guild.auto_moderation.values().all(|rule| !rule.enabled) || is_exempt(world, guild, user, now) {
        return None;
    }
    let roles = guild.members.get(&user).map_or(&[][..], |m| &m.roles);
    let here = |id: &ChannelId| *id == channel || Some(*id) == place.parent;
    let applies = |rule: &&AutoModerationRule| {
        rule.enabled
            && !rule.exempt_roles.iter().any(|role| roles.contains(role))
            && !rule.exempt_channels.iter().any(here)
    };
    let text = Text::new(content);
    let rules = guild.auto_moderation.values().filter(applies);
    let hits: Vec<Hit> = rules.filter_map(|rule| triggers(rule, &text, content)).collect();
    let guild = guild.id;
    (!hits.is_empty()).then(|| Verdict { guild, channel, user, content: content.to_owned(), hits })
}

fn is_exempt(world: &World, guild: &Guild, user: UserId, now: Timestamp) -> bool {
    let bot = world.users.get(&user).is_none_or(|u| u.bot);
    bot || world.guild_permissions(guild.id, user, now) & MANAGE_GUILD != 0
}

fn triggers(rule: &AutoModerationRule, text: &Text<'_>, content: &str) -> Option<Hit> {
    let hit = |found| Some(Hit { rule: rule.clone(), found });
    match &rule.trigger {
        Trigger::Keyword(filter) => {
            let found = text.find(filter.keywords.iter().map(String::as_str), filter)?;
            hit(Some(found))
        }
        Trigger::Preset { presets, allowed } => {
            let filter = Filter { allowed: allowed.clone(), ..Filter::default() };
            let words = presets.iter().flat_map(|number| words::preset(*number)).copied();
            let found = text.find(words, &filter)?;
            hit(Some(found))
        }
        Trigger::Spam => content.contains(SPAM).then(|| hit(None))?,
        Trigger::MentionSpam { limit, .. } => (mentioned(content) > *limit as usize).then(|| hit(None))?,
        Trigger::Profile(_) => None,
    }
}

/// How many different users and roles a text mentions, whether they exist or not.
fn mentioned(content: &str) -> usize {
    let inner = content.split("<@").skip(1).filter_map(|rest| Some(rest.split_once('>')?.0));
    let inner = inner.map(|id| id.strip_prefix('!').unwrap_or(id));
    let is_id = |id: &&str| {
        let digits = id.strip_prefix('&').unwrap_or(id);
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    };
    inner.filter(is_id).collect::<BTreeSet<_>>().len()
}

impl Verdict {
    /// The refusal, if the message is not to be sent: 200000, with the first explanation that a rule has.
    fn refusal(&self) -> Option<ApiError> {
        let blocks = || {
            self.hits.iter().flat_map(|hit| &hit.rule.actions).filter_map(|action| match action {
                RuleAction::Block { explanation } => Some(explanation),
                _ => None,
            })
        };
        blocks().next()?;
        let mut error = ApiError::blocked_by_auto_moderation();
        if let Some(text) = blocks().flatten().next() {
            error.errors = ApiError::form("content", "AUTO_MODERATION_BLOCKED", text).errors;
        }
        Some(error)
    }

    /// Does what the rules say, in their order; `message` is the message's id if it was sent all the same.
    pub(crate) fn execute(&self, tx: &mut Tx<'_>, message: Option<MessageId>) {
        for hit in &self.hits {
            for action in &hit.rule.actions {
                self.perform(tx, hit, action, message);
            }
        }
    }

    fn perform(&self, tx: &mut Tx<'_>, hit: &Hit, action: &RuleAction, message: Option<MessageId>) {
        let guild = self.guild;
        let mut alert = None;
        let logged = match action {
            RuleAction::Block { .. } => AuditAction::AutoModerationBlockMessage,
            RuleAction::Alert(channel) => {
                alert = self.report(tx, hit, *channel, message);
                if alert.is_none() {
                    return;
                }
                AuditAction::AutoModerationFlagToChannel
            }
            RuleAction::Timeout(seconds) => {
                let until = tx.now.plus(Duration::from_secs(u64::from(*seconds)));
                places::time_out(tx, guild, self.user, until);
                AuditAction::AutoModerationUserCommunicationDisabled
            }
            RuleAction::BlockInteraction => return,
        };
        let mut data = json!({
            "guild_id": guild,
            "action": wire::rule_action(action),
            "rule_id": hit.rule.id,
            "rule_trigger_type": hit.rule.trigger.number(),
            "user_id": self.user,
            "channel_id": self.channel,
            "content": self.content,
            "matched_keyword": hit.found.as_ref().map(|f| f.keyword.as_str()),
            "matched_content": hit.found.as_ref().map(|f| f.content.as_str()),
        });
        for (key, id) in [("message_id", message), ("alert_system_message_id", alert)] {
            if let Some(id) = id {
                data[key] = json!(id);
            }
        }
        let audience = Audience::GuildWith(guild, MANAGE_GUILD);
        tx.emit(EventKind::AutoModerationActionExecution, audience, data);
        // Nobody did it; the rule's creator answers for it.
        let audit = Audit::new(hit.rule.creator, logged)
            .target(self.user.get())
            .option("auto_moderation_rule_name", &hit.rule.name)
            .option("auto_moderation_rule_trigger_type", hit.rule.trigger.number())
            .option("channel_id", self.channel);
        tx.audit(guild, audit);
    }

    /// The message of type 24, by the person it is about.
    fn report(
        &self,
        tx: &mut Tx<'_>,
        hit: &Hit,
        channel: ChannelId,
        message: Option<MessageId>,
    ) -> Option<MessageId> {
        let mut fields = vec![
            ("rule_name", hit.rule.name.clone()),
            ("channel_id", self.channel.to_string()),
            ("decision_id", format!("{:032x}", tx.mint())),
        ];
        if let Some(found) = &hit.found {
            fields.push(("keyword", found.keyword.clone()));
            fields.push(("keyword_matched_content", found.content.clone()));
        }
        if let Some(id) = message {
            fields.push(("flagged_message_id", id.to_string()));
        }
        let fields: Vec<Value> = fields
            .into_iter()
            .map(|(name, value)| json!({ "name": name, "value": value, "inline": false }))
            .collect();
        let embed =
            json!({ "type": "auto_moderation_message", "description": self.content, "fields": fields });
        let draft = Draft { embeds: vec![embed], allowed: AllowedMentions::none(), ..Draft::text("") };
        let how = PublishAs { kind: 24, ..PublishAs::user(channel, self.user) };
        messages::publish(tx, draft, how).ok()
    }
}
