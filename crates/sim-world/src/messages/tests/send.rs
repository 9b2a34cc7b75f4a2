//! Sending: permissions, replies, mentions, nonces, slowmode, DMs, threads (acceptance cases 15, 33, 47, 48).

use super::*;
use crate::{Audience, Overwrite, OverwriteKind};

#[test]
fn a_message_is_answered_stored_and_announced() {
    let mut sim = Sim::new();
    let message = sim.bot_sends(json!({ "content": "hi", "nonce": "n1", "tts": false })).unwrap();
    assert_eq!(message["content"], "hi");
    assert_eq!(message["nonce"], "n1");
    assert_eq!(message["author"]["id"], BOT.to_string());
    assert!(message.get("guild_id").is_none() && message.get("member").is_none());
    let event = sim.event(EventKind::MessageCreate);
    assert_eq!(event.data["guild_id"], GUILD.to_string());
    assert_eq!(event.data["member"]["roles"], json!([BOT_ROLE]));
    assert!(event.data["member"].get("user").is_none());
    assert_eq!(event.audience, Audience::Channel { guild: Some(GUILD), channel: TEXT });
    assert_eq!(sim.channel(TEXT).last_message, Some(id(&message)));
    assert_eq!(sim.world.channel_of(id(&message)), Ok(TEXT));
}

#[test]
fn case_15_who_may_send_where() {
    let mut sim = Sim::new();
    let hi = || json!({ "content": "hi" });
    assert_refused(sim.create(bot(), ChannelId::new(5), hi()), 404, 10003);
    assert_refused(sim.create(bot(), CATEGORY, hi()), 400, 50008);
    assert_refused(sim.create(bot(), FORUM, hi()), 400, 40058);
    sim.permissions(VIEW_CHANNEL, 0);
    assert_refused(sim.create(bot(), TEXT, hi()), 403, 50013);
    assert_refused(sim.create(bot(), THREAD, hi()), 403, 50013);
    sim.permissions(VIEW_CHANNEL | SEND_MESSAGES, 0);
    assert!(sim.create(bot(), TEXT, hi()).is_ok());
    assert_refused(sim.create(bot(), THREAD, hi()), 403, 50013);
    sim.permissions(VIEW_CHANNEL | SEND_MESSAGES_IN_THREADS, 0);
    assert!(sim.create(bot(), THREAD, hi()).is_ok());
    sim.permissions(0, 0);
    assert_refused(sim.create(bot(), TEXT, hi()), 403, 50001);
    // The permission comes before the body: an invalid body tells nothing to those who may not send.
    assert_refused(sim.create(bot(), TEXT, json!({ "content": 5 })), 403, 50001);
    assert!(sim.events.is_empty() || sim.channel(TEXT).messages.len() == 1);
}

#[test]
fn parts_need_their_own_permissions() {
    let mut sim = Sim::new();
    let base = VIEW_CHANNEL | SEND_MESSAGES;
    sim.permissions(base, 0);
    let embed = json!({ "embeds": [{ "title": "t" }] });
    let poll =
        json!({ "poll": { "question": { "text": "?" }, "answers": [{ "poll_media": { "text": "!" } }] } });
    assert_refused(sim.bot_sends(embed.clone()), 403, 50013);
    assert_refused(sim.bot_sends(poll.clone()), 403, 50013);
    assert_refused(sim.bot_sends(json!({ "content": "x", "tts": true })), 403, 50013);
    let file =
        CreateMessage { actor: bot(), channel: TEXT, body: json!({}), files: vec![upload(0, "a", b"x")] };
    assert_refused(sim.run(file.clone()), 403, 50013);
    sim.permissions(base | EMBED_LINKS | SEND_POLLS | ATTACH_FILES | SEND_TTS_MESSAGES, 0);
    assert!(sim.bot_sends(embed).is_ok() && sim.bot_sends(poll).is_ok() && sim.run(file).is_ok());
    assert_eq!(sim.bot_sends(json!({ "content": "x", "tts": true })).unwrap()["tts"], true);
}

#[test]
fn timed_out_members_are_silent_until_it_ends() {
    let mut sim = Sim::new();
    let until = sim.now.plus(std::time::Duration::from_secs(60));
    sim.guild().members.get_mut(&MEMBER).unwrap().timeout_until = Some(until);
    let target = sim.text(bot(), "hi");
    let hi = || json!({ "content": "hi" });
    let react =
        || AddReaction { actor: person(MEMBER), channel: TEXT, message: target, emoji: "👍".into() };
    assert_refused(sim.create(person(MEMBER), TEXT, hi()), 403, 50013);
    assert_refused(sim.run(react()), 403, 50013);
    assert_refused(sim.run(StartTyping { actor: person(MEMBER), channel: TEXT }), 403, 50013);
    // Not even an emoji that is there already.
    sim.run(AddReaction { actor: bot(), ..react() }).unwrap();
    assert_refused(sim.run(react()), 403, 50013);
    sim.advance(61);
    assert!(sim.create(person(MEMBER), TEXT, hi()).is_ok());
    assert!(sim.run(react()).is_ok());
}

