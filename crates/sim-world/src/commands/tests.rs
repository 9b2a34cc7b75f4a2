//! Tests of registering commands and of who may use them.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    Actor, ChannelId, CommandId, UserId,
    interactions::fixture::{Fixture, code_at},
    places::operator,
};

fn chat(name: &str) -> Value {
    json!({ "name": name, "description": "d" })
}

fn put(f: &Fixture, scope: Scope, body: Value) -> OverwriteCommands {
    OverwriteCommands { actor: Actor::bot(f.app), scope, body }
}

fn names(f: &Fixture, user: UserId, channel: ChannelId) -> Vec<String> {
    usable(&f.world, user, channel, f.now).unwrap().into_iter().map(|c| c.name.clone()).collect()
}

#[test]
fn creating_again_overwrites_and_keeps_the_id() {
    let mut f = Fixture::new();
    let create = f.create(f.global(), chat("ping"));
    let first = f.ok(create.clone());
    assert!(first.new);
    let second = f.ok(create);
    assert!(!second.new);
    assert_eq!(first.command, second.command);
    let third = f.create(f.global(), json!({ "name": "ping", "description": "other" }));
    let third = f.ok(third);
    assert_eq!(third.command["id"], first.command["id"]);
    assert_ne!(third.command["version"], first.command["version"]);
    for key in
        ["id", "application_id", "version", "default_member_permissions", "type", "name", "description"]
    {
        assert!(third.command.get(key).is_some(), "{key}");
    }
}

#[test]
fn case_21_bulk_overwrite_replaces_all_kinds_and_keeps_ids() {
    let mut f = Fixture::new();
    let body = json!([chat("a"), chat("b"), { "name": "Who", "type": 2 }, { "name": "Quote it", "type": 3 }]);
    let overwrite = put(&f, f.global(), body);
    let first = f.ok(overwrite);
    let overwrite = put(&f, f.global(), json!([chat("b"), { "name": "Who", "type": 2, "description": "" }]));
    let second = f.ok(overwrite);
    assert_eq!(second[0], first[1]);
    assert_eq!(second[1], first[2]);
    assert_eq!(list(&f.world, Actor::bot(f.app), f.global(), true).unwrap().as_array().unwrap().len(), 2);
    let overwrite =
        put(&f, f.global(), json!([{ "id": second[0]["id"], "name": "renamed", "description": "d" }]));
    let renamed = f.ok(overwrite);
    assert_eq!(renamed[0]["id"], first[1]["id"]);
}

#[test]
fn case_21_limits() {
    let mut f = Fixture::new();
    let many: Vec<Value> = (0..101).map(|i| chat(&format!("c{i}"))).collect();
    let overwrite = put(&f, f.global(), json!(many));
    assert_eq!(f.err(overwrite).code, 30032);
    let overwrite = put(&f, f.global(), json!(many[..100]));
    f.ok(overwrite);
    let create = f.create(f.global(), chat("one-more"));
    assert_eq!(f.err(create).code, 30032);
    let menus: Vec<Value> = (0..16).map(|i| json!({ "name": format!("m{i}"), "type": 2 })).collect();
    let overwrite = put(&f, f.local(), json!(menus));
    assert_eq!(f.err(overwrite).code, 30032);
    // 100 of today's 200 are used up.
    for round in 0..2 {
        let other: Vec<Value> = (0..50).map(|i| chat(&format!("r{round}x{i}"))).collect();
        let overwrite = put(&f, f.global(), json!(other));
        f.ok(overwrite);
    }
    let create = f.create(f.global(), chat("the-201st"));
    let error = f.err(create.clone());
    assert_eq!((error.status, error.code), (400, 30034));
    f.pass(24 * 3600 * 1000);
    assert!(f.ok(create).new);
}

