//! Webhooks and followed channels: who may, what the gateway and the audit log tell, what follows what.

use cogwright_sim_world::{
    Actor, ApiError, ChannelId, EventKind, GuildId, MessageId, UserId, WebhookId, intents, interactions,
    messages, permissions as p,
    places::{self, operator},
    webhooks::{self, Credentials, WebhookAccess},
};
use serde_json::{Value, json};

use crate::{
    helpers::{NOW, id},
    stage::Stage,
};

const PIXEL: &str = "data:image/png;base64,iVBORw0KGgo=";

fn new_hook(stage: &mut Stage, actor: Actor, channel: ChannelId) -> Credentials {
    let made = stage.does(webhooks::CreateWebhook { actor, channel, body: json!({ "name": "Hook" }) });
    Credentials { webhook: id(&made), token: made["token"].as_str().expect("a token").to_owned() }
}

fn bot_hook(stage: &mut Stage, channel: ChannelId) -> Credentials {
    new_hook(stage, stage.bot, channel)
}

fn execute(credentials: &Credentials, body: Value) -> webhooks::ExecuteWebhook {
    webhooks::ExecuteWebhook {
        credentials: credentials.clone(),
        thread: None,
        with_components: false,
        body,
        files: Vec::new(),
    }
}

#[test]
fn the_channel_is_told_with_the_intent_and_the_audit_log_says_what() {
    let mut stage = Stage::new();
    let (bot, channel) = (stage.bot, stage.ids.channel);
    let body = json!({ "name": "Hook" });
    let (made, events) = stage.apply(webhooks::CreateWebhook { actor: bot, channel, body });
    assert_eq!(stage.told_with(&events, intents::GUILD_WEBHOOKS), ["WEBHOOKS_UPDATE"]);
    assert_eq!(stage.told_with(&events, intents::GUILDS), [""; 0]);
    assert_eq!(*events[0].data, json!({ "guild_id": stage.guild, "channel_id": channel }));
    let entry = stage.audit_entry();
    assert_eq!((&entry["action_type"], &entry["target_id"]), (&json!(50), &made["id"]));
    let application = stage.ids.application;
    let facts = |value: &str| {
        json!([
            { "key": "name", value: "Hook" },
            { "key": "type", value: 1 },
            { "key": "channel_id", value: channel },
            { "key": "application_id", value: application },
        ])
    };
    assert_eq!(entry["changes"], facts("new_value"));
    let webhook: WebhookId = id(&made);
    let log = places::moderation::audit_log(
        &stage.world,
        bot,
        stage.guild,
        &places::moderation::AuditPage::default(),
        NOW,
    );
    assert_eq!(log.expect("read")["webhooks"], json!([made]), "it is beside its entry");
    let access = WebhookAccess::Actor(bot, webhook);
    let target = stage.made(stage.guild, "elsewhere", 0);
    let body = json!({ "channel_id": target });
    let (_, events) = stage.apply(webhooks::PatchWebhook { access: access.clone(), body });
    assert_eq!(stage.told_with(&events, intents::GUILD_WEBHOOKS), ["WEBHOOKS_UPDATE"; 2], "both channels");
    let entry = stage.audit_entry();
    let moved = json!([{ "key": "channel_id", "old_value": channel, "new_value": target }]);
    assert_eq!((&entry["action_type"], &entry["changes"]), (&json!(51), &moved));
    let body = json!({ "channel_id": channel, "avatar": PIXEL });
    let owner = WebhookAccess::Actor(stage.owner, webhook);
    stage.does(webhooks::PatchWebhook { access: owner, body });
    let entry = stage.audit_entry();
    assert_eq!(entry["user_id"], stage.owner.user.to_string(), "whoever did it");
    assert_eq!(entry["changes"][1]["key"], "avatar_hash");
    stage.does(webhooks::PatchWebhook { access: access.clone(), body: json!({ "avatar": null }) });
    let same = json!({ "name": "Hook" });
    let (_, events) = stage.apply(webhooks::PatchWebhook { access: access.clone(), body: same });
    assert!(events.is_empty(), "nothing is different");
    let ((), events) = stage.apply(webhooks::DeleteWebhook { access });
    assert_eq!(stage.told_with(&events, intents::GUILD_WEBHOOKS), ["WEBHOOKS_UPDATE"]);
    let entry = stage.audit_entry();
    assert_eq!((&entry["action_type"], &entry["changes"]), (&json!(52), &facts("old_value")));
}

