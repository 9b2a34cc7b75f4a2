//! Acceptance case 27: a bot reads a whole guild over REST and the CDN, and makes it anew in an empty one.

use std::collections::BTreeMap;

use axum::{body::Body, http::Request};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use cogwright_sim_world::{GuildId, permissions as p, places::operator};
use serde_json::{Map, Value, json};
use tower::ServiceExt as _;

use super::{Line, run, text, try_run};
use crate::RateLimitMode;

/// What of a guild is restored with one PATCH.
const SETTINGS: [&str; 16] = [
    "name",
    "description",
    "features",
    "verification_level",
    "default_message_notifications",
    "explicit_content_filter",
    "afk_channel_id",
    "afk_timeout",
    "system_channel_id",
    "system_channel_flags",
    "rules_channel_id",
    "public_updates_channel_id",
    "safety_alerts_channel_id",
    "preferred_locale",
    "premium_progress_bar_enabled",
    "premium_tier",
];
/// Keys of a channel that belong to it alone.
const OF_ITS_OWN: [&str; 5] = ["id", "guild_id", "last_message_id", "last_pin_timestamp", "flags"];

/// What a bot reads to make a guild anew.
struct Backup {
    guild: Value,
    roles: Vec<Value>,
    channels: Vec<Value>,
    /// With the files.
    emojis: Vec<(Value, Vec<u8>)>,
    stickers: Vec<(Value, Vec<u8>)>,
    sounds: Vec<(Value, Vec<u8>)>,
    welcome_screen: Value,
    onboarding: Value,
    widget: Value,
}

fn array(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list,
        other => panic!("not a list: {other}"),
    }
}

async fn download(line: &Line, path: &str) -> Vec<u8> {
    let request = Request::get(format!("/cdn/{path}")).body(Body::empty()).expect("a valid request");
    let response =
        crate::cdn::router().with_state(line.sim.clone()).oneshot(request).await.expect("infallible");
    assert_eq!(response.status(), 200, "{path}");
    axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body in memory").to_vec()
}

async fn with_files(
    line: &Line,
    list: Value,
    id: &str,
    path: impl Fn(&str) -> String,
) -> Vec<(Value, Vec<u8>)> {
    let mut files = Vec::new();
    for one in array(list) {
        let bytes = download(line, &path(&text(&one, id))).await;
        files.push((one, bytes));
    }
    files
}

async fn read(line: &Line, guild: &str) -> Backup {
    let get = async |operation: &str| run(line, operation, &[guild], None).await;
    let mut roles = array(get("list_guild_roles").await);
    // Bots bring their roles themselves.
    roles.retain(|role| role["managed"] == false);
    roles.sort_by_key(|role| role["position"].as_i64());
    let mut channels = array(get("list_guild_channels").await);
    channels.sort_by_key(|c| (c["type"] != 4, c["position"].as_i64(), text(c, "id")));
    let sounds = get("list_guild_soundboard_sounds").await["items"].take();
    Backup {
        guild: get("get_guild").await,
        roles,
        channels,
        emojis: with_files(line, get("list_guild_emojis").await, "id", |id| format!("emojis/{id}.png")).await,
        stickers: with_files(line, get("list_guild_stickers").await, "id", |id| format!("stickers/{id}.png"))
            .await,
        sounds: with_files(line, sounds, "sound_id", |id| format!("soundboard-sounds/{id}")).await,
        welcome_screen: get("get_guild_welcome_screen").await,
        onboarding: get("get_guilds_onboarding").await,
        widget: get("get_guild_widget_settings").await,
    }
}

/// Ids and what they are called, or for a restore: ids before and after.
type Names = BTreeMap<String, String>;

