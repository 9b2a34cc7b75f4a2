//! Message and modal components: reads what a bot sent, reports every problem under its path, and gives back
//! the normalised list that messages keep and the API answers. See Discord docs: Components / Reference.
//!
//! A component is read by its `type` first, so that errors carry paths such as
//! `components.0.components.1.custom_id` rather than those of a union. Every type has a reader in one of the
//! files here; [`READERS`] lists them.

mod button;
mod layout;
mod media;
mod modal;
mod select;
mod text;

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeSet, HashSet},
};

use serde_json::{Map, Value, json};

use crate::{
    FormErrors,
    body::{Form, join},
};

pub use media::{MediaFacts, resolve_media};
pub(crate) use select::channel_types;

/// Where a list of components stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// In a message; `v2` when it has the IS_COMPONENTS_V2 flag.
    Message {
        /// Layout components allowed, 40 in total.
        v2: bool,
    },
    /// In a modal.
    Modal,
}

/// Components of a V2 message, nested ones counted. See Discord docs: Components / Reference.
pub const MAX_TOTAL: usize = 40;
/// Characters of all text displays of a message together.
const MAX_TEXT: usize = 4000;

type Reader = fn(&Walk<'_>, Form<'_>, &mut Map<String, Value>);

/// Which file reads which component type.
const READERS: &[(u64, Reader)] = &[
    (1, layout::row),
    (2, button::button),
    (3, select::string),
    (4, text::input),
    (5, select::user),
    (6, select::role),
    (7, select::mentionable),
    (8, select::channel),
    (9, layout::section),
    (10, text::display),
    (11, media::thumbnail),
    (12, media::gallery),
    (13, media::file),
    (14, layout::separator),
    (17, layout::container),
    (18, modal::label),
    (19, modal::file_upload),
    (21, modal::radio_group),
    (22, modal::checkbox_group),
    (23, modal::checkbox),
];

/// Reads a list of components at `path` and returns it normalised, each with its `id`.
///
/// Problems go into `errors`; the result is only good for use if none were added. Null is an empty list.
/// Media keep their `url` only until [`resolve_media`] has filled in the rest.
pub fn validate(list: &Value, path: &str, kind: Kind, errors: &RefCell<FormErrors>) -> Vec<Value> {
    if list.is_null() {
        return Vec::new();
    }
    let Some(items) = list.as_array() else {
        errors.borrow_mut().add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
        return Vec::new();
    };
    let (allowed, min, max): (&[u64], _, _) = match kind {
        Kind::Message { v2: false } => (&[1], 0, 5),
        Kind::Message { v2: true } => (&[1, 9, 10, 12, 13, 14, 17], 0, MAX_TOTAL),
        Kind::Modal => (&[1, 10, 18], 1, 5),
    };
    let walk = Walk::new(kind, errors);
    let mut out = walk.items(items, path, allowed, min, max);
    if walk.count.get() > MAX_TOTAL && kind != (Kind::Message { v2: false }) {
        let message = format!("The total number of components cannot exceed {MAX_TOTAL}.");
        errors.borrow_mut().add(path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message);
    }
    if walk.text.get() > MAX_TEXT {
        let message = format!("The total number of characters of displayable text cannot exceed {MAX_TEXT}.");
        errors.borrow_mut().add(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message);
    }
    let used = walk.ids.into_inner();
    number(&mut out, &mut 1, &used);
    out
}

/// The component with this `custom_id`, wherever it is nested.
pub fn find<'v>(list: &'v [Value], custom_id: &str) -> Option<&'v Value> {
    list.iter().find_map(|c| {
        if c["custom_id"].as_str() == Some(custom_id) {
            return Some(c);
        }
        let nested = c["components"].as_array().and_then(|l| find(l, custom_id));
        let single = |key: &str| c.get(key).and_then(|c| find(std::slice::from_ref(c), custom_id));
        nested.or_else(|| single("accessory")).or_else(|| single("component"))
    })
}

/// Gives every component without an id the next free one, parents before children.
/// See Discord docs: Components / Reference / Anatomy: ids are sequential and skip those given.
fn number(list: &mut [Value], next: &mut i64, used: &BTreeSet<i64>) {
    for component in list {
        if component["id"].is_null() {
            while used.contains(next) {
                *next += 1;
            }
            component["id"] = json!(*next);
            *next += 1;
        }
        if let Some(Value::Array(children)) = component.get_mut("components") {
            number(children, next, used);
        }
        for key in ["accessory", "component"] {
            if let Some(child) = component.get_mut(key) {
                number(std::slice::from_mut(child), next, used);
            }
        }
    }
}

/// What one pass over a list of components remembers.
struct Walk<'e> {
    kind: Kind,
    errors: &'e RefCell<FormErrors>,
    custom_ids: RefCell<HashSet<String>>,
    ids: RefCell<BTreeSet<i64>>,
    count: Cell<usize>,
    text: Cell<usize>,
}

impl<'e> Walk<'e> {
    fn new(kind: Kind, errors: &'e RefCell<FormErrors>) -> Self {
        Self {
            kind,
            errors,
            custom_ids: RefCell::default(),
            ids: RefCell::default(),
            count: Cell::new(0),
            text: Cell::new(0),
        }
    }