#[test]
fn who_does_not_see_the_channel_is_told_of_nothing() {
    let mut stage = Stage::new();
    let deny = json!([{ "id": stage.guild, "type": 0, "deny": p::VIEW_CHANNEL.to_string() }]);
    let body = json!({ "name": "hidden", "permission_overwrites": deny });
    let hidden: ChannelId = id(&stage.does(operator::CreateChannel { guild: stage.guild, body }));
    let second = stage.second_bot(0);
    let told = |stage: &Stage, events: &[_]| stage.seen_by(second, events, intents::GUILD_WEBHOOKS).len();
    let create =
        |channel| webhooks::CreateWebhook { actor: stage.owner, channel, body: json!({ "name": "x" }) };
    let (hidden, open) = (create(hidden), create(stage.ids.channel));
    let events = stage.events(hidden);
    assert_eq!(told(&stage, &events), 0);
    let events = stage.events(open);
    assert_eq!(told(&stage, &events), 1);
}

#[test]
fn an_application_takes_the_webhooks_of_a_guild_along() {
    let mut stage = Stage::new();
    let owner = stage.owner.user;
    let other: GuildId =
        id(&stage.does(operator::CreateGuild { body: json!({ "name": "Other", "owner": owner }) }));
    let far = stage.made(other, "far", 0);
    let second = stage.second_bot(p::ADMINISTRATOR);
    let application = second.application.expect("a bot");
    stage.does(operator::AddMember { guild: other, body: json!({ "user": second.user }) });
    let body = json!({ "permissions": p::MANAGE_WEBHOOKS | p::VIEW_CHANNEL });
    stage.does(operator::PatchRole { guild: other, role: other.into(), body });
    let channel = stage.ids.channel;
    let here = new_hook(&mut stage, second, channel);
    let there = new_hook(&mut stage, second, far);
    // Each guild lists its own.
    let listed = |stage: &Stage, guild| {
        let list = webhooks::guild_webhooks(&stage.world, stage.owner, guild, NOW).expect("read");
        list.as_array().expect("a list").iter().map(id::<WebhookId>).collect::<Vec<_>>()
    };
    assert_eq!(
        (listed(&stage, stage.guild), listed(&stage, other)),
        (vec![here.webhook], vec![there.webhook])
    );
    let (user, guild) = (owner, stage.guild);
    let events = stage.events(places::RemoveApplication { user, application, guild });
    assert_eq!(stage.told_with(&events, intents::GUILD_WEBHOOKS), ["WEBHOOKS_UPDATE"]);
    assert!(!webhooks::exists(&stage.world, here.webhook) && webhooks::exists(&stage.world, there.webhook));
    let events = stage.events(operator::DeleteApplication { application });
    let told = events.iter().filter(|e| e.kind == EventKind::WebhooksUpdate).count();
    assert_eq!((told, webhooks::exists(&stage.world, there.webhook)), (1, false));
}

