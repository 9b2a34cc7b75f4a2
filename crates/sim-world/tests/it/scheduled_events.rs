//! Scheduled events: planning, changing, who may and who is told, interest, and what goes with them.

use cogwright_sim_world::{
    Actor, ApiError, ChannelId, ChannelKind, EventStatus, ScheduledEventId, Viewer, World, intents,
    invites::{CreateInvite, invite},
    permissions as p,
    places::{self, moderation, operator},
    scheduled_events::*,
};
use serde_json::{Value, json};

use crate::{helpers::id, stage::Stage};

const CREATE: &str = "GUILD_SCHEDULED_EVENT_CREATE";
const UPDATE: &str = "GUILD_SCHEDULED_EVENT_UPDATE";
const DELETE: &str = "GUILD_SCHEDULED_EVENT_DELETE";
const USER_ADD: &str = "GUILD_SCHEDULED_EVENT_USER_ADD";
const USER_REMOVE: &str = "GUILD_SCHEDULED_EVENT_USER_REMOVE";

/// Something in a park, a day from now.
pub(crate) fn external() -> Value {
    json!({
        "name": "Picnic", "privacy_level": 2, "entity_type": 3, "entity_metadata": { "location": "The park" },
        "scheduled_start_time": "2026-10-15T18:00:00Z", "scheduled_end_time": "2026-10-15T20:00:00Z",
    })
}

/// Something in a voice channel, or on a stage.
pub(crate) fn inside(kind: u8, channel: ChannelId) -> Value {
    json!({
        "name": "Talk", "privacy_level": 2, "entity_type": kind, "channel_id": channel,
        "scheduled_start_time": "2026-10-15T18:00:00Z",
    })
}

fn with(mut body: Value, key: &str, value: Value) -> Value {
    body[key] = value;
    body
}

fn without(mut body: Value, key: &str) -> Value {
    body.as_object_mut().expect("an object").remove(key);
    body
}

pub(crate) fn create(stage: &Stage, actor: Actor, body: Value) -> CreateScheduledEvent {
    CreateScheduledEvent { actor, guild: stage.guild, body }
}

pub(crate) fn made(stage: &mut Stage, body: Value) -> ScheduledEventId {
    let action = create(stage, stage.bot, body);
    id(&stage.does(action))
}

pub(crate) fn patch(stage: &Stage, event: ScheduledEventId, body: Value) -> PatchScheduledEvent {
    PatchScheduledEvent { actor: stage.bot, guild: stage.guild, event, body }
}

fn interest(stage: &Stage, actor: Actor, event: ScheduledEventId, interested: bool) -> SetInterest {
    SetInterest { user: actor.user, guild: stage.guild, event, occurrence: None, interested }
}

pub(crate) fn shown(stage: &Stage, event: ScheduledEventId) -> Value {
    scheduled_event(&stage.world, stage.bot, stage.guild, event, true, stage.now).expect("is there")
}

/// The inner code at a path of a form error.
#[track_caller]
fn inner(error: &ApiError, path: &str) -> String {
    let at = path.split('.').fold(error.errors.clone().unwrap_or_default(), |tree, key| tree[key].clone());
    at["_errors"][0]["code"].as_str().unwrap_or_else(|| panic!("nothing at {path}: {error:?}")).to_owned()
}

