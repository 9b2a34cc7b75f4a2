//! Scheduled events as a bot calls them, and probes of the limits page.

use std::time::Duration;

use cogwright_sim_world::{ChannelKind, GuildId, ScheduledEventId, Timestamp, scheduled_events::SetInterest};
use serde_json::{Value, json};

use super::{Answer, Line, run, text, try_run, voice};
use crate::RateLimitMode;

/// So many hours from now.
fn hours(line: &Line, n: u64) -> String {
    line.sim.clock().now().plus(Duration::from_secs(3600 * n)).iso()
}

fn external(line: &Line) -> Value {
    json!({
        "name": "Picnic", "privacy_level": 2, "entity_type": 3, "entity_metadata": { "location": "The park" },
        "scheduled_start_time": hours(line, 1), "scheduled_end_time": hours(line, 2),
    })
}

fn interested(line: &Line, guild: GuildId, event: &str, occurrence: Option<&str>) {
    let number = |id: &str| id.parse::<ScheduledEventId>().expect("an id");
    let set = SetInterest {
        user: line.ids.user,
        guild,
        event: number(event),
        occurrence: occurrence.map(|id| number(id).get()),
        interested: true,
    };
    line.sim.apply(set).expect("may");
}

/// Does what the row limits, `n` of it, if it is one of ours.
pub(super) async fn probe(line: &Line, row: &str, n: u64) -> Option<Answer> {
    let path = format!("/guilds/{}/scheduled-events", line.ids.guild);
    let long = "x".repeat(n as usize);
    let post = async |key: &str, value: Value| {
        let mut body = external(line);
        body[key] = value;
        line.call("POST", &path, Some(body)).await
    };
    Some(match row {
        "scheduled events of a guild that are not over" => {
            let mut last = None;
            for _ in 0..n {
                last = Some(post("name", json!("Picnic")).await);
            }
            last.expect("a limit above zero")
        }
        "characters of an event's name" => post("name", json!(long)).await,
        "characters of an event's description" => post("description", json!(long)).await,
        "characters of an event's location" => post("entity_metadata", json!({ "location": long })).await,
        "users of a page of those who are interested" => {
            let event = text(&post("name", json!("Picnic")).await.json(), "id");
            line.get(&format!("{path}/{event}/users?limit={n}")).await
        }
        "occurrences whose users are counted at once" => {
            let event = text(&post("name", json!("Picnic")).await.json(), "id");
            let ids: Vec<String> = (1..=n).map(|id| id.to_string()).collect();
            let query = format!("guild_scheduled_event_exception_ids={}", ids.join(","));
            line.get(&format!("{path}/{event}/users/counts?{query}")).await
        }
        "exceptions of a recurring event" => {
            let mut body = external(line);
            let start = text(&body, "scheduled_start_time");
            body["recurrence_rule"] = json!({ "start": start, "frequency": 3 });
            let event = text(&line.call("POST", &path, Some(body)).await.json(), "id");
            let mut last = None;
            for day in 0..n {
                let at =
                    Timestamp::parse_iso(&start).expect("a moment").plus(Duration::from_secs(86_400 * day));
                let body = json!({ "original_scheduled_start_time": at.iso(), "is_canceled": true });
                last = Some(line.call("POST", &format!("{path}/{event}/exceptions"), Some(body)).await);
            }
            last.expect("a limit above zero")
        }
        _ => return None,
    })
}

#[tokio::test]
async fn an_event_from_its_planning_to_its_end() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    assert_eq!(run(&line, "list_guild_scheduled_events", &[&guild], None).await, json!([]));
    let mut body = external(&line);
    body["image"] = json!("data:image/png;base64,iVBORw0KGgo=");
    let made = run(&line, "create_guild_scheduled_event", &[&guild], Some(body)).await;
    let event = text(&made, "id");
    let place = [guild.as_str(), event.as_str()];
    assert_eq!(run(&line, "get_guild_scheduled_event", &place, None).await, made);
    assert_eq!(run(&line, "list_guild_scheduled_events", &[&guild], None).await, json!([made]));
    let path = format!("/guilds/{guild}/scheduled-events");
    interested(&line, line.ids.guild, &event, None);
    let counted = line.get(&format!("{path}?with_user_count=true")).await.json();
    assert_eq!(counted[0]["user_count"], 2);
    assert_eq!(line.get(&format!("{path}/{event}?with_user_count=1")).await.json()["user_count"], 2);
    assert_eq!(line.get(&format!("{path}?with_user_count=maybe")).await.code(), (400, 50035));

    let users = run(&line, "list_guild_scheduled_event_users", &place, None).await;
    assert_eq!(users.as_array().map(Vec::len), Some(2));
    assert!(users[0].get("member").is_none());
    let after = format!("{path}/{event}/users?with_member=true&limit=1&after={}", line.ids.user);
    let page = line.get(&after).await.json();
    assert_eq!(page[0]["user"]["id"], line.ids.application.to_string());
    assert!(page[0]["member"]["joined_at"].is_string());
    let before = format!("{path}/{event}/users?before={}", line.ids.application);
    assert_eq!(line.get(&before).await.json()[0]["user_id"], line.ids.user.to_string());
    let counts = run(&line, "count_guild_scheduled_event_users", &place, None).await;
    let none = json!({});
    assert_eq!(
        counts,
        json!({ "guild_scheduled_event_count": 2, "guild_scheduled_event_exception_counts": none })
    );

    let body = json!({ "name": "Feast", "status": 2 });
    let started = run(&line, "update_guild_scheduled_event", &place, Some(body)).await;
    assert_eq!((&started["name"], &started["status"]), (&json!("Feast"), &json!(2)));
    let ended = run(&line, "update_guild_scheduled_event", &place, Some(json!({ "status": 3 }))).await;
    assert_eq!(ended["status"], 3);
    let late = try_run(&line, "update_guild_scheduled_event", &place, Some(json!({ "status": 2 }))).await;
    assert_eq!(late.code(), (400, 180_000));
    run(&line, "delete_guild_scheduled_event", &place, None).await;
    for id in
        ["get_guild_scheduled_event", "delete_guild_scheduled_event", "list_guild_scheduled_event_users"]
    {
        assert_eq!(try_run(&line, id, &place, None).await.code(), (404, 10070), "{id}");
    }
    let bad = try_run(&line, "create_guild_scheduled_event", &[&guild], Some(json!({}))).await;
    assert_eq!(bad.code(), (400, 50035));
    assert_eq!(try_run(&line, "list_guild_scheduled_events", &["1"], None).await.code(), (404, 10004));
}

