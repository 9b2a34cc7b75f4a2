//! The welcome screen, onboarding and templates: who sets them, what they must hold, what follows a deletion.

use cogwright_sim_world::{
    AuditAction, ChannelId, RoleId, World, permissions as p,
    places::{self, operator},
};
use serde_json::{Value, json};

use crate::{
    helpers::{NOW, default_world, id, role, state},
    stage::Stage,
};

fn channel(world: &World, name: &str) -> ChannelId {
    let guild = world.guilds().next().expect("the guild");
    let mut channels = guild.channels.iter().map(|c| world.channel(*c).expect("is there"));
    channels.find(|c| c.name == name).expect("a default channel").id
}

#[test]
fn a_welcome_screen_is_set_and_shown_once_it_is_on() {
    let mut stage = Stage::new();
    let guild = stage.guild;
    let patch = |actor, body| places::PatchWelcomeScreen { actor, guild, body };
    let general = channel(&stage.world, "general");
    let entry = json!({ "channel_id": general, "description": "Talk", "emoji_id": null, "emoji_name": "💬" });
    let body = json!({ "description": "Hello", "welcome_channels": [entry] });
    let (screen, events) = stage.apply(patch(stage.bot, body.clone()));
    assert_eq!(screen, body);
    assert_eq!(stage.told(&events), [""; 0], "not switched");
    let read =
        |stage: &Stage, actor| places::welcome_screen(&stage.world, actor, guild, NOW).map_err(|e| e.code);
    assert_eq!(read(&stage, stage.noor), Err(50013), "not on yet");
    assert_eq!(read(&stage, stage.bot), Ok(body.clone()));
    let (_, events) = stage.apply(patch(stage.bot, json!({ "enabled": true })));
    assert_eq!(stage.told(&events), ["GUILD_UPDATE"]);
    assert!(stage.world.guild(guild).is_ok_and(|g| g.has_feature("WELCOME_SCREEN_ENABLED")));
    assert_eq!(read(&stage, stage.noor), Ok(body));
    assert_eq!(stage.refused(patch(stage.mika, json!({ "enabled": false }))), 50013);
    let with = |key: &str, value: Value| {
        let mut one = entry.clone();
        one[key] = value;
        json!({ "welcome_channels": [one] })
    };
    for (body, key) in [
        (with("channel_id", json!("1")), "channel_id"),
        (with("channel_id", Value::Null), "channel_id"),
        (with("description", json!("x".repeat(51))), "description"),
        (with("emoji_name", json!("smile")), "emoji_name"),
        (with("emoji_id", json!("1")), "emoji_id"),
    ] {
        let error = stage.refusal(patch(stage.bot, body));
        assert!(error.body()["errors"]["welcome_channels"]["0"][key].is_object(), "{key}");
    }
    assert_eq!(stage.refused(patch(stage.bot, json!({ "welcome_channels": [1, 2, 3, 4, 5, 6] }))), 50035);
    assert_eq!(stage.refused(patch(stage.bot, json!({ "description": "x".repeat(141) }))), 50035);

    stage.apply(places::DeleteChannel { actor: stage.owner, channel: general });
    assert_eq!(read(&stage, stage.noor).expect("is on")["welcome_channels"], json!([]));
    let none = places::PatchGuild { actor: stage.owner, guild, body: json!({ "features": [] }) };
    stage.apply(none);
    assert_eq!(read(&stage, stage.owner), Err(10069));
    assert_eq!(stage.refused(patch(stage.bot, json!({}))), 10069);
}

/// Makes open text channels until there are so many.
fn open_channels(stage: &mut Stage, count: usize) -> Vec<ChannelId> {
    let make = |stage: &mut Stage, n: usize| {
        let body = json!({ "name": format!("open-{n}") });
        id(&stage.apply(operator::CreateChannel { guild: stage.guild, body }).0)
    };
    (0..count).map(|n| make(stage, n)).collect()
}

