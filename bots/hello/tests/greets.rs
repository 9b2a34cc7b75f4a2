//! The bot in a local Discord: somebody writes, clicks and waits.

use std::time::Duration;

use cogwright_testkit::{Kit, KitError, Message};
use serde_json::json;

fn is_disabled(message: &Message) -> bool {
    message.controls().iter().all(|control| control["disabled"] == true)
}

#[tokio::test]
async fn a_prefix_command_is_answered_and_its_button_works() -> Result<(), KitError> {
    let kit = Kit::with_cogs([hello::cog()]).await?;
    let ada = kit.newcomer("ada")?;
    let asked = ada.says("!hello times:2 language:french")?;
    let answer = kit.reply_to(&asked).await?;
    assert_eq!(answer.content(), "Bonjour, Bonjour, ada!");

    // The button is the invoker's alone.
    let refused = kit.owner().clicks(&answer, "Greet back").await?;
    assert!(refused.ephemeral);

    ada.clicks(&answer, "Greet back").await?;
    let after = kit.until(&answer, "the greeting to be returned", |now| now.controls().is_empty()).await?;
    assert_eq!(after.content(), "Bonjour, Bonjour, ada! And ada greets back.");
    kit.stop().await
}

#[tokio::test]
async fn the_slash_form_says_the_same() -> Result<(), KitError> {
    let kit = Kit::with_cogs([hello::cog()]).await?;
    let ada = kit.newcomer("ada")?;
    let options = json!({"who": kit.owner().id(), "language": "japanese"});
    let shown = ada.slash("hello", options).await?;
    let answer = Message(shown.message.expect("a message is shown"));
    assert!(answer.content().starts_with("こんにちは, "), "{}", answer.content());
    kit.stop().await
}

#[tokio::test]
async fn a_wrong_argument_is_explained() -> Result<(), KitError> {
    let kit = Kit::with_cogs([hello::cog()]).await?;
    let asked = kit.owner().says("!hello times:9")?;
    let answer = kit.reply_to(&asked).await?;
    let told = answer.to_string();
    assert!(told.contains("between 1 and 5"), "{told}");
    kit.stop().await
}

#[tokio::test]
async fn the_button_is_disabled_after_three_minutes() -> Result<(), KitError> {
    let kit = Kit::builder().cog(hello::cog()).frozen().start().await?;
    let asked = kit.owner().says("!hi")?;
    let answer = kit.reply_to(&asked).await?;
    assert!(!is_disabled(&answer));
    kit.advance(Duration::from_secs(180));
    kit.until(&answer, "the button to be disabled", is_disabled).await?;
    kit.stop().await
}
