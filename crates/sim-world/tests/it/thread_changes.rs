//! Changing threads: who may set what, archiving, opening again, locking, and what is told of it.

use std::time::Duration;

use cogwright_sim_world::{
    Actor, ChannelId, messages, permissions as p,
    places::{self, operator},
};
use serde_json::{Value, json};

use crate::{
    helpers::id,
    stage::Stage,
    threads::{everyone_may, say, start},
};

fn public(stage: &mut Stage, actor: Actor) -> ChannelId {
    let channel = stage.ids.channel;
    id(&stage.does(start(actor, channel, json!({ "name": "t", "type": 11 }))))
}

fn patch(actor: Actor, channel: ChannelId, body: Value) -> places::PatchChannel {
    places::PatchChannel { actor, channel, body }
}

#[test]
fn a_new_name_is_told_in_the_thread() {
    let mut stage = Stage::new();
    let noor = stage.noor;
    let thread = public(&mut stage, noor);
    let events = stage.events(patch(noor, thread, json!({ "name": "better" })));
    assert_eq!(stage.told(&events), ["THREAD_UPDATE", "MESSAGE_CREATE"]);
    let said = stage.payload(&events, "MESSAGE_CREATE");
    assert_eq!((&said["type"], &said["content"]), (&json!(4), &json!("better")));
    assert_eq!((&said["author"]["id"], &said["channel_id"]), (&json!(noor.user), &json!(thread)));
    let events = stage.events(patch(noor, thread, json!({ "name": "better" })));
    assert!(events.is_empty());
    // It does not open what is archived with the same request.
    let events = stage.events(patch(noor, thread, json!({ "name": "last", "archived": true })));
    assert_eq!(stage.told(&events), ["THREAD_UPDATE", "MESSAGE_CREATE"]);
    assert!(stage.world.channel(thread).expect("there").thread.as_ref().is_some_and(|t| t.archived));
}

#[test]
fn the_owner_may_do_most_and_moderators_all() {
    let mut stage = Stage::new();
    let (noor, mika) = (stage.noor, stage.mika);
    let thread = public(&mut stage, noor);
    for body in [json!({ "locked": true }), json!({ "rate_limit_per_user": 5 })] {
        assert_eq!(stage.refused(patch(noor, thread, body.clone())), 50013, "{body}");
        stage.does(patch(mika, thread, body));
        stage.does(patch(mika, thread, json!({ "locked": false })));
    }
    let body = json!({ "locked": false, "rate_limit_per_user": 7 });
    let after = stage.does(patch(mika, thread, body));
    assert_eq!(
        (&after["rate_limit_per_user"], &after["thread_metadata"]["locked"]),
        (&json!(7), &json!(false))
    );
    stage.does(patch(noor, thread, json!({ "name": "mine", "auto_archive_duration": 60 })));
    assert_eq!(stage.refused(patch(stage.actor("sasha"), thread, json!({ "name": "ours" }))), 50013);
    // Whether others may be added is a matter of private threads.
    let after = stage.does(patch(noor, thread, json!({ "invitable": false })));
    assert!(after["thread_metadata"].get("invitable").is_none());
    assert!(stage.world.channel(thread).expect("there").thread.as_ref().is_some_and(|t| t.invitable));
}

#[test]
fn an_archived_thread_is_opened_before_it_is_changed() {
    let mut stage = Stage::new();
    let (noor, mika) = (stage.noor, stage.mika);
    let thread = public(&mut stage, noor);
    stage.does(patch(noor, thread, json!({ "archived": true })));
    for body in
        [json!({ "name": "x" }), json!({ "locked": true }), json!({ "locked": true, "archived": true })]
    {
        assert_eq!(stage.refused(patch(mika, thread, body.clone())), 50083, "{body}");
    }
    stage.does(patch(mika, thread, json!({ "archived": false, "locked": true, "name": "x" })));
    // Somebody who may not write there cannot open it either.
    let sasha = stage.actor("sasha");
    stage.does(patch(mika, thread, json!({ "locked": false })));
    stage.does(patch(mika, thread, json!({ "archived": true })));
    everyone_may(&mut stage, p::DEFAULT_EVERYONE & !p::SEND_MESSAGES_IN_THREADS);
    assert_eq!(stage.refused(patch(sasha, thread, json!({ "archived": false }))), 50013);
    everyone_may(&mut stage, p::DEFAULT_EVERYONE);
    stage.does(patch(sasha, thread, json!({ "archived": false })));
}

