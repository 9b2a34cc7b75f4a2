//! Members of threads: joining, adding and removing others, mentions, and what is said of it in the thread.

use cogwright_sim_world::{
    Actor, ChannelId, Event, MessageId, Viewer, intents,
    messages::{self, CreateMessage},
    permissions as p,
    places::{self, AddThreadMember, RemoveThreadMember, operator},
};
use serde_json::{Value, json};

use crate::{
    helpers::id,
    stage::Stage,
    threads::{everyone_may, say, start},
};

fn thread(stage: &mut Stage, actor: Actor, body: Value) -> ChannelId {
    let channel = stage.ids.channel;
    id(&stage.does(start(actor, channel, body)))
}

fn public(stage: &mut Stage, actor: Actor) -> ChannelId {
    thread(stage, actor, json!({ "name": "t", "type": 11 }))
}

fn private(stage: &mut Stage, actor: Actor, invitable: bool) -> ChannelId {
    thread(stage, actor, json!({ "name": "t", "type": 12, "invitable": invitable }))
}

fn add(actor: Actor, channel: ChannelId, whom: Actor) -> AddThreadMember {
    AddThreadMember { actor, channel, user: whom.user }
}

fn remove(actor: Actor, channel: ChannelId, whom: Actor) -> RemoveThreadMember {
    RemoveThreadMember { actor, channel, user: whom.user }
}

fn is_in(stage: &Stage, thread: ChannelId, who: Actor) -> bool {
    stage
        .world
        .channel(thread)
        .expect("there")
        .thread
        .as_ref()
        .expect("a thread")
        .members
        .contains_key(&who.user)
}

#[test]
fn whoever_is_added_gets_the_thread_and_the_thread_says_by_whom() {
    let mut stage = Stage::new();
    let (bot, owner, guild) = (stage.bot, stage.owner, stage.guild);
    for thread in [public(&mut stage, owner), private(&mut stage, owner, true)] {
        let events = stage.events(add(owner, thread, bot));
        assert_eq!(stage.told(&events), ["THREAD_CREATE", "THREAD_MEMBERS_UPDATE", "MESSAGE_CREATE"]);
        let create = stage.payload(&events, "THREAD_CREATE");
        assert_eq!((&create["id"], &create["member"]["user_id"]), (&json!(thread), &json!(bot.user)));
        assert!(create.get("newly_created").is_none(), "it was there before");
        let update = stage.payload(&events, "THREAD_MEMBERS_UPDATE");
        assert_eq!((&update["member_count"], &update["guild_id"]), (&json!(2), &json!(guild)));
        let message = stage.payload(&events, "MESSAGE_CREATE");
        assert_eq!((&message["type"], &message["content"]), (&json!(1), &json!("")));
        assert_eq!(
            (&message["author"]["id"], &message["mentions"][0]["id"]),
            (&json!(owner.user), &json!(bot.user))
        );
        assert!(stage.events(add(owner, thread, bot)).is_empty(), "a member already");
        let events = stage.events(remove(owner, thread, bot));
        let update = stage.payload(&events, "THREAD_MEMBERS_UPDATE");
        let expected =
            json!({ "id": thread, "guild_id": guild, "member_count": 1, "removed_member_ids": [bot.user] });
        let keys = ["id", "guild_id", "member_count", "removed_member_ids"];
        assert!(keys.iter().all(|key| update[*key] == expected[*key]), "{update}");
        // The bot is an administrator and still sees the thread.
        let message = stage.payload(&events, "MESSAGE_CREATE");
        assert_eq!((&message["type"], &message["mentions"][0]["id"]), (&json!(2), &json!(bot.user)));
        assert_eq!(stage.refused(remove(owner, thread, bot)), 10007);
        // One who joins or leaves by themselves does so without a word.
        let events = stage.events(add(bot, thread, bot));
        assert_eq!(stage.told_with(&events, intents::GUILDS), ["THREAD_CREATE", "THREAD_MEMBERS_UPDATE"]);
        let events = stage.events(remove(bot, thread, bot));
        assert_eq!(stage.told_with(&events, intents::GUILDS), ["THREAD_MEMBERS_UPDATE"]);
    }
}

#[test]
fn a_message_about_members_makes_nobody_a_member() {
    let mut stage = Stage::new();
    let (noor, owner, mika) = (stage.noor, stage.owner, stage.mika);
    let thread = public(&mut stage, noor);
    stage.does(add(owner, thread, mika));
    stage.does(remove(owner, thread, mika));
    stage.does(places::PatchChannel { actor: owner, channel: thread, body: json!({ "name": "new" }) });
    assert!(is_in(&stage, thread, noor) && !is_in(&stage, thread, owner) && !is_in(&stage, thread, mika));
}

