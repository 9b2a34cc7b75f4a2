//! The adversary: what a fault plan does to a connection, and that nothing is lost or made up by it.

use serde_json::{Value, json};

use crate::stage::{ALL, Client, Stage};

async fn fault(stage: &Stage, spec: Value) -> Value {
    stage.post("/faults", spec).await
}

/// How often a fault has fired.
async fn fired(stage: &Stage, fault: &Value) -> u64 {
    let list = stage.control("GET", "/faults", Value::Null).await;
    let found = list["faults"].as_array().expect("a list").iter().find(|f| f["id"] == fault["id"]);
    found.expect("it is listed")["fired"].as_u64().expect("a number")
}

/// A client with a session that has received its guild; and the session's id.
async fn session(stage: &Stage) -> (Client, String) {
    stage.advance(5000).await;
    let mut client = stage.greeted().await;
    let ready = client.identify(&stage.ids.token, json!({})).await;
    client.until("GUILD_CREATE").await;
    client.settled(stage).await;
    (client, ready["session_id"].as_str().expect("a session").to_owned())
}

async fn contents(client: &mut Client, count: usize) -> Vec<String> {
    let mut found = Vec::new();
    while found.len() < count {
        let message = client.until("MESSAGE_CREATE").await;
        found.push(message["content"].as_str().expect("a text").to_owned());
    }
    found
}

#[tokio::test]
async fn op_7_before_hello() {
    let stage = Stage::new().await;
    let op7 = fault(&stage, json!({ "match": { "event": "CONNECT" }, "kind": { "type": "op7" } })).await;
    let mut client = stage.connect("?v=10&encoding=json").await;
    assert_eq!(client.frame().await["op"], 7);
    assert_eq!(client.frame().await["op"], 10, "who does not go can still identify");
    client.identify(&stage.ids.token, json!({})).await;
    assert_eq!(fired(&stage, &op7).await, 1);
    let mut next = stage.connect("").await;
    assert_eq!(next.frame().await["op"], 10, "once");
}

#[tokio::test]
async fn close_before_and_after_hello() {
    let stage = Stage::new().await;
    fault(&stage, json!({ "match": { "event": "CONNECT" }, "kind": { "type": "close", "code": 4000 } }))
        .await;
    let mut client = stage.connect("").await;
    assert_eq!(client.close_code().await, 4000);
    fault(&stage, json!({ "match": { "event": "HELLO" }, "kind": { "type": "close", "code": 4008 } })).await;
    let mut client = stage.connect("").await;
    assert_eq!(client.frame().await["op"], 10);
    assert_eq!(client.close_code().await, 4008);
}

#[tokio::test]
async fn code_1006_cuts_off_without_a_close_frame_and_keeps_the_session() {
    let stage = Stage::new().await;
    let (mut client, session) = session(&stage).await;
    let seq = client.seq;
    let cut = fault(&stage, json!({ "kind": { "type": "close", "code": 1006 } })).await;
    client.cut_off().await;
    assert_eq!(fired(&stage, &cut).await, 1);
    stage.say("missed").await;
    let mut client = stage.greeted().await;
    client.resume(&stage.ids.token, &session, seq).await;
    assert_eq!(contents(&mut client, 1).await, ["missed"]);
    let closed = stage.control("GET", "/journal?type=gateway&limit=1000", Value::Null).await;
    let closed = closed["entries"].as_array().expect("entries").iter();
    assert_eq!(closed.filter(|e| e["direction"] == "close" && e["code"] == 1006).count(), 1);
}

#[tokio::test]
async fn close_during_resume_loses_nothing() {
    let stage = Stage::new().await;
    let (client, session) = session(&stage).await;
    let seq = client.seq;
    client.leave(Some(4000)).await;
    stage.say("missed 1").await;
    stage.say("missed 2").await;
    for event in ["RESUME", "RESUMED"] {
        let close = json!({ "match": { "event": event, "session": session }, "kind": { "type": "close", "code": 4000 } });
        let close = fault(&stage, close).await;
        let mut client = stage.greeted().await;
        client.resume(&stage.ids.token, &session, seq).await;
        assert_eq!(client.close_code().await, 4000, "{event}");
        assert_eq!(fired(&stage, &close).await, 1, "{event}");
    }
    let mut client = stage.greeted().await;
    client.resume(&stage.ids.token, &session, seq).await;
    assert_eq!(contents(&mut client, 2).await, ["missed 1", "missed 2"]);
    // The RESUMED of the connection that was closed is not replayed; its sequence is gone.
    client.seq += 1;
    client.until("RESUMED").await;
    assert_eq!(client.settled(&stage).await.iter().filter(|n| *n == "RESUMED").count(), 1);
}

