//! Lists of threads and of their members: what is in them, in which order, and who may see it.

use cogwright_sim_world::{
    Actor, ApiError, ChannelId, Timestamp, UserId,
    places::{self, Archived, ArchivedPage, ThreadSearch, operator},
};
use serde_json::{Value, json};

use crate::{
    helpers::id,
    stage::Stage,
    threads::{say, start},
};

fn thread(stage: &mut Stage, actor: Actor, kind: u8, name: &str) -> ChannelId {
    let channel = stage.ids.channel;
    id(&stage.does(start(actor, channel, json!({ "name": name, "type": kind }))))
}

fn ids(value: &Value, key: &str) -> Vec<ChannelId> {
    value[key].as_array().expect("a list").iter().map(id).collect()
}

/// Archives it some seconds after the beginning.
fn archive(stage: &mut Stage, thread: ChannelId, seconds: u64) {
    let now = stage.now;
    stage.now = Timestamp::from_ms(now.ms() + seconds * 1000);
    stage.does(operator::PatchChannel { channel: thread, body: json!({ "archived": true }) });
    stage.now = now;
}

#[test]
fn active_threads_are_those_one_sees_the_newest_first() {
    let mut stage = Stage::new();
    let (noor, owner, guild) = (stage.noor, stage.owner, stage.guild);
    let first = thread(&mut stage, noor, 11, "first");
    let hidden = thread(&mut stage, owner, 12, "hidden");
    let archived = thread(&mut stage, owner, 11, "archived");
    let last = thread(&mut stage, owner, 11, "last");
    archive(&mut stage, archived, 1);
    let list = |stage: &Stage, actor| {
        places::active_threads(&stage.world, actor, guild, stage.now).expect("a member")
    };
    assert_eq!(ids(&list(&stage, owner), "threads"), [last, hidden, first]);
    let seen = list(&stage, noor);
    assert_eq!(ids(&seen, "threads"), [last, first]);
    assert_eq!(ids(&seen, "members"), [first], "one's own memberships");
    assert_eq!(seen["members"][0]["user_id"], json!(noor.user));
}

/// Those of three threads, in this order.
fn picked<const N: usize>(from: [ChannelId; 3], which: [usize; N]) -> Vec<ChannelId> {
    which.map(|index| from[index]).to_vec()
}

#[test]
fn archived_threads_come_by_when_they_were_archived_and_joined_ones_by_id() {
    let mut stage = Stage::new();
    let (noor, owner, channel) = (stage.noor, stage.owner, stage.ids.channel);
    let mut made = |kind| {
        let one = thread(&mut stage, owner, kind, "one");
        let two = thread(&mut stage, owner, kind, "two");
        let three = thread(&mut stage, owner, kind, "three");
        for (n, thread) in [two, three, one].into_iter().enumerate() {
            archive(&mut stage, thread, n as u64 + 1);
        }
        [one, two, three]
    };
    let (public, private) = (made(11), made(12));
    let page = |stage: &Stage, actor, which, page: ArchivedPage| {
        places::archived_threads(&stage.world, actor, channel, which, &page, stage.now)
    };
    let all = ArchivedPage::default();
    let list = |value: Result<Value, ApiError>| {
        let value = value.expect("is allowed");
        (ids(&value, "threads"), value["has_more"] == true)
    };
    assert_eq!(list(page(&stage, owner, Archived::Public, all)), (picked(public, [0, 2, 1]), false));
    assert_eq!(list(page(&stage, owner, Archived::Private, all)), (picked(private, [0, 2, 1]), false));
    assert_eq!(list(page(&stage, owner, Archived::Joined, all)), (picked(private, [2, 1, 0]), false));
    let two = ArchivedPage { limit: Some(2), ..all };
    assert_eq!(list(page(&stage, owner, Archived::Public, two)), (picked(public, [0, 2]), true));
    // The moment is that of the last one's archiving.
    let before =
        stage.world.channel(public[2]).expect("there").thread.as_ref().expect("a thread").archive_timestamp;
    let next = ArchivedPage { before: Some(before), ..all };
    assert_eq!(list(page(&stage, owner, Archived::Public, next)), (picked(public, [1]), false));
    let next = ArchivedPage { before_id: Some(private[2]), ..all };
    assert_eq!(list(page(&stage, owner, Archived::Joined, next)), (picked(private, [1, 0]), false));
    // Others have joined none.
    assert_eq!(list(page(&stage, noor, Archived::Joined, all)), (vec![], false));
    let code = |limit| page(&stage, owner, Archived::Public, ArchivedPage { limit: Some(limit), ..all });
    assert_eq!((code(1).map_err(|e| e.code), code(101).map_err(|e| e.code)), (Err(50035), Err(50035)));
}

