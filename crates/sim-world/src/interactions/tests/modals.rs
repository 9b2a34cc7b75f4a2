//! Modals: opening, filling in, submitting.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    EventKind, InteractionId, Upload,
    interactions::{
        AnswerKind,
        fixture::{Fixture, code_at},
    },
};

fn modal(components: Value) -> Value {
    json!({ "type": 9, "data": { "custom_id": "m", "title": "Fill in", "components": components } })
}

fn label(component: Value) -> Value {
    json!({ "type": 18, "label": "L", "component": component })
}

fn open(f: &mut Fixture, components: Value) -> InteractionId {
    let interaction = f.ping();
    f.answer(interaction, modal(components));
    interaction
}

#[test]
fn case_10_opens_for_the_person() {
    let mut f = Fixture::new();
    let interaction = open(&mut f, json!([label(json!({ "type": 4, "custom_id": "t", "style": 1 }))]));
    let event = f.last(EventKind::PersonModalCreate);
    assert_eq!(event.data["id"], json!(interaction));
    assert_eq!(event.data["title"], "Fill in");
    assert_eq!(event.data["application"]["name"], "Sim");
    assert_eq!(event.data["components"][0]["component"]["custom_id"], "t");
    let first = f.first(interaction);
    assert_eq!(first.kind, Some(AnswerKind::Modal));
    assert_eq!(first.modal.unwrap()["custom_id"], "m");
}

#[test]
fn case_10_answers_in_the_shape_it_was_defined_in() {
    let mut f = Fixture::new();
    let text =
        |id: &str, label: Option<&str>| json!({ "type": 4, "custom_id": id, "style": 1, "label": label });
    let interaction = open(
        &mut f,
        json!([
            { "type": 10, "content": "Hello" },
            label(text("new", None)),
            { "type": 1, "components": [text("old", Some("Old"))] },
        ]),
    );
    let submit = f.submit(interaction, "m", json!({ "new": "a", "old": ["b"] }));
    f.ok(submit);
    let payload = f.payload();
    assert_eq!(payload["type"], 5);
    assert!(payload.get("message").is_none());
    assert_eq!(payload["data"]["custom_id"], "m");
    assert_eq!(
        payload["data"]["components"],
        json!([
            { "type": 10, "id": 1 },
            { "type": 18, "id": 2, "component": { "type": 4, "id": 3, "custom_id": "new", "value": "a" } },
            { "type": 1, "id": 4, "components": [{ "type": 4, "id": 5, "custom_id": "old", "value": "b" }] },
        ])
    );
}

#[test]
fn every_kind_of_field() {
    let mut f = Fixture::new();
    let options = json!([{ "label": "a", "value": "a" }, { "label": "b", "value": "b", "default": true }]);
    let interaction = open(
        &mut f,
        json!([
            label(json!({ "type": 5, "custom_id": "who" })),
            label(json!({ "type": 21, "custom_id": "radio", "options": options })),
            label(json!({ "type": 22, "custom_id": "boxes", "options": options })),
            label(json!({ "type": 23, "custom_id": "box" })),
            label(json!({ "type": 19, "custom_id": "files", "max_values": 2 })),
        ]),
    );
    let mut submit = f.submit(interaction, "m", json!({ "who": [f.bob], "boxes": ["a", "b"], "box": true }));
    let file = Upload { index: 0, filename: "x.txt".into(), content_type: None, bytes: vec![1, 2] };
    submit.files = BTreeMap::from([("files".to_owned(), vec![file])]);
    f.ok(submit);
    let data = f.payload()["data"].clone();
    let field = |n: usize| data["components"][n]["component"].clone();
    assert_eq!(field(0)["values"], json!([f.bob]));
    assert_eq!(field(1)["value"], "b", "the default");
    assert_eq!(field(2)["values"], json!(["a", "b"]));
    assert_eq!(field(3)["value"], true);
    let file = field(4)["values"][0].as_str().unwrap().to_owned();
    assert_eq!(data["resolved"]["attachments"][file]["filename"], "x.txt");
    assert_eq!(data["resolved"]["users"][f.bob.to_string()]["username"], "bob");
}

