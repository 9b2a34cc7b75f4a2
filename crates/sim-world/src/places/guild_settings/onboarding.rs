//! What a community asks those who come. See Discord docs: Guild / Guild Onboarding Object.

use serde_json::Value;

use super::{everyone_may, features::COMMUNITY, form::choice};
use crate::{
    Action, Actor, ApiError, Audit, AuditAction, ChannelId, Guild, GuildId, Onboarding, Prompt, PromptOption,
    RoleId, Timestamp, Tx, World,
    body::{self, Form, parse_id},
    permissions::{MANAGE_GUILD, MANAGE_ROLES, SEND_MESSAGES, VIEW_CHANNEL},
    places::expressions::read_emoji_of,
    wire,
};

/// Questions of an onboarding.
const MAX_PROMPTS: usize = 15;
/// Answers of a question.
const MAX_OPTIONS: usize = 50;
/// Roles and channels of an answer, of each.
const MAX_GIVEN: usize = 50;
/// Default channels.
const MAX_DEFAULT: usize = 500;
/// Channels that an onboarding must show to be on, and how many of them everybody must be able to write in.
const MIN_SHOWN: usize = 7;
const MIN_OPEN: usize = 5;

/// GET /guilds/{guild}/onboarding.
///
/// # Errors
/// 10004, 50001.
pub fn onboarding(world: &World, actor: Actor, id: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    world.require_guild(actor, id, 0, now).map(wire::onboarding)
}

/// PUT /guilds/{guild}/onboarding: `{prompts?, default_channel_ids?, enabled?, mode?}`; what is absent stays. Questions
/// and answers keep an id that they had here; others get one. On, it must show at least seven channels, and everybody
/// must be able to write in five of them.
///
/// # Errors
/// 10004, 50001, 50013 (MANAGE_GUILD and MANAGE_ROLES), 350000 to switch it on and 350001 to change it below what is
/// required, 50035.
#[derive(Debug)]
pub struct PutOnboarding {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for PutOnboarding {
    /// The onboarding.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let needed = MANAGE_GUILD | MANAGE_ROLES;
        let guild = tx.world.require_guild(self.actor, self.guild, needed, tx.now)?;
        let before = guild.community.onboarding.clone();
        let mut onboarding = before.clone().unwrap_or_default();
        let known = onboarding.prompts.clone();
        body::read(&self.body, |form| read(form, tx.world, guild, &mut onboarding))?;
        check(tx.world, guild, &onboarding, before.as_ref().is_some_and(|o| o.enabled))?;
        settle_ids(tx, &known, &mut onboarding.prompts);
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.community.onboarding = Some(onboarding.clone());
        }
        audit(tx, self.actor, self.guild, before.as_ref(), &onboarding);
        Ok(wire::onboarding(tx.world.guild(self.guild)?))
    }
}

fn read(form: Form<'_>, world: &World, guild: &Guild, onboarding: &mut Onboarding) {
    if let Some(list) = form.list("prompts", MAX_PROMPTS) {
        let read = |(index, item)| {
            let path = form.at(format_args!("prompts.{index}"));
            read_prompt(Form::new(item, &path, form.errors())?, world, guild)
        };
        onboarding.prompts = list.iter().enumerate().filter_map(read).collect();
    }
    if let Some(channels) = ids(form, "default_channel_ids", MAX_DEFAULT, |id| of_guild(world, guild, id)) {
        onboarding.default_channels = channels;
    }
    onboarding.enabled = form.boolean("enabled").unwrap_or(onboarding.enabled);
    if let Some(mode) = choice(form, "mode", &[0, 1]) {
        onboarding.mode = u8::try_from(mode).unwrap_or(0);
    }
}

fn of_guild(world: &World, guild: &Guild, id: ChannelId) -> bool {
    world.channels.get(&id).is_some_and(|c| c.guild == Some(guild.id) && !c.kind.is_thread())
}

/// A list of ids that `known` knows, each once; absent and null are `None`.
fn ids<T: std::str::FromStr + Copy + PartialEq>(
    form: Form<'_>,
    key: &str,
    max: usize,
    known: impl Fn(T) -> bool,
) -> Option<Vec<T>> {
    let mut ids: Vec<T> = Vec::new();
    for (index, item) in form.list(key, max)?.iter().enumerate() {
        match parse_id::<T>(item).filter(|id| known(*id)) {
            Some(id) if !ids.contains(&id) => ids.push(id),
            Some(_) => {}
            None => form.error(format_args!("{key}.{index}"), "UNKNOWN_ID", "No such thing in this guild."),
        }
    }
    Some(ids)
}

fn read_prompt(form: Form<'_>, world: &World, guild: &Guild) -> Option<Prompt> {
    for key in ["title", "options"] {
        if form.get(key).is_none() {
            form.missing(key);
        }
    }
    let options = form.list("options", MAX_OPTIONS).map_or(&[][..], Vec::as_slice);
    if options.is_empty() && form.get("options").is_some() {
        form.error(
            "options",
            "BASE_TYPE_BAD_LENGTH",
            format!("Must be between 1 and {MAX_OPTIONS} in length."),
        );
    }
    let read = |(index, item)| {
        let path = form.at(format_args!("options.{index}"));
        read_option(Form::new(item, &path, form.errors())?, world, guild)
    };
    Some(Prompt {
        id: form.bits("id").unwrap_or(0),
        title: form.string("title", 1, 100)?.to_owned(),
        options: options.iter().enumerate().filter_map(read).collect(),
        single_select: form.boolean("single_select").unwrap_or(false),
        required: form.boolean("required").unwrap_or(false),
        in_onboarding: form.boolean("in_onboarding").unwrap_or(false),
        kind: u8::from(choice(form, "type", &[0, 1]) == Some(1)),
    })
}

