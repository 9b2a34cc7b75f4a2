//! What a command is called: in its groups, in other languages, in context menus.

use super::Spec;

impl Spec {
    /// The name with the groups before it, as one types it: `status add`.
    pub fn qualified_name(&self) -> String {
        let words = self.groups.iter().chain(std::iter::once(&self.name));
        words.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// The first word of its qualified name: what is registered with Discord.
    pub fn root_name(&self) -> &str {
        self.groups.first().unwrap_or(&self.name)
    }

    /// Whether the help menu shows it.
    pub fn is_listed(&self) -> bool {
        self.enabled && !self.hidden
    }

    /// Whether `name` is its own name (without groups), an alias or a name in another language,
    /// without regard to case.
    pub fn answers_to(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.own_names().any(|own| own.to_lowercase() == name)
    }

    /// Everything it answers to within its group.
    pub(crate) fn own_names(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.name).chain(&self.aliases).chain(self.names.values())
    }

    /// Gives the name in another language (`de`, `pt-BR`). The prefix form takes it as well.
    pub fn named_in(mut self, locale: impl Into<String>, name: impl Into<String>) -> Self {
        self.names.insert(locale.into(), name.into());
        self
    }

    /// Gives the description in another language.
    pub fn described_in(mut self, locale: impl Into<String>, description: impl Into<String>) -> Self {
        self.descriptions.insert(locale.into(), description.into());
        self
    }

    /// Offers it in the context menu of people under this name. Its first option must be a person.
    pub fn user_menu(mut self, name: impl Into<String>) -> Self {
        self.user_menu = Some(name.into());
        self
    }

    /// Offers it in the context menu of messages under this name. Its first option must be a
    /// message.
    pub fn message_menu(mut self, name: impl Into<String>) -> Self {
        self.message_menu = Some(name.into());
        self
    }
}
