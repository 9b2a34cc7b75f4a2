//! The application's own webhook: follow-ups, the original, lifetimes of tokens.

use serde_json::{Value, json};

use crate::{
    ApplicationId, EventKind, MessageId,
    commands::InstallForUser,
    interactions::{
        AppWebhook, DeleteFollowUp, DeleteOriginal, EditFollowUp, fixture::Fixture, follow_up, original,
    },
    places::operator,
};

fn id(message: &Value) -> MessageId {
    message["id"].as_str().unwrap().parse().unwrap()
}

#[test]
fn the_original_and_follow_ups_can_be_read_edited_and_deleted() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let first =
        f.answer(interaction, json!({ "type": 4, "data": { "content": "one" } }))["resource"]["message"]
            .clone();
    let webhook = f.webhook(interaction);
    assert_eq!(original(&f.world, &webhook, f.now).unwrap()["id"], first["id"]);
    let action = f.follow_up(interaction, json!({ "content": "two" }));
    let second = f.ok(action);
    assert_eq!(second["type"], 19);
    assert_eq!(second["message_reference"]["message_id"], first["id"]);
    assert_eq!(second["interaction_metadata"]["original_response_message_id"], first["id"]);
    assert_eq!(second["mentions"], json!([]));
    let message = id(&second);
    assert_eq!(follow_up(&f.world, &webhook, message, f.now).unwrap()["content"], "two");
    let body = json!({ "content": "three" });
    let edited = f.ok(EditFollowUp { webhook: webhook.clone(), message, body, files: Vec::new() });
    assert_eq!(edited["content"], "three");
    assert_ne!(edited["edited_timestamp"], Value::Null);
    f.ok(DeleteFollowUp { webhook: webhook.clone(), message });
    assert_eq!(f.last(EventKind::MessageDelete).data["id"], second["id"]);
    assert_eq!(follow_up(&f.world, &webhook, message, f.now).unwrap_err().code, 10008);
    f.ok(DeleteOriginal { webhook: webhook.clone() });
    assert_eq!(original(&f.world, &webhook, f.now).unwrap_err().code, 10008);
    let action = f.follow_up(interaction, json!({ "content": "alone" }));
    assert_eq!(f.ok(action)["type"], 0);
}

#[test]
fn webhooks_need_an_answer_first_and_the_right_token() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let webhook = f.webhook(interaction);
    let early = original(&f.world, &webhook, f.now).unwrap_err();
    assert_eq!((early.status, early.code), (404, 10015));
    let action = f.follow_up(interaction, json!({ "content": "early" }));
    assert_eq!(f.err(action).code, 10015);
    f.answer(interaction, json!({ "type": 4, "data": { "content": "one" } }));
    for token in ["", "nonsense", &webhook.token[1..]] {
        let forged = AppWebhook { token: token.to_owned(), ..webhook.clone() };
        assert_eq!(original(&f.world, &forged, f.now).unwrap_err().code, 10015);
    }
    let foreign = AppWebhook { application: ApplicationId::new(5), ..webhook };
    assert_eq!(original(&f.world, &foreign, f.now).unwrap_err().code, 10015);
}

#[test]
fn messages_of_other_interactions_are_out_of_reach() {
    let mut f = Fixture::new();
    let one = f.ping();
    let message =
        f.answer(one, json!({ "type": 4, "data": { "content": "one" } }))["resource"]["message"].clone();
    let slash = f.slash(f.alice, "ping", Value::Null);
    let two = f.ok(slash);
    f.answer(two, json!({ "type": 4, "data": { "content": "two" } }));
    let error = follow_up(&f.world, &f.webhook(two), id(&message), f.now).unwrap_err();
    assert_eq!(error.code, 10008);
}

#[test]
fn tokens_expire_after_fifteen_minutes() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    f.answer(interaction, json!({ "type": 4, "data": { "content": "one" } }));
    let webhook = f.webhook(interaction);
    f.pass(15 * 60 * 1000 - 1);
    assert!(original(&f.world, &webhook, f.now).is_ok());
    // Before and after the interaction has been forgotten.
    let later = crate::Timestamp::from_ms(f.now.ms() + 1);
    let error = original(&f.world, &webhook, later).unwrap_err();
    assert_eq!((error.status, error.code), (401, 50027));
    f.pass(1);
    assert!(f.world.interaction(interaction).is_err());
    assert_eq!(original(&f.world, &webhook, f.now).unwrap_err().code, 50027);
}

#[test]
fn ephemeral_messages_go_with_the_last_interaction_that_uses_them() {
    let mut f = Fixture::new();
    let interaction = f.ping();
    let row =
        json!([{ "type": 1, "components": [{ "type": 2, "style": 1, "label": "x", "custom_id": "b" }] }]);
    let data = json!({ "content": "psst", "flags": 64, "components": row });
    let message = id(&f.answer(interaction, json!({ "type": 4, "data": data }))["resource"]["message"]);
    f.pass(14 * 60 * 1000);
    let click = f.click(f.alice, message, "b");
    f.answer(click, json!({ "type": 6 }));
    f.pass(2 * 60 * 1000);
    assert!(f.world.channel_of(message).is_ok());
    f.pass(13 * 60 * 1000);
    assert!(f.world.channel_of(message).is_err());
    assert!(f.world.interactions.is_empty());
}

#[test]
fn case_51_a_user_install_brings_its_owner_five_follow_ups_and_ephemeral_answers() {
    let mut f = Fixture::new();
    f.app = f.application("Mine", None);
    f.command(json!({ "name": "mine", "description": "d", "integration_types": [1] }));
    let slash = f.slash(f.bob, "mine", Value::Null);
    assert_eq!(f.err(slash.clone()).code, 50013);
    f.ok(InstallForUser { user: f.bob, application: f.app });
    let interaction = f.ok(slash.clone());
    assert_eq!(f.payload()["authorizing_integration_owners"], json!({ "1": f.bob }));
    let body = f.answer(interaction, json!({ "type": 4, "data": { "content": "public" } }));
    assert_eq!(body["interaction"]["response_message_ephemeral"], false);
    for n in 0..5 {
        let action = f.follow_up(interaction, json!({ "content": n.to_string() }));
        f.ok(action);
    }
    let action = f.follow_up(interaction, json!({ "content": "six" }));
    let error = f.err(action);
    assert_eq!((error.status, error.code), (400, 40094));

    let everyone = f.guild.into();
    let allowed = crate::permissions::DEFAULT_EVERYONE & !crate::permissions::USE_EXTERNAL_APPS;
    let body = json!({ "permissions": allowed.to_string() });
    f.ok(operator::PatchRole { guild: f.guild, role: everyone, body });
    let interaction = f.ok(slash);
    let body = f.answer(interaction, json!({ "type": 4, "data": { "content": "hidden" } }));
    assert_eq!(body["interaction"]["response_message_ephemeral"], true);
}
