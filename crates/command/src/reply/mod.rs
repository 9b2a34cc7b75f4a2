//! What a command says: text, embeds, components and files, and nobody pinged unless it is asked for.

mod body;
mod modal;
mod panel;
mod plain;
mod tree;
pub mod ui;
mod words;

use serde::Serialize;
use twilight_model::channel::message::{AllowedMentions, Component, Embed};
use twilight_model::id::Id;
use twilight_model::id::marker::{RoleMarker, UserMarker};

pub(crate) use self::body::{Body, Purpose, modal_body};
pub use self::modal::Modal;
pub use self::panel::Panel;
pub use self::plain::{one_line, plain};
pub(crate) use self::tree::{disable, prefix_ids};

/// A file to send.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Its name; an embed or a V2 component shows it as `attachment://name`.
    pub name: String,
    /// Its content. All files of a message together may have 25 MiB.
    pub bytes: Vec<u8>,
    /// Alternative text for people who do not see it.
    pub description: Option<String>,
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("File")
            .field("name", &self.name)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// A message in the making. As JSON it is the body that Discord gets, files excepted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    content: String,
    embeds: Vec<Embed>,
    components: Vec<Component>,
    files: Vec<File>,
    ephemeral: bool,
    v2: bool,
    mentions: AllowedMentions,
}

impl Reply {
    /// An empty one, to be filled.
    pub fn new() -> Self {
        Self::default()
    }

    /// A message of text, at most 2,000 characters.
    pub fn text(content: impl Into<String>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// A message of V2 components: no text and no embeds beside them, 40 components in all.
    ///
    /// See Discord docs: Components / Legacy Message Component Behavior.
    pub fn layout(components: impl IntoIterator<Item = Component>) -> Self {
        Self { components: components.into_iter().collect(), v2: true, ..Self::default() }
    }

    /// Adds an embed; at most 10, with 6,000 characters together.
    pub fn embed(mut self, embed: Embed) -> Self {
        self.embeds.push(embed);
        self
    }

    /// Adds a component: a row, or with [`layout`](Self::layout) any of V2.
    pub fn component(mut self, component: impl Into<Component>) -> Self {
        self.components.push(component.into());
        self
    }

    /// Adds a file; at most 10.
    pub fn file(mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.push(File { name: name.into(), bytes: bytes.into(), description: None });
        self
    }

    /// Shows it only to the invoker. The prefix form knows no such messages: there it is an
    /// ordinary reply that everybody sees.
    pub fn ephemeral(mut self) -> Self {
        self.ephemeral = true;
        self
    }

    /// The same without anything to press.
    pub fn without_components(mut self) -> Self {
        self.components.clear();
        self
    }

    /// Lets a mention of this person in the text notify them.
    pub fn ping_user(mut self, user: Id<UserMarker>) -> Self {
        self.mentions.users.push(user);
        self
    }

    /// Lets a mention of this role in the text notify its members.
    pub fn ping_role(mut self, role: Id<RoleMarker>) -> Self {
        self.mentions.roles.push(role);
        self
    }

    /// Whether only the invoker will see it, where that is possible.
    pub fn is_ephemeral(&self) -> bool {
        self.ephemeral
    }

    /// Whether it is made of V2 components.
    pub fn is_layout(&self) -> bool {
        self.v2
    }

    /// Its text.
    pub fn content(&self) -> &str {
        &self.content
    }

    /// Its embeds.
    pub fn embeds(&self) -> &[Embed] {
        &self.embeds
    }

    /// Its components.
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    pub(crate) fn components_mut(&mut self) -> &mut Vec<Component> {
        &mut self.components
    }

    pub(crate) fn files(&self) -> &[File] {
        &self.files
    }

    pub(crate) fn set_ephemeral(&mut self, ephemeral: bool) {
        self.ephemeral = ephemeral;
    }
}

impl<T: Into<String>> From<T> for Reply {
    fn from(content: T) -> Self {
        Self::text(content)
    }
}

impl Serialize for Reply {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Body::new(self, Purpose::Create).serialize(serializer)
    }
}
