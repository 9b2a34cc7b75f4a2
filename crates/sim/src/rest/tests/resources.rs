//! The routes one by one: that each does its work, with the documented success code, and asks for a token.

use axum::{body::Body, http::Request};
use cogwright_sim_world::places::operator;
use serde_json::json;

use super::{Line, run, text, try_run};
use crate::{
    RateLimitMode,
    rest::{
        routes::handler,
        table::{Access, TABLE},
    },
};

#[tokio::test]
async fn every_simulated_route_that_needs_a_token_refuses_to_work_without() {
    let line = Line::new(RateLimitMode::Off);
    let mut checked = 0;
    for operation in TABLE.operations().iter().filter(|o| handler(o.id).is_some()) {
        let path =
            operation.path.split('/').map(|s| if s.starts_with('{') { "123456789012345678" } else { s });
        let uri = format!("/api/v10{}", path.collect::<Vec<_>>().join("/"));
        let request = Request::builder().method(operation.method).uri(&uri).body(Body::empty()).unwrap();
        let answer = line.send(request).await;
        let refused = answer.status == 401 && answer.json()["code"] == 0;
        assert_eq!(
            refused,
            matches!(operation.access, Access::Bot | Access::Bearer),
            "{} {uri}: {answer:?}",
            operation.method
        );
        checked += 1;
    }
    assert!(checked > 60, "only {checked} routes");
}

#[tokio::test]
async fn what_any_bot_asks_for_at_its_start() {
    let line = Line::new(RateLimitMode::Off);
    let id = line.ids.application.to_string();
    assert_eq!(run(&line, "get_my_user", &[], None).await["id"], id);
    assert_eq!(run(&line, "get_my_application", &[], None).await["id"], id);
    assert!(run(&line, "get_my_oauth2_application", &[], None).await["bot_public"].is_boolean());
    assert_eq!(run(&line, "get_gateway", &[], None).await["url"], "ws://127.0.0.1:8787");
    let gateway = run(&line, "get_bot_gateway", &[], None).await;
    assert_eq!(gateway["shards"], 1);
    for key in ["total", "remaining", "reset_after", "max_concurrency"] {
        assert!(gateway["session_start_limit"][key].is_u64(), "{key}");
    }
    assert!(run(&line, "get_soundboard_default_sounds", &[], None).await.is_array());
    assert!(run(&line, "list_sticker_packs", &[], None).await["sticker_packs"].is_array());
    assert!(!run(&line, "list_voice_regions", &[], None).await.as_array().unwrap().is_empty());
    let guilds = run(&line, "list_my_guilds", &[], None).await;
    assert_eq!(guilds[0]["id"], line.ids.guild.to_string());
}

#[tokio::test]
async fn a_message_is_forwarded_to_a_direct_message() {
    let line = Line::new(RateLimitMode::Off);
    let channel = line.ids.channel.to_string();
    let body = json!({ "content": "**look**", "embeds": [{ "title": "t" }] });
    let said = run(&line, "create_message", &[&channel], Some(body)).await;
    let person = line.ids.user.to_string();
    let direct = text(&run(&line, "create_dm", &[], Some(json!({ "recipient_id": person }))).await, "id");
    let forward = |channel: &str| {
        json!({ "message_reference": {
            "type": 1, "channel_id": channel, "message_id": said["id"], "fail_if_not_exists": true,
        } })
    };
    let forwarded = run(&line, "create_message", &[&direct], Some(forward(&channel))).await;
    assert_eq!((&forwarded["flags"], &forwarded["type"]), (&json!(1 << 14), &json!(0)));
    assert_eq!(forwarded["message_snapshots"][0]["message"]["content"], "**look**");
    let read = run(&line, "get_message", &[&direct, &text(&forwarded, "id")], None).await;
    assert_eq!(read["message_snapshots"], forwarded["message_snapshots"]);
    let answer = try_run(&line, "create_message", &[&direct], Some(forward(&direct))).await;
    assert_eq!(answer.code(), (400, 160_008), "it is not there");
}

