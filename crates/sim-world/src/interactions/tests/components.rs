//! Buttons and select menus of messages.

use serde_json::{Value, json};

use crate::{
    EventKind, MessageId, UserId,
    interactions::{
        AnswerKind, Click, Select,
        fixture::{Fixture, code_at},
    },
};

fn row(component: Value) -> Value {
    json!([{ "type": 1, "components": [component] }])
}

fn button(id: &str) -> Value {
    json!({ "type": 2, "style": 1, "label": "x", "custom_id": id })
}

fn select(user: UserId, message: MessageId, values: &[String]) -> Select {
    Select { user, message, custom_id: "s".into(), values: values.to_vec(), component_type: None }
}

#[test]
fn case_08_buttons_carry_their_message() {
    let mut f = Fixture::new();
    let message = f.message_with(row(button("b")));
    let click = f.click(f.bob, message, "b");
    let payload = f.payload();
    assert_eq!(payload["type"], 3);
    assert_eq!(payload["data"], json!({ "id": 2, "component_type": 2, "custom_id": "b" }));
    assert_eq!(payload["message"]["id"], json!(message));
    assert_eq!(payload["message"]["components"][0]["components"][0]["custom_id"], "b");

    let before = f.events.len();
    f.answer(click, json!({ "type": 6 }));
    assert!(f.events[before..].iter().all(|e| e.kind != EventKind::MessageUpdate));
    assert_eq!(f.first(click).kind, Some(AnswerKind::DeferredUpdate));

    let click = f.click(f.bob, message, "b");
    let data = json!({ "content": "edited", "components": [] });
    let body = f.answer(click, json!({ "type": 7, "data": data }));
    assert_eq!(body["resource"]["type"], 7);
    let update = f.last(EventKind::MessageUpdate);
    assert_eq!((&update.data["id"], &update.data["content"]), (&json!(message), &json!("edited")));
    assert_eq!(f.first(click).kind, Some(AnswerKind::Update));
    let gone = Click { user: f.bob, message, custom_id: "b".into() };
    assert_eq!(code_at(&f.err(gone), "custom_id"), "UNKNOWN_COMPONENT");
}

#[test]
fn a_new_message_answers_a_component_as_a_reply() {
    let mut f = Fixture::new();
    let message = f.message_with(row(button("b")));
    let click = f.click(f.bob, message, "b");
    let body = f.answer(click, json!({ "type": 4, "data": { "content": "new" } }));
    let answer = &body["resource"]["message"];
    assert_eq!(answer["message_reference"]["message_id"], json!(message));
    assert_eq!(answer["interaction_metadata"]["interacted_message_id"], json!(message));
    assert_eq!(answer["interaction_metadata"]["type"], 3);
    assert_eq!(answer["mentions"], json!([]));
    let deferred = f.click(f.bob, message, "b");
    f.answer(deferred, json!({ "type": 6 }));
    let edit = f.edit(deferred, json!({ "content": "later" }));
    assert_eq!(f.ok(edit)["id"], json!(message));
}

#[test]
fn a_public_answer_does_not_quote_an_ephemeral_message() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let data = json!({ "content": "secret", "flags": 64, "components": row(button("b")) });
    let body = f.answer(interaction, json!({ "type": 4, "data": data }));
    let message: MessageId = body["resource"]["message"]["id"].as_str().unwrap().parse().unwrap();
    let click = Click { user: f.bob, message, custom_id: "b".into() };
    assert_eq!(f.err(click).code, 10008);
    let click = f.click(f.alice, message, "b");
    let body = f.answer(click, json!({ "type": 4, "data": { "content": "public" } }));
    let answer = &body["resource"]["message"];
    assert_eq!(answer["flags"], 0);
    assert!(answer.get("message_reference").is_none() && answer.get("referenced_message").is_none());
}

