//! Scheduled events and sounds over real sockets: people plan and are interested, bots are told, time goes on.

use cogwright_sim_world::{Timestamp, intents};
use serde_json::{Value, json};

use crate::{
    stage::{ALL, Stage},
    voice::channel,
};

/// So many hours of world time from now.
fn hours(stage: &Stage, n: u64) -> String {
    let now = stage.sim.clock().now();
    Timestamp::from_ms(now.ms() + 3_600_000 * n).iso()
}

#[tokio::test]
async fn people_plan_an_event_that_time_starts_and_ends() {
    let stage = Stage::new().await;
    let mut client = stage.bot(intents::GUILD_SCHEDULED_EVENTS).await;
    let mut deaf = stage.bot(ALL & !intents::GUILD_SCHEDULED_EVENTS).await;
    stage.post("/clock/freeze", json!({})).await;
    let (user, guild) = (stage.ids.user, stage.ids.guild);
    let set = json!({
        "name": "Picnic", "privacy_level": 2, "entity_type": 3, "entity_metadata": { "location": "The park" },
        "scheduled_start_time": hours(&stage, 1), "scheduled_end_time": hours(&stage, 2),
    });
    let event = stage.post("/actor/create_event", json!({ "user": user, "guild": guild, "set": set })).await;
    let told = client.until("GUILD_SCHEDULED_EVENT_CREATE").await;
    assert_eq!((&told["id"], &told["creator_id"]), (&event["id"], &json!(user)));
    assert_eq!(client.until("GUILD_SCHEDULED_EVENT_USER_ADD").await["user_id"], json!(user));
    let removed = json!({ "user": user, "guild": guild, "event": event["id"], "remove": true });
    stage.post("/actor/event_interest", removed).await;
    let told = client.until("GUILD_SCHEDULED_EVENT_USER_REMOVE").await;
    assert_eq!((&told["guild_scheduled_event_id"], &told["guild_id"]), (&event["id"], &json!(guild)));

    let mut late = stage.bot(ALL).await;
    let shown = late.seen.iter().find(|f| f["t"] == "GUILD_CREATE").expect("the guild")["d"].clone();
    assert_eq!(shown["guild_scheduled_events"][0]["id"], event["id"]);

    stage.advance(3_600_000).await;
    assert_eq!(client.until("GUILD_SCHEDULED_EVENT_UPDATE").await["status"], 2);
    stage.advance(3_600_000).await;
    assert_eq!(client.until("GUILD_SCHEDULED_EVENT_UPDATE").await["status"], 3);
    late.until("GUILD_SCHEDULED_EVENT_UPDATE").await;
    let names = deaf.settled(&stage).await;
    assert!(!names.iter().any(|name| name.contains("SCHEDULED")), "without the intent: {names:?}");
}

#[tokio::test]
async fn a_stage_is_opened_by_its_event() {
    let stage = Stage::new().await;
    let mut client = stage.bot(ALL).await;
    let (guild, show) = (stage.ids.guild, channel(&stage, 13));
    let body = json!({
        "name": "Show", "privacy_level": 2, "entity_type": 1, "channel_id": show,
        "scheduled_start_time": hours(&stage, 1),
    });
    let path = format!("/guilds/{guild}/scheduled-events");
    let (status, event) = stage.rest("POST", &path, Some(body)).await;
    assert_eq!(status, 200, "{event}");
    let event = format!("{path}/{}", event["id"].as_str().expect("an id"));
    let (status, started) = stage.rest("PATCH", &event, Some(json!({ "status": 2 }))).await;
    assert_eq!(status, 200, "{started}");
    assert_eq!(client.until("GUILD_SCHEDULED_EVENT_UPDATE").await["status"], 2);
    let opened = client.until("STAGE_INSTANCE_CREATE").await;
    assert_eq!((&opened["guild_scheduled_event_id"], &opened["id"]), (&started["id"], &started["entity_id"]));
    assert_eq!(opened["topic"], "Show");
    // Nobody comes.
    stage.advance(5 * 60 * 1000).await;
    client.until("STAGE_INSTANCE_DELETE").await;
    assert_eq!(client.until("GUILD_SCHEDULED_EVENT_UPDATE").await["status"], 3);
}

#[tokio::test]
async fn sounds_are_heard_by_those_who_are_in_the_channel() {
    let stage = Stage::new().await;
    let (guild, user, talk) = (stage.ids.guild, stage.ids.user, channel(&stage, 2));
    let mut client = stage.bot(ALL).await;
    let play = json!({ "user": user, "sound": "2" });
    assert_eq!(stage.refused("/actor/play_sound", play.clone()).await["error"]["discord"]["code"], 10065);
    stage.post("/actor/join_voice", json!({ "user": user, "channel": talk })).await;
    client.until("VOICE_STATE_UPDATE").await;
    stage.post("/actor/play_sound", play.clone()).await;
    let names = client.settled(&stage).await;
    assert!(!names.contains(&"VOICE_CHANNEL_EFFECT_SEND".to_owned()), "the bot is not there: {names:?}");
    client
        .send(4, json!({ "guild_id": guild, "channel_id": talk, "self_mute": true, "self_deaf": false }))
        .await;
    client.until("VOICE_SERVER_UPDATE").await;
    stage.post("/actor/play_sound", play).await;
    let heard = client.until("VOICE_CHANNEL_EFFECT_SEND").await;
    assert_eq!((&heard["user_id"], &heard["sound_id"]), (&json!(user), &json!(2)));
    let path = format!("/channels/{talk}/send-soundboard-sound");
    let (status, answer) = stage.rest("POST", &path, Some(json!({ "sound_id": "1" }))).await;
    assert_eq!((status, answer), (204, Value::Null));
    assert_eq!(client.until("VOICE_CHANNEL_EFFECT_SEND").await["user_id"], json!(stage.ids.application));
}
