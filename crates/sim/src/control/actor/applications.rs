//! A person adds an application to a guild, as behind an invite link, or to themselves, and removes it.

use cogwright_sim_world::{ApplicationId, GuildId, UserId, commands, places};
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

/// Body of `install`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Install {
    /// For whom.
    #[schemars(with = "String")]
    user: UserId,
    /// What.
    #[schemars(with = "String")]
    application: ApplicationId,
    /// Take it away again, with its tokens for them.
    #[serde(default)]
    remove: bool,
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
        Endpoint::post(
            "/actor/install",
            "Installs an application for the person alone, so that its commands of integration type 1 follow them \
             everywhere, or takes it away",
            |call: Call<Install>| {
                let Install { user, application, remove } = call.body;
                if remove {
                    call.sim.apply(commands::UninstallForUser { user, application })?;
                } else {
                    call.sim.apply(commands::InstallForUser { user, application })?;
                }
                Ok(json!({}))
            },
        ),
    ]
}