#[test]
fn only_who_may_manage_webhooks_and_only_where_there_can_be_some() {
    let mut stage = Stage::new();
    let (owner, channel, guild) = (stage.owner, stage.ids.channel, stage.guild);
    let noor = stage.noor;
    let create = |actor, channel| webhooks::CreateWebhook { actor, channel, body: json!({ "name": "x" }) };
    assert_eq!(stage.refused(create(noor, channel)), 50013);
    let hook = new_hook(&mut stage, owner, channel);
    let access = WebhookAccess::Actor(noor, hook.webhook);
    assert_eq!(stage.refused(webhooks::DeleteWebhook { access: access.clone() }), 50013);
    assert_eq!(stage.refused(webhooks::PatchWebhook { access: access.clone(), body: json!({}) }), 50013);
    let code = |r: Result<Value, ApiError>| r.expect_err("refused").code;
    assert_eq!(code(webhooks::webhook(&stage.world, &access, NOW)), 50013);
    assert_eq!(code(webhooks::channel_webhooks(&stage.world, noor, channel, NOW)), 50013);
    assert_eq!(code(webhooks::guild_webhooks(&stage.world, noor, guild, NOW)), 50013);
    let hidden = stage.world.guild(guild).expect("there").channels.iter().copied();
    let hidden =
        hidden.clone().find(|c| !stage.world.can_view(*c, noor.user, NOW)).expect("a hidden channel");
    assert_eq!(stage.refused(create(noor, hidden)), 50001);
    let category = stage.made(guild, "box", 4);
    assert_eq!(stage.refused(create(owner, category)), 50024);
    assert_eq!(code(webhooks::channel_webhooks(&stage.world, owner, category, NOW)), 50024);
    let nameless = stage.refusal(webhooks::CreateWebhook { actor: owner, channel, body: json!({}) }).body();
    assert_eq!(nameless["errors"]["name"]["_errors"][0]["code"], "BASE_TYPE_REQUIRED");
    let body = json!({ "name": "t", "type": 11 });
    let thread: ChannelId =
        id(&stage.does(places::CreateThread { actor: owner, channel, body, files: Vec::new() }));
    assert_eq!(stage.refused(create(owner, thread)), 50024);
    assert_eq!(code(webhooks::channel_webhooks(&stage.world, owner, thread, NOW)), 50024);
    let body = json!({ "recipient_id": noor.user });
    let dm: ChannelId = id(&stage.does(places::OpenDm { actor: owner, body }));
    assert_eq!(stage.refused(create(owner, dm)), 50003);
    assert_eq!(stage.refused(create(owner, ChannelId::new(1))), 10003);
    // What belongs to another guild is out of reach, and a webhook stays in its own.
    let other = stage.does(operator::CreateGuild { body: json!({ "name": "Other", "owner": owner.user }) });
    let far = stage.made(id(&other), "far", 0);
    let access = WebhookAccess::Actor(owner, hook.webhook);
    assert_eq!(stage.refused(webhooks::PatchWebhook { access, body: json!({ "channel_id": far }) }), 50035);
    let body = json!({ "permissions": (p::VIEW_CHANNEL | p::MANAGE_WEBHOOKS).to_string() });
    stage.does(operator::PatchRole { guild, role: guild.into(), body });
    let own = stage.does(create(noor, channel));
    // To move it one needs the permission in the other channel as well.
    let deny = json!([{ "id": guild, "type": 0, "deny": p::MANAGE_WEBHOOKS.to_string() }]);
    let body = json!({ "name": "closed", "permission_overwrites": deny });
    let closed: ChannelId = id(&stage.does(operator::CreateChannel { guild, body }));
    let access = WebhookAccess::Actor(noor, id(&own));
    let moved = webhooks::PatchWebhook { access, body: json!({ "channel_id": closed }) };
    assert_eq!(stage.refused(moved), 50013);
}

#[test]
fn a_webhook_moves_within_a_guild_that_has_as_many_as_there_can_be() {
    let mut stage = Stage::new();
    let (guild, bot) = (stage.guild, stage.bot);
    let mut last = None;
    for n in 0..1000 {
        let channel = if n % 15 == 0 { stage.made(guild, "full", 0) } else { last.expect("made") };
        last = Some(channel);
        new_hook(&mut stage, bot, channel);
    }
    let (from, free) = (last.expect("made"), stage.made(guild, "free", 0));
    let hooks = webhooks::channel_webhooks(&stage.world, bot, from, NOW).expect("read");
    let create = webhooks::CreateWebhook { actor: bot, channel: free, body: json!({ "name": "x" }) };
    assert_eq!(stage.refused(create), 30058);
    let access = WebhookAccess::Actor(bot, id(&hooks[0]));
    stage.does(webhooks::PatchWebhook { access, body: json!({ "channel_id": free }) });
}

