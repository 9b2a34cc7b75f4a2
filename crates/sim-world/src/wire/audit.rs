//! Audit log entries. See Discord docs: Audit Log / Audit Log Entry Object.

use serde_json::{Value, json};

use crate::{Application, AuditEntry};

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

/// An application's integration as audit logs list it: its id is the application's.
pub fn partial_integration(application: &Application) -> Value {
    json!({
        "id": application.id,
        "type": "discord",
        "name": application.name,
        "account": { "id": application.id, "name": application.name },
        "application_id": application.id,
    })
}
