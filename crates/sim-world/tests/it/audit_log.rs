//! The audit log: what each action writes, who may read it, what a page holds.

use std::sync::Arc;

use cogwright_sim_world::{
    Action, Actor, AuditAction, AuditEntry, ChannelId, EventKind, MessageId, Timestamp, UserId, Viewer,
    World, auto_moderation, commands, intents,
    messages::{BulkDelete, CreateMessage, DeleteMessage, Pin, Unpin},
    permissions as p,
    places::{
        self,
        moderation::{AuditPage, BanUser, Prune, Unban, audit_log},
        operator,
    },
    webhooks, wire,
};
use serde_json::{Value, json};

use crate::{
    helpers::{NOW, id, role},
    stage::Stage,
};

/// Applies an action and answers what it wrote, as REST shows it, without `id` and `user_id`.
#[track_caller]
fn written<A: Action>(stage: &mut Stage, action: A) -> Vec<Value>
where
    A::Output: std::fmt::Debug,
{
    let log = |stage: &Stage| -> Vec<AuditEntry> {
        stage.world.guild(stage.guild).expect("is there").audit.entries().cloned().collect()
    };
    let before = log(stage).len();
    stage.apply(action);
    let mut entries: Vec<Value> = log(stage)[before..].iter().map(wire::audit_entry).collect();
    for entry in &mut entries {
        // A strict client must be able to read it.
        let parsed = serde_json::from_value::<twilight_model::guild::audit_log::AuditLogEntry>(entry.clone());
        parsed.unwrap_or_else(|error| panic!("{error}: {entry}"));
        let map = entry.as_object_mut().expect("an object");
        assert!(map.shift_remove("id").is_some() && map.shift_remove("user_id").is_some());
    }
    entries
}

#[track_caller]
fn one(entries: Vec<Value>) -> Value {
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries.into_iter().next().expect("one")
}

/// `{key: [old, new]}` of an entry's changes.
fn changes(entry: &Value) -> Value {
    let list = entry["changes"].as_array().expect("changes");
    let pair =
        |c: &Value| (c["key"].as_str().expect("a key").to_owned(), json!([c["old_value"], c["new_value"]]));
    Value::Object(list.iter().map(pair).collect())
}

fn say(stage: &mut Stage, actor: Actor, channel: ChannelId, text: &str) -> MessageId {
    let body = json!({ "content": text });
    id(&stage.apply(CreateMessage { actor, channel, body, files: Vec::new() }).0)
}

