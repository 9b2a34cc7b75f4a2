//! Each operation on emojis, stickers and sounds, as a bot calls it.

use axum::{body::Body, http::Request};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use cogwright_sim_world::ChannelKind;
use serde_json::{Value, json};

use super::{Answer, Line, run, text, try_run, voice};
use crate::RateLimitMode;

/// The head of a PNG with sides of so many pixels, filled up to so many bytes.
pub(super) fn png(side: u32, size: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(side.to_be_bytes());
    bytes.extend(side.to_be_bytes());
    bytes.resize(size.max(bytes.len()), 0);
    bytes
}

fn uri(media: &str, bytes: &[u8]) -> String {
    format!("data:{media};base64,{}", STANDARD.encode(bytes))
}

/// One frame of an MP3, filled up to so many bytes.
fn mp3(size: usize) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xFB, 0x90, 0x00];
    bytes.resize(size.max(417), 0);
    bytes
}

pub(super) fn emoji(name: &str, picture: &[u8]) -> Option<Value> {
    Some(json!({ "name": name, "image": uri("image/png", picture) }))
}

fn sound(name: &str, file: &[u8]) -> Option<Value> {
    Some(json!({ "name": name, "sound": uri("audio/mpeg", file) }))
}

/// Uploads a sticker.
async fn upload(line: &Line, name: &str, tags: &str, file: &[u8]) -> Answer {
    let field = |name: &str, value: &str| {
        format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body =
        [field("name", name), field("tags", tags), field("description", "A test")].concat().into_bytes();
    body.extend(
        b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x.png\"\r\ncontent-type: image/png\r\n\r\n",
    );
    body.extend(file);
    body.extend(b"\r\n--x--\r\n");
    let request = Request::post(format!("/api/v10/guilds/{}/stickers", line.ids.guild))
        .header("authorization", format!("Bot {}", line.ids.token))
        .header("content-type", "multipart/form-data; boundary=x");
    line.send(request.body(Body::from(body)).expect("a valid request")).await
}

/// What a row of the page of limits is about, `n` of it; `None` for rows that are not about these.
pub(super) async fn probe(line: &Line, row: &str, n: u64) -> Option<Answer> {
    let emojis = format!("/guilds/{}/emojis", line.ids.guild);
    let sounds = format!("/guilds/{}/soundboard-sounds", line.ids.guild);
    let own = format!("/applications/{}/emojis", line.ids.application);
    let size = n as usize;
    let long = "x".repeat(size);
    let each = async |path: &str, body: &dyn Fn(u64) -> Option<Value>| {
        let mut last = None;
        for i in 0..n {
            last = Some(line.call("POST", path, body(i)).await);
        }
        last.expect("a limit above zero")
    };
    let moving = json!({ "name": "moving", "image": uri("image/gif", b"GIF89a\x10\0\x10\0") });
    Some(match row {
        "still emojis of a guild" | "still emojis of a guild without boosts" => {
            each(&emojis, &|_| emoji("still", &png(128, 0))).await
        }
        "moving emojis of a guild" | "moving emojis of a guild without boosts" => {
            each(&emojis, &|_| Some(moving.clone())).await
        }
        "emojis of an application" => each(&own, &|i| emoji(&format!("own_{i}"), &png(128, 0))).await,
        "characters of an emoji's name" => line.call("POST", &emojis, emoji(&long, &png(128, 0))).await,
        "bytes of an emoji's picture" => line.call("POST", &emojis, emoji("large", &png(128, size))).await,
        "stickers of a guild" | "stickers of a guild without boosts" => {
            let mut last = None;
            for _ in 0..n {
                last = Some(upload(line, "wave", "x", &png(320, 0)).await);
            }
            last.expect("a limit above zero")
        }
        "characters of a sticker's name" => upload(line, &long, "x", &png(320, 0)).await,
        "characters of a sticker's tags" => upload(line, "wave", &long, &png(320, 0)).await,
        "bytes of a sticker's file" => upload(line, "wave", "x", &png(320, size)).await,
        "pixels of a sticker's side" => upload(line, "wave", "x", &png(n as u32, 0)).await,
        "stickers of a message" => {
            let packs = line.get("/sticker-packs").await.json();
            let stickers = &packs["sticker_packs"][0]["stickers"];
            let ids: Value = (0..n).map(|i| stickers[i as usize % 3]["id"].clone()).collect();
            let path = format!("/channels/{}/messages", line.ids.channel);
            line.call("POST", &path, Some(json!({ "sticker_ids": ids }))).await
        }
        "sounds of a guild" | "sounds of a guild without boosts" => {
            each(&sounds, &|_| sound("saw", &mp3(0))).await
        }
        "characters of a sound's name" => line.call("POST", &sounds, sound(&long, &mp3(0))).await,
        "bytes of a sound's file" => line.call("POST", &sounds, sound("saw", &mp3(size))).await,
        _ => return None,
    })
}

#[tokio::test]
async fn a_guild_s_emojis() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let made = run(&line, "create_guild_emoji", &[&guild], emoji("petal", &png(128, 0))).await;
    let id = text(&made, "id");
    assert_eq!(run(&line, "list_guild_emojis", &[&guild], None).await, json!([made]));
    assert_eq!(run(&line, "get_guild_emoji", &[&guild, &id], None).await, made);
    let body = json!({ "name": "leaf", "roles": [] });
    assert_eq!(run(&line, "update_guild_emoji", &[&guild, &id], Some(body)).await["name"], "leaf");
    assert_eq!(run(&line, "get_guild", &[&guild], None).await["emojis"][0]["name"], "leaf");
    let refused = try_run(&line, "create_guild_emoji", &[&guild], Some(json!({ "name": "x" }))).await;
    assert_eq!(refused.code(), (400, 50035));
    run(&line, "delete_guild_emoji", &[&guild, &id], None).await;
    for operation in ["get_guild_emoji", "delete_guild_emoji"] {
        assert_eq!(try_run(&line, operation, &[&guild, &id], None).await.code(), (404, 10014), "{operation}");
    }
    let edit = try_run(&line, "update_guild_emoji", &[&guild, &id], Some(json!({}))).await;
    assert_eq!(edit.code(), (404, 10014));
    assert_eq!(try_run(&line, "list_guild_emojis", &["5"], None).await.code(), (404, 10004));
}

