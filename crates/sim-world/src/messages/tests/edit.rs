//! Editing and deleting (acceptance cases 31, 41, 46).

use super::*;
use crate::{Audience, Author, flags};

#[test]
fn case_46_an_edit_announces_the_whole_message() {
    let mut sim = Sim::new();
    let message = id(&sim.bot_sends(json!({ "content": "old", "embeds": [{ "title": "t" }] })).unwrap());
    sim.advance(5);
    let edited = sim.edit(bot(), message, json!({ "content": format!("new <@{MEMBER}>") })).unwrap();
    assert_eq!(edited["edited_timestamp"], sim.now.iso());
    assert_eq!(edited["embeds"][0]["title"], "t", "what is not named stays");
    assert_eq!(edited["mentions"][0]["id"], MEMBER.to_string(), "mentions are rebuilt");
    let event = sim.event(EventKind::MessageUpdate);
    for key in ["id", "author", "timestamp", "embeds", "member", "guild_id", "mentions", "type", "flags"] {
        assert!(event.data.get(key).is_some(), "{key}");
    }
    assert_eq!(event.data["tts"], false);
    let emptied = sim.edit(bot(), message, json!({ "content": null })).unwrap();
    assert_eq!(emptied["content"], "");
    assert_refused(sim.edit(bot(), message, json!({ "embeds": [] })), 400, 50006);
    assert_refused(sim.edit(bot(), MessageId::new(5), json!({})), 404, 10008);
}

#[test]
fn case_46_others_may_only_suppress_embeds() {
    let mut sim = Sim::new();
    let own = id(&sim.create(person(MEMBER), TEXT, json!({ "embeds": [{ "title": "t" }] })).unwrap());
    for body in [
        json!({ "content": "x" }),
        json!({ "embeds": [] }),
        json!({ "components": [] }),
        json!({ "attachments": [] }),
        json!({ "content": "x", "flags": 4 }),
    ] {
        assert_refused(sim.edit(bot(), own, body), 403, 50005);
    }
    let suppressed = sim.edit(bot(), own, json!({ "flags": 4 })).unwrap();
    assert_eq!((&suppressed["flags"], &suppressed["embeds"]), (&json!(4), &json!([])));
    assert_eq!(suppressed["edited_timestamp"], Value::Null);
    let shown = sim.edit(bot(), own, json!({ "flags": 0 })).unwrap();
    assert_eq!(shown["embeds"][0]["title"], "t");
    sim.permissions(DEFAULT_EVERYONE, 0);
    assert_refused(sim.edit(bot(), own, json!({ "flags": 4 })), 403, 50013);
    // The author needs no permission for it.
    assert_eq!(sim.edit(person(MEMBER), own, json!({ "flags": 4 })).unwrap()["flags"], 4);
}

#[test]
fn case_41_v2_can_be_added_but_not_taken_back() {
    const V2: u64 = flags::IS_COMPONENTS_V2;
    let mut sim = Sim::new();
    let message = sim.text(bot(), "plain");
    let components = json!([{ "type": 10, "content": "rich" }]);
    let code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
    let body = json!({ "flags": V2, "components": components });
    assert_form(sim.edit(bot(), message, body), "content", code);
    let body = json!({ "flags": V2, "components": components, "content": null, "embeds": [] });
    let edited = sim.edit(bot(), message, body).unwrap();
    assert_eq!((&edited["flags"], &edited["content"]), (&json!(V2), &json!("")));
    assert_eq!(edited["components"][0]["content"], "rich");
    // Asking for the flag to go is ignored, as the documentation says of unsupported changes.
    assert_eq!(sim.edit(bot(), message, json!({ "flags": 0 })).unwrap()["flags"], V2);
    assert_form(sim.edit(bot(), message, json!({ "flags": 0, "content": "plain again" })), "content", code);
    assert_refused(sim.edit(bot(), message, json!({ "components": [] })), 400, 50006);
}

