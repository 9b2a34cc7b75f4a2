//! The message object: what is always there, what is left out.

use super::*;
use crate::{Author, InteractionId, InteractionMeta, wire};

/// Required by the API description for every message.
const REQUIRED: [&str; 16] = [
    "type",
    "content",
    "mentions",
    "mention_roles",
    "attachments",
    "embeds",
    "timestamp",
    "edited_timestamp",
    "flags",
    "components",
    "id",
    "channel_id",
    "author",
    "pinned",
    "mention_everyone",
    "tts",
];

#[test]
fn a_plain_message_has_all_required_keys_and_no_others() {
    let mut sim = Sim::new();
    let message = sim.bot_sends(json!({ "content": "x" })).unwrap();
    let mut keys: Vec<_> = message.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    let mut required = REQUIRED;
    required.sort_unstable();
    assert_eq!(keys, required);
    assert_eq!(message["timestamp"], NOW.iso());
}

#[test]
fn interaction_answers_say_what_they_answer() {
    let mut sim = Sim::new();
    let meta = |kind: u8| InteractionMeta {
        id: InteractionId::new(7),
        kind,
        user: MEMBER,
        name: Some("ping".into()),
        original_response: None,
        interacted_message: (kind == 3).then_some(MessageId::new(8)),
        triggering: None,
        target_user: None,
        target_message: None,
        owners: json!({ "0": GUILD }),
    };
    let mut answer = |meta: InteractionMeta| {
        let mut tx = crate::Tx::new(&mut sim.world, NOW);
        let how = PublishAs {
            author: Author::User(BOT),
            kind: 20,
            application: Some(ApplicationId::new(BOT.get())),
            interaction: Some(meta),
            ..PublishAs::user(TEXT, BOT)
        };
        let id = publish(&mut tx, Draft::text("x"), how).unwrap();
        wire::message(&sim.world, sim.world.message(TEXT, id).unwrap(), None)
    };
    let slash = answer(meta(2));
    assert_eq!((&slash["application_id"], &slash["webhook_id"]), (&json!(BOT), &json!(BOT)));
    let metadata = &slash["interaction_metadata"];
    assert_eq!((&metadata["id"], &metadata["type"]), (&json!("7"), &json!(2)));
    assert_eq!(metadata["user"]["id"], MEMBER.to_string());
    assert_eq!(metadata["authorizing_integration_owners"], json!({ "0": GUILD }));
    assert!(metadata.get("interacted_message_id").is_none());
    assert_eq!(slash["interaction"]["name"], "ping");
    let modal = answer(InteractionMeta { triggering: Some(Box::new(meta(3))), ..meta(5) });
    assert!(modal.get("interaction").is_none());
    let trigger = &modal["interaction_metadata"]["triggering_interaction_metadata"];
    assert_eq!((&trigger["type"], &trigger["interacted_message_id"]), (&json!(3), &json!("8")));
}

#[test]
fn events_carry_the_members_of_mentioned_users() {
    let mut sim = Sim::new();
    sim.bot_sends(json!({ "content": format!("<@{MEMBER}>") })).unwrap();
    let data = &sim.event(EventKind::MessageCreate).data;
    assert_eq!(data["mentions"][0]["member"]["roles"], json!([]));
}

#[test]
fn own_reactions_are_marked_for_each_viewer() {
    let mut sim = Sim::new();
    let message = sim.text(bot(), "x");
    sim.run(AddReaction { actor: person(MEMBER), channel: TEXT, message, emoji: "👍".into() }).unwrap();
    sim.edit(bot(), message, json!({ "content": "y" })).unwrap();
    let mut data = (*sim.event(EventKind::MessageUpdate).data).clone();
    assert_eq!(data["reactions"][0]["me"], false);
    wire::set_own(&sim.world, &mut data, MEMBER);
    assert_eq!(data["reactions"][0]["me"], true);
    wire::set_own(&sim.world, &mut data, OWNER);
    assert_eq!(data["reactions"][0]["me"], false);
}

#[test]
fn a_deleted_author_is_still_an_author() {
    let mut sim = Sim::new();
    let message = sim.text(person(MEMBER), "x");
    sim.world.users.remove(&MEMBER);
    let shown = one(&sim.world, bot(), TEXT, message, NOW).unwrap();
    assert_eq!(shown["author"]["id"], MEMBER.to_string());
}

#[test]
fn a_view_of_an_edit_marks_the_viewers_own_reactions() {
    let mut sim = Sim::new();
    let message = sim.text(bot(), "x");
    sim.run(AddReaction { actor: person(MEMBER), channel: TEXT, message, emoji: "👍".into() }).unwrap();
    sim.edit(bot(), message, json!({ "content": "y" })).unwrap();
    let event = sim.event(EventKind::MessageUpdate);
    let me = |user| {
        sim.world.sees(event, &crate::Viewer::Person(user), NOW).unwrap()["reactions"][0]["me"].clone()
    };
    assert_eq!((me(MEMBER), me(OWNER)), (json!(true), json!(false)));
}

#[test]
fn addresses_of_attachments_follow_the_cdn() {
    let mut sim = Sim::new();
    let old = sim.world.cdn_base.clone();
    let body = json!({
        "content": format!("{old}/as-text"),
        "embeds": [{ "url": format!("{old}x/elsewhere"), "image": { "url": "attachment://a.png" } }],
    });
    let actor = bot();
    let files = vec![upload(0, "a.png", b"png")];
    sim.run(CreateMessage { actor, channel: TEXT, body, files }).unwrap();
    let id = *sim.world.channel(TEXT).unwrap().messages.keys().last().unwrap();
    let before = one(&sim.world, bot(), TEXT, id, NOW).unwrap();
    assert!(before["embeds"][0]["image"]["url"].as_str().unwrap().starts_with(&old));
    sim.world.set_cdn_base("http://127.0.0.1:9/cdn");
    let after = one(&sim.world, bot(), TEXT, id, NOW).unwrap();
    for key in ["url", "proxy_url"] {
        let address = after["embeds"][0]["image"][key].as_str().unwrap();
        assert!(address.starts_with("http://127.0.0.1:9/cdn/attachments/"), "{address}");
    }
    assert_eq!(after["content"], before["content"], "what somebody wrote stays");
    assert_eq!(after["embeds"][0]["url"], before["embeds"][0]["url"], "another address stays");
}