#[tokio::test]
async fn as_many_shards_are_recommended_as_the_guilds_need() {
    let line = Line::new(RateLimitMode::Off);
    let recommended = async || run(&line, "get_bot_gateway", &[], None).await["shards"].clone();
    for _ in 0..4 {
        let body = json!({ "name": "more", "owner": line.ids.user });
        let made = line.sim.apply(operator::CreateGuild { body }).expect("is allowed");
        let body = json!({ "user": line.ids.application });
        let guild = text(&made, "id").parse().expect("an id");
        line.sim.apply(operator::AddMember { guild, body }).expect("is allowed");
    }
    assert_eq!(recommended().await, 1, "five guilds, where Discord would have a thousand on a shard");
    for (of_each, shards) in [(5, 1), (4, 2), (2, 3), (1, 5)] {
        line.sim.change_settings(|settings| settings.guilds_per_shard = of_each);
        assert_eq!(recommended().await, shards, "{of_each} guilds a shard");
    }
}

#[tokio::test]
async fn places_and_people_are_read() {
    let line = Line::new(RateLimitMode::Off);
    let (guild, channel, user) =
        (line.ids.guild.to_string(), line.ids.channel.to_string(), line.ids.user.to_string());
    let (guild, channel, user) = (guild.as_str(), channel.as_str(), user.as_str());
    assert_eq!(run(&line, "get_guild", &[guild], None).await["owner_id"], user);
    assert_eq!(run(&line, "get_channel", &[channel], None).await["guild_id"], guild);
    assert_eq!(run(&line, "get_user", &[user], None).await["id"], user);
    assert_eq!(run(&line, "get_guild_member", &[guild, user], None).await["user"]["id"], user);
    let channels = run(&line, "list_guild_channels", &[guild], None).await;
    assert!(channels.as_array().unwrap().iter().any(|c| c["id"] == channel));
    let roles = run(&line, "list_guild_roles", &[guild], None).await;
    assert_eq!(run(&line, "get_guild_role", &[guild, guild], None).await["name"], "@everyone");
    assert!(roles.as_array().unwrap().len() > 1);
    run(&line, "guild_role_member_counts", &[guild], None).await;
    run(&line, "get_active_guild_threads", &[guild], None).await;
    let page = line.get(&format!("/guilds/{guild}/members?limit=1000")).await.json();
    let last = page.as_array().unwrap().last().unwrap()["user"]["id"].as_str().unwrap().to_owned();
    let rest = line.get(&format!("/guilds/{guild}/members?limit=1000&after={last}")).await;
    assert_eq!(rest.json(), json!([]), "paging ends with an empty page");
    let found = line.get(&format!("/guilds/{guild}/members/search?query=zzzzz&limit=5")).await;
    assert_eq!(found.json(), json!([]));
    assert_eq!(try_run(&line, "get_guild_member", &[guild, "1"], None).await.status, 404);
}