#[test]
fn case_18_bad_names_and_order_of_options() {
    let mut f = Fixture::new();
    let create = f.create(f.global(), json!({ "name": "Bad Name", "description": "d" }));
    assert_eq!(code_at(&f.err(create), "name"), "APPLICATION_COMMAND_INVALID_NAME");
    let option = |name: &str, required: bool| json!({ "type": 3, "name": name, "description": "d", "required": required });
    let body = json!({ "name": "x", "description": "d", "options": [option("a", false), option("b", true)] });
    let create = f.create(f.global(), body);
    assert_eq!(code_at(&f.err(create), "options.1"), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID");
    let body = json!([chat("ok"), { "name": "x", "description": "d", "options": [option("a", true), option("a", true)] }]);
    let overwrite = put(&f, f.global(), body);
    assert_eq!(
        code_at(&f.err(overwrite), "1.options.1.name"),
        "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"
    );
    let overwrite = put(&f, f.global(), json!([chat("same"), { "name": "same", "type": 2 }, chat("same")]));
    assert_eq!(code_at(&f.err(overwrite), "2"), "APPLICATION_COMMANDS_DUPLICATE_NAME");
    let create = f.create(f.global(), json!({ "name": "Menu", "type": 2, "description": "d" }));
    assert_eq!(
        code_at(&f.err(create), "description"),
        "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID"
    );
    assert!(usable(&f.world, f.alice, f.channel, f.now).unwrap().is_empty());
}

#[test]
fn option_rules() {
    let mut f = Fixture::new();
    let mut refused = |options: Value, path: &str| {
        let create = f.create(f.global(), json!({ "name": "x", "description": "d", "options": options }));
        code_at(&f.err(create), path)
    };
    let sub = json!({ "type": 1, "name": "s", "description": "d" });
    let text = json!({ "type": 3, "name": "t", "description": "d" });
    assert_eq!(refused(json!([sub, text]), "options.1.type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID");
    let nested = json!([{ "type": 1, "name": "s", "description": "d", "options": [sub] }]);
    assert_eq!(refused(nested, "options.0.options.0.type"), "BASE_TYPE_CHOICES");
    let both = json!([{ "type": 3, "name": "t", "description": "d", "autocomplete": true, "choices": [{ "name": "a", "value": "a" }] }]);
    let expected = "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES_MUTUALLY_EXCLUSIVE";
    assert_eq!(refused(both, "options.0.choices"), expected);
    let large =
        json!([{ "type": 4, "name": "t", "description": "d", "max_value": 9_007_199_254_740_994_i64 }]);
    assert_eq!(refused(large, "options.0.max_value"), "NUMBER_TYPE_MAX");
    let long: Vec<Value> = (0..25).map(|i| json!({ "type": 3, "name": format!("o{i}"), "description": "d",
        "choices": (0..3).map(|c| json!({ "name": format!("{c}{}", "n".repeat(99)), "value": "v".repeat(100) })).collect::<Vec<_>>() })).collect();
    let create = f.create(f.global(), json!({ "name": "x", "description": "d", "options": long }));
    let error = f.err(create);
    assert_eq!(error.errors.unwrap()["_errors"][0]["code"], "APPLICATION_COMMAND_TOO_LARGE");
}

#[test]
fn client_dialects_are_accepted() {
    let mut f = Fixture::new();
    let command = f.command(json!({
        "name": "x", "description": "d", "type": 1, "contexts": null, "integration_types": [], "version": "1",
        "name_localizations": null, "description_localizations": {}, "application_id": "5", "dm_permission": null,
        "default_member_permissions": 8, "nsfw": false, "options": [
            { "type": 4, "name": "n", "description": "d", "min_value": null, "max_value": 3.0, "choices": [], "required": null },
        ],
    }));
    assert_eq!(command["default_member_permissions"], "8");
    assert_eq!(command["integration_types"], json!([0, 1]), "as the application");
    assert_eq!(command["contexts"], Value::Null);
    assert_eq!(command["options"][0]["max_value"], 3);
    assert!(command["options"][0].get("min_value").is_none());
}

#[test]
fn localisations_are_listed_on_request() {
    let mut f = Fixture::new();
    let command =
        f.command(json!({ "name": "x", "description": "d", "name_localizations": { "de": "iks" } }));
    assert_eq!(command["name_localizations"]["de"], "iks");
    let actor = Actor::bot(f.app);
    assert!(list(&f.world, actor, f.global(), false).unwrap()[0].get("name_localizations").is_none());
    assert_eq!(list(&f.world, actor, f.global(), true).unwrap()[0]["name_localizations"]["de"], "iks");
    let create =
        f.create(f.global(), json!({ "name": "y", "description": "d", "name_localizations": { "xx": "y" } }));
    assert_eq!(code_at(&f.err(create), "name_localizations"), "DICT_TYPE_INVALID_KEY");
}

#[test]
fn editing_keeps_what_is_not_given() {
    let mut f = Fixture::new();
    let command = f.command(json!({ "name": "x", "description": "d", "options": [{ "type": 3, "name": "t", "description": "d" }] }));
    f.command(chat("taken"));
    let id: CommandId = command["id"].as_str().unwrap().parse().unwrap();
    let edit =
        |f: &Fixture, body| EditCommand { actor: Actor::bot(f.app), scope: f.global(), command: id, body };
    let action = edit(&f, json!({ "description": "new" }));
    let edited = f.ok(action);
    assert_eq!((&edited["description"], &edited["options"]), (&json!("new"), &command["options"]));
    let action = edit(&f, json!({ "name": "taken" }));
    assert_eq!(code_at(&f.err(action), "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME");
    f.ok(DeleteCommand { actor: Actor::bot(f.app), scope: f.global(), command: id });
    let action = edit(&f, json!({}));
    assert_eq!(f.err(action).code, 10063);
}

#[test]
fn only_the_own_application() {
    let mut f = Fixture::new();
    let other = f.application("Other", None);
    let create = CreateCommand { actor: Actor::bot(other), scope: f.global(), body: chat("x") };
    assert_eq!(f.err(create).code, 20012);
    let scope = Scope { application: other, guild: Some(f.guild) };
    f.app = other;
    let create = f.create(scope, chat("x"));
    assert_eq!(f.err(create).code, 50001);
}

#[test]
fn case_22_guild_and_global_coexist() {
    let mut f = Fixture::new();
    f.command(chat("ping"));
    let create = f.create(f.local(), chat("ping"));
    let local = f.ok(create).command;
    assert_eq!(local["guild_id"], json!(f.guild));
    assert_eq!(names(&f, f.alice, f.channel), ["ping", "ping"]);
}

#[test]
fn case_42_default_member_permissions_hide() {
    let mut f = Fixture::new();
    f.command(json!({ "name": "admins", "description": "d", "default_member_permissions": "0" }));
    f.command(json!({ "name": "bans", "description": "d", "default_member_permissions": "4" }));
    f.command(chat("all"));
    assert_eq!(names(&f, f.alice, f.channel), ["admins", "bans", "all"]);
    assert_eq!(names(&f, f.bob, f.channel), ["all"]);
    let role =
        f.ok(operator::CreateRole { guild: f.guild, body: json!({ "name": "r", "permissions": "4" }) });
    let body = json!({ "roles": [role["id"]] });
    f.ok(operator::PatchMember { guild: f.guild, user: f.bob, body });
    assert_eq!(names(&f, f.bob, f.channel), ["bans", "all"]);
    assert_eq!(picker(&f.world, f.bob, f.channel, f.now).unwrap()[0]["application"]["name"], "Sim");
}

#[test]
fn contexts_and_age_limits() {
    let mut f = Fixture::new();
    f.command(json!({ "name": "guilds", "description": "d", "contexts": [0] }));
    f.command(json!({ "name": "dms", "description": "d", "contexts": [1] }));
    f.command(json!({ "name": "old", "description": "d", "dm_permission": false }));
    f.command(json!({ "name": "adult", "description": "d", "nsfw": true, "contexts": [0] }));
    let dm = f.dm(f.bob);
    assert_eq!(names(&f, f.bob, dm), ["dms"]);
    assert_eq!(names(&f, f.bob, f.channel), ["guilds", "old"]);
    let adult = f.new_channel(json!({ "name": "adult", "nsfw": true }));
    assert_eq!(names(&f, f.bob, adult), ["guilds", "old", "adult"]);
    let stranger = f.person("stranger");
    assert_eq!(usable(&f.world, stranger, f.channel, f.now).unwrap_err().code, 50001);
}

/// A body that uses every field.
fn full_body() -> Value {
    json!({
        "name": "x", "description": "d", "type": 1, "name_localizations": { "de": "iks" }, "contexts": [0, 1],
        "integration_types": [0], "default_member_permissions": "8", "nsfw": false, "options": [
            { "type": 2, "name": "g", "description": "d", "options": [{ "type": 1, "name": "s", "description": "d", "options": [
                { "type": 3, "name": "a", "description": "d", "required": true, "min_length": 1, "max_length": 5 },
                { "type": 4, "name": "b", "description": "d", "choices": [{ "name": "one", "value": 1 }] },
                { "type": 7, "name": "c", "description": "d", "channel_types": [0] },
                { "type": 10, "name": "e", "description": "d", "autocomplete": true, "min_value": 0.5 },
            ] }] },
        ],
    })
}

proptest! {
    #[test]
    fn mutated_bodies_never_panic(mutations in crate::interactions::fixture::mutations()) {
        let mut f = Fixture::new();
        let mut body = full_body();
        let create = f.create(f.global(), body.clone());
        prop_assert!(f.apply(create).is_ok());
        for mutation in &mutations {
            mutation.apply(&mut body);
        }
        let create = f.create(f.local(), body.clone());
        let _ = f.apply(create);
        let overwrite = put(&f, f.global(), json!([body.clone()]));
        let _ = f.apply(overwrite);
        let overwrite = put(&f, f.global(), body);
        let _ = f.apply(overwrite);
    }
}
