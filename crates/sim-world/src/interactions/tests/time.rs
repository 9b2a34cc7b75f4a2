//! What happens by the passing of time alone.

use serde_json::json;

use crate::{
    EventKind, Timestamp,
    interactions::{
        CALLBACK_WINDOW, TOKEN_LIFETIME,
        fixture::{Fixture, START},
    },
    places::operator,
};

#[test]
fn deadlines_follow_the_interaction() {
    let mut f = Fixture::new();
    assert_eq!(f.world.next_deadline(), None);
    let interaction = f.ping();
    let start = Timestamp::from_ms(START);
    assert_eq!(f.world.next_deadline(), Some(start.plus(CALLBACK_WINDOW)));
    f.answer(interaction, json!({ "type": 4, "data": { "content": "x" } }));
    assert_eq!(f.world.next_deadline(), Some(start.plus(TOKEN_LIFETIME)));
    f.pass(15 * 60 * 1000);
    assert_eq!(f.world.next_deadline(), None);
}

#[test]
fn ticking_twice_changes_nothing() {
    let mut f = Fixture::new();
    f.ping();
    f.pass(3000);
    let events = f.events.len();
    assert!(f.events.iter().any(|e| e.kind == EventKind::PersonInteractionFailure));
    f.pass(0);
    assert_eq!(f.events.len(), events);
}

#[test]
fn case_25_time_outs_end() {
    let mut f = Fixture::new();
    let until = Timestamp::from_ms(START + 60_000);
    let body = json!({ "communication_disabled_until": until.iso() });
    f.ok(operator::PatchMember { guild: f.guild, user: f.bob, body });
    assert_eq!(f.world.next_deadline(), Some(until));
    f.events.clear();
    f.pass(59_999);
    assert!(f.events.is_empty());
    f.pass(1);
    let event = f.last(EventKind::GuildMemberUpdate);
    assert_eq!(event.data["user"]["id"], json!(f.bob));
    assert_eq!(event.data["guild_id"], json!(f.guild));
    assert!(event.data["communication_disabled_until"].is_null());
}

#[test]
fn a_time_out_that_is_set_later_and_ends_sooner_is_not_missed() {
    let mut f = Fixture::new();
    let time_out = |f: &mut Fixture, user, ms: u64| {
        let until = Timestamp::from_ms(START + ms);
        let body = json!({ "communication_disabled_until": until.iso() });
        f.ok(operator::PatchMember { guild: f.guild, user, body });
    };
    let (alice, bob) = (f.alice, f.bob);
    time_out(&mut f, bob, 60_000);
    // The world has looked, and knows when it needs to look again.
    f.pass(1);
    time_out(&mut f, alice, 10_000);
    f.events.clear();
    f.pass(9_999);
    assert_eq!(f.last(EventKind::GuildMemberUpdate).data["user"]["id"], json!(alice));
    f.events.clear();
    f.pass(50_000);
    assert_eq!(f.last(EventKind::GuildMemberUpdate).data["user"]["id"], json!(bob));
    // Nor after it was saved and loaded, which forgets what was known.
    time_out(&mut f, bob, 120_000);
    f.world = serde_json::from_value(serde_json::to_value(&f.world).unwrap()).unwrap();
    f.events.clear();
    f.pass(60_000);
    assert_eq!(f.last(EventKind::GuildMemberUpdate).data["user"]["id"], json!(bob));
}