#[tokio::test]
async fn a_message_from_its_creation_to_its_end() {
    let line = Line::new(RateLimitMode::Off);
    let channel = line.ids.channel.to_string();
    let channel = channel.as_str();
    let made = run(&line, "create_message", &[channel], Some(json!({"content": "one"}))).await;
    let message = text(&made, "id");
    let message = message.as_str();
    assert_eq!(run(&line, "get_message", &[channel, message], None).await["content"], "one");
    let edited = run(&line, "update_message", &[channel, message], Some(json!({"content": "two"}))).await;
    assert_eq!(edited["content"], "two");
    let page = line.get(&format!("/channels/{channel}/messages?limit=1")).await.json();
    assert_eq!(page[0]["id"], message);
    run(&line, "trigger_typing_indicator", &[channel], None).await;

    let thumb = "%F0%9F%91%8D";
    run(&line, "add_my_message_reaction", &[channel, message, thumb], None).await;
    let users = run(&line, "list_message_reactions_by_emoji", &[channel, message, thumb], None).await;
    assert_eq!(users[0]["id"], line.ids.application.to_string());
    run(&line, "delete_my_message_reaction", &[channel, message, thumb], None).await;
    let unknown = "custom:123456789012345678";
    let answer = try_run(&line, "add_my_message_reaction", &[channel, message, unknown], None).await;
    assert_eq!(answer.code(), (400, 10014));
    let guild = line.ids.guild.to_string();
    let body = json!({"name": "custom", "image": "data:image/png;base64,iVBORw0KGgo="});
    let custom = text(&run(&line, "create_guild_emoji", &[&guild], Some(body)).await, "id");
    for emoji in [format!("custom:{custom}"), format!("custom%3A{custom}")] {
        run(&line, "add_my_message_reaction", &[channel, message, &emoji], None).await;
    }
    let shown = run(&line, "get_message", &[channel, message], None).await;
    assert_eq!(shown["reactions"].as_array().unwrap().len(), 1);
    run(&line, "delete_all_message_reactions", &[channel, message], None).await;

    run(&line, "create_pin", &[channel, message], None).await;
    assert_eq!(run(&line, "list_pins", &[channel], None).await["items"][0]["message"]["id"], message);
    assert_eq!(run(&line, "deprecated_list_pins", &[channel], None).await[0]["id"], message);
    run(&line, "deprecated_delete_pin", &[channel, message], None).await;
    assert_eq!(run(&line, "list_pins", &[channel], None).await["items"], json!([]));

    run(&line, "delete_message", &[channel, message], None).await;
    assert_eq!(try_run(&line, "get_message", &[channel, message], None).await.code(), (404, 10008));
    let mut ids = Vec::new();
    for n in 0..2 {
        let made = run(&line, "create_message", &[channel], Some(json!({"content": n.to_string()}))).await;
        ids.push(text(&made, "id"));
    }
    run(&line, "bulk_delete_messages", &[channel], Some(json!({"messages": ids}))).await;
}

#[tokio::test]
async fn commands_global_and_per_guild() {
    let line = Line::new(RateLimitMode::Off);
    let (app, guild) = (line.ids.application.to_string(), line.ids.guild.to_string());
    let (app, guild) = (app.as_str(), guild.as_str());
    let body = |name: &str| json!({"name": name, "description": "Says hello"});
    let set = run(&line, "bulk_set_application_commands", &[app], Some(json!([body("a"), body("b")]))).await;
    assert_eq!(set.as_array().unwrap().len(), 2);
    let created = try_run(&line, "create_application_command", &[app], Some(body("c"))).await;
    assert_eq!(created.status, 201);
    let again = try_run(&line, "create_application_command", &[app], Some(body("c"))).await;
    assert_eq!(again.status, 200, "overwritten, not new");
    let id = text(&created.json(), "id");
    assert_eq!(text(&again.json(), "id"), id);
    let edited =
        run(&line, "update_application_command", &[app, &id], Some(json!({"description": "x"}))).await;
    assert_eq!(edited["description"], "x");
    assert_eq!(run(&line, "get_application_command", &[app, &id], None).await["id"], id);
    run(&line, "delete_application_command", &[app, &id], None).await;
    assert_eq!(run(&line, "list_application_commands", &[app], None).await.as_array().unwrap().len(), 2);

    run(&line, "bulk_set_guild_application_commands", &[app, guild], Some(json!([body("a")]))).await;
    let own = run(&line, "list_guild_application_commands", &[app, guild], None).await;
    assert_eq!(own[0]["guild_id"], guild);
    run(&line, "list_guild_application_command_permissions", &[app, guild], None).await;
    let put =
        try_run(&line, "set_guild_application_command_permissions", &[app, guild, &id], Some(json!({})))
            .await;
    assert_eq!(put.status, 403, "bots may not");
    assert_eq!(try_run(&line, "list_application_commands", &["5"], None).await.code(), (403, 20012));
}

#[tokio::test]
async fn a_direct_message_channel_is_opened_once() {
    let line = Line::new(RateLimitMode::Off);
    let body = json!({"recipient_id": line.ids.user.to_string()});
    let first = run(&line, "create_dm", &[], Some(body.clone())).await;
    assert_eq!(first["type"], 1);
    assert_eq!(run(&line, "create_dm", &[], Some(body)).await["id"], first["id"]);
    let missing = try_run(&line, "create_dm", &[], Some(json!({}))).await;
    assert_eq!(missing.json()["errors"]["recipient_id"]["_errors"][0]["code"], "BASE_TYPE_REQUIRED");
    let sent = run(&line, "create_message", &[&text(&first, "id")], Some(json!({"content": "hi"}))).await;
    assert_eq!(sent["channel_id"], first["id"]);
}

