//! All values by key, checked but not yet typed, each with its origin.

use std::fmt;

use serde_json::{Map, Value};

use crate::origin::Origin;
use crate::registry::{Setting, settings};
use crate::secret::masked;
use crate::settings::Settings;

/// One value for each setting, in the order of the registry.
#[derive(Clone, PartialEq)]
pub(crate) struct Values(Vec<Entry>);

#[derive(Clone, PartialEq)]
struct Entry {
    value: Value,
    origin: Origin,
}

/// What holds for a setting, as an operator is shown it.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The setting.
    pub setting: &'static Setting,
    /// Its value, in one line; never a secret.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

impl Effective {
    /// A command has changed it while the bot ran, and that goes before what the files say.
    pub fn set_by_command(&mut self, value: &Value) {
        self.value = shown(self.setting, value);
        self.origin = Origin::Command;
    }
}

impl Values {
    pub(crate) fn defaults() -> Self {
        let entry = |setting: &Setting| Entry { value: setting.default.value(), origin: Origin::Default };
        Self(settings().map(entry).collect())
    }

    fn position(key: &str) -> Option<usize> {
        settings().position(|setting| setting.key == key)
    }

    /// Sets a value whose origin does not matter.
    pub(crate) fn set(&mut self, key: &str, value: Value) {
        self.put(key, value, Origin::Default);
    }

    pub(crate) fn put(&mut self, key: &str, value: Value, origin: Origin) {
        if let Some(entry) = Self::position(key).and_then(|index| self.0.get_mut(index)) {
            *entry = Entry { value, origin };
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        Self::position(key).and_then(|index| self.0.get(index)).map(|entry| &entry.value)
    }

    pub(crate) fn origin(&self, key: &str) -> Origin {
        let found = Self::position(key).and_then(|index| self.0.get(index));
        found.map_or(Origin::Default, |entry| entry.origin.clone())
    }

    /// All of `self`, but the values that may change while the bot runs of `new`.
    pub(crate) fn adopt(&self, new: &Self) -> Self {
        let pairs = settings().zip(self.0.iter().zip(&new.0));
        Self(pairs.map(|(setting, (old, new))| if setting.live { new } else { old }.clone()).collect())
    }

    /// The settings whose values differ, with both values as they are shown.
    pub(crate) fn differences<'a>(
        &'a self,
        new: &'a Self,
    ) -> impl Iterator<Item = (&'static Setting, String, String)> + 'a {
        let pairs = settings().zip(self.0.iter().zip(&new.0));
        pairs
            .filter(|(_, (old, new))| old.value != new.value)
            .map(|(setting, (old, new))| (setting, shown(setting, &old.value), shown(setting, &new.value)))
    }

    /// The settings that are other than their default, whoever set them.
    pub(crate) fn changed(&self) -> impl Iterator<Item = &'static Setting> {
        settings().zip(&self.0).filter(|(it, entry)| entry.value != it.default.value()).map(|(it, _)| it)
    }

    pub(crate) fn effective(&self) -> Vec<Effective> {
        let pairs = settings().zip(&self.0);
        pairs
            .map(|(setting, entry)| Effective {
                setting,
                value: shown(setting, &entry.value),
                origin: entry.origin.clone(),
            })
            .collect()
    }

    pub(crate) fn settings(&self) -> Result<Settings, serde_json::Error> {
        serde_json::from_value(self.tree())
    }

    /// Keys with dots as objects in each other.
    fn tree(&self) -> Value {
        let mut root = Map::new();
        for (setting, entry) in settings().zip(&self.0) {
            insert(&mut root, setting.key, entry.value.clone());
        }
        Value::Object(root)
    }
}

/// Puts a value under a key with dots.
pub(crate) fn insert(map: &mut Map<String, Value>, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            map.insert(key.to_owned(), value);
        }
        Some((section, rest)) => {
            let section = map.entry(section).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(section) = section {
                insert(section, rest, value);
            }
        }
    }
}

/// A value in one line, as it would be written in the file; a secret only as set or not, and nothing that is shaped
/// like a token.
pub(crate) fn shown(setting: &Setting, value: &Value) -> String {
    let text = match (value, setting.shape) {
        (Value::Null, _) => "(not set)".to_owned(),
        _ if setting.secret => "(set, not shown)".to_owned(),
        (Value::Number(number), crate::shape::Shape::Colour) => {
            format!("#{:06x}", number.as_u64().unwrap_or_default())
        }
        (Value::String(text), _) => text.clone(),
        (value, _) => value.to_string(),
    };
    masked(&text).into_owned()
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.effective().into_iter().map(|it| (it.setting.key, it.value));
        f.debug_map().entries(shown).finish()
    }
}
