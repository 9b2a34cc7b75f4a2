//! Places and people through the public actions: what the routes answer, what the gateway tells, what is
//! refused.

use cogwright_sim_world::{
    Actor, ApiError, Applied, ChannelId, DefaultIds, Event, EventKind, GuildId, MessageId, RoleId, Status,
    Timestamp, UserId, Viewer, World, intents, permissions as p,
    places::{self, operator},
};
use serde_json::{Value, json};

use crate::helpers::{NOW, default_world, id, person, refused, role, state};

/// All but what tells of the audit log, which has tests of its own.
fn names(events: &[Event]) -> Vec<&'static str> {
    let told = events.iter().filter(|e| e.kind != EventKind::GuildAuditLogEntryCreate);
    told.map(|e| e.kind.name()).collect()
}

fn event(events: &[Event], kind: EventKind) -> &Event {
    events
        .iter()
        .find(|e| e.kind == kind)
        .unwrap_or_else(|| panic!("no {} in {:?}", kind.name(), names(events)))
}

fn channel(world: &World, ids: &DefaultIds, name: &str) -> ChannelId {
    let list = places::guild_channels(world, Actor::person(ids.user), ids.guild, NOW).expect("channels");
    let found = list.as_array().expect("a list").iter().find(|c| c["name"] == name);
    id(found.unwrap_or_else(|| panic!("no #{name}")))
}

#[track_caller]
fn assert_code(error: &ApiError, status: u16, code: u32) {
    assert_eq!((error.status, error.code), (status, code), "{error:?}");
}

#[test]
fn the_default_world_has_what_one_expects() {
    let (world, ids) = default_world();
    let owner = Actor::person(ids.user);
    let guild = places::guild(&world, owner, ids.guild, true, NOW).expect("guild");
    assert_eq!(guild["owner_id"], ids.user.to_string());
    assert_eq!(guild["approximate_member_count"], 5);
    let channels = places::guild_channels(&world, owner, ids.guild, NOW).expect("channels");
    for kind in [0, 2, 4, 5, 13, 15] {
        assert!(
            channels.as_array().expect("list").iter().any(|c| c["type"] == kind),
            "no channel of type {kind}"
        );
    }
    for user in world.users() {
        assert!((18..=19).contains(&user.id.to_string().len()), "{}", user.id);
    }
    // The bot: administrator, all privileged intents, a token that begins with its id.
    let application = world.application(ids.application).expect("application");
    assert_eq!(application.privileged_intents, intents::PRIVILEGED);
    assert_eq!(world.guild_permissions(ids.guild, ids.application.into(), NOW), p::ALL);
    assert_eq!(world.application_by_token(&ids.token).map(|a| a.id), Some(ids.application));
    let parts: Vec<&str> = ids.token.split('.').collect();
    assert_eq!(parts.len(), 3);
    let decoded = base64::Engine::decode(&base64::engine::general_purpose::STANDARD_NO_PAD, parts[0]);
    assert_eq!(decoded.expect("base64"), ids.application.to_string().into_bytes());
    // The hidden room is hidden from those who are no moderators, and listed for nobody else.
    let hidden = channel(&world, &ids, "mod-room");
    assert!(world.can_view(hidden, person(&world, "mika"), NOW));
    assert!(!world.can_view(hidden, person(&world, "noor"), NOW));
    let seen = places::guild_channels(&world, Actor::person(person(&world, "noor")), ids.guild, NOW);
    assert!(seen.expect("list").as_array().expect("list").iter().all(|c| c["name"] != "mod-room"));
    // Somebody says what to try.
    let general = world.channel(ids.channel).expect("general");
    assert!(general.messages.values().any(|m| m.content.contains("!ping")));
    // Two worlds differ in their tokens.
    assert_ne!(default_world().1.token, ids.token);
}

#[test]
fn guild_create_holds_members_and_presences_by_intent() {
    let (mut world, ids) = default_world();
    let bot = ids.application.into();
    let create = |world: &World, intents, threshold| {
        cogwright_sim_world::wire::guild_create(world, ids.guild, bot, intents, threshold, NOW)
    };
    let all = create(&world, intents::ALL, 50);
    assert_eq!(all["members"].as_array().map(Vec::len), Some(5));
    assert_eq!(all["large"], false);
    // Offline users have no presence; the bot has not connected yet.
    assert_eq!(all["presences"].as_array().map(Vec::len), Some(4));
    let few = create(&world, intents::ALL & !intents::GUILD_PRESENCES, 50);
    assert_eq!(few["members"].as_array().map(Vec::len), Some(5), "a small guild's members come whole");
    assert_eq!(few["member_count"], 5);
    assert_eq!(few["presences"], json!([]));
    // Above the threshold: those online, with roles or a nickname.
    for n in 0..60 {
        let body = json!({ "username": format!("sleeper{n}") });
        let user: UserId = id(&world.apply(operator::CreateUser { body }, NOW).expect("user").output);
        world
            .apply(places::SetPresence { user, status: Status::Offline, activities: None }, NOW)
            .expect("offline");
        let body = json!({ "user": user });
        world.apply(operator::AddMember { guild: ids.guild, body }, NOW).expect("member");
    }
    let large = create(&world, intents::ALL, 50);
    assert_eq!((&large["large"], &large["member_count"]), (&json!(true), &json!(65)));
    assert_eq!(large["members"].as_array().map(Vec::len), Some(5));
    let alone = create(&world, intents::ALL & !intents::GUILD_PRESENCES, 50);
    assert_eq!(alone["members"].as_array().map(Vec::len), Some(1));
    assert_eq!(alone["members"][0]["user"]["id"], bot.to_string());
    // Hidden channels are left out of a GUILD_CREATE.
    let noor = person(&world, "noor");
    let seen = cogwright_sim_world::wire::guild_create(&world, ids.guild, noor, intents::ALL, 250, NOW);
    let listed = seen["channels"].as_array().expect("channels");
    assert!(listed.iter().all(|c| c["name"] != "mod-room") && listed.iter().any(|c| c["name"] == "general"));
}

