//! What is made from the registry: the first `config.json`, its schema, `.env.example`, the reference.

mod env_example;
mod file;
mod reference;
mod schema;

pub use env_example::env_example;
pub use file::default_file;
pub use reference::reference;
pub use schema::schema;

use serde_json::Value;

use crate::registry::Setting;
use crate::shape::Shape;

/// The default as it is written in `config.json`.
fn written(setting: &Setting) -> Value {
    match (setting.shape, setting.default.value()) {
        (Shape::Colour, Value::Number(number)) => {
            Value::String(format!("#{:06x}", number.as_u64().unwrap_or_default()))
        }
        (_, value) => value,
    }
}

/// The default as it is written in a `.env` file; empty when there is none.
fn in_env(setting: &Setting) -> String {
    match written(setting) {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Array(list) if list.is_empty() => String::new(),
        value => value.to_string(),
    }
}