#[test]
fn channels_and_their_overwrites() {
    let mut stage = Stage::new();
    let (actor, guild) = (stage.bot, stage.guild);
    let regular = role(&stage.world, &stage.ids, "Regular");
    let overwrite = json!({ "id": regular, "type": 0, "allow": "0", "deny": p::SEND_MESSAGES.to_string() });
    let body = json!({ "name": "New Room", "topic": "t", "permission_overwrites": [overwrite] });
    let made = one(written(&mut stage, places::CreateChannel { actor, guild, body }));
    assert_eq!(made["action_type"], 10);
    let told = changes(&made);
    assert_eq!(
        (&told["name"], &told["topic"], &told["type"]),
        (&json!([null, "new-room"]), &json!([null, "t"]), &json!([null, 0]))
    );
    assert_eq!(told["permission_overwrites"], json!([null, [overwrite]]));
    assert!(told.get("id").is_none() && told.get("guild_id").is_none(), "{told}");
    let channel: ChannelId = made["target_id"].as_str().expect("an id").parse().expect("an id");
    assert!(stage.world.channel(channel).is_ok());

    let patch = |body: Value| places::PatchChannel { actor, channel, body };
    let entries = written(&mut stage, patch(json!({ "name": "room", "topic": null, "nsfw": false })));
    let changed = one(entries);
    assert_eq!(changed["action_type"], 11);
    assert_eq!(changes(&changed), json!({ "name": ["new-room", "room"], "topic": ["t", null] }));
    assert_eq!(written(&mut stage, patch(json!({ "name": "room" }))), [Value::Null; 0], "nothing changed");

    // Overwrites have entries of their own: one added, one changed, and by the other route one removed.
    let member =
        json!({ "id": stage.noor.user, "type": 1, "allow": p::SEND_MESSAGES.to_string(), "deny": "0" });
    let other = json!({ "id": regular, "type": 0, "allow": "0", "deny": p::ADD_REACTIONS.to_string() });
    let entries = written(&mut stage, patch(json!({ "permission_overwrites": [other, member] })));
    let kinds: Vec<_> = entries.iter().map(|e| e["action_type"].as_u64()).collect();
    assert_eq!(kinds, [Some(14), Some(13)], "{entries:?}");
    let deny = json!([p::SEND_MESSAGES.to_string(), p::ADD_REACTIONS.to_string()]);
    assert_eq!(changes(&entries[0]), json!({ "deny": deny }));
    assert_eq!(
        entries[0]["options"],
        json!({ "id": regular.to_string(), "type": "0", "role_name": "Regular" })
    );
    assert_eq!(entries[1]["options"], json!({ "id": stage.noor.user.to_string(), "type": "1" }));
    assert_eq!(changes(&entries[1])["allow"], json!([null, p::SEND_MESSAGES.to_string()]));
    let target = stage.noor.user.get();
    let gone = one(written(&mut stage, places::DeleteOverwrite { actor: Some(actor), channel, target }));
    assert_eq!((&gone["action_type"], &gone["target_id"]), (&json!(15), &json!(channel.to_string())));
    assert_eq!(changes(&gone)["id"], json!([target.to_string(), null]));
    let body = json!({ "type": 1, "deny": "1024" });
    let set = places::SetOverwrite { actor: Some(actor), channel, target, body };
    assert_eq!(one(written(&mut stage, set))["action_type"], 13);

    let deleted = one(written(&mut stage, places::DeleteChannel { actor, channel }));
    assert_eq!((&deleted["action_type"], &deleted["target_id"]), (&json!(12), &json!(channel.to_string())));
    assert_eq!(changes(&deleted)["name"], json!(["room", null]));
}

#[test]
fn threads() {
    let mut stage = Stage::new();
    let (actor, channel) = (stage.bot, stage.ids.channel);
    let body = json!({ "name": "talk" });
    let made = one(written(&mut stage, places::CreateThread { actor, channel, body, files: Vec::new() }));
    assert_eq!(made["action_type"], 110);
    let told = changes(&made);
    for (key, value) in
        [("name", json!("talk")), ("archived", json!(false)), ("invitable", json!(true)), ("type", json!(12))]
    {
        assert_eq!(told[key], json!([null, value]), "{told}");
    }
    assert!(told.get("thread_metadata").is_none() && told.get("member_count").is_none());
    let thread: ChannelId = made["target_id"].as_str().expect("an id").parse().expect("an id");
    let body = json!({ "archived": true, "locked": true });
    let changed = one(written(&mut stage, places::PatchChannel { actor, channel: thread, body }));
    assert_eq!(changed["action_type"], 111);
    assert_eq!(changes(&changed), json!({ "archived": [false, true], "locked": [false, true] }));
    let gone = one(written(&mut stage, places::DeleteChannel { actor, channel: thread }));
    assert_eq!((&gone["action_type"], &changes(&gone)["name"]), (&json!(112), &json!(["talk", null])));

    let message = say(&mut stage, actor, channel, "begin");
    let body = json!({ "name": "on it" });
    let start = places::CreateThreadFromMessage { actor, channel, message, body };
    assert_eq!(one(written(&mut stage, start))["target_id"], message.to_string());
}

