//! Voice: entering and leaving, who learns of it, moderating, stages, and the status of a channel.

use cogwright_sim_world::{
    Actor, ChannelId, ChannelKind, UserId, World, intents, permissions as p,
    places::{self, operator},
    voice::{self, Connect, PatchVoiceState, SetStatus},
};
use serde_json::{Value, json};

use crate::{
    helpers::{NOW, id},
    stage::Stage,
};

const AUDIT: &str = "GUILD_AUDIT_LOG_ENTRY_CREATE";
const STATE: &str = "VOICE_STATE_UPDATE";

fn enter(stage: &Stage, user: UserId, channel: ChannelId) -> Connect {
    Connect {
        user,
        guild: stage.guild,
        channel: Some(channel),
        session: None,
        self_mute: false,
        self_deaf: false,
        self_video: false,
    }
}

fn leave(stage: &Stage, user: UserId) -> Connect {
    Connect { channel: None, ..enter(stage, user, ChannelId::new(1)) }
}

fn patch(stage: &Stage, actor: Actor, user: UserId, body: Value) -> places::PatchMember {
    places::PatchMember { actor, guild: stage.guild, user, body }
}

/// A voice channel that @everyone cannot see.
fn hidden(stage: &mut Stage) -> ChannelId {
    let guild = stage.guild;
    let overwrite = json!({ "id": guild, "type": 0, "allow": "0", "deny": p::VIEW_CHANNEL.to_string() });
    let body = json!({ "name": "hidden", "type": 2, "permission_overwrites": [overwrite] });
    id(&stage.apply(operator::CreateChannel { guild, body }).0)
}

fn states(world: &World, viewer: Actor) -> Value {
    let guild = world.guilds().next().expect("a guild");
    cogwright_sim_world::wire::voice_states(world, guild, viewer.user, NOW)
}

#[test]
fn people_enter_move_and_leave_and_the_call_begins_and_ends() {
    let mut stage = Stage::new();
    let (sasha, noor) = (stage.person("sasha"), stage.person("noor"));
    let (first, second) = (stage.channel(ChannelKind::Voice), hidden(&mut stage));
    let (state, events) = stage.apply(enter(&stage, sasha, first));
    assert_eq!(state["channel_id"], json!(first));
    assert_eq!((&state["suppress"], &state["member"]["user"]["id"]), (&json!(false), &json!(sasha)));
    assert_eq!(stage.told(&events), [STATE, "VOICE_CHANNEL_START_TIME_UPDATE"]);
    let start = stage.payload(&events, "VOICE_CHANNEL_START_TIME_UPDATE");
    assert_eq!(start["voice_start_time"], json!(NOW.ms() / 1000));
    // The same once more is nothing; a changed mark is told.
    assert!(stage.events(enter(&stage, sasha, first)).is_empty());
    let muted = Connect { self_mute: true, ..enter(&stage, sasha, first) };
    let (state, events) = stage.apply(muted);
    assert_eq!((stage.told(&events), &state["self_mute"]), (vec![STATE], &json!(true)));
    let events = stage.events(enter(&stage, noor, first));
    assert_eq!(stage.told(&events), [STATE], "the call goes on");
    let listed = states(&stage.world, stage.bot);
    assert_eq!(listed.as_array().map(Vec::len), Some(2));
    assert!(listed[0].get("guild_id").is_none() && listed[0].get("member").is_none());

    // Noor may not look there, but can be moved: she and those who see the channel learn where she is, the others
    // that she left.
    let (owner, guild) = (stage.owner, stage.guild);
    let blind = stage.second_bot(0);
    let events = stage.events(patch(&stage, owner, noor, json!({ "channel_id": second })));
    let told = stage.seen(&events, intents::GUILD_VOICE_STATES);
    assert_eq!((told.len(), &told[0].1["channel_id"]), (1, &json!(second)));
    let told = stage.seen_by(blind, &events, intents::GUILD_VOICE_STATES);
    assert_eq!((told.len(), &told[0].1["channel_id"]), (1, &Value::Null));
    assert_eq!(told[0].1["user_id"], json!(noor));
    let viewer = cogwright_sim_world::Viewer::Person(noor);
    let own: Vec<_> = events.iter().filter(|e| e.kind.name() == STATE).collect();
    let own: Vec<_> = own.iter().filter_map(|e| stage.world.sees(e, &viewer, NOW)).collect();
    assert_eq!((own.len(), &own[0]["channel_id"]), (1, &json!(second)));
    assert_eq!(states(&stage.world, blind).as_array().map(Vec::len), Some(1), "hidden channels are left out");

    let events = stage.events(leave(&stage, sasha));
    assert_eq!(stage.told(&events), [STATE, "VOICE_CHANNEL_START_TIME_UPDATE"]);
    assert_eq!(stage.payload(&events, STATE)["channel_id"], Value::Null);
    assert_eq!(stage.payload(&events, "VOICE_CHANNEL_START_TIME_UPDATE")["voice_start_time"], Value::Null);
    assert!(stage.events(leave(&stage, sasha)).is_empty());
    // Channels and members take their connections with them.
    let events = stage.events(operator::DeleteChannel { channel: second });
    assert_eq!(stage.told(&events), [STATE, "CHANNEL_DELETE"]);
    stage.apply(enter(&stage, noor, first));
    let events = stage.events(operator::RemoveMember { guild, user: noor });
    let names = stage.told(&events);
    assert_eq!(names[..2], [STATE, "VOICE_CHANNEL_START_TIME_UPDATE"]);
    let voice = &stage.world.guild(guild).expect("is there").voice;
    assert!(voice.states.is_empty() && voice.calls.is_empty(), "{voice:?}");
}

