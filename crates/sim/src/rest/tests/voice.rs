//! Voice: states, speakers, moving members, the status of a channel.

use cogwright_sim_world::{ChannelId, ChannelKind, UserId, voice::Connect};
use serde_json::json;

use super::{Line, run, try_run};
use crate::RateLimitMode;

pub(super) fn channel(line: &Line, kind: ChannelKind) -> ChannelId {
    let found = |world: &cogwright_sim_world::World| {
        let guild = world.guild(line.ids.guild).expect("is there");
        guild.channels.iter().copied().find(|id| world.channel(*id).is_ok_and(|c| c.kind == kind))
    };
    line.sim.read(|world, _| found(world)).expect("a channel of that kind")
}

pub(super) fn enter(line: &Line, user: UserId, channel: ChannelId) {
    let connect = Connect {
        user,
        guild: line.ids.guild,
        channel: Some(channel),
        session: Some("a session".into()),
        self_mute: false,
        self_deaf: false,
        self_video: false,
    };
    line.sim.apply(connect).expect("may enter");
}

#[tokio::test]
async fn voice_states_are_read_and_changed() {
    let line = Line::new(RateLimitMode::Off);
    let (guild, user) = (line.ids.guild.to_string(), line.ids.user.to_string());
    let bot = line.ids.application.into();
    let stage = channel(&line, ChannelKind::Stage);
    for (id, parameters) in
        [("get_self_voice_state", vec![guild.as_str()]), ("get_voice_state", vec![&guild, &user])]
    {
        assert_eq!(try_run(&line, id, &parameters, None).await.code(), (404, 10065));
    }
    assert_eq!(try_run(&line, "get_self_voice_state", &["1"], None).await.code(), (404, 10004));
    enter(&line, bot, stage);
    enter(&line, line.ids.user, stage);
    let own = run(&line, "get_self_voice_state", &[&guild], None).await;
    assert_eq!((&own["channel_id"], &own["suppress"]), (&json!(stage), &json!(true)));
    let body = json!({ "channel_id": stage, "suppress": false });
    run(&line, "update_self_voice_state", &[&guild], Some(body)).await;
    assert_eq!(run(&line, "get_self_voice_state", &[&guild], None).await["suppress"], false);
    let asked = json!({ "request_to_speak_timestamp": "2026-01-01T00:00:00.000000+00:00" });
    run(&line, "update_self_voice_state", &[&guild], Some(asked)).await;
    run(&line, "update_voice_state", &[&guild, &user], Some(json!({ "suppress": false }))).await;
    let other = run(&line, "get_voice_state", &[&guild, &user], None).await;
    assert!(other["request_to_speak_timestamp"].is_string(), "people are asked: {other}");
    let wrong = json!({ "suppress": "maybe" });
    let answer = try_run(&line, "update_voice_state", &[&guild, &user], Some(wrong)).await;
    assert_eq!(answer.code(), (400, 50035));
}

#[tokio::test]
async fn members_in_voice_are_moved_and_muted() {
    let line = Line::new(RateLimitMode::Off);
    let (guild, user) = (line.ids.guild.to_string(), line.ids.user.to_string());
    let (voice, stage) = (channel(&line, ChannelKind::Voice), channel(&line, ChannelKind::Stage));
    let mute = || Some(json!({ "mute": true, "deaf": true }));
    let answer = try_run(&line, "update_guild_member", &[&guild, &user], mute()).await;
    assert_eq!(answer.code(), (400, 40032));
    enter(&line, line.ids.user, voice);
    let member = run(&line, "update_guild_member", &[&guild, &user], mute()).await;
    assert_eq!((&member["mute"], &member["deaf"]), (&json!(true), &json!(true)));
    run(&line, "update_guild_member", &[&guild, &user], Some(json!({ "channel_id": stage }))).await;
    assert_eq!(run(&line, "get_voice_state", &[&guild, &user], None).await["channel_id"], json!(stage));
    run(&line, "update_guild_member", &[&guild, &user], Some(json!({ "channel_id": null }))).await;
    assert_eq!(try_run(&line, "get_voice_state", &[&guild, &user], None).await.code(), (404, 10065));
}

#[tokio::test]
async fn a_voice_channel_is_given_a_status() {
    let line = Line::new(RateLimitMode::Off);
    let voice = channel(&line, ChannelKind::Voice).to_string();
    run(&line, "update_voice_channel_status", &[&voice], Some(json!({ "status": "x".repeat(500) }))).await;
    run(&line, "update_voice_channel_status", &[&voice], Some(json!({ "status": null }))).await;
    let long = json!({ "status": "x".repeat(501) });
    let answer = try_run(&line, "update_voice_channel_status", &[&voice], Some(long)).await;
    assert_eq!(answer.code(), (400, 50035));
    let text = line.ids.channel.to_string();
    let answer = try_run(&line, "update_voice_channel_status", &[&text], Some(json!({}))).await;
    assert_eq!(answer.code(), (400, 50024));
    let answer = try_run(&line, "update_voice_channel_status", &["1"], Some(json!({}))).await;
    assert_eq!(answer.code(), (404, 10003));
}
