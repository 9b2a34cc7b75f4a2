//! Moving channels, forums and threads: who may, and what the gateway tells.

use cogwright_sim_world::{
    ChannelId, EventKind, MessageId, intents, messages, permissions as p, places, places::operator,
};
use serde_json::{Value, json};

use crate::{
    helpers::{NOW, id},
    stage::Stage,
};

fn positions(stage: &Stage, actor: cogwright_sim_world::Actor, body: Value) -> places::MoveChannels {
    places::MoveChannels { actor, guild: stage.guild, body }
}

#[test]
fn each_channel_that_moves_is_told_of_and_written_down() {
    let mut stage = Stage::new();
    let (guild, bot, noor) = (stage.guild, stage.bot, stage.noor);
    let (one, two) = (stage.made(guild, "one", 0), stage.made(guild, "two", 0));
    let was = stage.world.channel(two).expect("there").position;
    let body = json!([{ "id": one, "position": 40 }, { "id": two, "position": was }]);
    let ((), events) = stage.apply(positions(&stage, bot, body.clone()));
    assert_eq!(stage.told(&events), ["CHANNEL_UPDATE"], "the other one stays where it is");
    assert_eq!(stage.audit_entry()["changes"][0]["key"], "position");
    assert_eq!(stage.refused(positions(&stage, noor, body)), 50013);
    let thread = json!({ "name": "t", "type": 11 });
    let start = places::CreateThread { actor: bot, channel: one, body: thread, files: Vec::new() };
    let thread: ChannelId = id(&stage.does(start));
    assert_eq!(stage.refused(positions(&stage, bot, json!([{ "id": thread, "position": 1 }]))), 10003);
}

#[test]
fn case_26_nobody_locks_a_channel_to_bits_they_lack() {
    let mut stage = Stage::new();
    let (guild, bot) = (stage.guild, stage.bot);
    let one = stage.made(guild, "one", 0);
    let deny = |bits: u64| json!([{ "id": guild, "type": 0, "deny": bits.to_string() }]);
    let body = json!({ "name": "box", "type": 4, "permission_overwrites": deny(p::KICK_MEMBERS) });
    let category: ChannelId = id(&stage.does(operator::CreateChannel { guild, body }));
    stage.bot_may(p::VIEW_CHANNEL | p::MANAGE_CHANNELS | p::SEND_MESSAGES);
    let locked = json!([{ "id": one, "parent_id": category, "lock_permissions": true }]);
    assert_eq!(stage.refused(positions(&stage, bot, locked.clone())), 50013, "MANAGE_ROLES");
    stage.bot_may(p::VIEW_CHANNEL | p::MANAGE_CHANNELS | p::MANAGE_ROLES);
    assert_eq!(stage.refused(positions(&stage, bot, locked.clone())), 50013, "KICK_MEMBERS is not its own");
    let create = |bits: u64| places::CreateChannel {
        actor: bot,
        guild,
        body: json!({ "name": "x", "permission_overwrites": deny(bits) }),
    };
    assert_eq!(stage.refused(create(p::KICK_MEMBERS)), 50013);
    stage.does(create(p::MANAGE_CHANNELS));
    stage.does(positions(&stage, bot, json!([{ "id": one, "parent_id": category }])));
    stage.bot_may(p::ADMINISTRATOR);
    let out = json!([{ "id": one, "parent_id": null }]);
    stage.does(positions(&stage, bot, out));
    stage.does(positions(&stage, bot, locked));
    let channel = stage.world.channel(one).expect("there");
    assert_eq!((channel.parent, channel.overwrites[0].deny), (Some(category), p::KICK_MEMBERS));
}

#[test]
fn who_loses_sight_of_a_locked_channel_is_told_that_it_is_gone() {
    let mut stage = Stage::new();
    let (guild, owner) = (stage.guild, stage.owner);
    let one = stage.made(guild, "one", 0);
    let body = json!({ "name": "box", "type": 4, "permission_overwrites": [
        { "id": guild, "type": 0, "deny": p::VIEW_CHANNEL.to_string() },
    ] });
    let category: ChannelId = id(&stage.does(operator::CreateChannel { guild, body }));
    stage.bot_may(p::VIEW_CHANNEL);
    let locked = json!([{ "id": one, "parent_id": category, "lock_permissions": true }]);
    let ((), events) = stage.apply(positions(&stage, owner, locked));
    assert_eq!(stage.told(&events), ["CHANNEL_DELETE"]);
}

