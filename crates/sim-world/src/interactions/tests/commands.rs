//! What a person gives to a command and what the application gets of it.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::{
    ApplicationId, CommandKind, EventKind,
    interactions::fixture::{Fixture, code_at},
    places::operator,
};

fn everything() -> Value {
    json!({ "name": "all", "description": "d", "options": [
        { "type": 3, "name": "text", "description": "d", "required": true, "max_length": 5 },
        { "type": 4, "name": "int", "description": "d", "min_value": 1, "max_value": 10 },
        { "type": 5, "name": "bool", "description": "d" },
        { "type": 6, "name": "user", "description": "d" },
        { "type": 7, "name": "channel", "description": "d", "channel_types": [0] },
        { "type": 8, "name": "role", "description": "d" },
        { "type": 9, "name": "mention", "description": "d" },
        { "type": 10, "name": "number", "description": "d" },
        { "type": 11, "name": "file", "description": "d" },
        { "type": 3, "name": "pick", "description": "d", "choices": [{ "name": "A", "value": "a" }] },
    ] })
}

#[test]
fn case_03_options_of_every_type_are_resolved() {
    let mut f = Fixture::new();
    let command = f.command(everything());
    let everyone = f.guild.to_string();
    let slash = f.slash(
        f.alice,
        "all",
        json!({
            "text": "hi", "int": 3, "bool": true, "user": f.bob, "channel": f.channel, "role": everyone,
            "mention": f.alice, "number": 1.5, "pick": "a",
            "file": { "filename": "a.txt", "data": BASE64_STANDARD.encode("hello") },
        }),
    );
    f.ok(slash);
    let data = f.payload()["data"].clone();
    assert_eq!((&data["id"], &data["type"]), (&command["id"], &json!(1)));
    assert!(data.get("guild_id").is_none());
    let value = |name: &str| {
        let options = data["options"].as_array().unwrap();
        options.iter().find(|o| o["name"] == name).map(|o| o["value"].clone()).unwrap()
    };
    assert_eq!((value("int"), value("bool"), value("number")), (json!(3), json!(true), json!(1.5)));
    let resolved = &data["resolved"];
    let (alice, bob, channel) = (f.alice.to_string(), f.bob.to_string(), f.channel.to_string());
    assert_eq!(resolved["users"][&bob]["username"], "bob");
    assert!(resolved["members"][&bob]["permissions"].is_string());
    assert!(resolved["members"][&bob].get("user").is_none());
    assert_eq!(resolved["users"][&alice]["username"], "alice");
    assert_eq!(resolved["roles"][&everyone]["name"], "@everyone");
    assert_eq!(resolved["channels"][&channel]["name"], "tests");
    assert!(resolved["channels"][&channel]["app_permissions"].is_string());
    let file = value("file");
    let attachment = &resolved["attachments"][file.as_str().unwrap()];
    assert_eq!((&attachment["filename"], &attachment["size"]), (&json!("a.txt"), &json!(5)));
    let file = file.as_str().unwrap().parse().unwrap();
    assert_eq!(&*f.world.blob(file).unwrap(), b"hello");
    let (bytes, kind) = f.world.uploaded(f.channel, file, "a.txt").expect("served under its address");
    assert_eq!((&*bytes, kind.as_deref()), (&b"hello"[..], attachment["content_type"].as_str()));
    assert!(f.world.uploaded(f.channel, file, "b.txt").is_none(), "under its own name only");
    f.pass(15 * 60 * 1000);
    assert!(f.world.blob(file).is_none() && f.world.uploaded(f.channel, file, "a.txt").is_none());
}

