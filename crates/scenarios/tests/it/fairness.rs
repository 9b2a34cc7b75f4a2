//! Nobody can hold up a server: turns per person, interactions apart from messages, refusals told once.

use std::sync::Arc;
use std::time::Duration;

use cogwright_command::{CommandResult, Ctx, command};
use cogwright_runtime::builtin_cogs;
use cogwright_testkit::{Kit, Message, PATIENCE, Person};
use serde_json::Value;
use tokio::sync::{Semaphore, watch};

use crate::helpers::{answer, caught_up, each_answered_once, replies, says, tiers};
use crate::paper::Paper;

/// Calls of one person that run at once in a server.
const OF_ONE: usize = 4;
/// Calls that run at once in a server.
const OF_ALL: usize = 16;
/// A flood.
const FLOOD: usize = 140;

/// Where calls wait until the test lets them through.
struct Door {
    lock: Semaphore,
    waiting: watch::Sender<usize>,
}

impl Door {
    fn new() -> Arc<Self> {
        Arc::new(Self { lock: Semaphore::new(0), waiting: watch::Sender::new(0) })
    }

    /// Waits until so many calls stand before it.
    async fn crowd(&self, count: usize) {
        let mut waiting = self.waiting.subscribe();
        let came = tokio::time::timeout(PATIENCE, waiting.wait_for(|now| *now == count)).await;
        assert!(came.is_ok(), "{} wait instead of {count}", *self.waiting.borrow());
    }

    fn open(&self) {
        self.lock.add_permits(FLOOD);
    }
}

/// Waits before the door.
#[command]
async fn slow(ctx: Ctx, #[state] door: Arc<Door>) -> CommandResult {
    door.waiting.send_modify(|waiting| *waiting += 1);
    door.lock.acquire().await?.forget();
    door.waiting.send_modify(|waiting| *waiting -= 1);
    ctx.reply("through").await
}

/// Only now and then.
#[command(cooldown = "1 per 1h per user")]
async fn rare(ctx: Ctx) -> CommandResult {
    ctx.reply("this time").await
}

async fn kit(door: &Arc<Door>) -> Kit {
    let cogs = builtin_cogs().into_iter().chain([tiers("Tiers").command(slow(Arc::clone(door)))]);
    // What is measured is who waits for whom, not for Discord's limits.
    Kit::builder().cogs(cogs).settings(|settings| settings.rest.governor = false).start().await.unwrap()
}

fn flood(person: &Person, count: usize) -> Vec<Message> {
    (0..count).map(|_| person.says("!slow").unwrap()).collect()
}

#[tokio::test]
async fn one_persons_flood_does_not_delay_another_in_the_same_server() {
    let door = Door::new();
    let kit = kit(&door).await;
    let (loud, quiet) = (kit.newcomer("loud").unwrap(), kit.newcomer("quiet").unwrap());
    let mut asked = flood(&loud, FLOOD);
    door.crowd(OF_ONE).await;
    // Behind 136 calls of the other, and answered all the same; so is whoever floods, in the slash form.
    says(&kit, &quiet, "!ping", "Pong!").await;
    assert_eq!(loud.slash("hello", Value::Null).await.unwrap().kind, Some("message"));
    let own = loud.says("!hello").unwrap();
    assert!(answer(&kit, &quiet, "!hello").await.content().contains("hello there"));
    let told = replies(&kit, loud.channel());
    assert!(asked.iter().chain([&own]).all(|asked| !told.contains_key(asked.id())), "their own wait in line");
    door.crowd(OF_ONE).await;
    door.open();
    asked.push(own);
    each_answered_once(&kit, &asked).await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn slash_commands_do_not_wait_behind_messages() {
    let door = Door::new();
    let kit = kit(&door).await;
    let mut asked = Vec::new();
    for n in 0..OF_ALL / OF_ONE {
        asked.extend(flood(&kit.newcomer(&format!("loud{n}")).unwrap(), FLOOD / OF_ONE));
    }
    door.crowd(OF_ALL).await;
    let quiet = kit.newcomer("quiet").unwrap();
    let waits = quiet.says("!hello").unwrap();
    assert_eq!(quiet.slash("hello", Value::Null).await.unwrap().kind, Some("message"));
    assert!(!replies(&kit, quiet.channel()).contains_key(waits.id()), "all turns of messages are taken");
    door.open();
    asked.push(waits);
    each_answered_once(&kit, &asked).await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn the_same_refusal_is_told_once_in_five_seconds() {
    let paper = Paper::new();
    let cog = tiers("Tiers").command(rare);
    let kit = Kit::builder().cog(cog).journal(Arc::<Paper>::clone(&paper)).frozen().start().await.unwrap();
    let (member, other) = (kit.newcomer("member").unwrap(), kit.newcomer("other").unwrap());
    let answers = || replies(&kit, member.channel()).values().sum::<usize>();
    let say = async |person: &Person, line: &str, times: usize| {
        for _ in 0..times {
            person.says(line).unwrap();
        }
        caught_up(&kit, &paper).await;
    };
    say(&member, "!moderate", 30).await;
    assert_eq!(answers(), 1);
    // Somebody else, another command, and another reason are news.
    say(&other, "!moderate", 3).await;
    assert_eq!(answers(), 2);
    say(&member, "!secret", 3).await;
    assert_eq!(answers(), 3);
    say(&member, "!rare", 3).await;
    assert_eq!(answers(), 5, "it ran once, and was refused once");
    kit.advance(Duration::from_millis(4_900));
    say(&member, "!moderate", 3).await;
    assert_eq!(answers(), 5);
    kit.advance(Duration::from_millis(100));
    say(&member, "!moderate", 3).await;
    assert_eq!(answers(), 6);
    // An interaction is always answered: nobody else sees it, and it would show as failed.
    for _ in 0..2 {
        let refused = member.slash("rare", Value::Null).await.unwrap();
        assert!(refused.ephemeral && refused.message.unwrap().to_string().contains("Try again in"));
    }
    kit.stop().await.unwrap();
}