#[test]
fn objects_parse_with_a_strict_client_model() {
    use twilight_model::{
        channel::Channel,
        gateway::payload::incoming::GuildCreate,
        guild::{Member, Role},
        oauth::Application,
        user::{CurrentUser, User},
    };
    fn parse<T: serde::de::DeserializeOwned>(what: &str, value: &Value) -> T {
        serde_json::from_value(value.clone()).unwrap_or_else(|e| panic!("{what}: {e}\n{value:#}"))
    }
    let (mut world, ids) = default_world();
    let bot = Actor::bot(ids.application);
    let body = json!({ "name": "chat", "type": 11 });
    let start = places::CreateThread { actor: bot, channel: ids.channel, body, files: Vec::new() };
    let thread = world.apply(start, NOW).expect("thread").output;
    parse::<Channel>("thread", &thread);
    let body = json!({ "name": "secret" });
    let start = places::CreateThread { actor: bot, channel: ids.channel, body, files: Vec::new() };
    parse::<Channel>("private thread", &world.apply(start, NOW).expect("thread").output);
    let create = cogwright_sim_world::wire::guild_create(&world, ids.guild, bot.user, intents::ALL, 250, NOW);
    let parsed: GuildCreate = parse("GUILD_CREATE", &create);
    match parsed {
        GuildCreate::Available(guild) => {
            assert_eq!(guild.threads.len(), 2);
            assert_eq!(guild.members.len(), 5);
        }
        GuildCreate::Unavailable(_) => panic!("not in an outage"),
    }
    let roles = places::guild_roles(&world, bot, ids.guild, NOW).expect("roles");
    parse::<Vec<Role>>("roles", &roles);
    let members = places::guild_members(&world, bot, ids.guild, Some(1000), None, NOW).expect("members");
    parse::<Vec<Member>>("members", &members);
    let channels = places::guild_channels(&world, bot, ids.guild, NOW).expect("channels");
    parse::<Vec<Channel>>("channels", &channels);
    parse::<twilight_model::guild::Guild>(
        "guild",
        &places::guild(&world, bot, ids.guild, true, NOW).expect("guild"),
    );
    parse::<CurrentUser>("me", &places::me(&world, bot).expect("me"));
    parse::<User>("user", &places::user(&world, ids.user).expect("user"));
    parse::<Application>("application", &places::application(&world, bot).expect("application"));
    let guilds = places::my_guilds(&world, bot, None, None, None, true, NOW).expect("guilds");
    parse::<Vec<twilight_model::user::CurrentUserGuild>>("my guilds", &guilds);
    let body = json!({ "recipient_id": ids.user });
    let dm = world.apply(places::OpenDm { actor: bot, body }, NOW).expect("dm").output;
    parse::<Channel>("dm", &dm);
}

#[test]
fn a_dm_is_the_same_one_whoever_opens_it() {
    let (mut world, ids) = default_world();
    let bot = Actor::bot(ids.application);
    let open = |world: &mut World, actor, recipient: UserId| {
        let body = json!({ "recipient_id": recipient });
        world.apply(places::OpenDm { actor, body }, NOW).map(|a| a.output)
    };
    let first = open(&mut world, bot, ids.user).expect("opens");
    assert_eq!(first["type"], 1);
    assert_eq!(first["recipients"][0]["id"], ids.user.to_string(), "without the viewer");
    assert_eq!(first["recipients"].as_array().map(Vec::len), Some(1));
    let again = open(&mut world, bot, ids.user).expect("opens");
    let other_side = open(&mut world, Actor::person(ids.user), bot.user).expect("opens");
    assert_eq!((&again["id"], &other_side["id"]), (&first["id"], &first["id"]));
    assert_code(&open(&mut world, bot, UserId::new(5)).expect_err("nobody"), 404, 10013);
    assert_code(&open(&mut world, bot, bot.user).expect_err("oneself"), 403, 50007);
    // Nobody else gets in.
    let stranger = Actor::person(person(&world, "noor"));
    let error = places::channel(&world, stranger, id(&first), NOW).expect_err("hidden");
    assert_code(&error, 403, 50001);
    let error = refused(&mut world, places::OpenDm { actor: bot, body: json!({}) });
    assert_code(&error, 400, 50035);
    assert_eq!(error.body()["errors"]["recipient_id"]["_errors"][0]["code"], "BASE_TYPE_REQUIRED");
}