#[test]
fn wrong_values_are_named() {
    let mut f = Fixture::new();
    f.command(everything());
    let voice = f.new_channel(json!({ "name": "Voice", "type": 2 }));
    let hidden = f.new_channel(json!({
        "name": "hidden", "permission_overwrites": [{ "id": f.guild, "type": 0, "allow": "0", "deny": "1024" }],
    }));
    let mut refused = |options: Value, path: &str| {
        let mut all = json!({ "text": "x" });
        all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        let slash = f.slash(f.bob, "all", all);
        code_at(&f.err(slash), path)
    };
    assert_eq!(refused(json!({ "text": null }), "options.text"), "BASE_TYPE_REQUIRED");
    assert_eq!(refused(json!({ "text": "too long" }), "options.text"), "BASE_TYPE_BAD_LENGTH");
    assert_eq!(refused(json!({ "text": 1 }), "options.text"), "STRING_TYPE_CONVERT");
    assert_eq!(refused(json!({ "int": 11 }), "options.int"), "NUMBER_TYPE_MAX");
    assert_eq!(refused(json!({ "int": 1.5 }), "options.int"), "NUMBER_TYPE_COERCE");
    assert_eq!(refused(json!({ "bool": "yes" }), "options.bool"), "BOOLEAN_TYPE_CONVERT");
    assert_eq!(refused(json!({ "user": "1" }), "options.user"), "UNKNOWN_ENTITY");
    assert_eq!(refused(json!({ "channel": voice }), "options.channel"), "UNKNOWN_ENTITY");
    assert_eq!(refused(json!({ "channel": hidden }), "options.channel"), "UNKNOWN_ENTITY");
    assert_eq!(refused(json!({ "role": "x" }), "options.role"), "NUMBER_TYPE_COERCE");
    assert_eq!(refused(json!({ "pick": "b" }), "options.pick"), "BASE_TYPE_CHOICES");
    assert_eq!(refused(json!({ "file": "x" }), "options.file"), "MODEL_TYPE_CONVERT");
    assert_eq!(refused(json!({ "other": 1 }), "options.other"), "UNKNOWN_OPTION");
    assert!(f.events.iter().all(|e| e.kind != EventKind::InteractionCreate));
    assert!(f.world.interactions.is_empty());
}

#[test]
fn sub_commands_are_nested_objects() {
    let mut f = Fixture::new();
    let option = json!({ "type": 3, "name": "t", "description": "d", "required": true });
    f.command(json!({ "name": "set", "description": "d", "options": [
        { "type": 1, "name": "now", "description": "d" },
        { "type": 2, "name": "of", "description": "d", "options": [
            { "type": 1, "name": "text", "description": "d", "options": [option] },
        ] },
    ] }));
    let slash = f.slash(f.alice, "set", json!({ "of": { "text": { "t": "x" } } }));
    f.ok(slash);
    let expected = json!([{ "name": "of", "type": 2, "options": [
        { "name": "text", "type": 1, "options": [{ "name": "t", "type": 3, "value": "x" }] },
    ] }]);
    assert_eq!(f.payload()["data"]["options"], expected);
    let slash = f.slash(f.alice, "set", json!({ "now": {} }));
    f.ok(slash);
    assert_eq!(f.payload()["data"]["options"], json!([{ "name": "now", "type": 1, "options": [] }]));
    let slash = f.slash(f.alice, "set", json!({}));
    assert_eq!(code_at(&f.err(slash), "options"), "SUB_COMMAND_REQUIRED");
    let slash = f.slash(f.alice, "set", json!({ "of": { "text": {} } }));
    assert_eq!(code_at(&f.err(slash), "options.of.text.t"), "BASE_TYPE_REQUIRED");
}

#[test]
fn unknown_hidden_and_ambiguous_commands() {
    let mut f = Fixture::new();
    let slash = f.slash(f.bob, "ping", Value::Null);
    assert_eq!(f.err(slash.clone()).code, 10063);
    f.command(json!({ "name": "ping", "description": "d", "default_member_permissions": "0" }));
    assert_eq!(f.err(slash.clone()).code, 50013);
    let (own, other) = (f.app, f.application("Other", Some(f.guild)));
    f.command(json!({ "name": "ping", "description": "d" }));
    f.app = other;
    f.command(json!({ "name": "ping", "description": "d" }));
    assert_eq!(code_at(&f.err(slash.clone()), "application"), "BASE_TYPE_REQUIRED");
    for app in [own, other] {
        f.app = app;
        let mut slash = slash.clone();
        slash.application = Some(app);
        f.ok(slash);
        assert_eq!(f.payload()["application_id"], json!(app));
    }
    let unknown = ApplicationId::new(5);
    let mut slash = slash;
    slash.application = Some(unknown);
    assert_eq!(f.err(slash).code, 10063);
}

