//! A person chooses in a select menu.

use std::cell::RefCell;

use serde_json::json;

use super::{
    open::Opening,
    payload::owners,
    picked,
    resolved::{Place, Resolved},
};
use crate::{Action, ApiError, FormErrors, InteractionId, InteractionKind, MessageId, Tx, UserId};

/// Chooses in a select menu of a message.
#[derive(Clone, Debug)]
pub struct Select {
    /// Who.
    pub user: UserId,
    /// The message.
    pub message: MessageId,
    /// The select.
    pub custom_id: String,
    /// Option values, or ids of users, roles or channels.
    pub values: Vec<String>,
    /// The component type that is expected there, if the caller wants it checked (3, 5, 6, 7 or 8).
    pub component_type: Option<u64>,
}

impl Action for Select {
    type Output = InteractionId;

    fn apply(self, tx: &mut Tx<'_>) -> Result<InteractionId, ApiError> {
        let used = picked::component(tx.world, self.user, self.message, &self.custom_id, tx.now)?;
        let kind = used.component["type"].as_u64().unwrap_or_default();
        if !matches!(kind, 3 | 5..=8) {
            let message = "The component is not a select menu; use click.";
            return Err(ApiError::form("custom_id", "UNKNOWN_COMPONENT", message));
        }
        if self.component_type.is_some_and(|t| t != kind) {
            let message = format!("The component is of type {kind}.");
            return Err(ApiError::form("component_type", "BASE_TYPE_CHOICES", message));
        }
        let (channel, application) = (used.channel, used.application);
        let found = tx.world.channel(channel)?;
        let place = Place { world: tx.world, channel: found, user: self.user, application, now: tx.now };
        let mut resolved = Resolved::default();
        let errors = RefCell::new(FormErrors::default());
        let values = picked::values(place, used.component, &self.values, "values", &mut resolved, &errors);
        errors.into_inner().finish()?;
        let mut data = json!({
            "id": used.component["id"], "component_type": kind, "custom_id": self.custom_id, "values": values,
        });
        if let Some(resolved) = resolved.into_value() {
            data["resolved"] = resolved;
        }
        let owners = owners(tx.world, application, self.user, found, None);
        let mut opening =
            Opening::new(application, InteractionKind::Component, self.user, channel, data, owners);
        opening.message = Some(self.message);
        Ok(opening.open(tx))
    }
}
