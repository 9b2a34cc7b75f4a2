//! Several bots at once, and several processes of one bot: who hears what, who answers, who has to wait.

use cogwright_sim_world::intents;
use serde_json::{Value, json};

use crate::stage::{ALL, Client, Stage};

/// The messages that came to a client since the last look, up to the answer to its heartbeat.
async fn contents(client: &mut Client) -> Vec<String> {
    client.send(1, json!(client.seq)).await;
    client.until_op(11).await;
    let seen = std::mem::take(&mut client.seen);
    let messages = seen.iter().filter(|f| f["t"] == "MESSAGE_CREATE");
    messages.filter_map(|f| f["d"]["content"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn two_bots_live_in_one_world_and_each_hears_what_is_its_own() {
    let stage = Stage::new().await;
    let (second, token) = stage.application(json!({ "privileged_intents": ["message_content"] })).await;
    let mut one = stage.bot(ALL).await;
    let mut two = stage.greeted().await;
    // Identifies of two applications do not wait for each other.
    let ready = two
        .identify(
            &token,
            json!({ "intents": intents::GUILDS | intents::GUILD_MESSAGES | intents::MESSAGE_CONTENT }),
        )
        .await;
    assert_eq!((&ready["user"]["id"], &ready["application"]["id"]), (&json!(second), &json!(second)));
    two.until("GUILD_CREATE").await;
    one.until("PRESENCE_UPDATE").await;

    // Both hear people, and each other.
    stage.say("to both").await;
    let path = format!("/channels/{}/messages", stage.ids.channel);
    let (status, sent) = stage.rest_with(&token, "POST", &path, Some(json!({ "content": "from two" }))).await;
    assert_eq!((status, &sent["author"]["id"]), (200, &json!(second)));
    let (status, _) = stage.rest("POST", &path, Some(json!({ "content": "from one" }))).await;
    assert_eq!(status, 200);
    assert_eq!(contents(&mut one).await, ["to both", "from two", "from one"]);
    assert_eq!(contents(&mut two).await, ["to both", "from two", "from one"]);

    // Commands of the same name are told apart; an interaction is its application's alone.
    for (bot, application) in
        [(&stage.ids.token, stage.ids.application.to_string()), (&token, second.clone())]
    {
        let body = Some(json!({ "name": "same", "description": "d" }));
        let (status, _) =
            stage.rest_with(bot, "POST", &format!("/applications/{application}/commands"), body).await;
        assert_eq!(status, 201);
    }
    let use_it = |application: &str| json!({ "user": stage.ids.user, "channel": stage.ids.channel, "name": "same", "application": application });
    let (asked, answered) = tokio::join!(stage.post("/actor/slash", use_it(&second)), async {
        let interaction = two.until("INTERACTION_CREATE").await;
        let text = |key: &str| interaction[key].as_str().expect("text").to_owned();
        let path = format!("/interactions/{}/{}/callback", text("id"), text("token"));
        let body = json!({ "type": 4, "data": { "content": "two answers" } });
        stage.rest_with(&token, "POST", &path, Some(body)).await.0
    });
    assert_eq!((answered, &asked["message"]["author"]["id"]), (204, &json!(second)));
    contents(&mut one).await;
    stage.say("marker").await;
    one.until("MESSAGE_CREATE").await;
    assert!(one.seen.iter().all(|f| f["t"] != "INTERACTION_CREATE"), "not the other's");
    one.seen.clear();

    // A guild of the second bot alone.
    let guild = stage.post("/world/guilds", json!({ "name": "alone", "owner": stage.ids.user })).await;
    let id = guild["id"].as_str().expect("an id");
    stage.post(&format!("/world/guilds/{id}/members"), json!({ "user": second })).await;
    assert_eq!(two.until("GUILD_CREATE").await["id"], id);
    let say = json!({ "user": stage.ids.user, "channel": guild["channels"][0]["id"], "text": "here" });
    stage.post("/actor/send_message", say).await;
    while two.until("MESSAGE_CREATE").await["content"] != "here" {}
    assert_eq!(contents(&mut one).await, Vec::<String>::new());
    let (status, _) = stage.rest("GET", &format!("/guilds/{id}"), None).await;
    assert_eq!(status, 403);

    // One ends; the other goes on.
    one.leave(Some(1000)).await;
    stage.say("still there?").await;
    while two.until("MESSAGE_CREATE").await["content"] != "still there?" {}
}

#[tokio::test]
async fn two_processes_share_the_shards_of_one_bot() {
    let stage = Stage::new().await;
    let user = stage.ids.user;
    // A guild for either shard: ids of one millisecond would all be of one.
    let mut places = [None, None];
    while places.iter().any(Option::is_none) {
        stage.advance(1).await;
        let guild = stage.post("/world/guilds", json!({ "name": "shared", "owner": user })).await;
        let id: u64 = guild["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let shard = usize::try_from((id >> 22) % 2).expect("0 or 1");
        let bot = json!({ "user": stage.ids.application });
        stage.post(&format!("/world/guilds/{id}/members"), bot).await;
        places[shard] = Some((id.to_string(), guild["channels"][0]["id"].clone()));
    }
    let places = places.map(|place| place.expect("both are there"));
    let mut processes = Vec::new();
    for shard in [0, 1] {
        stage.advance(5000).await;
        let mut client = stage.greeted().await;
        let ready = client.identify(&stage.ids.token, json!({ "shard": [shard, 2] })).await;
        assert_eq!(ready["shard"], json!([shard, 2]));
        let guilds: Vec<&str> =
            ready["guilds"].as_array().expect("guilds").iter().filter_map(|g| g["id"].as_str()).collect();
        assert!(
            guilds.contains(&places[shard].0.as_str()) && !guilds.contains(&places[1 - shard].0.as_str())
        );
        for _ in &guilds {
            client.until("GUILD_CREATE").await;
        }
        processes.push(client);
    }
    for (_, channel) in &places {
        let say = json!({ "user": user, "channel": channel, "text": channel });
        stage.post("/actor/send_message", say).await;
    }
    for (process, (_, channel)) in processes.iter_mut().zip(&places) {
        assert_eq!(process.until("MESSAGE_CREATE").await["content"], *channel);
        assert_eq!(contents(process).await, [channel.as_str().expect("text")], "and nothing of the other's");
    }
    // Each has its own session; one that goes and comes back loses nothing of its own.
    let sessions = stage.control("GET", "/gateway", Value::Null).await["sessions"].clone();
    let shards: Vec<&Value> = sessions.as_array().expect("sessions").iter().map(|s| &s["shard"]).collect();
    assert_eq!(shards, [&json!([0, 2]), &json!([1, 2])]);
    let (gone, seq) = (sessions[1]["id"].as_str().expect("an id").to_owned(), processes[1].seq);
    processes.pop().expect("the second").leave(Some(4000)).await;
    let say = |text: &str| json!({ "user": user, "channel": places[1].1, "text": text });
    stage.post("/actor/send_message", say("missed")).await;
    let mut again = stage.greeted().await;
    again.resume(&stage.ids.token, &gone, seq).await;
    while again.until("MESSAGE_CREATE").await["content"] != "missed" {}
    again.until("RESUMED").await;
    assert_eq!(contents(&mut processes[0]).await, Vec::<String>::new());
}

#[tokio::test]
async fn two_processes_of_the_same_shard_both_hear_and_the_first_answer_counts() {
    let stage = Stage::new().await;
    let mut first = stage.bot(ALL).await;
    let mut second = stage.bot(ALL).await;
    stage.say("to both").await;
    while first.until("MESSAGE_CREATE").await["content"] != "to both" {}
    while second.until("MESSAGE_CREATE").await["content"] != "to both" {}
    let path = format!("/applications/{}/commands", stage.ids.application);
    let body = Some(json!({ "name": "ping", "description": "d" }));
    assert_eq!(stage.rest("POST", &path, body).await.0, 201);
    let slash = json!({ "user": stage.ids.user, "channel": stage.ids.channel, "name": "ping" });
    let (_, answers) = tokio::join!(stage.post("/actor/slash", slash), async {
        let mut answers = Vec::new();
        for process in [&mut first, &mut second] {
            let interaction = process.until("INTERACTION_CREATE").await;
            let text = |key: &str| interaction[key].as_str().expect("text").to_owned();
            let path = format!("/interactions/{}/{}/callback", text("id"), text("token"));
            let body = json!({ "type": 4, "data": { "content": "pong" } });
            let (status, answer) = stage.rest("POST", &path, Some(body)).await;
            answers.push((status, answer["code"].as_u64()));
        }
        answers
    });
    assert_eq!(answers, [(204, None), (400, Some(40060))]);
    // The bot is online until its last process is gone.
    let is_online = async || {
        let view = stage.control("GET", &format!("/view/{}", stage.ids.user), Value::Null).await;
        let members = view["guilds"][0]["members"].as_array().expect("members").clone();
        let bot = stage.ids.application.to_string();
        members.iter().find(|m| m["user"]["id"] == bot).expect("is there")["status"] == "online"
    };
    let sessions = async |count: usize| {
        while stage.control("GET", "/gateway", Value::Null).await["sessions"].as_array().map(Vec::len)
            != Some(count)
        {}
    };
    first.leave(Some(1000)).await;
    sessions(1).await;
    assert!(is_online().await);
    stage.say("to one").await;
    while second.until("MESSAGE_CREATE").await["content"] != "to one" {}
    second.leave(Some(1000)).await;
    sessions(0).await;
    assert!(!is_online().await);
}

#[tokio::test]
async fn identifies_wait_for_each_other_across_processes_but_not_across_bots() {
    let stage = Stage::new().await;
    let (_, other) = stage.application(json!({ "name": "other" })).await;
    let (_, wide) = stage.application(json!({ "name": "wide", "max_concurrency": 16 })).await;
    let sharded = |shard: u64, count: u64| json!({ "intents": 0, "shard": [shard, count] });
    let mut clients = Vec::new();
    for token in [&stage.ids.token, &other] {
        let mut client = stage.greeted().await;
        client.identify(token, sharded(0, 2)).await;
        clients.push(client);
    }
    // Another process of the first bot, at the same moment.
    let mut early = stage.greeted().await;
    early.send_identify(&stage.ids.token, sharded(1, 2)).await;
    assert_eq!(early.until_op(9).await["d"], false);
    stage.advance(5000).await;
    early.identify(&stage.ids.token, sharded(1, 2)).await;
    // Sixteen at once, each in a slot of its own, whichever process asks; the seventeenth shares the first's.
    for shard in 0..16 {
        let mut client = stage.greeted().await;
        client.identify(&wide, sharded(shard, 17)).await;
        clients.push(client);
    }
    let mut last = stage.greeted().await;
    last.send_identify(&wide, sharded(16, 17)).await;
    assert_eq!(last.until_op(9).await["d"], false);
    // All starts of a bot count together, of all its processes, those that had to wait not.
    for (token, used, width) in [(&stage.ids.token, 2, 1), (&other, 1, 1), (&wide, 16, 16)] {
        let (_, answer) = stage.rest_with(token, "GET", "/gateway/bot", None).await;
        let limit = &answer["session_start_limit"];
        assert_eq!(
            (&limit["total"], &limit["remaining"], &limit["max_concurrency"]),
            (&json!(1000), &json!(1000 - used), &json!(width))
        );
    }
}

#[tokio::test]
async fn case_36_a_shard_is_recommended_for_each_thousand_guilds() {
    let stage = Stage::new().await;
    for (guilds, shards) in [(1, 1), (1_000, 1), (1_001, 2), (2_500, 3)] {
        let (world, ids) = cogwright_sim_world::load::generate(guilds, 1, stage.sim.clock().now());
        stage.sim.replace_world(world);
        let (status, answer) = stage.rest_with(&ids.token, "GET", "/gateway/bot", None).await;
        assert_eq!((status, &answer["shards"]), (200, &json!(shards)), "{guilds} guilds");
        let limit = &answer["session_start_limit"];
        assert_eq!((&limit["total"], &limit["remaining"]), (&json!(1000), &json!(1000)));
        assert_eq!(limit["reset_after"], 0);
        // As many as recommended are let in, all at once as far as the concurrency goes.
        for shard in 0..shards {
            let mut client = stage.greeted().await;
            let ready = client.identify(&ids.token, json!({ "intents": 0, "shard": [shard, shards] })).await;
            assert!(ready["guilds"].as_array().expect("guilds").len() <= 1_001);
        }
        let (_, answer) = stage.rest_with(&ids.token, "GET", "/gateway/bot", None).await;
        assert_eq!(answer["session_start_limit"]["remaining"], 1000 - shards);
    }
}