#[test]
fn case_22_guild_commands_say_their_guild_and_both_are_reachable() {
    let mut f = Fixture::new();
    let global = f.command(json!({ "name": "ping", "description": "d" }));
    let create = f.create(f.local(), json!({ "name": "ping", "description": "d" }));
    let local = f.ok(create).command;
    let slash = f.slash(f.alice, "ping", Value::Null);
    f.ok(slash);
    assert_eq!(f.payload()["data"]["guild_id"], json!(f.guild));
    assert_eq!(f.payload()["data"]["id"], local["id"]);
    let slash = f.slash(f.alice, global["id"].as_str().unwrap(), Value::Null);
    f.ok(slash);
    assert_eq!(f.payload()["data"]["id"], global["id"]);
    assert!(f.payload()["data"].get("guild_id").is_none());
}

#[test]
fn case_52_context_menus_resolve_their_target() {
    let mut f = Fixture::new();
    f.command(json!({ "name": "Who is it", "type": 2 }));
    f.command(json!({ "name": "Quote", "type": 3 }));
    let mut menu = f.slash(f.alice, "Who is it", Value::Null);
    menu.kind = CommandKind::User;
    assert_eq!(code_at(&f.err(menu.clone()), "target"), "BASE_TYPE_REQUIRED");
    menu.target = Some(f.bob.get());
    let interaction = f.ok(menu.clone());
    let data = f.payload()["data"].clone();
    assert_eq!((&data["type"], &data["target_id"]), (&json!(2), &json!(f.bob)));
    assert_eq!(data["resolved"]["users"][f.bob.to_string()]["username"], "bob");
    assert!(data["resolved"]["members"][f.bob.to_string()].is_object());
    let body = f.answer(interaction, json!({ "type": 4, "data": { "content": "bob" } }));
    let message = body["resource"]["message"].clone();
    assert_eq!(message["type"], 23);
    assert_eq!(message["interaction_metadata"]["target_user"]["id"], json!(f.bob));

    menu.kind = CommandKind::Message;
    menu.name = "Quote".into();
    menu.target = Some(message["id"].as_str().unwrap().parse().unwrap());
    f.ok(menu.clone());
    let data = f.payload()["data"].clone();
    assert_eq!(data["target_id"], message["id"]);
    assert_eq!(data["resolved"]["messages"][message["id"].as_str().unwrap()]["content"], "bob");
    menu.target = Some(5);
    assert_eq!(code_at(&f.err(menu), "target"), "UNKNOWN_ENTITY");
}

#[test]
fn who_cannot_see_the_channel_cannot_use_commands_there() {
    let mut f = Fixture::new();
    f.command(json!({ "name": "ping", "description": "d" }));
    let hidden = f.new_channel(json!({
        "name": "hidden", "permission_overwrites": [{ "id": f.guild, "type": 0, "allow": "0", "deny": "1024" }],
    }));
    let mut slash = f.slash(f.bob, "ping", Value::Null);
    slash.channel = hidden;
    assert_eq!(f.err(slash).code, 50001);
    let until = crate::Timestamp::from_ms(f.now.ms() + 60_000).iso();
    let body = json!({ "communication_disabled_until": until });
    f.ok(operator::PatchMember { guild: f.guild, user: f.bob, body });
    let slash = f.slash(f.bob, "ping", Value::Null);
    assert_eq!(f.err(slash).code, 50013);
}