#[test]
fn a_person_is_in_one_place_and_a_bot_in_one_of_each_guild() {
    let mut stage = Stage::new();
    let body = json!({ "name": "Elsewhere", "owner": stage.ids.user });
    let (made, _) = stage.apply(operator::CreateGuild { body });
    let other = id(&made);
    let body = json!({ "name": "talk", "type": 2 });
    let (channel, _) = stage.apply(operator::CreateChannel { guild: other, body });
    let (there, here) = (id(&channel), stage.channel(ChannelKind::Voice));
    let user = stage.ids.user;
    stage.apply(enter(&stage, user, here));
    let events = stage.events(Connect { guild: other, ..enter(&stage, user, there) });
    assert_eq!(stage.payload(&events, STATE)["channel_id"], Value::Null, "left here");
    assert!(stage.world.guild(stage.guild).expect("is there").voice.states.is_empty());

    let application = stage.ids.application;
    let body = json!({ "guilds": [other] });
    stage.apply(operator::PatchApplication { application, body });
    let session = |id: &str| Some(id.to_owned());
    let bot = UserId::from(application);
    stage.apply(Connect { session: session("a"), ..enter(&stage, bot, here) });
    stage.apply(Connect { guild: other, session: session("b"), ..enter(&stage, bot, there) });
    let count = |stage: &Stage| stage.world.guilds().filter(|g| g.voice.states.contains_key(&bot)).count();
    assert_eq!(count(&stage), 2);
    let events = stage.events(voice::EndSession { user: bot, session: "a".into() });
    assert_eq!((count(&stage), stage.told(&events).len()), (1, 2));
    // A world that is served anew knows of no gateway session.
    stage.world.forget_sessions();
    assert_eq!(count(&stage), 0);
    assert_eq!(stage.world.guild(other).expect("is there").voice.states.len(), 1, "people stay");
}

#[test]
fn who_may_enter_is_decided_by_the_channel() {
    let mut stage = Stage::new();
    let (guild, sasha) = (stage.guild, stage.person("sasha"));
    let (text, voice) = (stage.ids.channel, stage.channel(ChannelKind::Voice));
    let secret = hidden(&mut stage);
    assert_eq!(stage.refused(enter(&stage, sasha, text)), 50024);
    assert_eq!(stage.refused(enter(&stage, sasha, ChannelId::new(1))), 10003);
    assert_eq!(stage.refused(enter(&stage, sasha, secret)), 50001);
    assert_eq!(stage.refused(enter(&stage, UserId::new(1), voice)), 50001, "not a member");
    let body = json!({ "user_limit": 1 });
    stage.apply(operator::PatchChannel { channel: voice, body });
    let noor = stage.person("noor");
    stage.apply(enter(&stage, noor, voice));
    assert_eq!(stage.refused(enter(&stage, sasha, voice)), 50035, "full");
    let events = stage.events(Connect { self_deaf: true, ..enter(&stage, noor, voice) });
    assert_eq!(stage.told(&events), [STATE], "whoever is there stays");
    stage.apply(enter(&stage, stage.ids.user, voice));
    let overwrite = json!({ "id": guild, "type": 0, "allow": "0", "deny": p::CONNECT.to_string() });
    let body = json!({ "user_limit": 0, "permission_overwrites": [overwrite] });
    stage.apply(operator::PatchChannel { channel: voice, body });
    assert_eq!(stage.refused(enter(&stage, sasha, voice)), 50013);
}

