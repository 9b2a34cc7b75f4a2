//! First answers: once, in time, of a fitting type; what they do and what their response says.

use serde_json::{Value, json};

use crate::{
    Audience, EventKind, GuildId, flags,
    interactions::{
        AnswerKind,
        fixture::{Fixture, code_at},
    },
};

#[test]
fn a_message_answers_a_command() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let body = f.answer(interaction, json!({ "type": 4, "data": { "content": "pong" } }));
    let message = &body["resource"]["message"];
    assert_eq!(body["resource"]["type"], 4);
    assert_eq!(body["interaction"]["id"], json!(interaction));
    assert_eq!(body["interaction"]["response_message_id"], message["id"]);
    assert_eq!((&message["content"], &message["type"]), (&json!("pong"), &json!(20)));
    assert_eq!(message["interaction_metadata"]["id"], json!(interaction));
    assert_eq!(message["interaction_metadata"]["user"]["username"], "alice");
    assert_eq!(message["interaction_metadata"]["authorizing_integration_owners"], json!({ "0": f.guild }));
    assert_eq!(message["application_id"], json!(f.app));
    assert_eq!(f.last(EventKind::MessageCreate).data["guild_id"], json!(f.guild));
    assert_eq!(f.last(EventKind::PersonInteractionSuccess).data["id"], json!(interaction));
    let first = f.first(interaction);
    assert_eq!(first.kind, Some(AnswerKind::Message));
    assert_eq!(first.message.unwrap()["content"], "pong");
    assert!(!first.ephemeral);
}

#[test]
fn without_response_the_answer_is_empty() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let mut callback = f.callback(interaction, json!({ "type": 5, "data": null }));
    callback.with_response = false;
    assert_eq!(f.ok(callback), None);
}

#[test]
fn case_05_once_and_within_three_seconds() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let answer = json!({ "type": 4, "data": { "content": "pong" } });
    f.answer(interaction, answer.clone());
    let again = f.callback(interaction, answer.clone());
    let error = f.err(again);
    assert_eq!((error.status, error.code), (400, 40060));

    let slash = f.slash(f.alice, "ping", Value::Null);
    let late = f.ok(slash);
    f.pass(2999);
    assert!(crate::interactions::first_answer(&f.world, late).is_none());
    f.pass(1);
    let callback = f.callback(late, answer.clone());
    let error = f.err(callback);
    assert_eq!((error.status, error.code), (404, 10062));
    let failure = f.last(EventKind::PersonInteractionFailure);
    assert_eq!(failure.data["id"], json!(late));
    assert_eq!(failure.audience, Audience::Person(f.alice));
    assert_eq!(f.first(late).kind, None);

    let slash = f.slash(f.alice, "ping", Value::Null);
    let interaction = f.ok(slash);
    let mut forged = f.callback(interaction, answer);
    forged.token = "x".into();
    assert_eq!(f.err(forged).code, 10062);
}

#[test]
fn without_a_tick_a_late_callback_is_late_all_the_same() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    f.now = crate::Timestamp::from_ms(f.now.ms() + 3000);
    let callback = f.callback(interaction, json!({ "type": 4, "data": { "content": "x" } }));
    assert_eq!(f.err(callback).code, 10062);
}

#[test]
fn types_must_fit_the_interaction() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    for kind in [1, 6, 7, 8, 10, 12, 99] {
        let callback = f.callback(interaction, json!({ "type": kind, "data": {} }));
        assert_eq!(code_at(&f.err(callback), "type"), "BASE_TYPE_CHOICES", "{kind}");
    }
    let callback = f.callback(interaction, json!({}));
    assert_eq!(code_at(&f.err(callback), "type"), "BASE_TYPE_REQUIRED");
}