#[test]
fn bots_among_the_members_are_reminded_when_a_thread_opens() {
    let mut stage = Stage::new();
    let (noor, bot, guild) = (stage.noor, stage.bot, stage.guild);
    let second = stage.second_bot(p::ADMINISTRATOR);
    let thread = public(&mut stage, noor);
    stage.does(places::AddThreadMember { actor: bot, channel: thread, user: bot.user });
    let joined =
        stage.world.channel(thread).expect("there").thread.as_ref().expect("a thread").members[&bot.user];
    let archive = || patch(noor, thread, json!({ "archived": true }));
    let member = json!({
        "id": thread, "user_id": bot.user, "join_timestamp": joined.iso(), "flags": 0, "guild_id": guild,
    });
    stage.does(archive());
    let events = stage.events(patch(noor, thread, json!({ "archived": false })));
    assert_eq!(stage.told(&events), ["THREAD_UPDATE", "THREAD_MEMBER_UPDATE"]);
    assert_eq!(stage.payload(&events, "THREAD_MEMBER_UPDATE"), member);
    let others = stage.seen_by(second, &events, cogwright_sim_world::intents::ALL);
    assert!(others.iter().all(|(name, _)| *name != "THREAD_MEMBER_UPDATE"), "no member");
    // A message opens it as well.
    stage.does(archive());
    let body = json!({ "content": "x" });
    let said = messages::CreateMessage { actor: noor, channel: thread, body, files: Vec::new() };
    let events = stage.events(said);
    assert_eq!(stage.told(&events), ["THREAD_UPDATE", "THREAD_MEMBER_UPDATE", "MESSAGE_CREATE"]);
    assert_eq!(stage.payload(&events, "THREAD_MEMBER_UPDATE"), member);
}

#[test]
fn in_a_locked_thread_only_moderators_write_and_edit() {
    let mut stage = Stage::new();
    let (noor, mika) = (stage.noor, stage.mika);
    let thread = public(&mut stage, noor);
    let own = say(&mut stage, noor, thread, "x");
    stage.does(patch(mika, thread, json!({ "locked": true })));
    let edit = || messages::EditMessage {
        actor: noor,
        channel: thread,
        message: own,
        body: json!({ "content": "y" }),
        files: Vec::new(),
    };
    assert_eq!(stage.refused(edit()), 160_005);
    let body = json!({ "content": "x" });
    let write =
        |actor| messages::CreateMessage { actor, channel: thread, body: body.clone(), files: Vec::new() };
    assert_eq!(stage.refused(write(noor)), 160_005);
    stage.does(write(mika));
    // Reactions and deletions go on as long as it is open.
    let react = || messages::AddReaction { actor: noor, channel: thread, message: own, emoji: "👍".into() };
    stage.does(react());
    stage.does(patch(mika, thread, json!({ "archived": true })));
    assert_eq!(stage.refused(edit()), 50083);
    let remove = messages::RemoveAllReactions { actor: mika, channel: thread, message: own };
    assert_eq!(stage.refused(remove), 50083);
    stage.does(messages::DeleteMessage { actor: noor, channel: thread, message: own });
}

#[test]
fn the_archive_s_moment_moves_with_state_and_duration() {
    let mut stage = Stage::new();
    let noor = stage.noor;
    let thread = public(&mut stage, noor);
    let moment = |value: &Value| value["thread_metadata"]["archive_timestamp"].clone();
    let pass = |stage: &mut Stage| stage.now = stage.now.plus(Duration::from_secs(60));
    let bodies =
        [json!({ "auto_archive_duration": 60 }), json!({ "archived": true }), json!({ "archived": false })];
    for body in bodies {
        pass(&mut stage);
        let after = stage.does(patch(noor, thread, body.clone()));
        assert_eq!(moment(&after), json!(stage.now.iso()), "{body}");
    }
    let before = stage.now;
    pass(&mut stage);
    for body in [json!({ "auto_archive_duration": 60 }), json!({ "archived": false }), json!({ "name": "x" })]
    {
        let after = stage.does(patch(noor, thread, body.clone()));
        assert_eq!(moment(&after), json!(before.iso()), "{body}");
    }
}

#[test]
fn a_pinned_post_is_not_archived_by_time_and_loses_its_pin_by_hand() {
    let mut stage = Stage::new();
    let (owner, guild) = (stage.owner, stage.guild);
    let forum = stage.made(guild, "forum", 15);
    let body = json!({ "name": "t", "message": { "content": "x" }, "auto_archive_duration": 60 });
    let post: ChannelId = id(&stage.does(start(owner, forum, body)));
    let after = stage.does(patch(owner, post, json!({ "flags": 2 })));
    assert_eq!(after["flags"], 2);
    stage.now = stage.now.plus(Duration::from_secs(3 * 3600));
    assert!(stage.world.tick(stage.now).is_empty());
    let after = stage.does(patch(owner, post, json!({ "archived": true })));
    assert_eq!(after["flags"], 0);
    stage.does(patch(owner, post, json!({ "archived": false })));
    stage.now = stage.now.plus(Duration::from_secs(3600));
    let events = stage.world.tick(stage.now);
    assert_eq!(stage.told(&events), ["THREAD_UPDATE"]);
    // An unpinned one is looked at again.
    stage.does(operator::PatchChannel { channel: post, body: json!({ "archived": false, "flags": 2 }) });
    stage.now = stage.now.plus(Duration::from_secs(2 * 3600));
    assert!(stage.world.tick(stage.now).is_empty());
    stage.does(patch(owner, post, json!({ "flags": 0 })));
    let events = stage.world.tick(stage.now);
    assert_eq!(stage.told(&events), ["THREAD_UPDATE"]);
}