#[tokio::test]
async fn threads_and_their_members() {
    let line = Line::new(RateLimitMode::Off);
    let (channel, user) = (line.ids.channel.to_string(), line.ids.user.to_string());
    let made = run(&line, "create_message", &[&channel], Some(json!({"content": "start"}))).await;
    let message = text(&made, "id");
    let body = json!({"name": "from a message"});
    let thread = run(&line, "create_thread_from_message", &[&channel, &message], Some(body.clone())).await;
    assert_eq!(text(&thread, "id"), message, "a thread has the id of its message");
    let again = try_run(&line, "create_thread_from_message", &[&channel, &message], Some(body)).await;
    assert_eq!(again.code(), (400, 160_004));

    let thread = run(&line, "create_thread", &[&channel], Some(json!({"name": "own", "type": 11}))).await;
    let thread = text(&thread, "id");
    run(&line, "add_thread_member", &[&thread, &user], None).await;
    assert_eq!(run(&line, "get_thread_member", &[&thread, &user], None).await["user_id"], user);
    assert_eq!(run(&line, "get_thread_member", &[&thread, "@me"], None).await["id"], thread);
    assert_eq!(run(&line, "list_thread_members", &[&thread], None).await.as_array().unwrap().len(), 2);
    run(&line, "delete_thread_member", &[&thread, &user], None).await;
    run(&line, "leave_thread", &[&thread], None).await;
    run(&line, "join_thread_by_post", &[&thread], None).await;
    run(&line, "join_thread", &[&thread], None).await;
    let active = run(&line, "get_active_guild_threads", &[&line.ids.guild.to_string()], None).await;
    assert_eq!(active["threads"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_interaction_is_answered_edited_and_followed_up() {
    let line = Line::new(RateLimitMode::Off);
    let app = line.ids.application.to_string();
    let body = json!([{"name": "hello", "description": "Says hello"}]);
    run(&line, "bulk_set_application_commands", &[&app], Some(body)).await;
    let (interaction, token) = line.invoke("hello");
    let (interaction, token) = (interaction.as_str(), token.as_str());
    assert_eq!(
        try_run(&line, "get_original_webhook_message", &[&app, token], None).await.code(),
        (404, 10015),
        "nothing before the first answer"
    );
    let answer = json!({"type": 4, "data": {"content": "first"}});
    let ack =
        try_run(&line, "create_interaction_response", &[interaction, token], Some(answer.clone())).await;
    assert_eq!((ack.status, ack.bytes.len()), (204, 0));
    let second = try_run(&line, "create_interaction_response", &[interaction, token], Some(answer)).await;
    assert_eq!(second.code(), (400, 40_060));

    let original = run(&line, "get_original_webhook_message", &[&app, token], None).await;
    assert_eq!(original["content"], "first");
    let escaped = line.get(&format!("/webhooks/{app}/{token}/messages/%40original")).await.json();
    assert_eq!(escaped["id"], original["id"]);
    let edit = json!({"content": "edited"});
    let edited = run(&line, "update_original_webhook_message", &[&app, token], Some(edit)).await;
    assert_eq!(edited["content"], "edited");

    let later = run(&line, "execute_webhook", &[&app, token], Some(json!({"content": "later"}))).await;
    let id = text(&later, "id");
    assert_eq!(run(&line, "get_webhook_message", &[&app, token, &id], None).await["content"], "later");
    run(&line, "update_webhook_message", &[&app, token, &id], Some(json!({"content": "x"}))).await;
    run(&line, "delete_webhook_message", &[&app, token, &id], None).await;
    run(&line, "delete_original_webhook_message", &[&app, token], None).await;
    assert_eq!(
        try_run(&line, "create_interaction_response", &["5", "nonsense"], Some(json!({"type": 1})))
            .await
            .code(),
        (404, 10062)
    );
}

#[tokio::test]
async fn with_response_tells_what_the_callback_did() {
    let line = Line::new(RateLimitMode::Off);
    let app = line.ids.application.to_string();
    let body = json!([{"name": "hello", "description": "Says hello"}]);
    run(&line, "bulk_set_application_commands", &[&app], Some(body)).await;
    for flag in ["1", "true"] {
        let (interaction, token) = line.invoke("hello");
        let path = format!("/interactions/{interaction}/{token}/callback?with_response={flag}");
        let answer = line.call("POST", &path, Some(json!({"type": 4, "data": {"content": "x"}}))).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["interaction"]["id"], interaction);
    }
}

#[tokio::test]
async fn case_31_uploads_come_back_from_the_cdn() {
    let line = Line::new(RateLimitMode::Off);
    let payload = r#"{"content":"a file","attachments":[{"id":0,"description":"what it shows"}]}"#;
    let file = "--X\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"note.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n";
    let json_part = |kind: &str| {
        format!("--X\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n{kind}\r\n{payload}\r\n")
    };
    let bodies = [
        format!("{file}{}--X--\r\n", json_part("")),
        format!("{}{file}--X--\r\n", json_part("Content-Type: text/plain; charset=utf-8\r\n")),
        format!("{}{file}--X--\r\n", json_part("Content-Type: application/json\r\n")),
        format!("{}{}--X--\r\n", json_part(""), file.replace("files[0]", "file")),
    ];
    for body in bodies {
        let request = Request::builder()
            .method("POST")
            .uri(format!("/api/v10/channels/{}/messages", line.ids.channel))
            .header("authorization", format!("Bot {}", line.ids.token))
            .header("content-type", "multipart/form-data; boundary=X");
        let answer = line.send(request.body(Body::from(body.clone())).unwrap()).await;
        assert_eq!(answer.status, 200, "{body}\n{answer:?}");
        let attachment = &answer.json()["attachments"][0];
        assert_eq!(attachment["filename"], "note.txt");
        assert_eq!(attachment["size"], 5);
        assert_eq!(attachment["description"], "what it shows");
    }
}

#[tokio::test]
async fn content_is_kept_from_bots_without_the_intent() {
    let line = Line::new(RateLimitMode::Off);
    let channel = line.ids.channel;
    let said = |content: &str| {
        let actor = cogwright_sim_world::Actor::person(line.ids.user);
        let body = json!({"content": content});
        let create = cogwright_sim_world::messages::CreateMessage { actor, channel, body, files: Vec::new() };
        text(&line.sim.apply(create).unwrap(), "id")
    };
    let private = said("for people only");
    let meant = said(&format!("hey <@{}>", line.ids.application));
    let own = text(
        &line
            .call("POST", &format!("/channels/{channel}/messages"), Some(json!({"content": "mine"})))
            .await
            .json(),
        "id",
    );
    let content = async |id: &str| {
        let one = line.get(&format!("/channels/{channel}/messages/{id}")).await.json()["content"].clone();
        let list = line.get(&format!("/channels/{channel}/messages?limit=3")).await.json();
        let same = list.as_array().unwrap().iter().find(|m| m["id"] == id).unwrap()["content"].clone();
        assert_eq!(one, same);
        one
    };
    assert_eq!(content(&private).await, "for people only");
    let body = json!({"privileged_intents": []});
    let application = line.ids.application;
    line.sim.apply(operator::PatchApplication { application, body }).unwrap();
    assert_eq!(content(&private).await, "");
    assert_eq!(content(&meant).await, format!("hey <@{}>", line.ids.application));
    assert_eq!(content(&own).await, "mine");
}

#[tokio::test]
async fn roles_and_overwrites() {
    let line = Line::new(RateLimitMode::Off);
    let (guild, channel) = (line.ids.guild.to_string(), line.ids.channel.to_string());
    let body = json!({ "name": "Helper", "permissions": "2048", "color": 255, "mentionable": true });
    let role = run(&line, "create_guild_role", &[&guild], Some(body)).await;
    let id = text(&role, "id");
    assert_eq!(
        (&role["name"], &role["position"], &role["managed"]),
        (&json!("Helper"), &json!(1), &json!(false))
    );
    let edited = run(&line, "update_guild_role", &[&guild, &id], Some(json!({ "hoist": true }))).await;
    assert_eq!((&edited["hoist"], &edited["permissions"]), (&json!(true), &json!("2048")));
    let order = json!([{ "id": id, "position": 2 }]);
    let roles = run(&line, "bulk_update_guild_roles", &[&guild], Some(order)).await;
    let moved = roles.as_array().unwrap().iter().find(|r| r["id"] == id.as_str()).unwrap();
    assert_eq!(moved["position"], 2);
    // The bot's own top role is the third: what is above it is out of reach.
    let order = json!([{ "id": id, "position": 5 }]);
    let answer = try_run(&line, "bulk_update_guild_roles", &[&guild], Some(order)).await;
    assert_eq!(answer.code(), (403, 50013));

    let body = json!({ "type": 0, "allow": "0", "deny": "64" });
    run(&line, "set_channel_permission_overwrite", &[&channel, &id], Some(body)).await;
    let shown = run(&line, "get_channel", &[&channel], None).await;
    let listed = json!([{ "id": id, "type": 0, "allow": "0", "deny": "64" }]);
    assert_eq!(shown["permission_overwrites"], listed);
    run(&line, "delete_channel_permission_overwrite", &[&channel, &id], None).await;
    let answer = try_run(&line, "delete_channel_permission_overwrite", &[&channel, &id], None).await;
    assert_eq!(answer.code(), (404, 10009));
    run(&line, "delete_guild_role", &[&guild, &id], None).await;
    let answer = try_run(&line, "delete_guild_role", &[&guild, &id], None).await;
    assert_eq!(answer.code(), (404, 10011));
}

#[tokio::test]
async fn what_a_bot_is_in_its_guild_until_it_leaves() {
    let line = Line::new(RateLimitMode::Off);
    let (app, guild) = (line.ids.application.to_string(), line.ids.guild.to_string());
    let (app, guild) = (app.as_str(), guild.as_str());
    let user = line.ids.user.to_string();
    let role = text(&run(&line, "create_guild_role", &[guild], Some(json!({"name": "Helper"}))).await, "id");
    run(&line, "add_guild_member_role", &[guild, &user, &role], None).await;
    let member = run(&line, "get_guild_member", &[guild, &user], None).await;
    assert!(member["roles"].as_array().unwrap().contains(&json!(role)));
    run(&line, "delete_guild_member_role", &[guild, &user, &role], None).await;
    let member = run(&line, "get_guild_member", &[guild, &user], None).await;
    assert!(!member["roles"].as_array().unwrap().contains(&json!(role)));
    let own = run(&line, "update_my_guild_member", &[guild], Some(json!({"nick": "Robin"}))).await;
    assert_eq!(own["nick"], "Robin");
    assert!(!run(&line, "list_guild_voice_regions", &[guild], None).await.as_array().unwrap().is_empty());

    assert_eq!(run(&line, "get_application", &[app], None).await["id"], app);
    let changed = run(&line, "update_application", &[app], Some(json!({"description": "Helps"}))).await;
    assert_eq!(changed["description"], "Helps");
    let body = json!({"name": "here", "description": "Only here"});
    let made = run(&line, "create_guild_application_command", &[app, guild], Some(body)).await;
    let command = text(&made, "id");
    let body = Some(json!({"description": "Here alone"}));
    run(&line, "update_guild_application_command", &[app, guild, &command], body).await;
    let found = run(&line, "get_guild_application_command", &[app, guild, &command], None).await;
    assert_eq!(found["description"], "Here alone");

    let channel = line.ids.channel.to_string();
    let message = text(&run(&line, "create_message", &[&channel], Some(json!({"content": "x"}))).await, "id");
    run(&line, "deprecated_create_pin", &[&channel, &message], None).await;
    assert_eq!(run(&line, "get_message", &[&channel, &message], None).await["pinned"], true);

    run(&line, "leave_guild", &[guild], None).await;
    assert_eq!(run(&line, "list_my_guilds", &[], None).await, json!([]));
}
