//! The help menu: only its invoker, pages, and its end by time.

use std::time::Duration;

use serde_json::Value;

use cogwright_testkit::Message;

use crate::{frozen_kit, kit};

fn all_disabled(message: &Message) -> bool {
    let controls = message.controls();
    !controls.is_empty() && controls.iter().all(|c| c["disabled"] == true)
}

#[tokio::test]
async fn only_the_invoker_turns_pages() {
    let kit = kit().await;
    let (owner, stranger) = (kit.owner(), kit.newcomer("stranger").unwrap());
    let opened = owner.slash("help", Value::Null).await.unwrap();
    let menu = Message(opened.message.unwrap());
    let refused = stranger.chooses(&menu, "Choose a category", &["0"]).await.unwrap();
    assert_eq!((refused.kind, refused.ephemeral), (Some("message"), true));
    assert_eq!(kit.look(&menu).unwrap()["embeds"], menu["embeds"], "nothing changed for the stranger");
    let turned = owner.chooses(&menu, "Choose a category", &["0"]).await.unwrap();
    assert_eq!(turned.kind, Some("update"));
    assert_ne!(turned.message.unwrap()["embeds"], menu["embeds"]);
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn the_menu_disables_itself_when_its_time_is_over() {
    let kit = frozen_kit().await;
    let asked = kit.owner().says("!help").unwrap();
    let by_prefix = kit.reply_to(&asked).await.unwrap();
    let by_slash = Message(kit.owner().slash("help", Value::Null).await.unwrap().message.unwrap());
    assert!(!all_disabled(&by_prefix) && !all_disabled(&by_slash));
    kit.advance(Duration::from_secs(301));
    kit.until(&by_prefix, "the menu's end", all_disabled).await.unwrap();
    kit.until(&by_slash, "the menu's end", all_disabled).await.unwrap();
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_menu_is_still_closed_after_its_token_has_expired() {
    let kit = frozen_kit().await;
    let menu = Message(kit.owner().slash("help", Value::Null).await.unwrap().message.unwrap());
    // The interaction's token is good for 15 minutes; after that the edit needs the bot's own.
    kit.advance(Duration::from_secs(16 * 60));
    kit.until(&menu, "the menu's end", all_disabled).await.unwrap();
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn one_command_is_shown_in_full_and_a_near_miss_is_corrected() {
    let kit = kit().await;
    let owner = kit.owner();
    let page = kit.reply_to(&owner.says("!help echo").unwrap()).await.unwrap();
    assert!(page["embeds"][0].to_string().contains("!echo"), "{}", page.0);
    let miss = kit.reply_to(&owner.says("!help ecko").unwrap()).await.unwrap();
    assert!(miss.to_string().contains("echo"), "{}", miss.0);
    kit.stop().await.unwrap();
}
