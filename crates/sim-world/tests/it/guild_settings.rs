//! What can be set about a guild as a whole: who may, what it takes, what bots learn, what is written down.

use cogwright_sim_world::{
    AuditAction, ChannelId, Timestamp, World, intents,
    invites::{AcceptInvite, CreateInvite},
    permissions as p,
    places::{self, operator},
};
use serde_json::{Value, json};

use crate::{
    helpers::{NOW, default_world, id, state},
    stage::Stage,
};

const PNG: &str = "data:image/png;base64,iVBORw0KGgo=";
const GIF: &str = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";

fn patch(stage: &Stage, actor: cogwright_sim_world::Actor, body: Value) -> places::PatchGuild {
    places::PatchGuild { actor, guild: stage.guild, body }
}

/// The id of a channel of the default world.
fn channel(world: &World, name: &str) -> ChannelId {
    let guild = world.guilds().next().expect("the guild");
    let mut channels = guild.channels.iter().map(|c| world.channel(*c).expect("is there"));
    channels.find(|c| c.name == name).expect("a default channel").id
}

#[test]
fn settings_are_changed_told_and_written_down() {
    let mut stage = Stage::new();
    let (voice, general) = (channel(&stage.world, "Workbench"), channel(&stage.world, "general"));
    let body = json!({
        "name": "Renamed", "description": "", "verification_level": 3, "default_message_notifications": 0,
        "explicit_content_filter": "2", "afk_channel_id": voice, "afk_timeout": 900, "system_channel_id": null,
        "system_channel_flags": 0xFFFF_u64, "rules_channel_id": general, "safety_alerts_channel_id": general,
        "preferred_locale": "de", "premium_progress_bar_enabled": true, "icon": PNG,
    });
    let (guild, events) = stage.apply(patch(&stage, stage.bot, body));
    for (key, value) in [
        ("name", json!("Renamed")),
        ("description", Value::Null),
        ("verification_level", json!(3)),
        ("default_message_notifications", json!(0)),
        ("explicit_content_filter", json!(2)),
        ("afk_channel_id", json!(voice)),
        ("afk_timeout", json!(900)),
        ("system_channel_id", Value::Null),
        ("system_channel_flags", json!(0b11_1111)),
        ("rules_channel_id", json!(general)),
        ("safety_alerts_channel_id", json!(general)),
        ("preferred_locale", json!("de")),
        ("premium_progress_bar_enabled", json!(true)),
    ] {
        assert_eq!(guild[key], value, "{key}");
    }
    assert!(guild["icon"].is_string());
    let seen = stage.seen(&events, intents::GUILDS);
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].0, &seen[0].1["name"]), ("GUILD_UPDATE", &json!("Renamed")));
    assert!(stage.seen(&events, intents::ALL & !intents::GUILDS & !intents::GUILD_MODERATION).is_empty());
    let entry = stage.audited();
    assert_eq!((entry.action, entry.target), (AuditAction::GuildUpdate, Some(stage.guild.get())));
    let change = |key: &str| entry.changes.iter().find(|c| c["key"] == key).cloned();
    assert_eq!(
        change("name"),
        Some(json!({ "key": "name", "old_value": "Workshop", "new_value": "Renamed" }))
    );
    assert!(
        change("icon_hash").is_some_and(|c| c["new_value"] == guild["icon"] && c.get("old_value").is_none())
    );
    assert!(change("icon").is_none() && change("owner_id").is_none());

    // The same again is no news, and null leaves what cannot be cleared.
    let entries = stage.world.guild(stage.guild).expect("is there").audit.entries().count();
    let body = json!({ "name": "Renamed", "verification_level": null, "preferred_locale": null });
    let (_, events) = stage.apply(patch(&stage, stage.bot, body));
    assert_eq!(stage.told(&events), [""; 0]);
    assert_eq!(stage.world.guild(stage.guild).expect("is there").audit.entries().count(), entries);
}

