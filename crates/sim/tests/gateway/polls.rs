//! Polls over real sockets: people ask and vote, bots are told.

use serde_json::json;

use crate::stage::{ALL, Stage};

#[tokio::test]
async fn people_ask_and_vote_and_time_ends_it() {
    let stage = Stage::new().await;
    let mut client = stage.bot(ALL).await;
    let (user, channel) = (stage.ids.user, stage.ids.channel);
    let poll = json!({ "question": "Tea?", "answers": ["yes", "no"], "hours": 1 });
    let sent =
        stage.post("/actor/send_message", json!({ "user": user, "channel": channel, "poll": poll })).await;
    let message = sent["id"].clone();
    assert_eq!(client.until("MESSAGE_CREATE").await["poll"]["answers"][1]["poll_media"]["text"], "no");
    let vote = |answers: &[u32]| json!({ "user": user, "message_id": message, "answers": answers });
    stage.post("/actor/vote", vote(&[2])).await;
    assert_eq!(client.until("MESSAGE_POLL_VOTE_ADD").await["answer_id"], 2);
    stage.post("/actor/vote", vote(&[])).await;
    assert_eq!(client.until("MESSAGE_POLL_VOTE_REMOVE").await["answer_id"], 2);
    let error = stage.refused("/actor/vote", vote(&[3])).await;
    assert_eq!(error["error"]["discord"]["code"], 50035);
    stage.advance(60 * 60 * 1000).await;
    let update = client.until("MESSAGE_UPDATE").await;
    assert_eq!((&update["id"], &update["poll"]["results"]["is_finalized"]), (&message, &json!(true)));
    assert_eq!(client.until("MESSAGE_CREATE").await["type"], 46);

    let poll = json!({ "question": "Coffee?", "answers": ["yes"], "multiselect": true });
    let sent =
        stage.post("/actor/send_message", json!({ "user": user, "channel": channel, "poll": poll })).await;
    let ended = stage.post("/actor/end_poll", json!({ "user": user, "message_id": sent["id"] })).await;
    assert_eq!(ended["poll"]["results"]["is_finalized"], true);
    assert_eq!(client.until("MESSAGE_CREATE").await["poll"]["allow_multiselect"], true);
    assert_eq!(client.until("MESSAGE_CREATE").await["type"], 46);
}
