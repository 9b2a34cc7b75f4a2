//! Forwards: what they take, that it lasts, and what is refused.

use super::*;
use crate::{Application, ChannelKind, intents};

/// A channel that the bot and everybody can read, of the same guild.
const OTHER: ChannelId = ChannelId::new(1_000_000_000_000_000_007);

fn world() -> Sim {
    let mut sim = Sim::new();
    let other = Channel::new(OTHER, ChannelKind::Text, Some(GUILD), "other");
    sim.world.channels.insert(OTHER, other);
    sim.guild().channels.push(OTHER);
    let id = ApplicationId::new(BOT.get());
    let application = Application {
        id,
        name: "bot".into(),
        description: String::new(),
        owner: OWNER,
        token: String::new(),
        privileged_intents: intents::MESSAGE_CONTENT,
        public: true,
        tags: Vec::new(),
        max_concurrency: 1,
        session_starts: 1000,
        verify_key: String::new(),
        icon: None,
        settings: serde_json::Map::new(),
        oauth2: crate::OAuth2Client::default(),
    };
    sim.world.applications.insert(id, application);
    sim
}

fn forward(channel: ChannelId, message: MessageId) -> Value {
    json!({ "message_reference": { "type": 1, "channel_id": channel, "message_id": message, "guild_id": GUILD } })
}

