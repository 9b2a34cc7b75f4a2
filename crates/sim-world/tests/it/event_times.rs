//! What time, stages and recurrence do to scheduled events.

use std::time::Duration;

use cogwright_sim_world::{
    ChannelId, ChannelKind, Event, GuildId, ScheduledEventId, Timestamp, UserId,
    scheduled_events::{
        CreateEventException, DeleteEventException, DeleteScheduledEvent, PatchEventException, SetInterest,
        UserPage, event_users, scheduled_events, user_counts,
    },
    voice::{CloseStage, Connect, OpenStage, stage},
};
use serde_json::{Value, json};

use crate::{
    scheduled_events::{create, external, inside, made, patch, shown},
    stage::Stage,
};

const UPDATE: &str = "GUILD_SCHEDULED_EVENT_UPDATE";
const OPENED: &str = "STAGE_INSTANCE_CREATE";
const CLOSED: &str = "STAGE_INSTANCE_DELETE";

fn at(text: &str) -> Timestamp {
    Timestamp::parse_iso(text).expect("a moment")
}

/// Moves world time as the local Discord does: what is due happens at the given moment.
fn at_last(stage: &mut Stage, now: Timestamp) -> Vec<Event> {
    stage.now = now;
    let events = stage.world.tick(now);
    assert!(stage.world.next_deadline().is_none_or(|next| next > now), "nothing is left undone");
    assert!(stage.world.tick(now).is_empty(), "once");
    events
}

/// Statuses that were told, in order.
fn statuses(stage: &Stage, events: &[Event]) -> Vec<Value> {
    let seen = stage.seen(events, cogwright_sim_world::intents::GUILD_SCHEDULED_EVENTS);
    seen.into_iter().filter(|(name, _)| *name == UPDATE).map(|(_, data)| data["status"].clone()).collect()
}

fn connect(guild: GuildId, user: UserId, channel: Option<ChannelId>) -> Connect {
    Connect { user, guild, channel, session: None, self_mute: false, self_deaf: false, self_video: false }
}

fn daily() -> Value {
    let mut body = external();
    body["recurrence_rule"] = json!({ "start": "2026-10-15T18:00:00Z", "frequency": 3, "interval": 1 });
    body
}

#[test]
fn an_event_elsewhere_starts_and_ends_by_itself() {
    let mut stage = Stage::new();
    let event = made(&mut stage, external());
    assert_eq!(stage.world.next_deadline(), Some(at("2026-10-15T18:00:00Z")));
    assert!(at_last(&mut stage, at("2026-10-15T17:59:59Z")).is_empty());
    let events = at_last(&mut stage, at("2026-10-15T18:00:00Z"));
    assert_eq!(statuses(&stage, &events), [2]);
    let audits = stage.audits();
    let events = at_last(&mut stage, at("2026-10-15T20:00:00Z"));
    assert_eq!(statuses(&stage, &events), [3]);
    assert_eq!(stage.audits(), audits, "nobody did it");
    assert_eq!(shown(&stage, event)["status"], 3);
    assert!(stage.world.next_deadline().is_none());

    stage.now = at("2026-10-14T00:00:00Z");
    made(&mut stage, external());
    let events = at_last(&mut stage, at("2026-11-01T00:00:00Z"));
    assert_eq!(statuses(&stage, &events), [2, 3], "both, when the clock jumps");
}

