//! Polls over REST, with people's votes.

use cogwright_sim_world::{Actor, messages::Vote};
use serde_json::json;

use super::{Line, run, text, try_run};
use crate::RateLimitMode;

#[tokio::test]
async fn a_poll_is_voted_in_and_ended() {
    let line = Line::new(RateLimitMode::Off);
    let channel = line.ids.channel.to_string();
    let answer = |text: &str| json!({ "poll_media": { "text": text, "emoji": { "name": "🍵" } } });
    let body =
        json!({ "poll": { "question": { "text": "Tea?" }, "answers": [answer("yes"), answer("no")] } });
    let made = run(&line, "create_message", &[&channel], Some(body)).await;
    let id = text(&made, "id");
    let actor = Actor::person(line.ids.user);
    let vote = Vote { actor, channel: line.ids.channel, message: id.parse().unwrap(), answers: vec![2] };
    line.sim.apply(vote).expect("a vote");
    let users = run(&line, "get_answer_voters", &[&channel, &id, "2"], None).await;
    assert_eq!(users["users"][0]["id"], json!(line.ids.user));
    assert_eq!(run(&line, "get_answer_voters", &[&channel, &id, "1"], None).await["users"], json!([]));
    let shown = run(&line, "get_message", &[&channel, &id], None).await;
    let counts = json!([{ "id": 2, "count": 1, "me_voted": false }]);
    assert_eq!(shown["poll"]["results"]["answer_counts"], counts);
    let ended = run(&line, "poll_expire", &[&channel, &id], None).await;
    assert_eq!(ended["poll"]["results"]["is_finalized"], true);
    let page = line.get(&format!("/channels/{channel}/messages?limit=1")).await.json();
    assert_eq!((&page[0]["type"], &page[0]["embeds"][0]["type"]), (&json!(46), &json!("poll_result")));

    assert_eq!(try_run(&line, "poll_expire", &[&channel, &id], None).await.code(), (400, 520_001));
    assert_eq!(try_run(&line, "poll_expire", &[&channel, "1"], None).await.code(), (404, 10008));
    for (answer, message) in [("3", id.as_str()), ("x", &id), ("1", "1")] {
        let code = try_run(&line, "get_answer_voters", &[&channel, message, answer], None).await.code();
        assert_eq!(code, if message == "1" { (404, 10008) } else { (400, 50035) }, "{answer}");
    }
    let answer = try_run(&line, "update_message", &[&channel, &id], Some(json!({ "content": "x" }))).await;
    assert_eq!(answer.code(), (400, 520_003));
}