#[test]
fn members_and_roles() {
    let mut stage = Stage::new();
    let (actor, guild, user) = (stage.bot, stage.guild, stage.noor.user);
    let (newcomer, regular) =
        (role(&stage.world, &stage.ids, "Newcomer"), role(&stage.world, &stage.ids, "Regular"));
    let until = NOW.plus(std::time::Duration::from_secs(60)).iso();
    let body = json!({ "nick": "N", "communication_disabled_until": until, "roles": [regular] });
    let entries = written(&mut stage, places::PatchMember { actor, guild, user, body });
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert_eq!((&entries[0]["action_type"], &entries[1]["action_type"]), (&json!(24), &json!(25)));
    let told = json!({ "nick": [null, "N"], "communication_disabled_until": [null, until] });
    assert_eq!(changes(&entries[0]), told);
    assert_eq!(
        changes(&entries[1]),
        json!({
            "$add": [null, [{ "id": regular, "name": "Regular" }]],
            "$remove": [null, [{ "id": newcomer, "name": "Newcomer" }]],
        })
    );
    let give = |give| places::SetMemberRole { actor, guild, user, role: newcomer, give };
    let given = one(written(&mut stage, give(true)));
    assert_eq!((&given["action_type"], &given["target_id"]), (&json!(25), &json!(user.to_string())));
    assert_eq!(written(&mut stage, give(true)).len(), 0, "has it already");
    let own = places::PatchMyMember { actor: stage.noor, guild, body: json!({ "nick": null }) };
    // In a time-out nobody renames themselves.
    assert_eq!(stage.refused(own), 50013);
    let own = places::PatchMyMember { actor, guild, body: json!({ "nick": "Bot" }) };
    let renamed = one(written(&mut stage, own));
    assert_eq!(
        (&renamed["target_id"], changes(&renamed)),
        (&json!(actor.user.to_string()), json!({ "nick": [null, "Bot"] }))
    );

    let body = json!([{ "id": newcomer, "position": 2 }]);
    let moved = one(written(&mut stage, places::MoveRoles { actor: Some(actor), guild, body }));
    assert_eq!((&moved["action_type"], &moved["target_id"]), (&json!(31), &json!(newcomer.to_string())));
    assert_eq!(changes(&moved), json!({ "position": [1, 2] }), "not the one that made room");
}

#[test]
fn messages_and_pins() {
    let mut stage = Stage::new();
    let (actor, channel, noor) = (stage.bot, stage.ids.channel, stage.noor);
    let ids: Vec<MessageId> = (0..4).map(|_| say(&mut stage, noor, channel, "x")).collect();
    let pinned = one(written(&mut stage, Pin { actor, channel, message: ids[0] }));
    let told = json!({
        "target_id": noor.user.to_string(), "action_type": 74,
        "options": { "channel_id": channel.to_string(), "message_id": ids[0].to_string() },
    });
    assert_eq!(pinned, told);
    let unpin = Unpin { actor, channel, message: ids[0] };
    assert_eq!(one(written(&mut stage, unpin))["action_type"], 75);
    assert_eq!(written(&mut stage, unpin).len(), 0, "is not pinned any more");
    let deleted = one(written(&mut stage, DeleteMessage { actor, channel, message: ids[0] }));
    assert_eq!((&deleted["action_type"], &deleted["options"]["count"]), (&json!(72), &json!("1")));
    assert_eq!(written(&mut stage, DeleteMessage { actor: noor, channel, message: ids[1] }).len(), 0, "own");
    let unknown = (ids[3].get() + 10_000).to_string();
    let body = json!({ "messages": [ids[2], ids[3], unknown] });
    let told = json!({ "target_id": channel.to_string(), "action_type": 73, "options": { "count": "2" } });
    assert_eq!(one(written(&mut stage, BulkDelete { actor, channel, body })), told);
    let none = BulkDelete { actor, channel, body: json!({ "messages": [ids[2], ids[3]] }) };
    assert_eq!(written(&mut stage, none).len(), 0);
}