#[test]
fn who_may_add_and_remove_whom() {
    let mut stage = Stage::new();
    let (noor, mika, owner) = (stage.noor, stage.mika, stage.owner);
    let sasha = stage.actor("sasha");
    let open = public(&mut stage, noor);
    // Somebody who is not in the guild.
    let stranger =
        Actor::person(id(&stage.does(operator::CreateUser { body: json!({ "username": "stranger" }) })));
    assert_eq!(stage.refused(add(noor, open, stranger)), 10007);
    assert_eq!(stage.refused(remove(noor, open, mika)), 50013, "owning a public thread is not enough");
    stage.does(add(noor, open, sasha));
    stage.does(remove(mika, open, sasha));
    // Without the right to write there one can join, but add nobody.
    everyone_may(&mut stage, p::DEFAULT_EVERYONE & !p::SEND_MESSAGES_IN_THREADS);
    stage.does(add(sasha, open, sasha));
    assert_eq!(stage.refused(add(sasha, open, mika)), 50013);
    everyone_may(&mut stage, p::DEFAULT_EVERYONE);
    // A private one: its owner removes members; whether members add others is a setting.
    let closed = private(&mut stage, noor, false);
    assert_eq!(stage.refused(add(sasha, closed, sasha)), 50001);
    stage.does(add(noor, closed, sasha));
    assert_eq!(stage.refused(add(sasha, closed, mika)), 50013);
    assert_eq!(stage.refused(remove(sasha, closed, noor)), 50013);
    stage.does(places::PatchChannel { actor: noor, channel: closed, body: json!({ "invitable": true }) });
    stage.does(add(sasha, closed, mika));
    stage.does(remove(noor, closed, mika));
    // Whoever is removed is told so although they do not see it any more.
    let events = stage.events(remove(noor, closed, sasha));
    let told = stage.told_as(&events, &Viewer::Person(sasha.user));
    assert_eq!(told, ["THREAD_MEMBERS_UPDATE", "VIEW_CHANGED"]);
    let update = events.iter().find(|e| e.kind.name() == "THREAD_MEMBERS_UPDATE").expect("told");
    assert_eq!(update.data["removed_member_ids"], json!([sasha.user]));
    // What is archived stays as it is.
    stage.does(operator::PatchChannel { channel: open, body: json!({ "archived": true }) });
    for refused in [stage.refused(remove(noor, open, noor)), stage.refused(remove(owner, open, noor))] {
        assert_eq!(refused, 50083);
    }
    assert_eq!(stage.refused(add(owner, open, mika)), 50083);
    // A thread is left with the guild.
    stage.does(operator::RemoveMember { guild: stage.guild, user: noor.user });
    assert!(!is_in(&stage, open, noor));
}

#[test]
fn those_who_are_mentioned_become_members() {
    let mut stage = Stage::new();
    let (noor, mika, owner, bot) = (stage.noor, stage.mika, stage.owner, stage.bot);
    let thread = public(&mut stage, noor);
    let text = |stage: &mut Stage, actor, thread, content: String| -> (MessageId, Vec<Event>) {
        let body = json!({ "content": content });
        let (said, events) = stage.apply(CreateMessage { actor, channel: thread, body, files: Vec::new() });
        (id(&said), events)
    };
    let content = format!("<@{}> <@{}> <@1>", mika.user, bot.user);
    let (_, events) = text(&mut stage, noor, thread, content);
    assert_eq!(stage.told(&events), ["THREAD_CREATE", "THREAD_MEMBERS_UPDATE", "MESSAGE_CREATE"]);
    let update = stage.payload(&events, "THREAD_MEMBERS_UPDATE");
    let added: Vec<&Value> =
        update["added_members"].as_array().expect("a list").iter().map(|m| &m["user_id"]).collect();
    assert_eq!((added, &update["member_count"]), (vec![&json!(mika.user), &json!(bot.user)], &json!(3)));
    // Also by an edit, which pings nobody.
    let (message, _) = text(&mut stage, noor, thread, "x".into());
    let body = json!({ "content": format!("<@{}>", owner.user) });
    stage.does(messages::EditMessage { actor: noor, channel: thread, message, body, files: Vec::new() });
    assert!(is_in(&stage, thread, owner));
    // In a private one only by somebody who may add them, and only those who see its channel.
    let sasha = stage.actor("sasha");
    let closed = private(&mut stage, noor, false);
    stage.does(add(noor, closed, mika));
    stage.does(add(noor, closed, sasha));
    let bot_named = format!("<@{}>", bot.user);
    text(&mut stage, sasha, closed, bot_named.clone());
    assert!(!is_in(&stage, closed, bot));
    text(&mut stage, noor, closed, bot_named);
    assert!(is_in(&stage, closed, bot), "its owner");
    let owner_named = format!("<@{}>", owner.user);
    text(&mut stage, mika, closed, owner_named);
    assert!(is_in(&stage, closed, owner), "a moderator");
    let deny = json!([{ "id": sasha.user, "type": 1, "deny": p::VIEW_CHANNEL.to_string() }]);
    let (channel, body) = (stage.ids.channel, json!({ "permission_overwrites": deny }));
    let open = public(&mut stage, noor);
    stage.does(operator::PatchChannel { channel, body });
    let sasha_named = format!("<@{}>", sasha.user);
    text(&mut stage, noor, open, sasha_named);
    assert!(!is_in(&stage, open, sasha));
}

#[test]
fn a_thread_has_a_thousand_members_and_says_fifty() {
    let mut stage = Stage::new();
    let (bot, owner, guild) = (stage.bot, stage.owner, stage.guild);
    let thread = public(&mut stage, owner);
    let mut people = Vec::new();
    for n in 0..1000 {
        let body = json!({ "username": format!("person{n}") });
        let user = id(&stage.does(operator::CreateUser { body }));
        stage.does(operator::AddMember { guild, body: json!({ "user": user }) });
        people.push(Actor::person(user));
    }
    for (n, person) in people[..999].iter().enumerate() {
        let events = stage.events(add(*person, thread, *person));
        let update = stage.payload(&events, "THREAD_MEMBERS_UPDATE");
        assert_eq!(update["member_count"], (n + 2).min(50));
    }
    let shown = places::channel(&stage.world, owner, thread, stage.now).expect("seen");
    assert_eq!(shown["member_count"], 50);
    assert_eq!(stage.refused(add(people[999], thread, people[999])), 30033);
    // One who writes all the same does so as no member.
    say(&mut stage, bot, thread, "x");
    assert!(!is_in(&stage, thread, bot));
}
