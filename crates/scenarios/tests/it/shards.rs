//! Several shards: in one process, and one of them in a process of its own.

use std::time::Duration;

use cogwright_config::Settings;
use cogwright_testkit::{Kit, Person};
use serde_json::{Value, json};

use crate::helpers::{IDENTIFY, frames, other_guild, replies, says};

/// Guilds to make at most until one lies on the other shard.
const TRIES: u64 = 50;

/// Which of two shards somebody's guild lies on. See Discord docs: Gateway / Sharding.
fn shard_of(kit: &Kit, person: &Person) -> u64 {
    kit.sim().read(|world, _| (world.channel(person.channel()).unwrap().guild.unwrap().get() >> 22) % 2)
}

/// The owner in a guild of shard 0, and in one of shard 1.
fn on_both(kit: &Kit) -> [Person; 2] {
    let first = kit.owner();
    for _ in 0..TRIES {
        kit.advance(Duration::from_millis(1));
        let other = other_guild(kit, &first);
        match (shard_of(kit, &first), shard_of(kit, &other)) {
            (0, 1) => return [first, other],
            (1, 0) => return [other, first],
            _ => {}
        }
    }
    panic!("all guilds lie on one shard");
}

/// The shards that have identified, in order.
fn identified(kit: &Kit) -> Vec<Value> {
    let of = |entry: &std::sync::Arc<cogwright_sim::Entry>| entry.field("d").unwrap()["shard"].clone();
    frames(kit, IDENTIFY, 0).iter().map(of).collect()
}

#[tokio::test]
async fn two_shards_of_one_process_answer_for_their_guilds() {
    let two = |settings: &mut Settings| settings.sharding.count = Some(2);
    let kit = Kit::builder().builtin().settings(two).start().await.unwrap();
    assert_eq!(identified(&kit), [json!([0, 2]), json!([1, 2])]);
    for (shard, person) in on_both(&kit).iter().enumerate() {
        says(&kit, person, "!ping", "Pong!").await;
        assert_eq!(replies(&kit, person.channel()).values().sum::<usize>(), 1, "once");
        let slash = person.slash("ping", json!({})).await.unwrap();
        assert_eq!(slash.kind, Some("message"));
        let shown = says(&kit, person, "!shardinfo", "Shard Information").await.to_string();
        assert!(shown.contains("✅ **Shard 0**") && shown.contains("✅ **Shard 1**"), "{shown}");
        assert!(shown.contains(&format!("Shard {shard}, ")), "the one of this guild: {shown}");
        assert!(!shown.contains("This Process"), "{shown}");
        kit.advance(Duration::from_secs(11));
    }
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_process_with_one_of_two_shards_answers_only_for_its_own() {
    let second = |settings: &mut Settings| {
        settings.sharding.count = Some(2);
        settings.sharding.ids = vec![1];
    };
    let kit = Kit::builder().builtin().settings(second).start().await.unwrap();
    let [theirs, ours] = on_both(&kit);
    theirs.says("!ping").unwrap();
    says(&kit, &ours, "!ping", "Pong!").await;
    let shown = says(&kit, &ours, "!shardinfo", "Shard Information").await.to_string();
    assert!(shown.contains("1 of 2 shards run in this process"), "{shown}");
    assert!(shown.contains("✅ **Shard 1**") && !shown.contains("**Shard 0**"), "{shown}");
    assert_eq!(replies(&kit, theirs.channel()).len(), 0, "another process's");
    assert_eq!(identified(&kit), [json!([1, 2])]);
    kit.stop().await.unwrap();
}
