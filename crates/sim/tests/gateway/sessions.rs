//! Resuming, invalid sessions, heartbeats.

use serde_json::{Value, json};

use crate::stage::{ALL, Client, Stage};

async fn session_id(client: &mut Client, stage: &Stage) -> String {
    let ready = client.identify(&stage.ids.token, json!({})).await;
    client.until("GUILD_CREATE").await;
    ready["session_id"].as_str().expect("a session").to_owned()
}

#[tokio::test]
async fn case_13_resume_after_op_7_replays_what_was_missed() {
    let stage = Stage::new().await;
    let mut client = stage.greeted().await;
    let session = session_id(&mut client, &stage).await;
    client.settled(&stage).await;
    stage.post("/gateway/send", json!({ "op": 7 })).await;
    client.until_op(7).await;
    let seq = client.seq;
    client.leave(Some(4000)).await;
    for n in 0..5 {
        stage.say(&format!("missed {n}")).await;
    }
    let mut client = stage.greeted().await;
    client.resume(&stage.ids.token, &session, seq).await;
    client.until("RESUMED").await;
    let missed: Vec<&Value> =
        client.seen.iter().filter(|f| f["t"] == "MESSAGE_CREATE").map(|f| &f["d"]["content"]).collect();
    assert_eq!(missed, ["missed 0", "missed 1", "missed 2", "missed 3", "missed 4"]);
    let seqs: Vec<u64> = client.seen.iter().filter_map(|f| f["s"].as_u64()).collect();
    assert_eq!(seqs, (seq + 1..=seq + seqs.len() as u64).collect::<Vec<_>>());
    stage.say("live again").await;
    assert_eq!(client.until("MESSAGE_CREATE").await["content"], "live again");
    // A second resume from an older point replays again, once.
    client.leave(Some(4200)).await;
    let mut client = stage.greeted().await;
    client.resume(&stage.ids.token, &session, seq + 3).await;
    assert_eq!(client.frame().await["s"], seq + 4);
}

#[tokio::test]
async fn op_7_closes_by_itself_if_the_client_does_not() {
    let stage = Stage::new().await;
    let mut client = stage.greeted().await;
    session_id(&mut client, &stage).await;
    stage.post("/gateway/send", json!({ "op": 7 })).await;
    assert_eq!(client.close_code().await, 4000);
}

#[tokio::test]
async fn case_14_an_expired_session_must_identify_anew() {
    let stage = Stage::new().await;
    let mut client = stage.greeted().await;
    let session = session_id(&mut client, &stage).await;
    let seq = client.seq;
    client.leave(None).await;
    stage.advance(89_000).await;
    let mut client = stage.greeted().await;
    client.resume(&stage.ids.token, &session, seq).await;
    client.until("RESUMED").await;
    let seq = client.seq;
    client.leave(None).await;
    // The end of a lost connection is noticed by the server in its own time; the window counts from there.
    until_resumable(&stage).await;
    stage.advance(90_000).await;
    let mut client = stage.greeted().await;
    client.resume(&stage.ids.token, &session, seq).await;
    let invalid = client.until_op(9).await;
    assert_eq!(invalid["d"], false);
    let ready = client.identify(&stage.ids.token, json!({})).await;
    assert_ne!(ready["session_id"], session.as_str(), "a new session on the same connection");
}

