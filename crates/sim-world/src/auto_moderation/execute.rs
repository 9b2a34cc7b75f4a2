//! What the rules say to a message or a thread's title by a person, and doing it: blocking, reporting, timing out.
//! Whoever may manage the guild is exempt, and so are bots. See Discord docs: Gateway Events / Auto Moderation Action Execution.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};

use super::{
    matching::{Found, Text},
    profile, spam, words,
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
    pub(super) guild: GuildId,
    /// Where it was written; a name is written nowhere.
    pub(super) channel: Option<ChannelId>,
    pub(super) user: UserId,
    pub(super) content: String,
    pub(super) hits: Vec<Hit>,
    /// What an alert says besides.
    pub(super) fields: Vec<(&'static str, String)>,
}

#[derive(Debug)]
pub(super) struct Hit {
    pub(super) rule: AutoModerationRule,
    pub(super) found: Option<Found>,
}

/// Holds what somebody is about to send against the rules of its guild. What triggers one but is not blocked is to be
/// sent and the verdict executed; the caller has made all other checks.
///
/// # Errors
/// 200000 if a rule blocks it. The rules are executed then, and what they do stands. 50013 if the sender's own names
/// quarantine them.
pub(crate) fn screen(
    tx: &mut Tx<'_>,
    channel: ChannelId,
    user: UserId,
    content: &str,
) -> Result<Option<Verdict>, ApiError> {
    look_at(tx, channel, user, content, ("content", ApiError::blocked_by_auto_moderation()))
}

/// [`screen`] for the title of a thread: 200001 if a rule blocks it.
pub(crate) fn screen_title(
    tx: &mut Tx<'_>,
    channel: ChannelId,
    user: UserId,
    title: &str,
) -> Result<Option<Verdict>, ApiError> {
    look_at(tx, channel, user, title, ("name", ApiError::title_blocked_by_auto_moderation()))
}

fn look_at(
    tx: &mut Tx<'_>,
    channel: ChannelId,
    user: UserId,
    content: &str,
    refusal: (&str, ApiError),
) -> Result<Option<Verdict>, ApiError> {
    profile::catch(tx, channel, user)?;
    let Some(verdict) = judge(tx.world, channel, user, content, tx.now) else { return Ok(None) };
    match verdict.refusal(refusal) {
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
    if guild.auto_moderation.values().all(|rule| !rule.enabled) || is_exempt(world, guild, user) {
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
    let is_spam = || spam::is_spam(world, guild, user, content, now);
    let hits: Vec<Hit> = rules.filter_map(|rule| triggers(rule, &text, content, &is_spam)).collect();
    (!hits.is_empty()).then(|| Verdict {
        guild: guild.id,
        channel: Some(channel),
        user,
        content: content.to_owned(),
        hits,
        fields: Vec::new(),
    })
}

/// Bots, and those whose roles let them manage the guild, in quarantine too.
pub(super) fn is_exempt(world: &World, guild: &Guild, user: UserId) -> bool {
    let bot = world.users.get(&user).is_none_or(|u| u.bot);
    bot || world.granted(guild.id, user) & MANAGE_GUILD != 0
}

fn triggers(
    rule: &AutoModerationRule,
    text: &Text<'_>,
    content: &str,
    is_spam: &dyn Fn() -> bool,
) -> Option<Hit> {
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
        Trigger::Spam => is_spam().then(|| hit(None))?,
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
    /// The refusal, if the text is blocked: the given one, with the first explanation that a rule has at the given key.
    fn refusal(&self, (key, mut error): (&str, ApiError)) -> Option<ApiError> {
        let blocks = || {
            self.hits.iter().flat_map(|hit| &hit.rule.actions).filter_map(|action| match action {
                RuleAction::Block { explanation } => Some(explanation),
                _ => None,
            })
        };
        blocks().next()?;
        if let Some(text) = blocks().flatten().next() {
            error.errors = ApiError::form(key, "AUTO_MODERATION_BLOCKED", text).errors;
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
            RuleAction::BlockInteraction => AuditAction::AutoModerationQuarantineUser,
        };
        let mut data = json!({
            "guild_id": guild,
            "action": wire::rule_action(action),
            "rule_id": hit.rule.id,
            "rule_trigger_type": hit.rule.trigger.number(),
            "user_id": self.user,
            "content": self.content,
            "matched_keyword": hit.found.as_ref().map(|f| f.keyword.as_str()),
            "matched_content": hit.found.as_ref().map(|f| f.content.as_str()),
        });
        if let Some(channel) = self.channel {
            data["channel_id"] = json!(channel);
        }
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
            .option("auto_moderation_rule_trigger_type", hit.rule.trigger.number());
        let audit = match self.channel {
            Some(channel) => audit.option("channel_id", channel),
            None => audit,
        };
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
        let mut fields = vec![("rule_name", hit.rule.name.clone())];
        if let Some(channel) = self.channel {
            fields.push(("channel_id", channel.to_string()));
        }
        fields.push(("decision_id", format!("{:032x}", tx.mint())));
        if let Some(found) = &hit.found {
            fields.push(("keyword", found.keyword.clone()));
            fields.push(("keyword_matched_content", found.content.clone()));
        }
        if let Some(id) = message {
            fields.push(("flagged_message_id", id.to_string()));
        }
        let fields: Vec<Value> = fields
            .into_iter()
            .chain(self.fields.iter().cloned())
            .map(|(name, value)| json!({ "name": name, "value": value, "inline": false }))
            .collect();
        let embed =
            json!({ "type": "auto_moderation_message", "description": self.content, "fields": fields });
        let draft = Draft { embeds: vec![embed], allowed: AllowedMentions::none(), ..Draft::text("") };
        let how = PublishAs { kind: 24, ..PublishAs::user(channel, self.user) };
        messages::publish(tx, draft, how).ok()
    }
}
