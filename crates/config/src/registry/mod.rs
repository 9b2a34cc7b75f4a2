//! The one table of settings: `config.json` keys and environment variables. The generated file, its schema,
//! `.env.example`, the reference in the docs, messages and the values of [`Settings`](crate::Settings) are all
//! made from it.
//!
//! One section is one file; a setting is one entry in it and one field in `settings/`.

mod bot;
mod commands;
mod connection;
mod features;
mod framework;
mod operation;
mod status;
mod storage;
mod theme;

use serde_json::{Value, json};

use crate::shape::Shape;

/// One setting, as an operator meets it.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its key. Those that cannot stand in `config.json` have one too, as the programs' name for it.
    pub key: &'static str,
    /// Name of the environment variable, the same in `.env`. It wins over `config.json`.
    pub variable: Option<&'static str>,
    /// Whether it may stand in `config.json`.
    pub in_file: bool,
    /// Whether the generated `config.json` has it.
    pub generated: bool,
    /// What its values look like.
    pub shape: Shape,
    /// What holds when nobody says anything.
    pub default: Initial,
    /// What it does, in whole sentences.
    pub about: &'static str,
    /// Whether a change in the file is picked up while the bot runs.
    pub live: bool,
    /// Whether it belongs to a feature that does not exist yet.
    pub later: bool,
    /// Whether its value is never shown.
    pub secret: bool,
    /// Its key in older installations, which is understood too.
    pub formerly: Option<&'static str>,
    /// What the line in `.env.example` says instead of the default.
    pub example: Option<&'static str>,
}

/// A default, in a form that a table can hold.
#[derive(Clone, Copy, Debug)]
pub enum Initial {
    /// Nothing.
    Unset,
    /// true or false.
    Bool(bool),
    /// A whole number.
    Integer(u64),
    /// A number.
    Number(f64),
    /// A text.
    Text(&'static str),
    /// A colour, `0xrrggbb`.
    Colour(u32),
    /// An empty list.
    NoList,
    /// An empty object.
    NoTable,
}

impl Initial {
    /// As a value in the form in which settings are read.
    pub(crate) fn value(self) -> Value {
        match self {
            Self::Unset => Value::Null,
            Self::Bool(value) => json!(value),
            Self::Integer(value) => json!(value),
            Self::Number(value) => json!(value),
            Self::Text(value) => json!(value),
            Self::Colour(value) => json!(value),
            Self::NoList => json!([]),
            Self::NoTable => json!({}),
        }
    }
}

impl Setting {
    /// A setting of `config.json`.
    const fn file(key: &'static str, shape: Shape, default: Initial, about: &'static str) -> Self {
        Self {
            key,
            variable: None,
            in_file: true,
            generated: false,
            shape,
            default,
            about,
            live: false,
            later: false,
            secret: false,
            formerly: None,
            example: None,
        }
    }

    /// A setting of the environment and `.env` alone.
    const fn env(
        variable: &'static str,
        key: &'static str,
        shape: Shape,
        default: Initial,
        about: &'static str,
    ) -> Self {
        let mut setting = Self::file(key, shape, default, about);
        setting.variable = Some(variable);
        setting.in_file = false;
        setting
    }

    /// Stands in the generated file.
    const fn generated(mut self) -> Self {
        self.generated = true;
        self
    }

    /// Takes effect while the bot runs.
    const fn live(mut self) -> Self {
        self.live = true;
        self
    }

    /// Belongs to a feature that is still to come.
    const fn later(mut self) -> Self {
        self.later = true;
        self
    }

    /// Is never shown.
    const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Can be overridden by an environment variable.
    const fn or_env(mut self, variable: &'static str) -> Self {
        self.variable = Some(variable);
        self
    }

    /// Had another key once.
    const fn formerly(mut self, key: &'static str) -> Self {
        self.formerly = Some(key);
        self
    }

    /// Is shown with this value in `.env.example`.
    const fn example(mut self, example: &'static str) -> Self {
        self.example = Some(example);
        self
    }

    /// As an operator writes it: the key in `config.json`, or else the variable.
    pub fn name(&self) -> &'static str {
        match self.variable {
            Some(variable) if !self.in_file => variable,
            _ => self.key,
        }
    }
}

/// A section of the reference.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its heading.
    pub title: &'static str,
    /// Its settings.
    pub settings: &'static [Setting],
}

/// All sections, in the order in which they are documented.
pub const SECTIONS: &[Section] = &[
    bot::SECTION,
    status::SECTION,
    commands::SECTION,
    storage::SECTION,
    operation::SECTION,
    connection::SECTION,
    framework::SECTION,
    theme::SECTION,
    features::SECTION,
];

/// All settings, in the order in which they are documented.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    SECTIONS.iter().flat_map(|section| section.settings)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_well_formed() {
        let keys: HashSet<_> = settings().map(|setting| setting.key).collect();
        let variables: HashSet<_> = settings().filter_map(|setting| setting.variable).collect();
        assert_eq!(keys.len(), settings().count());
        assert_eq!(variables.len(), settings().filter(|setting| setting.variable.is_some()).count());
        for setting in settings() {
            assert!(setting.about.ends_with('.'), "{}", setting.key);
            assert!(setting.in_file || setting.variable.is_some(), "{}: cannot be set", setting.key);
            let fits = |c: char| c.is_ascii_lowercase() || c == '_' || c == '.';
            assert!(setting.key.chars().all(fits), "{}", setting.key);
            // A key that is also a section could not be told from it.
            let below = format!("{}.", setting.key);
            assert!(!keys.iter().any(|key| key.starts_with(&below)), "{} is a section too", setting.key);
        }
    }
}
