//! A person presses a button.

use serde_json::json;

use super::{open::Opening, payload::owners, picked};
use crate::{Action, ApiError, InteractionId, InteractionKind, MessageId, Tx, UserId};

/// Presses a button of a message.
#[derive(Clone, Debug)]
pub struct Click {
    /// Who.
    pub user: UserId,
    /// The message.
    pub message: MessageId,
    /// The button.
    pub custom_id: String,
}

impl Action for Click {
    type Output = InteractionId;

    fn apply(self, tx: &mut Tx<'_>) -> Result<InteractionId, ApiError> {
        let used = picked::component(tx.world, self.user, self.message, &self.custom_id, tx.now)?;
        if used.component["type"] != 2 {
            let message = "The component is not a button; use select.";
            return Err(ApiError::form("custom_id", "UNKNOWN_COMPONENT", message));
        }
        let data = json!({ "id": used.component["id"], "component_type": 2, "custom_id": self.custom_id });
        let (channel, application) = (used.channel, used.application);
        let owners = owners(tx.world, application, self.user, tx.world.channel(channel)?, None);
        let mut opening =
            Opening::new(application, InteractionKind::Component, self.user, channel, data, owners);
        opening.message = Some(self.message);
        Ok(opening.open(tx))
    }
}
