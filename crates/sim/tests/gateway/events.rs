//! Who hears of what.

use cogwright_sim_world::intents;
use serde_json::{Value, json};

use crate::stage::{ALL, Stage};

#[tokio::test]
async fn case_02_a_message_reaches_every_session_with_the_intent() {
    let stage = Stage::new().await;
    let mut with = stage.bot(ALL).await;
    let mut also = stage.bot(intents::GUILDS | intents::GUILD_MESSAGES).await;
    let mut without = stage.bot(ALL & !intents::GUILD_MESSAGES).await;
    let sent = stage.say("!ping").await;
    for client in [&mut with, &mut also] {
        let message = client.until("MESSAGE_CREATE").await;
        assert_eq!(message["id"], sent["id"]);
        assert_eq!(message["guild_id"], stage.ids.guild.to_string());
        assert_eq!(message["author"]["id"], stage.ids.user.to_string());
        assert!(message["member"]["roles"].is_array());
    }
    assert!(!without.settled(&stage).await.contains(&"MESSAGE_CREATE".to_owned()));

    let (status, reply) = stage
        .rest(
            "POST",
            &format!("/channels/{}/messages", stage.ids.channel),
            Some(json!({ "content": "Pong!" })),
        )
        .await;
    assert_eq!(status, 200, "{reply}");
    assert_eq!(
        with.until("MESSAGE_CREATE").await["id"],
        reply["id"],
        "the bot's own messages come back to it"
    );
}

#[tokio::test]
async fn case_04_content_is_blank_without_the_intent() {
    let stage = Stage::new().await;
    let mut client = stage.bot(ALL & !intents::MESSAGE_CONTENT).await;
    stage.say("secret").await;
    let message = client.until("MESSAGE_CREATE").await;
    assert_eq!(message["content"], "");
    for key in ["embeds", "attachments", "components"] {
        assert!(message.get(key).is_none_or(|v| *v == json!([])), "{key}");
    }
    assert_eq!(message["author"]["id"], stage.ids.user.to_string(), "only content is blank");

    stage.say(&format!("hello <@{}>", stage.ids.application)).await;
    assert!(client.until("MESSAGE_CREATE").await["content"].as_str().is_some_and(|c| c.starts_with("hello")));

    let path = format!("/channels/{}/messages", stage.ids.channel);
    stage.rest("POST", &path, Some(json!({ "content": "own words" }))).await;
    assert_eq!(client.until("MESSAGE_CREATE").await["content"], "own words");

    let dm = stage
        .post("/actor/open_dm", json!({ "user": stage.ids.user, "recipient": stage.ids.application }))
        .await;
    stage
        .post(
            "/actor/send_message",
            json!({ "user": stage.ids.user, "channel": dm["id"], "text": "privately" }),
        )
        .await;
    assert_eq!(client.until("MESSAGE_CREATE").await["content"], "privately");
}