#[test]
fn an_event_in_a_channel_ends_when_all_have_left_and_is_missed_when_nobody_starts_it() {
    let mut stage = Stage::new();
    let voice = stage.channel(ChannelKind::Voice);
    let (guild, noor) = (stage.guild, stage.noor.user);
    let event = made(&mut stage, inside(2, voice));
    stage.does(connect(guild, noor, Some(voice)));
    stage.does(patch(&stage, event, json!({ "status": 2 })));
    assert!(stage.world.next_deadline().is_none(), "as long as somebody is there");
    stage.does(connect(guild, noor, None));
    let left = stage.now;
    let minutes = |n: u64| left.plus(Duration::from_secs(60 * n));
    at_last(&mut stage, minutes(4));
    stage.does(connect(guild, noor, Some(voice)));
    assert!(at_last(&mut stage, minutes(60)).is_empty(), "somebody came back");
    stage.does(connect(guild, noor, None));
    at_last(&mut stage, minutes(64));
    let events = at_last(&mut stage, minutes(65));
    assert_eq!(statuses(&stage, &events), [3]);

    stage.now = at("2026-10-14T20:00:00Z");
    let alone = made(&mut stage, inside(2, voice));
    stage.does(patch(&stage, alone, json!({ "status": 2 })));
    let (started, bot) = (stage.now, stage.bot.user);
    stage.does(connect(guild, bot, Some(voice)));
    assert!(at_last(&mut stage, started.plus(Duration::from_secs(3600))).is_empty());
    // The bot's session is gone with the process that served it.
    stage.world.forget_sessions();
    let served = stage.now;
    at_last(&mut stage, served);
    let events = at_last(&mut stage, served.plus(Duration::from_secs(300)));
    assert_eq!(statuses(&stage, &events), [3], "nobody is there any more");

    stage.now = at("2026-10-14T20:00:00Z");
    let missed = made(&mut stage, inside(2, voice));
    assert!(at_last(&mut stage, at("2026-10-15T20:59:59Z")).is_empty());
    let events = at_last(&mut stage, at("2026-10-15T21:00:00Z"));
    assert_eq!(statuses(&stage, &events), [4]);
    assert_eq!(shown(&stage, missed)["status"], 4);
}

#[test]
fn a_stage_opens_and_closes_with_its_event() {
    let mut stage = Stage::new();
    let show = stage.channel(ChannelKind::Stage);
    let (guild, bot, now) = (stage.guild, stage.bot, stage.now);
    let instance = |s: &Stage| stage_of(s, show);
    let open = |event: Option<ScheduledEventId>| OpenStage {
        actor: bot,
        body: json!({ "channel_id": show, "topic": "Before", "guild_scheduled_event_id": event }),
    };
    stage.does(open(None));
    let event = made(&mut stage, inside(1, show));
    let (started, events) = stage.apply(patch(&stage, event, json!({ "status": 2 })));
    assert_eq!(stage.told(&events), [CLOSED, UPDATE, OPENED], "in place of what was open");
    let opened = instance(&stage).expect("is open");
    assert_eq!((&opened["topic"], &opened["guild_scheduled_event_id"]), (&json!("Talk"), &json!(event)));
    assert_eq!(started["entity_id"], opened["id"]);
    assert_eq!(stage.payload(&events, UPDATE)["entity_id"], opened["id"]);
    let (ended, events) = stage.apply(patch(&stage, event, json!({ "status": 3 })));
    assert_eq!((&ended["status"], &ended["entity_id"]), (&json!(3), &Value::Null));
    assert_eq!(stage.told(&events), [CLOSED, UPDATE]);
    assert!(instance(&stage).is_none());

    for (wrong, code) in [(ScheduledEventId::new(1), 10070), (event, 180_000)] {
        assert_eq!(stage.refused(open(Some(wrong))), code);
    }
    let voice = stage.channel(ChannelKind::Voice);
    let talk = made(&mut stage, inside(2, voice));
    assert_eq!(stage.refused(open(Some(talk))), 50035, "planned for another channel");
    let event = made(&mut stage, inside(1, show));
    let (opened, events) = stage.apply(open(Some(event)));
    assert_eq!(opened["guild_scheduled_event_id"], json!(event));
    assert_eq!(stage.told(&events), [OPENED, UPDATE]);
    assert_eq!(
        (&shown(&stage, event)["status"], &shown(&stage, event)["entity_id"]),
        (&json!(2), &opened["id"])
    );
    let events = stage.events(CloseStage { actor: bot, channel: show });
    assert_eq!(stage.told(&events), [CLOSED, UPDATE]);
    assert_eq!(shown(&stage, event)["status"], 3);

    let event = made(&mut stage, inside(1, show));
    stage.does(patch(&stage, event, json!({ "status": 2 })));
    let events = stage.events(DeleteScheduledEvent { actor: bot, guild, event });
    assert_eq!(stage.told(&events), [CLOSED, "GUILD_SCHEDULED_EVENT_DELETE"]);
    let event = made(&mut stage, inside(1, show));
    stage.does(patch(&stage, event, json!({ "status": 2 })));
    let events = at_last(&mut stage, now.plus(Duration::from_secs(300)));
    assert_eq!(stage.told(&events), [CLOSED, UPDATE], "nobody came");
}

