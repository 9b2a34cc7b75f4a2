//! A component that was used, or a form that was submitted.

use std::collections::HashMap;
use std::sync::Arc;

use twilight_model::application::interaction::InteractionDataResolved;
use twilight_model::application::interaction::message_component::MessageComponentInteractionData;
use twilight_model::application::interaction::modal::{ModalInteractionComponent, ModalInteractionData};
use twilight_model::id::Id;
use twilight_model::id::marker::GenericMarker;

use super::Shared;
use crate::args::{Attachment, Channel, Role, User};
use crate::failure::{CommandResult, Failure};
use crate::invoker::Invoker;
use crate::reply::{Modal, Reply, prefix_ids};
use crate::responder::Responder;
use crate::wire::Edit;

/// What was chosen in a select.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selected {
    /// The values: texts of the select's own options, else ids.
    pub values: Vec<String>,
    /// The people among them.
    pub users: Vec<User>,
    /// The roles among them.
    pub roles: Vec<Role>,
    /// The channels among them.
    pub channels: Vec<Channel>,
}

/// What one field of a form holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// Typed text, possibly empty.
    Text(String),
    /// The values of a select or a group of checkboxes.
    Values(Vec<String>),
    /// A checkbox.
    Checked(bool),
    /// Uploaded files.
    Files(Vec<Attachment>),
}

/// A submitted form by the ids of its fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    fields: HashMap<String, Field>,
}

impl Fields {
    /// A field, if the form has it.
    pub fn get(&self, id: &str) -> Option<&Field> {
        self.fields.get(id)
    }

    /// The text of a field; empty when it is none or was left out.
    pub fn text(&self, id: &str) -> &str {
        match self.fields.get(id) {
            Some(Field::Text(text)) => text,
            _ => "",
        }
    }

    /// The values of a select or a group of checkboxes; empty when it is none or was left out.
    pub fn values(&self, id: &str) -> &[String] {
        match self.fields.get(id) {
            Some(Field::Values(values)) => values,
            _ => &[],
        }
    }

    /// Whether a checkbox is checked.
    pub fn checked(&self, id: &str) -> bool {
        matches!(self.fields.get(id), Some(Field::Checked(true)))
    }
}

/// How a view was used.
#[derive(Clone, Debug, PartialEq)]
pub enum PressKind {
    /// A button.
    Button,
    /// A select.
    Select(Selected),
    /// A form that a press had opened.
    Form(Fields),
}

impl PressKind {
    /// The values chosen in a select; none for others.
    pub fn values(&self) -> &[String] {
        match self {
            Self::Select(selected) => &selected.values,
            _ => &[],
        }
    }

    /// The fields of a form, if it is one.
    pub fn fields(&self) -> Option<&Fields> {
        match self {
            Self::Form(fields) => Some(fields),
            _ => None,
        }
    }
}

/// One use of a view's components, to be answered within 3 seconds.
///
/// A press may come too late for that: after a break in the connection Discord sends what was
/// missed. Then [`update`](Self::update) and [`finish`](Self::finish) change the message all the
/// same, other answers come to nothing, and neither is a failure.
#[derive(Clone, Debug)]
pub struct Press {
    pub(crate) id: String,
    pub(crate) kind: PressKind,
    pub(crate) invoker: Invoker,
    pub(crate) responder: Arc<Responder>,
    pub(crate) view: Arc<Shared>,
}

impl Press {
    /// The id of the component or form, as the command gave it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How it was used.
    pub fn kind(&self) -> &PressKind {
        &self.kind
    }

    /// The values chosen in a select; none for others.
    pub fn values(&self) -> &[String] {
        self.kind.values()
    }

    /// Who used it.
    pub fn invoker(&self) -> &Invoker {
        &self.invoker
    }

    pub(crate) fn responder(&self) -> &Arc<Responder> {
        &self.responder
    }

    /// Replaces what the view shows.
    ///
    /// # Errors
    /// [`Failure::Discord`], or [`Failure::Expired`] when the message is out of reach for good, [`Failure::Superseded`] when
    /// it shows the answer of a later run. Left to the framework, both are told to whoever pressed.
    pub async fn update(&self, reply: impl Into<Reply>) -> CommandResult {
        let mut reply = reply.into();
        prefix_ids(reply.components_mut(), self.view.key());
        let components = reply.components().to_vec();
        self.change(reply).await?;
        self.view.show(&components);
        self.view.reached_by(self.responder.component_place());
        Ok(())
    }

    /// By the press, or past its time by whichever way the view can still be reached.
    async fn change(&self, reply: Reply) -> CommandResult {
        let edit = Edit::Whole(Box::new(reply));
        let updated = {
            let _latest = self.view.turn().await?;
            self.responder.update(edit.clone()).await
        };
        match updated {
            Err(Failure::Expired) => self.view.edit(edit).await,
            result => result,
        }
    }

