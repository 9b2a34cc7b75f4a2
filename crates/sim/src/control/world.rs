//! `/world`: everything a test sets up. Done by the operator: no permission checks, the same events as on Discord.

use axum::http::Method;
use cogwright_sim_world::{
    Application, World, monetization,
    places::{self, operator},
    wire,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::endpoint::{Answer, Call, Endpoint};

/// Any JSON object; its fields are in the summary of the endpoint.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
struct Body(Value);

fn create(path: &'static str, summary: &'static str, run: fn(Call<Body>) -> Answer) -> Endpoint {
    Endpoint::post(path, summary, run)
}

fn change(path: &'static str, summary: &'static str, run: fn(Call<Body>) -> Answer) -> Endpoint {
    Endpoint::patch(path, summary, run)
}

fn remove(path: &'static str, summary: &'static str, run: fn(Call<Value>) -> Answer) -> Endpoint {
    Endpoint::plain(Method::DELETE, path, summary, run)
}

/// Applies an operator action and answers its JSON.
macro_rules! apply {
    ($call:ident, $action:expr) => {
        Ok($call.sim.apply($action)?)
    };
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/world", "Users, applications and guilds, without tokens", |call| {
            Ok(call.sim.read(|w, _| summary(w)))
        }),
        create("/world/users", "A person: {username, global_name?, dms_open?} -> user", |call| {
            apply!(call, operator::CreateUser { body: call.body.0.clone() })
        }),
        change("/world/users/{user}", "{username?, global_name?, dms_open?} -> user", |call| {
            apply!(call, operator::PatchUser { user: call.id("user")?, body: call.body.0.clone() })
        }),
        remove("/world/users/{user}", "Removes a person from everywhere", |call| {
            call.sim.apply(operator::DeleteUser { user: call.id("user")? })?;
            Ok(json!({}))
        }),
        create(
            "/world/applications",
            "{name, description?, privileged_intents?: [presence, members, message_content], guilds?, permissions?, \
             max_concurrency?, session_starts?, public?, redirect_uris?, require_code_grant?, public_client?} -> \
             {application, user, token, client_secret}",
            |call| apply!(call, operator::CreateApplication { body: call.body.0.clone() }),
        ),
        change("/world/applications/{application}", "The same fields -> {application, user}", |call| {
            apply!(
                call,
                operator::PatchApplication {
                    application: call.id("application")?,
                    body: call.body.0.clone()
                }
            )
        }),
        create(
            "/world/applications/{application}/token",
            "A new token; the old one is invalid -> {token}",
            |call| {
                let token = call.sim.apply(operator::NewToken { application: call.id("application")? })?;
                Ok(json!({ "token": token }))
            },
        ),
        create(
            "/world/applications/{application}/secret",
            "A new client secret; the old one is invalid -> {client_secret}",
            |call| {
                let application = call.id("application")?;
                Ok(json!({ "client_secret": call.sim.apply(operator::NewClientSecret { application })? }))
            },
        ),
        create(
            "/world/applications/{application}/skus",
            "Something to buy: {name, type} with type 2 (durable), 3 (consumable) or 5 (subscription) -> SKU",
            |call| {
                let application = call.id("application")?;
                apply!(call, monetization::CreateSku { application, body: call.body.0.clone() })
            },
        ),
        remove("/world/applications/{application}", "Removes an application and its bot", |call| {
            call.sim.apply(operator::DeleteApplication { application: call.id("application")? })?;
            Ok(json!({}))
        }),
        create("/world/guilds", "{name, owner} -> guild", |call| {
            apply!(call, operator::CreateGuild { body: call.body.0.clone() })
        }),
        Endpoint::get(
            "/world/guilds/{guild}",
            "A guild with its roles, channels, threads, members and the ids of the applications in it",
            |call| {
                let guild = call.id("guild")?;
                call.sim.read(|world, _| Ok(operator::guild_view(world, world.guild(guild)?)))
            },
        ),
        change(
            "/world/guilds/{guild}",
            "The keys of Discord's PATCH /guilds/{guild}, with any features, and {owner?, large?, unavailable?, \
             premium_tier?} -> guild",
            |call| apply!(call, operator::PatchGuild { guild: call.id("guild")?, body: call.body.0.clone() }),
        ),
        remove("/world/guilds/{guild}", "Removes a guild", |call| {
            call.sim.apply(operator::DeleteGuild { guild: call.id("guild")? })?;
            Ok(json!({}))
        }),
        create(
            "/world/guilds/{guild}/channels",
            "{name, type?, topic?, parent_id?, position?, nsfw?, rate_limit_per_user?, permission_overwrites?} -> channel",
            |call| {
                apply!(call, operator::CreateChannel { guild: call.id("guild")?, body: call.body.0.clone() })
            },
        ),
        change("/world/channels/{channel}", "The same fields -> channel", |call| {
            apply!(call, operator::PatchChannel { channel: call.id("channel")?, body: call.body.0.clone() })
        }),
        remove("/world/channels/{channel}", "Removes a channel or thread", |call| {
            call.sim.apply(operator::DeleteChannel { channel: call.id("channel")? })?;
            Ok(json!({}))
        }),
        create(
            "/world/guilds/{guild}/roles",
            "{name, permissions?, color?, hoist?, mentionable?, position?} -> role",
            |call| apply!(call, operator::CreateRole { guild: call.id("guild")?, body: call.body.0.clone() }),
        ),
        change("/world/guilds/{guild}/roles/{role}", "The same fields -> role", |call| {
            let (guild, role) = (call.id("guild")?, call.id("role")?);
            apply!(call, operator::PatchRole { guild, role, body: call.body.0.clone() })
        }),
        change("/world/guilds/{guild}/roles", "Moves roles: a list of {id, position} -> all roles", |call| {
            let guild = call.id("guild")?;
            apply!(call, places::MoveRoles { actor: None, guild, body: call.body.0.clone() })
        }),
        remove("/world/guilds/{guild}/roles/{role}", "Removes a role", |call| {
            call.sim.apply(operator::DeleteRole { guild: call.id("guild")?, role: call.id("role")? })?;
            Ok(json!({}))
        }),
        create("/world/guilds/{guild}/members", "{user, nick?, roles?} -> member", |call| {
            apply!(call, operator::AddMember { guild: call.id("guild")?, body: call.body.0.clone() })
        }),
        change(
            "/world/guilds/{guild}/members/{user}",
            "{nick?, roles?, communication_disabled_until?} -> member",
            |call| {
                let (guild, user) = (call.id("guild")?, call.id("user")?);
                apply!(call, operator::PatchMember { guild, user, body: call.body.0.clone() })
            },
        ),
        Endpoint::plain(
            Method::PUT,
            "/world/guilds/{guild}/members/{user}/roles/{role}",
            "Gives a member a role -> member",
            |call| set_role(&call, true),
        ),
        remove(
            "/world/guilds/{guild}/members/{user}/roles/{role}",
            "Takes a role from a member -> member",
            |call| set_role(&call, false),
        ),
        remove("/world/guilds/{guild}/members/{user}", "Removes a member", |call| {
            call.sim.apply(operator::RemoveMember { guild: call.id("guild")?, user: call.id("user")? })?;
            Ok(json!({}))
        }),
    ]
}

fn set_role(call: &Call<Value>, give: bool) -> Answer {
    let (guild, user, role) = (call.id("guild")?, call.id("user")?, call.id("role")?);
    Ok(call.sim.apply(operator::SetMemberRole { guild, user, role, give })?)
}

/// An application as its owner finds it in the portal, but for its secrets.
fn in_portal(world: &World, application: &Application) -> Value {
    let mut value = wire::application_summary(world, application);
    let client = &application.oauth2;
    value["public"] = json!(application.public);
    value["redirect_uris"] = json!(client.redirect_uris);
    value["require_code_grant"] = json!(client.require_code_grant);
    value["public_client"] = json!(client.public_client);
    value
}

fn summary(world: &World) -> Value {
    let guilds: Vec<Value> = world.guilds().map(|guild| operator::guild_view(world, guild)).collect();
    json!({
        "users": world.users().map(wire::user).collect::<Vec<_>>(),
        "applications": world.applications().map(|a| in_portal(world, a)).collect::<Vec<_>>(),
        "guilds": guilds,
    })
}
