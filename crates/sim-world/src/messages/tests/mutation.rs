//! Whatever a body holds, the answer is a message or an error: never a panic, and never a world that is half
//! changed.

use proptest::{prelude::*, sample::Index};

use super::*;

/// A body that uses about everything.
fn rich() -> Value {
    json!({
        "content": format!("hello <@{MEMBER}> <@&{OPEN_ROLE}> @everyone `code`"),
        "tts": false,
        "flags": 4,
        "nonce": "n",
        "enforce_nonce": 1,
        "embeds": [{
            "title": "t", "description": "d", "url": "https://example.org/", "color": 5,
            "timestamp": "2026-01-02T03:04:05.678+02:00",
            "fields": [{ "name": "n", "value": "v", "inline": true }],
            "author": { "name": "a", "icon_url": "attachment://a.png" },
            "image": { "url": "attachment://a.png" }, "thumbnail": { "url": "https://example.org/x.png" },
            "footer": { "text": "f" },
        }],
        "allowed_mentions": { "parse": ["roles"], "users": [MEMBER], "replied_user": true },
        "message_reference": { "message_id": "1", "fail_if_not_exists": false },
        "components": [{ "type": 1, "components": [
            { "type": 2, "style": 1, "label": "b", "custom_id": "b", "emoji": { "name": "👍" } },
            { "type": 2, "style": 5, "label": "l", "url": "https://example.org" },
        ] }],
        "attachments": [{ "id": 0, "description": "d", "filename": "a.png", "is_spoiler": false }],
        "poll": { "question": { "text": "?" }, "answers": [{ "poll_media": { "text": "!" } }], "duration": 1 },
        "sticker_ids": [],
    })
}

fn v2() -> Value {
    json!({ "flags": 32768, "components": [
        { "type": 17, "accent_color": 5, "components": [
            { "type": 10, "content": "text" },
            { "type": 9, "components": [{ "type": 10, "content": "x" }],
              "accessory": { "type": 11, "media": { "url": "attachment://a.png" } } },
            { "type": 14, "spacing": 1 },
        ] },
        { "type": 12, "items": [{ "media": { "url": "https://example.org/i.png" }, "spoiler": true }] },
        { "type": 13, "file": { "url": "attachment://a.png" } },
    ] })
}

/// Replaces, removes or doubles one node of the tree, chosen by `at`.
fn mutate(body: &mut Value, at: Index, with: Value) {
    fn paths(value: &Value, here: &str, out: &mut Vec<String>) {
        out.push(here.to_owned());
        match value {
            Value::Object(map) => map.iter().for_each(|(k, v)| paths(v, &format!("{here}/{k}"), out)),
            Value::Array(list) => {
                list.iter().enumerate().for_each(|(i, v)| paths(v, &format!("{here}/{i}"), out));
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    paths(body, "", &mut all);
    let chosen: &String = at.get(&all);
    if let Some(node) = body.pointer_mut(chosen) {
        *node = with;
    }
}

fn junk() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,30}".prop_map(Value::from),
        "[`<@&!>0-9:/]{0,20}".prop_map(Value::from),
        (0..4200_usize).prop_map(|n| Value::from("é".repeat(n))),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null, {}, [], "x", 1])),
        Just(rich()["components"].clone()),
        Just(v2()["components"].clone()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_bodies_never_panic(
        start in any::<bool>(),
        edits in proptest::collection::vec((any::<Index>(), junk()), 1..4),
        as_edit in any::<bool>(),
    ) {
        let mut body = if start { rich() } else { v2() };
        for (at, with) in edits {
            mutate(&mut body, at, with);
        }
        let mut sim = Sim::new();
        let files = vec![upload(0, "a.png", PNG)];
        let message = sim.text(bot(), "x");
        let before = serde_json::to_value(&sim.world.channels).unwrap();
        let result = if as_edit {
            sim.run(EditMessage { actor: bot(), channel: TEXT, message, body, files })
        } else {
            sim.run(CreateMessage { actor: bot(), channel: TEXT, body, files })
        };
        match result {
            Ok(message) => prop_assert!(message["id"].is_string()),
            Err(error) => {
                prop_assert!((400..500).contains(&error.status), "{:?}", error);
                prop_assert_eq!(serde_json::to_value(&sim.world.channels).unwrap(), before);
                prop_assert!(sim.world.blobs.is_empty());
            }
        }
    }

    #[test]
    fn any_bytes_can_be_uploaded_and_any_text_reacted_with(
        bytes in proptest::collection::vec(any::<u8>(), 0..64),
        head in prop_oneof![Just(&b""[..]), Just(&b"\xFF\xD8\xFF"[..]), Just(&b"GIF89a"[..]), Just(PNG), Just(&b"RIFF\0\0\0\0WEBPVP8L"[..])],
        name in ".{0,40}",
    ) {
        let mut sim = Sim::new();
        let files = vec![upload(0, &name, &[head, &bytes].concat())];
        let message = sim.run(CreateMessage { actor: bot(), channel: TEXT, body: json!({}), files }).unwrap();
        let stored = message["attachments"][0]["filename"].as_str().unwrap();
        prop_assert!(!stored.is_empty() && stored.chars().all(|c| c.is_ascii_graphic() && c != '/'));
        let emoji = name;
        let _ = sim.run(AddReaction { actor: bot(), channel: TEXT, message: id(&message), emoji });
    }
}
