//! JSON as text.

use serde::Serialize;

/// The text of a value or of something of ours that holds values. `Value::to_string` takes more than twice as long,
/// because it writes through a formatter.
pub(crate) fn text(value: &impl Serialize) -> String {
    // It fails for keys that are no strings alone, and there are none.
    serde_json::to_string(value).unwrap_or_default()
}