#[test]
fn replies() {
    let mut sim = Sim::new();
    let target = sim.text(person(MEMBER), "question");
    let reply = |id: MessageId| json!({ "content": "answer", "message_reference": { "message_id": id } });
    let message = sim.bot_sends(reply(target)).unwrap();
    assert_eq!(message["type"], 19);
    assert_eq!(
        message["message_reference"],
        json!({ "type": 0, "channel_id": TEXT, "message_id": target, "guild_id": GUILD })
    );
    assert_eq!(message["referenced_message"]["content"], "question");
    assert_eq!(message["mentions"][0]["id"], MEMBER.to_string(), "the author replied to is pinged");
    let code = "MESSAGE_REFERENCE_UNKNOWN_MESSAGE";
    assert_form(sim.bot_sends(reply(MessageId::new(5))), "message_reference", code);
    let mut lenient = reply(MessageId::new(5));
    lenient["message_reference"]["fail_if_not_exists"] = json!(0);
    let plain = sim.bot_sends(lenient).unwrap();
    assert_eq!(plain["type"], 0);
    assert!(plain.get("message_reference").is_none());
    let mut elsewhere = reply(target);
    elsewhere["message_reference"]["channel_id"] = json!(THREAD);
    assert_form(sim.bot_sends(elsewhere), "message_reference", code);
    let mut quiet = reply(target);
    quiet["allowed_mentions"] = json!({ "replied_user": false });
    assert_eq!(sim.bot_sends(quiet).unwrap()["mentions"], json!([]));
    // A deleted target: null, which is not the same as absent.
    let answer = id(&message);
    sim.run(DeleteMessage { actor: person(MEMBER), channel: TEXT, message: target }).unwrap();
    let read = one(&sim.world, bot(), TEXT, answer, sim.now).unwrap();
    assert_eq!(read.get("referenced_message"), Some(&Value::Null));
    sim.permissions(VIEW_CHANNEL | SEND_MESSAGES, 0);
    assert_refused(sim.bot_sends(reply(answer)), 400, 160_002);
}