/// Waits until no session is connected any more.
async fn until_resumable(stage: &Stage) {
    loop {
        let list = stage.control("GET", "/gateway", Value::Null).await;
        let sessions = list["sessions"].as_array().expect("a list");
        if sessions.iter().all(|s| s["state"] == "resumable") {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn case_14_op_9_true_resumes_on_the_same_connection() {
    let stage = Stage::new().await;
    let mut client = stage.greeted().await;
    let session = session_id(&mut client, &stage).await;
    let seq = client.seq;
    stage.post("/gateway/send", json!({ "op": 9, "resumable": true })).await;
    assert_eq!(client.until_op(9).await["d"], true);
    stage.say("between").await;
    client.resume(&stage.ids.token, &session, seq).await;
    assert_eq!(client.until("MESSAGE_CREATE").await["content"], "between");
    client.until("RESUMED").await;
}

#[tokio::test]
async fn a_reset_invalidates_sessions_and_their_limits() {
    let stage = Stage::new().await;
    let mut client = stage.greeted().await;
    let old = session_id(&mut client, &stage).await;
    stage.post("/reset", json!({})).await;
    assert_eq!(client.until_op(9).await["d"], false);
    let ready = client.identify(&stage.ids.token, json!({})).await;
    assert_ne!(ready["session_id"], old.as_str());
}

#[tokio::test]
async fn which_closes_end_a_session() {
    let stage = Stage::new().await;
    for (code, resumes) in [(Some(1000), false), (Some(1001), false), (Some(4000), true), (None, true)] {
        stage.advance(5000).await;
        let mut client = stage.greeted().await;
        let session = session_id(&mut client, &stage).await;
        let seq = client.seq;
        client.leave(code).await;
        until_resumable(&stage).await;
        let mut client = stage.greeted().await;
        client.resume(&stage.ids.token, &session, seq).await;
        if resumes {
            client.until("RESUMED").await;
            client.leave(Some(1000)).await;
        } else {
            assert_eq!(client.until_op(9).await["d"], false, "{code:?}");
        }
    }
}

#[tokio::test]
async fn a_resume_from_the_future_is_4007_and_then_op_9() {
    let stage = Stage::new().await;
    let mut client = stage.greeted().await;
    let session = session_id(&mut client, &stage).await;
    let seq = client.seq;
    client.leave(Some(4000)).await;
    let mut client = stage.greeted().await;
    client.resume(&stage.ids.token, &session, seq + 100).await;
    assert_eq!(client.close_code().await, 4007);
    let mut client = stage.greeted().await;
    client.resume(&stage.ids.token, &session, seq).await;
    assert_eq!(client.until_op(9).await["d"], false);
    let mut client = stage.greeted().await;
    client.resume("not.a.token", &session, seq).await;
    assert_eq!(client.close_code().await, 4004);
}

#[tokio::test]
async fn another_applications_session_cannot_be_resumed() {
    let stage = Stage::new().await;
    let (_, token) = stage.application(json!({})).await;
    let mut client = stage.greeted().await;
    let session = session_id(&mut client, &stage).await;
    let mut thief = stage.greeted().await;
    thief.resume(&token, &session, 0).await;
    assert_eq!(thief.until_op(9).await["d"], false);
    stage.say("still mine").await;
    assert_eq!(client.until("MESSAGE_CREATE").await["content"], "still mine");
}

#[tokio::test]
async fn case_34_a_silent_client_is_closed_and_can_resume() {
    let stage = Stage::new().await;
    stage.settings(json!({ "heartbeat_interval_ms": 200 })).await;
    let mut client = stage.connect("").await;
    let hello = client.frame().await;
    assert_eq!(hello["d"]["heartbeat_interval"], 200);
    let session = session_id(&mut client, &stage).await;
    assert_eq!(client.close_code().await, 4000);
    let seq = client.seq;
    stage.settings(json!({ "heartbeat_interval_ms": 41_250 })).await;
    let mut client = stage.greeted().await;
    client.resume(&stage.ids.token, &session, seq).await;
    client.until("RESUMED").await;
}

#[tokio::test]
async fn case_34_acks_can_be_swallowed_and_heartbeats_asked_for() {
    let stage = Stage::new().await;
    let mut client = stage.bot(ALL).await;
    stage.post("/gateway/swallow_acks", json!({ "count": 2 })).await;
    for _ in 0..3 {
        client.send(1, json!(client.seq)).await;
    }
    client.until_op(11).await;
    stage.post("/gateway/send", json!({ "op": 1 })).await;
    assert_eq!(
        client.until_op(1).await["d"],
        Value::Null,
        "no second answer came: only the third beat had one"
    );
    client.send(1, json!(client.seq)).await;
    client.until_op(11).await;
}

#[tokio::test]
async fn a_session_taken_over_closes_the_earlier_connection() {
    let stage = Stage::new().await;
    let mut first = stage.greeted().await;
    let session = session_id(&mut first, &stage).await;
    let seq = first.seq;
    let mut second = stage.greeted().await;
    second.resume(&stage.ids.token, &session, seq).await;
    second.until("RESUMED").await;
    assert_eq!(first.close_code().await, 4000);
    stage.say("to the second").await;
    assert_eq!(second.until("MESSAGE_CREATE").await["content"], "to the second");
}

#[tokio::test]
async fn the_control_api_closes_with_a_code() {
    let stage = Stage::new().await;
    let mut client = stage.greeted().await;
    let session = session_id(&mut client, &stage).await;
    stage.post("/gateway/close", json!({ "session": session, "code": 4009 })).await;
    assert_eq!(client.close_code().await, 4009);
    let list = stage.control("GET", "/gateway", Value::Null).await;
    assert_eq!(list["sessions"], json!([]), "after 4009 there is nothing to resume");
}

#[tokio::test]
async fn the_bot_goes_offline_with_its_last_session() {
    let stage = Stage::new().await;
    let (_, watcher) = stage.application(json!({ "privileged_intents": ["presence", "members"] })).await;
    let mut watcher_client = stage.greeted().await;
    watcher_client.identify(&watcher, json!({ "intents": 1 | 1 << 8 })).await;
    watcher_client.until("GUILD_CREATE").await;
    let bot = stage.ids.application.to_string();
    let mut client = stage.greeted().await;
    session_id(&mut client, &stage).await;
    let status = async |client: &mut Client| loop {
        let update = client.until("PRESENCE_UPDATE").await;
        if update["user"]["id"] == bot.as_str() {
            return update["status"].as_str().expect("a status").to_owned();
        }
    };
    assert_eq!(status(&mut watcher_client).await, "online");
    client.leave(Some(1000)).await;
    assert_eq!(status(&mut watcher_client).await, "offline");
}

#[tokio::test]
async fn a_new_token_or_no_application_closes_with_4004() {
    let stage = Stage::new().await;
    let (id, token) = stage.application(json!({})).await;
    let mut client = stage.greeted().await;
    client.identify(&token, json!({ "intents": 0 })).await;
    let new = stage.post(&format!("/world/applications/{id}/token"), json!({})).await;
    assert_eq!(client.close_code().await, 4004);
    stage.advance(5000).await;
    let mut client = stage.greeted().await;
    client.identify(new["token"].as_str().expect("a token"), json!({ "intents": 0 })).await;
    stage.control("DELETE", &format!("/world/applications/{id}"), json!({})).await;
    assert_eq!(client.close_code().await, 4004);
}
