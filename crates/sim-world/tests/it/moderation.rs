//! Bans, prunes, kicks and time-outs: rank, what bots learn, what becomes of whom.

use std::{collections::BTreeSet, time::Duration};

use cogwright_sim_world::{
    Actor, ApplicationId, ChannelId, Event, EventKind, GuildId, MessageId, Timestamp, UserId, Viewer,
    intents,
    messages::{AddReaction, CreateMessage},
    permissions as p,
    places::{
        self,
        moderation::{BanUser, BansPage, BulkBan, Prune, Unban, ban, bans, prune_count},
        operator,
    },
};
use serde_json::{Value, json};

use crate::{
    helpers::{NOW, id, person, role},
    stage::Stage,
};

const DAY: u64 = 86_400_000;

fn newcomer(stage: &mut Stage, name: &str) -> UserId {
    id(&stage.apply(operator::CreateUser { body: json!({ "username": name }) }).0)
}

fn say(stage: &mut Stage, user: UserId, channel: ChannelId, at: Timestamp) -> MessageId {
    let body = json!({ "content": "x" });
    let send = CreateMessage { actor: Actor::person(user), channel, body, files: Vec::new() };
    id(&stage.world.apply(send, at).expect("is allowed").output)
}

fn ban_of(stage: &Stage, actor: Actor, user: UserId) -> BanUser {
    BanUser { actor, guild: stage.guild, user, body: json!({}) }
}

fn kinds(events: &[Event]) -> Vec<EventKind> {
    events.iter().map(|e| e.kind).collect()
}

#[test]
fn who_is_banned_leaves_and_cannot_come_back_until_the_ban_is_lifted() {
    let mut stage = Stage::new();
    let (guild, user, bot) = (stage.guild, stage.noor.user, stage.bot);
    let applied = stage.world.apply_because(ban_of(&stage, bot, user), NOW, Some("spam".into()));
    let events = applied.expect("is allowed").events;
    assert_eq!(stage.told(&events), ["GUILD_BAN_ADD", "GUILD_MEMBER_REMOVE"]);
    let told = &events[0].data;
    assert_eq!((&told["guild_id"], &told["user"]["id"]), (&json!(guild), &json!(user)));
    assert!(stage.world.member(guild, user).is_err());
    let shown = ban(&stage.world, bot, guild, user, NOW).expect("is banned");
    assert_eq!((&shown["user"]["id"], &shown["reason"]), (&json!(user), &json!("spam")));

    assert_eq!(stage.refused(places::JoinGuild { user, guild }), 40007);
    assert_eq!(stage.refused(operator::AddMember { guild, body: json!({ "user": user }) }), 40007);
    // The same again changes nothing, not even the reason.
    let again = stage.world.apply_because(ban_of(&stage, bot, user), NOW, Some("other".into()));
    assert_eq!(again.expect("is allowed").events.len(), 0);
    assert_eq!(ban(&stage.world, bot, guild, user, NOW).expect("is banned")["reason"], "spam");

    let ((), events) = stage.apply(Unban { actor: bot, guild, user });
    assert_eq!(stage.told(&events), ["GUILD_BAN_REMOVE"]);
    let lifted = stage.payload(&events, "GUILD_BAN_REMOVE");
    assert_eq!((&lifted["guild_id"], &lifted["user"]["id"]), (&json!(guild), &json!(user)));
    let entry = stage.audit_entry();
    assert_eq!((&entry["action_type"], &entry["target_id"]), (&json!(23), &json!(user)));
    assert_eq!(stage.refused(Unban { actor: bot, guild, user }), 10026);
    assert_eq!(ban(&stage.world, bot, guild, user, NOW).map_err(|e| (e.status, e.code)), Err((404, 10026)));
    stage.apply(places::JoinGuild { user, guild });
}

