//! Who the bot is, asked before anything else: it is the cheapest way to find a wrong token.

use cogwright_discord::{ApplicationInfo, Priority, Rest, RestError};
use serde::Deserialize;
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) user: Id<UserMarker>,
    pub(crate) name: String,
    pub(crate) application: ApplicationInfo,
}

/// Only what is needed, so that no other field can be in the way.
#[derive(Deserialize)]
struct User {
    id: Id<UserMarker>,
    username: String,
}

impl Identity {
    pub(crate) async fn ask(rest: &Rest) -> Result<Self, RestError> {
        let user = rest.send(rest.http().current_user(), Priority::Normal).await?;
        let user: User = user.json()?;
        let application = ApplicationInfo::ask(rest).await?;
        Ok(Self { user: user.id, name: user.username, application })
    }
}