#[tokio::test]
async fn events_in_channels_and_the_invite_that_shows_one() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let (talk, show) = (voice::channel(&line, ChannelKind::Voice), voice::channel(&line, ChannelKind::Stage));
    let inside = |kind: u8, channel| {
        json!({
            "name": "Talk", "privacy_level": 2, "entity_type": kind, "channel_id": channel,
            "scheduled_start_time": hours(&line, 1),
        })
    };
    let create = async |body| run(&line, "create_guild_scheduled_event", &[&guild], Some(body)).await;
    let (in_voice, on_stage) = (create(inside(2, talk)).await, create(inside(1, show)).await);
    assert_eq!((&in_voice["entity_type"], &on_stage["entity_type"]), (&json!(2), &json!(1)));
    let event = text(&on_stage, "id");
    let open = json!({ "channel_id": show, "topic": "On air", "guild_scheduled_event_id": event });
    let stage = run(&line, "create_stage_instance", &[], Some(open)).await;
    assert_eq!(stage["guild_scheduled_event_id"], event);
    let started = run(&line, "get_guild_scheduled_event", &[&guild, &event], None).await;
    assert_eq!((&started["status"], &started["entity_id"]), (&json!(2), &stage["id"]));
    let invite = run(&line, "create_channel_invite", &[&talk.to_string()], Some(json!({}))).await;
    let code = text(&invite, "code");
    let shown = line.get(&format!("/invites/{code}?guild_scheduled_event_id={event}")).await;
    assert_eq!((shown.status, &shown.json()["guild_scheduled_event"]["id"]), (200, &json!(event)));
    assert!(run(&line, "invite_resolve", &[&code], None).await.get("guild_scheduled_event").is_none());
    let log = line.get(&format!("/guilds/{guild}/audit-logs?action_type=100")).await.json();
    assert_eq!(log["guild_scheduled_events"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn occurrences_of_a_recurring_event_are_exceptions() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let (first, second) = (hours(&line, 1), hours(&line, 25));
    let mut body = external(&line);
    body["scheduled_start_time"] = json!(first);
    body["recurrence_rule"] = json!({ "start": first, "frequency": 3, "interval": 1 });
    let made = run(&line, "create_guild_scheduled_event", &[&guild], Some(body)).await;
    let event = text(&made, "id");
    // The rule's clock counts whole milliseconds of a day, as the moment does.
    let second_one =
        json!({ "original_scheduled_start_time": in_step(&first, &second), "is_canceled": true });
    let made =
        run(&line, "create_guild_scheduled_event_exception", &[&guild, &event], Some(second_one.clone()))
            .await;
    let exception = text(&made, "event_exception_id");
    let place = [guild.as_str(), event.as_str(), exception.as_str()];
    interested(&line, line.ids.guild, &event, Some(&exception));
    let users = run(&line, "list_guild_scheduled_event_exception_users", &place, None).await;
    assert_eq!(users[0]["guild_scheduled_event_exception_id"], exception);
    let counts = format!("/guilds/{guild}/scheduled-events/{event}/users/counts");
    for query in [format!("={exception}"), format!("={exception}&guild_scheduled_event_exception_ids=1")] {
        let path = format!("{counts}?guild_scheduled_event_exception_ids{query}");
        let counted = line.get(&path).await.json();
        assert_eq!(counted["guild_scheduled_event_exception_counts"][&exception], 1, "{query}");
    }
    let path = format!("{counts}?guild_scheduled_event_exception_ids=x");
    assert_eq!(line.get(&path).await.code(), (400, 50035));
    let body = json!({ "is_canceled": false, "scheduled_start_time": hours(&line, 26) });
    let changed = run(&line, "update_guild_scheduled_event_exception", &place, Some(body)).await;
    assert_eq!(changed["is_canceled"], false);
    let shown = run(&line, "get_guild_scheduled_event", &[&guild, &event], None).await;
    assert_eq!(shown["guild_scheduled_event_exceptions"], json!([changed]));
    run(&line, "delete_guild_scheduled_event_exception", &place, None).await;
    let gone = try_run(&line, "delete_guild_scheduled_event_exception", &place, None).await;
    assert_eq!(gone.code(), (404, 10070));
    let empty = json!({ "original_scheduled_start_time": second_one["original_scheduled_start_time"] });
    let empty =
        try_run(&line, "create_guild_scheduled_event_exception", &[&guild, &event], Some(empty)).await;
    assert_eq!(empty.code(), (400, 180_005));
}

/// `later` with the time of day of `first`: the clock has gone on between the two.
fn in_step(first: &str, later: &str) -> String {
    format!("{}{}", &later[..10], &first[10..])
}