#[tokio::test]
async fn an_application_s_emojis() {
    let line = Line::new(RateLimitMode::Off);
    let app = line.ids.application.to_string();
    let made = run(&line, "create_application_emoji", &[&app], emoji("petal", &png(128, 0))).await;
    let id = text(&made, "id");
    let all = run(&line, "list_application_emojis", &[&app], None).await;
    assert_eq!(all, json!({ "items": [made] }));
    assert_eq!(run(&line, "get_application_emoji", &[&app, &id], None).await, made);
    let body = json!({ "name": "leaf" });
    assert_eq!(run(&line, "update_application_emoji", &[&app, &id], Some(body)).await["name"], "leaf");
    run(&line, "delete_application_emoji", &[&app, &id], None).await;
    assert_eq!(try_run(&line, "get_application_emoji", &[&app, &id], None).await.code(), (404, 10014));
    assert_eq!(try_run(&line, "list_application_emojis", &["5"], None).await.code(), (403, 20012));
}

#[tokio::test]
async fn a_guild_s_stickers_and_everybody_s() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let made = upload(&line, "wave", "👋", &png(320, 0)).await;
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    let id = text(&made, "id");
    assert_eq!((&made["tags"], &made["description"]), (&json!("👋"), &json!("A test")));
    assert_eq!(run(&line, "list_guild_stickers", &[&guild], None).await, json!([made]));
    assert_eq!(run(&line, "get_guild_sticker", &[&guild, &id], None).await, made);
    assert_eq!(run(&line, "get_sticker", &[&id], None).await["guild_id"], guild);
    let body = json!({ "name": "greeting" });
    assert_eq!(run(&line, "update_guild_sticker", &[&guild, &id], Some(body)).await["name"], "greeting");
    let channel = line.ids.channel.to_string();
    let sent = run(&line, "create_message", &[&channel], Some(json!({ "sticker_ids": [id] }))).await;
    assert_eq!(sent["sticker_items"][0]["name"], "greeting");
    run(&line, "delete_guild_sticker", &[&guild, &id], None).await;
    assert_eq!(try_run(&line, "get_guild_sticker", &[&guild, &id], None).await.code(), (404, 10060));
    assert_eq!(try_run(&line, "get_sticker", &[&id], None).await.code(), (404, 10060));
    let again = try_run(&line, "create_message", &[&channel], Some(json!({ "sticker_ids": [id] }))).await;
    assert_eq!(again.code(), (400, 50081));
    let bare = try_run(&line, "create_guild_sticker", &[&guild], Some(json!({ "name": "x" }))).await;
    assert_eq!(bare.json()["errors"]["file"]["_errors"][0]["code"], "BASE_TYPE_REQUIRED");

    let packs = run(&line, "list_sticker_packs", &[], None).await;
    let pack = &packs["sticker_packs"][0];
    assert_eq!(run(&line, "get_sticker_pack", &[&text(pack, "id")], None).await, *pack);
    let standard = &pack["stickers"][1];
    assert_eq!(run(&line, "get_sticker", &[&text(standard, "id")], None).await, *standard);
    assert_eq!(try_run(&line, "get_sticker_pack", &["5"], None).await.code(), (404, 10061));
}

