//! Forms that open over the chat.

use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::Label;

use super::ui;

/// A form: up to five fields under a title.
///
/// See Discord docs: Components / Label.
#[derive(Clone, Debug, PartialEq)]
pub struct Modal {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) components: Vec<Component>,
}

impl Modal {
    /// An empty form. `id` (at most 80 characters) tells its submission apart from other events
    /// of the same view; the title has at most 45 characters.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into(), components: Vec::new() }
    }

    /// Adds a field under a label of at most 45 characters: a text input, a select, a file
    /// upload or a checkbox.
    pub fn field(self, label: impl Into<String>, component: impl Into<Component>) -> Self {
        self.label(Label {
            component: Box::new(component.into()),
            description: None,
            id: None,
            label: label.into(),
        })
    }

    /// Adds a field with a line of explanation, at most 100 characters.
    pub fn explained(
        self,
        label: impl Into<String>,
        description: impl Into<String>,
        component: impl Into<Component>,
    ) -> Self {
        self.label(Label {
            component: Box::new(component.into()),
            description: Some(description.into()),
            id: None,
            label: label.into(),
        })
    }

    /// Adds text between the fields.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.components.push(ui::text(text).into());
        self
    }

    fn label(mut self, label: Label) -> Self {
        self.components.push(label.into());
        self
    }
}
