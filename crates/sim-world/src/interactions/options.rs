//! What a person typed into a command's options becomes the `options` of the interaction's data, checked
//! against the command's definition. See Discord docs: Receiving and Responding /
//! Application Command Interaction Data Option Structure.

use std::cell::RefCell;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};

use super::resolved::{Place, Resolved};
use crate::{
    ChannelId, FormErrors, RoleId, Upload, UserId,
    body::{join, parse_id},
    messages::NewFile,
};

const SUB_COMMAND: u64 = 1;
const GROUP: u64 = 2;

/// Reads options while collecting problems, resolved objects and files.
pub(super) struct Reader<'w> {
    pub place: Place<'w>,
    /// The option being typed into and the text so far, for an autocomplete. Other options may be missing.
    pub focused: Option<(&'w str, &'w str)>,
    pub errors: RefCell<FormErrors>,
    pub resolved: RefCell<Resolved>,
    /// Files given for attachment options; their option's value is the index in this list until
    /// [`settle_files`] has put the id there.
    pub files: RefCell<Vec<NewFile>>,
}

impl<'w> Reader<'w> {
    pub(super) fn new(place: Place<'w>, focused: Option<(&'w str, &'w str)>) -> Self {
        Self {
            place,
            focused,
            errors: RefCell::default(),
            resolved: RefCell::default(),
            files: RefCell::default(),
        }
    }

    fn error(&self, path: &str, code: &str, message: impl Into<String>) {
        self.errors.borrow_mut().add(path, code, message);
    }

    /// Reads `given` by the definitions `defs`; `path` is where problems are reported.
    pub(super) fn options(&self, defs: &[Value], given: &Value, path: &str) -> Vec<Value> {
        let empty = Map::new();
        let given = match given {
            Value::Null => &empty,
            Value::Object(map) => map,
            _ => {
                self.error(path, "MODEL_TYPE_CONVERT", "Options are an object of name and value.");
                return Vec::new();
            }
        };
        let name_of = |d: &Value| d["name"].as_str().unwrap_or_default().to_owned();
        for key in given.keys().filter(|k| !defs.iter().any(|d| d["name"] == k.as_str())) {
            let known = defs.iter().map(name_of).collect::<Vec<_>>().join(", ");
            let message = format!("There is no such option; there are: {known}.");
            self.error(&join(path, key), "UNKNOWN_OPTION", message);
        }
        if defs.first().is_some_and(|d| d["type"].as_u64().is_some_and(|t| t <= GROUP)) {
            return self.nested(defs, given, path);
        }
        if let Some((focused, _)) = self.focused
            && !defs.iter().any(|d| d["name"] == focused && d["autocomplete"] == true)
        {
            self.error("focused", "UNKNOWN_OPTION", "There is no option of that name with autocomplete.");
        }
        let read = |def: &Value| {
            let name = name_of(def);
            if let Some((_, text)) = self.focused.filter(|(focused, _)| *focused == name) {
                return Some(json!({ "name": name, "type": def["type"], "value": text, "focused": true }));
            }
            let path = join(path, &name);
            let Some(value) = given.get(&name).filter(|v| !v.is_null()) else {
                if def["required"] == true && self.focused.is_none() {
                    self.error(&path, "BASE_TYPE_REQUIRED", "This option is required.");
                }
                return None;
            };
            let value = self.value(def, value, &path)?;
            Some(json!({ "name": name, "type": def["type"], "value": value }))
        };
        defs.iter().filter_map(read).collect()
    }

    /// Exactly one sub-command or group, with its own options.
    fn nested(&self, defs: &[Value], given: &Map<String, Value>, path: &str) -> Vec<Value> {
        let mut chosen = defs.iter().filter_map(|d| Some((d, given.get(d["name"].as_str()?)?)));
        let (Some((def, value)), None) = (chosen.next(), chosen.next()) else {
            let message = "Give exactly one sub-command or group, as an object of its options.";
            self.error(path, "SUB_COMMAND_REQUIRED", message);
            return Vec::new();
        };
        let kind = def["type"].as_u64().unwrap_or(SUB_COMMAND);
        let none = Vec::new();
        let below = def["options"].as_array().unwrap_or(&none);
        let path = join(path, def["name"].as_str().unwrap_or_default());
        if kind == GROUP && below.is_empty() {
            self.error(&path, "SUB_COMMAND_REQUIRED", "The group has no sub-commands.");
        }
        let options = self.options(below, value, &path);
        vec![json!({ "name": def["name"], "type": kind, "options": options })]
    }

    fn value(&self, def: &Value, value: &Value, path: &str) -> Option<Value> {
        let kind = def["type"].as_u64().unwrap_or_default();
        match kind {
            3 => self.string(def, value, path),
            4 | 10 => self.number(def, value, path, kind == 4),
            5 => match value {
                Value::Bool(_) => Some(value.clone()),
                _ => self.refuse(path, "BOOLEAN_TYPE_CONVERT", "Must be true or false."),
            },
            6..=9 => self.snowflake(def, value, path, kind),
            11 => self.file(value, path),
            _ => self.refuse(path, "UNKNOWN_OPTION", "This type of option is not known."),
        }
    }

    fn refuse(&self, path: &str, code: &str, message: impl Into<String>) -> Option<Value> {
        self.error(path, code, message);
        None
    }

