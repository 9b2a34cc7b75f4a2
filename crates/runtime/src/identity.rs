//! Who the bot is, asked before anything else: it is the cheapest way to find a wrong token.

use cogwright_discord::{Priority, Rest, RestError};
use serde::Deserialize;
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, UserMarker};

#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) user: Id<UserMarker>,
    pub(crate) name: String,
    pub(crate) application: Id<ApplicationMarker>,
}

/// Only what is needed, so that no other field can be in the way.
#[derive(Deserialize)]
struct User {
    id: Id<UserMarker>,
    username: String,
}

#[derive(Deserialize)]
struct Application {
    id: Id<ApplicationMarker>,
}

impl Identity {
    pub(crate) async fn ask(rest: &Rest) -> Result<Self, RestError> {
        let user = rest.send(rest.http().current_user(), Priority::Normal).await?;
        let user: User = user.json()?;
        let application = rest.send(rest.http().current_user_application(), Priority::Normal).await?;
        let application: Application = application.json()?;
        Ok(Self { user: user.id, name: user.username, application: application.id })
    }
}