fn thread_on(
    world: &mut World,
    actor: Actor,
    channel: ChannelId,
    message: MessageId,
    body: Value,
) -> Result<Applied<Value>, ApiError> {
    world.apply(places::CreateThreadFromMessage { actor, channel, message, body }, NOW)
}

#[test]
fn a_thread_on_a_message_takes_its_id() {
    let (mut world, ids) = default_world();
    let bot = Actor::bot(ids.application);
    let message = *world.channel(ids.channel).expect("general").messages.keys().next().expect("a message");
    let applied =
        thread_on(&mut world, bot, ids.channel, message, json!({ "name": "side talk" })).expect("thread");
    assert_eq!(applied.output["id"], message.to_string());
    assert_eq!(applied.output["type"], 11);
    assert_eq!(applied.output["owner_id"], bot.user.to_string());
    assert_eq!(applied.output["message_count"], 0, "the starter does not count");
    let order = names(&applied.events);
    assert_eq!(order, ["THREAD_CREATE", "THREAD_MEMBERS_UPDATE", "MESSAGE_UPDATE", "MESSAGE_CREATE"]);
    assert_eq!(applied.events[0].data["newly_created"], true);
    assert_eq!(applied.events[2].data["thread"]["id"], message.to_string());
    assert_eq!(applied.events[3].data["type"], 21);
    let error =
        thread_on(&mut world, bot, ids.channel, message, json!({ "name": "again" })).expect_err("second");
    assert_code(&error, 400, 160_004);
    let error = thread_on(&mut world, bot, ids.channel, MessageId::new(7), json!({ "name": "x" }));
    assert_code(&error.expect_err("no such message"), 404, 10008);
}

#[test]
fn a_thread_of_its_own_is_private_unless_told_otherwise() {
    let (mut world, ids) = default_world();
    let bot = Actor::bot(ids.application);
    let start =
        |body: Value| places::CreateThread { actor: bot, channel: ids.channel, body, files: Vec::new() };
    let private = world.apply(start(json!({ "name": "a" })), NOW).expect("thread");
    assert_eq!(private.output["type"], 12);
    assert_eq!(names(&private.events), ["THREAD_CREATE", "THREAD_MEMBERS_UPDATE"]);
    let noor = person(&world, "noor");
    let thread: ChannelId = id(&private.output);
    assert!(!world.can_view(thread, noor, NOW));
    let add = places::AddThreadMember { actor: bot, channel: thread, user: noor };
    let added = world.apply(add, NOW).expect("added");
    assert!(world.can_view(thread, noor, NOW));
    let viewer = Viewer::Person(noor);
    let seen: Vec<&str> = added
        .events
        .iter()
        .filter(|e| world.sees(e, &viewer, NOW).is_some())
        .map(|e| e.kind.name())
        .collect();
    assert_eq!(seen, ["THREAD_CREATE", "THREAD_MEMBERS_UPDATE", "MESSAGE_CREATE"]);
    let public = world.apply(start(json!({ "name": "b", "type": 11 })), NOW).expect("thread");
    assert_eq!(names(&public.events), ["THREAD_CREATE", "THREAD_MEMBERS_UPDATE", "MESSAGE_CREATE"]);
    assert_eq!(
        (&public.events[2].data["type"], &public.events[2].data["content"]),
        (&json!(18), &json!("b"))
    );
    for (body, key) in [
        (json!({}), "name"),
        (json!({ "name": "x".repeat(101) }), "name"),
        (json!({ "name": "x", "auto_archive_duration": 61 }), "auto_archive_duration"),
        (json!({ "name": "x", "type": 10 }), "type"),
        (json!({ "name": "x", "rate_limit_per_user": 21_601 }), "rate_limit_per_user"),
    ] {
        let error = refused(&mut world, start(body.clone()));
        assert_code(&error, 400, 50035);
        assert!(error.body()["errors"][key]["_errors"].is_array(), "{body} -> {error:?}");
    }
}