#[test]
fn an_event_is_planned_and_told_of() {
    let mut stage = Stage::new();
    let (guild, bot) = (stage.guild, stage.bot);
    let body = with(external(), "image", json!("data:image/png;base64,iVBORw0KGgo="));
    let (made, events) = stage.apply(create(&stage, bot, with(body, "description", json!("Bring cake"))));
    let event: ScheduledEventId = id(&made);
    assert_eq!(made["creator"]["id"], json!(bot.user));
    assert_eq!((made.get("user_count"), made["image"].as_str().map(str::len)), (None, Some(32)));
    let seen = stage.seen(&events, intents::GUILD_SCHEDULED_EVENTS);
    let dispatched = json!({
        "id": event, "guild_id": guild, "channel_id": null, "creator_id": bot.user, "name": "Picnic",
        "description": "Bring cake", "image": made["image"],
        "scheduled_start_time": "2026-10-15T18:00:00.000000+00:00",
        "scheduled_end_time": "2026-10-15T20:00:00.000000+00:00", "privacy_level": 2, "status": 1,
        "entity_type": 3, "entity_id": null, "entity_metadata": { "location": "The park" },
        "recurrence_rule": null, "guild_scheduled_event_exceptions": [],
    });
    let added = json!({ "guild_scheduled_event_id": event, "user_id": bot.user, "guild_id": guild });
    assert_eq!(seen, [(CREATE, dispatched), (USER_ADD, added)]);
    for object in [&made, &seen[0].1] {
        let parsed = serde_json::from_value::<twilight_model::guild::scheduled_event::GuildScheduledEvent>(
            object.clone(),
        );
        assert_eq!(parsed.expect("twilight reads it").name, "Picnic");
    }
    let others = intents::ALL & !intents::GUILD_SCHEDULED_EVENTS & !intents::GUILD_MODERATION;
    assert_eq!(stage.seen(&events, others), []);
    assert_eq!(shown(&stage, event)["user_count"], 1, "whoever plans it is interested");

    let entry = stage.audit_entry();
    assert_eq!((&entry["action_type"], &entry["target_id"]), (&json!(100), &json!(event)));
    let change = |key: &str| {
        let found = entry["changes"].as_array().expect("changes").iter().find(|c| c["key"] == key);
        found.unwrap_or_else(|| panic!("no {key}: {entry}"))["new_value"].clone()
    };
    assert_eq!(change("location"), "The park");
    assert_eq!((change("image_hash"), change("status")), (made["image"].clone(), json!(1)));

    let log = moderation::AuditPage { limit: Some(1), ..Default::default() };
    let log = moderation::audit_log(&stage.world, stage.owner, guild, &log, stage.now).expect("may");
    assert_eq!(log["guild_scheduled_events"][0]["id"], json!(event));
}

#[test]
fn each_kind_of_event_has_its_fields() {
    let mut stage = Stage::new();
    let bot = stage.bot;
    let (voice, show) = (stage.channel(ChannelKind::Voice), stage.channel(ChannelKind::Stage));
    let long = |n: usize| json!("x".repeat(n));
    for key in [
        "name",
        "privacy_level",
        "entity_type",
        "scheduled_start_time",
        "scheduled_end_time",
        "entity_metadata",
    ] {
        let error = stage.refusal(create(&stage, bot, without(external(), key)));
        assert_eq!(inner(&error, key), "BASE_TYPE_REQUIRED");
    }
    for (key, value, path, code) in [
        ("name", long(101), "name", "BASE_TYPE_BAD_LENGTH"),
        ("name", json!(""), "name", "BASE_TYPE_REQUIRED"),
        ("description", long(1001), "description", "BASE_TYPE_MAX_LENGTH"),
        ("privacy_level", json!(1), "privacy_level", "BASE_TYPE_CHOICES"),
        ("entity_type", json!(4), "entity_type", "BASE_TYPE_CHOICES"),
        ("entity_type", json!(0), "entity_type", "BASE_TYPE_CHOICES"),
        ("image", json!("data:text/plain;base64,eA=="), "image", "IMAGE_INVALID"),
        ("entity_metadata", json!({}), "entity_metadata.location", "BASE_TYPE_REQUIRED"),
        (
            "entity_metadata",
            json!({ "location": "x".repeat(101) }),
            "entity_metadata.location",
            "BASE_TYPE_BAD_LENGTH",
        ),
        ("channel_id", json!(voice), "channel_id", "GUILD_SCHEDULED_EVENT_INVALID_CHANNEL"),
        ("scheduled_start_time", json!("soon"), "scheduled_start_time", "DATE_TIME_TYPE_PARSE"),
        (
            "scheduled_start_time",
            json!(stage.now.iso()),
            "scheduled_start_time",
            "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST",
        ),
        (
            "scheduled_end_time",
            json!("2026-10-15T18:00:00Z"),
            "scheduled_end_time",
            "GUILD_SCHEDULED_EVENT_SCHEDULE_INVALID_END",
        ),
    ] {
        let error = stage.refusal(create(&stage, bot, with(external(), key, value.clone())));
        assert_eq!((error.code, inner(&error, path).as_str()), (50035, code), "{key} {value}");
    }
    for (body, code) in [
        (without(inside(2, voice), "channel_id"), 50035),
        (with(inside(2, voice), "channel_id", json!(null)), 50035),
        (inside(2, show), 50024),
        (inside(1, voice), 50024),
        (inside(1, stage.ids.channel), 50024),
        (inside(2, ChannelId::new(1)), 10003),
    ] {
        assert_eq!(stage.refused(create(&stage, bot, body.clone())), code, "{body}");
    }
    for (kind, channel) in [(2, voice), (1, show)] {
        // A location is passed over.
        let body = with(inside(kind, channel), "entity_metadata", json!({ "location": "nowhere" }));
        let made = stage.does(create(&stage, bot, body));
        assert_eq!((&made["channel_id"], &made["entity_type"]), (&json!(channel), &json!(kind)));
        assert_eq!((&made["entity_metadata"], &made["scheduled_end_time"]), (&Value::Null, &Value::Null));
    }
}

