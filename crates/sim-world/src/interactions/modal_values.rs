//! What a person filled into a modal, checked and put into the shape in which the modal was defined: labels
//! answer as labels, legacy rows as rows. See Discord docs: Components / Reference, the interaction response
//! structures.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use serde_json::{Map, Value, json};

use super::{
    picked,
    resolved::{Place, Resolved},
};
use crate::{FormErrors, body::join};

/// Reads a modal's components one by one.
pub(super) struct Filled<'w> {
    pub place: Place<'w>,
    pub values: &'w Map<String, Value>,
    /// Ids of the files given for each file upload.
    pub files: &'w BTreeMap<String, Vec<String>>,
    pub errors: RefCell<FormErrors>,
    pub resolved: RefCell<Resolved>,
    pub known: RefCell<BTreeSet<String>>,
}

impl Filled<'_> {
    /// All components of a modal as they are submitted; values for unknown components are errors.
    pub(super) fn components(&self, defined: &[Value]) -> Vec<Value> {
        let out = defined.iter().map(|c| self.component(c)).collect();
        let known = self.known.borrow();
        for key in self.values.keys().chain(self.files.keys()).filter(|k| !known.contains(*k)) {
            let list = known.iter().cloned().collect::<Vec<_>>().join(", ");
            let message = format!("The modal has no such component; it has: {list}.");
            self.error(key, "UNKNOWN_COMPONENT", message);
        }
        out
    }

    fn error(&self, custom_id: &str, code: &str, message: impl Into<String>) {
        // A dot in a custom_id would look like a path.
        let key = custom_id.replace('.', "_");
        self.errors.borrow_mut().add(&join("values", key), code, message);
    }

    fn component(&self, def: &Value) -> Value {
        let mut out = json!({ "type": def["type"], "id": def["id"] });
        if let Some(child) = def.get("component") {
            out["component"] = self.component(child);
        }
        if let Some(children) = def["components"].as_array() {
            out["components"] = children.iter().map(|c| self.component(c)).collect();
        }
        let Some(id) = def["custom_id"].as_str() else { return out };
        self.known.borrow_mut().insert(id.to_owned());
        out["custom_id"] = json!(id);
        if def["type"] != 19 && self.files.contains_key(id) {
            self.error(id, "UNKNOWN_COMPONENT", "The component takes no files.");
        }
        let given = self.values.get(id).filter(|v| !v.is_null());
        match def["type"].as_u64() {
            Some(4) => out["value"] = json!(self.text(def, id, given)),
            Some(21) => out["value"] = self.radio(def, id, given),
            Some(23) => out["value"] = json!(self.checkbox(def, id, given)),
            Some(19) => out["values"] = self.upload(def, id),
            _ => {
                let chosen = given.map_or_else(|| defaults(def), |v| self.list(id, v));
                let mut resolved = self.resolved.borrow_mut();
                let path = join("values", id.replace('.', "_"));
                let values = picked::values(self.place, def, &chosen, &path, &mut resolved, &self.errors);
                out["values"] = Value::Array(values);
            }
        }
        out
    }

    /// One text; a list of one is accepted as well.
    fn one<'v>(&self, id: &str, value: &'v Value) -> Option<&'v str> {
        let text = match value {
            Value::Array(list) if list.len() == 1 => list[0].as_str(),
            other => other.as_str(),
        };
        if text.is_none() {
            self.error(id, "STRING_TYPE_CONVERT", "Must be a string.");
        }
        text
    }

    fn list(&self, id: &str, value: &Value) -> Vec<String> {
        let texts: Option<Vec<String>> = match value {
            Value::Array(list) => list.iter().map(|v| v.as_str().map(str::to_owned)).collect(),
            Value::String(one) => Some(vec![one.clone()]),
            _ => None,
        };
        texts.unwrap_or_else(|| {
            self.error(id, "LIST_TYPE_CONVERT", "Must be a list of strings.");
            Vec::new()
        })
    }

    fn text(&self, def: &Value, id: &str, given: Option<&Value>) -> String {
        let text = match given {
            Some(value) => self.one(id, value).unwrap_or_default(),
            None => def["value"].as_str().unwrap_or_default(),
        };
        let length = text.chars().count() as u64;
        if length == 0 {
            if def["required"] != false {
                self.error(id, "BASE_TYPE_REQUIRED", "This field is required");
            }
            return String::new();
        }
        let min = def["min_length"].as_u64().unwrap_or(0);
        let max = def["max_length"].as_u64().unwrap_or(4000);
        if !(min..=max).contains(&length) {
            self.error(id, "BASE_TYPE_BAD_LENGTH", format!("Must be between {min} and {max} in length."));
        }
        text.to_owned()
    }

    fn radio(&self, def: &Value, id: &str, given: Option<&Value>) -> Value {
        let default = defaults(def).into_iter().next();
        let chosen = given.map_or(default, |v| self.one(id, v).map(str::to_owned));
        let options = def["options"].as_array();
        match chosen {
            None if def["required"] != false => {
                self.error(id, "BASE_TYPE_REQUIRED", "This field is required");
            }
            Some(ref value) if !options.is_some_and(|o| o.iter().any(|o| o["value"] == value.as_str())) => {
                self.error(id, "BASE_TYPE_CHOICES", format!("{value} cannot be chosen here."));
            }
            _ => {}
        }
        json!(chosen)
    }

    fn checkbox(&self, def: &Value, id: &str, given: Option<&Value>) -> bool {
        let Some(value) = given else { return def["default"] == true };
        let ticked = value.as_bool();
        if ticked.is_none() {
            self.error(id, "BOOLEAN_TYPE_CONVERT", "Must be true or false.");
        }
        ticked.unwrap_or_default()
    }

    fn upload(&self, def: &Value, id: &str) -> Value {
        let ids = self.files.get(id).map(Vec::as_slice).unwrap_or_default();
        let min = def["min_values"].as_u64().unwrap_or(1) as usize;
        let max = def["max_values"].as_u64().unwrap_or(1) as usize;
        let fits = (min..=max).contains(&ids.len()) || (ids.is_empty() && def["required"] == false);
        if !fits {
            self.error(id, "BASE_TYPE_BAD_LENGTH", format!("Must be between {min} and {max} in length."));
        }
        json!(ids)
    }
}

/// What is chosen before the person touches anything.
fn defaults(def: &Value) -> Vec<String> {
    let ticked = def["options"].as_array().into_iter().flatten().filter(|o| o["default"] == true);
    let filled = def["default_values"].as_array().into_iter().flatten();
    let of = |v: &Value, key: &str| v[key].as_str().map(str::to_owned);
    ticked.filter_map(|o| of(o, "value")).chain(filled.filter_map(|d| of(d, "id"))).collect()
}
