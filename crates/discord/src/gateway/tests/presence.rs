//! What a shard shows, and which shards run here.

use futures_util::FutureExt as _;
use twilight_model::gateway::payload::outgoing::update_presence::UpdatePresencePayload;
use twilight_model::gateway::presence::Status;

use super::*;
use crate::gateway::presence::Presences;

fn presence(status: Status) -> UpdatePresencePayload {
    UpdatePresencePayload { activities: Vec::new(), afk: false, since: None, status }
}

#[tokio::test]
async fn a_presence_is_shown_from_the_start_and_changed_later() {
    let server = Server::start().await;
    let token = Secret::new("a.b.c");
    let shards = Shards { total: Some(4), here: Some(vec![2]) };
    let first = Some(presence(Status::Idle));
    let config =
        GatewayConfig { shards, presence: first, ..GatewayConfig::for_commands(server.endpoint(), token) };
    let mut gateway = server.connect_as(config, Memory { cache: Cache::new(), journal: None }).await;
    assert_eq!(gateway.shards(), [2]);
    let mut line = server.hello().await;
    let identify = line.receive().await;
    assert_eq!(identify["d"]["shard"], json!([2, 4]));
    assert_eq!(identify["d"]["presence"]["status"], "idle");
    line.ready("").await;
    event(&mut gateway).await;
    gateway.presences().set(&presence(Status::DoNotDisturb));
    let update = line.receive().await;
    assert_eq!((&update["op"], &update["d"]["status"]), (&json!(3), &json!("dnd")));
    // Changed while nobody is connected: shown by the next session.
    line.send(json!({"op": 9, "d": false})).await;
    line.closed_with().await;
    gateway.presences().set(&presence(Status::Invisible));
    drop(line);
    assert_eq!(server.hello().await.receive().await["d"]["presence"]["status"], "invisible");
}

#[tokio::test]
async fn five_updates_in_a_row_are_sent_and_of_the_rest_the_last() {
    let presences = Presences::new([0], None);
    let mut outbox = presences.outbox(0);
    for _ in 0..5 {
        presences.set(&presence(Status::Online));
        assert!(outbox.next().now_or_never().is_some());
    }
    presences.set(&presence(Status::Idle));
    assert!(outbox.next().now_or_never().is_none(), "20 seconds are not over");
    presences.set(&presence(Status::DoNotDisturb));
    assert!(outbox.next().now_or_never().is_none());
    assert_eq!(outbox.for_identify().expect("is set")["status"], "dnd");
    assert!(outbox.next().now_or_never().is_none(), "it was shown with IDENTIFY");
}
