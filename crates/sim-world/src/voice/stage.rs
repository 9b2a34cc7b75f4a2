//! Live stages: a stage channel that is open, with its topic. See Discord docs: Stage Instance.

use serde_json::Value;

use crate::{
    Action, Actor, ApiError, Audience, Audit, AuditAction, ChannelId, ChannelKind, EventKind, GuildId,
    ScheduledEventId, StageInstance, Timestamp, Tx, World, body,
    permissions::{MANAGE_CHANNELS, MENTION_EVERYONE, MOVE_MEMBERS, MUTE_MEMBERS},
    scheduled_events, wire,
};

/// What a stage moderator holds in the channel. See Discord docs: Stage Instance / Permissions.
const MODERATOR: u64 = MANAGE_CHANNELS | MUTE_MEMBERS | MOVE_MEMBERS;
/// The only privacy there still is: members of the guild.
const GUILD_ONLY: i64 = 2;
/// What the audit log compares.
const KEYS: [&str; 2] = ["topic", "privacy_level"];

fn unknown_stage() -> ApiError {
    ApiError::new(404, 10067, "Unknown Stage Instance")
}

/// The guild of a stage channel that the actor moderates.
fn moderated(world: &World, actor: Actor, channel: ChannelId, now: Timestamp) -> Result<GuildId, ApiError> {
    let found = world.require(actor, channel, 0, now)?;
    let Some(guild) = found.guild.filter(|_| found.kind == ChannelKind::Stage) else {
        return Err(ApiError::wrong_channel_type());
    };
    world.require(actor, channel, MODERATOR, now)?;
    Ok(guild)
}

fn instance(world: &World, guild: GuildId, channel: ChannelId) -> Result<&StageInstance, ApiError> {
    world.guild(guild)?.voice.stages.get(&channel).ok_or_else(unknown_stage)
}

/// Reads `topic` (1 to 120 characters) and `privacy_level` (2).
fn topic(given: &Value, needed: bool) -> Result<Option<String>, ApiError> {
    body::read(given, |form| {
        if needed && form.get("topic").is_none() {
            form.missing("topic");
        }
        form.integer("privacy_level", GUILD_ONLY, GUILD_ONLY);
        form.string("topic", 1, 120).map(str::to_owned)
    })
}

/// POST /stage-instances: opens a stage, `{channel_id, topic, privacy_level?, send_start_notification?,
/// guild_scheduled_event_id?}`. An event that is planned for the channel starts with its stage.
///
/// # Errors
/// 10003, 10070, 50001, 50013 (MANAGE_CHANNELS, MUTE_MEMBERS and MOVE_MEMBERS there; MENTION_EVERYONE to notify), 50024
/// (no stage channel), 50035, 150006 (open already), 180000 for an event that is over.
#[derive(Debug)]
pub struct OpenStage {
    /// Who.
    pub actor: Actor,
    /// The body.
    pub body: Value,
}

impl Action for OpenStage {
    /// The stage instance.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let (channel, notify, event) = body::read(&self.body, |form| {
            if form.get("channel_id").is_none() {
                form.missing("channel_id");
            }
            let notify = form.boolean("send_start_notification") == Some(true);
            let event = form.id::<ScheduledEventId>("guild_scheduled_event_id");
            (form.id::<ChannelId>("channel_id"), notify, event)
        })?;
        let channel = channel.ok_or_else(ApiError::unknown_channel)?;
        let guild = moderated(tx.world, self.actor, channel, tx.now)?;
        let topic = topic(&self.body, true)?.unwrap_or_default();
        if notify {
            tx.world.require(self.actor, channel, MENTION_EVERYONE, tx.now)?;
        }
        if instance(tx.world, guild, channel).is_ok() {
            return Err(ApiError::new(400, 150_006, "The Stage is already open"));
        }
        if let Some(event) = event {
            scheduled_events::for_stage(tx.world, guild, channel, event)?;
        }
        let id = open(tx, guild, channel, topic, event);
        let shown = tell(tx, self.actor, guild, channel, EventKind::StageInstanceCreate, &Value::Null);
        if let Some(event) = event {
            scheduled_events::started_by_stage(tx, guild, event, id);
        }
        Ok(shown)
    }
}

