//! The bot on a bad day: limits, errors, reconnects, repeated events. Every answer comes, and comes once.

use std::time::Duration;

use cogwright_discord::{Priority, Request, Route};
use cogwright_runtime::builtin_cogs;
use cogwright_sim::{After, ChaosRates, Entry, EntryKind, FaultKind, FaultSpec, LimitScope, RateLimitMode};
use cogwright_testkit::{Kit, Message, PATIENCE};
use serde_json::{Value, json};

use crate::helpers::{IDENTIFY, RESUME, add, answered_once, connected, fired, kit, replies, sent, status};

#[tokio::test]
async fn a_429_of_each_scope_is_waited_out() {
    let kit = kit().await;
    for scope in [LimitScope::User, LimitScope::Global, LimitScope::Shared] {
        let limit = FaultSpec::new(FaultKind::Rest429 { scope, retry_after: 0.2 });
        let id = add(&kit, limit.operation("create_message").times(2));
        answered_once(&kit, &format!("limited {scope:?}")).await;
        assert_eq!(fired(&kit, &id), 2, "{scope:?}");
    }
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn case_20_after_a_global_429_nothing_leaves_until_it_is_over() {
    let kit = kit().await;
    let owner = kit.owner();
    add(
        &kit,
        FaultSpec::new(FaultKind::Rest429 { scope: LimitScope::Global, retry_after: 1.0 })
            .operation("create_message"),
    );
    let first = owner.says("!echo first").unwrap();
    let refused = json!({ "operation": "create_message", "status": 429 });
    let refused = kit.sim().wait_for(EntryKind::Rest, refused, After::Start, PATIENCE).await.unwrap();
    let rest = kit.bot().rest();
    let told = async {
        while rest.stats().limited.global == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, told).await.expect("the bot takes note of it");
    // Other messages, another channel, another kind of request.
    let mut others: Vec<Message> =
        (0..10).map(|n| owner.says(&format!("!echo other {n}")).unwrap()).collect();
    others.push(owner.in_dm_with(kit.bot_user()).unwrap().says("!echo direct").unwrap());
    let me = Request::from_route(&Route::GetUser { user_id: kit.bot_user().get() });
    let asking = rest.send_raw::<()>(&me, Priority::Normal);
    // First answers to interactions are exempt. See Discord docs: Rate Limits / Global Rate Limit.
    let (asked, slash) = tokio::join!(asking, owner.slash("echo", json!({ "text": "exempt" })));
    assert_eq!((asked.is_ok(), slash.unwrap().kind), (true, Some("message")));
    for asked in others.iter().chain([&first]) {
        kit.reply_to(asked).await.unwrap();
    }
    let (later, ..) = kit.sim().journal().query(refused.seq, usize::MAX, |e| e.kind == EntryKind::Rest);
    let operation = |entry: &Entry| entry.field("operation").unwrap().as_str().unwrap().to_owned();
    let (exempt, bound): (Vec<_>, Vec<_>) =
        later.iter().partition(|entry| operation(entry) == "create_interaction_response");
    // World time is real time here.
    let waited = |entry: &Entry| entry.at.since(refused.at) >= Duration::from_secs(1);
    assert!(exempt.iter().any(|entry| !waited(entry)), "{exempt:?}");
    assert!(
        bound.len() >= 13 && bound.iter().all(|entry| waited(entry)),
        "something leaves before it is over"
    );
    assert!(bound.iter().all(|entry| status(entry) < 300), "nothing is sent in vain");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn slash_answers_survive_a_short_limit() {
    let kit = kit().await;
    let limit = FaultKind::Rest429 { scope: LimitScope::User, retry_after: 0.3 };
    let id = add(&kit, FaultSpec::new(limit).operation("create_interaction_response"));
    let answer = kit.owner().slash("echo", json!({ "text": "patience" })).await.unwrap();
    assert_eq!((answer.kind, fired(&kit, &id)), (Some("message"), 1));
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_5xx_on_a_get_while_starting_is_retried() {
    // Faults are in place before the bot makes its first request.
    let mut builder = Kit::builder().cogs(builtin_cogs());
    for status in [500, 502, 503] {
        builder =
            builder.fault(FaultSpec::new(FaultKind::Rest5xx { status, carried_out: false }).method("GET"));
    }
    let kit = builder.start().await.unwrap();
    assert!(kit.sim().faults().iter().all(|f| f.fired == 1), "{:?}", kit.sim().faults());
    answered_once(&kit, "started all the same").await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_lost_answer_is_not_a_second_reply() {
    let kit = kit().await;
    let lost = FaultSpec::new(FaultKind::Rest5xx { status: 502, carried_out: true });
    let id = add(&kit, lost.operation("create_message").times(2));
    answered_once(&kit, "sent once").await;
    answered_once(&kit, "barrier").await;
    assert_eq!(fired(&kit, &id), 2);
    assert!(replies(&kit, kit.owner().channel()).values().all(|n| *n == 1));
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn latency_delays_and_breaks_nothing() {
    let kit = kit().await;
    let id = add(&kit, FaultSpec::new(FaultKind::Latency { ms: 300 }).times(2));
    answered_once(&kit, "slow").await;
    let answer = kit.owner().slash("echo", json!({ "text": "slow too" })).await.unwrap();
    assert_eq!((answer.kind, fired(&kit, &id)), (Some("message"), 2));
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn duplicated_and_reordered_events_are_answered_once() {
    let kit = kit().await;
    let owner = kit.owner();
    let kinds = [FaultKind::DuplicateEvent {}, FaultKind::ReorderEvents {}];
    for kind in kinds {
        let ids = ["MESSAGE_CREATE", "INTERACTION_CREATE"]
            .map(|event| add(&kit, FaultSpec::new(kind.clone()).event(event).times(3)));
        let asked: Vec<Message> = (0..4).map(|n| owner.says(&format!("!echo number {n}")).unwrap()).collect();
        for asked in &asked {
            kit.reply_to(asked).await.unwrap();
        }
        let answer = owner.slash("echo", json!({ "text": "slash" })).await.unwrap();
        assert_eq!(answer.kind, Some("message"), "{kind:?}");
        assert!(ids.iter().all(|id| fired(&kit, id) > 0), "{:?}", kit.sim().faults());
        kit.sim().clear_faults();
        // Answered after all of the above.
        answered_once(&kit, "barrier").await;
        assert!(replies(&kit, owner.channel()).values().all(|n| *n == 1), "{kind:?}");
    }
    let (refused, ..) = kit.sim().journal().query(0, usize::MAX, |e| {
        e.kind == EntryKind::Rest && e.field("status").and_then(|s| s.as_u64()).is_some_and(|s| s >= 400)
    });
    assert!(refused.is_empty(), "no repeated interaction was answered again: {refused:?}");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn op_7_and_op_9_of_both_kinds() {
    for (kind, identifies) in [
        (FaultKind::Op7 {}, 1),
        (FaultKind::Op9 { resumable: true }, 1),
        (FaultKind::Op9 { resumable: false }, 2),
    ] {
        let kit = kit().await;
        add(&kit, FaultSpec::new(kind.clone()));
        // After op 9 false there is no replay: what is written meanwhile is lost on Discord too.
        if identifies == 2 {
            let ready = json!({ "direction": "out", "t": "GUILD_CREATE" });
            let after = kit.sim().journal().last();
            kit.sim().clock().advance(Duration::from_secs(5));
            assert!(
                kit.sim().wait_for(EntryKind::Gateway, ready, After::Seq(after), PATIENCE).await.is_some()
            );
        }
        answered_once(&kit, "back again").await;
        assert_eq!((sent(&kit, IDENTIFY), sent(&kit, RESUME)), (identifies, 2 - identifies), "{kind:?}");
        kit.stop().await.unwrap();
    }
}

#[tokio::test]
async fn op_7_before_hello_and_close_during_resume() {
    let kit = kit().await;
    add(&kit, FaultSpec::new(FaultKind::Op7 {}).event("CONNECT"));
    add(&kit, FaultSpec::new(FaultKind::Close { code: 4000 }).event("RESUME"));
    add(&kit, FaultSpec::new(FaultKind::Close { code: 4000 }));
    answered_once(&kit, "through it all").await;
    assert!(kit.sim().faults().iter().all(|f| f.fired == 1), "{:?}", kit.sim().faults());
    assert_eq!(sent(&kit, IDENTIFY), 1, "the first session lives on");
    kit.stop().await.unwrap();
}

async fn survives_close(code: u16) {
    let kit = kit().await;
    add(&kit, FaultSpec::new(FaultKind::Close { code }));
    connected(&kit).await;
    // A closed session that cannot be resumed loses what is written meanwhile.
    let after = kit.sim().journal().last();
    let back = json!({ "direction": "out", "t": { "$any": ["RESUMED", "GUILD_CREATE"] } });
    let came = || kit.sim().wait_for(EntryKind::Gateway, back.clone(), After::Start, PATIENCE);
    if came().await.is_none_or(|e| e.seq <= after) {
        let back = kit.sim().wait_for(EntryKind::Gateway, back.clone(), After::Seq(after), PATIENCE).await;
        assert!(back.is_some(), "{code}: the bot does not come back");
    }
    answered_once(&kit, &format!("after {code}")).await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn closes_4000_to_4009_are_survived() {
    // All but 4004, which says that the token is wrong.
    tokio::join!(
        survives_close(4000),
        survives_close(4001),
        survives_close(4002),
        survives_close(4003),
        survives_close(4005),
        survives_close(4007),
        survives_close(4008),
        survives_close(4009),
    );
}

#[tokio::test]
async fn case_34_unacknowledged_heartbeats_bring_a_resume() {
    let builder = Kit::builder().cogs(builtin_cogs()).heartbeat(Duration::from_millis(400));
    let kit = builder.start().await.unwrap();
    add(&kit, FaultSpec::new(FaultKind::SwallowAcks {}).times(2));
    let resumed = json!({ "direction": "in", "op": 6 });
    assert!(kit.sim().wait_for(EntryKind::Gateway, resumed, After::Start, PATIENCE).await.is_some());
    answered_once(&kit, "alive").await;
    assert_eq!(sent(&kit, IDENTIFY), 1);
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn case_58_a_ban_stops_the_bot_from_asking_on() {
    for status in [403, 429] {
        let kit = kit().await;
        let owner = kit.owner();
        add(&kit, FaultSpec::new(FaultKind::InvalidRequestBan { threshold: 0, status, lasts_ms: 3_600_000 }));
        owner.says("!echo into the void").unwrap();
        let page = json!({ "operation": "create_message", "status": status });
        let page = kit.sim().wait_for(EntryKind::Rest, page, After::Start, PATIENCE).await.unwrap();
        for n in 0..20 {
            owner.says(&format!("!echo {n}")).unwrap();
        }
        // Interactions reach the bot after those messages; that one is not answered shows that all were seen.
        let slash = owner.slash("echo", json!({ "text": "x" })).await.unwrap();
        assert_eq!(slash.kind, None);
        let (later, ..) = kit.sim().journal().query(page.seq, usize::MAX, |e| e.kind == EntryKind::Rest);
        assert!(later.is_empty(), "{status}: {later:?}");
        kit.stop().await.unwrap();
    }
}

#[tokio::test]
async fn case_38_a_guild_outage_is_survived() {
    let kit = kit().await;
    add(&kit, FaultSpec::new(FaultKind::GuildOutage { guild: kit.guild(), ms: 60_000 }));
    kit.advance(Duration::from_secs(60));
    kit.event(json!({ "event": "GUILD_CREATE" })).await.unwrap();
    answered_once(&kit, "after the outage").await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn chaos_for_hundreds_of_actions_and_every_reply_exactly_once() {
    const ACTIONS: usize = 300;
    let kit = kit().await;
    let owner = kit.owner();
    let rates = ChaosRates { op7: 0.003, op9: 0.001, close: 0.001, ..ChaosRates::MILD };
    let id = add(&kit, FaultSpec::new(FaultKind::Chaos { seed: 54, rates }));
    let mut asked = Vec::new();
    for n in 0..ACTIONS {
        asked.push(owner.says(&format!("!echo action {n}")).unwrap());
        // A guild may have so many calls waiting; more are dropped, by design.
        if n >= 40 {
            kit.reply_to(&asked[n - 40]).await.unwrap();
        }
    }
    for asked in &asked {
        kit.reply_to(asked).await.unwrap();
    }
    assert!(fired(&kit, &id) > 50, "{:?}", kit.sim().faults());
    assert!(sent(&kit, RESUME) > 0, "the dice of this seed break the connection too");
    kit.sim().clear_faults();
    connected(&kit).await;
    answered_once(&kit, "peace").await;
    let replies = replies(&kit, owner.channel());
    assert_eq!(replies.len(), ACTIONS + 1);
    assert!(replies.values().all(|n| *n == 1), "{replies:?}");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn an_expired_interaction_ends_with_its_command() {
    let kit = kit().await;
    let owner = kit.owner();
    add(&kit, FaultSpec::new(FaultKind::ExpireInteraction {}));
    let lost = owner.slash("echo", json!({ "text": "late" })).await.unwrap();
    assert_eq!(lost.kind, None);
    let next = owner.slash("echo", json!({ "text": "in time" })).await.unwrap();
    assert_eq!(
        (next.kind, next.message.map(|m| m["content"].clone())),
        (Some("message"), Some(Value::from("in time")))
    );
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn enforced_limits_and_a_burst() {
    let builder = Kit::builder().cogs(builtin_cogs()).rate_limits(RateLimitMode::Enforce);
    let kit = builder.start().await.unwrap();
    let owner = kit.owner();
    let asked: Vec<Message> = (0..12).map(|n| owner.says(&format!("!echo burst {n}")).unwrap()).collect();
    for asked in &asked {
        kit.reply_to(asked).await.unwrap();
    }
    assert!(replies(&kit, owner.channel()).values().all(|n| *n == 1));
    kit.stop().await.unwrap();
}
