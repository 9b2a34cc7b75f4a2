//! A person adds an application to a guild, as behind an invite link, and removes it.

use cogwright_sim_world::{ApplicationId, GuildId, UserId, places};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::control::endpoint::{Call, Endpoint};

/// Body of `authorize`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Authorize {
    /// Who; needs MANAGE_GUILD there.
    #[schemars(with = "String")]
    user: UserId,
    /// What is added.
    #[schemars(with = "String")]
    application: ApplicationId,
    /// Where to.
    #[schemars(with = "String")]
    guild: GuildId,
    /// "bot", "applications.commands" or both.
    scopes: Vec<String>,
    /// What the bot's managed role grants, as a decimal string.
    #[serde(default)]
    permissions: Option<String>,
}

/// Body of `remove_application`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RemoveApplication {
    /// Who; needs MANAGE_GUILD there.
    #[schemars(with = "String")]
    user: UserId,
    /// What is removed.
    #[schemars(with = "String")]
    application: ApplicationId,
    /// Where from.
    #[schemars(with = "String")]
    guild: GuildId,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post(
            "/actor/authorize",
            "Adds an application to a guild; answers {application, guild, member, role}",
            |call: Call<Authorize>| {
                let Authorize { user, application, guild, scopes, permissions } = call.body;
                let body = json!({ "scopes": scopes, "permissions": permissions });
                Ok(call.sim.apply(places::AuthorizeApplication { user, application, guild, body })?)
            },
        ),
        Endpoint::post(
            "/actor/remove_application",
            "Removes an application and its bot from a guild",
            |call: Call<RemoveApplication>| {
                let RemoveApplication { user, application, guild } = call.body;
                call.sim.apply(places::RemoveApplication { user, application, guild })?;
                Ok(json!({}))
            },
        ),
    ]
}
