//! A shard with as many guilds as Discord allows.

use super::said::Said;
use super::*;
use crate::gateway::shard::CROWDED;

/// READY with so many guilds, and what was logged about it.
async fn ready_in(count: usize, said: &Said) -> String {
    let server = Server::start().await;
    let (mut gateway, mut line) = server.identified().await;
    let guilds: Vec<_> = (1..=count).map(|id| json!({"id": id.to_string(), "unavailable": true})).collect();
    said.take();
    line.ready_in("ws://127.0.0.1:1", &guilds).await;
    let Event::Ready(ready) = event(&mut gateway).await else { panic!("READY is the first") };
    assert_eq!(ready.guilds.len(), count);
    said.take()
}

// On one thread, whose log it is.
#[tokio::test]
async fn a_shard_with_as_many_guilds_as_discord_allows_is_warned_of() {
    let (said, _guard) = Said::listen();
    let log = ready_in(CROWDED - 1, &said).await;
    assert!(!log.contains("WARN"), "{log}");
    let log = ready_in(CROWDED, &said).await;
    let warnings: Vec<_> = log.lines().filter(|line| line.contains("WARN")).collect();
    let [warning] = warnings[..] else { panic!("one warning: {log}") };
    for part in ["no shard with more than 2,500 guilds; raise SHARD_COUNT", "shard=0", "guilds=2500"] {
        assert!(warning.contains(part), "{part} is not in {warning}");
    }
}
