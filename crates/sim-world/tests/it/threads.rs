//! Starting threads: who may, of which type they are, how many there can be, and what everybody is told.

use cogwright_sim_world::{
    Actor, ChannelId, MessageId, RoleId, flags, intents,
    messages::{self, CreateMessage},
    permissions as p,
    places::{self, CreateThread, CreateThreadFromMessage, operator},
};
use serde_json::{Value, json};

use crate::{helpers::id, stage::Stage};

pub(crate) fn start(actor: Actor, channel: ChannelId, body: Value) -> CreateThread {
    CreateThread { actor, channel, body, files: Vec::new() }
}

fn on_message(actor: Actor, channel: ChannelId, message: MessageId) -> CreateThreadFromMessage {
    CreateThreadFromMessage { actor, channel, message, body: json!({ "name": "t" }) }
}

pub(crate) fn say(stage: &mut Stage, actor: Actor, channel: ChannelId, content: &str) -> MessageId {
    let body = json!({ "content": content });
    id(&stage.does(CreateMessage { actor, channel, body, files: Vec::new() }))
}

/// Lets @everyone do no more than `bits`.
pub(crate) fn everyone_may(stage: &mut Stage, bits: u64) {
    let (guild, body) = (stage.guild, json!({ "permissions": bits.to_string() }));
    stage.does(operator::PatchRole { guild, role: RoleId::from(guild), body });
}

#[test]
fn each_kind_of_thread_needs_its_permission() {
    let mut stage = Stage::new();
    let (noor, channel) = (stage.noor, stage.ids.channel);
    let message = say(&mut stage, noor, channel, "x");
    let public = || start(noor, channel, json!({ "name": "t", "type": 11 }));
    let private = || start(noor, channel, json!({ "name": "t", "type": 12 }));
    everyone_may(&mut stage, p::DEFAULT_EVERYONE & !p::CREATE_PUBLIC_THREADS);
    assert_eq!(stage.refused(public()), 50013);
    assert_eq!(stage.refused(on_message(noor, channel, message)), 50013);
    stage.does(private());
    everyone_may(&mut stage, p::DEFAULT_EVERYONE & !p::CREATE_PRIVATE_THREADS);
    assert_eq!(stage.refused(private()), 50013);
    stage.does(public());
    stage.does(on_message(noor, channel, message));
}

#[test]
fn a_thread_hangs_on_a_plain_message_and_on_each_once() {
    let mut stage = Stage::new();
    let (bot, owner, channel, guild) = (stage.bot, stage.owner, stage.ids.channel, stage.guild);
    let message = say(&mut stage, owner, channel, "x");
    let (made, events) = stage.apply(on_message(bot, channel, message));
    let update = stage.payload(&events, "MESSAGE_UPDATE");
    assert_eq!((&update["id"], &update["flags"]), (&json!(message), &json!(flags::HAS_THREAD)));
    assert_eq!(stage.refused(on_message(bot, channel, message)), 160_004);
    // The thread outlives its message, and no other can take its id.
    stage.does(messages::DeleteMessage { actor: bot, channel, message });
    assert_eq!(stage.refused(on_message(bot, channel, message)), 10008);
    assert_eq!(stage.world.channel(id(&made)).expect("stays").name, "t");
    // What the thread's creation says in the channel is no message to start from.
    let thread = start(bot, channel, json!({ "name": "t", "type": 11 }));
    let events = stage.events(thread);
    let told: MessageId = id(&stage.payload(&events, "MESSAGE_CREATE"));
    assert_eq!(stage.refused(on_message(bot, channel, told)), 50021);
    // Nor what only one person sees.
    let secret = say(&mut stage, owner, channel, "x");
    let mut saved = serde_json::to_value(&stage.world).expect("is saved");
    let stored = &mut saved["channels"][channel.to_string()]["messages"][secret.to_string()];
    stored["ephemeral_to"] = json!(owner.user);
    stage.world = serde_json::from_value(saved).expect("is loaded");
    assert_eq!(stage.refused(on_message(bot, channel, secret)), 10008);
    // In announcement channels there is one type.
    let news = stage.made(guild, "news", 5);
    let message = say(&mut stage, owner, news, "x");
    assert_eq!(stage.does(on_message(bot, news, message))["type"], 10);
    assert_eq!(stage.does(start(bot, news, json!({ "name": "t" })))["type"], 10);
    for kind in [11, 12] {
        assert_eq!(stage.refused(start(bot, news, json!({ "name": "t", "type": kind }))), 50035, "{kind}");
    }
    let voice = stage.made(guild, "voice", 2);
    assert_eq!(stage.refused(start(bot, voice, json!({ "name": "t" }))), 50024);
}