#[test]
fn system_messages_take_no_reply() {
    let mut sim = Sim::new();
    let target = sim.text(bot(), "x");
    sim.run(Pin { actor: bot(), channel: TEXT, message: target }).unwrap();
    let notice = sim.event(EventKind::MessageCreate).data["id"].clone();
    let reply = sim.bot_sends(json!({ "content": "x", "message_reference": { "message_id": notice } }));
    assert_form(reply, "message_reference", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE");
}

/// Users, roles and everyone that a message by `actor` pings.
fn pings(sim: &mut Sim, actor: Actor, body: Value) -> (Vec<String>, Vec<String>, bool) {
    let message = sim.create(actor, TEXT, body).unwrap();
    let users = message["mentions"].as_array().unwrap().iter().map(|u| u["id"].as_str().unwrap().to_owned());
    let roles = message["mention_roles"].as_array().unwrap().iter().map(|r| r.as_str().unwrap().to_owned());
    (users.collect(), roles.collect(), message["mention_everyone"] == true)
}

#[test]
fn case_47_mentions() {
    let mut sim = Sim::new();
    let text = format!("<@{MEMBER}> <@!{MEMBER}> <@{BOT}> <@99> <@&{QUIET_ROLE}> <@&{OPEN_ROLE}> @everyone");
    let (users, roles) = (vec![MEMBER.to_string(), BOT.to_string()], vec![OPEN_ROLE.to_string()]);
    // Without MENTION_EVERYONE: mentionable roles only, no @everyone.
    assert_eq!(pings(&mut sim, bot(), json!({ "content": text })), (users.clone(), roles, false));
    // The owner may all of it.
    let both = vec![QUIET_ROLE.to_string(), OPEN_ROLE.to_string()];
    assert_eq!(
        pings(&mut sim, person(OWNER), json!({ "content": text })),
        (users.clone(), both.clone(), true)
    );
    // Allowed mentions narrow it down.
    let mut only = |mentions: Value| {
        pings(&mut sim, person(OWNER), json!({ "content": text, "allowed_mentions": mentions }))
    };
    assert_eq!(only(json!({ "parse": [] })), (vec![], vec![], false));
    assert_eq!(only(json!({})), (vec![], vec![], false));
    assert_eq!(only(json!({ "parse": ["users"] })), (users, vec![], false));
    assert_eq!(only(json!({ "parse": ["everyone"], "users": [BOT] })), (vec![BOT.to_string()], vec![], true));
    assert_eq!(only(json!({ "parse": ["roles"] })), (vec![], both, false));
    // No phantom pings: what the text does not name is not pinged, and code names nobody.
    let phantom =
        json!({ "content": "hi", "allowed_mentions": { "parse": ["everyone"], "users": [MEMBER] } });
    assert_eq!(pings(&mut sim, person(OWNER), phantom), (vec![], vec![], false));
    let code = json!({ "content": format!("`@everyone <@{MEMBER}>` ```\n<@&{OPEN_ROLE}>```") });
    assert_eq!(pings(&mut sim, person(OWNER), code), (vec![], vec![], false));
}

#[test]
fn case_47_text_displays_ping_too() {
    let mut sim = Sim::new();
    let inner = json!([{ "type": 10, "content": format!("<@{MEMBER}>") }]);
    let body = json!({ "flags": 1 << 15, "components": [{ "type": 17, "components": inner }] });
    assert_eq!(pings(&mut sim, bot(), body).0, [MEMBER.to_string()]);
}

#[test]
fn case_47_interactions_ping_users_only() {
    let mut sim = Sim::new();
    let body = json!({ "content": format!("<@{MEMBER}> <@&{OPEN_ROLE}> @everyone") });
    let mut tx = crate::Tx::new(&mut sim.world, NOW);
    let draft = draft(&body, Vec::new(), Rules::Interaction, NOW).unwrap();
    let id = publish(&mut tx, draft, PublishAs::user(TEXT, OWNER)).unwrap();
    let message = sim.world.message(TEXT, id).unwrap();
    assert_eq!(
        (message.mentions.as_slice(), message.mention_roles.as_slice()),
        ([MEMBER].as_slice(), [].as_slice())
    );
    assert!(!message.mention_everyone);
}

#[test]
fn case_48_an_enforced_nonce_sends_once() {
    let mut sim = Sim::new();
    let body = json!({ "content": "once", "nonce": 123, "enforce_nonce": true });
    let first = sim.bot_sends(body.clone()).unwrap();
    assert_eq!(sim.kinds(), [EventKind::MessageCreate]);
    let second = sim.bot_sends(body.clone()).unwrap();
    assert_eq!(first["id"], second["id"]);
    assert!(sim.events.is_empty());
    // Another author, another nonce, no enforcement, and after some minutes: new messages.
    let other = sim.create(person(MEMBER), TEXT, body.clone()).unwrap();
    assert_ne!(first["id"], other["id"]);
    let mut loose = body.clone();
    loose["enforce_nonce"] = json!(false);
    assert_ne!(sim.bot_sends(loose).unwrap()["id"], first["id"]);
    sim.advance(600);
    assert_ne!(sim.bot_sends(body).unwrap()["id"], first["id"]);
}

#[test]
fn slowmode_is_for_people() {
    let mut sim = Sim::new();
    sim.channel(TEXT).rate_limit_per_user = 30;
    let hi = || json!({ "content": "hi" });
    for actor in [bot(), bot(), person(OWNER), person(OWNER), person(MEMBER)] {
        assert!(sim.create(actor, TEXT, hi()).is_ok());
    }
    sim.advance(10);
    let error = sim.create(person(MEMBER), TEXT, hi()).unwrap_err();
    assert_eq!((error.status, error.code, error.retry_after), (429, 20016, Some(20.0)));
    sim.permissions(DEFAULT_EVERYONE | BYPASS_SLOWMODE, 0);
    assert!(sim.create(person(MEMBER), TEXT, hi()).is_ok());
    sim.permissions(DEFAULT_EVERYONE, 0);
    sim.advance(30);
    assert!(sim.create(person(MEMBER), TEXT, hi()).is_ok());
}

#[test]
fn case_33_direct_messages() {
    let mut sim = Sim::new();
    let hi = || json!({ "content": "hi" });
    sim.create(bot(), DM, hi()).unwrap();
    let event = sim.event(EventKind::MessageCreate);
    assert!(event.data.get("guild_id").is_none() && event.data.get("member").is_none());
    assert_eq!(event.audience, Audience::Channel { guild: None, channel: DM });
    assert_refused(sim.create(person(OWNER), DM, hi()), 403, 50001);
    sim.world.users.get_mut(&MEMBER).unwrap().dms_open = false;
    assert_refused(sim.create(bot(), DM, hi()), 403, 50007);
    sim.world.users.get_mut(&MEMBER).unwrap().dms_open = true;
    sim.guild().members.remove(&MEMBER);
    assert_refused(sim.create(bot(), DM, hi()), 403, 50278);
    let own = id(&sim.create(person(MEMBER), DM, hi()).unwrap());
    assert_refused(sim.run(DeleteMessage { actor: bot(), channel: DM, message: own }), 400, 50003);
}

#[test]
fn a_thread_gains_its_writers_and_wakes_up() {
    let mut sim = Sim::new();
    let meta = |sim: &Sim| sim.world.channel(THREAD).unwrap().thread.clone().unwrap();
    sim.channel(THREAD).thread.as_mut().unwrap().archived = true;
    sim.create(bot(), THREAD, json!({ "content": "hi" })).unwrap();
    assert_eq!(
        sim.kinds(),
        [
            EventKind::ThreadUpdate,
            EventKind::ThreadCreate,
            EventKind::ThreadMembersUpdate,
            EventKind::MessageCreate
        ]
    );
    assert_eq!(
        sim.event(EventKind::ThreadMembersUpdate).data["added_members"][0]["user_id"],
        BOT.to_string()
    );
    assert!(!meta(&sim).archived && meta(&sim).members.contains_key(&BOT));
    assert_eq!(meta(&sim).total_messages, 1);
    sim.create(bot(), THREAD, json!({ "content": "again" })).unwrap();
    assert_eq!(sim.kinds(), [EventKind::MessageCreate]);
    sim.channel(THREAD).thread.as_mut().unwrap().locked = true;
    assert_refused(sim.create(bot(), THREAD, json!({ "content": "hi" })), 400, 160_005);
    assert!(sim.create(person(OWNER), THREAD, json!({ "content": "hi" })).is_ok());
}

#[test]
fn typing() {
    let mut sim = Sim::new();
    sim.run(StartTyping { actor: person(MEMBER), channel: TEXT }).unwrap();
    let event = sim.event(EventKind::TypingStart);
    assert_eq!(event.data["timestamp"], NOW.ms() / 1000);
    assert_eq!(event.data["member"]["user"]["id"], MEMBER.to_string());
    sim.run(StartTyping { actor: bot(), channel: DM }).unwrap();
    assert!(sim.event(EventKind::TypingStart).data.get("guild_id").is_none());
}

#[test]
fn a_refused_message_changes_nothing() {
    let mut sim = Sim::new();
    let body = json!({ "flags": 1 << 15, "components": [{ "type": 13, "file": { "url": "attachment://none.txt" } }] });
    let files = vec![upload(0, "some.txt", b"x")];
    let result = sim.run(CreateMessage { actor: bot(), channel: TEXT, body, files });
    assert_form(result, "components.0.file.url", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND");
    assert!(sim.channel(TEXT).messages.is_empty() && sim.world.blobs.is_empty());
}

#[test]
fn history_pages() {
    let mut sim = Sim::new();
    let ids: Vec<MessageId> = (0..9).map(|i| sim.text(bot(), &i.to_string())).collect();
    let texts = |sim: &Sim, page: HistoryPage| -> String {
        let list = history(&sim.world, bot(), TEXT, &page, sim.now).unwrap();
        list.as_array().unwrap().iter().map(|m| m["content"].as_str().unwrap()).collect()
    };
    let limit = Some(3);
    assert_eq!(texts(&sim, HistoryPage::default()), "876543210");
    assert_eq!(texts(&sim, HistoryPage { limit, ..Default::default() }), "876");
    assert_eq!(texts(&sim, HistoryPage { limit, before: Some(ids[6]), ..Default::default() }), "543");
    assert_eq!(texts(&sim, HistoryPage { limit, after: Some(ids[1]), ..Default::default() }), "432");
    assert_eq!(texts(&sim, HistoryPage { limit, around: Some(ids[4]), ..Default::default() }), "543");
    assert_eq!(texts(&sim, HistoryPage { limit: Some(1), around: Some(ids[4]), ..Default::default() }), "4");
    let bad = |page: HistoryPage| history(&sim.world, bot(), TEXT, &page, sim.now);
    assert_form(bad(HistoryPage { limit: Some(0), ..Default::default() }), "limit", "NUMBER_TYPE_MIN");
    assert_form(bad(HistoryPage { limit: Some(101), ..Default::default() }), "limit", "NUMBER_TYPE_MAX");
    assert_refused(
        bad(HistoryPage { before: Some(ids[0]), after: Some(ids[1]), ..Default::default() }),
        400,
        50035,
    );
    // Without the right to read back there is nothing, and single messages are refused.
    let deny = Overwrite { id: BOT.get(), kind: OverwriteKind::Member, allow: 0, deny: READ_MESSAGE_HISTORY };
    sim.channel(TEXT).overwrites.push(deny);
    assert_eq!(texts(&sim, HistoryPage::default()), "");
    assert_refused(one(&sim.world, bot(), TEXT, ids[0], sim.now), 403, 50013);
}