#[test]
fn bad_settings_are_named_and_nobody_without_manage_guild_sets_any() {
    let mut stage = Stage::new();
    let category = channel(&stage.world, "Lobby");
    let bad = [
        ("name", json!("x"), "BASE_TYPE_BAD_LENGTH"),
        ("name", json!("x".repeat(101)), "BASE_TYPE_BAD_LENGTH"),
        ("description", json!("x".repeat(301)), "BASE_TYPE_MAX_LENGTH"),
        ("verification_level", json!(5), "BASE_TYPE_CHOICES"),
        ("default_message_notifications", json!(2), "BASE_TYPE_CHOICES"),
        ("explicit_content_filter", json!(3), "BASE_TYPE_CHOICES"),
        ("afk_timeout", json!(61), "BASE_TYPE_CHOICES"),
        ("preferred_locale", json!("xx"), "BASE_TYPE_CHOICES"),
        ("afk_channel_id", json!(channel(&stage.world, "general")), "CHANNEL_TYPE_INVALID"),
        ("system_channel_id", json!(category), "CHANNEL_TYPE_INVALID"),
        ("rules_channel_id", json!("123456789012345678"), "UNKNOWN_CHANNEL"),
        ("icon", json!("data:text/plain;base64,AAAA"), "IMAGE_INVALID"),
        ("features", json!("COMMUNITY"), "LIST_TYPE_CONVERT"),
    ];
    for (key, value, code) in bad {
        let error = stage.refusal(patch(&stage, stage.owner, json!({ key: value })));
        assert_eq!(error.code, 50035, "{key}");
        assert_eq!(error.body()["errors"][key]["_errors"][0]["code"], code, "{key}");
    }
    let error = stage.refusal(patch(&stage, stage.owner, json!({ "features": ["X", 1] })));
    assert!(error.body()["errors"]["features"]["1"].is_object());
    assert_eq!(stage.refused(patch(&stage, stage.mika, json!({ "name": "Mine" }))), 50013);
    let guild = cogwright_sim_world::GuildId::new(1);
    let body = json!({});
    assert_eq!(stage.refused(places::PatchGuild { actor: stage.owner, guild, body }), 10004);
}

#[test]
fn community_needs_its_channels_and_an_administrator() {
    let mut stage = Stage::new();
    let features = |list: &[&str]| json!({ "features": list });
    stage.bot_may(p::MANAGE_GUILD | p::VIEW_CHANNEL);
    assert_eq!(stage.refused(patch(&stage, stage.bot, features(&[]))), 50013, "not an administrator");
    stage.apply(patch(&stage, stage.bot, features(&["COMMUNITY", "INVITES_DISABLED", "VERIFIED"])));
    let guild = stage.world.guild(stage.guild).expect("is there");
    assert_eq!(guild.features, ["COMMUNITY", "INVITES_DISABLED"], "VERIFIED is Discord's to give");
    for key in ["rules_channel_id", "public_updates_channel_id"] {
        let error = stage.refusal(patch(&stage, stage.owner, json!({ key: null })));
        assert_eq!(error.body()["errors"][key]["_errors"][0]["code"], "BASE_TYPE_REQUIRED");
    }
    let rules = channel(&stage.world, "announcements");
    let general = channel(&stage.world, "general");
    for name in ["announcements", "mod-room"] {
        let channel = channel(&stage.world, name);
        assert_eq!(stage.refused(places::DeleteChannel { actor: stage.owner, channel }), 50074, "{name}");
    }
    // Without COMMUNITY the channels are let go, and may be deleted; what needs it goes too.
    stage.apply(patch(&stage, stage.owner, features(&["COMMUNITY", "DISCOVERABLE"])));
    let (guild, _) = stage.apply(patch(&stage, stage.owner, features(&[])));
    assert_eq!((&guild["features"], &guild["rules_channel_id"]), (&json!([]), &Value::Null));
    assert_eq!(guild["public_updates_channel_id"], Value::Null);
    stage.apply(places::DeleteChannel { actor: stage.owner, channel: rules });
    assert_eq!(stage.refused(patch(&stage, stage.owner, features(&["DISCOVERABLE"]))), 50035);
    let error = stage.refusal(patch(&stage, stage.owner, features(&["COMMUNITY"])));
    assert!(error.body()["errors"]["rules_channel_id"].is_object());
    let body = json!({
        "features": ["COMMUNITY"], "rules_channel_id": general, "public_updates_channel_id": general,
    });
    let (guild, _) = stage.apply(patch(&stage, stage.owner, body));
    assert_eq!(guild["features"], json!(["COMMUNITY"]));
}