#[test]
fn a_thread_that_is_deleted_leaves_its_message_free() {
    let mut stage = Stage::new();
    let (bot, channel) = (stage.bot, stage.ids.channel);
    let message = say(&mut stage, bot, channel, "x");
    let thread: ChannelId = id(&stage.does(on_message(bot, channel, message)));
    stage.bot_may(p::DEFAULT_EVERYONE | p::MANAGE_CHANNELS);
    let delete = || places::DeleteChannel { actor: bot, channel: thread };
    assert_eq!(stage.refused(delete()), 50013, "MANAGE_THREADS");
    stage.bot_may(p::DEFAULT_EVERYONE | p::MANAGE_THREADS);
    let events = stage.events(delete());
    let gone = json!({ "id": thread, "guild_id": stage.guild, "parent_id": channel, "type": 11 });
    assert_eq!(stage.payload(&events, "THREAD_DELETE"), gone);
    let shown = messages::one(&stage.world, bot, channel, message, stage.now).expect("stays");
    assert!(shown.get("thread").is_none(), "{shown}");
    stage.does(on_message(bot, channel, message));
}

#[test]
fn what_the_channel_sets_for_new_threads_is_taken() {
    let mut stage = Stage::new();
    let (bot, channel) = (stage.bot, stage.ids.channel);
    let body = json!({ "default_auto_archive_duration": 4320, "default_thread_rate_limit_per_user": 30 });
    stage.does(places::PatchChannel { actor: bot, channel, body });
    let made = stage.does(start(bot, channel, json!({ "name": "t", "type": 11 })));
    assert_eq!(
        (&made["thread_metadata"]["auto_archive_duration"], &made["rate_limit_per_user"]),
        (&json!(4320), &json!(30))
    );
    let body = json!({ "name": "t", "type": 11, "auto_archive_duration": 60, "rate_limit_per_user": 5 });
    let made = stage.does(start(bot, channel, body));
    assert_eq!(
        (&made["thread_metadata"]["auto_archive_duration"], &made["rate_limit_per_user"]),
        (&json!(60), &json!(5))
    );
    let thread: ChannelId = id(&made);
    assert_eq!(made["thread_metadata"]["create_timestamp"], thread.created().iso());
    assert!(made["thread_metadata"].get("invitable").is_none(), "of private ones only");
    let private = stage.does(start(bot, channel, json!({ "name": "t", "invitable": false })));
    assert_eq!(private["thread_metadata"]["invitable"], false);
    // Whoever is a member gets their membership beside it, others do not.
    assert_eq!(made["member"]["user_id"], bot.user.to_string());
    assert!(
        places::channel(&stage.world, stage.owner, thread, stage.now).expect("seen").get("member").is_none()
    );
}

#[test]
fn active_threads_are_counted_and_archived_ones_are_not() {
    let mut stage = Stage::new();
    let (bot, channel) = (stage.bot, stage.ids.channel);
    let new = || start(bot, channel, json!({ "name": "t", "type": 12 }));
    let first: ChannelId = id(&stage.does(new()));
    for _ in 1..1000 {
        stage.does(new());
    }
    let message = say(&mut stage, bot, channel, "x");
    assert_eq!(stage.refused(new()), 160_006);
    assert_eq!(stage.refused(on_message(bot, channel, message)), 160_006);
    let forum = stage.made(stage.guild, "forum", 15);
    let post = || start(bot, forum, json!({ "name": "t", "message": { "content": "x" } }));
    assert_eq!(stage.refused(post()), 160_006);
    stage.does(places::PatchChannel { actor: bot, channel: first, body: json!({ "archived": true }) });
    stage.does(post());
}

#[test]
fn the_owner_s_membership_is_told_with_their_member_and_presence() {
    let mut stage = Stage::new();
    let (bot, channel, guild) = (stage.bot, stage.ids.channel, stage.guild);
    let (made, events) = stage.apply(start(bot, channel, json!({ "name": "t", "type": 11 })));
    let thread: ChannelId = id(&made);
    let update = stage.payload(&events, "THREAD_MEMBERS_UPDATE");
    assert_eq!((&update["id"], &update["guild_id"]), (&json!(thread), &json!(guild)));
    assert_eq!(update["member_count"], 1);
    let added = &update["added_members"][0];
    assert_eq!((&added["id"], &added["user_id"]), (&json!(thread), &json!(bot.user)));
    assert_eq!((&added["member"]["user"]["id"], &added["flags"]), (&json!(bot.user), &json!(0)));
    assert_eq!(added["presence"]["guild_id"], json!(guild));
    // It is sent without the members intent, as it is about the bot itself.
    assert!(stage.told_with(&events, intents::GUILDS).contains(&"THREAD_MEMBERS_UPDATE"));
    // The starter of a thread counts neither here nor there.
    let message = say(&mut stage, bot, channel, "x");
    let thread: ChannelId = id(&stage.does(on_message(bot, channel, message)));
    let shown = |stage: &Stage| places::channel(&stage.world, bot, thread, stage.now).expect("seen");
    let counts = |shown: &Value| (shown["message_count"].clone(), shown["total_message_sent"].clone());
    assert_eq!(counts(&shown(&stage)), (json!(0), json!(0)));
    let first = say(&mut stage, bot, thread, "one");
    say(&mut stage, bot, thread, "two");
    stage.does(messages::DeleteMessage { actor: bot, channel: thread, message: first });
    assert_eq!(counts(&shown(&stage)), (json!(1), json!(2)), "one is gone, two were sent");
}
