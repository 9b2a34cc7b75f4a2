//! Moving channels, categories, forums and lists of threads through their routes.

use cogwright_sim_world::{Actor, messages, places, places::operator};
use serde_json::{Value, json};

use super::{Line, run, text, try_run};
use crate::RateLimitMode;

fn made(line: &Line, body: Value) -> String {
    text(&line.sim.apply(operator::CreateChannel { guild: line.ids.guild, body }).expect("made"), "id")
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|t| text(t, "id")).collect()
}

#[tokio::test]
async fn case_26_channels_are_moved_and_only_one_to_another_category() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let category = made(
        &line,
        json!({ "name": "box", "type": 4, "permission_overwrites": [
        { "id": guild, "type": 0, "deny": "2048" },
    ] }),
    );
    let (one, two) = (made(&line, json!({ "name": "one" })), made(&line, json!({ "name": "two" })));
    let positions = json!([{ "id": one, "position": 7 }, { "id": two, "position": 3 }]);
    run(&line, "bulk_update_guild_channels", &[&guild], Some(positions)).await;
    let shown = async |id: &str| run(&line, "get_channel", &[id], None).await;
    assert_eq!((&shown(&one).await["position"], &shown(&two).await["position"]), (&json!(7), &json!(3)));
    let both = json!([{ "id": one, "parent_id": category }, { "id": two, "parent_id": category }]);
    let answer = try_run(&line, "bulk_update_guild_channels", &[&guild], Some(both)).await;
    assert_eq!(answer.code(), (400, 40009));
    let locked =
        json!([{ "id": one, "parent_id": category, "lock_permissions": true }, { "id": two, "position": 1 }]);
    run(&line, "bulk_update_guild_channels", &[&guild], Some(locked)).await;
    let moved = shown(&one).await;
    assert_eq!(
        (&moved["parent_id"], &moved["permission_overwrites"][0]["deny"]),
        (&json!(category), &json!("2048"))
    );
    // One that stays where it is is not moved.
    let again = json!([{ "id": one, "parent_id": category }, { "id": two, "parent_id": category }]);
    run(&line, "bulk_update_guild_channels", &[&guild], Some(again)).await;
    assert_eq!(shown(&two).await["permission_overwrites"], json!([]), "not locked");

    // Made in a category, a channel takes its overwrites, unless it brings its own.
    let body = json!({ "name": "synced", "parent_id": category });
    let synced = run(&line, "create_guild_channel", &[&guild], Some(body)).await;
    assert_eq!(synced["permission_overwrites"], moved["permission_overwrites"]);
    for (body, code) in [
        (json!([{ "id": "1", "position": 1 }]), (404, 10003)),
        (json!([{ "position": 1 }]), (400, 50035)),
        (json!([{ "id": one, "parent_id": two }]), (400, 50035)),
        (json!([{ "id": one, "position": -1 }]), (400, 50035)),
        (json!({ "id": one }), (400, 50035)),
    ] {
        let answer = try_run(&line, "bulk_update_guild_channels", &[&guild], Some(body.clone())).await;
        assert_eq!(answer.code(), code, "{body}");
    }
}

#[tokio::test]
async fn a_category_holds_fifty_channels() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let category = made(&line, json!({ "name": "box", "type": 4 }));
    for _ in 0..50 {
        made(&line, json!({ "name": "x", "parent_id": category }));
    }
    let body = json!({ "name": "y", "parent_id": category });
    let full = |answer: super::Answer, path: &str| {
        let code = answer.json().pointer(path).cloned();
        assert_eq!(code, Some(json!("CHANNEL_PARENT_MAX_CHANNELS")), "{answer:?}");
    };
    full(
        try_run(&line, "create_guild_channel", &[&guild], Some(body)).await,
        "/errors/parent_id/_errors/0/code",
    );
    let outside = made(&line, json!({ "name": "z" }));
    let patch = json!({ "parent_id": category });
    full(
        try_run(&line, "update_channel", &[&outside], Some(patch)).await,
        "/errors/parent_id/_errors/0/code",
    );
    let moved = json!([{ "id": outside, "parent_id": category }]);
    let answer = try_run(&line, "bulk_update_guild_channels", &[&guild], Some(moved)).await;
    full(answer, "/errors/0/parent_id/_errors/0/code");
}