    /// Replaces what the view shows and ends it. Components that are left are disabled.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn finish(&self, reply: impl Into<Reply>) -> CommandResult {
        let mut reply = reply.into();
        prefix_ids(reply.components_mut(), self.view.key());
        crate::reply::disable(reply.components_mut());
        self.change(reply).await?;
        self.view.finished();
        Ok(())
    }

    /// Answers with a message of its own; the view stays as it is.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn reply(&self, reply: impl Into<Reply>) -> CommandResult {
        unless_late(self.responder.reply(reply.into(), false).await.map(drop))
    }

    /// Answers so that only the person who pressed sees it.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn reply_ephemeral(&self, reply: impl Into<Reply>) -> CommandResult {
        self.reply(reply.into().ephemeral()).await
    }

    /// Shows "thinking" under the view; the next [`reply`](Self::reply) replaces it.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn defer(&self, ephemeral: bool) -> CommandResult {
        unless_late(self.responder.defer(ephemeral).await)
    }

    /// Acknowledges without a visible answer; an [`update`](Self::update) may come later.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn acknowledge(&self) -> CommandResult {
        unless_late(self.responder.acknowledge().await)?;
        self.view.reached_by(self.responder.component_place());
        Ok(())
    }

    /// Opens a form; it must be the first answer to this press. Its submission is a press of the
    /// same view with the form's id. People may close a form without a trace.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn open_form(&self, mut modal: Modal) -> CommandResult {
        modal.id.insert_str(0, &format!("{}:", self.view.key()));
        unless_late(self.responder.modal(modal).await)
    }
}

/// That one press can no longer be answered is no reason to end the view.
fn unless_late(result: CommandResult) -> CommandResult {
    match result {
        Err(Failure::Expired) => {
            tracing::debug!("a press came too late to be answered");
            Ok(())
        }
        result => result,
    }
}

/// What a component interaction says.
pub(crate) fn selected(data: &MessageComponentInteractionData) -> Selected {
    let mut chosen = Selected { values: data.values.clone(), ..Selected::default() };
    let Some(resolved) = &data.resolved else { return chosen };
    // In the order in which they were chosen, which the maps do not keep.
    for id in data
        .values
        .iter()
        .filter_map(|value| value.parse::<u64>().ok())
        .filter_map(Id::<GenericMarker>::new_checked)
    {
        let user = id.cast();
        if let Some(found) = resolved.users.get(&user) {
            chosen.users.push(User::from_resolved(found, resolved.members.get(&user)));
        }
        chosen.roles.extend(resolved.roles.get(&id.cast()).map(Role::from_wire));
        chosen.channels.extend(resolved.channels.get(&id.cast()).map(Channel::from_wire));
    }
    chosen
}

/// What a submitted form says.
pub(crate) fn submitted(data: &ModalInteractionData) -> Fields {
    let mut fields = HashMap::new();
    for component in &data.components {
        collect(component, data.resolved.as_ref(), &mut fields);
    }
    Fields { fields }
}

fn collect(
    component: &ModalInteractionComponent,
    resolved: Option<&InteractionDataResolved>,
    into: &mut HashMap<String, Field>,
) {
    use ModalInteractionComponent as C;
    fn ids<T>(values: &[Id<T>]) -> Field {
        Field::Values(values.iter().map(ToString::to_string).collect())
    }
    let (id, field) = match component {
        C::Label(label) => return collect(&label.component, resolved, into),
        C::ActionRow(row) => {
            return row.components.iter().for_each(|inner| collect(inner, resolved, into));
        }
        C::TextInput(input) => (&input.custom_id, Field::Text(input.value.clone())),
        C::StringSelect(select) => (&select.custom_id, Field::Values(select.values.clone())),
        C::UserSelect(select) => (&select.custom_id, ids(&select.values)),
        C::RoleSelect(select) => (&select.custom_id, ids(&select.values)),
        C::ChannelSelect(select) => (&select.custom_id, ids(&select.values)),
        C::MentionableSelect(select) => (&select.custom_id, ids(&select.values)),
        C::Checkbox(checkbox) => (&checkbox.custom_id, Field::Checked(checkbox.value)),
        C::CheckboxGroup(group) => (&group.custom_id, Field::Values(group.values.clone())),
        C::FileUpload(upload) => {
            let files = upload.values.iter().filter_map(|id| resolved?.attachments.get(id));
            (&upload.custom_id, Field::Files(files.map(Attachment::from_wire).collect()))
        }
        C::TextDisplay(_) | C::Unknown(_) => return,
    };
    into.insert(id.clone(), field);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn forms_are_read_in_both_shapes() {
        let data: ModalInteractionData = serde_json::from_value(json!({
            "custom_id": "m",
            "components": [
                {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": "name", "value": "Al"}},
                {"type": 1, "id": 3, "components": [{"type": 4, "id": 4, "custom_id": "old", "value": "x"}]},
                {"type": 18, "id": 5, "component": {"type": 3, "id": 6, "custom_id": "pick", "values": ["a", "b"]}}
            ]
        }))
        .unwrap();
        let fields = submitted(&data);
        assert_eq!((fields.text("name"), fields.text("old"), fields.text("none")), ("Al", "x", ""));
        assert_eq!(fields.values("pick"), ["a", "b"]);
        assert!(!fields.checked("pick"));
    }

    #[test]
    fn what_was_chosen_keeps_its_order() {
        let user =
            |id: &str| json!({"id": id, "username": format!("u{id}"), "discriminator": "0", "avatar": null});
        let data: MessageComponentInteractionData = serde_json::from_value(json!({
            "custom_id": "x", "component_type": 5, "values": ["9", "5"],
            "resolved": {"users": {"5": user("5"), "9": user("9")}}
        }))
        .unwrap();
        let names: Vec<_> = selected(&data).users.into_iter().map(|user| user.name).collect();
        assert_eq!(names, ["u9", "u5"]);
    }
}