#[test]
fn case_10_fields_are_checked() {
    let mut f = Fixture::new();
    let options = json!([{ "label": "a", "value": "a" }, { "label": "b", "value": "b" }]);
    let interaction = open(
        &mut f,
        json!([
            label(json!({ "type": 4, "custom_id": "t", "style": 1, "min_length": 2, "max_length": 4 })),
            label(json!({ "type": 4, "custom_id": "o", "style": 1, "required": false, "min_length": 2 })),
            label(json!({ "type": 3, "custom_id": "s", "options": options, "max_values": 1 })),
            label(json!({ "type": 21, "custom_id": "r", "options": options, "required": false })),
            label(json!({ "type": 19, "custom_id": "f", "required": false })),
        ]),
    );
    let mut refused = |values: Value, path: &str| {
        let submit = f.submit(interaction, "m", values);
        code_at(&f.err(submit), path)
    };
    assert_eq!(refused(json!({}), "values.t"), "BASE_TYPE_REQUIRED");
    assert_eq!(refused(json!({}), "values.s"), "BASE_TYPE_BAD_LENGTH");
    assert_eq!(refused(json!({ "t": "x" }), "values.t"), "BASE_TYPE_BAD_LENGTH");
    assert_eq!(refused(json!({ "t": 5 }), "values.t"), "STRING_TYPE_CONVERT");
    assert_eq!(refused(json!({ "o": "x" }), "values.o"), "BASE_TYPE_BAD_LENGTH");
    assert_eq!(refused(json!({ "s": ["a", "b"] }), "values.s"), "BASE_TYPE_BAD_LENGTH");
    assert_eq!(refused(json!({ "s": ["z"] }), "values.s"), "BASE_TYPE_CHOICES");
    assert_eq!(refused(json!({ "r": "z" }), "values.r"), "BASE_TYPE_CHOICES");
    assert_eq!(refused(json!({ "nope": "z" }), "values.nope"), "UNKNOWN_COMPONENT");
    let submit = f.submit(interaction, "m", json!({ "t": "xxx", "s": "a" }));
    f.ok(submit);
    assert_eq!(f.payload()["data"]["components"][3]["component"]["value"], Value::Null);
}

#[test]
fn case_10_not_from_a_modal_and_only_by_its_person() {
    let mut f = Fixture::new();
    let field = json!([label(json!({ "type": 4, "custom_id": "t", "style": 1 }))]);
    let interaction = open(&mut f, field.clone());
    let mut submit = f.submit(interaction, "m", json!({ "t": "x" }));
    submit.user = f.bob;
    assert_eq!(code_at(&f.err(submit.clone()), "custom_id"), "UNKNOWN_MODAL");
    submit.user = f.alice;
    let submitted = f.ok(submit);
    let callback = f.callback(submitted, modal(field));
    assert_eq!(code_at(&f.err(callback), "type"), "BASE_TYPE_CHOICES");
    let callback = f.callback(submitted, json!({ "type": 7, "data": { "content": "x" } }));
    assert_eq!(code_at(&f.err(callback), "type"), "BASE_TYPE_CHOICES");
    let body = f.answer(submitted, json!({ "type": 4, "data": { "content": "thanks" } }));
    let meta = &body["resource"]["message"]["interaction_metadata"];
    assert_eq!(meta["triggering_interaction_metadata"]["id"], json!(interaction));
    assert_eq!(meta["type"], 5);
}

#[test]
fn a_modal_from_a_button_can_edit_its_message() {
    let mut f = Fixture::new();
    let row =
        json!([{ "type": 1, "components": [{ "type": 2, "style": 1, "label": "x", "custom_id": "b" }] }]);
    let message = f.message_with(row);
    let click = f.click(f.alice, message, "b");
    f.answer(click, modal(json!([label(json!({ "type": 4, "custom_id": "t", "style": 1 }))])));
    let submit = f.submit(click, "m", json!({ "t": "x" }));
    let submitted = f.ok(submit);
    assert_eq!(f.payload()["message"]["id"], json!(message));
    f.answer(submitted, json!({ "type": 7, "data": { "content": "edited" } }));
    assert_eq!(f.last(EventKind::MessageUpdate).data["id"], json!(message));
}

#[test]
fn bad_modals_are_refused() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let field = label(json!({ "type": 4, "custom_id": "t", "style": 1 }));
    let mut refused = |data: Value, path: &str| {
        let callback = f.callback(interaction, json!({ "type": 9, "data": data }));
        code_at(&f.err(callback), path)
    };
    let mut body = json!({ "custom_id": "m", "title": "x".repeat(46), "components": [field] });
    assert_eq!(refused(body.clone(), "data.title"), "BASE_TYPE_BAD_LENGTH");
    body["title"] = json!("ok");
    body["components"] = json!(vec![field.clone(); 6]);
    assert_eq!(refused(body.clone(), "data.components"), "BASE_TYPE_BAD_LENGTH");
    body["components"] = json!([field.clone(), field]);
    let expected = "COMPONENT_CUSTOM_ID_DUPLICATED";
    assert_eq!(refused(body.clone(), "data.components.1.component.custom_id"), expected);
    body["components"] =
        json!([{ "type": 1, "components": [{ "type": 2, "style": 1, "label": "x", "custom_id": "b" }] }]);
    assert_eq!(refused(body, "data.components.0.components.0"), "UNION_TYPE_CHOICES");
    assert_eq!(refused(json!({}), "data.title"), "BASE_TYPE_REQUIRED");
}

#[test]
fn a_modal_is_submitted_once_unless_the_submission_failed() {
    let mut f = Fixture::new();
    let opener = open(&mut f, json!([label(json!({ "type": 4, "custom_id": "t", "style": 1 }))]));
    let submit = f.submit(opener, "m", json!({ "t": "first" }));
    f.ok(submit.clone());
    assert_eq!(code_at(&f.err(submit.clone()), "interaction"), "MODAL_CLOSED");
    // Nobody answered: the dialog is still open.
    f.pass(3000);
    let second = f.ok(submit.clone());
    f.answer(second, json!({ "type": 4, "data": { "content": "thanks" } }));
    f.pass(60_000);
    assert_eq!(code_at(&f.err(submit), "interaction"), "MODAL_CLOSED");
}