#[tokio::test]
async fn case_28_posts_have_tags_and_a_forum_takes_no_messages() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let body = json!({
        "name": "ideas", "type": 15, "default_reaction_emoji": { "emoji_name": "👍" }, "default_sort_order": 1,
        "default_forum_layout": 2, "default_thread_rate_limit_per_user": 5, "default_tag_setting": "match_all",
        "available_tags": [{ "name": "new" }, { "name": "done", "moderated": true, "emoji_name": "✅" }],
    });
    let forum = run(&line, "create_guild_channel", &[&guild], Some(body.clone())).await;
    for key in ["default_reaction_emoji", "default_sort_order", "default_forum_layout", "default_tag_setting"]
    {
        let given = if key == "default_reaction_emoji" {
            json!({ "emoji_id": null, "emoji_name": "👍" })
        } else {
            body[key].clone()
        };
        assert_eq!(forum[key], given, "{key}");
    }
    let (id, tags) = (text(&forum, "id"), ids(&forum["available_tags"]));
    let answer = try_run(&line, "create_message", &[&id], Some(json!({ "content": "x" }))).await;
    assert_eq!(answer.code(), (400, 40058));
    let post =
        |tags: &[&str]| Some(json!({ "name": "p", "message": { "content": "x" }, "applied_tags": tags }));
    let made = run(&line, "create_thread", &[&id], post(&[&tags[0]])).await;
    assert_eq!((&made["applied_tags"], &made["rate_limit_per_user"]), (&json!([tags[0]]), &json!(5)));
    let thread = text(&made, "id");
    assert_eq!(made["message"]["id"], thread);
    assert_eq!(try_run(&line, "create_thread", &[&id], post(&["1"])).await.code(), (400, 50035));

    let required = run(&line, "update_channel", &[&id], Some(json!({ "flags": 16 }))).await;
    assert_eq!(required["flags"], 16);
    assert_eq!(try_run(&line, "create_thread", &[&id], post(&[])).await.code(), (400, 40067));
    let pinned = run(&line, "update_channel", &[&thread], Some(json!({ "flags": 2 }))).await;
    assert_eq!(pinned["flags"], 2);
    let second = text(&run(&line, "create_thread", &[&id], post(&[&tags[1]])).await, "id");
    let answer = try_run(&line, "update_channel", &[&second], Some(json!({ "flags": 2 }))).await;
    assert_eq!(answer.code(), (400, 30047));
    let twice = json!({ "available_tags": [{ "name": "a" }, { "name": "a" }] });
    assert_eq!(try_run(&line, "update_channel", &[&id], Some(twice)).await.code(), (400, 40061));
    let moderated = json!({ "available_tags": [{ "id": tags[1], "name": "done", "moderated": true }] });
    assert_eq!(try_run(&line, "update_channel", &[&id], Some(moderated)).await.code(), (400, 40066));
    // A tag that is gone is gone from the posts as well; those that stay keep their ids.
    let rest = json!({ "available_tags": [{ "id": tags[1], "name": "done" }, { "name": "other" }] });
    let changed = run(&line, "update_channel", &[&id], Some(rest)).await;
    assert_eq!(changed["available_tags"][0]["id"], tags[1]);
    assert!(run(&line, "get_channel", &[&thread], None).await.get("applied_tags").is_none());

    let locked =
        run(&line, "update_channel", &[&thread], Some(json!({ "archived": true, "locked": true }))).await;
    assert_eq!(locked["thread_metadata"]["locked"], true);
    let refused = try_run(&line, "update_channel", &[&thread], Some(json!({ "name": "x" }))).await;
    assert_eq!(refused.code(), (400, 50083), "archived");
    let person = Actor::person(line.sim.read(|world, _| {
        world.users().find(|u| u.username == "noor").map(|u| u.id).expect("in the default world")
    }));
    let channel = thread.parse().expect("an id");
    let body = json!({ "content": "x" });
    let say = messages::CreateMessage { actor: person, channel, body, files: Vec::new() };
    assert_eq!(line.sim.apply(say).map_err(|e| e.code), Err(160_005), "locked for who does not moderate");
    run(&line, "create_message", &[&thread], Some(json!({ "content": "woken" }))).await;
    let woken = run(&line, "get_channel", &[&thread], None).await;
    assert_eq!(woken["thread_metadata"]["archived"], false);
}

