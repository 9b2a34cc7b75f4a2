//! Getting to READY, and being refused.

use std::{io::Write as _, time::Duration};

use cogwright_sim::SimConfig;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_tungstenite::tungstenite::Message;

use crate::stage::{ALL, Stage};

#[tokio::test]
async fn case_01_ready_then_each_guild() {
    let stage = Stage::new().await;
    let mut client = stage.greeted().await;
    let ready = client.identify(&format!("Bot {}", stage.ids.token), json!({})).await;
    assert_eq!(ready["v"], 10);
    assert_eq!(ready["user"]["id"], stage.ids.application.to_string());
    assert_eq!(ready["user"]["bot"], true);
    for key in ["id", "username", "discriminator", "avatar", "mfa_enabled"] {
        assert!(ready["user"].get(key).is_some(), "user.{key}");
    }
    assert_eq!(ready["guilds"], json!([{ "id": stage.ids.guild, "unavailable": true }]));
    assert_eq!(ready["application"]["id"], stage.ids.application.to_string());
    let privileged = 1 << 13 | 1 << 15 | 1 << 19;
    assert_eq!(ready["application"]["flags"].as_u64().map(|f| f & privileged), Some(privileged));
    let resume = ready["resume_gateway_url"].as_str().expect("an address");
    assert_eq!(resume, stage.sim.addresses().gateway_url);
    assert!(resume.matches('/').count() == 2, "no path, no trailing slash: {resume}");
    assert!(ready.get("shard").is_none(), "only when IDENTIFY had one");
    assert_eq!(ready["private_channels"], json!([]));
    assert_eq!(client.seq, 1, "the first dispatch has sequence 1");
    let guild = client.until("GUILD_CREATE").await;
    assert_eq!(guild["id"], stage.ids.guild.to_string());
    for key in ["roles", "emojis", "stickers", "voice_states", "members", "channels", "threads", "presences"]
    {
        assert!(guild[key].is_array(), "{key}");
    }
    let has = |list: &str, id: String| {
        guild[list].as_array().is_some_and(|l| l.iter().any(|x| x["id"] == id || x["user"]["id"] == id))
    };
    assert!(has("channels", stage.ids.channel.to_string()));
    assert!(has("members", stage.ids.user.to_string()));
}

#[tokio::test]
async fn case_01_a_bare_token_any_path_no_query_and_binary_frames() {
    let stage = Stage::new().await;
    for path in ["", "gw", "gw/", "gw?v=10", "?v=9"] {
        stage.advance(5000).await;
        let mut client = stage.connect(path).await;
        assert_eq!(client.frame().await["op"], 10, "{path}");
        let identify = json!({ "op": 2, "d": { "token": stage.ids.token, "intents": 0, "properties": {} } });
        client.binary(identify.to_string().into_bytes()).await;
        let ready = client.until("READY").await;
        assert_eq!(ready["v"], if path == "?v=9" { 9 } else { 10 });
    }
}

#[tokio::test]
async fn a_heartbeat_before_identify_is_acknowledged() {
    let stage = Stage::new().await;
    let mut client = stage.greeted().await;
    client.send(1, Value::Null).await;
    assert_eq!(client.frame().await["op"], 11);
    client.identify(&stage.ids.token, json!({})).await;
}

#[tokio::test]
async fn case_12_refused_identifies() {
    let stage = Stage::new().await;
    let (_, plain) = stage.application(json!({ "privileged_intents": ["members"] })).await;
    let token = stage.ids.token.clone();
    let refused = [
        (plain.as_str(), json!({ "intents": 1 << 15 }), 4014),
        (plain.as_str(), json!({ "intents": 1 << 8 | 1 << 1 }), 4014),
        (token.as_str(), json!({ "intents": 1 << 17 }), 4013),
        (token.as_str(), json!({ "intents": "513" }), 4013),
        (token.as_str(), json!({ "shard": [1, 1] }), 4010),
        ("not.a.token", json!({}), 4004),
        ("", json!({}), 4004),
    ];
    for (token, more, code) in refused {
        let mut client = stage.greeted().await;
        client.send_identify(token, more.clone()).await;
        assert_eq!(client.close_code().await, code, "{more}");
    }
    let mut client = stage.greeted().await;
    client.identify(&plain, json!({ "intents": 1 << 1 })).await;
    let (status, body) = stage.rest_with("not.a.token", "GET", "/users/@me", None).await;
    assert_eq!((status, &body["code"], &body["message"]), (401, &json!(0), &json!("401: Unauthorized")));
}

#[tokio::test]
async fn other_versions_and_encodings_are_refused() {
    let stage = Stage::new().await;
    for query in ["?v=8", "?v=10&encoding=etf"] {
        assert_eq!(stage.connect(query).await.close_code().await, 4012, "{query}");
    }
}