#[test]
fn a_forum_post_begins_with_its_message() {
    let (mut world, ids) = default_world();
    let actor = Actor::bot(ids.application);
    let forum = channel(&world, &ids, "ideas");
    let tag = world.channel(forum).expect("forum").tags[0].id.to_string();
    let post = |body: Value| places::CreateThread { actor, channel: forum, body, files: Vec::new() };
    let body = json!({ "name": "Lamp", "message": { "content": "It blinks." }, "applied_tags": [tag] });
    let applied = world.apply(post(body), NOW).expect("post");
    assert_eq!(applied.output["id"], applied.output["message"]["id"]);
    assert_eq!(applied.output["applied_tags"], json!([tag]));
    assert_eq!(
        (&applied.output["message_count"], &applied.output["total_message_sent"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(names(&applied.events), ["THREAD_CREATE", "THREAD_MEMBERS_UPDATE", "MESSAGE_CREATE"]);
    let error = refused(&mut world, post(json!({ "name": "Lamp" })));
    assert!(error.body()["errors"]["message"]["_errors"].is_array(), "{error:?}");
    let error =
        refused(&mut world, post(json!({ "name": "Lamp", "message": { "content": "x".repeat(2001) } })));
    assert!(error.body()["errors"]["message"]["content"]["_errors"].is_array(), "{error:?}");
    let body = json!({ "name": "Lamp", "message": { "content": "x" }, "applied_tags": ["5"] });
    assert_code(&refused(&mut world, post(body)), 400, 50035);
    // Fails while it is published: the thread does not stay.
    let missing = json!({ "type": 13, "file": { "url": "attachment://none.txt" } });
    let body = json!({ "name": "Lamp", "message": { "flags": 32_768, "components": [missing] } });
    assert_code(&refused(&mut world, post(body)), 400, 50035);
}

#[test]
fn a_thread_is_archived_and_woken() {
    let (mut world, ids) = default_world();
    let noor = Actor::person(person(&world, "noor"));
    let sasha = Actor::person(person(&world, "sasha"));
    let body = json!({ "name": "a", "type": 11 });
    let start = places::CreateThread { actor: noor, channel: ids.channel, body, files: Vec::new() };
    let thread: ChannelId = id(&world.apply(start, NOW).expect("thread").output);
    let patch = |actor, body: Value| places::PatchChannel { actor, channel: thread, body };
    let archived = world.apply(patch(noor, json!({ "archived": true })), NOW).expect("owner archives");
    assert_eq!(names(&archived.events), ["THREAD_UPDATE"]);
    assert_code(&refused(&mut world, patch(noor, json!({ "name": "b" }))), 400, 50083);
    let join = places::AddThreadMember { actor: sasha, channel: thread, user: sasha.user };
    assert_code(&refused(&mut world, join), 400, 50083);
    let woken =
        world.apply(patch(sasha, json!({ "archived": false })), NOW).expect("anybody who can send wakes");
    assert_eq!(woken.output["thread_metadata"]["archived"], false);
    assert_code(&refused(&mut world, patch(sasha, json!({ "name": "mine" }))), 403, 50013);
    assert_code(&refused(&mut world, patch(noor, json!({ "locked": true }))), 403, 50013);
    let moderator = Actor::person(person(&world, "mika"));
    world.apply(patch(moderator, json!({ "locked": true, "archived": true })), NOW).expect("moderator locks");
    assert_code(&refused(&mut world, patch(sasha, json!({ "archived": false }))), 403, 50013);
}

#[test]
fn member_lists_need_the_intent_and_end_with_an_empty_page() {
    let (mut world, ids) = default_world();
    let bot = Actor::bot(ids.application);
    let page = |world: &World, limit, after| places::guild_members(world, bot, ids.guild, limit, after, NOW);
    assert_eq!(page(&world, None, None).expect("page").as_array().map(Vec::len), Some(1), "one by default");
    let all = page(&world, Some(1000), None).expect("page");
    let all = all.as_array().expect("list");
    assert_eq!(all.len(), 5);
    let last: UserId = all[4]["user"]["id"].as_str().expect("id").parse().expect("id");
    assert_eq!(page(&world, Some(1000), Some(last)).expect("page"), json!([]));
    for limit in [0, 1001] {
        let error = page(&world, Some(limit), None).expect_err("out of bounds");
        assert!(error.body()["errors"]["limit"]["_errors"].is_array());
    }
    let found = places::search_members(&world, bot, ids.guild, Some("MI"), Some(10), NOW).expect("search");
    assert_eq!(found[0]["user"]["username"], "mika");
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    let body = json!({ "privileged_intents": [] });
    world.apply(operator::PatchApplication { application: ids.application, body }, NOW).expect("portal");
    assert_code(&page(&world, Some(10), None).expect_err("no intent"), 403, 50001);
}

#[test]
fn joining_and_leaving_is_told_to_everybody() {
    let (mut world, ids) = default_world();
    let body = json!({ "username": "wren" });
    let wren: UserId = id(&world.apply(operator::CreateUser { body }, NOW).expect("user").output);
    let joined = world.apply(places::JoinGuild { user: wren, guild: ids.guild }, NOW).expect("joins");
    assert_eq!(joined.output["user"]["id"], wren.to_string());
    let bot = Viewer::Bot { application: ids.application, intents: intents::ALL, large_threshold: 250 };
    let seen = |events: &[Event], world: &World, viewer: &Viewer| -> Vec<&'static str> {
        events.iter().filter(|e| world.sees(e, viewer, NOW).is_some()).map(|e| e.kind.name()).collect()
    };
    assert_eq!(seen(&joined.events, &world, &bot), ["GUILD_MEMBER_ADD", "MESSAGE_CREATE"]);
    let system = event(&joined.events, EventKind::MessageCreate);
    assert_eq!((&system.data["type"], &system.data["channel_id"]), (&json!(7), &json!(ids.channel)));
    assert_eq!(event(&joined.events, EventKind::GuildMemberAdd).data["guild_id"], ids.guild.to_string());
    let own = seen(&joined.events, &world, &Viewer::Person(wren));
    assert_eq!(own[0], "GUILD_CREATE");
    assert!(!own.contains(&"GUILD_MEMBER_ADD"));
    let again = world.apply(places::JoinGuild { user: wren, guild: ids.guild }, NOW).expect("again");
    assert!(again.events.is_empty());

    let left = world
        .apply(places::LeaveGuild { actor: Actor::person(wren), guild: ids.guild }, NOW)
        .expect("leaves");
    assert_eq!(seen(&left.events, &world, &bot), ["GUILD_MEMBER_REMOVE"]);
    let gone = event(&left.events, EventKind::GuildDelete);
    assert_eq!(*gone.data, json!({ "id": ids.guild }), "without `unavailable`");
    let owner = places::LeaveGuild { actor: Actor::person(ids.user), guild: ids.guild };
    assert_code(&refused(&mut world, owner), 400, 50055);
    // A bot's managed role goes with it.
    let managed = role(&world, &ids, "Cogwright");
    let bot_leaves = places::LeaveGuild { actor: Actor::bot(ids.application), guild: ids.guild };
    world.apply(bot_leaves, NOW).expect("leaves");
    assert!(!world.guild(ids.guild).expect("guild").roles.contains_key(&managed));
    let error = places::guild(&world, Actor::bot(ids.application), ids.guild, false, NOW);
    assert_code(&error.expect_err("no longer a member"), 403, 50001);
}

#[test]
fn the_hierarchy_protects_those_above() {
    let (mut world, ids) = default_world();
    let (mika, sasha) = (person(&world, "mika"), person(&world, "sasha"));
    let (owner, moderator, bot) = (Actor::person(ids.user), Actor::person(mika), Actor::bot(ids.application));
    let patch = |actor, user, body: Value| places::PatchMember { actor, guild: ids.guild, user, body };
    // The bot is an administrator, but stands below Moderator and the owner.
    for target in [mika, ids.user] {
        assert_code(&refused(&mut world, patch(bot, target, json!({ "nick": "x" }))), 403, 50013);
        assert_code(
            &refused(&mut world, places::Kick { actor: bot, guild: ids.guild, user: target }),
            403,
            50013,
        );
    }
    let renamed = world.apply(patch(bot, sasha, json!({ "nick": "Sash" })), NOW).expect("below");
    assert_eq!(renamed.output["nick"], "Sash");
    assert_eq!(event(&renamed.events, EventKind::GuildMemberUpdate).data["nick"], "Sash");
    // Roles: own top role and above are out of reach, managed ones for everybody.
    let (newcomer, top) = (role(&world, &ids, "Newcomer"), role(&world, &ids, "Moderator"));
    let set = |actor, role, give| places::SetMemberRole { actor, guild: ids.guild, user: sasha, role, give };
    assert_code(&refused(&mut world, set(bot, top, true)), 403, 50013);
    let managed = role(&world, &ids, "Cogwright");
    assert_code(&refused(&mut world, set(owner, managed, true)), 403, 50013);
    assert_code(&refused(&mut world, set(moderator, newcomer, true)), 403, 50013);
    world.apply(set(bot, newcomer, true), NOW).expect("below");
    let both = json!({ "roles": [newcomer, top] });
    assert_code(&refused(&mut world, patch(bot, sasha, both)), 403, 50013);
    world.apply(patch(bot, sasha, json!({ "roles": [] })), NOW).expect("takes both");
    // Time-out: 28 days at most, never an administrator.
    let until = |days: u64| Timestamp::from_ms(NOW.ms() + days * 86_400_000).iso();
    let timeout = |days| json!({ "communication_disabled_until": until(days) });
    let error = refused(&mut world, patch(moderator, sasha, timeout(29)));
    assert!(error.body()["errors"]["communication_disabled_until"]["_errors"].is_array(), "{error:?}");
    assert_code(&refused(&mut world, patch(owner, bot.user, timeout(1))), 403, 50013);
    world.apply(patch(moderator, sasha, timeout(1)), NOW).expect("timed out");
    let held = |world: &World, now| world.channel_permissions(ids.channel, sasha, now).expect("channel");
    assert_eq!(held(&world, NOW), p::IN_TIMEOUT);
    let later = Timestamp::from_ms(NOW.ms() + 2 * 86_400_000);
    assert!(held(&world, later) & p::SEND_MESSAGES != 0, "it ends by itself");
    // Nobody is in voice.
    assert_code(&refused(&mut world, patch(owner, sasha, json!({ "mute": true }))), 400, 40032);
    assert_code(&refused(&mut world, patch(bot, UserId::new(5), json!({ "nick": "x" }))), 404, 10007);
    world.apply(places::Kick { actor: moderator, guild: ids.guild, user: sasha }, NOW).expect("kicked");
    assert!(world.member(ids.guild, sasha).is_err());
}

#[test]
fn a_bot_is_told_of_channels_it_gains_and_loses() {
    let (mut world, ids) = default_world();
    let body = json!({ "name": "Helper", "guilds": [ids.guild] });
    let made = world.apply(operator::CreateApplication { body }, NOW).expect("application").output;
    let application = id(&made["application"]);
    let viewer = Viewer::Bot { application, intents: intents::ALL, large_threshold: 250 };
    let hidden = channel(&world, &ids, "mod-room");
    assert!(!world.can_view(hidden, UserId::from(application), NOW));
    let about = |events: &[Event], world: &World| -> Vec<(&'static str, Value)> {
        let seen = events.iter().filter_map(|e| Some((e.kind.name(), world.sees(e, &viewer, NOW)?)));
        seen.filter(|(name, _)| name.starts_with("CHANNEL"))
            .map(|(name, d)| (name, d["name"].clone()))
            .collect()
    };
    let top = role(&world, &ids, "Moderator");
    let body = json!({ "roles": [top] });
    let patch = operator::PatchMember { guild: ids.guild, user: application.into(), body };
    let given = world.apply(patch, NOW).expect("role");
    let gained = about(&given.events, &world);
    assert!(gained.contains(&("CHANNEL_CREATE", json!("mod-room"))), "{gained:?}");
    let lost = world.apply(operator::DeleteRole { guild: ids.guild, role: top }, NOW).expect("role gone");
    assert!(about(&lost.events, &world).contains(&("CHANNEL_DELETE", json!("mod-room"))));
    // People look again.
    let noor = person(&world, "noor");
    let told = |e: &&Event| {
        e.kind == EventKind::PersonViewChanged && world.sees(e, &Viewer::Person(noor), NOW).is_some()
    };
    assert!(lost.events.iter().any(|e| told(&e)));
}

#[test]
fn deleting_takes_everything_with_it() {
    let (mut world, ids) = default_world();
    let mika = person(&world, "mika");
    let top = role(&world, &ids, "Moderator");
    let gone = world.apply(operator::DeleteRole { guild: ids.guild, role: top }, NOW).expect("role");
    assert_eq!(names(&gone.events)[0], "GUILD_ROLE_DELETE");
    assert!(
        names(&gone.events).contains(&"GUILD_MEMBER_UPDATE")
            && names(&gone.events).contains(&"CHANNEL_UPDATE")
    );
    assert!(!world.member(ids.guild, mika).expect("mika").roles.contains(&top));
    assert!(!state(&world).to_string().contains(&top.to_string()), "the role is still referred to");
    let everyone = RoleId::from(ids.guild);
    let error = refused(&mut world, operator::DeleteRole { guild: ids.guild, role: everyone });
    assert_code(&error, 400, 50028);

    // A category: its children stay, without a parent.
    let lobby = channel(&world, &ids, "Lobby");
    let gone = world.apply(operator::DeleteChannel { channel: lobby }, NOW).expect("category");
    assert_eq!(
        names(&gone.events)[..4],
        ["CHANNEL_UPDATE", "CHANNEL_UPDATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"]
    );
    assert_eq!(world.channel(ids.channel).expect("general").parent, None);

    // A channel with a thread and messages.
    let bot = Actor::bot(ids.application);
    let message = *world.channel(ids.channel).expect("general").messages.keys().next().expect("a message");
    thread_on(&mut world, bot, ids.channel, message, json!({ "name": "t" })).expect("thread");
    let gone = world.apply(operator::DeleteChannel { channel: ids.channel }, NOW).expect("channel");
    let viewer = Viewer::Bot { application: ids.application, intents: intents::ALL, large_threshold: 250 };
    assert!(world.sees(event(&gone.events, EventKind::ChannelDelete), &viewer, NOW).is_some());
    let mut left = state(&world);
    assert!(left["guilds"][ids.guild.to_string()]["audit"].is_array());
    left["guilds"][ids.guild.to_string()]["audit"] = Value::Null;
    assert!(!left.to_string().contains(&ids.channel.to_string()), "only the audit log still refers to it");
    assert!(world.channel_of(message).is_err());
    assert_eq!(world.guild(ids.guild).expect("guild").system_channel, None);

    // A person: refused while they own something, else gone from everywhere.
    let error = refused(&mut world, operator::DeleteUser { user: ids.user });
    assert!(error.body()["errors"]["_errors"][0]["message"].as_str().expect("text").contains("Owns guild"));
    world.apply(operator::DeleteUser { user: mika }, NOW).expect("user");
    assert!(!state(&world).to_string().contains(&mika.to_string()));

    // The application and at last the guild.
    world.apply(operator::DeleteApplication { application: ids.application }, NOW).expect("application");
    assert!(world.application_by_token(&ids.token).is_none());
    assert!(world.user(ids.application.into()).is_err());
    let gone = world.apply(operator::DeleteGuild { guild: ids.guild }, NOW).expect("guild");
    assert_eq!(*event(&gone.events, EventKind::GuildDelete).data, json!({ "id": ids.guild }));
    assert_eq!(state(&world)["channels"], json!({}));
}

#[test]
fn an_outage_hides_the_guild_and_ends() {
    let (mut world, ids) = default_world();
    let viewer = Viewer::Bot { application: ids.application, intents: intents::ALL, large_threshold: 250 };
    let switch = |world: &mut World, unavailable: bool| {
        let body = json!({ "unavailable": unavailable });
        world.apply(operator::PatchGuild { guild: ids.guild, body }, NOW).expect("switches").events
    };
    let down = switch(&mut world, true);
    let seen: Vec<Value> =
        down.iter().filter_map(|e| world.sees(e, &viewer, NOW)).map(|d| (*d).clone()).collect();
    assert_eq!(seen, [json!({ "id": ids.guild, "unavailable": true })]);
    // REST goes on.
    assert!(places::guild(&world, Actor::bot(ids.application), ids.guild, false, NOW).is_ok());
    assert!(switch(&mut world, true).is_empty(), "nothing new");
    let up = switch(&mut world, false);
    let seen: Vec<Value> =
        up.iter().filter_map(|e| world.sees(e, &viewer, NOW)).map(|d| (*d).clone()).collect();
    assert_eq!(seen.len(), 1);
    assert_eq!((&seen[0]["name"], &seen[0]["unavailable"]), (&json!("Workshop"), &json!(false)));
}

#[test]
fn operator_bodies_name_what_is_wrong() {
    let (mut world, ids) = default_world();
    let error = refused(&mut world, operator::CreateUser { body: json!({ "username": "x", "nmae": 1 }) });
    let body = error.body();
    assert!(body["errors"]["username"]["_errors"].is_array(), "{body}");
    let message = body["errors"]["nmae"]["_errors"][0]["message"].as_str().expect("a message");
    assert!(message.contains("username"), "names the known keys: {message}");
    let body = json!({ "name": "G", "owner": "5" });
    let error = refused(&mut world, operator::CreateGuild { body }).body();
    assert!(error["errors"]["name"].is_object() && error["errors"]["owner"].is_object(), "{error}");
    for body in [json!(null), json!([]), json!("x"), json!(5)] {
        assert_code(&refused(&mut world, operator::CreateChannel { guild: ids.guild, body }), 400, 50035);
    }
    let body = json!({ "name": "x", "parent_id": ids.channel });
    let error = refused(&mut world, operator::CreateChannel { guild: ids.guild, body }).body();
    assert!(error["errors"]["parent_id"]["_errors"].is_array(), "{error}");
}

#[test]
fn channels_are_made_with_limits_and_copy_their_category() {
    let (mut world, ids) = default_world();
    let bot = Actor::bot(ids.application);
    let staff = channel(&world, &ids, "Staff");
    let create = |actor, body: Value| places::CreateChannel { actor, guild: ids.guild, body };
    let made = world
        .apply(create(bot, json!({ "name": "Quiet Corner", "parent_id": staff })), NOW)
        .expect("channel");
    assert_eq!(made.output["name"], "quiet-corner");
    assert_eq!(made.output["permission_overwrites"].as_array().map(Vec::len), Some(2));
    assert_eq!(names(&made.events)[0], "CHANNEL_CREATE");
    let noor = Actor::person(person(&world, "noor"));
    assert_code(&refused(&mut world, create(noor, json!({ "name": "x" }))), 403, 50013);
    for (body, key) in [
        (json!({ "name": "" }), "name"),
        (json!({ "name": "x", "topic": "x".repeat(1025) }), "topic"),
        (json!({ "name": "x", "type": 1 }), "type"),
        (json!({ "name": "x", "type": 2, "bitrate": 100 }), "bitrate"),
        (json!({ "name": "x", "type": 2, "user_limit": 100 }), "user_limit"),
    ] {
        let error = refused(&mut world, create(bot, body.clone()));
        assert!(error.body()["errors"][key]["_errors"].is_array(), "{body} -> {error:?}");
    }
    // Overwrites only with bits one holds: a manager of channels who is no administrator.
    let body =
        json!({ "permissions": (p::MANAGE_CHANNELS | p::MANAGE_ROLES | p::DEFAULT_EVERYONE).to_string() });
    let patch = operator::PatchRole { guild: ids.guild, role: role(&world, &ids, "Newcomer"), body };
    world.apply(patch, NOW).expect("role");
    let overwrite = |bit: u64| json!([{ "id": ids.guild, "type": 0, "allow": bit.to_string(), "deny": "0" }]);
    let with = |bit| json!({ "name": "x", "permission_overwrites": overwrite(bit) });
    assert_code(&refused(&mut world, create(noor, with(p::BAN_MEMBERS))), 403, 50013);
    assert_code(&refused(&mut world, create(noor, with(p::MANAGE_ROLES))), 403, 50013);
    world.apply(create(noor, with(p::SEND_MESSAGES)), NOW).expect("holds it");
    // Text and announcement can change into each other, others not.
    let patch = |channel, body: Value| places::PatchChannel { actor: bot, channel, body };
    let changed = world.apply(patch(ids.channel, json!({ "type": 5, "topic": null })), NOW).expect("patch");
    assert_eq!((&changed.output["type"], &changed.output["topic"]), (&json!(5), &Value::Null));
    assert_code(&refused(&mut world, patch(ids.channel, json!({ "type": 2 }))), 400, 50035);
    let same = world.apply(patch(ids.channel, json!({})), NOW).expect("nothing to do");
    assert!(same.events.is_empty());
}

#[test]
fn users_applications_and_own_members_change_themselves() {
    let (mut world, ids) = default_world();
    let bot = Actor::bot(ids.application);
    let png = "data:image/png;base64,iVBORw0KGgo=";
    let body = json!({ "username": "Gearbox", "avatar": png });
    let changed = world.apply(places::PatchMe { actor: bot, body }, NOW).expect("user");
    assert_eq!(changed.output["username"], "Gearbox");
    assert_eq!(changed.output["avatar"].as_str().map(str::len), Some(32));
    assert_eq!(names(&changed.events), ["USER_UPDATE", "GUILD_MEMBER_UPDATE"]);
    let error = refused(
        &mut world,
        places::PatchMe { actor: bot, body: json!({ "username": "x", "avatar": "nope" }) },
    );
    assert!(error.body()["errors"]["username"].is_object() && error.body()["errors"]["avatar"].is_object());

    let body = json!({ "description": "New", "tags": ["fun"], "flags": 1 << 15, "custom_install_url": "https://e.org" });
    let changed =
        world.apply(places::PatchApplication { actor: bot, body }, NOW).expect("application").output;
    assert_eq!((&changed["description"], &changed["tags"]), (&json!("New"), &json!(["fun"])));
    assert_eq!((&changed["flags"], &changed["flags_new"]), (&json!(1 << 15), &json!("32768")));
    assert_eq!(changed["custom_install_url"], "https://e.org");
    let body = json!({ "tags": ["a", "b", "c", "d", "e", "f"] });
    assert_code(&refused(&mut world, places::PatchApplication { actor: bot, body }), 400, 50035);

    let patch = |actor, body: Value| places::PatchMyMember { actor, guild: ids.guild, body };
    let changed = world.apply(patch(bot, json!({ "nick": "Cog" })), NOW).expect("nick");
    assert_eq!(changed.output["nick"], "Cog");
    let body = json!({ "permissions": p::VIEW_CHANNEL.to_string() });
    let everyone = operator::PatchRole { guild: ids.guild, role: ids.guild.into(), body };
    world.apply(everyone, NOW).expect("role");
    let noor = Actor::person(person(&world, "noor"));
    assert_code(&refused(&mut world, patch(noor, json!({ "nick": "N" }))), 403, 50013);
}

#[test]
fn presence_is_told_to_each_guild_once() {
    let (mut world, ids) = default_world();
    let set = |world: &mut World, status, activities| {
        let action = places::SetPresence { user: ids.application.into(), status, activities };
        world.apply(action, NOW).expect("presence").events
    };
    let playing = vec![json!({ "name": "chess", "type": 0, "details": "not for bots" })];
    let events = set(&mut world, Status::Online, Some(playing.clone()));
    assert_eq!(names(&events), ["PRESENCE_UPDATE"]);
    let data = &events[0].data;
    assert_eq!((&data["status"], &data["guild_id"]), (&json!("online"), &json!(ids.guild)));
    assert_eq!(data["activities"][0]["name"], "chess");
    assert!(data["activities"][0].get("details").is_none());
    assert!(set(&mut world, Status::Online, Some(playing)).is_empty(), "nothing new");
    let without = Viewer::Bot {
        application: ids.application,
        intents: intents::ALL & !intents::GUILD_PRESENCES,
        large_threshold: 50,
    };
    assert!(world.sees(&events[0], &without, NOW).is_none());
}

#[test]
fn applications_come_with_a_token_and_a_managed_role() {
    let (mut world, ids) = default_world();
    let body = json!({
        "name": "Helper", "guilds": [ids.guild], "permissions": "8",
        "privileged_intents": ["members", "message_content"],
    });
    let made = world.apply(operator::CreateApplication { body }, NOW).expect("application");
    assert_eq!(made.output["application"]["flags"], (1 << 15) | (1 << 19));
    assert_eq!(made.output["user"]["bot"], true);
    let application = id(&made.output["application"]);
    let token = made.output["token"].as_str().expect("token").to_owned();
    assert_eq!(world.application_by_token(&token).map(|a| a.id), Some(application));
    assert_eq!(world.guild_permissions(ids.guild, application.into(), NOW), p::ALL);
    assert!(
        names(&made.events).starts_with(&["GUILD_ROLE_CREATE", "GUILD_CREATE"]),
        "{:?}",
        names(&made.events)
    );
    let viewer = Viewer::Bot { application, intents: intents::ALL, large_threshold: 250 };
    let joined =
        world.sees(event(&made.events, EventKind::GuildCreate), &viewer, NOW).expect("its own guild");
    assert_eq!(joined.get("unavailable"), None, "a guild just joined, not one back from an outage");
    let fresh = world.apply(operator::NewToken { application }, NOW).expect("token").output;
    assert!(world.application_by_token(&token).is_none() && world.application_by_token(&fresh).is_some());
    let body = json!({ "permissions": "0" });
    world.apply(operator::PatchApplication { application, body }, NOW).expect("patch");
    assert_ne!(world.guild_permissions(ids.guild, application.into(), NOW), p::ALL);
    let overview = operator::overview(&world).to_string();
    assert!(!overview.contains(&fresh) && !overview.contains(&ids.token), "no tokens in lists");
    let unknown: GuildId = GuildId::new(5);
    assert_code(&refused(&mut world, operator::DeleteGuild { guild: unknown }), 404, 10004);
}
