//! One definition answers alike as prefix command, mention and slash command.

use serde_json::json;

use cogwright_testkit::Message;

use crate::helpers::kit;

#[tokio::test]
async fn case_23_prefix_mention_and_slash_give_the_same_output() {
    let kit = kit().await;
    let owner = kit.owner();
    let plain = owner.says("!echo times:2 style:loud Hello there").unwrap();
    let by_prefix = kit.reply_to(&plain).await.unwrap();
    let mention = format!("<@{}> echo times:2 style:loud Hello there", kit.bot_user());
    let mentioned = owner.says(&mention).unwrap();
    let by_mention = kit.reply_to(&mentioned).await.unwrap();
    let options = json!({ "text": "Hello there", "times": 2, "style": "loud" });
    let by_slash = Message(owner.slash("echo", options).await.unwrap().message.unwrap());
    assert!(by_prefix.content().contains("HELLO THERE"), "{}", by_prefix.content());
    assert_eq!(by_prefix.content(), by_mention.content());
    assert_eq!(by_prefix.content(), by_slash.content());
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn case_23_both_forms_refuse_the_same_arguments() {
    let kit = kit().await;
    let owner = kit.owner();
    let asked = owner.says("!echo times:9 hello").unwrap();
    let refusal = kit.reply_to(&asked).await.unwrap();
    assert!(refusal.to_string().contains("times"), "{}", refusal.0);
    // In the slash form the client itself refuses what is out of range.
    let refused = owner.slash("echo", json!({ "text": "hello", "times": 9 })).await;
    assert!(refused.unwrap_err().to_string().contains("times"));
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn untrusted_text_pings_nobody() {
    let kit = kit().await;
    let asked = kit.owner().says("!echo Hello @everyone").unwrap();
    let answer = kit.reply_to(&asked).await.unwrap();
    assert!(answer.content().contains("@everyone"));
    assert_eq!(answer["mention_everyone"], false);
    assert_eq!(answer["mentions"].as_array().map(Vec::len), Some(0), "{}", answer.0);
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_missing_argument_is_answered_with_usage_and_an_unknown_command_not_at_all() {
    let kit = kit().await;
    let owner = kit.owner();
    owner.says("!nosuchcommand").unwrap();
    let asked = owner.says("!echo").unwrap();
    let refusal = kit.reply_to(&asked).await.unwrap();
    assert!(refusal.to_string().contains("!echo"), "usage: {}", refusal.0);
    // Commands are answered in order here, so silence about the first is already certain.
    let answers = kit.sim().read(|world, _| {
        world
            .channel(owner.channel())
            .unwrap()
            .messages
            .values()
            .filter(|m| m.author == cogwright_sim_world::Author::User(kit.bot_user()))
            .count()
    });
    assert_eq!(answers, 1);
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn commands_work_in_direct_messages() {
    let kit = kit().await;
    let owner = kit.owner().in_dm_with(kit.bot_user()).unwrap();
    let asked = owner.says("!echo in private").unwrap();
    assert!(kit.reply_to(&asked).await.unwrap().content().contains("in private"));
    let slash = owner.slash("echo", json!({ "text": "in private" })).await.unwrap();
    assert_eq!(slash.kind, Some("message"));
    kit.stop().await.unwrap();
}
