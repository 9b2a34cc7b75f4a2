//! Every kind of component and answer once.

use serde_json::{Map, Value, json};

use cogwright_testkit::{Kit, Message};

use crate::helpers::kit;

async fn board(kit: &Kit) -> Message {
    Message(kit.owner().slash("demo", Value::Null).await.unwrap().message.unwrap())
}

#[tokio::test]
async fn buttons_update_whisper_and_think() {
    let kit = kit().await;
    let owner = kit.owner();
    let board = board(&kit).await;
    let counted = owner.clicks(&board, "Count: 0").await.unwrap();
    assert_eq!(counted.kind, Some("update"));
    assert!(counted.message.unwrap().to_string().contains("Count: 1"));
    let whisper = owner.clicks(&board, "Ephemeral answer").await.unwrap();
    assert_eq!((whisper.kind, whisper.ephemeral), (Some("message"), true));
    let thinking = owner.clicks(&board, "Deferred answer").await.unwrap();
    assert_eq!(thinking.kind, Some("deferred"));
    let loading = Message(thinking.message.unwrap());
    assert_eq!(loading["flags"].as_u64().unwrap() & 128, 128, "thinking");
    kit.until(&loading, "the thought", |m| m["flags"].as_u64().unwrap_or(0) & 128 == 0).await.unwrap();
    let file = owner.clicks(&board, "Send a file").await.unwrap();
    assert_eq!(file.message.unwrap()["attachments"].as_array().map(Vec::len), Some(1));
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn every_menu_tells_what_was_chosen() {
    let kit = kit().await;
    let owner = kit.owner();
    let board = board(&kit).await;
    let role = kit.guild().to_string();
    let (user, channel) = (owner.id().to_string(), owner.channel().to_string());
    let cases: [(&str, &[&str]); 5] = [
        ("Choose up to three colours", &["red", "blue"]),
        ("Choose a person", &[&user]),
        ("Choose a role", &[&role]),
        ("Choose a person or a role", &[&user]),
        ("Choose a channel", &[&channel]),
    ];
    let mut seen = vec![board.0.to_string()];
    for (menu, values) in cases {
        let answer = owner.chooses(&board, menu, values).await.unwrap();
        assert_eq!(answer.kind, Some("update"), "{menu}");
        let text = answer.message.unwrap().to_string();
        assert!(!seen.contains(&text), "{menu}: the board shows the choice");
        seen.push(text);
    }
    let too_many = owner.chooses(&board, "Choose a person", &[&user, &user]).await;
    assert!(too_many.is_err());
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn the_form_comes_back_filled_in() {
    let kit = kit().await;
    let owner = kit.owner();
    let board = board(&kit).await;
    let opened = owner.clicks(&board, "Open a form").await.unwrap();
    assert_eq!(opened.kind, Some("modal"));
    let modal = Message(opened.modal.clone().unwrap());
    let mut values = Map::new();
    for control in modal.controls().into_iter().filter(|c| c["type"] == 4) {
        values.insert(control["custom_id"].as_str().unwrap().to_owned(), json!("written by hand"));
    }
    assert!(!values.is_empty(), "{}", modal.0);
    let menu = modal.controls().into_iter().find(|c| c["type"] == 3).unwrap();
    let choice = &menu["options"][0]["value"];
    values.insert(menu["custom_id"].as_str().unwrap().to_owned(), json!([choice]));
    let empty = owner.submits(&opened, Map::new()).await;
    assert!(empty.is_err(), "a required field is missing");
    let done = owner.submits(&opened, values).await.unwrap();
    assert_eq!(done.kind, Some("update"));
    assert!(done.message.unwrap().to_string().contains("written by hand"));
    kit.stop().await.unwrap();
}