#[test]
fn case_28_moderators_alone_pin_posts_and_set_moderated_tags() {
    let mut stage = Stage::new();
    let (guild, noor, owner) = (stage.guild, stage.noor, stage.owner);
    let body = json!({
        "name": "ideas", "type": 15,
        "available_tags": [{ "name": "open" }, { "name": "done", "moderated": true }],
    });
    let made = stage.does(operator::CreateChannel { guild, body });
    let (forum, tags) = (id::<ChannelId>(&made), made["available_tags"].clone());
    let post = |tags: Value| places::CreateThread {
        actor: noor,
        channel: forum,
        body: json!({ "name": "p", "message": { "content": "x" }, "applied_tags": tags }),
        files: Vec::new(),
    };
    assert_eq!(stage.refused(post(json!([tags[1]["id"]]))), 50013);
    let (made, events) = stage.apply(post(json!([tags[0]["id"]])));
    let told = ["THREAD_CREATE", "THREAD_MEMBERS_UPDATE", "MESSAGE_CREATE"];
    assert_eq!(stage.told(&events), told);
    let thread: ChannelId = id(&made);
    let patch = |actor, body: Value| places::PatchChannel { actor, channel: thread, body };
    assert_eq!(stage.refused(patch(noor, json!({ "flags": 2 }))), 50013);
    assert_eq!(stage.refused(patch(noor, json!({ "applied_tags": [tags[0]["id"], tags[1]["id"]] }))), 50013);
    stage.does(patch(owner, json!({ "applied_tags": [tags[0]["id"], tags[1]["id"]] })));
    assert_eq!(stage.refused(patch(noor, json!({ "applied_tags": [] }))), 50013, "nor take them away");
    stage.does(patch(noor, json!({ "applied_tags": [tags[1]["id"]] })));
    // Archiving and waking are told of; what is locked stays so for others.
    let (_, events) = stage.apply(patch(noor, json!({ "archived": true })));
    assert_eq!(stage.told(&events), ["THREAD_UPDATE"]);
    let (_, events) = stage.apply(patch(noor, json!({ "archived": false })));
    assert_eq!(stage.told(&events), ["THREAD_UPDATE"]);
    stage.does(patch(owner, json!({ "archived": true, "locked": true })));
    assert_eq!(stage.refused(patch(noor, json!({ "archived": false }))), 50013);
    stage.does(patch(owner, json!({ "archived": false })));
    let text = stage.made(guild, "text", 0);
    let body = json!({ "name": "t", "type": 11 });
    let thread: ChannelId =
        id(&stage.does(places::CreateThread { actor: owner, channel: text, body, files: Vec::new() }));
    let pin = places::PatchChannel { actor: owner, channel: thread, body: json!({ "flags": 2 }) };
    assert_eq!(stage.refused(pin), 50035, "only posts are pinned");
}

#[test]
fn case_29_a_thread_has_its_message_s_id_and_its_members_are_for_who_may_know_them() {
    let mut stage = Stage::new();
    let (channel, bot, owner) = (stage.ids.channel, stage.bot, stage.owner);
    let body = json!({ "content": "start" });
    let said = stage.does(messages::CreateMessage { actor: owner, channel, body, files: Vec::new() });
    let message: MessageId = id(&said);
    let start =
        || places::CreateThreadFromMessage { actor: bot, channel, message, body: json!({ "name": "t" }) };
    let (made, events) = stage.apply(start());
    assert_eq!(made["id"], said["id"]);
    assert!(stage.told(&events).starts_with(&["THREAD_CREATE"]));
    assert_eq!(stage.refused(start()), 160_004);
    let thread: ChannelId = id(&made);
    let join = |user| places::AddThreadMember { actor: bot, channel: thread, user };
    let ((), events) = stage.apply(join(owner.user));
    let update = |stage: &Stage, events: &[_], intents| {
        stage.told_with(events, intents).contains(&EventKind::ThreadMembersUpdate.name())
    };
    assert!(update(&stage, &events, intents::GUILDS | intents::GUILD_MEMBERS));
    assert!(!update(&stage, &events, intents::GUILDS), "others' membership needs the members intent");
    stage.does(places::RemoveThreadMember { actor: bot, channel: thread, user: bot.user });
    let ((), events) = stage.apply(join(bot.user));
    assert!(update(&stage, &events, intents::GUILDS), "one's own does not");
}

#[test]
fn archived_lists_need_their_permissions() {
    use places::Archived::{Joined, Private, Public};
    let mut stage = Stage::new();
    let (channel, bot) = (stage.ids.channel, stage.bot);
    let read = |stage: &Stage, which| {
        let page = places::ArchivedPage::default();
        places::archived_threads(&stage.world, bot, channel, which, &page, NOW).map_err(|e| e.code)
    };
    stage.bot_may(p::VIEW_CHANNEL);
    let guild = stage.guild;
    let body = json!({ "permissions": p::VIEW_CHANNEL.to_string() });
    stage.does(operator::PatchRole { guild, role: guild.into(), body });
    for which in [Public, Private, Joined] {
        assert_eq!(read(&stage, which), Err(50013), "{which:?} without READ_MESSAGE_HISTORY");
    }
    let search = places::ThreadSearch::default();
    let found = places::search_threads(&stage.world, bot, channel, &search, NOW);
    assert_eq!(found.map_err(|e| e.code), Err(50013));
    stage.bot_may(p::VIEW_CHANNEL | p::READ_MESSAGE_HISTORY);
    assert_eq!(read(&stage, Private), Err(50013), "MANAGE_THREADS");
    assert!(read(&stage, Public).is_ok() && read(&stage, Joined).is_ok());
}