#[tokio::test]
async fn case_15_an_invisible_channel_is_silent() {
    let stage = Stage::new().await;
    let (id, token) =
        stage.application(json!({ "privileged_intents": ["members", "presence", "message_content"] })).await;
    let hidden = stage
        .post(
            &format!("/world/guilds/{}/channels", stage.ids.guild),
            json!({ "name": "hidden", "type": 0, "permission_overwrites":
                [{ "id": stage.ids.guild, "type": 0, "allow": "0", "deny": "1024" }] }),
        )
        .await;
    let mut client = stage.greeted().await;
    client.identify(&token, json!({})).await;
    let guild = client.until("GUILD_CREATE").await;
    let sees = |guild: &Value| {
        guild["channels"].as_array().expect("channels").iter().any(|c| c["id"] == hidden["id"])
    };
    assert!(!sees(&guild));
    client.settled(&stage).await;

    let user = stage.ids.user;
    let sent = stage
        .post("/actor/send_message", json!({ "user": user, "channel": hidden["id"], "text": "psst" }))
        .await;
    stage.post("/actor/edit", json!({ "user": user, "message_id": sent["id"], "text": "pssst" })).await;
    stage.post("/actor/react", json!({ "user": user, "message_id": sent["id"], "emoji": "👍" })).await;
    stage.post("/actor/typing", json!({ "user": user, "channel": hidden["id"] })).await;
    stage.post("/actor/delete", json!({ "user": user, "message_id": sent["id"] })).await;
    let channel = hidden["id"].as_str().expect("an id");
    stage.control("PATCH", &format!("/world/channels/{channel}"), json!({ "topic": "still hidden" })).await;
    assert_eq!(client.settled(&stage).await, Vec::<String>::new());

    let path = format!("/channels/{channel}/messages");
    let (status, error) = stage.rest_with(&token, "GET", &path, None).await;
    assert_eq!((status, &error["code"]), (403, &json!(50001)));

    // Lifting the ban on this bot shows it the channel, and from then on what happens there.
    let allow = json!({ "permission_overwrites": [
        { "id": stage.ids.guild, "type": 0, "allow": "0", "deny": "1024" },
        { "id": id, "type": 1, "allow": "1024", "deny": "0" }] });
    stage.control("PATCH", &format!("/world/channels/{channel}"), allow).await;
    stage.post("/actor/send_message", json!({ "user": user, "channel": channel, "text": "welcome" })).await;
    assert_eq!(client.until("MESSAGE_CREATE").await["content"], "welcome");

    stage.control("DELETE", &format!("/world/channels/{channel}"), json!({})).await;
    assert_eq!(client.until("CHANNEL_DELETE").await["id"], channel);
    let (status, error) = stage.rest_with(&token, "GET", &format!("/channels/{channel}"), None).await;
    assert_eq!((status, &error["code"]), (404, &json!(10003)));
}

#[tokio::test]
async fn case_33_direct_messages_go_to_shard_0_only() {
    let stage = Stage::new().await;
    let mut first = stage.bot_with(json!({ "shard": [0, 2] })).await;
    let mut second = stage.bot_with(json!({ "shard": [1, 2] })).await;
    let dm = stage
        .post("/actor/open_dm", json!({ "user": stage.ids.user, "recipient": stage.ids.application }))
        .await;
    let again = stage
        .post("/actor/open_dm", json!({ "user": stage.ids.user, "recipient": stage.ids.application }))
        .await;
    assert_eq!(dm["id"], again["id"], "opening a DM twice is the same DM");
    stage
        .post("/actor/send_message", json!({ "user": stage.ids.user, "channel": dm["id"], "text": "hi" }))
        .await;
    let message = first.until("MESSAGE_CREATE").await;
    assert_eq!(message["content"], "hi");
    assert!(message.get("guild_id").is_none() && message.get("member").is_none());

    // The guild is on one of the two; a message there shows what the second has got before it.
    stage.say("marker").await;
    let in_guild = |c: &Vec<Value>| c.iter().any(|f| f["d"]["content"] == "marker");
    let shard = (stage.ids.guild.get() >> 22) % 2;
    let holder = if shard == 0 { &mut first } else { &mut second };
    while !in_guild(&holder.seen) {
        holder.frame().await;
    }
    // And a heartbeat's answer shows that nothing more was on its way to the other.
    second.send(1, json!(second.seq)).await;
    second.until_op(11).await;
    assert!(second.seen.iter().all(|f| f["d"]["content"] != "hi"), "DMs do not reach shard 1");
}

#[tokio::test]
async fn case_38_outage_and_kick() {
    let stage = Stage::new().await;
    let mut client = stage.bot(ALL).await;
    let guild = stage.ids.guild.to_string();
    stage.control("PATCH", &format!("/world/guilds/{guild}"), json!({ "unavailable": true })).await;
    let gone = client.until("GUILD_DELETE").await;
    assert_eq!(gone, json!({ "id": guild, "unavailable": true }));
    let before = stage.say("nobody hears this").await;
    let (status, message) = stage
        .rest(
            "GET",
            &format!("/channels/{}/messages/{}", stage.ids.channel, before["id"].as_str().unwrap()),
            None,
        )
        .await;
    assert_eq!((status, &message["content"]), (200, &json!("nobody hears this")), "REST still answers");
    stage.control("PATCH", &format!("/world/guilds/{guild}"), json!({ "unavailable": false })).await;
    client.seen.clear();
    let back = client.until("GUILD_CREATE").await;
    assert_eq!((&back["id"], &back["unavailable"]), (&json!(guild), &json!(false)));
    assert!(client.seen.iter().all(|f| f["t"] != "MESSAGE_CREATE"), "nothing of the outage is made up for");

    let bot = stage.ids.application.to_string();
    stage.control("DELETE", &format!("/world/guilds/{guild}/members/{bot}"), json!({})).await;
    assert_eq!(client.until("GUILD_DELETE").await, json!({ "id": guild }), "left for good: no `unavailable`");
}