#[tokio::test]
async fn archived_threads_are_listed_page_by_page() {
    let line = Line::new(RateLimitMode::Off);
    line.sim.clock().freeze(None);
    let channel = line.ids.channel.to_string();
    let mut public = Vec::new();
    let mut private = Vec::new();
    for n in 0..3 {
        for (kind, list) in [(11, &mut public), (12, &mut private)] {
            let body = json!({ "name": format!("t{n}"), "type": kind });
            list.push(text(&run(&line, "create_thread", &[&channel], Some(body)).await, "id"));
        }
    }
    let open = run(&line, "list_public_archived_threads", &[&channel], None).await;
    assert_eq!(open, json!({ "threads": [], "members": [], "has_more": false }));
    for id in public.iter().chain(&private) {
        line.sim.clock().advance(std::time::Duration::from_secs(1));
        run(&line, "update_channel", &[id], Some(json!({ "archived": true }))).await;
    }
    let newest: Vec<String> = public.iter().rev().cloned().collect();
    let all = run(&line, "list_public_archived_threads", &[&channel], None).await;
    assert_eq!((ids(&all["threads"]), &all["has_more"]), (newest.clone(), &json!(false)));
    assert_eq!(all["members"].as_array().map(Vec::len), Some(3), "the bot is in all of them");
    let path = format!("/channels/{channel}/threads/archived");
    let page = line.get(&format!("{path}/public?limit=2")).await.json();
    assert_eq!((ids(&page["threads"]), &page["has_more"]), (newest[..2].to_vec(), &json!(true)));
    let before = text(&page["threads"][1]["thread_metadata"], "archive_timestamp").replace('+', "%2B");
    let rest = line.get(&format!("{path}/public?limit=2&before={before}")).await.json();
    assert_eq!((ids(&rest["threads"]), &rest["has_more"]), (newest[2..].to_vec(), &json!(false)));
    let newest: Vec<String> = private.iter().rev().cloned().collect();
    let all = run(&line, "list_private_archived_threads", &[&channel], None).await;
    assert_eq!(ids(&all["threads"]), newest);
    run(&line, "update_channel", &[&private[1]], Some(json!({ "archived": false }))).await;
    run(&line, "leave_thread", &[&private[1]], None).await;
    run(&line, "update_channel", &[&private[1]], Some(json!({ "archived": true }))).await;
    let own = run(&line, "list_my_private_archived_threads", &[&channel], None).await;
    assert_eq!(ids(&own["threads"]), [private[2].clone(), private[0].clone()]);
    let path = format!("/channels/{channel}/users/@me/threads/archived/private?before={}", private[2]);
    assert_eq!(ids(&line.get(&path).await.json()["threads"]), [private[0].clone()]);
    for wrong in ["limit=1", "limit=101", "before=yesterday"] {
        let answer = line.get(&format!("/channels/{channel}/threads/archived/public?{wrong}")).await;
        assert_eq!(answer.code(), (400, 50035), "{wrong}");
    }
    let voice = made(&line, json!({ "name": "v", "type": 2 }));
    for operation in ["list_public_archived_threads", "list_private_archived_threads", "thread_search"] {
        assert_eq!(try_run(&line, operation, &[&voice], None).await.code(), (400, 50024), "{operation}");
    }
}

#[tokio::test]
async fn threads_are_found_by_words_tags_and_state() {
    let line = Line::new(RateLimitMode::Off);
    let body = json!({ "name": "posts", "type": 15, "available_tags": [{ "name": "a" }, { "name": "b" }] });
    let forum = run(&line, "create_guild_channel", &[&line.ids.guild.to_string()], Some(body)).await;
    let (id, tags) = (text(&forum, "id"), ids(&forum["available_tags"]));
    let mut posts = Vec::new();
    for (name, tags) in [("Mend a lamp", &tags[..1]), ("Mend a chair", &tags[..]), ("Paint", &tags[1..])] {
        let body = json!({ "name": name, "message": { "content": name }, "applied_tags": tags });
        let (actor, channel) = (Actor::person(line.ids.user), id.parse().expect("an id"));
        let made = line.sim.apply(places::CreateThread { actor, channel, body, files: Vec::new() });
        posts.push(text(&made.expect("made"), "id"));
    }
    run(&line, "update_channel", &[&posts[0]], Some(json!({ "archived": true }))).await;
    let find = async |query: &str| line.get(&format!("/channels/{id}/threads/search?{query}")).await.json();
    let all = run(&line, "thread_search", &[&id], None).await;
    assert_eq!(
        (ids(&all["threads"]).len(), &all["total_results"], &all["has_more"]),
        (3, &json!(3), &json!(false))
    );
    assert_eq!(ids(&all["threads"]), [posts[2].clone(), posts[1].clone(), posts[0].clone()]);
    assert_eq!(all["first_messages"][0]["content"], "Paint");
    assert_eq!(ids(&find("name=mend&sort_order=asc").await["threads"]), posts[..2]);
    assert_eq!(ids(&find("name=mend%20ch").await["threads"]), [posts[1].clone()]);
    assert_eq!(ids(&find("archived=true").await["threads"]), [posts[0].clone()]);
    assert_eq!(ids(&find(&format!("tag={}", tags[1])).await["threads"]).len(), 2);
    let both = format!("tag={},{}&tag_setting=match_all", tags[0], tags[1]);
    assert_eq!(ids(&find(&both).await["threads"]), [posts[1].clone()]);
    let page = find("limit=1&offset=1&sort_by=creation_time").await;
    assert_eq!((ids(&page["threads"]), &page["has_more"]), (vec![posts[1].clone()], &json!(true)));
    assert_eq!(ids(&find(&format!("max_id={}", posts[0])).await["threads"]), [posts[0].clone()]);
    for wrong in
        ["limit=26", "offset=9976", "slop=101", "sort_by=name", "sort_order=up", "tag=x", "archived=x"]
    {
        let answer = line.get(&format!("/channels/{id}/threads/search?{wrong}")).await;
        assert_eq!(answer.code(), (400, 50035), "{wrong}");
    }
    // Without the intent the first messages tell nothing.
    let body = json!({ "privileged_intents": [] });
    line.sim.apply(operator::PatchApplication { application: line.ids.application, body }).expect("patched");
    assert_eq!(find("").await["first_messages"][0]["content"], "");
}
