//! Each operation on a community's welcome screen, its onboarding and the guild's template, as a bot calls it.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use super::{Line, run, text, try_run};
use crate::RateLimitMode;

#[tokio::test]
async fn a_welcome_screen() {
    let line = Line::new(RateLimitMode::Off);
    let (guild, channel) = (line.ids.guild.to_string(), line.ids.channel.to_string());
    let body = json!({ "enabled": true, "description": "Hello", "welcome_channels": [
        { "channel_id": channel, "description": "Talk", "emoji_name": "💬", "emoji_id": null },
    ] });
    let screen = run(&line, "update_guild_welcome_screen", &[&guild], Some(body)).await;
    assert_eq!(screen["welcome_channels"][0]["emoji_name"], "💬");
    assert_eq!(run(&line, "get_guild_welcome_screen", &[&guild], None).await, screen);
    let bad = json!({ "welcome_channels": [{ "channel_id": channel }] });
    let refused = try_run(&line, "update_guild_welcome_screen", &[&guild], Some(bad)).await;
    assert_eq!(refused.code(), (400, 50035));
    let off = json!({ "features": [] });
    run(&line, "update_guild", &[&guild], Some(off)).await;
    assert_eq!(try_run(&line, "get_guild_welcome_screen", &[&guild], None).await.code(), (404, 10069));
    assert_eq!(try_run(&line, "get_guild_new_member_welcome", &[&guild], None).await.status, 204);
    assert_eq!(try_run(&line, "get_guild_new_member_welcome", &["5"], None).await.code(), (404, 10004));
}

#[tokio::test]
async fn onboarding() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let unset = run(&line, "get_guilds_onboarding", &[&guild], None).await;
    assert_eq!((&unset["enabled"], &unset["prompts"]), (&json!(false), &json!([])));
    let mut channels = Vec::new();
    for n in 0..7 {
        let body = json!({ "name": format!("open-{n}") });
        channels.push(text(&run(&line, "create_guild_channel", &[&guild], Some(body)).await, "id"));
    }
    let prompt = |id: &str| {
        json!({ "id": id, "title": "What do you make?", "single_select": false, "required": false,
            "in_onboarding": true, "type": 0, "options": [
                { "title": "Chairs", "description": "To sit", "role_ids": [], "channel_ids": [channels[0]] },
            ] })
    };
    let body =
        json!({ "prompts": [prompt("1")], "default_channel_ids": channels, "enabled": true, "mode": 0 });
    let set = run(&line, "put_guilds_onboarding", &[&guild], Some(body)).await;
    assert_eq!(
        (&set["enabled"], &set["prompts"][0]["options"][0]["title"]),
        (&json!(true), &json!("Chairs"))
    );
    assert_eq!(run(&line, "get_guilds_onboarding", &[&guild], None).await, set);
    let few = json!({ "default_channel_ids": [] });
    let refused = try_run(&line, "put_guilds_onboarding", &[&guild], Some(few)).await;
    assert_eq!(refused.code(), (400, 350_001));
}

#[tokio::test]
async fn a_template() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    assert_eq!(run(&line, "list_guild_templates", &[&guild], None).await, json!([]));
    let body = json!({ "name": "Workshops" });
    let made = run(&line, "create_guild_template", &[&guild], Some(body.clone())).await;
    let code = text(&made, "code");
    assert_eq!(try_run(&line, "create_guild_template", &[&guild], Some(body)).await.code(), (400, 30031));
    assert_eq!(run(&line, "list_guild_templates", &[&guild], None).await, json!([made]));
    // Without a token: templates are for everybody.
    let uri = format!("/api/v10/guilds/templates/{code}");
    let open = line.send(Request::get(uri).body(Body::empty()).expect("a valid request")).await;
    assert_eq!((open.status, open.json()), (200, made));
    run(&line, "update_guild", &[&guild], Some(json!({ "name": "Moved on" }))).await;
    assert_eq!(run(&line, "get_guild_template", &[&code], None).await["is_dirty"], true);
    let synced = run(&line, "sync_guild_template", &[&guild, &code], None).await;
    assert_eq!(
        (&synced["is_dirty"], &synced["serialized_source_guild"]["name"]),
        (&Value::Null, &json!("Moved on"))
    );
    let body = json!({ "description": "For workshops" });
    let changed = run(&line, "update_guild_template", &[&guild, &code], Some(body)).await;
    assert_eq!(changed["description"], "For workshops");
    assert_eq!(run(&line, "delete_guild_template", &[&guild, &code], None).await["code"], code);
    assert_eq!(try_run(&line, "get_guild_template", &[&code], None).await.code(), (404, 10057));
    for operation in ["sync_guild_template", "delete_guild_template"] {
        assert_eq!(
            try_run(&line, operation, &[&guild, &code], None).await.code(),
            (404, 10057),
            "{operation}"
        );
    }
}