#[tokio::test]
async fn case_53_presence_only_with_the_intent() {
    let stage = Stage::new().await;
    let mut with = stage.bot(ALL).await;
    let mut without = stage.bot(ALL & !intents::GUILD_PRESENCES).await;
    with.settled(&stage).await;
    without.settled(&stage).await;
    with.send(3, json!({ "since": null, "afk": false, "status": "dnd", "activities": [{ "name": "tests", "type": 3 }] })).await;
    let update = with.until("PRESENCE_UPDATE").await;
    assert_eq!(update["user"]["id"], stage.ids.application.to_string());
    assert_eq!(update["status"], "dnd");
    assert_eq!(update["activities"][0]["name"], "tests");
    assert!(!without.settled(&stage).await.contains(&"PRESENCE_UPDATE".to_owned()));
}

#[tokio::test]
async fn voice_is_joined_and_left_as_far_as_others_see_it() {
    let stage = Stage::new().await;
    let mut client = stage.bot(ALL).await;
    let guild = client.seen.iter().find(|f| f["t"] == "GUILD_CREATE").expect("the guild")["d"].clone();
    let voice = guild["channels"]
        .as_array()
        .expect("channels")
        .iter()
        .find(|c| c["type"] == 2)
        .expect("a voice channel");
    let join = json!({ "guild_id": stage.ids.guild, "channel_id": voice["id"], "self_mute": true, "self_deaf": false });
    client.send(4, join.clone()).await;
    let server = client.until("VOICE_SERVER_UPDATE").await;
    assert_eq!((&server["guild_id"], &server["endpoint"]), (&json!(stage.ids.guild), &Value::Null));
    let state = client.until("VOICE_STATE_UPDATE").await;
    assert_eq!(state["channel_id"], voice["id"]);
    assert_eq!((&state["self_mute"], &state["self_deaf"]), (&json!(true), &json!(false)));
    assert_eq!(state["user_id"], stage.ids.application.to_string());
    client.send(4, json!({ "guild_id": stage.ids.guild, "channel_id": null, "self_mute": false, "self_deaf": false })).await;
    assert_eq!(client.until("VOICE_STATE_UPDATE").await["channel_id"], Value::Null);
    client.until("VOICE_CHANNEL_START_TIME_UPDATE").await;

    // A text channel cannot be entered.
    let mut wrong = join;
    wrong["channel_id"] = json!(stage.ids.channel);
    client.send(4, wrong).await;
    client.seen.clear();
    assert_eq!(client.settled(&stage).await, Vec::<String>::new());
}

#[tokio::test]
async fn sounds_are_told_and_asked_for() {
    let stage = Stage::new().await;
    let mut with = stage.bot(intents::GUILD_EXPRESSIONS).await;
    let mut without = stage.bot(ALL & !intents::GUILD_EXPRESSIONS).await;
    let guild = stage.ids.guild.to_string();
    let path = format!("/guilds/{guild}/soundboard-sounds");
    let body = json!({ "name": "saw", "sound": "data:audio/mpeg;base64,//uQAA==" });
    let (status, sound) = stage.rest("POST", &path, Some(body)).await;
    assert_eq!(status, 201, "{sound}");
    assert_eq!(with.until("GUILD_SOUNDBOARD_SOUND_CREATE").await, sound);
    with.send(31, json!({ "guild_ids": [guild, "5"] })).await;
    let asked = with.until("SOUNDBOARD_SOUNDS").await;
    assert_eq!(asked["guild_id"], guild);
    assert_eq!(asked["soundboard_sounds"][0]["sound_id"], sound["sound_id"]);
    let heard = without.settled(&stage).await;
    assert!(!heard.iter().any(|name| name.starts_with("GUILD_SOUNDBOARD")), "{heard:?}");
}
