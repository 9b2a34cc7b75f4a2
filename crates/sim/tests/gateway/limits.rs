//! What is too much or too early; sharding; asking for members.

use cogwright_sim_world::intents;
use serde_json::{Value, json};

use crate::stage::{ALL, Stage};

#[tokio::test]
async fn case_35_the_121st_command_in_a_minute_is_4008() {
    let stage = Stage::new().await;
    let mut client = stage.greeted().await;
    client.identify(&stage.ids.token, json!({})).await;
    for _ in 0..119 {
        client.send(1, json!(client.seq)).await;
        client.until_op(11).await;
    }
    client.send(1, json!(client.seq)).await;
    assert_eq!(client.close_code().await, 4008);
}

#[tokio::test]
async fn case_35_the_budget_refills_with_line_time_even_when_world_time_is_frozen() {
    let stage = Stage::new().await;
    stage.post("/clock/freeze", json!({})).await;
    let mut client = stage.greeted().await;
    for _ in 0..120 {
        client.send(1, Value::Null).await;
        client.until_op(11).await;
    }
    stage.advance(60_000).await;
    client.send(1, Value::Null).await;
    client.until_op(11).await;
}

#[tokio::test]
async fn case_35_bad_frames_and_their_codes() {
    let stage = Stage::new().await;
    let long = format!("{}{}", json!({ "op": 1, "d": null }), " ".repeat(4096));
    let exact = 4096 - json!({ "op": 1, "d": null }).to_string().len();
    let before: [(&str, String, u16); 9] = [
        ("not JSON", "{".into(), 4002),
        ("no object", "[]".into(), 4002),
        ("no opcode", "{}".into(), 4002),
        ("opcode of a wrong type", r#"{"op":"1","d":null}"#.into(), 4002),
        ("too long", long, 4002),
        (
            "before identify",
            r#"{"op":3,"d":{"status":"online","activities":[],"since":null,"afk":false}}"#.into(),
            4003,
        ),
        ("members before identify", r#"{"op":8,"d":{}}"#.into(), 4003),
        ("unknown opcode", r#"{"op":99,"d":null}"#.into(), 4001),
        ("a server's opcode", r#"{"op":10,"d":null}"#.into(), 4001),
    ];
    for (what, text, code) in before {
        let mut client = stage.greeted().await;
        client.text(text).await;
        assert_eq!(client.close_code().await, code, "{what}");
    }
    let mut client = stage.greeted().await;
    client.text(format!("{}{}", json!({ "op": 1, "d": null }), " ".repeat(exact))).await;
    client.until_op(11).await;

    let mut client = stage.bot(ALL).await;
    client.send_identify(&stage.ids.token, json!({})).await;
    assert_eq!(client.close_code().await, 4005);
}

#[tokio::test]
async fn case_36_each_shard_gets_its_guilds_and_says_which_it_is() {
    let stage = Stage::new().await;
    let user = stage.ids.user;
    for n in 0..6 {
        let guild = stage.post("/world/guilds", json!({ "name": format!("guild {n}"), "owner": user })).await;
        let bot = json!({ "user": stage.ids.application });
        stage.post(&format!("/world/guilds/{}/members", guild["id"].as_str().unwrap()), bot).await;
        // Ids of one millisecond would all land on one shard.
        stage.advance(1).await;
    }
    let mut everywhere = Vec::new();
    for shard in 0..3_u64 {
        stage.advance(5000).await;
        let mut client = stage.greeted().await;
        let ready = client.identify(&stage.ids.token, json!({ "shard": [shard, 3] })).await;
        assert_eq!(ready["shard"], json!([shard, 3]));
        for guild in ready["guilds"].as_array().expect("guilds") {
            let id: u64 = guild["id"].as_str().expect("an id").parse().expect("a number");
            assert_eq!((id >> 22) % 3, shard);
            everywhere.push(id);
            client.until("GUILD_CREATE").await;
        }
    }
    everywhere.sort_unstable();
    everywhere.dedup();
    assert_eq!(everywhere.len(), 7, "every guild on exactly one shard");
}

#[tokio::test]
async fn case_36_identifies_are_paced_and_starts_counted() {
    let stage = Stage::new().await;
    let (id, token) = stage.application(json!({ "max_concurrency": 2, "session_starts": 3 })).await;
    let limits =
        async || stage.rest_with(&token, "GET", "/gateway/bot", None).await.1["session_start_limit"].clone();
    assert_eq!(limits().await, json!({ "total": 3, "remaining": 3, "reset_after": 0, "max_concurrency": 2 }));
    let mut clients = Vec::new();
    for shard in [0, 1] {
        let mut client = stage.greeted().await;
        client.identify(&token, json!({ "intents": 0, "shard": [shard, 4] })).await;
        clients.push(client);
    }
    let mut early = stage.greeted().await;
    early.send_identify(&token, json!({ "intents": 0, "shard": [2, 4] })).await;
    assert_eq!(early.until_op(9).await["d"], false, "shard 2 shares its slot with shard 0");
    stage.advance(5000).await;
    early.identify(&token, json!({ "intents": 0, "shard": [2, 4] })).await;
    let now = limits().await;
    assert_eq!(now["remaining"], 0);
    assert!(now["reset_after"].as_u64().is_some_and(|ms| ms > 0 && ms <= 86_400_000));
    stage.advance(5000).await;
    let mut late = stage.greeted().await;
    late.send_identify(&token, json!({ "intents": 0 })).await;
    assert_eq!(late.close_code().await, 4004, "{id} has no start left");
    stage.advance(86_400_000).await;
    assert_eq!(limits().await["remaining"], 3);
    stage.greeted().await.identify(&token, json!({ "intents": 0 })).await;
}

#[tokio::test]
async fn case_37_asking_for_members() {
    let stage = Stage::new().await;
    let mut client = stage.bot(ALL).await;
    let guild = stage.ids.guild;
    client
        .members(json!({ "guild_id": guild, "query": "", "limit": 0, "presences": true, "nonce": "abc" }))
        .await;
    let all = client.until("GUILD_MEMBERS_CHUNK").await;
    assert_eq!(
        (&all["chunk_index"], &all["chunk_count"], &all["nonce"]),
        (&json!(0), &json!(1), &json!("abc"))
    );
    let members = all["members"].as_array().expect("members");
    assert!(members.len() >= 3 && all["presences"].is_array() && all.get("not_found").is_none());

    client.members(json!({ "guild_id": guild, "query": "", "limit": 0, "nonce": "again" })).await;
    let limited = client.until("RATE_LIMITED").await;
    assert_eq!(limited["opcode"], 8);
    assert_eq!(limited["meta"], json!({ "guild_id": guild, "nonce": "again" }));
    assert!(limited["retry_after"].as_f64().is_some_and(|s| s > 20.0 && s <= 30.0));
    stage.advance(30_000).await;
    client.members(json!({ "guild_id": guild, "query": "", "limit": 0 })).await;
    assert!(client.until("GUILD_MEMBERS_CHUNK").await.get("nonce").is_none(), "absent, not null");

    let name = members[0]["user"]["username"].as_str().expect("a name");
    client.members(json!({ "guild_id": guild, "query": name[..2].to_uppercase(), "limit": 5 })).await;
    let found = client.until("GUILD_MEMBERS_CHUNK").await;
    assert!(found["members"].as_array().expect("members").iter().any(|m| m["user"]["username"] == name));
    assert!(found.get("presences").is_none());

    let long = "x".repeat(33);
    client.members(json!({ "guild_id": guild, "user_ids": [stage.ids.user, "1"], "nonce": long })).await;
    let some = client.until("GUILD_MEMBERS_CHUNK").await;
    assert_eq!(some["members"].as_array().map(Vec::len), Some(1));
    assert_eq!(some["not_found"], json!(["1"]));
    assert!(some.get("nonce").is_none(), "a nonce of more than 32 bytes is dropped");

    let mut without = stage.bot(ALL & !intents::GUILD_MEMBERS).await;
    without.members(json!({ "guild_id": guild, "query": "", "limit": 0 })).await;
    assert!(!without.settled(&stage).await.contains(&"GUILD_MEMBERS_CHUNK".to_owned()));
}

#[tokio::test]
async fn case_37_chunks_hold_a_thousand() {
    let stage = Stage::new().await;
    let guild = stage.ids.guild.to_string();
    let before = stage.control("GET", "/world", Value::Null).await["guilds"][0]["members"]
        .as_array()
        .map_or(0, Vec::len);
    for n in 0..(1001 - before) {
        let user = stage.post("/world/users", json!({ "username": format!("crowd{n}") })).await;
        stage.post(&format!("/world/guilds/{guild}/members"), json!({ "user": user["id"] })).await;
    }
    let mut client = stage.bot(ALL).await;
    client.members(json!({ "guild_id": guild, "query": "", "limit": 0 })).await;
    let sizes =
        [client.until("GUILD_MEMBERS_CHUNK").await, client.until("GUILD_MEMBERS_CHUNK").await].map(|c| {
            (c["chunk_index"].as_u64(), c["chunk_count"].as_u64(), c["members"].as_array().map(Vec::len))
        });
    assert_eq!(sizes, [(Some(0), Some(2), Some(1000)), (Some(1), Some(2), Some(1))]);
}
