//! Application objects. See Discord docs: Application / Application Object.

use serde_json::{Value, json};

use super::user_by_id;
use crate::{Application, World, intents, oauth2::Scope};

/// Application flags for the privileged intents that are on (the "limited" ones: no review needed) and for
/// having global commands.
pub fn application_flags(world: &World, application: &Application) -> u64 {
    let limited = [
        (intents::GUILD_PRESENCES, 1 << 13),
        (intents::GUILD_MEMBERS, 1 << 15),
        (intents::MESSAGE_CONTENT, 1 << 19),
    ];
    let has_intent = |bit: u64| application.privileged_intents & bit != 0;
    let mut flags = limited.iter().filter(|(bit, _)| has_intent(*bit)).map(|(_, flag)| flag).sum();
    let own_global = |c: &&crate::Command| c.application == application.id && c.guild.is_none();
    if world.commands.values().any(|c| own_global(&c)) {
        flags |= 1 << 23;
    }
    flags
}

/// The application as its owner and its bot see it.
pub fn application(world: &World, application: &Application) -> Value {
    let flags = application_flags(world, application);
    let installs = world.user_installs.iter().filter(|(_, app)| *app == application.id).count();
    let agreements = world.oauth2.agreements.iter().filter(|a| a.application == application.id).count();
    let mut value = json!({
        "id": application.id,
        "name": application.name,
        "icon": application.icon,
        "description": application.description,
        "summary": "",
        "type": null,
        "verify_key": application.verify_key,
        "flags": flags,
        "flags_new": flags.to_string(),
        "bot": user_by_id(world, application.id.into()),
        "bot_public": application.public,
        "bot_require_code_grant": application.oauth2.require_code_grant,
        "redirect_uris": application.oauth2.redirect_uris,
        "interactions_endpoint_url": null,
        "role_connections_verification_url": null,
        "owner": user_by_id(world, application.owner),
        "team": null,
        "approximate_guild_count": world.guilds_of(application.id.into()).count(),
        "approximate_user_install_count": installs,
        "approximate_user_authorization_count": agreements,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": Scope::ALL,
        "integration_types_config": { "0": {}, "1": {} },
        "event_webhooks_url": null,
        "event_webhooks_status": 1,
    });
    if !application.tags.is_empty() {
        value["tags"] = json!(application.tags);
    }
    for (key, setting) in &application.settings {
        value[key] = setting.clone();
    }
    value
}

/// What GET /oauth2/@me tells of an application.
pub fn application_of_authorization(world: &World, application: &Application) -> Value {
    let flags = application_flags(world, application);
    json!({
        "id": application.id,
        "name": application.name,
        "icon": application.icon,
        "description": application.description,
        "summary": "",
        "type": null,
        "hook": true,
        "bot": user_by_id(world, application.id.into()),
        "bot_public": application.public,
        "bot_require_code_grant": application.oauth2.require_code_grant,
        "verify_key": application.verify_key,
        "flags": flags,
        "flags_new": flags.to_string(),
    })
}

/// What anybody may know of an application: for lists of worlds and command pickers.
pub fn application_summary(world: &World, application: &Application) -> Value {
    json!({
        "id": application.id,
        "name": application.name,
        "icon": application.icon,
        "description": application.description,
        "flags": application_flags(world, application),
        "bot": user_by_id(world, application.id.into()),
    })
}