#[test]
fn case_31_attachments_are_kept_and_dropped_by_the_list() {
    let mut sim = Sim::new();
    let files = vec![upload(0, "a.png", PNG), upload(1, "b.txt", b"text")];
    let body = json!({ "attachments": [{ "id": 0, "description": "alt" }, { "id": 1 }] });
    let message = sim.run(CreateMessage { actor: bot(), channel: TEXT, body, files }).unwrap();
    let (first, second) = (&message["attachments"][0], &message["attachments"][1]);
    let base = format!("http://127.0.0.1:1/cdn/attachments/{TEXT}/{}/a.png", first["id"].as_str().unwrap());
    assert_eq!((&first["url"], &first["proxy_url"]), (&json!(base), &json!(base)));
    assert_eq!((&first["width"], &first["height"]), (&json!(320), &json!(240)));
    assert_eq!((&first["description"], &first["size"]), (&json!("alt"), &json!(PNG.len())));
    assert!(second.get("width").is_none() && second.get("description").is_none());
    assert_eq!(sim.world.blobs.len(), 2);
    // An edit that says nothing keeps all; a new file is added.
    let message = id(&message);
    let edit =
        |body: Value, files: Vec<Upload>| EditMessage { actor: bot(), channel: TEXT, message, body, files };
    let more = sim.run(edit(json!({ "content": "x" }), vec![upload(0, "c.txt", b"c")])).unwrap();
    let names = |m: &Value| {
        m["attachments"].as_array().unwrap().iter().map(|a| a["filename"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(&more), ["\"a.png\"", "\"b.txt\"", "\"c.txt\""]);
    // The list names what stays, and what it says of it counts.
    let list = json!({ "attachments": [{ "id": second["id"], "description": "new", "is_spoiler": true }, { "id": 3 }] });
    let fewer = sim.run(edit(list, vec![upload(3, "d.txt", b"d")])).unwrap();
    assert_eq!(names(&fewer), ["\"SPOILER_b.txt\"", "\"d.txt\""]);
    assert_eq!(
        (&fewer["attachments"][0]["description"], &fewer["attachments"][0]["flags"]),
        (&json!("new"), &json!(8))
    );
    assert_eq!(sim.world.blobs.len(), 2, "dropped bytes are gone");
    let gone = sim.run(edit(json!({ "attachments": [] }), Vec::new())).unwrap();
    assert_eq!(gone["attachments"], json!([]));
    assert_form(
        sim.run(edit(json!({ "attachments": [{ "id": "5" }] }), Vec::new())),
        "attachments.0.id",
        "ATTACHMENT_NOT_FOUND",
    );
    assert!(sim.world.blobs.is_empty());
}

#[test]
fn case_31_embeds_show_files_by_name() {
    let mut sim = Sim::new();
    let body = json!({ "embeds": [{
        "title": "t",
        "image": { "url": "attachment://my pic.png" },
        "thumbnail": { "url": "attachment://missing.png" },
        "footer": { "text": "f", "icon_url": "attachment://my_pic.png" },
    }] });
    let files = vec![upload(0, "my pic.png", PNG), upload(1, "other.txt", b"x")];
    let message = sim.run(CreateMessage { actor: bot(), channel: TEXT, body, files }).unwrap();
    let embed = &message["embeds"][0];
    let url = embed["image"]["url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:1/cdn/attachments/") && url.ends_with("/my_pic.png"), "{url}");
    assert_eq!(embed["image"]["width"], 320);
    assert_eq!(embed["image"]["proxy_url"], url);
    assert_eq!(embed["footer"]["icon_url"], url);
    assert!(embed.get("thumbnail").is_none(), "a missing file shows nothing");
    assert_eq!(message["attachments"].as_array().unwrap().len(), 1, "what the embed shows is not listed");
    // Clients cannot list the hidden one, so an edit's list does not drop it while the embed shows it.
    let message = id(&message);
    let edited = sim.edit(bot(), message, json!({ "content": "x", "attachments": [] })).unwrap();
    assert_eq!(edited["embeds"][0]["image"]["url"], url);
    assert_eq!(sim.world.blobs.len(), 1);
    let edited = sim.edit(bot(), message, json!({ "embeds": [] })).unwrap();
    assert_eq!(edited["attachments"][0]["filename"], "my_pic.png", "without the embed it is back");
}

#[test]
fn case_31_components_show_files_by_name() {
    let mut sim = Sim::new();
    let body = json!({ "flags": 1 << 15, "components": [
        { "type": 12, "items": [{ "media": { "url": "attachment://a.png" }, "description": "d" }] },
        { "type": 13, "file": { "url": "attachment://b.txt" } },
    ] });
    let files = vec![upload(0, "a.png", PNG), upload(1, "b.txt", b"text")];
    let message = sim.run(CreateMessage { actor: bot(), channel: TEXT, body, files }).unwrap();
    let media = &message["components"][0]["items"][0]["media"];
    assert!(media["url"].as_str().unwrap().contains("/cdn/attachments/"), "{media}");
    assert_eq!((&media["width"], &media["content_type"]), (&json!(320), &json!("image/png")));
    assert_eq!(
        (&message["components"][1]["name"], &message["components"][1]["size"]),
        (&json!("b.txt"), &json!(4))
    );
    // The same components over again, by name, still find the stored files.
    let again = json!({ "components": [{ "type": 13, "file": { "url": "attachment://b.txt" } }] });
    let edited = sim.edit(bot(), id(&message), again).unwrap();
    assert_eq!(edited["components"][0]["name"], "b.txt");
}

#[test]
fn case_31_what_was_read_can_be_sent_back() {
    let mut sim = Sim::new();
    let files = || vec![upload(0, "a.png", PNG)];
    let image = json!({ "embeds": [{ "image": { "url": "attachment://a.png" } }] });
    let gallery = json!([{ "type": 12, "items": [{ "media": { "url": "attachment://a.png" } }] }]);
    for (body, key) in [(image, "embeds"), (json!({ "flags": 1 << 15, "components": gallery }), "components")]
    {
        let sent = sim.run(CreateMessage { actor: bot(), channel: TEXT, body, files: files() }).unwrap();
        let edited = sim.edit(bot(), id(&sent), json!({ key: sent[key], "attachments": [] })).unwrap();
        let facts = |m: &Value| {
            let media =
                m.pointer("/embeds/0/image").or_else(|| m.pointer("/components/0/items/0/media")).unwrap();
            (media["url"].clone(), media["width"].clone(), media["attachment_id"].clone())
        };
        assert_eq!(facts(&edited), facts(&sent));
        assert_eq!(facts(&edited).1, 320);
    }
    // A link to a file is a link, not a picture.
    let sent =
        sim.run(CreateMessage { actor: bot(), channel: TEXT, body: json!({}), files: files() }).unwrap();
    let url = &sent["attachments"][0]["url"];
    let link = json!([{ "type": 1, "components": [{ "type": 2, "style": 5, "label": "l", "url": url }] }]);
    let edited = sim.edit(bot(), id(&sent), json!({ "components": link })).unwrap();
    assert_eq!(&edited["components"][0]["components"][0]["url"], url);
}

#[test]
fn deleting() {
    let mut sim = Sim::new();
    let own = sim.text(bot(), "mine");
    let theirs = sim.text(person(MEMBER), "theirs");
    let delete = |actor, message| DeleteMessage { actor, channel: TEXT, message };
    assert_refused(sim.run(delete(person(MEMBER), own)), 403, 50013);
    sim.run(delete(bot(), theirs)).unwrap();
    let event = sim.event(EventKind::MessageDelete);
    assert_eq!(*event.data, json!({ "id": theirs, "channel_id": TEXT, "guild_id": GUILD }));
    assert_refused(sim.run(delete(bot(), theirs)), 404, 10008);
    assert!(sim.world.channel_of(theirs).is_err());
    let mut tx = crate::Tx::new(&mut sim.world, NOW);
    let starter = system(&mut tx, THREAD, OWNER, System::ThreadStarter(TEXT, own));
    let refused = sim.run(DeleteMessage { actor: person(OWNER), channel: THREAD, message: starter });
    assert_refused(refused, 403, 50021);
}

#[test]
fn bulk_deletion() {
    let mut sim = Sim::new();
    let old = sim.text(bot(), "old");
    sim.advance(13 * 24 * 3600);
    let new: Vec<MessageId> = (0..3).map(|i| sim.text(person(MEMBER), &i.to_string())).collect();
    let bulk =
        |actor, ids: Vec<MessageId>| BulkDelete { actor, channel: TEXT, body: json!({ "messages": ids }) };
    assert_refused(sim.run(bulk(person(MEMBER), new.clone())), 403, 50013);
    assert_refused(sim.run(bulk(bot(), new[..1].to_vec())), 400, 50016);
    let many = (0..101).map(|i| MessageId::new(new[0].get() + 1000 + i)).collect();
    assert_refused(sim.run(bulk(bot(), many)), 400, 50016);
    let twice = vec![new[0], new[0]];
    assert_form(sim.run(bulk(bot(), twice)), "messages.1", "SET_TYPE_ALREADY_CONTAINS_VALUE");
    let missing = BulkDelete { actor: bot(), channel: TEXT, body: json!({}) };
    assert_form(sim.run(missing), "messages", "BASE_TYPE_REQUIRED");
    let nowhere = MessageId::new(new[2].get() + 5);
    sim.run(bulk(bot(), vec![old, new[0], nowhere])).unwrap();
    let event = sim.event(EventKind::MessageDeleteBulk);
    assert_eq!(event.data["ids"], json!([old, new[0]]), "unknown ids are passed over");
    assert_eq!(sim.channel(TEXT).messages.len(), 2);
    sim.advance(15 * 24 * 3600);
    assert_refused(sim.run(bulk(bot(), new[1..].to_vec())), 400, 50034);
    assert_refused(
        sim.run(BulkDelete { actor: bot(), channel: DM, body: json!({ "messages": [1, 2] }) }),
        400,
        50003,
    );
}

/// A loading message that only MEMBER sees.
fn deferred(sim: &mut Sim) -> MessageId {
    let mut tx = crate::Tx::new(&mut sim.world, NOW);
    let how = PublishAs {
        author: Author::User(BOT),
        kind: 20,
        ephemeral_to: Some(MEMBER),
        ..PublishAs::user(TEXT, BOT)
    };
    let id = publish(&mut tx, Draft::loading(true), how).unwrap();
    sim.events = tx.into_events();
    id
}

#[test]
fn ephemeral_messages_are_private() {
    let mut sim = Sim::new();
    let message = deferred(&mut sim);
    let event = sim.event(EventKind::MessageCreate);
    assert_eq!(event.audience, Audience::Users(None, vec![MEMBER, BOT]));
    assert!(event.data.get("guild_id").is_none() && event.data.get("member").is_none());
    assert_eq!(event.data["flags"], flags::EPHEMERAL | flags::LOADING);
    assert_eq!(history(&sim.world, person(MEMBER), TEXT, &HistoryPage::default(), NOW), Ok(json!([])));
    assert_refused(one(&sim.world, bot(), TEXT, message, NOW), 404, 10008);
    assert_refused(sim.edit(bot(), message, json!({ "content": "x" })), 404, 10008);
    assert_refused(sim.run(DeleteMessage { actor: bot(), channel: TEXT, message }), 404, 10008);
    let react = AddReaction { actor: bot(), channel: TEXT, message, emoji: "👍".into() };
    assert_refused(sim.run(react), 404, 10008);
}

#[test]
fn a_loading_message_is_filled_once_and_counts_as_unedited() {
    for by_draft in [true, false] {
        let mut sim = Sim::new();
        let message = deferred(&mut sim);
        let body = json!({ "content": "done" });
        let stored = sim.world.message(TEXT, message).unwrap();
        assert_refused(patch(&json!({}), Vec::new(), stored, Rules::Interaction), 400, 50006);
        let patch = if by_draft {
            draft(&body, Vec::new(), Rules::Interaction, NOW).unwrap().into_patch()
        } else {
            patch(&body, Vec::new(), stored, Rules::Interaction).unwrap()
        };
        let mut tx = crate::Tx::new(&mut sim.world, NOW);
        revise(&mut tx, TEXT, message, patch).unwrap();
        sim.events = tx.into_events();
        let event = sim.event(EventKind::MessageUpdate);
        assert_eq!(event.audience, Audience::Users(None, vec![MEMBER, BOT]));
        assert_eq!(
            (&event.data["content"], &event.data["flags"]),
            (&json!("done"), &json!(flags::EPHEMERAL))
        );
        assert_eq!(event.data["edited_timestamp"], Value::Null);
    }
}

#[test]
fn archived_threads_take_no_edits() {
    let mut sim = Sim::new();
    let message = id(&sim.create(bot(), THREAD, json!({ "content": "x" })).unwrap());
    sim.channel(THREAD).thread.as_mut().unwrap().archived = true;
    let edit = EditMessage {
        actor: bot(),
        channel: THREAD,
        message,
        body: json!({ "content": "y" }),
        files: vec![],
    };
    assert_refused(sim.run(edit), 400, 50083);
}
