//! Audit log entries. See Discord docs: Audit Log / Audit Log Entry Object.

use serde_json::{Value, json};

use crate::AuditEntry;

/// An entry; `changes`, `options` and `reason` are left out where there are none, as Discord does.
pub fn audit_entry(entry: &AuditEntry) -> Value {
    let mut value = json!({
        "id": entry.id.to_string(),
        "user_id": entry.user,
        "target_id": entry.target.map(|id| id.to_string()),
        "action_type": entry.action as u32,
    });
    if !entry.changes.is_empty() {
        value["changes"] = Value::Array(entry.changes.clone());
    }
    if !entry.options.is_empty() {
        value["options"] = Value::Object(entry.options.clone());
    }
    if let Some(reason) = &entry.reason {
        value["reason"] = json!(reason);
    }
    value
}