#[test]
fn moderation_and_applications() {
    let mut stage = Stage::new();
    let (actor, guild, user) = (stage.bot, stage.guild, stage.noor.user);
    let banned = one(written(&mut stage, BanUser { actor, guild, user, body: json!({}) }));
    assert_eq!(banned, json!({ "target_id": user.to_string(), "action_type": 22 }));
    assert_eq!(written(&mut stage, BanUser { actor, guild, user, body: json!({}) }).len(), 0, "is banned");
    assert_eq!(one(written(&mut stage, Unban { actor, guild, user }))["action_type"], 23);
    assert_eq!(written(&mut stage, places::JoinGuild { user, guild }).len(), 0, "joining is no moderation");
    assert_eq!(one(written(&mut stage, places::Kick { actor, guild, user }))["action_type"], 20);
    let none = Prune { actor, guild, body: json!({ "days": 30 }) };
    assert_eq!(written(&mut stage, none).len(), 0, "nobody was removed");

    let (made, _) = stage.apply(operator::CreateApplication { body: json!({ "name": "Guest" }) });
    let application = id(&made["application"]);
    let owner = stage.owner.user;
    let invite = |scopes: Value| places::AuthorizeApplication {
        user: owner,
        application,
        guild,
        body: json!({ "scopes": scopes, "permissions": "0" }),
    };
    let kinds = |entries: Vec<Value>| entries.iter().map(|e| e["action_type"].clone()).collect::<Vec<_>>();
    let entries = written(&mut stage, invite(json!(["applications.commands"])));
    assert_eq!(entries[0]["target_id"], application.to_string());
    assert_eq!(kinds(entries), [80], "commands alone");
    assert_eq!(kinds(written(&mut stage, invite(json!(["bot"])))), [28], "its bot comes as well");
    assert_eq!(kinds(written(&mut stage, invite(json!(["bot"])))), [0; 0], "is there");
    let remove = places::RemoveApplication { user: owner, application, guild };
    assert_eq!(kinds(written(&mut stage, remove)), [82]);
    assert_eq!(kinds(written(&mut stage, invite(json!(["bot"])))), [28, 80]);
}

#[test]
fn what_the_operator_does_is_not_written_down() {
    let mut stage = Stage::new();
    let (guild, channel, user) = (stage.guild, stage.ids.channel, stage.noor.user);
    assert!(written(&mut stage, operator::CreateChannel { guild, body: json!({ "name": "x" }) }).is_empty());
    assert!(written(&mut stage, operator::PatchChannel { channel, body: json!({ "name": "y" }) }).is_empty());
    let target = guild.get();
    let set = places::SetOverwrite { actor: None, channel, target, body: json!({ "deny": "64" }) };
    assert!(written(&mut stage, set).is_empty());
    assert!(
        written(&mut stage, operator::PatchMember { guild, user, body: json!({ "nick": "z" }) }).is_empty()
    );
    let regular = role(&stage.world, &stage.ids, "Regular");
    let body = json!([{ "id": regular, "position": 1 }]);
    assert!(written(&mut stage, places::MoveRoles { actor: None, guild, body }).is_empty());
    assert!(written(&mut stage, operator::DeleteChannel { channel }).is_empty());
    assert!(written(&mut stage, operator::RemoveMember { guild, user }).is_empty());
}

#[test]
fn the_entry_is_told_live_to_those_who_may_read_the_log() {
    let mut stage = Stage::new();
    let (guild, user) = (stage.guild, stage.noor.user);
    let body = json!({ "nick": "N" });
    let patch = places::PatchMember { actor: stage.owner, guild, user, body };
    let reason: Arc<str> = "spam ö / raw".into();
    let applied = stage.world.apply_because(patch, NOW, Some(reason)).expect("is allowed");
    let entry = applied.events.iter().find(|e| e.kind == EventKind::GuildAuditLogEntryCreate).expect("told");
    let live = &*entry.data;
    assert_eq!(live["guild_id"], guild.to_string());
    assert_eq!(
        (&live["user_id"], &live["reason"]),
        (&json!(stage.owner.user), &json!("spam ö / raw")),
        "{live}"
    );
    assert_eq!(stage.audited().reason.as_deref(), Some("spam ö / raw"));
    let sees = |stage: &Stage, viewer: Viewer| stage.world.sees(entry, &viewer, NOW).is_some();
    let bot = |intents| Viewer::Bot { application: stage.ids.application, intents, large_threshold: 50 };
    let (with, without) = (bot(intents::GUILD_MODERATION), bot(intents::ALL & !intents::GUILD_MODERATION));
    assert!(sees(&stage, with) && !sees(&stage, without), "the intent carries it");
    assert!(sees(&stage, Viewer::Person(stage.mika.user)), "a moderator");
    assert!(!sees(&stage, Viewer::Person(user)));
    stage.bot_may(p::ALL & !p::VIEW_AUDIT_LOG & !p::ADMINISTRATOR);
    assert!(!sees(&stage, with));
    stage.bot_may(p::VIEW_AUDIT_LOG);
    assert!(sees(&stage, with));
}

fn read(world: &World, actor: Actor, stage: &Stage, page: AuditPage) -> Value {
    audit_log(world, actor, stage.guild, &page, NOW).expect("is allowed")
}

