//! What a kill does to a command that is running: until its first answer it runs again, after that it does not.

use std::sync::Arc;

use cogwright_command::{Cog, CommandResult, Ctx, command};
use cogwright_sim::{FaultKind, FaultSpec};
use cogwright_testkit::{Kit, Message, PATIENCE};
use serde_json::Value;
use tokio::sync::watch;

use crate::helpers::{add, answer, caught_up, replies, tiers};
use crate::paper::Paper;
use crate::restart::Doomed;

/// What the processes of a test have in common: how often the work was begun, and whether it gets done.
struct Work {
    begun: watch::Sender<usize>,
    done: watch::Sender<bool>,
}

impl Work {
    fn new() -> Arc<Self> {
        Arc::new(Self { begun: watch::Sender::new(0), done: watch::Sender::new(false) })
    }

    async fn work(&self) {
        self.begun.send_modify(|count| *count += 1);
        // The sender is here.
        let _ = self.done.subscribe().wait_for(|done| *done).await;
    }

    async fn is_begun(&self, times: usize) {
        let mut begun = self.begun.subscribe();
        tokio::time::timeout(PATIENCE, begun.wait_for(|count| *count == times)).await.unwrap().unwrap();
    }
}

/// Answers, works, and answers again.
#[command]
async fn early(ctx: Ctx, #[state] work: Arc<Work>) -> CommandResult {
    ctx.reply("I have begun.").await?;
    work.work().await;
    ctx.follow_up("It is done.").await
}

/// Works, and answers.
#[command]
async fn late(ctx: Ctx, #[state] work: Arc<Work>) -> CommandResult {
    ctx.defer(false).await?;
    work.work().await;
    ctx.reply("It is done.").await
}

/// A place for bots that are killed. Its own has no commands, and hears of no interaction, which it would refuse.
async fn place() -> Kit {
    let kit = Kit::builder().start().await.unwrap();
    let own = kit.sim().gateway_sessions()[0]["id"].as_str().unwrap().to_owned();
    let mut deaf = FaultSpec::new(FaultKind::DropEvent {}).event("INTERACTION_CREATE").always();
    deaf.matching.session = Some(own);
    add(&kit, deaf);
    kit
}

fn cog(work: &Arc<Work>) -> Cog {
    tiers("Work").command(early(Arc::clone(work))).command(late(Arc::clone(work)))
}

#[tokio::test]
async fn later_answers_are_lost_in_a_kill_and_the_first_does_not_come_twice() {
    let kit = place().await;
    let (owner, paper, work) = (kit.owner(), Paper::new(), Work::new());
    let first = Doomed::start(&kit, [cog(&work)], &paper).await;
    let asked = owner.says("!early").unwrap();
    assert_eq!(kit.reply_to(&asked).await.unwrap().content(), "I have begun.");
    let by_slash = owner.slash("early", Value::Null).await.unwrap();
    work.is_begun(2).await;
    // That both were answered is on the paper; only then is it certain that neither runs again.
    caught_up(&kit, &paper).await;
    first.kill();
    work.done.send_replace(true);
    let second = Doomed::start(&kit, [cog(&work)], &paper).await;
    assert_eq!(answer(&kit, &owner, "!hello").await.content(), "hello there");
    assert_eq!(*work.begun.borrow(), 2, "neither ran again");
    assert_eq!(replies(&kit, owner.channel())[asked.id()], 1);
    let shown = Message(by_slash.message.unwrap());
    assert_eq!(kit.look(&shown).unwrap().content(), "I have begun.");
    assert!(!kit.transcript().unwrap().text().contains("It is done."), "nobody is there who could say it");
    second.kill();
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_single_answer_at_the_end_comes_after_a_kill_in_the_middle() {
    let kit = place().await;
    let (owner, paper, work) = (kit.owner(), Paper::new(), Work::new());
    let first = Doomed::start(&kit, [cog(&work)], &paper).await;
    let asked = owner.says("!late").unwrap();
    let by_slash = owner.slash("late", Value::Null).await.unwrap();
    assert_eq!(by_slash.kind, Some("deferred"));
    work.is_begun(2).await;
    first.kill();
    work.done.send_replace(true);
    let second = Doomed::start(&kit, [cog(&work)], &paper).await;
    assert_eq!(kit.reply_to(&asked).await.unwrap().content(), "It is done.");
    let thinking = Message(by_slash.message.unwrap());
    kit.until(&thinking, "the answer", |message| message.content() == "It is done.").await.unwrap();
    assert_eq!(*work.begun.borrow(), 4, "both ran again, from the beginning");
    assert_eq!(replies(&kit, owner.channel())[asked.id()], 1);
    second.kill();
    kit.stop().await.unwrap();
}
