//! Forums and their posts: what a forum can be set to, what a post needs, and what everybody is told of one.

use cogwright_sim_world::{
    ChannelId, EmojiId, Upload, permissions as p,
    places::{self, CreateThread, operator},
    webhooks,
};
use serde_json::{Value, json};

use crate::{
    helpers::id,
    stage::Stage,
    threads::{everyone_may, start},
};

const PIXEL: &str = "data:image/png;base64,iVBORw0KGgo=";

fn post(stage: &Stage, forum: ChannelId, more: Value) -> CreateThread {
    let mut body = json!({ "name": "p", "message": { "content": "x" } });
    body.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    start(stage.noor, forum, body)
}

fn forum(stage: &mut Stage, more: Value) -> (ChannelId, Value) {
    let mut body = json!({ "name": "forum", "type": 15 });
    body.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    let made = stage.does(places::CreateChannel { actor: stage.bot, guild: stage.guild, body });
    (id(&made), made)
}

#[test]
fn a_post_needs_the_right_to_write_and_files_that_to_attach() {
    let mut stage = Stage::new();
    let (forum, _) = forum(&mut stage, json!({}));
    let new = |stage: &Stage| post(stage, forum, json!({}));
    everyone_may(&mut stage, p::DEFAULT_EVERYONE & !p::SEND_MESSAGES);
    let asked = new(&stage);
    assert_eq!(stage.refused(asked), 50013);
    // What makes threads elsewhere is of no matter here. See Discord docs: Start Thread in Forum or Media Channel.
    everyone_may(&mut stage, p::DEFAULT_EVERYONE & !p::CREATE_PUBLIC_THREADS & !p::ATTACH_FILES);
    let asked = new(&stage);
    stage.does(asked);
    let file = || Upload { index: 0, filename: "x.txt".into(), content_type: None, bytes: b"x".to_vec() };
    let with_file = CreateThread { files: vec![file()], ..new(&stage) };
    assert_eq!(stage.refused(with_file), 50013);
    everyone_may(&mut stage, p::DEFAULT_EVERYONE);
    let with_file = CreateThread { files: vec![file()], ..new(&stage) };
    assert_eq!(stage.does(with_file)["message"]["attachments"][0]["filename"], "x.txt");
    let without = start(stage.noor, forum, json!({ "name": "p" }));
    let refused = stage.refusal(without).body();
    assert_eq!(refused["errors"]["message"]["_errors"][0]["code"], "BASE_TYPE_REQUIRED");
}

#[test]
fn a_post_is_written_down_and_is_its_forum_s_newest() {
    let mut stage = Stage::new();
    let (forum, made) =
        forum(&mut stage, json!({ "available_tags": [{ "name": "news", "moderated": true }] }));
    assert_eq!(made["available_tags"][0]["moderated"], true);
    let asked = post(&stage, forum, json!({}));
    let made = stage.does(asked);
    let entry = stage.audit_entry();
    assert_eq!(
        (&entry["action_type"], &entry["target_id"], &entry["user_id"]),
        (&json!(110), &made["id"], &json!(stage.noor.user))
    );
    let shown = places::channel(&stage.world, stage.bot, forum, stage.now).expect("seen");
    assert_eq!(shown["last_message_id"], made["id"]);
}

#[test]
fn settings_of_a_forum_have_their_bounds() {
    let mut stage = Stage::new();
    let (bot, guild) = (stage.bot, stage.guild);
    let body = json!({ "name": "own", "image": PIXEL });
    let emoji: EmojiId = id(&stage.does(places::CreateEmoji { actor: bot, guild, body }));
    let (forum, made) = forum(&mut stage, json!({}));
    let nothing = [
        ("available_tags", json!([])),
        ("default_reaction_emoji", Value::Null),
        ("default_sort_order", Value::Null),
        ("default_forum_layout", json!(0)),
    ];
    for (key, value) in nothing {
        assert_eq!(made.get(key), Some(&value), "{key}");
    }
    let patch = |body: Value| places::PatchChannel { actor: bot, channel: forum, body };
    let tags = |n: usize| (0..n).map(|i| json!({ "name": format!("t{i}") })).collect::<Vec<Value>>();
    for (body, key) in [
        (json!({ "default_sort_order": 2 }), "default_sort_order"),
        (json!({ "default_forum_layout": 3 }), "default_forum_layout"),
        (json!({ "default_tag_setting": "match_none" }), "default_tag_setting"),
        (json!({ "available_tags": tags(21) }), "available_tags"),
        (json!({ "default_thread_rate_limit_per_user": 21_601 }), "default_thread_rate_limit_per_user"),
        (json!({ "topic": "x".repeat(4097) }), "topic"),
    ] {
        let refused = stage.refusal(patch(body.clone())).body();
        assert!(refused["errors"][key]["_errors"].is_array(), "{body}: {refused}");
    }
    let foreign = json!({ "available_tags": [{ "name": "x", "emoji_id": "1" }] });
    assert_eq!(stage.refused(patch(foreign)), 50035);
    let foreign = json!({ "default_reaction_emoji": { "emoji_id": "1" } });
    assert_eq!(stage.refused(patch(foreign)), 50035);
    let body = json!({
        "topic": "x".repeat(4096), "default_sort_order": 1, "default_forum_layout": 2, "default_tag_setting": "match_all",
        "default_thread_rate_limit_per_user": 30, "available_tags": [{ "name": "x", "emoji_id": emoji, "emoji_name": "👍" }],
        "default_reaction_emoji": { "emoji_name": "👍" }, "flags": 0xFF,
    });
    let after = stage.does(patch(body));
    assert_eq!((&after["default_sort_order"], &after["default_forum_layout"]), (&json!(1), &json!(2)));
    assert_eq!(after["default_tag_setting"], "match_all");
    assert_eq!(after["default_thread_rate_limit_per_user"], 30);
    assert_eq!(after["flags"], 1 << 4, "REQUIRE_TAG, and no other");
    let tag = &after["available_tags"][0];
    assert_eq!((&tag["emoji_id"], &tag["emoji_name"]), (&json!(emoji), &Value::Null), "one of the two");
    assert_eq!(after["default_reaction_emoji"], json!({ "emoji_id": null, "emoji_name": "👍" }));
    // A post takes the pause over.
    let tag = tag["id"].clone();
    let asked = post(&stage, forum, json!({ "applied_tags": [tag] }));
    assert_eq!(stage.does(asked)["rate_limit_per_user"], 30);
}