#[test]
fn a_banned_bot_is_not_added_again() {
    let mut stage = Stage::new();
    let (guild, owner) = (stage.guild, stage.owner);
    let body = json!({ "name": "Guest", "guilds": [guild], "permissions": "2" });
    let (made, _) = stage.apply(operator::CreateApplication { body });
    let application: ApplicationId = id(&made["application"]);
    let ((), events) = stage.apply(ban_of(&stage, owner, application.into()));
    let viewer = Viewer::Bot { application, intents: intents::ALL, large_threshold: 50 };
    let seen: Vec<_> = events.iter().filter(|e| stage.world.sees(e, &viewer, NOW).is_some()).collect();
    assert_eq!(seen.iter().map(|e| e.kind.name()).collect::<Vec<_>>(), ["GUILD_DELETE"], "and nothing else");
    assert!(!stage.world.guild(guild).expect("is there").roles.values().any(|r| r.bot == Some(application)));
    let body = json!({ "scopes": ["bot"] });
    let invite = |body| places::AuthorizeApplication { user: owner.user, application, guild, body };
    assert_eq!(stage.refused(invite(body)), 40007);
    let body = json!({ "guilds": [guild] });
    assert_eq!(stage.refused(operator::PatchApplication { application, body }), 40007);
    stage.apply(invite(json!({ "scopes": ["applications.commands"] })));
    // With the application its ban goes.
    stage.apply(operator::DeleteApplication { application });
    assert!(stage.world.guild(guild).expect("is there").bans.is_empty());
}

#[test]
fn bans_are_told_to_those_who_may_ban_or_read_the_audit_log() {
    let mut stage = Stage::new();
    let user = newcomer(&mut stage, "stranger");
    let ((), events) = stage.apply(ban_of(&stage, stage.bot, user));
    assert_eq!(kinds(&events), [EventKind::GuildBanAdd, EventKind::GuildAuditLogEntryCreate]);
    let told = |stage: &mut Stage, bits, intents| {
        stage.bot_may(bits);
        stage.seen(&events[..1], intents).len()
    };
    assert_eq!(told(&mut stage, p::BAN_MEMBERS, intents::GUILD_MODERATION), 1);
    assert_eq!(told(&mut stage, p::VIEW_AUDIT_LOG, intents::GUILD_MODERATION), 1);
    assert_eq!(told(&mut stage, p::KICK_MEMBERS, intents::ALL), 0, "neither permission");
    assert_eq!(told(&mut stage, p::BAN_MEMBERS, intents::ALL & !intents::GUILD_MODERATION), 0, "no intent");
}

#[test]
fn case_16_nobody_moderates_those_at_or_above_their_own_rank() {
    let mut stage = Stage::new();
    let (guild, bot, owner, mika) = (stage.guild, stage.bot, stage.owner, stage.mika);
    // Mika stands above the bot, which is an administrator all the same.
    for user in [mika.user, owner.user, bot.user] {
        assert_eq!(stage.refused(ban_of(&stage, bot, user)), 50013, "ban {user}");
        assert_eq!(stage.refused(places::Kick { actor: bot, guild, user }), 50013, "kick {user}");
        let users = json!({ "user_ids": [user] });
        assert_eq!(stage.refused(BulkBan { actor: bot, guild, body: users }), 500_000, "bulk ban {user}");
    }
    for user in [mika.user, owner.user] {
        let body = json!({ "nick": "x" });
        assert_eq!(stage.refused(places::PatchMember { actor: bot, guild, user, body }), 50013, "{user}");
    }
    let above = role(&stage.world, &stage.ids, "Moderator");
    let rename = places::PatchRole { actor: bot, guild, role: above, body: json!({ "name": "x" }) };
    assert_eq!(stage.refused(rename), 50013);
    assert_eq!(stage.refused(places::DeleteRole { actor: bot, guild, role: above }), 50013);
    let give = places::SetMemberRole { actor: bot, guild, user: stage.noor.user, role: above, give: true };
    assert_eq!(stage.refused(give), 50013);

    // Below it works, and is told.
    let below = role(&stage.world, &stage.ids, "Regular");
    let body = json!({ "name": "Known" });
    let (_, events) = stage.apply(places::PatchRole { actor: bot, guild, role: below, body });
    assert_eq!(stage.told(&events), ["GUILD_ROLE_UPDATE"]);
    let ((), events) = stage.apply(places::Kick { actor: bot, guild, user: stage.noor.user });
    assert_eq!(stage.told(&events), ["GUILD_MEMBER_REMOVE"]);
    let ((), events) = stage.apply(ban_of(&stage, owner, mika.user));
    assert_eq!(stage.told(&events), ["GUILD_BAN_ADD", "GUILD_MEMBER_REMOVE"], "the owner stands above all");
}