#[test]
fn a_forward_shows_the_message_as_it_was() {
    let mut sim = world();
    let body = json!({
        "content": format!("look, <@{OWNER}>"),
        "embeds": [{ "title": "t", "image": { "url": "attachment://shown.png" } }],
    });
    let files = vec![upload(0, "shown.png", PNG), upload(1, "a.png", PNG)];
    let sent = sim.run(CreateMessage { actor: person(MEMBER), channel: TEXT, body, files }).unwrap();
    let source = id(&sent);
    let forwarded = sim.create(bot(), OTHER, forward(TEXT, source)).unwrap();
    assert_eq!(
        (&forwarded["type"], &forwarded["content"], &forwarded["flags"]),
        (&json!(0), &json!(""), &json!(1 << 14))
    );
    assert_eq!(
        forwarded["message_reference"],
        json!({ "type": 1, "channel_id": TEXT, "message_id": source, "guild_id": GUILD })
    );
    assert_eq!(forwarded["mentions"], json!([]), "nobody is pinged again");
    assert!(forwarded.get("referenced_message").is_none());
    assert_eq!(sim.event(EventKind::MessageCreate).data["message_snapshots"], forwarded["message_snapshots"]);
    let taken = &forwarded["message_snapshots"][0]["message"];
    for same in
        ["type", "content", "mentions", "mention_roles", "timestamp", "edited_timestamp", "components"]
    {
        assert_eq!(taken[same], sent[same], "{same}");
    }
    assert!(taken.get("author").is_none() && taken.get("id").is_none(), "{taken}");
    // The files are its own.
    let (file, old) = (&taken["attachments"][0], &sent["attachments"][0]);
    assert_eq!(taken["attachments"].as_array().unwrap().len(), 1, "what the embed shows is not listed");
    assert_eq!(file["filename"], "a.png");
    assert_ne!(file["id"], old["id"]);
    assert!(file["url"].as_str().unwrap().contains(&format!("/attachments/{OTHER}/")), "{file}");
    let image = taken["embeds"][0]["image"]["url"].as_str().unwrap();
    assert!(image.contains(&format!("/attachments/{OTHER}/")), "{image}");

    // A saved world that is served elsewhere.
    let mut moved = sim.world.clone();
    moved.set_cdn_base("http://127.0.0.1:9/cdn");
    let moved = one(&moved, bot(), OTHER, id(&forwarded), sim.now).unwrap();
    let image = &moved["message_snapshots"][0]["message"]["embeds"][0]["image"]["url"];
    assert!(image.as_str().unwrap().starts_with("http://127.0.0.1:9/cdn/attachments/"), "{image}");

    // Whatever becomes of the message, the forward stays as it is.
    let before = forwarded["message_snapshots"].clone();
    sim.edit(person(MEMBER), source, json!({ "content": "changed" })).unwrap();
    sim.run(DeleteMessage { actor: person(MEMBER), channel: TEXT, message: source }).unwrap();
    let read = one(&sim.world, bot(), OTHER, id(&forwarded), sim.now).unwrap();
    assert_eq!(read["message_snapshots"], before);
    assert!(read.get("referenced_message").is_none(), "{read}");
    let attachment = file["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(&*sim.world.uploaded(OTHER, attachment, "a.png").unwrap().0, PNG);
    // With the forward its files go.
    sim.run(DeleteMessage { actor: bot(), channel: OTHER, message: id(&forwarded) }).unwrap();
    assert!(sim.world.blob(attachment).is_none() && sim.world.blobs.is_empty());
}

#[test]
fn a_forward_of_a_forward_passes_on_what_that_took() {
    let mut sim = world();
    let source = sim.text(person(MEMBER), "the word");
    let first = sim.create(person(OWNER), TEXT, forward(TEXT, source)).unwrap();
    let second = sim.create(bot(), OTHER, forward(TEXT, id(&first))).unwrap();
    assert_eq!(second["message_snapshots"], first["message_snapshots"]);
    assert_eq!(second["message_snapshots"][0]["message"]["content"], "the word");
    assert_eq!(second["message_reference"]["message_id"], first["id"]);
}

#[test]
fn out_of_a_direct_message_there_is_no_guild() {
    let mut sim = world();
    let said = sim.create(person(MEMBER), DM, json!({ "content": "psst" })).unwrap();
    let body = json!({ "message_reference": { "type": 1, "channel_id": DM, "message_id": said["id"] } });
    let forwarded = sim.create(bot(), TEXT, body).unwrap();
    let reference = json!({ "type": 1, "channel_id": DM, "message_id": said["id"] });
    assert_eq!(forwarded["message_reference"], reference);
}

#[test]
fn a_forward_has_nothing_of_its_own() {
    let mut sim = world();
    let source = sim.text(person(MEMBER), "x");
    for (key, value) in [
        ("content", json!("more")),
        ("embeds", json!([{ "title": "t" }])),
        ("poll", json!({ "question": { "text": "?" }, "answers": [{ "poll_media": { "text": "!" } }] })),
        (
            "components",
            json!([{ "type": 1, "components": [{ "type": 2, "style": 2, "custom_id": "a", "label": "a" }] }]),
        ),
    ] {
        let mut body = forward(TEXT, source);
        body[key] = value;
        assert_refused(sim.create(bot(), OTHER, body), 400, 160_011);
    }
    let files = vec![upload(0, "a.png", PNG)];
    let file = CreateMessage { actor: bot(), channel: OTHER, body: forward(TEXT, source), files };
    assert_refused(sim.run(file), 400, 160_011);
    let forwarded = sim.create(bot(), TEXT, forward(TEXT, source)).unwrap();
    assert_refused(sim.edit(bot(), id(&forwarded), json!({ "content": "more" })), 400, 160_011);
    assert_eq!(sim.edit(bot(), id(&forwarded), json!({ "flags": 4 })).unwrap()["flags"], (1 << 14) | 4);
    let reply =
        sim.bot_sends(json!({ "content": "y", "message_reference": { "message_id": forwarded["id"] } }));
    assert!(reply.is_ok(), "it can be answered");
}

#[test]
fn whoever_forwards_must_be_able_to_read() {
    let mut sim = world();
    let source = sim.text(person(MEMBER), "x");
    assert_refused(sim.create(bot(), OTHER, forward(TEXT, MessageId::new(5))), 400, 160_008);
    assert_refused(sim.create(bot(), OTHER, forward(OTHER, source)), 400, 160_008);
    assert_refused(sim.create(bot(), OTHER, forward(ChannelId::new(5), source)), 404, 10003);
    let mut elsewhere = forward(TEXT, source);
    elsewhere["message_reference"]["guild_id"] = json!("5");
    assert_refused(sim.create(bot(), OTHER, elsewhere), 400, 160_008);
    let mut lenient = forward(TEXT, MessageId::new(5));
    lenient["message_reference"]["fail_if_not_exists"] = json!(false);
    assert_refused(sim.create(bot(), OTHER, lenient), 400, 50006);

    let deny = |bits| crate::Overwrite {
        id: BOT_ROLE.get(),
        kind: crate::OverwriteKind::Role,
        allow: 0,
        deny: bits,
    };
    sim.channel(TEXT).overwrites = vec![deny(READ_MESSAGE_HISTORY)];
    assert_refused(sim.create(bot(), OTHER, forward(TEXT, source)), 400, 160_009);
    sim.channel(TEXT).overwrites = vec![deny(VIEW_CHANNEL)];
    assert_refused(sim.create(bot(), OTHER, forward(TEXT, source)), 403, 50001);
    assert!(sim.create(person(OWNER), OTHER, forward(TEXT, source)).is_ok());
}

#[test]
fn an_application_without_the_intent_forwards_only_what_it_may_read() {
    let mut sim = world();
    sim.world.applications.get_mut(&ApplicationId::new(BOT.get())).unwrap().privileged_intents = 0;
    let theirs = sim.text(person(MEMBER), "x");
    let to_it = sim.text(person(MEMBER), &format!("<@{BOT}> x"));
    let own = sim.text(bot(), "x");
    let said = sim.create(person(MEMBER), DM, json!({ "content": "psst" })).unwrap();
    assert_refused(sim.create(bot(), OTHER, forward(TEXT, theirs)), 400, 160_014);
    assert!(sim.create(bot(), OTHER, forward(TEXT, to_it)).is_ok());
    assert!(sim.create(bot(), OTHER, forward(TEXT, own)).is_ok());
    let body = json!({ "message_reference": { "type": 1, "channel_id": DM, "message_id": said["id"] } });
    assert!(sim.create(bot(), OTHER, body).is_ok());
}

#[test]
fn system_messages_polls_and_age_restricted_ones_stay_where_they_are() {
    let mut sim = world();
    let source = sim.text(person(MEMBER), "x");
    sim.run(Pin { actor: bot(), channel: TEXT, message: source }).unwrap();
    let notice = id(&sim.event(EventKind::MessageCreate).data);
    let code = "FORWARD_CONTAINS_UNSUPPORTED_CONTENT";
    assert_form(sim.create(bot(), OTHER, forward(TEXT, notice)), "message_reference", code);
    let poll =
        json!({ "poll": { "question": { "text": "?" }, "answers": [{ "poll_media": { "text": "!" } }] } });
    let poll = id(&sim.bot_sends(poll).unwrap());
    assert_form(sim.create(bot(), OTHER, forward(TEXT, poll)), "message_reference", code);
    sim.channel(TEXT).nsfw = true;
    assert_refused(sim.create(bot(), OTHER, forward(TEXT, source)), 400, 160_010);
    sim.channel(OTHER).nsfw = true;
    assert!(sim.create(bot(), OTHER, forward(TEXT, source)).is_ok());
}
