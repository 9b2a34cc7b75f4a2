//! Looking for messages.

use cogwright_sim_world::places;
use serde_json::{Value, json};

use super::{Line, run, text};
use crate::RateLimitMode;

/// Contents of what is found, and how many there are in all.
async fn found(line: &Line, query: &str) -> (Vec<String>, u64) {
    let answer = line.get(&format!("/guilds/{}/messages/search?{query}", line.ids.guild)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = answer.json();
    let hits = answer["messages"].as_array().expect("a list");
    assert!(hits.iter().all(|hit| hit[0]["hit"] == true && hit.as_array().is_some_and(|h| h.len() == 1)));
    (
        hits.iter().map(|hit| text(&hit[0], "content")).collect(),
        answer["total_results"].as_u64().expect("a number"),
    )
}

async fn say(line: &Line, body: Value) -> String {
    text(&run(line, "create_message", &[&line.ids.channel.to_string()], Some(body)).await, "id")
}

#[tokio::test]
async fn messages_are_found_by_words_author_and_what_they_have() {
    let line = Line::new(RateLimitMode::Off);
    let first = say(&line, json!({ "content": "Zebra crossing, first" })).await;
    say(&line, json!({ "content": "a ZEBRA again https://example.com" })).await;
    say(&line, json!({ "content": "zebra", "embeds": [{ "title": "x" }], "message_reference": { "message_id": first } }))
        .await;
    let bot = line.ids.application;
    let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let (all, total) = found(&line, "content=zebra").await;
    assert_eq!(
        (all, total),
        (words(&["zebra", "a ZEBRA again https://example.com", "Zebra crossing, first"]), 3)
    );
    assert_eq!(found(&line, "content=zebra%20first").await.0, words(&["Zebra crossing, first"]));
    assert_eq!(found(&line, "content=zebra&has=link").await.1, 1);
    assert_eq!(found(&line, "content=zebra&has=link&has=embed").await.1, 2, "one of them");
    assert_eq!(found(&line, "content=zebra&has=-link&has=-embed").await.0, words(&["Zebra crossing, first"]));
    assert_eq!(found(&line, &format!("author_id={bot}&content=zebra&author_type=bot")).await.1, 3);
    assert_eq!(found(&line, "content=zebra&author_type=-bot").await.1, 0);
    assert_eq!(found(&line, &format!("replied_to_message_id={first}")).await.0, words(&["zebra"]));
    assert_eq!(found(&line, &format!("content=zebra&min_id={first}")).await.1, 2);
    let (page, total) = found(&line, "content=zebra&sort_order=asc&limit=1&offset=1").await;
    assert_eq!((page, total), (words(&["a ZEBRA again https://example.com"]), 3));
    assert_eq!(found(&line, "content=zebra&pinned=true").await.1, 0);
    assert_eq!(found(&line, &format!("content=zebra&channel_id={}", line.ids.channel)).await.1, 3);
    assert_eq!(found(&line, "content=zebra&channel_id=1").await.1, 0);
    let channel = line.ids.channel;
    let reference = json!({ "type": 1, "channel_id": channel, "message_id": first });
    say(&line, json!({ "message_reference": reference })).await;
    assert_eq!(found(&line, "has=snapshot").await, (words(&[""]), 1));
    assert_eq!(
        found(&line, &format!("replied_to_message_id={first}")).await.1,
        1,
        "a forward answers nobody"
    );
}

#[tokio::test]
async fn what_one_may_not_read_is_not_found_and_bad_questions_are_refused() {
    let line = Line::new(RateLimitMode::Off);
    say(&line, json!({ "content": "zebra" })).await;
    let guild = line.ids.guild;
    for query in [
        "limit=0",
        "limit=26",
        "offset=9976",
        "has=wings",
        "author_type=cat",
        "sort_by=size",
        "author_id=x",
        "slop=1",
    ] {
        let answer = line.get(&format!("/guilds/{guild}/messages/search?{query}")).await;
        assert_eq!(answer.code(), (400, 50035), "{query}");
    }
    assert_eq!(line.get("/guilds/1/messages/search").await.code(), (404, 10004));

    let owner = line.sim.read(|world, _| world.guild(guild).map(|g| g.owner)).expect("is there");
    let bot = line.ids.application;
    let roles =
        line.sim.read(|world, _| world.member(guild, bot.into()).map(|m| m.roles.clone())).expect("is there");
    for role in roles {
        let body = json!({ "permissions": "0" });
        line.sim.apply(places::operator::PatchRole { guild, role, body }).expect("is allowed");
    }
    assert_eq!(found(&line, "content=zebra").await.1, 1, "everybody may read it");
    let body = json!({ "type": 0, "deny": (1_u64 << 16).to_string() });
    let actor = Some(cogwright_sim_world::Actor::person(owner));
    line.sim
        .apply(places::SetOverwrite { actor, channel: line.ids.channel, target: guild.get(), body })
        .expect("is allowed");
    assert_eq!(found(&line, "content=zebra").await.1, 0, "without its history");

    let without = json!({ "privileged_intents": [] });
    line.sim
        .apply(places::operator::PatchApplication { application: bot, body: without })
        .expect("is allowed");
    let answer = line.get(&format!("/guilds/{guild}/messages/search?content=zebra")).await;
    assert_eq!(answer.code(), (403, 50001), "without the intent");
}
