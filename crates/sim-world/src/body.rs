//! Reading a JSON request body field by field: every problem is collected under its path, wrong types get
//! Discord's inner codes, unknown keys are ignored as Discord ignores them.

use std::{cell::RefCell, fmt::Display, str::FromStr};

use serde_json::{Map, Value};

use crate::{ApiError, FormErrors, Timestamp};

/// A JSON object being read, with its path and the shared list of problems.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    map: &'a Map<String, Value>,
    path: &'a str,
    errors: &'a RefCell<FormErrors>,
}

/// Joins a path and a key.
pub fn join(path: &str, key: impl Display) -> String {
    if path.is_empty() { key.to_string() } else { format!("{path}.{key}") }
}

impl<'a> Form<'a> {
    /// Starts reading `value`; anything but an object is a form error at `path`.
    pub fn new(value: &'a Value, path: &'a str, errors: &'a RefCell<FormErrors>) -> Option<Self> {
        if let Value::Object(map) = value {
            return Some(Self { map, path, errors });
        }
        errors.borrow_mut().add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        None
    }

    /// The path of this object.
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// The path of a key of this object.
    pub fn at(&self, key: impl Display) -> String {
        join(self.path, key)
    }

    /// Adds a problem at a key.
    pub fn error(&self, key: impl Display, code: &str, message: impl Into<String>) {
        self.errors.borrow_mut().add(&self.at(key), code, message);
    }

    /// Adds "This field is required" at a key.
    pub fn missing(&self, key: &str) {
        self.error(key, "BASE_TYPE_REQUIRED", "This field is required");
    }

    /// The value of a key; absent and null are the same.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|v| !v.is_null())
    }

    /// Whether the key is there at all, null included (PATCH bodies tell the two apart).
    pub fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    /// The object itself.
    pub fn map(&self) -> &'a Map<String, Value> {
        self.map
    }

    /// A string whose length in characters must lie within `min..=max`.
    pub fn string(&self, key: &str, min: usize, max: usize) -> Option<&'a str> {
        let Some(text) = self.get(key)?.as_str() else {
            self.error(key, "STRING_TYPE_CONVERT", "Could not interpret value as string.");
            return None;
        };
        self.check_length(key, text, min, max);
        Some(text)
    }

    /// A name of a user, member or webhook: without white space at its ends or in a row, after which its length is
    /// judged. See Discord docs: User / Usernames and Nicknames.
    pub fn name(&self, key: &str, min: usize, max: usize) -> Option<String> {
        let name = tidy(self.string(key, 0, usize::MAX)?);
        self.check_length(key, &name, min, max);
        Some(name)
    }

    fn check_length(&self, key: &str, text: &str, min: usize, max: usize) {
        let length = text.chars().count();
        if length < min && length == 0 {
            self.missing(key);
        } else if length < min || (length > max && min > 0) {
            let message = format!("Must be between {min} and {max} in length.");
            self.error(key, "BASE_TYPE_BAD_LENGTH", message);
        } else if length > max {
            self.error(key, "BASE_TYPE_MAX_LENGTH", format!("Must be {max} or fewer in length."));
        }
    }

    /// An integer within `min..=max`; decimal strings are accepted as Discord accepts them.
    pub fn integer(&self, key: &str, min: i64, max: i64) -> Option<i64> {
        let value = self.get(key)?;
        let Some(number) = value.as_i64().or_else(|| value.as_str()?.parse().ok()) else {
            self.error(key, "NUMBER_TYPE_COERCE", format!("Value {} is not int.", short(value)));
            return None;
        };
        if number < min {
            self.error(
                key,
                "NUMBER_TYPE_MIN",
                format!("int value should be greater than or equal to {min}."),
            );
        } else if number > max {
            self.error(key, "NUMBER_TYPE_MAX", format!("int value should be less than or equal to {max}."));
        }
        Some(number)
    }

    /// Unsigned 64 bits as an integer or a decimal string: bit sets and ids.
    pub fn bits(&self, key: &str) -> Option<u64> {
        let value = self.get(key)?;
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
        if number.is_none() {
            self.error(key, "NUMBER_TYPE_COERCE", format!("Value {} is not int.", short(value)));
        }
        number
    }

    /// A boolean; `0`, `1` and the strings that clients send are accepted.
    pub fn boolean(&self, key: &str) -> Option<bool> {
        let value = self.get(key)?;
        let parsed = parse_bool(value);
        if parsed.is_none() {
            self.error(key, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
        }
        parsed
    }

    /// A snowflake as a string or an integer.
    pub fn id<T: FromStr>(&self, key: &str) -> Option<T> {
        let value = self.get(key)?;
        let id = parse_id(value);
        if id.is_none() {
            let message = format!("Value {} is not snowflake.", short(value));
            self.error(key, "NUMBER_TYPE_COERCE", message);
        }
        id
    }

    /// An ISO 8601 moment.
    pub fn moment(&self, key: &str) -> Option<Timestamp> {
        let moment = Timestamp::parse_iso(self.string(key, 0, 64)?);
        if moment.is_none() {
            self.error(key, "DATE_TIME_TYPE_PARSE", "Could not parse value. Should be ISO8601.");
        }
        moment
    }

    /// A list with at most `max` items.
    pub fn list(&self, key: &str, max: usize) -> Option<&'a Vec<Value>> {
        let Some(list) = self.get(key)?.as_array() else {
            self.error(key, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
            return None;
        };
        if list.len() > max {
            self.error(key, "BASE_TYPE_MAX_LENGTH", format!("Must be {max} or fewer in length."));
        }
        Some(list)
    }

    /// The collected problems, shared by all forms of one body.
    pub fn errors(&self) -> &'a RefCell<FormErrors> {
        self.errors
    }
}

/// Runs `read` over a body and turns what it collected into one 50035.
pub fn read<T>(body: &Value, read: impl FnOnce(Form<'_>) -> T) -> Result<T, ApiError> {
    let errors = RefCell::new(FormErrors::default());
    let output = Form::new(body, "", &errors).map(read);
    errors.into_inner().finish()?;
    output.ok_or_else(ApiError::invalid_json)
}

/// The `limit` of a list route: `1..=max`, or absent.
pub fn limit(given: Option<i64>, max: i64) -> Result<Option<usize>, ApiError> {
    match given {
        Some(n) if n < 1 => {
            Err(ApiError::form("limit", "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1."))
        }
        Some(n) if n > max => {
            let message = format!("int value should be less than or equal to {max}.");
            Err(ApiError::form("limit", "NUMBER_TYPE_MAX", message))
        }
        n => Ok(n.map(|n| n as usize)),
    }
}

/// A boolean as any client writes it.
pub fn parse_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(b) => Some(*b),
        Value::Number(n) => match n.as_u64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(s) => match s.as_str() {
            "true" | "True" | "1" => Some(true),
            "false" | "False" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A snowflake as a string or an integer.
pub fn parse_id<T: FromStr>(value: &Value) -> Option<T> {
    match value {
        Value::String(s) => s.parse().ok(),
        Value::Number(n) => n.as_u64()?.to_string().parse().ok(),
        _ => None,
    }
}

/// A name without white space at its ends or in a row. What has no width counts as white space, but for joiners, of
/// which emojis are made.
fn tidy(name: &str) -> String {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}');
    name.split(blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A value cut to what fits an error message.
fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((cut, _)) => format!("{}...", &text[..cut]),
        None => text,
    }
}