#[test]
fn pictures_that_need_boosts_need_their_feature() {
    let mut stage = Stage::new();
    for (key, picture, feature) in [
        ("splash", PNG, "INVITE_SPLASH"),
        ("banner", PNG, "BANNER"),
        ("discovery_splash", PNG, "DISCOVERABLE"),
        ("icon", GIF, "ANIMATED_ICON"),
    ] {
        assert_eq!(stage.refused(patch(&stage, stage.owner, json!({ key: picture }))), 50101, "{key}");
        let mut features = stage.world.guild(stage.guild).expect("is there").features.clone();
        features.push(feature.into());
        stage.apply(operator::PatchGuild { guild: stage.guild, body: json!({ "features": features }) });
        let (guild, _) = stage.apply(patch(&stage, stage.owner, json!({ key: picture })));
        assert!(guild[key].is_string(), "{key}");
        let (guild, _) = stage.apply(patch(&stage, stage.owner, json!({ key: null })));
        assert_eq!(guild[key], Value::Null, "{key}");
    }
    assert_eq!(stage.refused(patch(&stage, stage.owner, json!({ "banner": GIF }))), 50101);
}

#[test]
fn only_the_owner_gives_the_guild_away_and_to_a_person_in_it() {
    let mut stage = Stage::new();
    let to = |user: u64| json!({ "owner_id": user.to_string() });
    let (mika, bot) = (stage.mika.user.get(), stage.bot.user.get());
    assert_eq!(stage.refused(patch(&stage, stage.bot, to(mika))), 50013);
    assert_eq!(stage.refused(patch(&stage, stage.owner, to(1))), 10007);
    assert_eq!(stage.refused(patch(&stage, stage.owner, to(bot))), 50132);
    let (guild, events) = stage.apply(patch(&stage, stage.owner, to(mika)));
    assert_eq!(guild["owner_id"], mika.to_string());
    assert_eq!(stage.told(&events), ["GUILD_UPDATE"]);
    assert_eq!(stage.refused(patch(&stage, stage.owner, to(mika))), 50013, "no longer the owner");
}

#[test]
fn a_deleted_channel_is_let_go_and_a_quiet_system_channel_stays_quiet() {
    let mut stage = Stage::new();
    let (voice, general) = (channel(&stage.world, "Workbench"), channel(&stage.world, "general"));
    let body = json!({ "afk_channel_id": voice, "system_channel_flags": 1 });
    stage.apply(patch(&stage, stage.owner, body));
    stage.apply(places::PatchWidget {
        actor: stage.owner,
        guild: stage.guild,
        body: json!({ "channel_id": voice }),
    });
    let (_, events) = stage.apply(places::DeleteChannel { actor: stage.owner, channel: voice });
    assert_eq!(stage.told(&events), ["CHANNEL_DELETE", "GUILD_UPDATE"]);
    let settings = stage.world.guild(stage.guild).expect("is there").settings.clone();
    assert_eq!((settings.afk_channel, settings.widget_channel), (None, None));
    // Nobody is told twice of a channel that nothing points at.
    let channel = channel(&stage.world, "off-topic");
    let (_, events) = stage.apply(places::DeleteChannel { actor: stage.owner, channel });
    assert_eq!(stage.told(&events), ["CHANNEL_DELETE"]);

    let joined = |stage: &mut Stage, name: &str| {
        let (user, _) = stage.apply(operator::CreateUser { body: json!({ "username": name }) });
        let (_, events) =
            stage.apply(operator::AddMember { guild: stage.guild, body: json!({ "user": user["id"] }) });
        stage.told(&events)
    };
    assert_eq!(joined(&mut stage, "quiet"), ["GUILD_MEMBER_ADD"]);
    stage.apply(patch(
        &stage,
        stage.owner,
        json!({ "system_channel_flags": 0, "system_channel_id": general }),
    ));
    assert_eq!(joined(&mut stage, "loud"), ["GUILD_MEMBER_ADD", "MESSAGE_CREATE"]);
}