fn ids(page: &Value) -> Vec<u64> {
    let id = |e: &Value| e["id"].as_str().expect("an id").parse().expect("a number");
    page["audit_log_entries"].as_array().expect("a list").iter().map(id).collect()
}

#[test]
fn pages_are_cut_and_filtered() {
    let mut stage = Stage::new();
    let (guild, user) = (stage.guild, stage.noor.user);
    let nick = |stage: &mut Stage, actor: Actor, n: usize| {
        let body = json!({ "nick": format!("n{n}") });
        stage.apply(places::PatchMember { actor, guild, user, body });
    };
    for n in 0..60 {
        let actor = if n % 2 == 0 { stage.owner } else { stage.mika };
        nick(&mut stage, actor, n);
    }
    stage.apply(places::Kick { actor: stage.bot, guild, user });
    let page = |page| read(&stage.world, stage.bot, &stage, page);
    let newest = ids(&page(AuditPage::default()));
    assert_eq!(newest.len(), 50, "the default");
    assert!(newest.windows(2).all(|w| w[0] > w[1]), "newest first");
    let all = ids(&page(AuditPage { limit: Some(100), ..AuditPage::default() }));
    assert_eq!((all.len(), &all[..50]), (61, &newest[..]));
    let before = AuditPage { before: Some(newest[49]), ..AuditPage::default() };
    assert_eq!(ids(&page(before)), all[50..]);
    let oldest = ids(&page(AuditPage { after: Some(0), limit: Some(3), ..AuditPage::default() }));
    assert_eq!(oldest, [all[60], all[59], all[58]], "with after the oldest come first");
    let between = AuditPage { after: Some(all[3]), before: Some(all[0]), ..AuditPage::default() };
    assert_eq!(ids(&page(between)), all[1..3]);
    let by_mika = AuditPage { user: Some(stage.mika.user), limit: Some(100), ..AuditPage::default() };
    assert_eq!(ids(&page(by_mika)).len(), 30);
    let kicks = page(AuditPage { action: Some(20), ..AuditPage::default() });
    assert_eq!(ids(&kicks), [all[0]]);
    let of = |target: u64| AuditPage { target: Some(target), limit: Some(100), ..AuditPage::default() };
    assert_eq!((ids(&page(of(user.get()))).len(), ids(&page(of(1))).len()), (61, 0));

    let refusal = |actor, page| audit_log(&stage.world, actor, guild, &page, NOW).expect_err("refused").code;
    assert_eq!(refusal(stage.bot, AuditPage { limit: Some(0), ..AuditPage::default() }), 50035);
    assert_eq!(refusal(stage.bot, AuditPage { limit: Some(101), ..AuditPage::default() }), 50035);
    assert_eq!(refusal(stage.bot, AuditPage { action: Some(2), ..AuditPage::default() }), 50035);
    assert_eq!(refusal(stage.noor, AuditPage::default()), 50001, "is no member any more");
    let sasha = Actor::person(crate::helpers::person(&stage.world, "sasha"));
    assert_eq!(refusal(sasha, AuditPage::default()), 50013);
}