    fn in_modal(&self) -> bool {
        self.kind == Kind::Modal
    }

    /// Reads a list of components whose types must be among `allowed`.
    fn items(&self, items: &[Value], path: &str, allowed: &[u64], min: usize, max: usize) -> Vec<Value> {
        if items.len() < min || items.len() > max {
            let message = format!("Must be between {} and {max} in length.", min.max(1));
            self.errors.borrow_mut().add(path, "BASE_TYPE_BAD_LENGTH", message);
        }
        // Reading on past the limit would only repeat itself.
        let items = items.iter().take(MAX_TOTAL + 1).enumerate();
        items.filter_map(|(i, item)| self.component(item, &join(path, i), allowed)).collect()
    }

    /// Reads a required list of components under `key` of a component.
    fn children(&self, form: Form<'_>, key: &str, allowed: &[u64], max: usize) -> Vec<Value> {
        if form.get(key).is_none() {
            form.missing(key);
            return Vec::new();
        }
        let Some(items) = form.get(key).and_then(Value::as_array) else {
            form.error(key, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
            return Vec::new();
        };
        self.items(items, &form.at(key), allowed, 1, max)
    }

    /// Reads the required single component under `key` of a component.
    fn child(&self, form: Form<'_>, key: &str, allowed: &[u64]) -> Option<Value> {
        let Some(value) = form.get(key) else {
            form.missing(key);
            return None;
        };
        self.component(value, &form.at(key), allowed)
    }

    fn component(&self, value: &Value, path: &str, allowed: &[u64]) -> Option<Value> {
        let form = Form::new(value, path, self.errors)?;
        let Some(kind) = form.get("type") else {
            form.missing("type");
            return None;
        };
        let number = kind.as_u64().or_else(|| kind.as_str()?.parse().ok()).filter(|n| allowed.contains(n));
        let reader = number.and_then(|n| READERS.iter().find(|(t, _)| *t == n));
        let Some((number, read)) = reader else {
            let list = allowed.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
            let message = format!("Value of field \"type\" must be one of ({list}).");
            self.errors.borrow_mut().add(path, "UNION_TYPE_CHOICES", message);
            return None;
        };
        self.count.set(self.count.get() + 1);
        let mut out = Map::new();
        out.insert("type".into(), json!(number));
        out.insert("id".into(), self.id(form));
        read(self, form, &mut out);
        Some(Value::Object(out))
    }

    /// The given `id`; null where the server is to choose (0 counts as absent).
    fn id(&self, form: Form<'_>) -> Value {
        let Some(id) = form.integer("id", 0, i64::from(i32::MAX)).filter(|id| *id > 0) else {
            return Value::Null;
        };
        if !self.ids.borrow_mut().insert(id) {
            form.error("id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated");
        }
        json!(id)
    }

    /// A required `custom_id`, unique in the list.
    fn custom_id(&self, form: Form<'_>, out: &mut Map<String, Value>) {
        let Some(id) = form.string("custom_id", 1, 100) else {
            if form.get("custom_id").is_none() {
                form.missing("custom_id");
            }
            return;
        };
        if !self.custom_ids.borrow_mut().insert(id.to_owned()) {
            let message = "Component custom id cannot be duplicated";
            form.error("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", message);
        }
        out.insert("custom_id".into(), json!(id));
    }
}

/// Copies a string of at most `max` characters if it was given and is not empty.
fn text_field(form: Form<'_>, key: &str, max: usize, out: &mut Map<String, Value>) {
    if let Some(text) = form.string(key, 0, max).filter(|t| !t.is_empty()) {
        out.insert(key.into(), json!(text));
    }
}

/// Copies a boolean if it was given.
fn flag_field(form: Form<'_>, key: &str, out: &mut Map<String, Value>) {
    if let Some(flag) = form.boolean(key) {
        out.insert(key.into(), json!(flag));
    }
}

/// A partial emoji: `{name}` of a Unicode emoji or `{id, name, animated}` of a custom one.
fn emoji_field(form: Form<'_>, out: &mut Map<String, Value>) {
    let Some(value) = form.get("emoji") else { return };
    let path = form.at("emoji");
    let Some(emoji) = Form::new(value, &path, form.errors()) else { return };
    let id = emoji.id::<crate::EmojiId>("id");
    let name = emoji.string("name", 0, 32);
    // Of custom ones the id counts, and whether the bot may use it is not looked at.
    if id.is_none() && !name.is_some_and(crate::messages::is_unicode_emoji) {
        return form.error("emoji", "COMPONENT_INVALID_EMOJI", "Invalid emoji");
    }
    let mut object = Map::new();
    if let Some(id) = id {
        object.insert("id".into(), json!(id));
    }
    object.insert("name".into(), json!(name.unwrap_or("emoji")));
    if let Some(animated) = emoji.boolean("animated").filter(|_| id.is_some()) {
        object.insert("animated".into(), json!(animated));
    }
    out.insert("emoji".into(), Value::Object(object));
}

#[cfg(test)]
mod tests;