#[test]
fn invites_and_messages_are_paused_for_a_day_at_most() {
    let mut stage = Stage::new();
    let set = |stage: &Stage, actor, body| places::SetIncidentActions { actor, guild: stage.guild, body };
    let hours = |n: u64| Timestamp::from_ms(NOW.ms() + n * 3_600_000).iso();
    let (data, events) = stage.apply(set(&stage, stage.bot, json!({ "invites_disabled_until": hours(24) })));
    assert_eq!(data, json!({ "invites_disabled_until": hours(24), "dms_disabled_until": null }));
    assert_eq!(stage.told(&events), ["GUILD_UPDATE"]);
    assert_eq!(stage.seen(&events, intents::GUILDS)[0].1["incidents_data"], data);
    let (data, _) = stage.apply(set(&stage, stage.bot, json!({ "dms_disabled_until": hours(1) })));
    assert_eq!(data["invites_disabled_until"], hours(24), "what is not named stays");
    let end = json!({ "invites_disabled_until": null, "dms_disabled_until": null });
    let (data, _) = stage.apply(set(&stage, stage.bot, end.clone()));
    assert_eq!(data, end);
    let (_, events) = stage.apply(set(&stage, stage.bot, end.clone()));
    assert_eq!(stage.told(&events), [""; 0]);
    for bad in [json!(hours(25)), json!("soon"), json!(1)] {
        assert_eq!(stage.refused(set(&stage, stage.bot, json!({ "dms_disabled_until": bad }))), 50035);
    }
    assert_eq!(stage.refused(set(&stage, stage.mika, end)), 50013);

    // Nobody joins meanwhile by an invite.
    let channel = channel(&stage.world, "general");
    let invite = CreateInvite { actor: stage.bot, channel, body: json!({}), files: vec![] };
    let (invite, _) = stage.apply(invite);
    let code = invite["code"].as_str().expect("a code").to_owned();
    let (user, _) = stage.apply(operator::CreateUser { body: json!({ "username": "late" }) });
    let accept = || AcceptInvite { user: id(&user), code: code.clone() };
    stage.apply(set(&stage, stage.bot, json!({ "invites_disabled_until": hours(1) })));
    assert_eq!(stage.refusal(accept()).status, 403);
    stage.apply(set(&stage, stage.bot, json!({ "invites_disabled_until": null })));
    stage.apply(accept());
}