#[test]
fn an_event_is_moved_between_channels_and_out_of_them() {
    let mut stage = Stage::new();
    let (voice, show) = (stage.channel(ChannelKind::Voice), stage.channel(ChannelKind::Stage));
    let event = made(&mut stage, inside(2, voice));
    let refusal = stage.refusal(patch(&stage, event, json!({ "entity_type": 3 })));
    for path in ["channel_id", "scheduled_end_time", "entity_metadata"] {
        assert_eq!(inner(&refusal, path), "BASE_TYPE_REQUIRED");
    }
    let body = json!({
        "entity_type": 3, "channel_id": null, "entity_metadata": { "location": "Outside" },
        "scheduled_end_time": "2026-10-15T20:00:00Z",
    });
    let (moved, events) = stage.apply(patch(&stage, event, body));
    assert_eq!(
        (&moved["channel_id"], &moved["entity_metadata"]["location"]),
        (&Value::Null, &json!("Outside"))
    );
    assert_eq!(stage.told(&events), [UPDATE]);
    let keys: Vec<Value> = stage.audit_entry()["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|c| c["key"].clone())
        .collect();
    assert_eq!(keys, ["channel_id", "location", "entity_type", "scheduled_end_time"]);
    assert_eq!(stage.refused(patch(&stage, event, json!({ "scheduled_end_time": null }))), 50035);
    assert_eq!(stage.refused(patch(&stage, event, json!({ "entity_metadata": null }))), 50035);
    assert_eq!(stage.refused(patch(&stage, event, json!({ "entity_type": 1, "channel_id": voice }))), 50024);
    let moved = stage.does(patch(&stage, event, json!({ "entity_type": 1, "channel_id": show })));
    assert_eq!((&moved["channel_id"], &moved["entity_metadata"]), (&json!(show), &Value::Null));
    let renamed = stage.does(patch(&stage, event, json!({ "name": "Later", "description": "" })));
    assert_eq!((&renamed["name"], &renamed["description"]), (&json!("Later"), &Value::Null));
    assert!(stage.events(patch(&stage, event, json!({ "name": "Later" }))).is_empty(), "nothing changed");
}

#[test]
fn an_event_goes_through_its_states_in_one_direction() {
    let mut stage = Stage::new();
    let status = |stage: &Stage, event, status: u8| patch(stage, event, json!({ "status": status }));
    let event = made(&mut stage, external());
    for wrong in [3, 0, 5] {
        assert_eq!(stage.refused(status(&stage, event, wrong)), 50035, "from scheduled to {wrong}");
    }
    assert!(stage.events(status(&stage, event, 1)).is_empty(), "as it is");
    let events = stage.events(status(&stage, event, 2));
    assert_eq!(stage.payload(&events, UPDATE)["status"], 2);
    for wrong in [1, 4] {
        assert_eq!(stage.refused(status(&stage, event, wrong)), 50035, "from active to {wrong}");
    }
    let moved = json!({ "scheduled_start_time": "2026-10-15T19:00:00Z" });
    let error = stage.refusal(patch(&stage, event, moved));
    let code = "GUILD_SCHEDULED_EVENT_SCHEDULE_INVALID_START_BY_STATUS";
    assert_eq!(inner(&error, "scheduled_start_time"), code);
    let voice = stage.channel(ChannelKind::Voice);
    let elsewhere = json!({ "entity_type": 2, "channel_id": voice });
    assert_eq!(stage.refused(patch(&stage, event, elsewhere)), 50035, "it is running");
    stage.does(status(&stage, event, 3));
    assert_eq!(stage.refused(status(&stage, event, 2)), 180_000);
    assert_eq!(stage.refused(patch(&stage, event, json!({ "name": "x" }))), 180_000);
    assert_eq!(stage.refused(interest(&stage, stage.noor, event, true)), 180_000);
    assert_eq!(shown(&stage, event)["status"], 3, "still to be looked at");

    let other = made(&mut stage, external());
    assert_eq!(stage.does(status(&stage, other, 4))["status"], 4);
    assert_eq!(stage.refused(status(&stage, other, 2)), 180_000);
    let list = scheduled_events(&stage.world, stage.bot, stage.guild, false, stage.now).expect("may");
    assert_eq!(list, json!([]), "what is over is not listed");
}

#[test]
fn who_may_plan_and_change_goes_by_permissions() {
    let mut stage = Stage::new();
    let (noor, mika, guild, now) = (stage.noor, stage.mika, stage.guild, stage.now);
    let (voice, show) = (stage.channel(ChannelKind::Voice), stage.channel(ChannelKind::Stage));
    assert_eq!(stage.refused(create(&stage, noor, external())), 50013);
    stage.grant("Newcomer", p::MANAGE_EVENTS);
    assert_eq!(stage.refused(create(&stage, noor, external())), 50013, "that is for changing");
    stage.grant("@everyone", p::CREATE_EVENTS);
    let by_mika: ScheduledEventId = id(&stage.does(create(&stage, mika, external())));
    let by_noor: ScheduledEventId = id(&stage.does(create(&stage, noor, external())));
    let rename = |actor, event| PatchScheduledEvent { actor, guild, event, body: json!({ "name": "x" }) };
    stage.does(rename(noor, by_mika));
    stage.does(rename(mika, by_mika));
    assert_eq!(stage.refused(rename(mika, by_noor)), 50013, "another's without MANAGE_EVENTS");
    let remove = |actor, event| DeleteScheduledEvent { actor, guild, event };
    assert_eq!(stage.refused(remove(mika, by_noor)), 50013);
    assert_eq!(stage.refused(remove(mika, ScheduledEventId::new(1))), 10070);
    let events = stage.events(remove(noor, by_mika));
    assert_eq!(stage.told(&events), [DELETE]);
    assert_eq!(stage.payload(&events, DELETE)["name"], "x");
    assert_eq!(stage.audit_entry()["action_type"], 102);

    assert_eq!(stage.refused(create(&stage, noor, inside(1, show))), 50013, "no moderator of the stage");
    stage.grant("Newcomer", p::MANAGE_CHANNELS | p::MUTE_MEMBERS | p::MOVE_MEMBERS);
    let staged: ScheduledEventId = id(&stage.does(create(&stage, noor, inside(1, show))));
    let talk: ScheduledEventId = id(&stage.does(create(&stage, mika, inside(2, voice))));
    assert_eq!(stage.refused(rename(mika, staged)), 50013);
    let deny = |stage: &mut Stage, bits: u64| {
        let overwrites = json!([{ "id": guild, "type": 0, "deny": bits.to_string() }]);
        let body = json!({ "permission_overwrites": overwrites });
        stage.does(places::PatchChannel { actor: stage.owner, channel: voice, body });
    };
    deny(&mut stage, p::CONNECT);
    assert_eq!(stage.refused(rename(mika, talk)), 50013, "without CONNECT");
    deny(&mut stage, p::VIEW_CHANNEL);
    assert_eq!(stage.refused(rename(mika, talk)), 50001);
    let get = |actor| scheduled_event(&stage.world, actor, guild, talk, false, now).map_err(|e| e.code);
    assert_eq!(get(mika), Err(50001));
    assert!(get(stage.bot).is_ok());
    let list = scheduled_events(&stage.world, mika, guild, false, now).expect("may");
    assert_eq!(list.as_array().expect("a list").len(), 2, "the hidden one is left out: {list}");
    assert_eq!(stage.refused(interest(&stage, mika, talk, true)), 50001);
    let stranger = stage.second_bot(0);
    let nobody = Viewer::Bot {
        application: stranger.application.expect("a bot"),
        intents: intents::ALL,
        large_threshold: 50,
    };
    let events = stage.events(patch(&stage, talk, json!({ "name": "Hidden" })));
    assert_eq!(stage.told_as(&events, &nobody), Vec::<&str>::new(), "only those who see the channel");
    assert_eq!(stage.told(&events), [UPDATE]);
}

#[test]
fn a_hundred_events_are_planned_at_once_and_a_hundred_that_are_over_remembered() {
    let mut stage = Stage::new();
    let first = made(&mut stage, external());
    let mut last = first;
    for _ in 1..100 {
        last = made(&mut stage, external());
    }
    let error = stage.refusal(create(&stage, stage.bot, external()));
    assert_eq!((error.status, error.code), (400, 30038));
    for _ in 0..101 {
        stage.does(patch(&stage, last, json!({ "status": 4 })));
        last = made(&mut stage, external());
    }
    let guild = stage.world.guild(stage.guild).expect("is there");
    let over = guild.scheduled_events.values().filter(|event| event.status == EventStatus::Canceled).count();
    assert_eq!((over, guild.scheduled_events.len()), (100, 200));
    assert!(guild.scheduled_events.contains_key(&first), "what is not over stays");
}

#[test]
fn people_are_interested_and_counted() {
    let mut stage = Stage::new();
    let (noor, mika, owner, guild, now) = (stage.noor, stage.mika, stage.owner, stage.guild, stage.now);
    let event = made(&mut stage, external());
    let events = stage.events(interest(&stage, noor, event, true));
    let data = json!({ "guild_scheduled_event_id": event, "user_id": noor.user, "guild_id": guild });
    assert_eq!(stage.seen(&events, intents::GUILD_SCHEDULED_EVENTS), [(USER_ADD, data.clone())]);
    assert!(stage.events(interest(&stage, noor, event, true)).is_empty(), "once");
    stage.does(interest(&stage, mika, event, true));
    stage.does(interest(&stage, owner, event, true));
    let page = |page: UserPage| -> Vec<Value> {
        let users = event_users(&stage.world, stage.bot, guild, event, None, page, now).expect("may");
        users.as_array().expect("a list").iter().map(|u| u["user"]["id"].clone()).collect()
    };
    // By id, which is the order in which they came to be.
    let all = [owner.user, mika.user, noor.user, stage.bot.user].map(|user| json!(user));
    assert_eq!(page(UserPage::default()), all);
    assert_eq!(page(UserPage { limit: Some(2), ..Default::default() }), all[..2]);
    assert_eq!(page(UserPage { after: Some(owner.user), limit: Some(2), ..Default::default() }), all[1..3]);
    assert_eq!(
        page(UserPage { before: Some(stage.bot.user), limit: Some(2), ..Default::default() }),
        all[1..3]
    );
    let both = UserPage { before: Some(mika.user), after: Some(mika.user), ..Default::default() };
    assert_eq!(page(both), all[..1], "before alone counts");
    for limit in [0, 101] {
        let page = UserPage { limit: Some(limit), ..Default::default() };
        let error = event_users(&stage.world, stage.bot, guild, event, None, page, now).expect_err("wrong");
        assert_eq!(error.code, 50035, "{limit}");
    }
    let page = UserPage { limit: Some(1), with_member: true, ..Default::default() };
    let users = event_users(&stage.world, stage.bot, guild, event, None, page, now).expect("may");
    assert_eq!((&users[0]["response"], &users[0]["user_id"]), (&json!(1), &json!(owner.user)));
    assert!(users[0]["member"]["joined_at"].is_string());
    let counts = user_counts(&stage.world, stage.bot, guild, event, &[], now).expect("may");
    assert_eq!(counts["guild_scheduled_event_count"], 4);

    let view = for_view(&stage.world, stage.world.guild(guild).expect("is there"), noor.user, now);
    assert_eq!((&view[0]["user_count"], &view[0]["user_rsvp"]["response"]), (&json!(4), &json!(1)));
    let events = stage.events(interest(&stage, noor, event, false));
    assert_eq!(stage.seen(&events, intents::GUILD_SCHEDULED_EVENTS), [(USER_REMOVE, data)]);
    assert!(stage.events(interest(&stage, noor, event, false)).is_empty());
    let view = for_view(&stage.world, stage.world.guild(guild).expect("is there"), noor.user, now);
    assert_eq!(view[0]["user_rsvp"], Value::Null);
    let events = stage.events(places::Kick { actor: owner, guild, user: mika.user });
    assert!(!stage.told(&events).iter().any(|name| name.contains("EVENT")), "without a word");
    assert_eq!(shown(&stage, event)["user_count"], 2, "whoever leaves is no longer interested");
}

#[test]
fn events_go_with_their_channel_and_are_shown_to_those_who_come() {
    let mut stage = Stage::new();
    let (guild, owner, bot) = (stage.guild, stage.owner, stage.bot);
    let voice = stage.channel(ChannelKind::Voice);
    let talk = made(&mut stage, inside(2, voice));
    let picnic = made(&mut stage, external());
    let over = made(&mut stage, external());
    stage.does(patch(&stage, over, json!({ "status": 4 })));
    let viewer =
        Viewer::Bot { application: stage.ids.application, intents: intents::GUILDS, large_threshold: 50 };
    let create = |stage: &Stage| stage.world.guild_create_for(guild, &viewer, stage.now).expect("is there");
    let listed: Vec<Value> = create(&stage)["guild_scheduled_events"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|event| event["id"].clone())
        .collect();
    assert_eq!(listed, [json!(talk), json!(picnic)]);

    let made = stage.does(CreateInvite { actor: bot, channel: voice, body: json!({}), files: Vec::new() });
    let code = made["code"].as_str().expect("a code").to_owned();
    let resolve = |stage: &Stage, event| invite(&stage.world, &code, false, event, stage.now).expect("good");
    assert_eq!(resolve(&stage, Some(talk))["guild_scheduled_event"]["id"], json!(talk));
    assert_eq!(resolve(&stage, Some(talk))["guild_scheduled_event"]["user_count"], 1);
    for none in [None, Some(over), Some(ScheduledEventId::new(1))] {
        assert!(resolve(&stage, none).get("guild_scheduled_event").is_none(), "{none:?}");
    }

    let events = stage.events(places::DeleteChannel { actor: owner, channel: voice });
    assert!(stage.told(&events).contains(&"CHANNEL_DELETE"));
    assert!(!stage.told(&events).iter().any(|name| name.contains("SCHEDULED")), "as Discord does");
    assert_eq!(stage.refused(patch(&stage, talk, json!({}))), 10070);
    assert_eq!(shown(&stage, picnic)["name"], "Picnic");
}

#[test]
fn events_are_saved_with_the_world_and_go_with_their_guild() {
    let mut stage = Stage::new();
    let rule = json!({ "start": "2026-10-15T18:00:00Z", "frequency": 3 });
    let event = made(&mut stage, with(external(), "recurrence_rule", rule));
    let body = json!({ "original_scheduled_start_time": "2026-10-16T18:00:00Z", "is_canceled": true });
    let exception = stage.does(CreateEventException { actor: stage.bot, guild: stage.guild, event, body });
    let occurrence = exception["event_exception_id"].as_str().and_then(|id| id.parse().ok());
    let user = stage.noor.user;
    stage.does(SetInterest { user, guild: stage.guild, event, occurrence, interested: true });
    let before = shown(&stage, event);
    let saved = serde_json::to_string(&stage.world).expect("serialises");
    stage.world = serde_json::from_str::<World>(&saved).expect("reads what it wrote");
    assert_eq!(shown(&stage, event), before);
    let ids = [occurrence.expect("a number")];
    let counts = user_counts(&stage.world, stage.bot, stage.guild, event, &ids, stage.now).expect("may");
    let one = exception["event_exception_id"].as_str().expect("an id");
    assert_eq!(counts["guild_scheduled_event_exception_counts"][one], 1);
    // A world that was saved before there were events.
    let mut old: Value = serde_json::from_str(&saved).expect("JSON");
    let guild = old["guilds"][stage.guild.to_string()].as_object_mut().expect("the guild");
    guild.remove("scheduled_events").expect("was there");
    let old: World = serde_json::from_value(old).expect("is read");
    assert!(old.guild(stage.guild).expect("is there").scheduled_events.is_empty());

    stage.does(operator::DeleteGuild { guild: stage.guild });
    assert!(stage.world.next_deadline().is_none(), "nothing is left that could start");
}