#[tokio::test]
async fn a_guild_s_sounds_and_everybody_s() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let made = run(&line, "create_guild_soundboard_sound", &[&guild], sound("saw", &mp3(0))).await;
    let id = text(&made, "sound_id");
    let all = run(&line, "list_guild_soundboard_sounds", &[&guild], None).await;
    assert_eq!(all, json!({ "items": [made] }));
    assert_eq!(run(&line, "get_guild_soundboard_sound", &[&guild, &id], None).await, made);
    let body = json!({ "name": "plane", "volume": 0.25, "emoji_name": "✈️" });
    let changed = run(&line, "update_guild_soundboard_sound", &[&guild, &id], Some(body)).await;
    assert_eq!((&changed["name"], &changed["volume"]), (&json!("plane"), &json!(0.25)));
    run(&line, "delete_guild_soundboard_sound", &[&guild, &id], None).await;
    let gone = try_run(&line, "get_guild_soundboard_sound", &[&guild, &id], None).await;
    assert_eq!(gone.code(), (404, 10097));
    let refused = try_run(&line, "create_guild_soundboard_sound", &[&guild], sound("s", &mp3(0))).await;
    assert_eq!(refused.code(), (400, 50035));
    let everybody_s = run(&line, "get_soundboard_default_sounds", &[], None).await;
    assert_eq!((&everybody_s[0]["sound_id"], &everybody_s[0]["name"]), (&json!("1"), &json!("knock")));
}

#[tokio::test]
async fn a_sound_is_played() {
    let line = Line::new(RateLimitMode::Off);
    let talk = voice::channel(&line, ChannelKind::Voice);
    let channel = talk.to_string();
    let play = || Some(json!({ "sound_id": "1" }));
    assert_eq!(try_run(&line, "send_soundboard_sound", &[&channel], play()).await.code(), (403, 50168));
    voice::enter(&line, line.ids.application.into(), talk);
    run(&line, "send_soundboard_sound", &[&channel], play()).await;
    let unknown = json!({ "sound_id": "99", "source_guild_id": null });
    let answer = try_run(&line, "send_soundboard_sound", &[&channel], Some(unknown)).await;
    assert_eq!(answer.code(), (404, 10097));
    assert_eq!(
        try_run(&line, "send_soundboard_sound", &[&channel], Some(json!({}))).await.code(),
        (400, 50035)
    );
    let text = line.ids.channel.to_string();
    assert_eq!(try_run(&line, "send_soundboard_sound", &[&text], play()).await.code(), (400, 50024));
}