#[test]
fn a_search_finds_what_one_may_see_with_its_first_message() {
    let mut stage = Stage::new();
    let (noor, owner, channel, bot) = (stage.noor, stage.owner, stage.ids.channel, stage.bot);
    let forum = stage.made(stage.guild, "forum", 15);
    let post = |name: &str| start(owner, forum, json!({ "name": name, "message": { "content": name } }));
    let first: ChannelId = id(&stage.does(post("red lamp")));
    let second: ChannelId = id(&stage.does(post("blue lamp")));
    stage.does(post("a chair"));
    say(&mut stage, bot, first, "newer");
    let find = |stage: &Stage, actor, place, search: ThreadSearch| {
        places::search_threads(&stage.world, actor, place, &search, stage.now).expect("is allowed")
    };
    let lamps = || ThreadSearch { name: Some("lamp".into()), ..ThreadSearch::default() };
    let found = find(&stage, bot, forum, lamps());
    assert_eq!(ids(&found, "threads"), [first, second], "the newest message first");
    assert_eq!(found["total_results"], 2);
    assert_eq!(ids(&found, "first_messages"), [first, second]);
    assert_eq!(ids(&found, "members"), [first], "where it has written");
    let page = find(&stage, bot, forum, ThreadSearch { limit: Some(1), ..lamps() });
    assert_eq!((ids(&page, "threads"), &page["has_more"]), (vec![first], &json!(true)));
    let page = find(&stage, bot, forum, ThreadSearch { limit: Some(1), offset: Some(1), ..lamps() });
    assert_eq!((ids(&page, "threads"), &page["has_more"]), (vec![second], &json!(false)));
    thread(&mut stage, owner, 12, "secret lamp");
    assert_eq!(find(&stage, noor, channel, lamps())["total_results"], 0);
    assert_eq!(find(&stage, owner, channel, lamps())["total_results"], 1);
}

#[test]
fn members_are_listed_for_who_has_the_intent_and_by_page_with_the_guild_s_members() {
    let mut stage = Stage::new();
    let (owner, bot) = (stage.owner, stage.bot);
    let thread = thread(&mut stage, owner, 11, "t");
    for actor in [stage.noor, stage.mika, bot] {
        stage.does(places::AddThreadMember { actor: owner, channel: thread, user: actor.user });
    }
    let mut all: Vec<UserId> = [owner, stage.noor, stage.mika, bot].map(|a| a.user).to_vec();
    all.sort_unstable();
    let list = |stage: &Stage, with_member, limit, after| {
        places::thread_members(&stage.world, bot, thread, with_member, limit, after, stage.now)
    };
    let users = |value: Result<Value, ApiError>| -> Vec<UserId> {
        let list = value.expect("is allowed");
        let user = |m: &Value| m["user_id"].as_str().expect("an id").parse().expect("a snowflake");
        list.as_array().expect("a list").iter().map(user).collect()
    };
    assert_eq!(users(list(&stage, false, Some(1), None)), all, "without the members there are no pages");
    assert_eq!(users(list(&stage, true, Some(2), None)), all[..2]);
    assert_eq!(users(list(&stage, true, Some(2), Some(all[1]))), all[2..]);
    let plain = list(&stage, false, None, None).expect("is allowed");
    let whole = list(&stage, true, None, None).expect("is allowed");
    assert!(plain[0].get("member").is_none() && whole[0]["member"]["user"]["id"] == json!(all[0]));
    let one = |stage: &Stage, user, with| {
        places::thread_member(&stage.world, bot, thread, user, with, stage.now).map_err(|e| e.code)
    };
    assert_eq!(one(&stage, owner.user, true).expect("a member")["member"]["user"]["id"], json!(owner.user));
    assert!(one(&stage, owner.user, false).expect("a member").get("member").is_none());
    assert_eq!(one(&stage, stage.person("sasha"), false), Err(10007));
    let body = json!({ "privileged_intents": [] });
    stage.does(operator::PatchApplication { application: stage.ids.application, body });
    assert_eq!(list(&stage, false, None, None).map_err(|e| e.code), Err(50001));
}
