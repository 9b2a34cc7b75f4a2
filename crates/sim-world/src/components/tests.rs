//! Tests of the component rules by path and code.

use std::cell::RefCell;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::FormErrors;

fn check(list: Value, kind: Kind) -> (Vec<Value>, Value) {
    let errors = RefCell::new(FormErrors::default());
    let out = validate(&list, "components", kind, &errors);
    let errors = errors.into_inner();
    let tree = if errors.is_empty() { Value::Null } else { errors.into_error().body()["errors"].clone() };
    (out, tree)
}

const V1: Kind = Kind::Message { v2: false };
const V2: Kind = Kind::Message { v2: true };

fn button(id: &str) -> Value {
    json!({ "type": 2, "style": 1, "label": "x", "custom_id": id })
}

fn code<'v>(tree: &'v Value, path: &str) -> &'v str {
    let node = path.split('.').fold(tree, |node, key| &node[key]);
    node["_errors"][0]["code"].as_str().unwrap_or_else(|| panic!("nothing at {path} in {tree}"))
}

#[test]
fn ids_are_numbered_and_skip_given_ones() {
    let (out, errors) = check(
        json!([{ "type": 1, "components": [button("a"), { "type": 2, "style": 2, "label": "y", "custom_id": "b", "id": 3 }, button("c")] }]),
        V1,
    );
    assert_eq!(errors, Value::Null);
    assert_eq!(out[0]["id"], 1);
    let ids: Vec<_> =
        out[0]["components"].as_array().unwrap().iter().map(|c| c["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [2, 3, 4]);
}

#[test]
fn case_18_duplicate_custom_id_and_six_buttons() {
    let (_, errors) = check(json!([{ "type": 1, "components": [button("a"), button("a")] }]), V1);
    assert_eq!(code(&errors, "components.0.components.1.custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED");
    let six: Vec<Value> = (0..6).map(|i| button(&i.to_string())).collect();
    let (_, errors) = check(json!([{ "type": 1, "components": six }]), V1);
    assert_eq!(code(&errors, "components.0.components"), "BASE_TYPE_BAD_LENGTH");
}

#[test]
fn case_41_v2_counts_nested_components() {
    let forty: Vec<Value> = (0..39).map(|_| json!({ "type": 10, "content": "x" })).collect();
    let (out, errors) = check(json!([{ "type": 17, "components": forty }]), V2);
    assert_eq!(errors, Value::Null);
    assert_eq!(out[0]["components"][38]["id"], 40);
    let more: Vec<Value> = (0..40).map(|_| json!({ "type": 10, "content": "x" })).collect();
    let (_, errors) = check(json!([{ "type": 17, "components": more }]), V2);
    assert_eq!(code(&errors, "components"), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED");
}

#[test]
fn layout_components_need_the_v2_flag() {
    let list = json!([{ "type": 10, "content": "x" }]);
    assert_eq!(code(&check(list.clone(), V1).1, "components.0"), "UNION_TYPE_CHOICES");
    assert_eq!(check(list, V2).1, Value::Null);
    assert_eq!(code(&check(json!([{ "type": 99 }]), V2).1, "components.0"), "UNION_TYPE_CHOICES");
    assert_eq!(code(&check(json!([{}]), V2).1, "components.0.type"), "BASE_TYPE_REQUIRED");
}

#[test]
fn a_row_holds_buttons_or_one_select() {
    let select = json!({ "type": 5, "custom_id": "s" });
    let (out, errors) = check(json!([{ "type": 1, "components": [select] }]), V1);
    assert_eq!(errors, Value::Null);
    assert_eq!(
        out[0]["components"][0],
        json!({ "type": 5, "id": 2, "custom_id": "s", "min_values": 1, "max_values": 1 })
    );
    let (_, errors) = check(json!([{ "type": 1, "components": [select, button("b")] }]), V1);
    assert_eq!(code(&errors, "components.0.components.1"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED");
}

#[test]
fn buttons_by_style() {
    let row = |b: Value| check(json!([{ "type": 1, "components": [b] }]), V1).1;
    assert_eq!(
        row(json!({ "type": 2, "style": 5, "label": "x", "url": "https://example.org" })),
        Value::Null
    );
    assert_eq!(row(json!({ "type": 2, "style": 6, "sku_id": "123" })), Value::Null);
    let at = |b, key: &str| code(&row(b), &format!("components.0.components.0.{key}")).to_owned();
    assert_eq!(at(json!({ "type": 2, "style": 1, "label": "x" }), "custom_id"), "BASE_TYPE_REQUIRED");
    assert_eq!(at(json!({ "type": 2, "style": 5, "label": "x" }), "url"), "BASE_TYPE_REQUIRED");
    assert_eq!(
        at(json!({ "type": 2, "style": 9, "label": "x", "custom_id": "a" }), "style"),
        "NUMBER_TYPE_MAX"
    );
    assert_eq!(
        at(json!({ "type": 2, "style": 1, "label": "x".repeat(81), "custom_id": "a" }), "label"),
        "BASE_TYPE_MAX_LENGTH"
    );
}

#[test]
fn emoji_are_of_unicode_or_have_an_id() {
    let row = |emoji: Value| {
        let mut button = button("a");
        button["emoji"] = emoji;
        check(json!([{ "type": 1, "components": [button] }]), V1).1
    };
    for good in
        [json!({ "name": "👍" }), json!({ "name": "▶️", "id": null }), json!({ "id": "123", "name": "é" })]
    {
        assert_eq!(row(good.clone()), Value::Null, "{good}");
    }
    for bad in [json!({ "name": "é" }), json!({ "name": "" }), json!({}), json!({ "name": ":thumbsup:" })] {
        let errors = row(bad.clone());
        assert_eq!(code(&errors, "components.0.components.0.emoji"), "COMPONENT_INVALID_EMOJI", "{bad}");
    }
}

#[test]
fn string_select_options_are_unique_and_enough() {
    let row = |options: Value, max: u64| {
        check(json!([{ "type": 1, "components": [{ "type": 3, "custom_id": "s", "max_values": max, "options": options }] }]), V1).1
    };
    let option = |v: &str| json!({ "label": v, "value": v });
    assert_eq!(row(json!([option("a"), option("b")]), 2), Value::Null);
    assert_eq!(
        code(&row(json!([option("a"), option("a")]), 1), "components.0.components.0.options.1.value"),
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"
    );
    assert_eq!(
        code(&row(json!([option("a")]), 2), "components.0.components.0.options"),
        "BASE_TYPE_BAD_LENGTH"
    );
}

#[test]
fn modals_take_labels_and_legacy_rows() {
    let list = json!([
        { "type": 18, "label": "Name", "component": { "type": 4, "custom_id": "n", "style": 1 } },
        { "type": 1, "components": [{ "type": 4, "custom_id": "o", "style": 2, "label": "Old" }] },
        { "type": 18, "label": "Pick", "component": { "type": 21, "custom_id": "r", "options": [{ "label": "a", "value": "a" }, { "label": "b", "value": "b" }] } },
        { "type": 18, "label": "Tick", "component": { "type": 22, "custom_id": "g", "options": [{ "label": "a", "value": "a" }] } },
        { "type": 10, "content": "hello" },
    ]);
    let (out, errors) = check(list, Kind::Modal);
    assert_eq!(errors, Value::Null);
    assert_eq!(out[1]["components"][0]["label"], "Old");
    assert_eq!(out[0]["component"]["id"], 2);
    let bad =
        json!([{ "type": 18, "label": "x", "component": { "type": 5, "custom_id": "u", "disabled": true } }]);
    assert_eq!(
        code(&check(bad, Kind::Modal).1, "components.0.component.disabled"),
        "COMPONENT_DISABLED_IN_MODAL"
    );
    assert_eq!(code(&check(json!([]), Kind::Modal).1, "components"), "BASE_TYPE_BAD_LENGTH");
}

#[test]
fn media_are_resolved_by_file_name() {
    let list = json!([{ "type": 12, "items": [{ "media": { "url": "attachment://a.png" } }] }, { "type": 13, "file": { "url": "attachment://b.txt" } }]);
    let (mut out, errors) = check(list, V2);
    assert_eq!(errors, Value::Null);
    let errors = RefCell::new(FormErrors::default());
    let mut next = 0;
    let lookup = |name: &str| {
        (name == "a.png").then(|| MediaFacts {
            id: crate::AttachmentId::new(7),
            url: "http://cdn/a.png".into(),
            filename: name.into(),
            size: 3,
            dimensions: Some((1, 2)),
            content_type: None,
        })
    };
    resolve_media(
        &mut out,
        "components",
        &mut || {
            next += 1;
            next
        },
        &lookup,
        &errors,
    );
    assert_eq!(out[0]["items"][0]["media"]["attachment_id"], "7");
    let tree = errors.into_inner().into_error().body()["errors"].clone();
    assert_eq!(code(&tree, "components.1.file.url"), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND");
}

fn any_component() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from)
    ];
    let keys = prop::sample::select(vec![
        "type",
        "id",
        "components",
        "component",
        "accessory",
        "custom_id",
        "options",
        "items",
        "media",
        "file",
        "url",
        "label",
        "value",
        "style",
        "min_values",
        "max_values",
        "emoji",
        "name",
        "default_values",
        "channel_types",
        "content",
    ]);
    let node = prop_oneof![scalar, (0u64..25).prop_map(Value::from)];
    node.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            ((0u64..25), prop::collection::hash_map(keys.clone(), inner, 0..6)).prop_map(|(kind, map)| {
                let mut object: Map<String, Value> =
                    map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
                object.entry("type").or_insert(json!(kind));
                Value::Object(object)
            }),
        ]
    })
}

proptest! {
    #[test]
    fn never_panics(list in any_component(), kind in prop::sample::select(vec![V1, V2, Kind::Modal])) {
        check(list.clone(), kind);
        check(json!([list.clone(), list]), kind);
    }
}