#[test]
fn moderators_mute_deafen_move_and_disconnect_whom_they_find_in_voice() {
    let mut stage = Stage::new();
    let (mika, sasha) = (stage.mika, stage.person("sasha"));
    let (voice, stage_channel) = (stage.channel(ChannelKind::Voice), stage.channel(ChannelKind::Stage));
    let owner = stage.owner;
    for body in [json!({ "mute": true }), json!({ "deaf": false }), json!({ "channel_id": voice })] {
        assert_eq!(stage.refused(patch(&stage, owner, sasha, body.clone())), 40032);
        assert_eq!(stage.refused(patch(&stage, mika, sasha, body)), 50013, "the permission comes first");
    }
    stage.apply(enter(&stage, sasha, voice));
    assert_eq!(stage.refused(patch(&stage, mika, sasha, json!({ "mute": true }))), 50013);
    stage.grant("Moderator", p::MUTE_MEMBERS);
    let (member, events) = stage.apply(patch(&stage, mika, sasha, json!({ "mute": true })));
    assert_eq!(member["mute"], true);
    let names = stage.told(&events);
    assert!(names.contains(&"GUILD_MEMBER_UPDATE") && names.contains(&STATE), "{names:?}");
    assert_eq!(stage.payload(&events, STATE)["mute"], true);
    assert_eq!(stage.refused(patch(&stage, mika, sasha, json!({ "mute": true, "deaf": true }))), 50013);
    // No rank binds, not even the owner's.
    stage.apply(enter(&stage, owner.user, voice));
    stage.apply(patch(&stage, mika, owner.user, json!({ "mute": true })));

    stage.grant("Moderator", p::MOVE_MEMBERS | p::DEAFEN_MEMBERS);
    let text = stage.ids.channel;
    assert_eq!(stage.refused(patch(&stage, mika, sasha, json!({ "channel_id": text }))), 50024);
    assert_eq!(stage.refused(patch(&stage, mika, sasha, json!({ "channel_id": "1" }))), 10003);
    let events = stage.events(patch(&stage, mika, sasha, json!({ "channel_id": stage_channel })));
    let moved = stage.payload(&events, STATE);
    assert_eq!((&moved["channel_id"], &moved["suppress"]), (&json!(stage_channel), &json!(true)));
    assert!(!stage.told(&events).contains(&"GUILD_MEMBER_UPDATE"), "the member is as before");
    let entry = stage.payload(&events, AUDIT);
    assert_eq!(entry["action_type"], 26);
    assert_eq!(entry["options"], json!({ "channel_id": stage_channel, "count": "1" }));
    let events = stage.events(patch(&stage, mika, sasha, json!({ "channel_id": null })));
    assert_eq!(stage.payload(&events, STATE)["channel_id"], Value::Null);
    let entry = stage.payload(&events, AUDIT);
    assert_eq!((&entry["action_type"], &entry["options"]), (&json!(27), &json!({ "count": "1" })));
    assert_eq!(stage.refused(patch(&stage, mika, sasha, json!({ "channel_id": null }))), 40032);
    assert_eq!(stage.audits().iter().filter(|a| matches!(a, 26 | 27)).count(), 2);
    // Nobody is moved to where the mover could not go.
    let deny = json!({ "id": stage.guild, "type": 0, "allow": "0", "deny": p::CONNECT.to_string() });
    let body = json!({ "name": "closed", "type": 2, "permission_overwrites": [deny] });
    let closed: ChannelId = id(&stage.apply(operator::CreateChannel { guild: stage.guild, body }).0);
    stage.apply(enter(&stage, sasha, voice));
    assert_eq!(stage.refused(patch(&stage, mika, sasha, json!({ "channel_id": closed }))), 50013);
    // The mark stays with the member.
    let (state, _) = stage.apply(enter(&stage, sasha, voice));
    assert_eq!(state["mute"], true);
}

