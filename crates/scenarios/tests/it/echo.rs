//! Autocomplete, choices, ephemeral answers.

use serde_json::json;

use cogwright_testkit::Message;

use crate::helpers::kit;

#[tokio::test]
async fn autocomplete_offers_what_was_begun() {
    let kit = kit().await;
    let all = kit.owner().types("echo", "text", "").await.unwrap();
    assert_eq!(all.kind, Some("choices"));
    let choices = all.choices.unwrap();
    let first = choices[0]["name"].as_str().unwrap().to_owned();
    let some = kit.owner().types("echo", "text", &first[..3]).await.unwrap().choices.unwrap();
    assert!(some.as_array().unwrap().len() < choices.as_array().unwrap().len(), "{some}");
    assert!(some.as_array().unwrap().iter().any(|c| c["name"] == first));
    let none = kit.owner().types("echo", "text", "zzzz").await.unwrap();
    assert_eq!(none.choices, Some(json!([])));
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_quiet_answer_is_for_one_person_only() {
    let kit = kit().await;
    let quiet = kit.owner().slash("echo", json!({ "text": "psst", "quiet": true })).await.unwrap();
    assert!(quiet.ephemeral);
    assert!(Message(quiet.message.unwrap()).is_ephemeral());
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn nothing_to_say_is_said_by_the_command() {
    let kit = kit().await;
    let blank = kit.owner().slash("echo", json!({ "text": " " })).await.unwrap();
    let message = Message(blank.message.unwrap());
    assert!(blank.ephemeral && message.to_string().contains("nothing to say"), "{}", message.0);
    kit.stop().await.unwrap();
}
