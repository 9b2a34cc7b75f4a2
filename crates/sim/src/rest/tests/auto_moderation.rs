//! Rules of auto moderation, and a person who runs into one.

use cogwright_sim_world::{Actor, ChannelId, messages::CreateMessage, places::operator::PatchUser};
use serde_json::{Value, json};

use super::{Line, run, text, try_run};
use crate::{RateLimitMode, journal::Entry};

fn keyword(words: &Value) -> Value {
    json!({
        "name": "Words", "event_type": 1, "trigger_type": 1, "enabled": true,
        "trigger_metadata": { "keyword_filter": words }, "actions": [{ "type": 1, "metadata": {} }],
    })
}

#[tokio::test]
async fn rules_are_listed_made_changed_and_removed() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let guild = guild.as_str();
    assert_eq!(run(&line, "list_auto_moderation_rules", &[guild], None).await, json!([]));
    let made = run(&line, "create_auto_moderation_rule", &[guild], Some(keyword(&json!(["cat"])))).await;
    let rule = text(&made, "id");
    let bodies = [
        json!({ "name": "Spam", "event_type": 1, "trigger_type": 3, "actions": [{ "type": 1, "metadata": { "custom_message": "No." } }] }),
        json!({ "name": "Lists", "event_type": 1, "trigger_type": 4, "actions": [{ "type": 1 }], "trigger_metadata": { "presets": [1, 2] } }),
        json!({ "name": "Mentions", "event_type": 1, "trigger_type": 5, "trigger_metadata": { "mention_total_limit": 5 },
            "actions": [{ "type": 3, "metadata": { "duration_seconds": 60 } }, { "type": 2, "metadata": { "channel_id": line.ids.channel } }] }),
        json!({ "name": "Profiles", "event_type": 2, "trigger_type": 6, "actions": [{ "type": 4, "metadata": {} }],
            "trigger_metadata": { "keyword_filter": ["cat"], "regex_patterns": ["c.t"], "allow_list": ["cut"] } }),
    ];
    for body in bodies {
        run(&line, "create_auto_moderation_rule", &[guild], Some(body)).await;
    }
    let listed = run(&line, "list_auto_moderation_rules", &[guild], None).await;
    assert_eq!(listed.as_array().map(Vec::len), Some(5));
    assert_eq!(run(&line, "get_auto_moderation_rule", &[guild, &rule], None).await, made);
    let change = json!({ "name": "More words", "exempt_channels": [line.ids.channel] });
    let changed = run(&line, "update_auto_moderation_rule", &[guild, &rule], Some(change)).await;
    assert_eq!(
        (&changed["name"], &changed["trigger_metadata"]),
        (&json!("More words"), &made["trigger_metadata"])
    );
    run(&line, "delete_auto_moderation_rule", &[guild, &rule], None).await;
    for (id, body) in [
        ("get_auto_moderation_rule", None),
        ("update_auto_moderation_rule", Some(json!({}))),
        ("delete_auto_moderation_rule", None),
    ] {
        assert_eq!(try_run(&line, id, &[guild, &rule], body).await.code(), (404, 0), "{id}");
    }
    let answer = try_run(&line, "create_auto_moderation_rule", &[guild], Some(keyword(&json!("cat")))).await;
    let error = &answer.json()["errors"]["trigger_metadata"]["keyword_filter"]["_errors"][0]["code"];
    assert_eq!((answer.status, error), (400, &json!("LIST_TYPE_CONVERT")));
    assert_eq!(try_run(&line, "list_auto_moderation_rules", &["1"], None).await.code(), (404, 10004));
}

#[tokio::test]
async fn a_person_s_message_is_blocked_and_the_timeout_stays() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let mut rule = keyword(&json!(["cat"]));
    rule["actions"] = json!([{ "type": 1 }, { "type": 3, "metadata": { "duration_seconds": 60 } }]);
    run(&line, "create_auto_moderation_rule", &[&guild], Some(rule)).await;
    let noor = line.sim.read(|world, _| {
        world.users().find(|u| u.username == "noor").map(|u| u.id).expect("in the default world")
    });
    let say = |channel: ChannelId| CreateMessage {
        actor: Actor::person(noor),
        channel,
        body: json!({ "content": "a cat" }),
        files: Vec::new(),
    };
    assert_eq!(line.sim.apply(say(line.ids.channel)).unwrap_err().code, 200_000);
    let user = noor.to_string();
    let member = run(&line, "get_guild_member", &[&guild, &user], None).await;
    assert!(member["communication_disabled_until"].is_string(), "{member}");
    let name = json!("AUTO_MODERATION_ACTION_EXECUTION");
    let is_it = |e: &Entry| e.field("event").is_some_and(|event| *event == name);
    let (told, ..) = line.sim.journal().query(0, usize::MAX, is_it);
    assert_eq!(told.len(), 2, "both actions are told");
}

#[tokio::test]
async fn a_flagged_nickname_is_refused_and_a_flagged_name_shows_in_the_member() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let rule = json!({
        "name": "Names", "event_type": 2, "trigger_type": 6, "enabled": true,
        "trigger_metadata": { "keyword_filter": ["*cat*"] }, "actions": [{ "type": 4 }],
    });
    run(&line, "create_auto_moderation_rule", &[&guild], Some(rule)).await;
    let noor = line.sim.read(|world, _| {
        world.users().find(|u| u.username == "noor").map(|u| u.id).expect("in the default world")
    });
    let user = noor.to_string();
    let nick = |nick: &str| Some(json!({ "nick": nick }));
    let answer = try_run(&line, "update_guild_member", &[&guild, &user], nick("Tomcat")).await;
    assert_eq!(answer.code(), (400, 50035));
    let told = &answer.json()["errors"]["nick"]["_errors"][0]["message"];
    assert_eq!(*told, "Display name contains community flagged words");
    assert_eq!(run(&line, "update_guild_member", &[&guild, &user], nick("Dog")).await["flags"], 0);
    let body = json!({ "global_name": "Cattle" });
    line.sim.apply(PatchUser { user: noor, body }).expect("is allowed");
    assert_eq!(run(&line, "get_guild_member", &[&guild, &user], None).await["flags"], 128);
}
