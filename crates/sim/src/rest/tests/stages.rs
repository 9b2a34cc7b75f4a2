//! Live stages.

use serde_json::json;

use super::{Line, run, text, try_run};
use crate::RateLimitMode;

#[tokio::test]
async fn a_stage_from_its_opening_to_its_end() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    // Only communities have stage channels.
    let body = json!({ "name": "stage", "type": 13 });
    let made = line
        .sim
        .apply(cogwright_sim_world::places::operator::CreateChannel { guild: line.ids.guild, body })
        .expect("is allowed");
    let channel = text(&made, "id");
    let channel = channel.as_str();
    let body = json!({ "channel_id": channel, "topic": "Talk" });
    let stage = run(&line, "create_stage_instance", &[], Some(body.clone())).await;
    assert_eq!((&stage["guild_id"], &stage["privacy_level"]), (&json!(guild), &json!(2)));
    assert_eq!(try_run(&line, "create_stage_instance", &[], Some(body)).await.code(), (400, 150_006));
    assert_eq!(run(&line, "get_stage_instance", &[channel], None).await, stage);
    let edited = run(&line, "update_stage_instance", &[channel], Some(json!({ "topic": "More" }))).await;
    assert_eq!(edited["topic"], "More");
    run(&line, "delete_stage_instance", &[channel], None).await;
    assert_eq!(try_run(&line, "get_stage_instance", &[channel], None).await.code(), (404, 10067));
    for (body, code) in [
        (json!({}), (400, 50035)),
        (json!({ "channel_id": "1", "topic": "x" }), (404, 10003)),
        (json!({ "channel_id": channel }), (400, 50035)),
        (json!({ "channel_id": channel, "topic": "x".repeat(121) }), (400, 50035)),
        (json!({ "channel_id": channel, "topic": "x", "privacy_level": 1 }), (400, 50035)),
    ] {
        let answer = try_run(&line, "create_stage_instance", &[], Some(body.clone())).await;
        assert_eq!(answer.code(), code, "{body}");
    }
}