#[test]
fn a_page_holds_what_it_mentions() {
    let mut stage = Stage::new();
    let (actor, guild, channel) = (stage.bot, stage.guild, stage.ids.channel);
    let body = json!({ "name": "talk" });
    let (thread, _) = stage.apply(places::CreateThread { actor, channel, body, files: Vec::new() });
    let user = stage.noor.user;
    stage.apply(places::Kick { actor: stage.mika, guild, user });
    let owner = stage.owner;
    let message = say(&mut stage, owner, channel, "x");
    stage.apply(Pin { actor, channel, message });
    // A webhook that wrote something is nobody.
    let hook = stage.does(webhooks::CreateWebhook { actor, channel, body: json!({ "name": "Hook" }) });
    let credentials =
        webhooks::Credentials { webhook: id(&hook), token: hook["token"].as_str().expect("one").into() };
    let said = stage.does(webhooks::ExecuteWebhook {
        credentials,
        thread: None,
        with_components: false,
        body: json!({ "content": "x" }),
        files: Vec::new(),
    });
    stage.apply(Pin { actor, channel, message: id(&said) });
    let page = read(&stage.world, actor, &stage, AuditPage::default());
    let mut users: Vec<UserId> = page["users"].as_array().expect("a list").iter().map(id).collect();
    let mut expected = vec![actor.user, stage.mika.user, user, stage.owner.user];
    users.sort_unstable();
    expected.sort_unstable();
    assert_eq!(users, expected);
    assert_eq!(page["threads"][0]["id"], thread["id"]);
    assert_eq!(page["webhooks"], json!([hook]));
    for key in ["guild_scheduled_events", "auto_moderation_rules", "application_commands", "integrations"] {
        assert_eq!(page[key], json!([]), "{key}");
    }
    let body = json!({
        "name": "x", "event_type": 1, "trigger_type": 1, "actions": [{ "type": 1 }],
        "trigger_metadata": { "keyword_filter": ["x"] },
    });
    let rule = stage.does(auto_moderation::CreateRule { actor, guild, body });
    let second = stage.second_bot(0).application.expect("a bot");
    let link = json!({ "scopes": ["applications.commands"] });
    let owner_user = stage.owner.user;
    stage.does(places::RemoveApplication { user: owner_user, application: second, guild });
    stage.does(places::AuthorizeApplication { user: owner_user, application: second, guild, body: link });
    let application = stage.ids.application;
    let scope = commands::Scope { application, guild: None };
    let body = json!({ "name": "x", "description": "d" });
    let command = stage.does(commands::CreateCommand { actor, scope, body }).command;
    stage.does(commands::SetCommandPermissions {
        application,
        user: owner_user,
        scope: commands::Scope { guild: Some(guild), ..scope },
        command: id(&command),
        body: json!({ "permissions": [{ "id": owner_user, "type": 2, "permission": true }] }),
    });
    let page = read(&stage.world, actor, &stage, AuditPage::default());
    assert_eq!(page["auto_moderation_rules"], json!([rule]));
    assert_eq!(page["application_commands"], json!([command]));
    assert_eq!(
        page["integrations"],
        json!([{
            "id": second, "type": "discord", "name": "Second", "account": { "id": second, "name": "Second" },
            "application_id": second,
        }])
    );
    // What is gone is mentioned, but not shown; who is gone is shown as a deleted user.
    stage.apply(operator::DeleteChannel { channel: id(&thread) });
    stage.apply(operator::DeleteUser { user });
    let page = read(&stage.world, actor, &stage, AuditPage::default());
    assert_eq!(page["threads"], json!([]));
    let gone = page["users"].as_array().expect("a list").iter().find(|u| u["id"] == user.to_string());
    assert_eq!(gone.expect("is listed")["global_name"], "Deleted User");
    // Not the entries' own business, but that of who reads: strict clients parse it.
    let parsed = serde_json::from_value::<twilight_model::guild::audit_log::AuditLog>(page.clone());
    parsed.unwrap_or_else(|error| panic!("{error}: {page:#}"));
}

#[test]
fn entries_are_shown_for_45_days() {
    let mut stage = Stage::new();
    let user = stage.noor.user;
    stage.apply(places::Kick { actor: stage.bot, guild: stage.guild, user });
    let at = |days: u64| {
        let now = Timestamp::from_ms(NOW.ms() + days * 86_400_000);
        ids(&audit_log(&stage.world, stage.bot, stage.guild, &AuditPage::default(), now).expect("is allowed"))
    };
    assert_eq!((at(44).len(), at(45).len()), (1, 0));
}

#[test]
fn a_saved_world_leaves_out_what_is_empty_and_is_read_without_it() {
    let stage = Stage::new();
    let saved = serde_json::to_value(&stage.world).expect("serialises");
    let guild = &saved["guilds"][stage.guild.to_string()];
    let empty = ["bans", "audit", "emojis", "voice", "sounds", "icon"];
    assert!(empty.iter().all(|key| guild.get(key).is_none()), "{guild}");
    let world: World = serde_json::from_value(saved).expect("is read");
    let found = world.guild(stage.guild).expect("is there");
    assert!(found.bans.is_empty() && found.audit.entries().next().is_none());
    // The kinds are kept by name, so that numbers of later kinds cannot be confused.
    assert_eq!(serde_json::to_value(AuditAction::MemberKick).expect("serialises"), "MemberKick");
}
