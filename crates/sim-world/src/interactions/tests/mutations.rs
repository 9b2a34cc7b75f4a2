//! Mutated bodies and values never panic, and a refusal changes nothing.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::interactions::fixture::{Fixture, mutations};

fn callbacks() -> impl Strategy<Value = Value> {
    let row = json!([{ "type": 1, "components": [
        { "type": 2, "style": 1, "label": "x", "custom_id": "b" }, { "type": 2, "style": 5, "label": "x", "url": "https://example.org" },
    ] }, { "type": 1, "components": [{ "type": 3, "custom_id": "s", "options": [{ "label": "a", "value": "a" }] }] }]);
    let v2 = json!([{ "type": 17, "components": [
        { "type": 9, "components": [{ "type": 10, "content": "x" }], "accessory": { "type": 11, "media": { "url": "https://example.org/a.png" } } },
        { "type": 12, "items": [{ "media": { "url": "https://example.org/a.png" } }] }, { "type": 14 },
    ] }]);
    let fields = json!([
        { "type": 18, "label": "a", "component": { "type": 4, "custom_id": "t", "style": 1 } },
        { "type": 18, "label": "b", "component": { "type": 22, "custom_id": "g", "options": [{ "label": "a", "value": "a" }] } },
        { "type": 1, "components": [{ "type": 4, "custom_id": "l", "style": 2, "label": "old" }] },
    ]);
    prop::sample::select(vec![
        json!({ "type": 4, "data": { "content": "x", "flags": 64, "components": row, "embeds": [{ "title": "t" }], "allowed_mentions": { "parse": ["users"] } } }),
        json!({ "type": 4, "data": { "flags": 32768, "components": v2 } }),
        json!({ "type": 5, "data": { "flags": 64 } }),
        json!({ "type": 9, "data": { "custom_id": "m", "title": "t", "components": fields } }),
    ])
}

fn command() -> Value {
    json!({ "name": "all", "description": "d", "options": [
        { "type": 3, "name": "text", "description": "d" }, { "type": 4, "name": "int", "description": "d" },
        { "type": 6, "name": "user", "description": "d" }, { "type": 11, "name": "file", "description": "d" },
    ] })
}

proptest! {
    #[test]
    fn callbacks_never_panic(body in callbacks(), mutations in mutations()) {
        let mut f = Fixture::new();
        let interaction = f.ping();
        let mut mutated = body.clone();
        for mutation in &mutations {
            mutation.apply(&mut mutated);
        }
        let events = f.events.len();
        let callback = f.callback(interaction, mutated);
        if f.apply(callback).is_err() {
            prop_assert_eq!(f.events.len(), events);
            prop_assert!(f.world.channel(f.channel).unwrap().messages.is_empty());
            let callback = f.callback(interaction, body);
            prop_assert!(f.apply(callback).is_ok());
        }
        let mut edit = json!({ "content": "x", "components": [] });
        for mutation in &mutations {
            mutation.apply(&mut edit);
        }
        let action = f.edit(interaction, edit.clone());
        let _ = f.apply(action);
        let action = f.follow_up(interaction, edit);
        let _ = f.apply(action);
    }

    #[test]
    fn options_never_panic(mutations in mutations()) {
        let mut f = Fixture::new();
        f.command(command());
        let mut options = json!({ "text": "x", "int": 3, "user": f.bob, "file": { "filename": "a", "data": "" } });
        for mutation in &mutations {
            mutation.apply(&mut options);
        }
        let slash = f.slash(f.alice, "all", options);
        let _ = f.apply(slash);
    }

    #[test]
    fn modal_values_never_panic(mutations in mutations()) {
        let mut f = Fixture::new();
        let interaction = f.ping();
        let components = json!([
            { "type": 18, "label": "a", "component": { "type": 4, "custom_id": "t", "style": 1 } },
            { "type": 18, "label": "b", "component": { "type": 5, "custom_id": "u" } },
            { "type": 18, "label": "c", "component": { "type": 23, "custom_id": "c" } },
        ]);
        f.answer(interaction, json!({ "type": 9, "data": { "custom_id": "m", "title": "t", "components": components } }));
        let mut values = json!({ "t": "x", "u": [f.bob], "c": true });
        for mutation in &mutations {
            mutation.apply(&mut values);
        }
        if values.is_object() {
            let submit = f.submit(interaction, "m", values);
            let _ = f.apply(submit);
        }
    }
}
