//! A person submits a modal.

use std::{cell::RefCell, collections::BTreeMap};

use serde_json::{Map, Value, json};

use super::{
    modal_values::Filled,
    open::{Opening, metadata},
    payload::owners,
    resolved::Place,
};
use crate::{
    Action, ApiError, AttachmentId, Interaction, InteractionId, InteractionKind, InteractionState, Tx,
    Upload, UserId,
    messages::{self, NewFile},
};

/// Submits the modal that an interaction was answered with.
#[derive(Clone, Debug)]
pub struct SubmitModal {
    /// Who; must be the person who opened it.
    pub user: UserId,
    /// The interaction whose answer opened the modal.
    pub interaction: InteractionId,
    /// The modal's `custom_id`.
    pub custom_id: String,
    /// `{custom_id: value}`: a string, a list of strings, or a boolean for checkboxes. What is left out keeps
    /// what the modal was opened with.
    pub values: Map<String, Value>,
    /// `{custom_id: files}` for file uploads.
    pub files: BTreeMap<String, Vec<Upload>>,
}

impl Action for SubmitModal {
    type Output = InteractionId;

    fn apply(self, tx: &mut Tx<'_>) -> Result<InteractionId, ApiError> {
        let opener = tx.world.interaction(self.interaction)?.clone();
        let modal =
            opener.modal.as_ref().filter(|m| opener.user == self.user && m["custom_id"] == self.custom_id);
        let Some(modal) = modal else {
            let message = "This interaction has not opened a modal with this custom_id for this person.";
            return Err(ApiError::form("custom_id", "UNKNOWN_MODAL", message));
        };
        // The dialog closes when a submission is answered; after one that failed it is still there to try again.
        let submitted = |i: &Interaction| {
            i.state != InteractionState::Failed
                && i.triggering.as_ref().is_some_and(|t| t.id == self.interaction)
        };
        if tx.world.interactions.values().any(submitted) {
            let message = "This modal was submitted already; it is closed.";
            return Err(ApiError::form("interaction", "MODAL_CLOSED", message));
        }
        if !tx.world.can_view(opener.channel, self.user, tx.now) {
            return Err(ApiError::missing_access());
        }
        let mut files: BTreeMap<String, Vec<NewFile>> = BTreeMap::new();
        for (key, uploads) in self.files {
            files.insert(key, uploads.into_iter().map(NewFile::from_upload).collect::<Result<_, _>>()?);
        }

        // The values are checked with made-up ids first, so that nothing is stored for a refused submission.
        let counts: BTreeMap<String, Vec<String>> =
            files.iter().map(|(k, f)| (k.clone(), vec![String::new(); f.len()])).collect();
        let no_components = Vec::new();
        let defined = modal["components"].as_array().unwrap_or(&no_components);
        let channel = tx.world.channel(opener.channel)?;
        let filled = Filled {
            place: Place {
                world: tx.world,
                channel,
                user: self.user,
                application: opener.application,
                now: tx.now,
            },
            values: &self.values,
            files: &counts,
            errors: RefCell::default(),
            resolved: RefCell::default(),
            known: RefCell::default(),
        };
        let mut components = filled.components(defined);
        let Filled { errors, resolved, .. } = filled;
        errors.into_inner().finish()?;
        let owners = owners(tx.world, opener.application, self.user, channel, None);

        let mut resolved = resolved.into_inner();
        let mut ids: BTreeMap<String, Vec<AttachmentId>> = BTreeMap::new();
        for (key, files) in files {
            for file in files {
                let attachment = messages::store_file(tx, file);
                resolved.attachment(tx.world, opener.channel, &attachment);
                ids.entry(key.clone()).or_default().push(attachment.id);
            }
        }
        settle(&mut components, &ids);
        let mut data = json!({ "custom_id": self.custom_id, "components": components });
        if let Some(resolved) = resolved.into_value() {
            data["resolved"] = resolved;
        }
        let kind = InteractionKind::Modal;
        let mut opening = Opening::new(opener.application, kind, self.user, opener.channel, data, owners);
        opening.message = opener.message;
        opening.triggering = Some(metadata(&opener));
        opening.attachments = ids.into_values().flatten().collect();
        Ok(opening.open(tx))
    }
}

/// Puts the ids of stored files into their file uploads.
fn settle(components: &mut [Value], ids: &BTreeMap<String, Vec<AttachmentId>>) {
    for component in components {
        if component["type"] == 19
            && let Some(ids) = component["custom_id"].as_str().and_then(|id| ids.get(id))
        {
            component["values"] = json!(ids);
        }
        if let Some(child) = component.get_mut("component") {
            settle(std::slice::from_mut(child), ids);
        }
    }
}
