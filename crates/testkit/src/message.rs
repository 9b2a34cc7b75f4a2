//! A message as Discord's JSON, with what tests ask of it.

use std::ops::Deref;

use serde_json::Value;

/// A message object. Dereferences to its JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Message(pub Value);

impl Message {
    /// Its id; empty if it has none.
    pub fn id(&self) -> &str {
        self.0["id"].as_str().unwrap_or_default()
    }

    /// Its text.
    pub fn content(&self) -> &str {
        self.0["content"].as_str().unwrap_or_default()
    }

    /// Whether only one person sees it.
    pub fn is_ephemeral(&self) -> bool {
        self.0["flags"].as_u64().unwrap_or(0) & (1 << 6) != 0
    }

    /// Its interactive components with a `custom_id`, however deep.
    pub fn controls(&self) -> Vec<&Value> {
        fn walk<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
            match value {
                Value::Array(list) => list.iter().for_each(|v| walk(v, found)),
                Value::Object(map) => {
                    if map.contains_key("custom_id") {
                        found.push(value);
                    }
                    map.values().for_each(|v| walk(v, found));
                }
                _ => {}
            }
        }
        let mut found = Vec::new();
        walk(&self.0["components"], &mut found);
        found
    }

    /// The `custom_id` of the button with this label or the menu with this placeholder.
    pub fn control(&self, label: &str) -> Option<&str> {
        let named = |c: &&&Value| c["label"] == label || c["placeholder"] == label;
        self.controls().iter().find(named).and_then(|c| c["custom_id"].as_str())
    }
}

impl Deref for Message {
    type Target = Value;
    fn deref(&self) -> &Value {
        &self.0
    }
}
