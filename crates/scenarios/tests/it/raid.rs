//! A raid: thousands join, and the welcome that each of them gets is refused.

use cogwright_discord::{Event, EventTypeFlags, Priority, Request, Rest, Route};
use cogwright_runtime::BotEvent;
use cogwright_sim_world::places::operator;
use cogwright_testkit::{Kit, PATIENCE};
use serde_json::json;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;

use crate::helpers::{requests, status};

/// How many join.
const JOINS: usize = 18_000;
/// How many join before the bot has seen the others: fewer than its listeners may lag behind.
const AT_ONCE: usize = 500;
/// What Discord lets pass within ten minutes. See Discord docs: Rate Limits / Invalid Request Limit.
const BUDGET: usize = 10_000;

/// Welcomes everybody who joins, and tells how many it has tried to.
async fn welcome(
    mut events: broadcast::Receiver<BotEvent>,
    rest: Rest,
    channel: u64,
    greeted: watch::Sender<usize>,
) {
    while let Ok(event) = events.recv().await {
        if !matches!(*event, Event::MemberAdd(_)) {
            continue;
        }
        let request = Request::builder(&Route::CreateMessage { channel_id: channel });
        let request = request.json(&json!({ "content": "Welcome!" })).build().unwrap();
        let refused = rest.send_raw::<()>(&request, Priority::Normal).await.unwrap_err();
        assert_eq!(refused.code(), Some(50_013), "whoever asks learns the reason, asked or remembered");
        greeted.send_modify(|count| *count += 1);
    }
    panic!("the listener has missed some: {:?}", events.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_raid_with_a_failing_welcome_stays_under_a_tenth_of_the_budget() {
    let kit = Kit::builder().start().await.unwrap();
    let bot = kit.another([]).listens(EventTypeFlags::MEMBER_ADD).start().await.unwrap();
    assert!(bot.ready().await);
    // Everybody may look, and the bot may no more than everybody.
    let roles = kit.sim().read(|world, _| {
        let roles = world.guild(kit.guild()).unwrap().roles.values();
        roles.map(|role| role.id).collect::<Vec<_>>()
    });
    for role in roles {
        let body = json!({ "permissions": "1024" });
        kit.sim().apply(operator::PatchRole { guild: kit.guild(), role, body }).unwrap();
    }
    let (greeted, mut count) = watch::channel(0);
    let channel: u64 = kit.owner().channel().get();
    let mut welcoming = JoinSet::new();
    welcoming.spawn(welcome(bot.events(), bot.rest().clone(), channel, greeted));
    // Half of what the local Discord does for a join is to write down what it said.
    kit.sim().change_settings(|settings| settings.journal_bodies = false);
    let mut before = kit.sim().journal().last();
    let mut asked = 0;
    for joined in 1..=JOINS {
        kit.newcomer(&format!("raider{joined}")).unwrap();
        if joined % AT_ONCE == 0 {
            let seen = tokio::time::timeout(PATIENCE, count.wait_for(|count| *count == joined)).await.is_ok();
            assert!(seen, "the bot waits its turn instead of knowing the answer: {:?}", bot.rest().stats());
            // The journal does not hold the whole raid.
            let sent = requests(&kit, "create_message", before);
            assert!(sent.iter().all(|request| status(request) == 403), "none of it went through");
            (asked, before) = (asked + sent.len(), kit.sim().journal().last());
        }
    }
    assert!((1..BUDGET / 10).contains(&asked), "{asked} of {JOINS} welcomes were sent");
    let stats = bot.rest().stats();
    assert_eq!(stats.invalid.used as usize, asked, "the bot knows how it stands");
    assert_eq!(stats.answered_locally as usize, JOINS - asked);
    assert!(welcoming.try_join_next().is_none(), "the listener is still there");
    welcoming.shutdown().await;
    bot.stop().await.unwrap();
    kit.stop().await.unwrap();
}