#[test]
fn who_may_ban_whom() {
    let mut stage = Stage::new();
    let (guild, bot, noor) = (stage.guild, stage.bot, stage.noor);
    let sasha = person(&stage.world, "sasha");
    assert_eq!(stage.refused(ban_of(&stage, noor, sasha)), 50013, "no BAN_MEMBERS");
    let elsewhere = Actor::person(newcomer(&mut stage, "elsewhere"));
    assert_eq!(stage.refused(ban_of(&stage, elsewhere, sasha)), 50001, "no member");
    assert_eq!(stage.refused(ban_of(&stage, bot, UserId::new(17))), 10013);
    let nowhere = BanUser { guild: GuildId::new(1), ..ban_of(&stage, bot, sasha) };
    assert_eq!(stage.refused(nowhere), 10004);
    for body in [
        json!({ "delete_message_seconds": -1 }),
        json!({ "delete_message_seconds": 604_801 }),
        json!({ "delete_message_seconds": "soon" }),
        json!({ "delete_message_days": 8 }),
        json!([]),
    ] {
        assert_eq!(stage.refused(BanUser { body, ..ban_of(&stage, bot, sasha) }), 50035);
    }
    assert_eq!(stage.refused(Unban { actor: noor, guild, user: sasha }), 50013);
    let reading = |actor| bans(&stage.world, actor, guild, &BansPage::default(), NOW).map_err(|e| e.code);
    assert_eq!(reading(noor), Err(50013));
    assert_eq!(reading(elsewhere), Err(50001));
    assert_eq!(ban(&stage.world, noor, guild, sasha, NOW).map_err(|e| e.code), Err(50013));
    // Nor does rank help without the permission.
    stage.bot_may(p::ALL & !p::ADMINISTRATOR & !p::BAN_MEMBERS);
    assert_eq!(stage.refused(ban_of(&stage, bot, sasha)), 50013);
    assert_eq!(stage.refused(ban_of(&stage, bot, elsewhere.user)), 50013);
    stage.bot_may(p::BAN_MEMBERS);
    stage.apply(ban_of(&stage, bot, sasha));
}