#[test]
fn a_token_is_kept_from_other_applications() {
    let mut stage = Stage::new();
    let channel = stage.ids.channel;
    let own = bot_hook(&mut stage, channel);
    let body =
        json!({ "name": "Second", "owner": stage.ids.user, "guilds": [stage.guild], "permissions": "8" });
    let second = stage.does(operator::CreateApplication { body });
    let second = Actor::bot(id(&second["application"]));
    let seen = |stage: &Stage, actor| {
        webhooks::webhook(&stage.world, &WebhookAccess::Actor(actor, own.webhook), NOW).expect("seen")
    };
    assert_eq!(seen(&stage, stage.bot)["token"], own.token);
    assert!(seen(&stage, second).get("token").is_none() && seen(&stage, second).get("url").is_none());
    // Its own application may read it without the permission; and takes it along when it goes.
    let bot_user = UserId::from(stage.ids.application);
    stage.does(operator::RemoveMember { guild: stage.guild, user: bot_user });
    assert_eq!(seen(&stage, stage.bot)["token"], own.token);
    stage.does(operator::DeleteApplication { application: stage.ids.application });
    assert!(!webhooks::exists(&stage.world, own.webhook));
}

#[test]
fn a_webhook_pings_users_only_unless_told_and_wakes_threads() {
    let mut stage = Stage::new();
    let (owner, channel) = (stage.owner, stage.ids.channel);
    let hook = bot_hook(&mut stage, channel);
    let role = crate::helpers::role(&stage.world, &stage.ids, "Newcomer");
    let content = format!("@everyone <@{}> <@&{role}>", owner.user);
    let quiet = stage.does(execute(&hook, json!({ "content": content })));
    assert_eq!((&quiet["mention_everyone"], &quiet["mention_roles"]), (&json!(false), &json!([])));
    assert_eq!(quiet["mentions"][0]["id"], owner.user.to_string());
    let body = json!({ "content": content, "allowed_mentions": { "parse": ["everyone", "roles"] } });
    let loud = stage.does(execute(&hook, body));
    assert_eq!((&loud["mention_everyone"], &loud["mention_roles"]), (&json!(true), &json!([role])));
    assert_eq!(loud["mentions"], json!([]));

    let body = json!({ "name": "t", "type": 11 });
    let thread: ChannelId =
        id(&stage.does(places::CreateThread { actor: owner, channel, body, files: Vec::new() }));
    let patch = |body: Value| operator::PatchChannel { channel: thread, body };
    stage.does(patch(json!({ "archived": true })));
    let say =
        || webhooks::ExecuteWebhook { thread: Some(thread), ..execute(&hook, json!({ "content": "x" })) };
    let (_, events) = stage.apply(say());
    assert_eq!(stage.told(&events), ["THREAD_UPDATE", "MESSAGE_CREATE"], "and nobody joins");
    let woken = stage.world.channel(thread).expect("there").thread.as_ref().expect("a thread");
    assert!(!woken.archived && woken.members.len() == 1 && woken.total_messages == 1);
    stage.does(patch(json!({ "locked": true })));
    assert_eq!(stage.refused(say()), 160_005);
}

#[test]
fn a_button_of_a_webhook_s_message_reaches_the_application_that_owns_it() {
    let mut stage = Stage::new();
    let channel = stage.ids.channel;
    let hook = bot_hook(&mut stage, channel);
    let button = json!({ "type": 2, "style": 1, "label": "x", "custom_id": "press" });
    let body = json!({ "content": "x", "components": [{ "type": 1, "components": [button] }] });
    let said = stage.does(execute(&hook, body));
    assert_eq!(said["application_id"], stage.ids.application.to_string());
    let message: MessageId = id(&said);
    let click = interactions::Click { user: stage.owner.user, message, custom_id: "press".into() };
    let (_, events) = stage.apply(click);
    assert_eq!(stage.told_with(&events, 0), ["INTERACTION_CREATE"]);
}

#[test]
fn webhooks_go_with_their_channel_and_messages_stay_without_their_webhook() {
    let mut stage = Stage::new();
    let place = stage.made(stage.guild, "place", 0);
    let hook = bot_hook(&mut stage, place);
    let said = stage.does(execute(&hook, json!({ "content": "x" })));
    let message: MessageId = id(&said);
    stage.does(webhooks::DeleteWebhook { access: WebhookAccess::Token(hook) });
    assert!(stage.world.message(place, message).is_ok());
    let entry = stage.audit_entry();
    assert_eq!((&entry["action_type"], &entry["user_id"]), (&json!(52), &json!(stage.bot.user)), "its maker");
    let hook = bot_hook(&mut stage, place);
    stage.does(operator::DeleteChannel { channel: place });
    assert_eq!(stage.refused(execute(&hook, json!({ "content": "x" }))), 10015);
}