#[test]
fn case_18_form_errors_lie_below_data_and_leave_it_pending() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let fields: Vec<Value> = (0..26).map(|_| json!({ "name": "n", "value": "v" })).collect();
    let body =
        json!({ "type": 4, "data": { "embeds": [{ "fields": fields }], "content": "x".repeat(2001) } });
    let callback = f.callback(interaction, body);
    let error = f.err(callback);
    assert_eq!(code_at(&error, "data.content"), "BASE_TYPE_MAX_LENGTH");
    assert_eq!(code_at(&error, "data.embeds.0.fields"), "BASE_TYPE_MAX_LENGTH");
    let callback = f.callback(interaction, json!({ "type": 4, "data": {} }));
    assert_eq!(f.err(callback).code, 50006);
    let missing = json!({ "type": 4, "data": { "flags": 32768, "components": [{ "type": 13, "file": { "url": "attachment://no.txt" } }] } });
    let callback = f.callback(interaction, missing);
    let expected = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND";
    assert_eq!(code_at(&f.err(callback), "data.components.0.file.url"), expected);
    f.answer(interaction, json!({ "type": 4, "data": { "content": "ok" } }));
}

#[test]
fn case_06_ephemeral_answers() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let body = f.answer(interaction, json!({ "type": 4, "data": { "content": "psst", "flags": 64 } }));
    assert_eq!(body["interaction"]["response_message_ephemeral"], true);
    let event = f.last(EventKind::MessageCreate);
    assert!(event.data.get("guild_id").is_none() && event.data.get("member").is_none());
    assert_eq!(event.audience, Audience::Users(None, vec![f.alice, f.app.into()]));
    let edit = f.edit(interaction, json!({ "content": "still psst" }));
    let edited = f.ok(edit);
    assert_eq!(edited["flags"].as_u64().unwrap() & flags::EPHEMERAL, flags::EPHEMERAL);
    let event = f.last(EventKind::MessageUpdate);
    assert_eq!(event.audience, Audience::Users(None, vec![f.alice, f.app.into()]));
    assert!(f.first(interaction).ephemeral);
}

#[test]
fn case_07_defer_then_fill_keeps_the_ephemerality_of_the_defer() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let body = f.answer(interaction, json!({ "type": 5, "data": { "flags": 64 } }));
    assert_eq!(body["interaction"]["response_message_loading"], true);
    let loading = body["resource"]["message"].clone();
    assert_eq!(loading["flags"].as_u64().unwrap() & flags::LOADING, flags::LOADING);
    assert_eq!(f.first(interaction).kind, Some(AnswerKind::Deferred));
    f.pass(60_000);
    let follow_up = f.follow_up(interaction, json!({ "content": "done", "flags": 0 }));
    let filled = f.ok(follow_up);
    assert_eq!(filled["id"], loading["id"]);
    assert_eq!(filled["flags"], flags::EPHEMERAL);
    assert_eq!(filled["edited_timestamp"], Value::Null);
    let update = f.last(EventKind::MessageUpdate);
    assert_eq!(update.data["content"], "done");
    let second = f.follow_up(interaction, json!({ "content": "public" }));
    let second = f.ok(second);
    assert_ne!(second["id"], loading["id"]);
    assert_eq!(second["flags"], 0);

    let slash = f.slash(f.alice, "ping", Value::Null);
    let interaction = f.ok(slash);
    let loading = f.answer(interaction, json!({ "type": 5 }))["resource"]["message"].clone();
    let edit = f.edit(interaction, json!({ "content": "by patch", "flags": 64 }));
    let filled = f.ok(edit);
    assert_eq!((&filled["id"], &filled["flags"]), (&loading["id"], &json!(0)));
    let after = f.follow_up(interaction, json!({ "content": "next" }));
    assert_ne!(f.ok(after)["id"], loading["id"]);
}

#[test]
fn case_41_v2_answers() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let v2 = |extra: Value| {
        let mut data = json!({ "flags": 32768, "components": [{ "type": 17, "components": [{ "type": 10, "content": "hi" }] }] });
        data.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({ "type": 4, "data": data })
    };
    let callback = f.callback(interaction, v2(json!({ "content": "x" })));
    assert_eq!(
        code_at(&f.err(callback), "data.content"),
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    );
    let body = f.answer(interaction, v2(json!({})));
    let message = &body["resource"]["message"];
    assert_eq!(message["flags"], flags::IS_COMPONENTS_V2);
    assert_eq!(message["components"][0]["components"][0]["id"], 2);
    let edit = f.edit(interaction, json!({ "flags": 0, "components": [{ "type": 10, "content": "ho" }] }));
    assert_eq!(f.ok(edit)["flags"], flags::IS_COMPONENTS_V2);
}