#[test]
fn onboarding_needs_enough_channels_and_keeps_the_ids_of_its_questions() {
    let mut stage = Stage::new();
    let (guild, bot) = (stage.guild, stage.bot);
    let put = |body| places::PutOnboarding { actor: bot, guild, body };
    let channels = open_channels(&mut stage, 7);
    let regular = role(&stage.world, &stage.ids, "Regular");
    let prompt = json!({ "id": "0", "title": "What do you make?", "single_select": true, "required": true,
        "in_onboarding": true, "type": 1, "options": [
            { "title": "Chairs", "description": "", "emoji_name": "🪑", "role_ids": [regular], "channel_ids": [channels[6]] },
        ] });
    let body =
        json!({ "prompts": [prompt], "default_channel_ids": channels[..6], "enabled": false, "mode": 0 });
    let (set, events) = stage.apply(put(body));
    assert_eq!(stage.told(&events), [""; 0]);
    let actions: Vec<AuditAction> = {
        let guild = stage.world.guild(guild).expect("is there");
        guild.audit.entries().map(|entry| entry.action).collect()
    };
    assert_eq!(
        actions[actions.len() - 2..],
        [AuditAction::OnboardingPromptCreate, AuditAction::OnboardingCreate]
    );
    let (first, option) = (set["prompts"][0].clone(), set["prompts"][0]["options"][0].clone());
    assert_ne!(first["id"], "0", "an id of its own");
    assert_eq!(option["emoji"], json!({ "id": null, "name": "🪑", "animated": false }));
    let read = places::onboarding(&stage.world, stage.noor, guild, NOW).expect("a member");
    assert_eq!(read, set);

    assert_eq!(stage.refused(put(json!({ "enabled": true }))), 350_000, "six channels are too few");
    // In the other mode those of questions count.
    let (on, _) = stage.apply(put(json!({ "enabled": true, "mode": 1 })));
    assert_eq!(on["prompts"], set["prompts"], "what is absent stays");
    assert_eq!(stage.audited().action, AuditAction::OnboardingUpdate);
    assert_eq!(stage.refused(put(json!({ "default_channel_ids": [] }))), 350_001);
    let mut renamed = first.clone();
    renamed["title"] = json!("What do you like?");
    let more = json!({ "id": "77", "title": "And?", "options": [{ "title": "x" }] });
    let (changed, _) = stage.apply(put(json!({ "prompts": [renamed, more] })));
    assert_eq!(
        (&changed["prompts"][0]["id"], &changed["prompts"][0]["options"][0]["id"]),
        (&first["id"], &option["id"])
    );
    assert_ne!(changed["prompts"][1]["id"], "77");
    stage.apply(put(json!({ "prompts": [renamed] })));
    let entry = stage.audited();
    assert_eq!(entry.action, AuditAction::OnboardingPromptDelete);
    assert_eq!(entry.changes.iter().find(|c| c["key"] == "title").expect("a change")["old_value"], "And?");

    // What is deleted elsewhere is let go.
    stage.apply(operator::DeleteRole { guild, role: regular });
    stage.apply(places::DeleteChannel { actor: stage.owner, channel: channels[6] });
    let left = places::onboarding(&stage.world, bot, guild, NOW).expect("a member");
    let option = &left["prompts"][0]["options"][0];
    assert_eq!((&option["role_ids"], &option["channel_ids"]), (&json!([]), &json!([])));
    stage.bot_may(p::MANAGE_GUILD | p::VIEW_CHANNEL);
    assert_eq!(stage.refused(put(json!({ "enabled": false }))), 50013, "needs MANAGE_ROLES too");
}

#[test]
fn bad_onboarding_is_named() {
    let mut stage = Stage::new();
    let (guild, actor) = (stage.guild, stage.bot);
    let managed = role(&stage.world, &stage.ids, "Cogwright");
    let option = |key: &str, value: Value| {
        let mut option = json!({ "title": "x" });
        option[key] = value;
        json!({ "prompts": [{ "id": "1", "title": "x", "options": [option] }] })
    };
    let prompt = |prompt: Value| json!({ "prompts": [prompt] });
    for (body, pointer) in [
        (json!({ "mode": 2 }), "/mode"),
        (json!({ "default_channel_ids": ["1"] }), "/default_channel_ids/0"),
        (prompt(json!({ "id": "1", "title": "x", "options": [] })), "/prompts/0/options"),
        (prompt(json!({ "id": "1", "options": [{ "title": "x" }] })), "/prompts/0/title"),
        (
            prompt(json!({ "id": "1", "title": "x", "type": 2, "options": [{ "title": "x" }] })),
            "/prompts/0/type",
        ),
        (option("title", json!("x".repeat(51))), "/prompts/0/options/0/title"),
        (option("role_ids", json!([managed])), "/prompts/0/options/0/role_ids/0"),
        (option("role_ids", json!([RoleId::from(guild)])), "/prompts/0/options/0/role_ids/0"),
        (option("channel_ids", json!(["1"])), "/prompts/0/options/0/channel_ids/0"),
        (option("emoji_name", json!("chair")), "/prompts/0/options/0/emoji_name"),
    ] {
        let error = stage.refusal(places::PutOnboarding { actor, guild, body });
        assert!(
            error.body()["errors"].pointer(&format!("{pointer}/_errors")).is_some(),
            "{pointer}: {:?}",
            error.body()
        );
    }
}