/// Stores a stage that is open; answers its id.
fn open(
    tx: &mut Tx<'_>,
    guild: GuildId,
    channel: ChannelId,
    topic: String,
    event: Option<ScheduledEventId>,
) -> u64 {
    let id = tx.mint();
    if let Some(found) = tx.world.guilds.get_mut(&guild) {
        found.voice.stages.insert(channel, StageInstance { id, topic, event });
    }
    id
}

/// Opens a stage for an event that starts; [`tell_opened`] tells of it. Answers the stage's id.
pub(crate) fn open_for(
    tx: &mut Tx<'_>,
    guild: GuildId,
    channel: ChannelId,
    topic: String,
    event: ScheduledEventId,
) -> u64 {
    open(tx, guild, channel, topic, Some(event))
}

/// STAGE_INSTANCE_CREATE of a stage that is open. It was the event that somebody started, so that the audit log tells of
/// that alone.
pub(crate) fn tell_opened(tx: &mut Tx<'_>, guild: GuildId, channel: ChannelId) {
    if let Ok(stage) = instance(tx.world, guild, channel) {
        let data = wire::stage_instance(guild, channel, stage);
        tx.emit(EventKind::StageInstanceCreate, Audience::Guild(guild), data);
    }
}

/// PATCH /stage-instances/{channel}: another topic.
///
/// # Errors
/// As [`OpenStage`], and 10067 when it is not open.
#[derive(Debug)]
pub struct PatchStage {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub channel: ChannelId,
    /// The body.
    pub body: Value,
}

impl Action for PatchStage {
    /// The stage instance.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = moderated(tx.world, self.actor, self.channel, tx.now)?;
        let before = wire::stage_instance(guild, self.channel, instance(tx.world, guild, self.channel)?);
        let topic = topic(&self.body, false)?;
        let stages = tx.world.guilds.get_mut(&guild).map(|g| &mut g.voice.stages);
        match (stages.and_then(|s| s.get_mut(&self.channel)), topic) {
            (Some(stage), Some(topic)) if stage.topic != topic => stage.topic = topic,
            _ => return Ok(before),
        }
        Ok(tell(tx, self.actor, guild, self.channel, EventKind::StageInstanceUpdate, &before))
    }
}

/// DELETE /stage-instances/{channel}: closes it. The event that it was open for ends with it, which Discord's
/// documentation does not tell.
///
/// # Errors
/// 10003, 10067, 50001, 50013, 50024.
#[derive(Debug)]
pub struct CloseStage {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub channel: ChannelId,
}

impl Action for CloseStage {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let guild = moderated(tx.world, self.actor, self.channel, tx.now)?;
        let stage = instance(tx.world, guild, self.channel)?;
        let (before, event) = (wire::stage_instance(guild, self.channel, stage), stage.event);
        close(tx, guild, self.channel);
        audit(tx, self.actor, guild, self.channel, AuditAction::StageInstanceDelete, [&before, &Value::Null]);
        if let Some(event) = event {
            scheduled_events::finish(tx, guild, event);
            scheduled_events::tell_updated(tx, guild, event);
        }
        Ok(())
    }
}

/// Ends a stage, if it is open, and tells the guild. Also when its channel goes.
pub(crate) fn close(tx: &mut Tx<'_>, guild: GuildId, channel: ChannelId) {
    let stages = tx.world.guilds.get_mut(&guild).map(|g| &mut g.voice.stages);
    if let Some(stage) = stages.and_then(|stages| stages.remove(&channel)) {
        let data = wire::stage_instance(guild, channel, &stage);
        tx.emit(EventKind::StageInstanceDelete, Audience::Guild(guild), data);
    }
}

/// Tells the guild and the audit log of a stage as it is now; answers it.
fn tell(
    tx: &mut Tx<'_>,
    actor: Actor,
    guild: GuildId,
    channel: ChannelId,
    kind: EventKind,
    before: &Value,
) -> Value {
    let Ok(stage) = instance(tx.world, guild, channel) else { return Value::Null };
    let now = wire::stage_instance(guild, channel, stage);
    tx.emit(kind, Audience::Guild(guild), now.clone());
    let action =
        if before.is_null() { AuditAction::StageInstanceCreate } else { AuditAction::StageInstanceUpdate };
    audit(tx, actor, guild, channel, action, [before, &now]);
    now
}