#[test]
fn a_published_message_is_copied_and_its_copies_change_with_it() {
    let mut stage = Stage::new();
    let (owner, guild) = (stage.owner, stage.guild);
    let news = stage.made(guild, "news", 5);
    let other = stage.does(operator::CreateGuild { body: json!({ "name": "Other", "owner": owner.user }) });
    let target = stage.made(id(&other), "from-elsewhere", 0);
    let body = json!({ "webhook_channel_id": target });
    let (followed, events) = stage.apply(webhooks::FollowChannel { actor: owner, channel: news, body });
    let names: Vec<_> = events.iter().map(|e| e.kind).collect();
    assert!(names.contains(&EventKind::WebhooksUpdate) && names.contains(&EventKind::MessageCreate));
    let file = cogwright_sim_world::Upload {
        index: 0,
        filename: "x.txt".into(),
        content_type: None,
        bytes: b"bytes".to_vec(),
    };
    let body = json!({ "content": format!("news <@{}>", owner.user) });
    let sent = stage.does(messages::CreateMessage { actor: owner, channel: news, body, files: vec![file] });
    let message: MessageId = id(&sent);
    let noor = stage.noor;
    let publish = |actor| messages::CrosspostMessage { actor, channel: news, message };
    assert_eq!(stage.refused(publish(noor)), 50013, "MANAGE_MESSAGES for others' messages");
    let (published, events) = stage.apply(publish(owner));
    assert_eq!(published["flags"], 1);
    let kinds: Vec<_> = events.iter().map(|e| e.kind.name()).collect();
    assert_eq!(kinds, ["MESSAGE_UPDATE", "MESSAGE_CREATE"]);
    let copy = &events[1].data;
    assert_eq!((&copy["channel_id"], &copy["flags"]), (&json!(target), &json!(2)));
    assert_eq!(
        (&copy["webhook_id"], &copy["author"]["username"]),
        (&followed["webhook_id"], &json!("Workshop #news"))
    );
    assert_eq!(
        copy["message_reference"],
        json!({ "type": 0, "channel_id": news, "message_id": message, "guild_id": guild })
    );
    assert_eq!(copy["mentions"], json!([]), "nobody is pinged there");
    let (own, copied) = (&sent["attachments"][0], &copy["attachments"][0]);
    assert_ne!(own["id"], copied["id"]);
    let copied: cogwright_sim_world::AttachmentId = id(copied);
    assert_eq!(stage.world.blob(copied).as_deref(), Some(&b"bytes"[..]));
    assert_eq!(stage.refused(publish(owner)), 40033);
    let copy: MessageId = id(copy);
    let body = json!({ "content": "better news" });
    let (_, events) =
        stage.apply(messages::EditMessage { actor: owner, channel: news, message, body, files: Vec::new() });
    assert_eq!(events.iter().filter(|e| e.kind == EventKind::MessageUpdate).count(), 2);
    assert_eq!(stage.world.message(target, copy).expect("there").content, "better news");
    let ((), events) = stage.apply(messages::DeleteMessage { actor: owner, channel: news, message });
    let update = events.iter().find(|e| e.kind == EventKind::MessageUpdate).expect("told");
    assert_eq!((&update.data["id"], &update.data["flags"]), (&json!(copy), &json!(2 | 8)));
    // A copy cannot be published again, nor a system message.
    let follow_up =
        stage.world.channel(target).expect("there").messages.values().next().expect("type 12").clone();
    assert_eq!((follow_up.kind, follow_up.content.as_str()), (12, "Workshop #news"));
}