#[test]
fn disabled_and_unknown_components() {
    let mut f = Fixture::new();
    let mut disabled = button("b");
    disabled["disabled"] = json!(true);
    let message = f.message_with(row(disabled));
    let click = Click { user: f.bob, message, custom_id: "b".into() };
    assert_eq!(code_at(&f.err(click), "custom_id"), "COMPONENT_DISABLED");
    let click = Click { user: f.bob, message, custom_id: "c".into() };
    assert_eq!(code_at(&f.err(click), "custom_id"), "UNKNOWN_COMPONENT");
    let click = Click { user: f.bob, message: MessageId::new(5), custom_id: "c".into() };
    assert_eq!(f.err(click).code, 10008);
}

#[test]
fn case_09_string_selects() {
    let mut f = Fixture::new();
    let options: Vec<Value> = ["a", "b", "c"].iter().map(|v| json!({ "label": v, "value": v })).collect();
    let message =
        f.message_with(row(json!({ "type": 3, "custom_id": "s", "max_values": 2, "options": options })));
    let pick = |f: &Fixture, values: &[&str]| {
        select(f.bob, message, &values.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let action = pick(&f, &["b", "c"]);
    f.ok(action);
    assert_eq!(f.payload()["data"]["values"], json!(["b", "c"]));
    assert_eq!(f.payload()["data"]["component_type"], 3);
    assert!(f.payload()["data"].get("resolved").is_none());
    for (values, code) in [
        (&["a", "b", "c"][..], "BASE_TYPE_BAD_LENGTH"),
        (&[], "BASE_TYPE_BAD_LENGTH"),
        (&["z"], "BASE_TYPE_CHOICES"),
        (&["a", "a"], "SET_TYPE_ALREADY_CONTAINS_VALUE"),
    ] {
        let action = pick(&f, values);
        assert_eq!(code_at(&f.err(action), "values"), code, "{values:?}");
    }
    let click = Click { user: f.bob, message, custom_id: "s".into() };
    assert_eq!(code_at(&f.err(click), "custom_id"), "UNKNOWN_COMPONENT");
    let mut wrong = pick(&f, &["a"]);
    wrong.component_type = Some(5);
    assert_eq!(code_at(&f.err(wrong), "component_type"), "BASE_TYPE_CHOICES");
}

#[test]
fn case_09_populated_selects_are_resolved() {
    let mut f = Fixture::new();
    let everyone = f.guild.to_string();
    for (kind, value, table) in [
        (5, f.alice.to_string(), "users"),
        (6, everyone.clone(), "roles"),
        (7, f.bob.to_string(), "members"),
        (7, everyone, "roles"),
        (8, f.channel.to_string(), "channels"),
    ] {
        let message = f.message_with(row(json!({ "type": kind, "custom_id": "s" })));
        let action = select(f.bob, message, std::slice::from_ref(&value));
        f.ok(action);
        let data = f.payload()["data"].clone();
        assert_eq!(data["values"], json!([value]));
        assert!(data["resolved"][table][&value].is_object(), "{kind} {table}");
        let action = select(f.bob, message, &["5".into()]);
        assert_eq!(code_at(&f.err(action), "values"), "BASE_TYPE_CHOICES");
    }
    let message = f.message_with(row(json!({ "type": 8, "custom_id": "s", "channel_types": [2] })));
    let action = select(f.bob, message, &[f.channel.to_string()]);
    assert_eq!(code_at(&f.err(action), "values"), "BASE_TYPE_CHOICES");
}

#[test]
fn components_of_v2_messages_are_found_wherever_they_are() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let section =
        json!({ "type": 9, "components": [{ "type": 10, "content": "x" }], "accessory": button("deep") });
    let data = json!({ "flags": 32768, "components": [{ "type": 17, "components": [section] }] });
    let body = f.answer(interaction, json!({ "type": 4, "data": data }));
    let message = body["resource"]["message"]["id"].as_str().unwrap().parse().unwrap();
    f.click(f.bob, message, "deep");
    assert_eq!(f.payload()["data"]["id"], 4);
}