fn read_option(form: Form<'_>, world: &World, guild: &Guild) -> Option<PromptOption> {
    if form.get("title").is_none() {
        form.missing("title");
    }
    let (emoji_id, emoji_name) = read_emoji_of(form, guild);
    let animated = emoji_id.and_then(|id| guild.emojis.get(&id)).is_some_and(|emoji| emoji.animated);
    let given = |id: RoleId| guild.roles.get(&id).is_some_and(|role| !role.managed && id != guild.everyone());
    Some(PromptOption {
        id: form.bits("id").unwrap_or(0),
        title: form.string("title", 1, 50)?.to_owned(),
        description: form.string("description", 0, 100).unwrap_or_default().to_owned(),
        emoji_id,
        emoji_name,
        emoji_animated: animated,
        roles: ids(form, "role_ids", MAX_GIVEN, given).unwrap_or_default(),
        channels: ids(form, "channel_ids", MAX_GIVEN, |id| of_guild(world, guild, id)).unwrap_or_default(),
    })
}

/// Whether it may be as it is, if it is on.
fn check(world: &World, guild: &Guild, onboarding: &Onboarding, was_on: bool) -> Result<(), ApiError> {
    if !onboarding.enabled {
        return Ok(());
    }
    let mut shown = onboarding.default_channels.clone();
    if onboarding.mode == 1 {
        let asked = onboarding.prompts.iter().filter(|prompt| prompt.in_onboarding);
        shown.extend(asked.flat_map(|prompt| &prompt.options).flat_map(|option| &option.channels));
        shown.sort_unstable();
        shown.dedup();
    }
    let open = |id: &&ChannelId| {
        world.channels.get(id).is_some_and(|c| everyone_may(guild, c, VIEW_CHANNEL | SEND_MESSAGES))
    };
    let enough = shown.len() >= MIN_SHOWN && shown.iter().filter(open).count() >= MIN_OPEN;
    if enough && guild.has_feature(COMMUNITY) {
        Ok(())
    } else if was_on {
        Err(ApiError::new(400, 350_001, "Cannot update onboarding while below requirements"))
    } else {
        Err(ApiError::new(400, 350_000, "Cannot enable onboarding, requirements are not met"))
    }
}

/// Mints ids for all that had none here before.
fn settle_ids(tx: &mut Tx<'_>, known: &[Prompt], prompts: &mut [Prompt]) {
    for prompt in prompts {
        let earlier = known.iter().find(|p| p.id == prompt.id);
        if earlier.is_none() {
            prompt.id = tx.mint();
        }
        for option in &mut prompt.options {
            if !earlier.is_some_and(|p| p.options.iter().any(|o| o.id == option.id)) {
                option.id = tx.mint();
            }
        }
    }
}

/// An entry for each question that came, changed or went, and one for the rest.
fn audit(tx: &mut Tx<'_>, actor: Actor, guild: GuildId, before: Option<&Onboarding>, after: &Onboarding) {
    const PROMPT: [&str; 6] = ["title", "options", "single_select", "required", "in_onboarding", "type"];
    const WHOLE: [&str; 3] = ["default_channel_ids", "enabled", "mode"];
    let entry = |action, id: u64| Audit::new(actor.user, action).target(id);
    let old = before.map_or(&[][..], |o| &o.prompts);
    let mut entries = Vec::new();
    for prompt in &after.prompts {
        let new = wire::prompt(prompt);
        match old.iter().find(|p| p.id == prompt.id).map(wire::prompt) {
            None => {
                let audit = entry(AuditAction::OnboardingPromptCreate, prompt.id);
                entries.push(audit.diff(&Value::Null, &new, &PROMPT));
            }
            Some(old) if old != new => {
                let audit = entry(AuditAction::OnboardingPromptUpdate, prompt.id);
                entries.push(audit.diff(&old, &new, &PROMPT));
            }
            Some(_) => {}
        }
    }
    for prompt in old.iter().filter(|p| after.prompts.iter().all(|new| new.id != p.id)) {
        let audit = entry(AuditAction::OnboardingPromptDelete, prompt.id);
        entries.push(audit.diff(&wire::prompt(prompt), &Value::Null, &PROMPT));
    }
    let whole = |onboarding: &Onboarding| {
        serde_json::json!({
            "default_channel_ids": onboarding.default_channels,
            "enabled": onboarding.enabled,
            "mode": onboarding.mode,
        })
    };
    let (old, new) = (before.map_or(Value::Null, whole), whole(after));
    if old != new {
        let action =
            if before.is_some() { AuditAction::OnboardingUpdate } else { AuditAction::OnboardingCreate };
        entries.push(entry(action, guild.get()).diff(&old, &new, &WHOLE));
    }
    for audit in entries {
        tx.audit(guild, audit);
    }
}
