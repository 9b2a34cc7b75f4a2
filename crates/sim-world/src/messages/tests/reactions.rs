//! Reactions (acceptance case 32).

use super::*;

fn add(actor: Actor, message: MessageId, emoji: &str) -> AddReaction {
    AddReaction { actor, channel: TEXT, message, emoji: emoji.into() }
}

fn remove(actor: Actor, message: MessageId, emoji: &str, user: Option<UserId>) -> RemoveReaction {
    RemoveReaction { actor, channel: TEXT, message, emoji: emoji.into(), user }
}

#[test]
fn case_32_reacting() {
    let mut sim = Sim::new();
    let message = sim.text(bot(), "x");
    sim.run(add(person(MEMBER), message, "👍")).unwrap();
    let data = &sim.event(EventKind::MessageReactionAdd).data;
    assert_eq!(data["emoji"], json!({ "id": null, "name": "👍" }));
    assert_eq!((&data["user_id"], &data["message_author_id"]), (&json!(MEMBER), &json!(BOT)));
    assert_eq!(data["member"]["user"]["id"], MEMBER.to_string());
    assert_eq!((&data["burst"], &data["type"]), (&json!(false), &json!(0)));
    assert_eq!(data["guild_id"], GUILD.to_string());
    // Twice is once.
    sim.run(add(person(MEMBER), message, "👍")).unwrap();
    assert!(sim.events.is_empty());
    assert_refused(sim.run(add(bot(), message, "blob:123456789012345678")), 400, 10014);
    let id = crate::EmojiId::new(123_456_789_012_345_678);
    let emoji = crate::Emoji { id, name: "blob".into(), animated: false, roles: Vec::new(), user: OWNER };
    sim.world.guilds.get_mut(&GUILD).unwrap().emojis.insert(id, emoji);
    sim.run(add(bot(), message, "blob:123456789012345678")).unwrap();
    assert_eq!(
        sim.event(EventKind::MessageReactionAdd).data["emoji"],
        json!({ "id": "123456789012345678", "name": "blob" })
    );
    let seen = one(&sim.world, person(MEMBER), TEXT, message, NOW).unwrap();
    let me: Vec<_> =
        seen["reactions"].as_array().unwrap().iter().map(|r| (r["count"].clone(), r["me"].clone())).collect();
    assert_eq!(me, [(json!(1), json!(true)), (json!(1), json!(false))]);
    assert_refused(sim.run(add(bot(), message, "thumbsup")), 400, 10014);
    assert_refused(sim.run(add(bot(), MessageId::new(5), "👍")), 404, 10008);
}

#[test]
fn case_32_the_21st_emoji_is_one_too_many() {
    let mut sim = Sim::new();
    let message = sim.text(bot(), "x");
    let emoji: Vec<String> = (0..21).map(|i| char::from_u32(0x1F600 + i).unwrap().to_string()).collect();
    for one in &emoji[..20] {
        sim.run(add(bot(), message, one)).unwrap();
    }
    assert_refused(sim.run(add(bot(), message, &emoji[20])), 400, 30010);
    assert!(sim.run(add(person(MEMBER), message, &emoji[3])).is_ok(), "one that is there can be joined");
}

#[test]
fn add_reactions_is_needed_for_a_new_emoji_only() {
    let mut sim = Sim::new();
    let message = sim.text(bot(), "x");
    sim.run(add(person(OWNER), message, "👍")).unwrap();
    sim.permissions(VIEW_CHANNEL | READ_MESSAGE_HISTORY, 0);
    assert!(sim.run(add(bot(), message, "👍")).is_ok());
    assert_refused(sim.run(add(bot(), message, "👎")), 403, 50013);
    sim.permissions(VIEW_CHANNEL | ADD_REACTIONS, 0);
    assert_refused(sim.run(add(bot(), message, "👎")), 403, 50013);
}

#[test]
fn case_32_removing() {
    let mut sim = Sim::new();
    let message = sim.text(bot(), "x");
    for actor in [person(MEMBER), person(OWNER), bot()] {
        sim.run(add(actor, message, "❤️")).unwrap();
    }
    sim.run(add(bot(), message, "👍")).unwrap();
    // The selector that some keyboards add makes no difference.
    sim.run(remove(person(MEMBER), message, "❤", None)).unwrap();
    let data = &sim.event(EventKind::MessageReactionRemove).data;
    assert_eq!((&data["user_id"], &data["emoji"]["name"]), (&json!(MEMBER), &json!("❤️")));
    sim.run(remove(person(MEMBER), message, "❤", None)).unwrap();
    assert!(sim.events.is_empty(), "nothing left to remove");
    assert_refused(sim.run(remove(person(MEMBER), message, "❤️", Some(OWNER))), 403, 50013);
    sim.run(remove(bot(), message, "❤️", Some(OWNER))).unwrap();
    assert_eq!(sim.kinds(), [EventKind::MessageReactionRemove]);
    let emoji = RemoveEmojiReactions { actor: bot(), channel: TEXT, message, emoji: "❤️".into() };
    sim.run(emoji).unwrap();
    assert_eq!(sim.event(EventKind::MessageReactionRemoveEmoji).data["emoji"]["name"], "❤️");
    assert_refused(sim.run(RemoveAllReactions { actor: person(MEMBER), channel: TEXT, message }), 403, 50013);
    sim.run(RemoveAllReactions { actor: bot(), channel: TEXT, message }).unwrap();
    assert_eq!(
        *sim.event(EventKind::MessageReactionRemoveAll).data,
        json!({ "channel_id": TEXT, "message_id": message, "guild_id": GUILD })
    );
    assert!(sim.world.message(TEXT, message).unwrap().reactions.is_empty());
}

#[test]
fn users_who_reacted() {
    let mut sim = Sim::new();
    let message = sim.text(bot(), "x");
    for actor in [bot(), person(OWNER), person(MEMBER)] {
        sim.run(add(actor, message, "👍")).unwrap();
    }
    let list = |page: UsersPage| {
        let users = reaction_users(&sim.world, bot(), TEXT, message, "👍", &page, NOW)?;
        Ok::<_, ApiError>(
            users
                .as_array()
                .unwrap()
                .iter()
                .map(|u| u["id"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>(),
        )
    };
    let ids = |users: &[UserId]| users.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(list(UsersPage::default()), Ok(ids(&[OWNER, MEMBER, BOT])));
    assert_eq!(list(UsersPage { limit: Some(1), after: Some(OWNER), kind: Some(0) }), Ok(ids(&[MEMBER])));
    assert_eq!(list(UsersPage { kind: Some(1), ..Default::default() }), Ok(ids(&[])));
    assert_form(list(UsersPage { limit: Some(101), ..Default::default() }), "limit", "NUMBER_TYPE_MAX");
    let none = reaction_users(&sim.world, bot(), TEXT, message, "👎", &UsersPage::default(), NOW);
    assert_eq!(none, Ok(json!([])));
}