#[test]
fn copies_and_system_messages_are_not_published_and_writing_is_needed() {
    let mut stage = Stage::new();
    let (owner, bot, guild) = (stage.owner, stage.bot, stage.guild);
    let (news, more) = (stage.made(guild, "news", 5), stage.made(guild, "more", 5));
    let body = json!({ "webhook_channel_id": more });
    stage.does(webhooks::FollowChannel { actor: owner, channel: news, body });
    let publish = |actor, channel, message| messages::CrosspostMessage { actor, channel, message };
    let newest = |stage: &Stage, channel| {
        *stage.world.channel(channel).expect("there").messages.keys().last().expect("one")
    };
    let system = newest(&stage, more);
    assert_eq!(stage.refused(publish(owner, more, system)), 50021);
    let body = json!({ "content": "see https://a.example" });
    let message: MessageId =
        id(&stage.does(messages::CreateMessage { actor: bot, channel: news, body, files: Vec::new() }));
    let no_writing = p::ADMINISTRATOR | p::SEND_MESSAGES;
    let everyone = operator::PatchRole {
        guild,
        role: guild.into(),
        body: json!({ "permissions": p::VIEW_CHANNEL.to_string() }),
    };
    stage.does(everyone);
    stage.bot_may(p::ALL & !no_writing);
    assert_eq!(stage.refused(publish(bot, news, message)), 50013);
    stage.bot_may(p::VIEW_CHANNEL | p::SEND_MESSAGES);
    stage.does(publish(bot, news, message));
    let copy = newest(&stage, more);
    assert_eq!(stage.refused(publish(owner, more, copy)), 40033);
    // What an edit changes, flags among it, the copy shows as well.
    let body = json!({ "content": "better", "flags": 1 << 2 });
    stage.now = stage.now.plus(std::time::Duration::from_secs(5));
    stage.does(messages::EditMessage { actor: bot, channel: news, message, body, files: Vec::new() });
    let shown = messages::one(&stage.world, owner, more, copy, stage.now).expect("there");
    assert_eq!(
        (&shown["content"], &shown["flags"], &shown["edited_timestamp"]),
        (&json!("better"), &json!(1 << 1 | 1 << 2), &json!(stage.now.iso()))
    );
}

#[test]
fn following_needs_the_permission_where_the_messages_go() {
    let mut stage = Stage::new();
    let (guild, owner) = (stage.guild, stage.owner);
    let (news, text, voice) =
        (stage.made(guild, "news", 5), stage.made(guild, "text", 0), stage.made(guild, "voice", 2));
    let noor = stage.noor;
    let follow = |actor, channel, target: ChannelId| webhooks::FollowChannel {
        actor,
        channel,
        body: json!({ "webhook_channel_id": target }),
    };
    assert_eq!(stage.refused(follow(noor, news, text)), 50013);
    assert_eq!(stage.refused(follow(owner, text, news)), 50024);
    assert_eq!(stage.refused(follow(owner, news, voice)), 50024);
    assert_eq!(stage.refused(follow(owner, news, news)), 50024);
    assert_eq!(stage.refused(follow(owner, news, ChannelId::new(1))), 10003);
    for _ in 0..15 {
        stage.does(follow(owner, news, text));
    }
    assert_eq!(stage.refused(follow(owner, news, text)), 30007);
    // The webhook looks like the guild, and says where from as long as whoever made it is there.
    let other = stage.does(operator::CreateGuild { body: json!({ "name": "Far", "owner": noor.user }) });
    stage.does(operator::AddMember { guild: id(&other), body: json!({ "user": owner.user }) });
    let body = json!({ "icon": PIXEL });
    let icon = stage.does(places::PatchGuild { actor: noor, guild: id(&other), body })["icon"].clone();
    let (far, here) = (stage.made(id(&other), "far-news", 5), stage.made(guild, "here", 0));
    stage.does(follow(owner, far, here));
    let hook =
        |stage: &Stage| webhooks::channel_webhooks(&stage.world, owner, here, NOW).expect("read")[0].clone();
    let shown = hook(&stage);
    assert!(icon.is_string());
    assert_eq!((&shown["avatar"], &shown["name"]), (&icon, &json!("Far #far-news")));
    assert_eq!(shown["source_guild"], json!({ "id": other["id"], "name": "Far", "icon": icon }));
    assert_eq!(shown["source_channel"], json!({ "id": far, "name": "far-news" }));
    stage.does(operator::RemoveMember { guild: id(&other), user: owner.user });
    assert!(hook(&stage).get("source_guild").is_none() && hook(&stage).get("source_channel").is_none());
    // When what is followed goes, the webhook stays and no longer says where from.
    stage.does(operator::DeleteChannel { channel: news });
    let hooks = webhooks::channel_webhooks(&stage.world, owner, text, NOW).expect("read");
    assert!(hooks[0].get("source_channel").is_none() && hooks.as_array().map(Vec::len) == Some(15));
}