#[test]
fn case_45_a_ban_deletes_recent_messages_in_every_channel() {
    let mut stage = Stage::new();
    let (guild, bot, user, general) = (stage.guild, stage.bot, stage.noor.user, stage.ids.channel);
    let body = json!({ "name": "talk", "type": 11 });
    let (thread, _) =
        stage.apply(places::CreateThread { actor: bot, channel: general, body, files: Vec::new() });
    let thread: ChannelId = id(&thread);
    let later = Timestamp::from_ms(NOW.ms() + DAY);
    let old = say(&mut stage, user, general, NOW);
    let many: Vec<MessageId> = (0..101).map(|_| say(&mut stage, user, general, later)).collect();
    let in_thread = say(&mut stage, user, thread, later);
    let mika = stage.mika.user;
    let others = say(&mut stage, mika, general, later);
    let body = json!({ "delete_message_seconds": 60 });
    let applied = stage.world.apply(BanUser { actor: bot, guild, user, body }, later).expect("is allowed");
    let bulk: Vec<_> = applied.events.iter().filter(|e| e.kind == EventKind::MessageDeleteBulk).collect();
    let told: Vec<(Value, usize)> = bulk
        .iter()
        .map(|e| (e.data["channel_id"].clone(), e.data["ids"].as_array().expect("ids").len()))
        .collect();
    let (general_id, thread_id) = (json!(general), json!(thread));
    assert_eq!(told, [(general_id.clone(), 100), (general_id, 1), (thread_id, 1)], "at most 100 at once");
    assert!(bulk.iter().all(|e| e.data["guild_id"] == json!(guild)));
    let gone: BTreeSet<String> = bulk
        .iter()
        .flat_map(|e| e.data["ids"].as_array().expect("ids"))
        .map(|id| id.as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(gone, many.iter().chain([&in_thread]).map(ToString::to_string).collect());
    assert!(stage.world.message(general, old).is_ok(), "too old");
    assert!(stage.world.message(general, others).is_ok(), "another's");
    assert!(stage.world.channel_of(in_thread).is_err());

    // In days, and with seconds winning over days; nothing without either.
    let ban_with = |stage: &mut Stage, body: Value| {
        let user = newcomer(stage, "writer");
        stage.apply(places::JoinGuild { user, guild });
        let message = say(stage, user, general, NOW);
        let at = Timestamp::from_ms(NOW.ms() + 2 * DAY);
        let ban = BanUser { actor: bot, guild, user, body };
        stage.world.apply(ban, at).expect("is allowed");
        stage.world.message(general, message).is_err()
    };
    assert!(ban_with(&mut stage, json!({ "delete_message_days": 2 })));
    assert!(!ban_with(&mut stage, json!({ "delete_message_days": 1 })));
    assert!(!ban_with(&mut stage, json!({ "delete_message_days": 7, "delete_message_seconds": 0 })));
    assert!(!ban_with(&mut stage, json!({ "delete_message_seconds": null })));
}

#[test]
fn strangers_are_banned_at_most_two_thousand_a_day() {
    let mut stage = Stage::new();
    let (guild, bot) = (stage.guild, stage.bot);
    let batch = |stage: &mut Stage| -> Vec<UserId> { (0..200).map(|_| newcomer(stage, "raider")).collect() };
    let users: Vec<UserId> = (0..10).flat_map(|_| batch(&mut stage)).collect();
    for users in users.chunks(200) {
        stage.apply(BulkBan { actor: bot, guild, body: json!({ "user_ids": users }) });
    }
    let one_more = newcomer(&mut stage, "raider");
    assert_eq!(stage.refused(ban_of(&stage, bot, one_more)), 30035);
    let both = json!({ "user_ids": [one_more, stage.noor.user] });
    let (answer, _) = stage.apply(BulkBan { actor: bot, guild, body: both });
    let expected = json!({ "banned_users": [stage.noor.user], "failed_users": [one_more] });
    assert_eq!(answer, expected, "members do not count");
    // Lifted, or a day later, there is room again.
    stage.apply(Unban { actor: bot, guild, user: users[0] });
    stage.apply(ban_of(&stage, bot, users[0]));
    assert_eq!(stage.refused(ban_of(&stage, bot, one_more)), 30035);
    let almost = Timestamp::from_ms(NOW.ms() + DAY - 1);
    assert_eq!(
        stage.world.apply(ban_of(&stage, bot, one_more), almost).map_err(|e| e.code).err(),
        Some(30035)
    );
    let tomorrow = Timestamp::from_ms(NOW.ms() + DAY);
    assert!(stage.world.apply(ban_of(&stage, bot, one_more), tomorrow).is_ok());
}

#[test]
fn many_are_banned_at_once() {
    let mut stage = Stage::new();
    let (guild, bot, noor, general) = (stage.guild, stage.bot, stage.noor.user, stage.ids.channel);
    let banned = newcomer(&mut stage, "banned");
    stage.apply(ban_of(&stage, bot, banned));
    let sasha = person(&stage.world, "sasha");
    let message = say(&mut stage, sasha, general, NOW);
    let users = json!([noor, stage.mika.user, "17", sasha, banned]);
    let body = json!({ "user_ids": users, "delete_message_seconds": 3600 });
    let (answer, events) = stage.apply(BulkBan { actor: bot, guild, body });
    assert_eq!(
        answer,
        json!({ "banned_users": [noor, sasha], "failed_users": [stage.mika.user, "17", banned] })
    );
    assert_eq!(
        stage.told(&events),
        [
            "GUILD_BAN_ADD",
            "GUILD_MEMBER_REMOVE",
            "GUILD_BAN_ADD",
            "GUILD_MEMBER_REMOVE",
            "MESSAGE_DELETE_BULK"
        ]
    );
    assert!(stage.world.message(general, message).is_err());
    let body = |users: Value| BulkBan { actor: bot, guild, body: json!({ "user_ids": users }) };
    assert_eq!(stage.refusal(body(json!([banned, "17"]))).code, 500_000, "none of them");
    assert_eq!(stage.refused(body(json!([]))), 500_000);
    let sasha = sasha.to_string();
    for users in [Value::Null, json!("17"), json!([sasha, sasha]), json!(["x"]), json!(vec!["1"; 201])] {
        assert_eq!(stage.refused(body(users)), 50035);
    }
    let body = json!({ "user_ids": [noor] });
    assert_eq!(stage.refused(BulkBan { actor: stage.mika, guild, body }), 50013, "no MANAGE_GUILD");
}

#[test]
fn bans_are_listed_by_user() {
    let mut stage = Stage::new();
    let (guild, bot) = (stage.guild, stage.bot);
    let users: Vec<UserId> = (0..5).map(|_| newcomer(&mut stage, "someone")).collect();
    stage.apply(BulkBan { actor: bot, guild, body: json!({ "user_ids": users }) });
    let list = |page: BansPage| -> Vec<UserId> {
        let list = bans(&stage.world, bot, guild, &page, NOW).expect("is allowed");
        list.as_array().expect("a list").iter().map(|ban| id(&ban["user"])).collect()
    };
    let page = BansPage::default();
    assert_eq!(list(page), users);
    assert_eq!(list(BansPage { limit: Some(2), ..page }), users[..2]);
    assert_eq!(list(BansPage { after: Some(users[1]), limit: Some(2), ..page }), users[2..4]);
    assert_eq!(list(BansPage { before: Some(users[3]), limit: Some(2), ..page }), users[1..3], "just below");
    let both = BansPage { before: Some(users[1]), after: Some(users[3]), ..page };
    assert_eq!(list(both), users[..1], "before wins");
    assert_eq!(list(BansPage { after: Some(users[4]), ..page }), []);
    for limit in [0, 1001, -1] {
        let page = BansPage { limit: Some(limit), ..page };
        assert_eq!(bans(&stage.world, bot, guild, &page, NOW).map_err(|e| e.code), Err(50035));
    }
    // A user who is removed from the world is banned nowhere.
    stage.apply(operator::DeleteUser { user: users[0] });
    assert_eq!(stage.world.guild(guild).expect("is there").bans.len(), 4);
}

#[test]
fn a_prune_removes_those_without_roles_who_were_not_active() {
    let mut stage = Stage::new();
    let (guild, bot, owner, general) = (stage.guild, stage.bot, stage.owner, stage.ids.channel);
    let join = |stage: &mut Stage, name| {
        let user = newcomer(stage, name);
        stage.apply(places::JoinGuild { user, guild });
        user
    };
    let (quiet, talker) = (join(&mut stage, "quiet"), join(&mut stage, "talker"));
    let marked = join(&mut stage, "marked");
    let regular = role(&stage.world, &stage.ids, "Regular");
    let newcomers = role(&stage.world, &stage.ids, "Newcomer");
    stage.apply(operator::PatchMember { guild, user: marked, body: json!({ "roles": [regular] }) });
    // A bot without roles.
    stage.apply(operator::CreateApplication { body: json!({ "name": "Idle", "guilds": [guild] }) });
    let sent = say(&mut stage, talker, general, Timestamp::from_ms(NOW.ms() + 6 * DAY));
    let at = |days: u64| Timestamp::from_ms(NOW.ms() + days * DAY);
    let count = |stage: &Stage, query: Value, days| {
        prune_count(&stage.world, bot, guild, &query, at(days)).map(|answer| answer["pruned"].clone())
    };
    assert_eq!(count(&stage, json!({}), 6), Ok(json!(0)), "a week has not passed");
    assert_eq!(count(&stage, json!({}), 7), Ok(json!(1)));
    assert_eq!(count(&stage, json!({ "days": "1" }), 7), Ok(json!(2)));
    assert_eq!(count(&stage, json!({ "days": 30 }), 29), Ok(json!(0)));
    assert_eq!(count(&stage, json!({}), 13), Ok(json!(2)), "the message is a week old");
    // Deleting it does not make its author less active.
    let delete = cogwright_sim_world::messages::DeleteMessage { actor: bot, channel: general, message: sent };
    stage.apply(delete);
    assert_eq!(count(&stage, json!({}), 7), Ok(json!(1)));
    // With roles: those who have some of them and no others. Mika has one more, and stands above.
    let only = json!({ "include_roles": format!("{regular},{newcomers}") });
    assert_eq!(count(&stage, only, 7), Ok(json!(4)), "quiet, marked, noor, sasha");
    assert_eq!(count(&stage, json!({ "include_roles": [regular, null] }), 7), Ok(json!(3)));
    let above = role(&stage.world, &stage.ids, "Moderator");
    let all = json!({ "include_roles": [regular, newcomers, above] });
    assert_eq!(count(&stage, all.clone(), 7), Ok(json!(4)), "the bot does not reach Mika");
    let by_owner = prune_count(&stage.world, owner, guild, &all, at(7)).expect("is allowed");
    assert_eq!(by_owner["pruned"], 5);

    for query in [
        json!({ "days": 0 }),
        json!({ "days": 31 }),
        json!({ "days": "x" }),
        json!({ "include_roles": "x" }),
        json!({ "include_roles": vec!["1"; 101] }),
        json!({ "include_roles": 5 }),
    ] {
        assert_eq!(count(&stage, query.clone(), 7).map_err(|e| e.code), Err(50035), "{query}");
    }
    assert_eq!(count(&stage, json!({ "include_roles": "17" }), 7).map_err(|e| e.code), Err(10011));
    let refused = prune_count(&stage.world, stage.mika, guild, &json!({}), at(7)).map_err(|e| e.code);
    assert_eq!(refused, Err(50013), "no MANAGE_GUILD");
    assert_eq!(stage.refused(Prune { actor: stage.mika, guild, body: json!({}) }), 50013);
    for missing in [p::MANAGE_GUILD, p::KICK_MEMBERS] {
        stage.bot_may(p::ALL & !p::ADMINISTRATOR & !missing);
        assert_eq!(stage.refused(Prune { actor: bot, guild, body: json!({}) }), 50013);
        assert_eq!(count(&stage, json!({}), 7).map_err(|e| e.code), Err(50013));
    }
    stage.bot_may(p::MANAGE_GUILD | p::KICK_MEMBERS);
    // Somebody who wrote long ago and came back is counted from the day they came.
    let mut again = stage.world.clone();
    again.apply(operator::RemoveMember { guild, user: talker }, at(9)).expect("is allowed");
    // Without the message that says so.
    let body = json!({ "system_channel_id": null });
    again.apply(places::PatchGuild { actor: owner, guild, body }, at(9)).expect("is allowed");
    again.apply(places::JoinGuild { user: talker, guild }, at(9)).expect("is allowed");
    let pruned =
        |days| prune_count(&again, bot, guild, &json!({}), at(days)).expect("is allowed")["pruned"].clone();
    assert_eq!((pruned(15), pruned(16)), (json!(1), json!(2)));

    let prune = |body| Prune { actor: bot, guild, body };
    let applied = stage.world.apply(prune(json!({ "days": 7 })), at(7)).expect("is allowed");
    assert_eq!(applied.output, json!({ "pruned": 1 }));
    assert_eq!(stage.told(&applied.events), ["GUILD_MEMBER_REMOVE"]);
    assert!(stage.world.member(guild, quiet).is_err() && stage.world.member(guild, talker).is_ok());
    let entry = stage.audited();
    let told = json!({ "delete_member_days": "7", "members_removed": "1" });
    assert_eq!((entry.target, Value::Object(entry.options)), (None, told));
    let uncounted = json!({ "compute_prune_count": false, "include_roles": [regular] });
    let applied = stage.world.apply(prune(uncounted), at(7)).expect("is allowed");
    assert_eq!(applied.output, json!({ "pruned": null }));
    assert!(stage.world.member(guild, marked).is_err());
    stage.apply(places::JoinGuild { user: quiet, guild });
}

#[test]
fn case_25_a_time_out_silences_until_it_ends() {
    let mut stage = Stage::new();
    let (guild, bot, noor, general) = (stage.guild, stage.bot, stage.noor, stage.ids.channel);
    let owner = stage.owner.user;
    let message = say(&mut stage, owner, general, NOW);
    let until = NOW.plus(Duration::from_secs(600));
    let time_out = |actor, user, until: Value| places::PatchMember {
        actor,
        guild,
        user,
        body: json!({ "communication_disabled_until": until }),
    };
    let (member, events) = stage.apply(time_out(bot, noor.user, json!(until.iso())));
    assert_eq!(member["communication_disabled_until"], until.iso());
    assert_eq!(stage.told(&events), ["GUILD_MEMBER_UPDATE"]);
    let changes = stage.audited().changes;
    assert_eq!(changes, [json!({ "key": "communication_disabled_until", "new_value": until.iso() })]);
    let send = || CreateMessage {
        actor: noor,
        channel: general,
        body: json!({ "content": "let me" }),
        files: Vec::new(),
    };
    let react = || AddReaction { actor: noor, channel: general, message, emoji: "👍".into() };
    assert_eq!(stage.refused(send()), 50013);
    assert_eq!(stage.refused(react()), 50013);
    // Time passes by itself.
    let almost = Timestamp::from_ms(until.ms() - 1);
    assert!(stage.world.tick(almost).is_empty());
    assert!(stage.world.apply(send(), almost).is_err());
    let events = stage.world.tick(until);
    assert_eq!(kinds(&events), [EventKind::GuildMemberUpdate]);
    assert!(stage.world.apply(send(), until).is_ok() && stage.world.apply(react(), until).is_ok());

    let days = |days: u64, ms: u64| json!(Timestamp::from_ms(NOW.ms() + days * DAY + ms).iso());
    let too_long = stage.refusal(time_out(bot, noor.user, days(28, 1)));
    assert_eq!((too_long.status, too_long.code), (400, 50035));
    stage.apply(time_out(bot, noor.user, days(28, 0)));
    stage.apply(time_out(bot, noor.user, Value::Null));
    assert_eq!(stage.world.member(guild, noor.user).expect("is there").timeout_until, None);
    // Administrators and the owner are exempt, whoever tries.
    for (actor, user) in [(stage.owner, bot.user), (bot, stage.owner.user), (stage.mika, bot.user)] {
        let refused = stage.refusal(time_out(actor, user, days(1, 0)));
        assert_eq!((refused.status, refused.code), (403, 50013), "{user}");
    }
    assert_eq!(stage.refused(time_out(noor, stage.mika.user, days(1, 0))), 50013, "no MODERATE_MEMBERS");
}
