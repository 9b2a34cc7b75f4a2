//! Mutated frames: the server answers or closes with a documented code, and goes on serving others.

use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::stage::{ALL, Stage};

/// Frames in all. Many share a connection, so that later ones meet an identified session.
const FRAMES: u32 = 5_000;
/// Frames that one connection gets before it is replaced: with a heartbeat after each, below the 120 commands of
/// a minute.
const PER_CONNECTION: usize = 50;

fn valid(stage: &Stage) -> Vec<Value> {
    let guild = stage.ids.guild;
    vec![
        json!({ "op": 1, "d": 3 }),
        json!({ "op": 2, "d": { "token": stage.ids.token, "intents": ALL, "properties": {}, "shard": [0, 1] } }),
        json!({ "op": 3, "d": { "since": null, "status": "idle", "afk": false, "activities": [{ "name": "x", "type": 0 }] } }),
        json!({ "op": 4, "d": { "guild_id": guild, "channel_id": stage.ids.channel, "self_mute": false, "self_deaf": false } }),
        json!({ "op": 6, "d": { "token": stage.ids.token, "session_id": "0", "seq": 1 } }),
        json!({ "op": 8, "d": { "guild_id": guild, "query": "a", "limit": 10, "presences": true, "nonce": "n" } }),
        json!({ "op": 8, "d": { "guild_id": guild, "user_ids": [stage.ids.user] } }),
        json!({ "op": 31, "d": { "guild_ids": [guild] } }),
        json!({ "op": 43, "d": { "guild_id": guild, "fields": ["status"] } }),
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[[[0]]]])),
    ]
}

/// Replaces, removes or doubles something at a path chosen by `steps`.
fn mutate(value: &mut Value, steps: &[usize], with: &Value) {
    let Some((step, rest)) = steps.split_first() else {
        *value = with.clone();
        return;
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            let key = map.keys().nth(step % map.len()).cloned().expect("counted");
            if rest.is_empty() && with.is_null() {
                map.shift_remove(&key);
            } else {
                mutate(&mut map[&key], rest, with);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            let at = step % list.len();
            mutate(&mut list[at], rest, with);
        }
        other => *other = with.clone(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutated_frames_never_hang_or_break_the_server() {
    let stage = Stage::new().await;
    let base = valid(&stage);
    let strategy = (
        0..base.len(),
        proptest::collection::vec(any::<usize>(), 1..4),
        scalar(),
        proptest::option::weighted(0.15, (any::<prop::sample::Index>(), any::<u8>())),
        any::<bool>(),
    );
    let mut runner =
        TestRunner::new(Config { cases: FRAMES, failure_persistence: None, ..Config::default() });
    let mut frames: Vec<(bool, Vec<u8>)> = Vec::new();
    for _ in 0..FRAMES {
        let (which, steps, with, flip, binary) = strategy.new_tree(&mut runner).expect("a case").current();
        let mut frame = base[which].clone();
        mutate(&mut frame, &steps, &with);
        let mut bytes = frame.to_string().into_bytes();
        if let Some((at, byte)) = flip {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        frames.push((binary, bytes));
    }
    for batch in frames.chunks(PER_CONNECTION) {
        stage.advance(5000).await;
        let mut client = stage.greeted().await;
        for (number, (binary, bytes)) in batch.iter().enumerate() {
            if number == 2 {
                client.send_identify(&stage.ids.token, json!({ "intents": ALL })).await;
            }
            match (binary, String::from_utf8(bytes.clone())) {
                (false, Ok(text)) => client.text(text).await,
                _ => client.binary(bytes.clone()).await,
            }
            // Every frame is followed by a heartbeat, which is answered unless the connection was closed.
            client.text(r#"{"op":1,"d":null}"#).await;
            let closed = loop {
                match client.message().await {
                    Message::Text(text) if text.contains("\"op\":11") => break None,
                    Message::Close(frame) => break frame.map(|f| u16::from(f.code)),
                    _ => {}
                }
            };
            if let Some(code) = closed {
                let shown = String::from_utf8_lossy(bytes);
                assert!((4001..=4014).contains(&code), "{code} for {shown}");
                stage.advance(5000).await;
                client = stage.greeted().await;
                if number % 2 == 0 {
                    client.send_identify(&stage.ids.token, json!({ "intents": ALL })).await;
                }
            }
        }
        stage.advance(86_400_000).await;
    }
    let mut bot = stage.bot(ALL).await;
    stage.say("still here").await;
    assert_eq!(bot.until("MESSAGE_CREATE").await["content"], "still here");
}