#[test]
fn who_may_not_speak_is_suppressed_and_who_is_out_of_sight_is_not_read() {
    let mut stage = Stage::new();
    let (guild, noor, sasha) = (stage.guild, stage.noor, stage.person("sasha"));
    let deny = json!({ "id": guild, "type": 0, "allow": "0", "deny": p::SPEAK.to_string() });
    let body = json!({ "name": "silent", "type": 2, "permission_overwrites": [deny] });
    let silent: ChannelId = id(&stage.apply(operator::CreateChannel { guild, body }).0);
    let (state, _) = stage.apply(enter(&stage, sasha, silent));
    assert_eq!(state["suppress"], true);
    let read = |stage: &Stage, actor: Actor, user| {
        voice::state(&stage.world, actor, guild, user, NOW)
            .map(|s| s["channel_id"].clone())
            .map_err(|e| e.code)
    };
    assert_eq!(read(&stage, noor, sasha), Ok(json!(silent)));
    let hidden = hidden(&mut stage);
    let owner = stage.owner;
    stage.apply(enter(&stage, owner.user, hidden));
    assert_eq!(read(&stage, noor, owner.user), Err(50001));
    assert_eq!(read(&stage, owner, owner.user), Ok(json!(hidden)));
    assert_eq!(read(&stage, noor, noor.user), Err(10065));
}

#[test]
fn a_stage_is_opened_by_its_moderators_and_told_by_those_who_may_tell_everyone() {
    let mut stage = Stage::new();
    let (bot, channel) = (stage.bot, stage.channel(ChannelKind::Stage));
    let body = json!({ "channel_id": channel, "topic": "Talk", "send_start_notification": true });
    let open = || voice::OpenStage { actor: bot, body: body.clone() };
    let moderator = p::VIEW_CHANNEL | p::CONNECT | p::MANAGE_CHANNELS | p::MUTE_MEMBERS | p::MOVE_MEMBERS;
    for missing in [p::MANAGE_CHANNELS, p::MUTE_MEMBERS, p::MOVE_MEMBERS] {
        stage.bot_may((moderator | p::MENTION_EVERYONE) & !missing);
        assert_eq!(stage.refused(open()), 50013);
    }
    stage.bot_may(moderator);
    assert_eq!(stage.refused(open()), 50013, "MENTION_EVERYONE");
    stage.bot_may(moderator | p::MENTION_EVERYONE | p::SEND_MESSAGES);
    let made = stage.does(open());
    let entry = stage.audit_entry();
    let expected = json!({
        "id": entry["id"], "user_id": bot.user, "target_id": made["id"], "action_type": 83,
        "changes": [{ "key": "topic", "new_value": "Talk" }, { "key": "privacy_level", "new_value": 2 }],
        "options": { "channel_id": channel },
    });
    assert_eq!(entry, expected);
}

#[test]
fn on_a_stage_one_asks_and_is_let_to_speak() {
    let mut stage = Stage::new();
    let (guild, channel) = (stage.guild, stage.channel(ChannelKind::Stage));
    let (mika, sasha, bot) = (stage.mika, stage.actor("sasha"), stage.bot);
    let change = |actor: Actor, user, body| PatchVoiceState { actor, guild, user, body };
    let own = |actor: Actor, body| change(actor, actor.user, body);
    assert_eq!(stage.refused(own(sasha, json!({ "suppress": true }))), 10065);
    stage.apply(enter(&stage, sasha.user, stage.channel(ChannelKind::Voice)));
    assert_eq!(stage.refused(own(sasha, json!({ "suppress": true }))), 50024, "not a stage");
    let (state, _) = stage.apply(enter(&stage, sasha.user, channel));
    assert_eq!(state["suppress"], true);
    assert_eq!(stage.refused(own(sasha, json!({ "suppress": false }))), 50013);
    assert_eq!(stage.refused(own(sasha, json!({ "channel_id": "1", "suppress": true }))), 10065);
    let asked = json!({ "channel_id": channel, "request_to_speak_timestamp": "2020-01-01T00:00:00Z" });
    let events = stage.events(own(sasha, asked));
    assert_eq!(stage.payload(&events, STATE)["request_to_speak_timestamp"], json!(NOW.iso()));

    assert_eq!(stage.refused(change(mika, sasha.user, json!({ "suppress": false }))), 50013);
    stage.grant("Moderator", p::MUTE_MEMBERS);
    let events = stage.events(change(mika, sasha.user, json!({ "suppress": false })));
    let state = stage.payload(&events, STATE);
    assert_eq!(
        (&state["suppress"], &state["request_to_speak_timestamp"]),
        (&json!(false), &json!(NOW.iso()))
    );
    let events = stage.events(own(sasha, json!({ "request_to_speak_timestamp": null })));
    assert_eq!(stage.payload(&events, STATE)["request_to_speak_timestamp"], Value::Null, "accepted");
    // Nobody raises another's hand.
    let asks = json!({ "request_to_speak_timestamp": NOW.iso() });
    assert!(stage.events(change(mika, sasha.user, asks)).is_empty());
    // Whoever is sent back or moves takes down their own.
    let asks = json!({ "suppress": true, "request_to_speak_timestamp": NOW.iso() });
    let events = stage.events(change(mika, sasha.user, asks));
    assert_eq!(stage.payload(&events, STATE)["request_to_speak_timestamp"], Value::Null);
    let ask = || own(sasha, json!({ "request_to_speak_timestamp": NOW.iso() }));
    stage.apply(ask());
    let events = stage.events(change(mika, sasha.user, json!({ "suppress": true })));
    assert_eq!(stage.payload(&events, STATE)["request_to_speak_timestamp"], Value::Null);
    stage.apply(ask());
    stage.apply(enter(&stage, sasha.user, stage.channel(ChannelKind::Voice)));
    let (state, _) = stage.apply(enter(&stage, sasha.user, channel));
    assert_eq!(state["request_to_speak_timestamp"], Value::Null);
    stage.apply(change(mika, sasha.user, json!({ "suppress": false })));
    let events = stage.events(own(sasha, json!({ "suppress": true })));
    assert_eq!(stage.payload(&events, STATE)["suppress"], true);
    assert!(stage.events(own(sasha, json!({ "suppress": true }))).is_empty());
    // A bot that is let to speak is not asked.
    stage.apply(enter(&stage, bot.user, channel));
    let events = stage.events(change(mika, bot.user, json!({ "suppress": false })));
    assert_eq!(stage.payload(&events, STATE)["request_to_speak_timestamp"], Value::Null);
    let overwrite = json!({ "id": guild, "type": 0, "allow": "0", "deny": p::REQUEST_TO_SPEAK.to_string() });
    let body = json!({ "permission_overwrites": [overwrite] });
    stage.apply(operator::PatchChannel { channel, body });
    let asked = json!({ "request_to_speak_timestamp": NOW.iso() });
    assert_eq!(stage.refused(own(sasha, asked)), 50013);
}

