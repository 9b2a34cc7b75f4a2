//! A test's own view of what was said.

use serde_json::json;

use crate::helpers::kit;

#[tokio::test]
async fn a_transcript_shows_each_person_what_that_person_sees() {
    let kit = kit().await;
    let asked = kit.owner().says("!ping").unwrap();
    kit.reply_to(&asked).await.unwrap();
    kit.owner().slash("echo", json!({ "text": "psst", "quiet": true })).await.unwrap();
    let mine = kit.transcript().unwrap().text();
    assert!(mine.contains("!ping") && mine.contains("> Robin: !ping"), "{mine}");
    assert!(mine.contains("psst") && mine.contains("[only Robin sees this]"), "{mine}");
    let theirs = kit.newcomer("visitor").unwrap().transcript().unwrap().text();
    assert!(theirs.contains("!ping") && !theirs.contains("psst"), "{theirs}");
    kit.stop().await.unwrap();
}