#[test]
fn a_widget_shows_what_everybody_may_see() {
    let mut stage = Stage::new();
    assert_eq!(
        places::widget(&stage.world, stage.guild, NOW).map_err(|e| (e.status, e.code)),
        Err((403, 50004))
    );
    let hidden = json!({ "name": "Hidden", "type": 2, "permission_overwrites": [
        { "id": stage.guild, "type": 0, "deny": p::VIEW_CHANNEL.to_string() },
    ] });
    stage.apply(operator::CreateChannel { guild: stage.guild, body: hidden });
    let body = json!({ "enabled": true, "channel_id": channel(&stage.world, "general") });
    let patch = |stage: &Stage, actor, body| places::PatchWidget { actor, guild: stage.guild, body };
    assert_eq!(stage.refused(patch(&stage, stage.mika, body.clone())), 50013);
    assert_eq!(stage.refused(patch(&stage, stage.bot, json!({ "channel_id": "1" }))), 50035);
    let (settings, events) = stage.apply(patch(&stage, stage.bot, body.clone()));
    assert_eq!(settings, body);
    assert_eq!(stage.told(&events), ["GUILD_UPDATE"]);
    assert_eq!(stage.audited().changes.len(), 2);
    let read = places::widget_settings(&stage.world, stage.bot, stage.guild, NOW).expect("is allowed");
    assert_eq!(read, body);
    let widget = places::widget(&stage.world, stage.guild, NOW).expect("is on");
    let names = |list: &Value, key: &str| -> Vec<String> {
        let list = list.as_array().expect("a list").iter();
        list.map(|one| one[key].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names(&widget["channels"], "name"), ["Workbench"]);
    assert_eq!(names(&widget["members"], "username"), ["Robin", "Mika", "Sasha", "Noor"]);
    assert_eq!(names(&widget["members"], "status"), ["online", "online", "idle", "online"]);
    assert!(
        widget["members"].as_array().expect("a list").iter().all(|m| m["id"].as_str().unwrap().len() == 1)
    );
    assert_eq!(widget["presence_count"], 4);
    assert_eq!(widget["instant_invite"], Value::Null);
    let body = json!({ "max_age": 0, "max_uses": 0 });
    let general = channel(&stage.world, "general");
    let invite = CreateInvite { actor: stage.bot, channel: general, body, files: vec![] };
    let (invite, _) = stage.apply(invite);
    let link = |stage: &Stage| {
        places::widget(&stage.world, stage.guild, NOW).expect("is on")["instant_invite"].clone()
    };
    assert!(link(&stage).as_str().is_some_and(|url| url.ends_with(invite["code"].as_str().expect("a code"))));
    stage.apply(places::PatchGuild {
        actor: stage.owner,
        guild: stage.guild,
        body: json!({ "features": ["COMMUNITY", "INVITES_DISABLED"] }),
    });
    assert_eq!(link(&stage), Value::Null, "paused");
    assert!(places::widget_picture(&stage.world, stage.guild).is_ok_and(|(_, online)| online == 4));
    assert_eq!(places::WidgetStyle::read(Some("x")).map_err(|e| e.code), Err(50035));
}

#[test]
fn only_discoverable_guilds_are_previewed_from_outside() {
    let mut stage = Stage::new();
    let (user, _) = stage.apply(operator::CreateUser { body: json!({ "username": "stranger" }) });
    let stranger = cogwright_sim_world::Actor::person(id(&user));
    let preview = |stage: &Stage| places::guild_preview(&stage.world, stranger, stage.guild);
    assert_eq!(preview(&stage).map_err(|e| e.code), Err(10004));
    let inside = places::guild_preview(&stage.world, stage.noor, stage.guild).expect("a member");
    stage.apply(patch(&stage, stage.owner, json!({ "features": ["COMMUNITY", "DISCOVERABLE"] })));
    let seen = preview(&stage).expect("is discoverable");
    assert_eq!((&seen["approximate_member_count"], &seen["name"]), (&json!(5), &inside["name"]));
    assert!(seen.get("owner_id").is_none());
}

#[test]
fn a_world_saved_before_there_were_settings_still_loads() {
    let (world, ids) = default_world();
    let mut old = state(&world);
    old["mint"] = json!({ "last": 1 });
    let guild = &mut old["guilds"][ids.guild.to_string()];
    guild.as_object_mut().expect("a guild").remove("settings");
    let loaded: World = serde_json::from_value(old).expect("loads");
    let settings = &loaded.guild(ids.guild).expect("is there").settings;
    assert_eq!((settings.afk_timeout, settings.preferred_locale.as_str()), (300, "en-US"));
}
