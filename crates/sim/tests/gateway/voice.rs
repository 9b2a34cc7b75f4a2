//! Voice over real sockets: op 4, what stays of it, and what people do in voice channels.

use serde_json::{Value, json};

use crate::stage::{ALL, Stage};

pub(crate) fn channel(stage: &Stage, kind: u8) -> String {
    let found = stage.sim.read(|world, _| {
        let guild = world.guild(stage.ids.guild).expect("the guild");
        guild.channels.iter().copied().find(|id| world.channel(*id).is_ok_and(|c| c.kind as u8 == kind))
    });
    found.expect("a channel of that kind").to_string()
}

#[tokio::test]
async fn a_bot_s_connection_lasts_as_long_as_its_session() {
    let stage = Stage::new().await;
    let guild = stage.ids.guild;
    let voice = channel(&stage, 2);
    let mut speaker = stage.bot(ALL).await;
    let mut listener = stage.bot(ALL).await;
    let join =
        |mute: bool| json!({ "guild_id": guild, "channel_id": voice, "self_mute": mute, "self_deaf": false });
    speaker.send(4, join(false)).await;
    speaker.until("VOICE_SERVER_UPDATE").await;
    assert_eq!(listener.until("VOICE_STATE_UPDATE").await["channel_id"], voice);
    // Muting oneself is no new connection.
    speaker.seen.clear();
    speaker.send(4, join(true)).await;
    assert_eq!(listener.until("VOICE_STATE_UPDATE").await["self_mute"], true);
    assert!(!speaker.settled(&stage).await.contains(&"VOICE_SERVER_UPDATE".to_owned()));
    let (status, state) = stage.rest("GET", &format!("/guilds/{guild}/voice-states/@me"), None).await;
    assert_eq!((status, &state["self_mute"]), (200, &json!(true)));

    let mut late = stage.bot(ALL).await;
    let shown = late.seen.iter().find(|f| f["t"] == "GUILD_CREATE").expect("the guild")["d"].clone();
    assert_eq!(shown["voice_states"][0]["channel_id"], voice);
    late.send(43, json!({ "guild_id": guild, "fields": ["status", "voice_start_time"] })).await;
    let info = late.until("CHANNEL_INFO").await;
    assert_eq!((&info["guild_id"], &info["channels"][0]["id"]), (&json!(guild), &json!(voice)));
    assert!(info["channels"][0]["voice_start_time"].is_u64() && info["channels"][0].get("status").is_none());

    speaker.leave(Some(1000)).await;
    assert_eq!(listener.until("VOICE_STATE_UPDATE").await["channel_id"], Value::Null);
    assert_eq!(listener.until("VOICE_CHANNEL_START_TIME_UPDATE").await["voice_start_time"], Value::Null);
}

#[tokio::test]
async fn people_enter_voice_and_ask_to_speak() {
    let stage = Stage::new().await;
    let mut client = stage.bot(ALL).await;
    let (talk, show) = (channel(&stage, 2), channel(&stage, 13));
    let user = stage.ids.user;
    let joined = stage.post("/actor/join_voice", json!({ "user": user, "channel": talk })).await;
    assert_eq!(joined["channel_id"], talk);
    let state = client.until("VOICE_STATE_UPDATE").await;
    assert_eq!((&state["user_id"], &state["channel_id"]), (&json!(user), &json!(talk)));
    let view = stage.control("GET", &format!("/view/{user}"), json!({})).await;
    assert_eq!(view["guilds"][0]["voice_states"][0]["user_id"], json!(user));
    let error = stage.refused("/actor/request_to_speak", json!({ "user": user })).await;
    assert_eq!(error["error"]["discord"]["code"], 50024);
    stage.post("/actor/join_voice", json!({ "user": user, "channel": show, "self_deaf": true })).await;
    let state = client.until("VOICE_STATE_UPDATE").await;
    assert_eq!((&state["channel_id"], &state["suppress"]), (&json!(show), &json!(true)));
    stage.post("/actor/request_to_speak", json!({ "user": user })).await;
    assert!(client.until("VOICE_STATE_UPDATE").await["request_to_speak_timestamp"].is_string());
    stage.post("/actor/request_to_speak", json!({ "user": user, "remove": true })).await;
    assert!(client.until("VOICE_STATE_UPDATE").await["request_to_speak_timestamp"].is_null());
    stage.post("/actor/leave_voice", json!({ "user": user })).await;
    assert_eq!(client.until("VOICE_STATE_UPDATE").await["channel_id"], Value::Null);
    stage.post("/actor/leave_voice", json!({ "user": user })).await;
    let error = stage.refused("/actor/request_to_speak", json!({ "user": user })).await;
    assert_eq!(error["error"]["discord"]["code"], 10065);
}