/// The dispatch names and opcodes that a transport yields up to the first GUILD_CREATE.
async fn decoded(
    stage: &Stage,
    compress: &str,
    mut decode: impl FnMut(Message) -> Option<String>,
) -> Vec<Value> {
    stage.advance(5000).await;
    let mut client = stage.connect(&format!("?v=10&encoding=json{compress}")).await;
    let mut frames: Vec<Value> = Vec::new();
    loop {
        let Some(text) = decode(client.message().await) else { continue };
        let frame: Value = serde_json::from_str(&text).expect("JSON");
        if frame["op"] == 10 {
            client.send_identify(&stage.ids.token, json!({ "intents": ALL })).await;
        }
        let done = frame["t"] == "GUILD_CREATE";
        frames.push(frame);
        if done {
            return frames;
        }
    }
}

fn text(message: Message) -> Option<String> {
    match message {
        Message::Text(text) => Some(text.to_string()),
        other => panic!("not text: {other:?}"),
    }
}

#[tokio::test]
async fn case_50_zlib_zstd_and_plain_decode_alike() {
    let stage = Stage::new().await;
    let plain = decoded(&stage, "", text).await;
    let mut inflate = flate2::write::ZlibDecoder::new(Vec::new());
    let zlib = decoded(&stage, "&compress=zlib-stream", |message| {
        let Message::Binary(bytes) = message else { panic!("not binary: {message:?}") };
        assert!(bytes.ends_with(&[0, 0, 0xFF, 0xFF]), "whole messages end in a sync flush");
        inflate.write_all(&bytes).expect("one zlib stream");
        inflate.flush().expect("one zlib stream");
        Some(String::from_utf8(std::mem::take(inflate.get_mut())).expect("UTF-8"))
    })
    .await;
    let mut unzstd = zstd::stream::write::Decoder::new(Vec::new()).expect("zstd");
    let zstd = decoded(&stage, "&compress=zstd-stream", |message| {
        let Message::Binary(bytes) = message else { panic!("not binary: {message:?}") };
        unzstd.write_all(&bytes).expect("one zstd stream");
        unzstd.flush().expect("one zstd stream");
        Some(String::from_utf8(std::mem::take(unzstd.get_mut())).expect("UTF-8"))
    })
    .await;
    stage.settings(json!({ "compression": false })).await;
    let off = decoded(&stage, "&compress=zstd-stream", text).await;
    let shape = |frames: &[Value]| -> Vec<Value> {
        let guild = |f: &Value| {
            if f["t"] == "GUILD_CREATE" { f["d"]["channels"].clone() } else { f["d"]["guilds"].clone() }
        };
        // The bot's own earlier session may have sent a presence in between.
        frames
            .iter()
            .filter(|f| f["t"] != "PRESENCE_UPDATE")
            .map(|f| json!([f["op"], f["t"], guild(f)]))
            .collect()
    };
    assert_eq!(shape(&zlib), shape(&plain));
    assert_eq!(shape(&zstd), shape(&plain));
    assert_eq!(shape(&off), shape(&plain));
}

/// Seyfert reads the answer to the upgrade alone and loses what came with it.
#[tokio::test]
async fn hello_does_not_come_along_with_the_answer_to_the_upgrade() {
    let default = SimConfig::default();
    assert!(!default.hello_delay.is_zero());
    let stage = Stage::with(SimConfig { hello_delay: Duration::from_secs(1), ..default }).await;
    let address = stage.sim.addresses().gateway_url.trim_start_matches("ws://").to_owned();
    let mut stream = TcpStream::connect(&address).await.expect("a connection");
    let request = format!(
        "GET /?v=10&encoding=json HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut buffer = vec![0; 4096];
    let read = stream.read(&mut buffer).await.expect("an answer");
    let answer = String::from_utf8_lossy(&buffer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 101") && answer.ends_with("\r\n\r\n"), "{answer}");
    let read = stream.read(&mut buffer).await.expect("a frame");
    assert!(String::from_utf8_lossy(&buffer[..read]).contains("heartbeat_interval"));
}

#[tokio::test]
async fn a_shard_takes_2500_guilds_and_not_one_more() {
    let stage = Stage::new().await;
    let (world, ids) = cogwright_sim_world::load::generate(2_501, 1, stage.sim.clock().now());
    stage.sim.replace_world(world);
    let mut whole = stage.greeted().await;
    whole.send_identify(&ids.token, json!({})).await;
    assert_eq!(whole.close_code().await, 4011);
    let mut half = stage.greeted().await;
    let ready = half.identify(&ids.token, json!({ "shard": [0, 2] })).await;
    assert_eq!(ready["guilds"].as_array().map(|g| (1250..=1251).contains(&g.len())), Some(true));
    half.until("GUILD_CREATE").await;
}