fn stage_of(s: &Stage, channel: ChannelId) -> Option<Value> {
    stage(&s.world, s.bot, channel, s.now).ok()
}

#[test]
fn recurrence_rules_have_the_limits_that_discord_documents() {
    let mut stage = Stage::new();
    let start = "2026-10-15T18:00:00Z";
    let rule = |more: Value| {
        let mut rule = json!({ "start": start });
        for (key, value) in more.as_object().expect("an object") {
            rule[key] = value.clone();
        }
        let mut body = external();
        body["recurrence_rule"] = rule;
        body
    };
    for (more, kept) in [
        (json!({ "frequency": 3, "by_weekday": [0, 1, 2, 3, 4] }), json!([0, 1, 2, 3, 4])),
        (json!({ "frequency": 3, "by_weekday": [6, 0, 1, 2, 3] }), json!([6, 0, 1, 2, 3])),
        (json!({ "frequency": 2, "by_weekday": [2], "interval": 2 }), json!([2])),
        (json!({ "frequency": 2, "by_weekday": [], "count": null }), Value::Null),
        (json!({ "frequency": 1, "by_n_weekday": [{ "n": 4, "day": 2 }] }), Value::Null),
        (json!({ "frequency": 0, "by_month": [7], "by_month_day": [24] }), Value::Null),
        (json!({ "frequency": 0, "by_month": [2], "by_month_day": [-1] }), Value::Null),
    ] {
        let made = stage.does(create(&stage, stage.bot, rule(more.clone())));
        let got = &made["recurrence_rule"];
        assert_eq!(got["by_weekday"], kept, "{more}");
        for key in ["end", "count", "by_year_day"] {
            assert_eq!(got.get(key), Some(&Value::Null), "{key}");
        }
        for key in ["by_n_weekday", "by_month", "by_month_day", "frequency"] {
            assert_eq!(got[key], more[key], "{more}");
        }
        assert_eq!(got["interval"], more.get("interval").cloned().unwrap_or(json!(1)));
        assert_eq!(got["start"], "2026-10-15T18:00:00.000000+00:00");
    }
    for more in [
        json!({}),
        json!({ "frequency": 4 }),
        json!({ "frequency": 3, "start": null }),
        json!({ "frequency": 3, "interval": 2 }),
        json!({ "frequency": 2, "interval": 3 }),
        json!({ "frequency": 2, "interval": 0 }),
        json!({ "frequency": 3, "count": 5 }),
        json!({ "frequency": 3, "end": "2027-10-15T18:00:00Z" }),
        json!({ "frequency": 3, "by_year_day": [1] }),
        json!({ "frequency": 3, "by_weekday": [0, 2] }),
        json!({ "frequency": 3, "by_weekday": [0, 0, 1, 2, 3, 4] }),
        json!({ "frequency": 2, "by_weekday": [1, 2] }),
        json!({ "frequency": 2, "by_weekday": [7] }),
        json!({ "frequency": 2, "by_weekday": "monday" }),
        json!({ "frequency": 1, "by_weekday": [1] }),
        json!({ "frequency": 2, "by_weekday": [2], "by_n_weekday": [{ "n": 4, "day": 2 }] }),
        json!({ "frequency": 2, "by_n_weekday": [{ "n": 4, "day": 2 }] }),
        json!({ "frequency": 1, "by_n_weekday": [{ "n": 6, "day": 2 }] }),
        json!({ "frequency": 1, "by_n_weekday": [{ "n": 1 }] }),
        json!({ "frequency": 1, "by_n_weekday": [{ "n": 1, "day": 1 }, { "n": 2, "day": 1 }] }),
        json!({ "frequency": 0, "by_month": [7] }),
        json!({ "frequency": 0, "by_month_day": [7] }),
        json!({ "frequency": 0, "by_month": [2], "by_month_day": [30] }),
        json!({ "frequency": 0, "by_month": [7], "by_month_day": [0] }),
        json!({ "frequency": 0, "by_month": [7, 8], "by_month_day": [1] }),
    ] {
        let error = stage.refusal(create(&stage, stage.bot, rule(more.clone())));
        assert_eq!(error.code, 50035, "{more}");
        let tree = error.errors.expect("a tree");
        assert!(
            tree["recurrence_rule"].is_object() && tree.as_object().is_some_and(|t| t.len() == 1),
            "{tree}"
        );
    }
}