#[test]
fn a_deferred_answer_can_become_v2() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    f.answer(interaction, json!({ "type": 5 }));
    let edit =
        f.edit(interaction, json!({ "flags": 32768, "components": [{ "type": 10, "content": "hi" }] }));
    assert_eq!(f.ok(edit)["flags"], flags::IS_COMPONENTS_V2);
}

#[test]
fn case_11_choices() {
    let mut f = Fixture::new();
    f.command(json!({ "name": "find", "description": "d", "options": [
        { "type": 4, "name": "n", "description": "d", "autocomplete": true, "required": true },
        { "type": 3, "name": "t", "description": "d" },
    ] }));
    let complete = crate::interactions::Autocomplete {
        user: f.alice,
        channel: f.channel,
        name: "find".into(),
        focused: "n".into(),
        text: "1".into(),
        options: json!({ "t": "abc" }),
        application: None,
    };
    let interaction = f.ok(complete.clone());
    let data = f.payload()["data"].clone();
    assert_eq!(f.payload()["type"], 4);
    assert_eq!(data["options"][0], json!({ "name": "n", "type": 4, "value": "1", "focused": true }));
    assert_eq!(data["options"][1], json!({ "name": "t", "type": 3, "value": "abc" }));
    let many: Vec<Value> = (0..26).map(|i| json!({ "name": "x", "value": i })).collect();
    let callback = f.callback(interaction, json!({ "type": 8, "data": { "choices": many } }));
    assert_eq!(code_at(&f.err(callback), "data.choices"), "BASE_TYPE_MAX_LENGTH");
    let callback = f.callback(
        interaction,
        json!({ "type": 8, "data": { "choices": [{ "name": "x", "value": "text" }] } }),
    );
    assert_eq!(code_at(&f.err(callback), "data.choices.0.value"), "NUMBER_TYPE_COERCE");
    f.answer(interaction, json!({ "type": 8, "data": { "choices": [{ "name": "one", "value": 1, "name_localizations": null }] } }));
    let expected = json!([{ "name": "one", "value": 1 }]);
    assert_eq!(f.last(EventKind::PersonAutocomplete).data["choices"], expected);
    assert_eq!(f.first(interaction).choices, Some(expected));

    // No answer is tolerated: the picker just stays empty.
    let silent = f.ok(complete);
    f.pass(3000);
    assert_eq!(f.first(silent).kind, None);
}

#[test]
fn payloads_carry_what_clients_insist_on() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let payload = f.payload();
    for key in [
        "id",
        "application_id",
        "type",
        "token",
        "version",
        "data",
        "guild_id",
        "guild",
        "channel_id",
        "channel",
        "member",
        "locale",
        "guild_locale",
        "app_permissions",
        "entitlements",
        "authorizing_integration_owners",
        "context",
        "attachment_size_limit",
    ] {
        assert!(payload.get(key).is_some_and(|v| !v.is_null()), "{key}");
    }
    assert!(payload.get("user").is_none() && payload.get("message").is_none());
    assert!(payload["data"].get("options").is_none() && payload["data"].get("resolved").is_none());
    assert_eq!(interaction.created(), f.now);
    assert_eq!(payload["member"]["user"]["id"], json!(f.alice));
    assert!(payload["member"]["permissions"].is_string() && payload["channel"]["permissions"].is_string());
}

#[test]
fn case_33_in_a_direct_message_there_is_a_user_and_no_member() {
    let mut f = Fixture::new();
    f.command(json!({ "name": "ping", "description": "p" }));
    let dm = f.dm(f.bob);
    let mut slash = f.slash(f.bob, "ping", Value::Null);
    slash.channel = dm;
    let interaction = f.ok(slash);
    let payload = f.payload();
    assert_eq!(payload["user"]["id"], json!(f.bob));
    assert!(payload.get("member").is_none() && payload.get("guild_id").is_none());
    assert_eq!(payload["context"], 1);
    assert_eq!(payload["authorizing_integration_owners"], json!({ "0": "0" }));
    assert_eq!(f.last(EventKind::InteractionCreate).audience.guild(), None::<GuildId>);
    let body = f.answer(interaction, json!({ "type": 4, "data": { "content": "hi" } }));
    assert!(body["interaction"].get("guild_id").is_none());
}