    fn string(&self, def: &Value, value: &Value, path: &str) -> Option<Value> {
        let Some(text) = value.as_str() else {
            return self.refuse(path, "STRING_TYPE_CONVERT", "Must be a string.");
        };
        let length = text.chars().count() as u64;
        let min = def["min_length"].as_u64().unwrap_or(0);
        let max = def["max_length"].as_u64().unwrap_or(6000);
        if self.focused.is_none() && !(min..=max).contains(&length) {
            let message = format!("Must be between {min} and {max} in length.");
            return self.refuse(path, "BASE_TYPE_BAD_LENGTH", message);
        }
        self.among_choices(def, value, path)?;
        Some(value.clone())
    }

    fn number(&self, def: &Value, value: &Value, path: &str, whole: bool) -> Option<Value> {
        let number = match value {
            Value::Number(n) if whole => n.as_i64().map(|n| json!(n)),
            Value::String(s) if whole => s.parse::<i64>().ok().map(|n| json!(n)),
            Value::Number(_) => Some(value.clone()),
            Value::String(s) => s.parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| json!(n)),
            _ => None,
        };
        let Some(number) = number else {
            let what = if whole { "Must be a whole number." } else { "Must be a number." };
            return self.refuse(path, "NUMBER_TYPE_COERCE", what);
        };
        let float = number.as_f64().unwrap_or_default();
        // See Discord docs: Application Commands / Option Type: integers lie within ±2^53.
        let limit = 9_007_199_254_740_992.0;
        let min = def["min_value"].as_f64().unwrap_or(-limit);
        let max = def["max_value"].as_f64().unwrap_or(limit);
        if self.focused.is_none() && float < min {
            return self.refuse(path, "NUMBER_TYPE_MIN", format!("Must be at least {min}."));
        }
        if self.focused.is_none() && float > max {
            return self.refuse(path, "NUMBER_TYPE_MAX", format!("Must be at most {max}."));
        }
        self.among_choices(def, &number, path)?;
        Some(number)
    }

    /// Where an option has choices, only those.
    fn among_choices(&self, def: &Value, value: &Value, path: &str) -> Option<()> {
        let Some(choices) = def["choices"].as_array() else { return Some(()) };
        let same = |choice: &Value| match (choice["value"].as_f64(), value.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() < f64::EPSILON,
            _ => choice["value"] == *value,
        };
        if choices.iter().any(same) {
            return Some(());
        }
        let known = choices.iter().map(|c| c["value"].to_string()).collect::<Vec<_>>().join(", ");
        self.refuse(path, "BASE_TYPE_CHOICES", format!("Must be one of {known}."));
        None
    }

    /// Users, channels, roles and mentionables by id.
    fn snowflake(&self, def: &Value, value: &Value, path: &str, kind: u64) -> Option<Value> {
        let Some(id) = parse_id::<u64>(value) else {
            return self.refuse(path, "NUMBER_TYPE_COERCE", "Must be an id.");
        };
        let mut resolved = self.resolved.borrow_mut();
        let (found, what) = match kind {
            6 => (resolved.user(self.place, UserId::new(id)), "user"),
            8 => (resolved.role(self.place, RoleId::new(id)), "role"),
            9 => {
                let role = resolved.role(self.place, RoleId::new(id));
                (role || resolved.user(self.place, UserId::new(id)), "user or role")
            }
            _ => {
                let kind = resolved.channel(self.place, ChannelId::new(id));
                let allowed = |k: &u8| def["channel_types"].as_array().is_none_or(|t| t.contains(&json!(k)));
                (kind.as_ref().is_some_and(allowed), "channel of a fitting type")
            }
        };
        if !found {
            return self.refuse(path, "UNKNOWN_ENTITY", format!("There is no such {what} here."));
        }
        Some(json!(id.to_string()))
    }

    /// `{filename, data: base64, content_type?, description?}`.
    fn file(&self, value: &Value, path: &str) -> Option<Value> {
        let bytes = value["data"].as_str().and_then(|d| BASE64_STANDARD.decode(d).ok());
        let (Some(filename), Some(bytes)) = (value["filename"].as_str(), bytes) else {
            return self.refuse(
                path,
                "MODEL_TYPE_CONVERT",
                "Must be a file: {filename, data} with data in base64.",
            );
        };
        let mut files = self.files.borrow_mut();
        let upload = Upload {
            index: files.len() as u64,
            filename: filename.to_owned(),
            content_type: value["content_type"].as_str().map(str::to_owned),
            bytes,
        };
        match NewFile::from_upload(upload) {
            Ok(mut file) => {
                file.description = value["description"].as_str().map(str::to_owned);
                files.push(file);
                Some(json!(files.len() - 1))
            }
            Err(error) => self.refuse(path, "FILE_TOO_LARGE", error.message),
        }
    }
}

/// Puts the ids of stored files in place of their index.
pub(super) fn settle_files(options: &mut [Value], ids: &[String]) {
    for option in options {
        if option["type"] == 11
            && let Some(id) = option["value"].as_u64().and_then(|n| ids.get(n as usize))
        {
            option["value"] = json!(id);
        }
        if let Some(Value::Array(below)) = option.get_mut("options") {
            settle_files(below, ids);
        }
    }
}