#[test]
fn a_recurring_event_is_planned_again_when_it_ends() {
    let mut stage = Stage::new();
    let event = made(&mut stage, daily());
    let events = at_last(&mut stage, at("2026-10-15T18:00:00Z"));
    assert_eq!(statuses(&stage, &events), [2]);
    let events = at_last(&mut stage, at("2026-10-15T20:00:00Z"));
    let told = stage.payload(&events, UPDATE);
    assert_eq!(told["status"], 1, "never seen as completed");
    let next = ("2026-10-16T18:00:00.000000+00:00", "2026-10-16T20:00:00.000000+00:00");
    assert_eq!(
        (&told["scheduled_start_time"], &told["scheduled_end_time"]),
        (&json!(next.0), &json!(next.1))
    );
    let events = at_last(&mut stage, at("2026-10-30T12:00:00Z"));
    assert_eq!(statuses(&stage, &events), [2, 1], "what the clock passed over does not take place");
    assert_eq!(shown(&stage, event)["scheduled_start_time"], "2026-10-30T18:00:00.000000+00:00");
    let ended = stage.does(patch(&stage, event, json!({ "status": 2 })));
    assert_eq!(ended["status"], 2);
    let ended = stage.does(patch(&stage, event, json!({ "status": 3 })));
    assert_eq!(
        (&ended["status"], &ended["scheduled_start_time"]),
        (&json!(1), &json!("2026-10-31T18:00:00.000000+00:00"))
    );
    assert_eq!(stage.does(patch(&stage, event, json!({ "status": 4 })))["status"], 4, "all of them");

    let voice = stage.channel(ChannelKind::Voice);
    let mut body = inside(2, voice);
    body["scheduled_start_time"] = json!("2026-11-02T18:00:00Z");
    body["recurrence_rule"] = json!({ "start": "2026-11-02T18:00:00Z", "frequency": 2 });
    let talk = made(&mut stage, body);
    let events = at_last(&mut stage, at("2026-11-02T21:00:00Z"));
    assert_eq!(statuses(&stage, &events), [1], "missed, but there is a next time");
    assert_eq!(shown(&stage, talk)["scheduled_start_time"], "2026-11-09T18:00:00.000000+00:00");
}