/// The same with every id that is known replaced, and without keys that say nothing here.
fn renamed(value: &Value, names: &Names) -> Value {
    match value {
        Value::String(text) => names.get(text).unwrap_or(text).as_str().into(),
        Value::Array(list) => list.iter().map(|one| renamed(one, names)).collect(),
        Value::Object(map) => {
            map.iter().map(|(key, one)| (key.clone(), renamed(one, names))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

fn without(mut value: Value, keys: &[&str]) -> Value {
    let map = value.as_object_mut().expect("an object");
    for key in keys {
        map.remove(*key);
    }
    value
}

fn only(value: &Value, keys: &[&str]) -> Value {
    keys.iter().map(|key| ((*key).to_owned(), value[*key].clone())).collect::<Map<_, _>>().into()
}

/// Everything in the backup with names in place of ids, to compare two guilds by.
fn shape(backup: &Backup) -> Value {
    let mut names = Names::new();
    let mut name = |one: &Value, id: &str, kind: &str| {
        names.insert(text(one, id), format!("{kind} {}", one["name"]));
    };
    backup.roles.iter().for_each(|one| name(one, "id", "role"));
    backup.channels.iter().for_each(|one| name(one, "id", "channel"));
    backup.emojis.iter().for_each(|(one, _)| name(one, "id", "emoji"));
    let tags = |channel: Value| {
        let mut channel = channel;
        for tag in channel.get_mut("available_tags").and_then(Value::as_array_mut).into_iter().flatten() {
            tag["id"] = Value::Null;
        }
        channel
    };
    let files = |files: &[(Value, Vec<u8>)], id: &str| -> Value {
        let one = |(one, bytes): &(Value, Vec<u8>)| json!({ "about": without(one.clone(), &[id, "guild_id", "user"]), "bytes": STANDARD.encode(bytes) });
        files.iter().map(one).collect()
    };
    let mut onboarding = without(backup.onboarding.clone(), &["guild_id"]);
    for prompt in onboarding["prompts"].as_array_mut().into_iter().flatten() {
        prompt["id"] = Value::Null;
        for option in prompt["options"].as_array_mut().into_iter().flatten() {
            option["id"] = Value::Null;
        }
    }
    // The overwrites of a channel are a set.
    let sorted = |channel: Value| {
        let mut channel = channel;
        if let Some(list) = channel["permission_overwrites"].as_array_mut() {
            list.sort_by_key(|o| o["id"].to_string());
        }
        channel
    };
    let channels =
        backup.channels.iter().map(|c| sorted(renamed(&tags(without(c.clone(), &OF_ITS_OWN)), &names)));
    let mut settings = only(&backup.guild, &SETTINGS);
    // A set, too.
    settings["features"].as_array_mut().expect("a list").sort_by_key(Value::to_string);
    let rest = renamed(
        &json!({
            "settings": settings,
            "roles": backup.roles.iter().map(|r| without(r.clone(), &["id", "position"])).collect::<Vec<_>>(),
            "emojis": files(&backup.emojis, "id"),
            "stickers": files(&backup.stickers, "id"),
            "sounds": files(&backup.sounds, "sound_id"),
            "welcome_screen": backup.welcome_screen,
            "onboarding": onboarding,
            "widget": backup.widget,
        }),
        &names,
    );
    let mut channels: Vec<Value> = channels.collect();
    channels.sort_by_key(|c| (c["parent_id"].to_string(), c["position"].as_i64(), c["name"].to_string()));
    json!({ "channels": channels, "rest": rest })
}

/// Channel types that a guild has only as a community.
const ANNOUNCEMENT: u64 = 5;
const STAGE: u64 = 13;

/// Makes a guild anew, with nothing but what a bot may call.
async fn restore(line: &Line, guild: &str, backup: &Backup) {
    for channel in array(run(line, "list_guild_channels", &[guild], None).await) {
        run(line, "delete_channel", &[&text(&channel, "id")], None).await;
    }
    let mut now = Names::new();
    for role in &backup.roles {
        let body = only(role, &["name", "permissions", "color", "hoist", "mentionable"]);
        if role["id"] == backup.guild["id"] {
            run(line, "update_guild_role", &[guild, guild], Some(body)).await;
            now.insert(text(role, "id"), guild.to_owned());
        } else {
            let made = run(line, "create_guild_role", &[guild], Some(body)).await;
            now.insert(text(role, "id"), text(&made, "id"));
        }
    }
    let order: Value = (0..)
        .zip(&backup.roles)
        .skip(1)
        .map(|(position, role)| json!({ "id": now[&text(role, "id")], "position": position }))
        .collect();
    run(line, "bulk_update_guild_roles", &[guild], Some(order)).await;

    let channel = |channel: &Value, now: &Names| {
        let mut body = renamed(&without(channel.clone(), &OF_ITS_OWN), now);
        for tag in body.get_mut("available_tags").and_then(Value::as_array_mut).into_iter().flatten() {
            *tag = without(tag.take(), &["id"]);
        }
        body
    };
    // First what any guild may have, then what needs a community with its two channels.
    for found in backup.channels.iter().filter(|c| c["type"] != STAGE) {
        let mut body = channel(found, &now);
        if found["type"] == ANNOUNCEMENT {
            body["type"] = json!(0);
        }
        let made = run(line, "create_guild_channel", &[guild], Some(body)).await;
        now.insert(text(found, "id"), text(&made, "id"));
    }
    let community = only(&backup.guild, &["features", "rules_channel_id", "public_updates_channel_id"]);
    run(line, "update_guild", &[guild], Some(renamed(&community, &now))).await;
    for found in backup.channels.iter().filter(|c| c["type"] == STAGE) {
        let made = run(line, "create_guild_channel", &[guild], Some(channel(found, &now))).await;
        now.insert(text(found, "id"), text(&made, "id"));
    }
    for found in backup.channels.iter().filter(|c| c["type"] == ANNOUNCEMENT) {
        let id = now[&text(found, "id")].clone();
        run(line, "update_channel", &[&id], Some(json!({ "type": ANNOUNCEMENT }))).await;
    }

    for (emoji, bytes) in &backup.emojis {
        let media = if emoji["animated"] == true { "gif" } else { "png" };
        let mut body = renamed(&only(emoji, &["name", "roles"]), &now);
        body["image"] = format!("data:image/{media};base64,{}", STANDARD.encode(bytes)).into();
        let made = run(line, "create_guild_emoji", &[guild], Some(body)).await;
        now.insert(text(emoji, "id"), text(&made, "id"));
    }
    for (sticker, bytes) in &backup.stickers {
        upload_sticker(line, guild, sticker, bytes).await;
    }
    for (sound, bytes) in &backup.sounds {
        let mut body = renamed(&only(sound, &["name", "volume", "emoji_id", "emoji_name"]), &now);
        body["sound"] = format!("data:audio/mpeg;base64,{}", STANDARD.encode(bytes)).into();
        run(line, "create_guild_soundboard_sound", &[guild], Some(body)).await;
    }

    // What points at channels, roles and emojis comes last.
    let settings = renamed(&only(&backup.guild, &SETTINGS), &now);
    run(line, "update_guild", &[guild], Some(settings)).await;
    run(line, "update_guild_widget_settings", &[guild], Some(renamed(&backup.widget, &now))).await;
    let mut screen = renamed(&backup.welcome_screen, &now);
    screen["enabled"] = json!(true);
    run(line, "update_guild_welcome_screen", &[guild], Some(screen)).await;
    let mut onboarding = renamed(&backup.onboarding, &now);
    for option in onboarding["prompts"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .flat_map(|prompt| prompt["options"].as_array_mut().into_iter().flatten())
    {
        option["emoji_name"] = option["emoji"]["name"].take();
        option["emoji_id"] = option["emoji"]["id"].take();
    }
    run(line, "put_guilds_onboarding", &[guild], Some(onboarding)).await;
}

async fn upload_sticker(line: &Line, guild: &str, sticker: &Value, bytes: &[u8]) {
    let mut body = Vec::new();
    for key in ["name", "tags", "description"] {
        let value = sticker[key].as_str().unwrap_or_default();
        let part = format!("--x\r\ncontent-disposition: form-data; name=\"{key}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    body.extend(b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"sticker\"\r\n\r\n");
    body.extend(bytes);
    body.extend(b"\r\n--x--\r\n");
    let request = Request::post(format!("/api/v10/guilds/{guild}/stickers"))
        .header("authorization", format!("Bot {}", line.ids.token))
        .header("content-type", "multipart/form-data; boundary=x");
    let answer = line.send(request.body(Body::from(body)).expect("a valid request")).await;
    assert_eq!(answer.status, 201, "{answer:?}");
}

/// Gives the default world's guild some of everything that it lacks.
async fn furnish(line: &Line, guild: &str) {
    let channels = array(run(line, "list_guild_channels", &[guild], None).await);
    let channel = |name: &str| text(channels.iter().find(|c| c["name"] == name).expect("a channel"), "id");
    let roles = array(run(line, "list_guild_roles", &[guild], None).await);
    let regular = text(roles.iter().find(|r| r["name"] == "Regular").expect("a role"), "id");
    let body = json!({
        "name": "slow", "parent_id": channel("Projects"), "rate_limit_per_user": 30, "nsfw": true,
        "default_auto_archive_duration": 4320,
        "permission_overwrites": [{ "id": regular, "type": 0, "allow": "0", "deny": p::ADD_REACTIONS.to_string() }],
    });
    let slow = text(&run(line, "create_guild_channel", &[guild], Some(body)).await, "id");
    let png = "data:image/png;base64,iVBORw0KGgo=";
    let body = json!({ "name": "petal", "image": png, "roles": [regular] });
    let petal = text(&run(line, "create_guild_emoji", &[guild], Some(body)).await, "id");
    let body = json!({ "name": "turning", "image": "data:image/gif;base64,R0lGODlhEAAQAAAAAA==" });
    run(line, "create_guild_emoji", &[guild], Some(body)).await;
    let mut picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x40\0\0\x01\x40".to_vec();
    picture.extend(b"the rest");
    let sticker = json!({ "name": "wave", "tags": "👋", "description": "It waves" });
    upload_sticker(line, guild, &sticker, &picture).await;
    let body = json!({
        "name": "saw", "sound": "data:audio/mpeg;base64,//uQAA==", "volume": 0.5, "emoji_id": petal,
    });
    run(line, "create_guild_soundboard_sound", &[guild], Some(body)).await;
    let body = json!({
        "verification_level": 2, "explicit_content_filter": 2, "default_message_notifications": 0,
        "afk_channel_id": channel("Workbench"), "afk_timeout": 900, "system_channel_flags": 5,
        "safety_alerts_channel_id": channel("mod-room"), "preferred_locale": "de",
        "premium_progress_bar_enabled": true, "features": ["COMMUNITY", "RAID_ALERTS_DISABLED"],
    });
    run(line, "update_guild", &[guild], Some(body)).await;
    let body = json!({ "enabled": true, "channel_id": channel("general") });
    run(line, "update_guild_widget_settings", &[guild], Some(body)).await;
    let body = json!({ "enabled": true, "description": "Hello", "welcome_channels": [
        { "channel_id": channel("general"), "description": "Talk", "emoji_id": petal },
    ] });
    run(line, "update_guild_welcome_screen", &[guild], Some(body)).await;
    let shown = ["general", "off-topic", "announcements", "ideas", "Workbench", "Show and Tell"].map(channel);
    let body = json!({
        "enabled": true, "mode": 1, "default_channel_ids": shown,
        "prompts": [{ "id": "1", "title": "What do you make?", "in_onboarding": true, "options": [
            { "title": "Chairs", "emoji_id": petal, "role_ids": [regular], "channel_ids": [slow] },
        ] }],
    });
    run(line, "put_guilds_onboarding", &[guild], Some(body)).await;
}

/// A guild with nothing in it but its owner and the bot.
fn empty_guild(line: &Line) -> String {
    let body = json!({ "name": "Empty", "owner": line.ids.user });
    let guild: GuildId = text(&line.sim.apply(operator::CreateGuild { body }).expect("is allowed"), "id")
        .parse()
        .expect("an id");
    let body = json!({ "guilds": [guild], "permissions": p::ADMINISTRATOR.to_string() });
    let application = line.ids.application;
    line.sim.apply(operator::PatchApplication { application, body }).expect("is allowed");
    guild.to_string()
}

#[tokio::test]
async fn case_27_a_guild_is_backed_up_and_restored_equal_up_to_ids() {
    let line = Line::new(RateLimitMode::Off);
    let source = line.ids.guild.to_string();
    furnish(&line, &source).await;
    let backup = read(&line, &source).await;
    let target = empty_guild(&line);
    restore(&line, &target, &backup).await;
    let restored = read(&line, &target).await;
    let (before, after) = (shape(&backup), shape(&restored));
    for (old, new) in array(before["channels"].clone()).iter().zip(array(after["channels"].clone())) {
        assert_eq!(*old, new, "a channel");
    }
    for (key, old) in before["rest"].as_object().expect("an object") {
        assert_eq!(*old, after["rest"][key], "{key}");
    }
    assert_eq!(before, after);
    assert_eq!(read(&line, &source).await.guild, backup.guild, "the source is as it was");

    // The comparison sees each kind of difference.
    let general = restored.channels.iter().find(|c| c["name"] == "general").expect("a channel");
    run(&line, "update_channel", &[&text(general, "id")], Some(json!({ "topic": "Another" }))).await;
    assert_ne!(shape(&read(&line, &target).await), before);
    let emoji = text(&restored.emojis[0].0, "id");
    run(&line, "update_guild_emoji", &[&target, &emoji], Some(json!({ "roles": [] }))).await;
    assert_ne!(shape(&read(&line, &target).await)["rest"], before["rest"]);
    assert_eq!(try_run(&line, "get_guild_emoji", &[&source, &emoji], None).await.code(), (404, 10014));
}