#[test]
fn a_post_has_five_tags_and_keeps_those_that_its_forum_keeps() {
    let mut stage = Stage::new();
    let names: Vec<Value> = (0..6).map(|i| json!({ "name": format!("t{i}") })).collect();
    let (forum, made) = forum(&mut stage, json!({ "available_tags": names }));
    let tags: Vec<Value> = made["available_tags"].as_array().expect("tags").clone();
    let ids: Vec<Value> = tags.iter().map(|t| t["id"].clone()).collect();
    let asked = post(&stage, forum, json!({ "applied_tags": ids }));
    assert_eq!(stage.refused(asked), 50035);
    let asked = post(&stage, forum, json!({ "applied_tags": ids[..5] }));
    let made = stage.does(asked);
    let patch = places::PatchChannel {
        actor: stage.bot,
        channel: forum,
        body: json!({ "available_tags": tags[4..] }),
    };
    let after = stage.does(patch);
    assert_eq!(after["available_tags"][0]["id"], ids[4], "it keeps its id");
    let shown = places::channel(&stage.world, stage.bot, id(&made), stage.now).expect("seen");
    assert_eq!(shown["applied_tags"], json!([ids[4]]));
    let twice = places::PatchChannel {
        actor: stage.bot,
        channel: forum,
        body: json!({ "available_tags": [{ "name": "a" }, { "name": "a" }] }),
    };
    assert_eq!(stage.refused(twice), 40061);
}

#[test]
fn a_pinned_post_can_be_pinned_again_and_no_other() {
    let mut stage = Stage::new();
    let (forum, _) = forum(&mut stage, json!({}));
    let mut new = || {
        let asked = post(&stage, forum, json!({}));
        id::<ChannelId>(&stage.does(asked))
    };
    let (first, second) = (new(), new());
    let pin = |channel| places::PatchChannel { actor: stage.bot, channel, body: json!({ "flags": 2 }) };
    let (one, again, other) = (pin(first), pin(first), pin(second));
    stage.does(one);
    assert!(stage.events(again).is_empty());
    assert_eq!(stage.refused(other), 30047);
}

#[test]
fn a_webhook_s_post_is_held_to_the_forum_s_settings() {
    let mut stage = Stage::new();
    let tags = json!([{ "name": "open" }, { "name": "closed", "moderated": true }]);
    let (forum, made) =
        forum(&mut stage, json!({ "available_tags": tags, "default_thread_rate_limit_per_user": 30 }));
    let patch = |flags: u64| operator::PatchChannel { channel: forum, body: json!({ "flags": flags }) };
    let hook = stage.does(webhooks::CreateWebhook {
        actor: stage.bot,
        channel: forum,
        body: json!({ "name": "Hook" }),
    });
    let credentials =
        webhooks::Credentials { webhook: id(&hook), token: hook["token"].as_str().expect("one").to_owned() };
    let execute = |tags: Value| webhooks::ExecuteWebhook {
        credentials: credentials.clone(),
        thread: None,
        with_components: false,
        body: json!({ "content": "x", "thread_name": "post", "applied_tags": tags }),
        files: Vec::new(),
    };
    stage.does(execute(json!([])));
    stage.does(patch(1 << 4));
    assert_eq!(stage.refused(execute(json!([]))), 40067);
    let said = stage.does(execute(json!([made["available_tags"][0]["id"]])));
    let thread: ChannelId = said["channel_id"].as_str().expect("an id").parse().expect("a snowflake");
    let shown = places::channel(&stage.world, stage.bot, thread, stage.now).expect("seen");
    assert_eq!(
        (&shown["rate_limit_per_user"], &shown["applied_tags"]),
        (&json!(30), &json!([made["available_tags"][0]["id"]]))
    );
}