#[tokio::test]
async fn a_duplicated_event_has_a_sequence_of_its_own() {
    let stage = Stage::new().await;
    let mut client = stage.bot(ALL).await;
    let twice = fault(
        &stage,
        json!({ "match": { "event": "MESSAGE_CREATE" }, "kind": { "type": "duplicate_event" } }),
    )
    .await;
    let said = stage.say("twice").await;
    stage.say("once").await;
    // The client itself checks that sequences have no gaps.
    for content in ["twice", "twice", "once"] {
        let message = client.until("MESSAGE_CREATE").await;
        assert_eq!(message["content"], content);
        assert_eq!(message["id"] == said["id"], content == "twice");
    }
    assert_eq!(fired(&stage, &twice).await, 1);
    let journal =
        stage.control("GET", "/journal?type=gateway&event=MESSAGE_CREATE&limit=1000", Value::Null).await;
    let marked: Vec<bool> = journal["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|e| e["faults"] == json!([twice["id"]]))
        .collect();
    assert_eq!(marked, [true, true, false], "{journal}");
}

#[tokio::test]
async fn reordered_events_change_places_and_the_last_comes_alone() {
    let stage = Stage::new().await;
    let mut client = stage.bot(ALL).await;
    let swap = || json!({ "match": { "event": "MESSAGE_CREATE" }, "kind": { "type": "reorder_events" } });
    fault(&stage, swap()).await;
    for text in ["a", "b", "c"] {
        stage.say(text).await;
    }
    assert_eq!(contents(&mut client, 3).await, ["b", "a", "c"]);
    fault(&stage, swap()).await;
    stage.say("nothing follows").await;
    assert_eq!(contents(&mut client, 1).await, ["nothing follows"]);
}

#[tokio::test]
async fn a_held_back_event_is_in_the_replay() {
    let stage = Stage::new().await;
    let (client, session) = session(&stage).await;
    let seq = client.seq;
    client.leave(Some(4000)).await;
    fault(&stage, json!({ "match": { "event": "MESSAGE_CREATE" }, "kind": { "type": "reorder_events" } }))
        .await;
    stage.say("held").await;
    let mut client = stage.greeted().await;
    client.resume(&stage.ids.token, &session, seq).await;
    assert_eq!(contents(&mut client, 1).await, ["held"]);
    client.until("RESUMED").await;
}

#[tokio::test]
async fn a_dropped_event_leaves_no_gap() {
    let stage = Stage::new().await;
    let mut client = stage.bot(ALL).await;
    fault(&stage, json!({ "match": { "event": "MESSAGE_CREATE" }, "kind": { "type": "drop_event" } })).await;
    stage.say("lost").await;
    stage.say("kept").await;
    assert_eq!(contents(&mut client, 1).await, ["kept"]);
}

#[tokio::test]
async fn heartbeats_go_unacknowledged_as_often_as_asked() {
    let stage = Stage::new().await;
    let mut client = stage.bot(ALL).await;
    client.settled(&stage).await;
    let swallow = fault(&stage, json!({ "kind": { "type": "swallow_acks" }, "count": 2 })).await;
    for _ in 0..3 {
        client.send(1, json!(client.seq)).await;
    }
    client.until_op(11).await;
    assert_eq!(fired(&stage, &swallow).await, 2);
    // Had one of the first two been answered, a second ACK would come before this.
    stage.post("/gateway/send", json!({ "op": 1 })).await;
    assert_eq!(client.frame().await["op"], 1);
}

#[tokio::test]
async fn resume_after_4007_is_op_9_and_a_new_session_begins() {
    let stage = Stage::new().await;
    let (mut client, session) = session(&stage).await;
    let seq = client.seq;
    let close = fault(&stage, json!({ "kind": { "type": "close", "code": 4007 } })).await;
    assert_eq!(client.close_code().await, 4007, "at once, without an event");
    assert_eq!((close["fired"].as_u64(), close["count"].as_u64()), (Some(1), Some(1)));
    let mut client = stage.greeted().await;
    client.resume(&stage.ids.token, &session, seq).await;
    assert_eq!(client.until_op(9).await["d"], false);
    stage.advance(5000).await;
    let ready = client.identify(&stage.ids.token, json!({})).await;
    assert_ne!(ready["session_id"], session.as_str());
}

#[tokio::test]
async fn a_session_expires_when_world_time_is_advanced() {
    let stage = Stage::new().await;
    let (mut client, session) = session(&stage).await;
    let seq = client.seq;
    fault(&stage, json!({ "kind": { "type": "op7" } })).await;
    client.until_op(7).await;
    client.leave(Some(4000)).await;
    stage.advance(91_000).await;
    let mut client = stage.greeted().await;
    client.resume(&stage.ids.token, &session, seq).await;
    assert_eq!(client.until_op(9).await["d"], false);
}

#[tokio::test]
async fn op_9_of_both_kinds_by_event() {
    let stage = Stage::new().await;
    let (mut client, session) = session(&stage).await;
    let invalid = |resumable: bool| json!({ "match": { "event": "MESSAGE_CREATE" }, "kind": { "type": "op9", "resumable": resumable } });
    fault(&stage, invalid(true)).await;
    let seq = client.seq;
    stage.say("on the edge").await;
    assert_eq!(client.until_op(9).await["d"], true);
    client.resume(&stage.ids.token, &session, seq).await;
    assert_eq!(contents(&mut client, 1).await, ["on the edge"]);
    client.until("RESUMED").await;
    let seq = client.seq;
    fault(&stage, invalid(false)).await;
    stage.say("over the edge").await;
    assert_eq!(client.until_op(9).await["d"], false);
    client.resume(&stage.ids.token, &session, seq).await;
    assert_eq!(client.until_op(9).await["d"], false, "there is nothing left to resume");
}

#[tokio::test]
async fn case_38_a_guild_outage_ends_by_world_time_or_with_its_fault() {
    let stage = Stage::new().await;
    let mut client = stage.bot(ALL).await;
    let outage = json!({ "kind": { "type": "guild_outage", "guild": stage.ids.guild, "ms": 60_000 } });
    fault(&stage, outage.clone()).await;
    assert_eq!(client.until("GUILD_DELETE").await["unavailable"], true);
    assert_eq!(
        stage.rest("GET", &format!("/guilds/{}", stage.ids.guild), None).await.0,
        200,
        "REST still answers"
    );
    stage.advance(60_000).await;
    assert_eq!(client.until("GUILD_CREATE").await["id"], json!(stage.ids.guild));
    let second = fault(&stage, outage).await;
    client.until("GUILD_DELETE").await;
    let path = format!("/faults/{}", second["id"].as_str().expect("an id"));
    stage.control("DELETE", &path, json!({})).await;
    client.until("GUILD_CREATE").await;
}

#[tokio::test]
async fn a_fault_for_one_session_spares_the_others() {
    let stage = Stage::new().await;
    let (mut one, session) = session(&stage).await;
    let mut other = stage.bot(ALL).await;
    let close =
        json!({ "match": { "session": session }, "kind": { "type": "close", "code": 4000 }, "count": null });
    fault(&stage, close).await;
    assert_eq!(one.close_code().await, 4000);
    stage.say("still there").await;
    assert_eq!(contents(&mut other, 1).await, ["still there"]);
    assert_eq!(stage.control("DELETE", "/faults", json!({})).await["removed"], 1);
}

#[tokio::test]
async fn case_54_slowmode_blocks_people_but_neither_bots_nor_those_who_bypass_it() {
    let stage = Stage::new().await;
    let (guild, channel) = (stage.ids.guild, stage.ids.channel);
    let user = stage.post("/world/users", json!({ "username": "eager" })).await;
    let user = user["id"].as_str().expect("an id");
    stage.post(&format!("/world/guilds/{guild}/members"), json!({ "user": user })).await;
    stage.control("PATCH", &format!("/world/channels/{channel}"), json!({ "rate_limit_per_user": 30 })).await;
    stage.post("/clock/freeze", json!({})).await;
    let say = json!({ "user": user, "channel": channel, "text": "hurry" });
    stage.post("/actor/send_message", say.clone()).await;
    let refusal = stage.refused("/actor/send_message", say.clone()).await;
    assert_eq!(refusal["error"]["discord"]["code"], 20016, "{refusal}");
    assert_eq!(refusal["error"]["discord"]["retry_after"], 30.0);
    let bot = format!("/channels/{channel}/messages");
    for _ in 0..2 {
        assert_eq!(stage.rest("POST", &bot, Some(json!({ "content": "beep" }))).await.0, 200);
    }
    let role = json!({ "name": "fast", "permissions": (1_u64 << 52).to_string() });
    let role = stage.post(&format!("/world/guilds/{guild}/roles"), role).await;
    let path = format!("/world/guilds/{guild}/members/{user}");
    stage.control("PATCH", &path, json!({ "roles": [role["id"]] })).await;
    stage.post("/actor/send_message", say.clone()).await;
    stage.control("PATCH", &path, json!({ "roles": [] })).await;
    stage.refused("/actor/send_message", say.clone()).await;
    stage.advance(30_000).await;
    stage.post("/actor/send_message", say).await;
}

#[tokio::test]
async fn a_wrong_fault_is_told_what_and_where() {
    let stage = Stage::new().await;
    let cases = [
        (json!({ "kind": { "type": "close", "code": 4999 } }), "kind.code"),
        (json!({ "kind": { "type": "op7" }, "match": { "path": "/x" } }), "match"),
        (json!({ "kind": { "type": "guild_outage", "guild": "1", "ms": 5 } }), "kind.guild"),
        (json!({ "kind": { "type": "op7" }, "count": "often" }), "count"),
    ];
    for (spec, field) in cases {
        let refusal = stage.refused("/faults", spec.clone()).await;
        assert_eq!(refusal["error"]["field"], field, "{spec}: {refusal}");
    }
    let refusal = stage.refused("/faults", json!({ "kind": { "type": "earthquake" } })).await;
    assert!(refusal.to_string().contains("rest_429"), "the kinds are named: {refusal}");
    assert_eq!(stage.control("GET", "/faults", Value::Null).await["faults"], json!([]));
}
