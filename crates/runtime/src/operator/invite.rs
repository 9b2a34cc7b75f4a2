//! The link that brings the bot into a guild with what its commands need.

use std::collections::BTreeMap;

use cogwright_command::{Catalog, Cog, Permissions};
use cogwright_config::Settings;
use cogwright_discord::{ApplicationInfo, Endpoint, invite as link};
use serde::Serialize;

use crate::error::StartError;
use crate::limits::way_out;

/// An invite link and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Invite {
    /// The link.
    pub url: String,
    /// The application's id, as a text: other languages cannot hold the number.
    pub client_id: String,
    /// The application's name.
    pub name: String,
    /// The permissions as Discord writes them: one number, as a text.
    pub permissions: String,
    /// Their names in Discord's settings.
    pub permission_names: Vec<String>,
    /// What single commands, or settings by their key, need beyond what every answer does.
    pub needed_by: BTreeMap<String, Vec<String>>,
}

/// Makes the link for a bot with these cogs. Asks Discord for the application's id.
///
/// # Errors
/// See [`StartError`].
pub async fn invite(settings: &Settings, endpoint: &Endpoint, cogs: Vec<Cog>) -> Result<Invite, StartError> {
    let catalog = Catalog::build_without(cogs, &settings.commands.disabled).map_err(StartError::Commands)?;
    let rest = way_out(settings, endpoint);
    let application = ApplicationInfo::ask(&rest).await.map_err(|e| StartError::of_rest(endpoint, e))?;
    Ok(of(&application, &catalog, settings))
}

fn of(application: &ApplicationInfo, catalog: &Catalog, settings: &Settings) -> Invite {
    let mut permissions = link::BASICS;
    let mut needed_by = BTreeMap::new();
    // Deleting the message of somebody else.
    if settings.auto_delete.invocation && settings.auto_delete.success.is_some() {
        permissions |= Permissions::MANAGE_MESSAGES;
        needed_by.insert("auto_delete.invocation".to_owned(), link::names(Permissions::MANAGE_MESSAGES));
    }
    for spec in catalog.commands() {
        permissions |= spec.bot_permissions;
        let further: Permissions = spec.bot_permissions - link::BASICS;
        if !further.is_empty() {
            needed_by.insert(spec.name.clone(), link::names(further));
        }
    }
    Invite {
        url: link::link(application.id, permissions),
        client_id: application.id.to_string(),
        name: application.name.clone(),
        permissions: permissions.bits().to_string(),
        permission_names: link::names(permissions),
        needed_by,
    }
}

#[cfg(test)]
mod tests {
    use cogwright_command::{Handler, Spec};
    use twilight_model::id::Id;

    use super::*;

    #[test]
    fn a_link_asks_for_what_commands_need_and_no_more() {
        let spec = |name: &str| Spec::new(name, "x", Handler::new(|_, _| async { Ok(()) }));
        let purge = spec("purge").bot_permissions(Permissions::MANAGE_MESSAGES | Permissions::SEND_MESSAGES);
        let catalog = Catalog::build([Cog::new("A").command(spec("ping")).command(purge)]).expect("is valid");
        let application =
            ApplicationInfo { id: Id::new(42), name: "bot".into(), flags: None, owner: None, team: None };
        let mut settings = Settings::with_token("a.b.c");
        settings.auto_delete.invocation = false;
        let invite = of(&application, &catalog, &settings);
        let bits = (link::BASICS | Permissions::MANAGE_MESSAGES).bits();
        assert!(invite.url.contains(&format!("client_id=42&permissions={bits}&")), "{}", invite.url);
        assert_eq!(
            invite.needed_by,
            BTreeMap::from([("purge".to_owned(), vec!["Manage Messages".to_owned()])])
        );
        let none = Catalog::build([Cog::new("A").command(spec("ping"))]).expect("is valid");
        assert!(of(&application, &none, &settings).needed_by.is_empty());
        settings.auto_delete.invocation = true;
        let invite = of(&application, &none, &settings);
        assert_eq!(
            invite.needed_by,
            BTreeMap::from([("auto_delete.invocation".to_owned(), vec!["Manage Messages".to_owned()])])
        );
        assert_eq!(invite.permissions, bits.to_string());
        settings.auto_delete.success = None;
        assert!(of(&application, &none, &settings).needed_by.is_empty(), "nothing is deleted then");
        assert!(!invite.permission_names.contains(&"Administrator".to_owned()));
    }
}