#[test]
fn a_channel_has_a_status_until_the_last_one_leaves() {
    let mut stage = Stage::new();
    let (voice, guild) = (stage.channel(ChannelKind::Voice), stage.guild);
    let (mika, owner) = (stage.mika, stage.owner);
    let set = |actor, status: Value| SetStatus { actor, channel: voice, body: json!({ "status": status }) };
    assert_eq!(stage.refused(set(mika, json!("x"))), 50013);
    stage.grant("Moderator", p::SET_VOICE_CHANNEL_STATUS);
    assert_eq!(stage.refused(set(mika, json!("x"))), 50013, "from outside MANAGE_CHANNELS is needed");
    stage.apply(enter(&stage, mika.user, voice));
    assert_eq!(stage.refused(set(mika, json!("x".repeat(501)))), 50035);
    let events = stage.events(set(mika, json!("a quiet game")));
    assert_eq!(stage.told(&events), ["VOICE_CHANNEL_STATUS_UPDATE"]);
    let told = stage.payload(&events, "VOICE_CHANNEL_STATUS_UPDATE");
    assert_eq!(told, json!({ "id": voice, "guild_id": guild, "status": "a quiet game" }));
    let entry = stage.payload(&events, AUDIT);
    assert_eq!((&entry["action_type"], &entry["options"]["status"]), (&json!(192), &json!("a quiet game")));
    assert!(stage.events(set(mika, json!("a quiet game"))).is_empty());
    let info = |stage: &Stage, viewer: UserId, fields: &[&str]| {
        voice::channel_info(&stage.world, guild, viewer, fields, NOW)["channels"].clone()
    };
    let both = ["status", "voice_start_time"];
    let whole = json!([{ "id": voice, "status": "a quiet game", "voice_start_time": NOW.ms() / 1000 }]);
    assert_eq!(info(&stage, owner.user, &both), whole);
    assert_eq!(info(&stage, owner.user, &["status"]), json!([{ "id": voice, "status": "a quiet game" }]));
    assert_eq!(info(&stage, UserId::new(1), &both), json!([]));
    let events = stage.events(leave(&stage, mika.user));
    assert_eq!(stage.payload(&events, "VOICE_CHANNEL_STATUS_UPDATE")["status"], Value::Null);
    assert_eq!(info(&stage, owner.user, &both), json!([]));

    stage.apply(set(owner, json!("open later")));
    let events = stage.events(set(owner, json!("")));
    assert_eq!(stage.payload(&events, AUDIT)["action_type"], 193);
    assert!(stage.world.guild(guild).expect("is there").voice.calls.is_empty());
    let text = SetStatus { actor: owner, channel: stage.ids.channel, body: json!({ "status": "x" }) };
    assert_eq!(stage.refused(text), 50024);
}
