//! The fields of a journal entry. Every dispatch and every request makes an entry, and thousands are kept: so names are
//! static, and what every entry has is stored as it is and becomes JSON when somebody reads it.

use std::{borrow::Cow, sync::Arc};

use serde::{Serialize, Serializer};
use serde_json::{Number, Value};

/// Names and values in order; none is there twice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Vec<(&'static str, Field)>);

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Field {
    Null,
    /// One of a fixed set of texts.
    Name(&'static str),
    Text(Arc<str>),
    /// A snowflake; JSON writes it as a string.
    Id(u64),
    Number(Number),
    /// A shard: its number, and how many there are.
    Shard([u32; 2]),
    /// Anything else: bodies, lists.
    Json(Box<Value>),
}

impl Fields {
    /// None yet, with room for `count`.
    pub(crate) fn with_room(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// Adds a field.
    pub(crate) fn put(&mut self, name: &'static str, value: impl Into<Field>) {
        self.0.push((name, value.into()));
    }

    /// The field of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Field> {
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// What they take in memory, roughly, in bytes.
    pub(super) fn weight(&self) -> usize {
        self.0.iter().map(|(_, value)| size_of::<(&str, Field)>() + value.weight()).sum()
    }
}

impl Field {
    /// As JSON.
    pub(crate) fn value(&self) -> Cow<'_, Value> {
        Cow::Owned(match self {
            Self::Json(value) => return Cow::Borrowed(value),
            Self::Null => Value::Null,
            Self::Name(name) => (*name).into(),
            Self::Text(text) => (**text).into(),
            Self::Id(id) => id.to_string().into(),
            Self::Number(number) => number.clone().into(),
            Self::Shard(shard) => shard.to_vec().into(),
        })
    }

    /// Whether it is this text.
    pub(crate) fn is(&self, text: &str) -> bool {
        match self {
            Self::Name(name) => *name == text,
            Self::Text(own) => **own == *text,
            Self::Id(id) => id.to_string() == text,
            Self::Json(value) => **value == text,
            Self::Null | Self::Number(_) | Self::Shard(_) => false,
        }
    }

    /// Bytes beside the field itself.
    fn weight(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Json(value) => weight(value),
            Self::Null | Self::Name(_) | Self::Id(_) | Self::Number(_) | Self::Shard(_) => 0,
        }
    }
}

/// What a value takes in memory, roughly, in bytes: several times its text.
fn weight(value: &Value) -> usize {
    /// A value itself.
    const VALUE: usize = size_of::<Value>();
    /// What a key takes beside its text: the string, its hash and its place in the table.
    const KEY: usize = size_of::<String>() + 3 * size_of::<usize>();
    VALUE
        + match value {
            Value::Object(map) => map.iter().map(|(k, v)| KEY + k.len() + weight(v)).sum(),
            Value::Array(list) => list.iter().map(weight).sum(),
            Value::String(text) => text.len(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl From<&'static str> for Field {
    fn from(name: &'static str) -> Self {
        Self::Name(name)
    }
}

impl From<Arc<str>> for Field {
    fn from(text: Arc<str>) -> Self {
        Self::Text(text)
    }
}

impl From<String> for Field {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<u64> for Field {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}

impl From<u16> for Field {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<f64> for Field {
    fn from(number: f64) -> Self {
        Number::from_f64(number).map_or(Self::Null, Self::Number)
    }
}

impl From<[u32; 2]> for Field {
    fn from(shard: [u32; 2]) -> Self {
        Self::Shard(shard)
    }
}

impl From<Value> for Field {
    fn from(value: Value) -> Self {
        Self::Json(value.into())
    }
}

impl<T: Into<Self>> From<Option<T>> for Field {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_reads_as_the_json_it_stands_for() {
        let mut fields = Fields::default();
        fields.put("none", None::<u64>);
        fields.put("name", "in");
        fields.put("text", "/path".to_owned());
        fields.put("id", Field::Id(7));
        fields.put("number", 1.5);
        fields.put("shard", [0, 2]);
        fields.put("body", json!({ "a": "b" }));
        let written = json!({
            "none": null, "name": "in", "text": "/path", "id": "7", "number": 1.5, "shard": [0, 2], "body": { "a": "b" },
        });
        assert_eq!(json!(fields), written);
        for (name, value) in written.as_object().unwrap() {
            let field = fields.get(name).unwrap();
            assert_eq!(*field.value(), *value);
            assert_eq!(value.as_str(), ["in", "/path", "7"].into_iter().find(|text| field.is(text)));
        }
        assert!(fields.get("other").is_none());
    }
}
