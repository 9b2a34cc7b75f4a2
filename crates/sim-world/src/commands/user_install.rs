//! A person has an application for themselves, and gives it up again. See Discord docs: Application / User Context.

use serde_json::json;

use crate::{Action, ApiError, ApplicationId, Audience, EventKind, Tx, UserId};

/// Installs an application for a person, so that its commands of integration type 1 follow them everywhere.
///
/// # Errors
/// 10002, 10013, 20012 (not public, and the person is not its owner), 50035 (its `integration_types_config` does not
/// have it installed for people).
#[derive(Clone, Copy, Debug)]
pub struct InstallForUser {
    /// Who.
    pub user: UserId,
    /// What.
    pub application: ApplicationId,
}

impl Action for InstallForUser {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        tx.world.user(self.user)?;
        let application = tx.world.application(self.application)?;
        if !application.public && application.owner != self.user {
            return Err(ApiError::not_authorized_for_application());
        }
        if !application.integration_types().contains(&1) {
            let message = "Its integration_types_config has no 1: it is installed in servers alone.";
            return Err(ApiError::form("application", "INTEGRATION_TYPE_NOT_SUPPORTED", message));
        }
        tx.world.user_installs.insert((self.user, self.application));
        tx.emit(EventKind::PersonViewChanged, Audience::Person(self.user), json!({}));
        Ok(())
    }
}

/// Takes an application away from a person, as "deauthorise" in Discord's settings does: its codes and tokens for them
/// are worth nothing any more, either. Bots hear nothing of it on the gateway.
///
/// # Errors
/// 10002, 10013, 10005 (the person has not installed it).
#[derive(Clone, Copy, Debug)]
pub struct UninstallForUser {
    /// Who.
    pub user: UserId,
    /// What.
    pub application: ApplicationId,
}

impl Action for UninstallForUser {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        tx.world.user(self.user)?;
        tx.world.application(self.application)?;
        if !tx.world.user_installs.remove(&(self.user, self.application)) {
            return Err(ApiError::new(404, 10005, "Unknown Integration"));
        }
        tx.world.oauth2.forget(|user, application| (user, application) == (self.user, self.application));
        tx.emit(EventKind::PersonViewChanged, Audience::Person(self.user), json!({}));
        Ok(())
    }
}
