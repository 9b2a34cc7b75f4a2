//! A bot's life: registration by diff, reconnecting, ending.

use std::borrow::Cow;

use cogwright_runtime::builtin_cogs;
use cogwright_sim::{After, Entry, EntryKind};
use cogwright_testkit::PATIENCE;
use serde_json::{Value, json};

use crate::helpers::{kit, requests};

#[tokio::test]
async fn commands_are_registered_once_and_not_again_when_nothing_changed() {
    let kit = kit().await;
    assert_eq!(requests(&kit, "bulk_set_application_commands", 0).len(), 1);
    let before = kit.sim().journal().last();
    let second = kit.another(builtin_cogs()).start().await.unwrap();
    assert!(second.ready().await);
    let (asked, ..) = kit.sim().journal().query(before, usize::MAX, |e| e.kind == EntryKind::Rest);
    let method = |e: &Entry| e.field("method").map(Cow::into_owned);
    assert!(!asked.is_empty() && asked.iter().all(|e| method(e) == Some(json!("GET"))), "{asked:?}");
    second.stop().await.unwrap();
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn after_a_reset_the_bot_registers_its_commands_again() {
    let kit = kit().await;
    let owner = kit.owner();
    let echo = |text: &str| owner.slash("echo", json!({ "text": text }));
    let before = kit.sim().journal().last();
    kit.sim().reset();
    assert!(echo("too early").await.is_err(), "a reset world knows no commands");
    let set = json!({ "operation": "bulk_set_application_commands", "status": 200 });
    let again = kit.sim().wait_for(EntryKind::Rest, set, After::Seq(before), PATIENCE).await;
    assert!(again.is_some(), "the new session looks at the commands again");
    assert_eq!(echo("back").await.unwrap().kind, Some("message"));
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_reconnect_loses_and_doubles_nothing() {
    let kit = kit().await;
    let owner = kit.owner();
    let session = kit.sim().gateway_sessions();
    kit.sim().reconnect_all();
    // Written while nobody listens; the resumed session gets it.
    let asked = owner.says("!echo still here").unwrap();
    assert!(kit.reply_to(&asked).await.unwrap().content().contains("still here"));
    let resumed = json!({ "direction": "in", "op": 6 });
    assert!(kit.sim().wait_for(EntryKind::Gateway, resumed, After::Start, PATIENCE).await.is_some());
    assert_eq!(kit.sim().gateway_sessions().len(), session.len());
    let again = owner.says("!echo once").unwrap();
    kit.reply_to(&again).await.unwrap();
    let answers = kit.sim().read(|world, _| {
        let channel = world.channel(owner.channel()).unwrap();
        channel
            .messages
            .values()
            .filter(|m| m.content.contains("still here") && m.reference.is_some())
            .count()
    });
    assert_eq!(answers, 1);
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_stopping_bot_finishes_what_it_has_begun() {
    let kit = kit().await;
    let owner = kit.owner();
    let board = cogwright_testkit::Message(owner.slash("demo", Value::Null).await.unwrap().message.unwrap());
    let thinking = owner.clicks(&board, "Deferred answer").await.unwrap();
    let loading = cogwright_testkit::Message(thinking.message.unwrap());
    let sim = kit.sim().clone();
    kit.stop().await.unwrap();
    let id = loading.id().parse().unwrap();
    let flags = sim.read(|world, _| world.message(owner.channel(), id).unwrap().flags);
    assert_eq!(flags & 128, 0, "the deferred answer was given before the end");
}
