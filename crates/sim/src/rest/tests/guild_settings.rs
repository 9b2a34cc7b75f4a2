//! Each operation on a guild as a whole, as a bot calls it.

use axum::{body::Body, http::Request};
use cogwright_sim_world::{Actor, Timestamp, places::operator, webhooks};
use serde_json::json;

use super::{Line, run, text, try_run};
use crate::RateLimitMode;

#[tokio::test]
async fn a_guild_is_changed() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let body = json!({ "name": "Renamed", "afk_timeout": 60, "features": ["COMMUNITY", "INVITES_DISABLED"] });
    let changed = run(&line, "update_guild", &[&guild], Some(body)).await;
    assert_eq!((&changed["name"], &changed["afk_timeout"]), (&json!("Renamed"), &json!(60)));
    assert_eq!(run(&line, "get_guild", &[&guild], None).await["features"], changed["features"]);
    let refused = try_run(&line, "update_guild", &[&guild], Some(json!({ "name": "x" }))).await;
    assert_eq!(refused.code(), (400, 50035));
    assert_eq!(try_run(&line, "update_guild", &["5"], Some(json!({}))).await.code(), (404, 10004));
    let banner = json!({ "banner": "data:image/png;base64,iVBORw0KGgo=" });
    assert_eq!(try_run(&line, "update_guild", &[&guild], Some(banner)).await.code(), (403, 50101));
    let rules = text(&changed, "rules_channel_id");
    assert_eq!(try_run(&line, "delete_channel", &[&rules], None).await.code(), (400, 50074));
}

#[tokio::test]
async fn invites_are_paused_and_the_guild_is_previewed() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let until = Timestamp::from_ms(line.sim.clock().now().ms() + 3_600_000).iso();
    let body = json!({ "invites_disabled_until": until, "dms_disabled_until": null });
    let data = run(&line, "update_guild_incident_actions", &[&guild], Some(body.clone())).await;
    assert_eq!(data, body);
    assert_eq!(run(&line, "get_guild", &[&guild], None).await["incidents_data"], data);
    let bad = json!({ "invites_disabled_until": "tomorrow" });
    let refused = try_run(&line, "update_guild_incident_actions", &[&guild], Some(bad)).await;
    assert_eq!(refused.code(), (400, 50035));
    let preview = run(&line, "get_guild_preview", &[&guild], None).await;
    assert_eq!((&preview["id"], &preview["approximate_member_count"]), (&json!(guild), &json!(5)));
    assert_eq!(try_run(&line, "get_guild_preview", &["5"], None).await.code(), (404, 10004));
}

#[tokio::test]
async fn a_widget_is_switched_on_and_anybody_sees_it() {
    let line = Line::new(RateLimitMode::Off);
    let guild = line.ids.guild.to_string();
    let channel = line.ids.channel.to_string();
    for operation in ["get_guild_widget", "get_guild_widget_png"] {
        assert_eq!(try_run(&line, operation, &[&guild], None).await.code(), (403, 50004), "{operation}");
    }
    let body = json!({ "enabled": true, "channel_id": channel });
    let settings = run(&line, "update_guild_widget_settings", &[&guild], Some(body.clone())).await;
    assert_eq!(settings, body);
    assert_eq!(run(&line, "get_guild_widget_settings", &[&guild], None).await, body);
    assert_eq!(run(&line, "get_guild_widget", &[&guild], None).await["presence_count"], 4);
    // Without a token, as a browser asks for it.
    let picture = async |style: &str| {
        let uri = format!("/api/v10/guilds/{guild}/widget.png{style}");
        line.send(Request::get(uri).body(Body::empty()).expect("a valid request")).await
    };
    let shield = picture("").await;
    assert_eq!((shield.status, shield.header("content-type")), (200, Some("image/png")));
    assert_eq!(shield.bytes[16..24], [0, 0, 0, 147, 0, 0, 0, 32]);
    assert_eq!(picture("?style=banner4").await.bytes[16..24], [0, 0, 1, 64, 0, 0, 0, 219]);
    assert_eq!(picture("?style=round").await.code(), (400, 50035));
    let body = json!({ "channel_id": "5" });
    let refused = try_run(&line, "update_guild_widget_settings", &[&guild], Some(body)).await;
    assert_eq!(refused.code(), (400, 50035));
    let role = line.sim.read(|world, _| {
        let guild = world.guild(line.ids.guild).expect("the guild");
        guild.roles.values().find(|r| r.managed).expect("the bot's role").id
    });
    let body = json!({ "permissions": "0" });
    line.sim.apply(operator::PatchRole { guild: line.ids.guild, role, body }).expect("is allowed");
    for operation in ["get_guild_widget_settings", "update_guild_widget_settings", "update_guild"] {
        let body = operation.starts_with("update").then(|| json!({}));
        assert_eq!(try_run(&line, operation, &[&guild], body).await.code(), (403, 50013), "{operation}");
    }
}

#[tokio::test]
async fn integrations_are_listed_and_removed_with_their_bot_and_webhooks() {
    let line = Line::new(RateLimitMode::Off);
    let (guild, own) = (line.ids.guild.to_string(), line.ids.application.to_string());
    let body = json!({ "name": "Guest", "guilds": [guild], "permissions": "536870912" });
    let guest = line.sim.apply(operator::CreateApplication { body }).expect("is allowed");
    let guest = text(&guest["application"], "id");
    let listed = run(&line, "list_guild_integrations", &[&guild], None).await;
    let ids: Vec<&str> = listed.as_array().expect("a list").iter().filter_map(|i| i["id"].as_str()).collect();
    assert_eq!(ids, [own.as_str(), guest.as_str()]);
    assert_eq!(listed[1]["scopes"], json!(["applications.commands", "bot"]));

    let access = webhooks::CreateWebhook {
        actor: Actor::bot(guest.parse().expect("an id")),
        channel: line.ids.channel,
        body: json!({ "name": "Guest's" }),
    };
    let webhook = line.sim.apply(access).expect("may manage webhooks");
    run(&line, "delete_guild_integration", &[&guild, &guest], None).await;
    let gone = try_run(&line, "get_webhook", &[&text(&webhook, "id")], None).await;
    assert_eq!(gone.code(), (404, 10015));
    assert_eq!(try_run(&line, "get_guild_member", &[&guild, &guest], None).await.code(), (404, 10007));
    let again = try_run(&line, "delete_guild_integration", &[&guild, &guest], None).await;
    assert_eq!(again.code(), (404, 10005));
}
