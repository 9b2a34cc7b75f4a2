//! Idle threads are archived by world time alone.

use std::time::Duration;

use cogwright_sim_world::{
    Actor, ChannelId, DefaultIds, Event, EventKind, Timestamp, World, messages,
    places::{self, operator},
};
use serde_json::json;

use crate::helpers::{NOW, default_world};

const MINUTE: Duration = Duration::from_secs(60);

fn minutes(n: u32) -> Timestamp {
    NOW.plus(MINUTE * n)
}

fn thread(world: &mut World, ids: &DefaultIds, now: Timestamp) -> ChannelId {
    let body = json!({ "name": "quiet", "type": 11, "auto_archive_duration": 60 });
    let (actor, channel) = (Actor::person(ids.user), ids.channel);
    let made = world.apply(places::CreateThread { actor, channel, body, files: Vec::new() }, now);
    made.expect("made").output["id"].as_str().expect("an id").parse().expect("a snowflake")
}

fn say(world: &mut World, ids: &DefaultIds, channel: ChannelId, now: Timestamp) {
    let (actor, body) = (Actor::person(ids.user), json!({ "content": "still here" }));
    world.apply(messages::CreateMessage { actor, channel, body, files: Vec::new() }, now).expect("sent");
}

fn archived(events: &[Event], thread: ChannelId) -> bool {
    events.iter().any(|e| {
        e.kind == EventKind::ThreadUpdate
            && e.data["id"] == json!(thread)
            && e.data["thread_metadata"]["archived"] == true
    })
}

#[test]
fn a_thread_is_archived_when_nothing_happened_for_its_duration() {
    let (mut world, ids) = default_world();
    let id = thread(&mut world, &ids, NOW);
    assert!(!archived(&world.tick(minutes(59)), id));
    assert!(archived(&world.tick(minutes(60)), id));
    assert!(world.tick(minutes(61)).is_empty(), "once");
    assert!(world.channel(id).expect("stays").thread.as_ref().is_some_and(|meta| meta.archived));
}

#[test]
fn a_message_puts_it_off_and_opens_it_again() {
    let (mut world, ids) = default_world();
    let id = thread(&mut world, &ids, NOW);
    world.tick(NOW);
    say(&mut world, &ids, id, minutes(50));
    assert!(!archived(&world.tick(minutes(109)), id));
    assert!(archived(&world.tick(minutes(110)), id));
    say(&mut world, &ids, id, minutes(200));
    assert!(!archived(&world.tick(minutes(259)), id));
    assert!(archived(&world.tick(minutes(260)), id));
    // So does opening it by hand, after which its newest message is old.
    let open = json!({ "archived": false });
    world.apply(operator::PatchChannel { channel: id, body: open }, minutes(400)).expect("patched");
    assert!(!archived(&world.tick(minutes(459)), id));
    assert!(archived(&world.tick(minutes(460)), id));
}

#[test]
fn a_thread_made_later_and_a_shorter_duration_are_not_missed() {
    let (mut world, ids) = default_world();
    // The world has looked, and knows when it needs to look again.
    world.tick(NOW);
    let id = thread(&mut world, &ids, minutes(1));
    let longer = json!({ "auto_archive_duration": 1440 });
    world.apply(operator::PatchChannel { channel: id, body: longer }, minutes(2)).expect("patched");
    assert!(!archived(&world.tick(minutes(100)), id));
    let shorter = json!({ "auto_archive_duration": 60 });
    world.apply(operator::PatchChannel { channel: id, body: shorter }, minutes(100)).expect("patched");
    // A change of the duration counts as activity. See Discord docs: Threads / Active & Archived Threads.
    assert!(!archived(&world.tick(minutes(159)), id));
    assert!(archived(&world.tick(minutes(160)), id));
}