fn audit(
    tx: &mut Tx<'_>,
    actor: Actor,
    guild: GuildId,
    channel: ChannelId,
    action: AuditAction,
    [old, new]: [&Value; 2],
) {
    let id = if new.is_null() { &old["id"] } else { &new["id"] };
    let id = id.as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
    let audit = Audit::new(actor.user, action).target(id).diff(old, new, &KEYS);
    tx.audit(guild, audit.option("channel_id", channel));
}

/// GET /stage-instances/{channel}.
///
/// # Errors
/// 10003, 10067, 50001, 50024.
pub fn stage(world: &World, actor: Actor, channel: ChannelId, now: Timestamp) -> Result<Value, ApiError> {
    let found = world.require(actor, channel, 0, now)?;
    let Some(guild) = found.guild.filter(|_| found.kind == ChannelKind::Stage) else {
        return Err(ApiError::wrong_channel_type());
    };
    Ok(wire::stage_instance(guild, channel, instance(world, guild, channel)?))
}

/// The open stages of a guild, as GUILD_CREATE lists them.
pub(crate) fn stages(world: &World, guild: GuildId) -> Value {
    let open = world.guilds.get(&guild).into_iter().flat_map(|g| &g.voice.stages);
    open.map(|(channel, stage)| wire::stage_instance(guild, *channel, stage)).collect::<Vec<_>>().into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Viewer, intents, places, places::operator};

    const NOW: Timestamp = Timestamp::from_ms(1_792_000_000_000);

    /// Applies it; what the bot is told of it.
    fn told<A: Action>(world: &mut World, bot: Viewer, action: A) -> Result<Vec<&'static str>, ApiError> {
        let events = world.apply(action, NOW)?.events;
        Ok(events.iter().filter(|e| world.sees(e, &bot, NOW).is_some()).map(|e| e.kind.name()).collect())
    }

    #[test]
    fn a_stage_is_opened_renamed_and_closed_and_goes_with_its_channel() {
        let (mut world, ids) = World::default_world("", NOW);
        let bot = Viewer::Bot { application: ids.application, intents: intents::ALL, large_threshold: 50 };
        let actor = Actor::bot(ids.application);
        let guild = ids.guild;
        let body = json!({ "name": "stage", "type": 13 });
        let made = world.apply(operator::CreateChannel { guild, body }, NOW).expect("is allowed").output;
        let channel: ChannelId = made["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let open =
            |channel: ChannelId| OpenStage { actor, body: json!({ "channel_id": channel, "topic": "Talk" }) };
        let events = told(&mut world, bot, open(channel)).expect("is allowed");
        assert_eq!(events, ["STAGE_INSTANCE_CREATE", "GUILD_AUDIT_LOG_ENTRY_CREATE"]);
        let code = |result: Result<Vec<&'static str>, ApiError>| result.map_err(|e| e.code);
        assert_eq!(code(told(&mut world, bot, open(channel))), Err(150_006));
        assert_eq!(code(told(&mut world, bot, open(ids.channel))), Err(50024));
        assert_eq!(stages(&world, guild)[0]["topic"], "Talk");
        let patch = |topic: &str| PatchStage { actor, channel, body: json!({ "topic": topic }) };
        let events = told(&mut world, bot, patch("More")).expect("is allowed");
        assert_eq!(events[0], "STAGE_INSTANCE_UPDATE");
        assert_eq!(told(&mut world, bot, patch("More")), Ok(Vec::new()), "no change");
        assert_eq!(code(told(&mut world, bot, patch(""))), Err(50035));
        let noor = world.users().find(|u| u.username == "noor").expect("is there").id;
        let stranger = CloseStage { actor: Actor::person(noor), channel };
        assert_eq!(code(told(&mut world, bot, stranger)), Err(50013));
        let events = told(&mut world, bot, CloseStage { actor, channel }).expect("is allowed");
        assert_eq!(events, ["STAGE_INSTANCE_DELETE", "GUILD_AUDIT_LOG_ENTRY_CREATE"]);
        assert_eq!(code(told(&mut world, bot, CloseStage { actor, channel })), Err(10067));
        told(&mut world, bot, open(channel)).expect("is allowed");
        let events = told(&mut world, bot, places::DeleteChannel { actor, channel }).expect("is allowed");
        assert!(events.contains(&"STAGE_INSTANCE_DELETE"), "{events:?}");
        assert_eq!(stages(&world, guild), json!([]));
    }
}
