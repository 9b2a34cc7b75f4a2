//! What a purge takes, and what it leaves.

use super::*;
use crate::{Author, Tx};

#[test]
fn a_purge_leaves_others_ephemeral_and_lasting_messages() {
    let mut sim = Sim::new();
    let gone = sim.text(person(MEMBER), "x");
    let others = sim.text(person(OWNER), "x");
    let private = sim.text(person(MEMBER), "x");
    let starter = sim.text(person(MEMBER), "x");
    let in_dm = id(&sim.create(person(MEMBER), DM, json!({ "content": "x" })).unwrap());
    let messages = &mut sim.channel(TEXT).messages;
    messages.get_mut(&private).unwrap().ephemeral_to = Some(OWNER);
    messages.get_mut(&starter).unwrap().kind = 21;
    let mut tx = Tx::new(&mut sim.world, NOW);
    purge(&mut tx, GUILD, |message| message.author == Author::User(MEMBER));
    let events = tx.into_events();
    let told: Vec<_> = events.iter().map(|e| (e.kind, &e.data["ids"])).collect();
    assert_eq!(told, [(EventKind::MessageDeleteBulk, &json!([gone]))]);
    for kept in [others, private, starter, in_dm] {
        assert!(sim.world.channel_of(kept).is_ok(), "{kept}");
    }
    assert!(sim.world.channel_of(gone).is_err());
}