#[test]
fn single_occurrences_are_called_off_and_moved() {
    const CREATED: &str = "GUILD_SCHEDULED_EVENT_EXCEPTION_CREATE";
    const UPDATED: &str = "GUILD_SCHEDULED_EVENT_EXCEPTION_UPDATE";
    const DELETED: &str = "GUILD_SCHEDULED_EVENT_EXCEPTION_DELETE";
    let mut stage = Stage::new();
    let (guild, bot) = (stage.guild, stage.bot);
    let event = made(&mut stage, daily());
    let except = |original: &str, more: Value| {
        let mut body = json!({ "original_scheduled_start_time": original });
        for (key, value) in more.as_object().expect("an object") {
            body[key] = value.clone();
        }
        CreateEventException { actor: bot, guild, event, body }
    };
    let off = || json!({ "is_canceled": true });
    let (made_one, events) = stage.apply(except("2026-10-16T18:00:00Z", off()));
    let ms = at("2026-10-16T18:00:00Z").ms() - cogwright_sim_world::DISCORD_EPOCH_MS;
    let one = ms << 22;
    let shown_one = json!({
        "event_id": event, "event_exception_id": one.to_string(), "scheduled_start_time": null,
        "scheduled_end_time": null, "is_canceled": true,
    });
    assert_eq!(made_one, shown_one);
    let mut dispatched = shown_one.clone();
    dispatched["guild_id"] = json!(guild);
    assert_eq!(stage.payload(&events, CREATED), dispatched);
    let entry = stage.audit_entry();
    assert_eq!((&entry["action_type"], &entry["target_id"]), (&json!(200), &json!(event)));
    assert_eq!(entry["options"]["event_exception_id"], one.to_string());
    assert_eq!(shown(&stage, event)["guild_scheduled_event_exceptions"], json!([shown_one]));

    for (original, more, code) in [
        ("2026-10-17T18:00:00Z", json!({}), 180_005),
        ("2026-10-17T18:00:00Z", json!({ "is_canceled": null }), 180_005),
        ("2026-10-17T18:00:01Z", off(), 50035),
        ("2026-10-14T18:00:00Z", off(), 50035),
        ("when", off(), 50035),
        ("2026-10-17T18:00:00Z", json!({ "scheduled_start_time": "2020-01-01T00:00:00Z" }), 50035),
        ("2026-10-17T18:00:00Z", json!({ "scheduled_end_time": "2026-10-17T18:00:00Z" }), 50035),
    ] {
        assert_eq!(stage.refused(except(original, more.clone())), code, "{original} {more}");
    }
    let body = json!({ "is_canceled": true });
    assert_eq!(stage.refused(CreateEventException { actor: bot, guild, event, body: body.clone() }), 50035);
    assert_eq!(stage.refused(CreateEventException { actor: stage.noor, guild, event, body }), 50013);
    let once = made(&mut stage, external());
    let body = json!({ "original_scheduled_start_time": "2026-10-15T18:00:00Z", "is_canceled": true });
    assert_eq!(
        stage.refused(CreateEventException { actor: bot, guild, event: once, body }),
        50035,
        "it does not recur"
    );

    let change = |exception, body| PatchEventException { actor: bot, guild, event, exception, body };
    let later = json!({ "is_canceled": false, "scheduled_start_time": "2026-10-16T19:00:00Z" });
    let (changed, events) = stage.apply(change(one, later));
    assert_eq!((&changed["is_canceled"], stage.told(&events)), (&json!(false), vec![UPDATED]));
    assert_eq!(stage.audit_entry()["action_type"], 201);
    assert_eq!(stage.refused(change(one + (1 << 22), json!({}))), 10070);
    assert_eq!(stage.refused(change(one + 1, json!({}))), 10070);
    let early = json!({ "scheduled_end_time": "2026-10-16T19:00:00Z" });
    assert_eq!(stage.refused(change(one, early)), 50035);
    stage.does(except("2026-10-17T18:00:00Z", off()));
    stage.does(except("2026-10-18T18:00:00Z", off()));
    let third = (at("2026-10-18T18:00:00Z").ms() - cogwright_sim_world::DISCORD_EPOCH_MS) << 22;
    let events = stage.events(DeleteEventException { actor: bot, guild, event, exception: third });
    assert_eq!(stage.told(&events), [DELETED]);
    assert_eq!(stage.audit_entry()["action_type"], 202);
    assert_eq!(stage.refused(DeleteEventException { actor: bot, guild, event, exception: third }), 10070);

    let events = at_last(&mut stage, at("2026-10-15T20:00:00Z"));
    assert_eq!(statuses(&stage, &events), [2, 2, 1, 3], "both end; the one that happens once is over");
    assert!(at_last(&mut stage, at("2026-10-16T18:30:00Z")).is_empty(), "moved by an hour");
    let events = at_last(&mut stage, at("2026-10-16T19:00:00Z"));
    assert_eq!(statuses(&stage, &events), [2]);
    assert!(at_last(&mut stage, at("2026-10-16T20:59:59Z")).is_empty(), "as long as the others");
    let events = at_last(&mut stage, at("2026-10-16T21:00:00Z"));
    assert_eq!(statuses(&stage, &events), [1]);
    let now = shown(&stage, event);
    assert_eq!(now["scheduled_start_time"], "2026-10-18T18:00:00.000000+00:00", "the 17th was called off");
    assert_eq!(now["guild_scheduled_event_exceptions"], json!([]), "what is past is forgotten");

    stage.does(except("2026-10-18T18:00:00Z", off()));
    let events = at_last(&mut stage, at("2026-10-18T18:00:00Z"));
    assert_eq!(statuses(&stage, &events), [1], "the next one was called off: on to the one after it");
    stage.does(except("2026-10-20T18:00:00Z", off()));
    let (patched, events) = stage.apply(patch(&stage, event, json!({ "recurrence_rule": null })));
    assert_eq!(
        (&patched["recurrence_rule"], &patched["guild_scheduled_event_exceptions"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(stage.told(&events), [UPDATE, DELETED], "another rule has no exceptions");
}

#[test]
fn people_are_interested_in_one_occurrence_alone() {
    let mut stage = Stage::new();
    let (guild, bot, user) = (stage.guild, stage.bot, stage.noor.user);
    let event = made(&mut stage, daily());
    let id = |text: &str| (at(text).ms() - cogwright_sim_world::DISCORD_EPOCH_MS) << 22;
    let (second, third) = (id("2026-10-16T18:00:00Z"), id("2026-10-17T18:00:00Z"));
    let set =
        |occurrence, interested| SetInterest { user, guild, event, occurrence: Some(occurrence), interested };
    let events = stage.events(set(second, true));
    let data = stage.payload(&events, "GUILD_SCHEDULED_EVENT_USER_ADD");
    assert_eq!(data["guild_scheduled_event_exception_id"], second.to_string());
    assert_eq!(stage.refused(set(id("2026-10-16T18:00:01Z"), true)), 10070);
    let users = |stage: &Stage, occurrence| {
        event_users(&stage.world, bot, guild, event, Some(occurrence), UserPage::default(), stage.now)
    };
    let found = users(&stage, second).expect("may");
    assert_eq!(
        (&found[0]["user_id"], &found[0]["guild_scheduled_event_exception_id"]),
        (&json!(user), &json!(second.to_string()))
    );
    assert_eq!(users(&stage, third).expect("may"), json!([]));
    assert_eq!(users(&stage, 1).expect_err("is none").code, 10070);
    let counts = user_counts(&stage.world, bot, guild, event, &[second, third], stage.now).expect("may");
    assert_eq!(counts["guild_scheduled_event_count"], 1, "the bot that planned it");
    let of_each = json!({ second.to_string(): 1, third.to_string(): 0 });
    assert_eq!(counts["guild_scheduled_event_exception_counts"], of_each);
    let many = user_counts(&stage.world, bot, guild, event, &[second; 11], stage.now);
    assert_eq!(many.expect_err("too many").code, 50035);
    let events = stage.events(set(second, false));
    assert_eq!(stage.told(&events), ["GUILD_SCHEDULED_EVENT_USER_REMOVE"]);
    stage.does(set(second, true));
    at_last(&mut stage, at("2026-10-17T00:00:00Z"));
    assert_eq!(users(&stage, second).expect_err("is over").code, 10070);
    let listed = scheduled_events(&stage.world, bot, guild, true, stage.now).expect("may");
    assert_eq!(listed[0]["user_count"], 1);

    for day in 0..100 {
        let start = at("2026-10-17T18:00:00Z").plus(Duration::from_secs(86_400 * day));
        stage.does(set(id(&start.iso()), true));
        let body = json!({ "original_scheduled_start_time": start.iso(), "is_canceled": true });
        stage.does(CreateEventException { actor: bot, guild, event, body });
    }
    let start = at("2026-10-17T18:00:00Z").plus(Duration::from_secs(86_400 * 100));
    assert_eq!(stage.refused(set(id(&start.iso()), true)), 50035);
    let body = json!({ "original_scheduled_start_time": start.iso(), "is_canceled": true });
    assert_eq!(stage.refused(CreateEventException { actor: bot, guild, event, body }), 50035);
}