#[test]
fn a_template_is_the_guild_at_one_moment() {
    let mut stage = Stage::new();
    let (guild, actor) = (stage.guild, stage.bot);
    let create = |body| places::CreateTemplate { actor, guild, body };
    assert_eq!(stage.refused(create(json!({ "description": "x" }))), 50035);
    let (made, events) = stage.apply(create(json!({ "name": "Workshops", "description": "" })));
    assert!(events.is_empty());
    assert_eq!(stage.refused(create(json!({ "name": "Another" }))), 30031);
    assert_eq!(
        (&made["is_dirty"], &made["usage_count"], &made["description"]),
        (&Value::Null, &json!(0), &Value::Null)
    );
    let code = made["code"].as_str().expect("a code").to_owned();
    let source = &made["serialized_source_guild"];
    let names = |key: &str| -> Vec<&str> {
        source[key]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| one["name"].as_str().expect("a name"))
            .collect()
    };
    assert_eq!(names("roles"), ["@everyone", "Newcomer", "Regular", "Moderator"], "no bot's role");
    assert_eq!(names("channels")[..4], ["Lobby", "Projects", "Talking", "Staff"], "categories first");
    let find = |name: &str| {
        source["channels"].as_array().expect("a list").iter().find(|c| c["name"] == name).expect("a channel")
    };
    assert_eq!((&find("general")["parent_id"], &find("Lobby")["id"]), (&json!("1"), &json!(1)));
    assert_eq!((&find("announcements")["type"], &find("Show and Tell")["type"]), (&json!(0), &json!(2)));
    assert_eq!(source["system_channel_id"], find("general")["id"].to_string());
    let overwrites = find("mod-room")["permission_overwrites"].as_array().expect("a list");
    assert_eq!(overwrites.iter().map(|o| o["id"].clone()).collect::<Vec<_>>(), [json!("0"), json!("3")]);
    assert_eq!(find("ideas")["available_tags"][0]["id"], 1);

    // Anybody reads it; it tells when the guild has moved on, until it is synced.
    let read = |stage: &Stage| places::template(&stage.world, &code).expect("is there");
    assert_eq!(read(&stage), made);
    stage.apply(places::PatchGuild { actor, guild, body: json!({ "name": "Moved on" }) });
    assert_eq!(
        (&read(&stage)["is_dirty"], &read(&stage)["serialized_source_guild"]["name"]),
        (&json!(true), &json!("Workshop"))
    );
    let (synced, _) = stage.apply(places::SyncTemplate { actor, guild, code: code.clone() });
    assert_eq!(
        (&synced["is_dirty"], &synced["serialized_source_guild"]["name"]),
        (&Value::Null, &json!("Moved on"))
    );
    let patch = |body| places::PatchTemplate { actor, guild, code: code.clone(), body };
    assert_eq!(stage.apply(patch(json!({ "name": "New name" }))).0["name"], "New name");
    assert_eq!(stage.refused(patch(json!({ "name": "" }))), 50035);
    assert_eq!(stage.refused(places::SyncTemplate { actor, guild, code: "other".into() }), 10057);
    assert_eq!(stage.refused(places::DeleteTemplate { actor: stage.noor, guild, code: code.clone() }), 50013);
    let list = places::guild_templates(&stage.world, actor, guild, NOW).expect("is allowed");
    assert_eq!(list[0]["name"], "New name");
    let (gone, _) = stage.apply(places::DeleteTemplate { actor, guild, code: code.clone() });
    assert_eq!(gone["code"], code);
    assert_eq!(places::template(&stage.world, &code).map_err(|e| e.code), Err(10057));
    assert_eq!(places::guild_templates(&stage.world, actor, guild, NOW), Ok(json!([])));
}

#[test]
fn a_world_saved_before_there_were_welcome_screens_still_loads() {
    let (world, ids) = default_world();
    let mut old = state(&world);
    old["mint"] = json!({ "last": 1 });
    old["guilds"][ids.guild.to_string()].as_object_mut().expect("a guild").remove("community");
    let loaded: World = serde_json::from_value(old).expect("loads");
    assert!(loaded.guild(ids.guild).is_ok_and(|g| g.community.onboarding.is_none()));
}
