//! Role connections: what an application says of a person's account elsewhere, and which of it can be asked for by
//! roles. See Discord docs: Application Role Connection Metadata, User / Update Current User Application Role
//! Connection. Roles that ask for it are not simulated.

use std::cell::RefCell;

use serde_json::{Map, Value, json};

use crate::{
    Action, ApiError, ApplicationId, FormErrors, RoleConnection, Timestamp, Tx, UserId, World,
    body::{self, Form},
};

/// Records of an application.
const MAX_RECORDS: usize = 5;

/// GET /applications/{application}/role-connections/metadata.
///
/// # Errors
/// 10002.
pub fn role_connection_metadata(world: &World, application: ApplicationId) -> Result<Value, ApiError> {
    Ok(Value::Array(world.application(application)?.oauth2.role_connection_metadata.clone()))
}

/// PUT /applications/{application}/role-connections/metadata: replaces all records.
///
/// # Errors
/// 10002, 50035.
#[derive(Clone, Debug)]
pub struct PutRoleConnectionMetadata {
    /// Whose.
    pub application: ApplicationId,
    /// The body, a list.
    pub body: Value,
}

impl Action for PutRoleConnectionMetadata {
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        tx.world.application(self.application)?;
        let records = read_records(&self.body)?;
        if let Some(application) = tx.world.applications.get_mut(&self.application) {
            application.oauth2.role_connection_metadata.clone_from(&records);
        }
        Ok(Value::Array(records))
    }
}

fn read_records(body: &Value) -> Result<Vec<Value>, ApiError> {
    let list = match body {
        Value::Array(list) => list.as_slice(),
        Value::Null => &[],
        _ => {
            return Err(ApiError::form("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"));
        }
    };
    if list.len() > MAX_RECORDS {
        let message = format!("Must be {MAX_RECORDS} or fewer in length.");
        return Err(ApiError::form("", "BASE_TYPE_MAX_LENGTH", message));
    }
    let errors = RefCell::new(FormErrors::default());
    let mut records: Vec<Value> = Vec::new();
    for (index, item) in list.iter().enumerate() {
        let path = index.to_string();
        let Some(form) = Form::new(item, &path, &errors) else { continue };
        let record = read_record(form);
        if records.iter().any(|earlier| earlier["key"] == record["key"]) {
            form.error("key", "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
        }
        records.push(record);
    }
    errors.into_inner().finish()?;
    Ok(records)
}

fn read_record(form: Form<'_>) -> Value {
    for key in ["type", "key", "name", "description"] {
        if form.get(key).is_none() {
            form.missing(key);
        }
    }
    let key = form.string("key", 1, 50).unwrap_or_default();
    if !key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        form.error("key", "STRING_TYPE_REGEX", "String value did not match validation regex.");
    }
    let mut record = json!({
        "type": form.integer("type", 1, 8),
        "key": key,
        "name": form.string("name", 1, 100),
        "description": form.string("description", 1, 200),
    });
    for texts in ["name_localizations", "description_localizations"] {
        match form.get(texts) {
            Some(given) if given.is_object() => record[texts] = given.clone(),
            Some(_) => form.error(texts, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType"),
            None => {}
        }
    }
    record
}

/// GET /users/@me/applications/{application}/role-connection; an empty one where nothing was ever put.
///
/// # Errors
/// 10002.
pub fn role_connection(world: &World, user: UserId, application: ApplicationId) -> Result<Value, ApiError> {
    world.application(application)?;
    let is_it = |r: &&RoleConnection| r.user == user && r.application == application;
    let found = world.oauth2.role_connections.iter().find(is_it);
    Ok(found.map_or_else(|| json!({ "platform_username": null, "metadata": {} }), |r| r.body.clone()))
}

/// PUT of the same: `{platform_name?, platform_username?, metadata?}`; what is absent is emptied.
///
/// # Errors
/// 10002, 50035.
#[derive(Clone, Debug)]
pub struct PutRoleConnection {
    /// Whose.
    pub user: UserId,
    /// Of which application.
    pub application: ApplicationId,
    /// The body.
    pub body: Value,
}

impl Action for PutRoleConnection {
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let records = &tx.world.application(self.application)?.oauth2.role_connection_metadata;
        let body = body::read(&self.body, |form| {
            let name = form.string("platform_name", 0, 50);
            let username = form.string("platform_username", 0, 100);
            let mut value = json!({ "platform_username": username, "metadata": read_values(form, records) });
            if let Some(name) = name {
                value["platform_name"] = json!(name);
            }
            value
        })?;
        let (user, application) = (self.user, self.application);
        let connections = &mut tx.world.oauth2.role_connections;
        connections.retain(|r| !(r.user == user && r.application == application));
        connections.push(RoleConnection { user, application, body: body.clone() });
        Ok(body)
    }
}

/// Values by the keys of the application's records, each as its record's type wants it.
fn read_values(form: Form<'_>, records: &[Value]) -> Map<String, Value> {
    let mut values = Map::new();
    let Some(given) = form.get("metadata") else { return values };
    let Some(given) = given.as_object() else {
        form.error("metadata", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType");
        return values;
    };
    for (key, value) in given {
        let at = format!("metadata.{key}");
        let Some(record) = records.iter().find(|r| r["key"] == key.as_str()) else {
            form.error(at, "APPLICATION_ROLE_CONNECTION_METADATA_UNKNOWN_KEY", "No record has this key.");
            continue;
        };
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => u8::from(*flag).to_string(),
            _ => {
                form.error(at, "STRING_TYPE_CONVERT", "Could not interpret value as string.");
                continue;
            }
        };
        if !(1..=100).contains(&text.chars().count()) {
            form.error(at, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
            continue;
        }
        let fits = match record["type"].as_u64() {
            Some(1..=4) => text.parse::<i64>().is_ok(),
            Some(7 | 8) => matches!(text.as_str(), "0" | "1"),
            // A day or a moment of it.
            _ => {
                [text.clone(), format!("{text}T00:00:00Z")].iter().any(|t| Timestamp::parse_iso(t).is_some())
            }
        };
        if !fits {
            let message = "The value is not of the record's type.";
            form.error(at, "APPLICATION_ROLE_CONNECTION_METADATA_INVALID_VALUE", message);
            continue;
        }
        values.insert(key.clone(), text.into());
    }
    values
}

/// DELETE of the same.
///
/// # Errors
/// 10002.
#[derive(Clone, Debug)]
pub struct DeleteRoleConnection {
    /// Whose.
    pub user: UserId,
    /// Of which application.
    pub application: ApplicationId,
}

impl Action for DeleteRoleConnection {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        tx.world.application(self.application)?;
        let (user, application) = (self.user, self.application);
        tx.world.oauth2.role_connections.retain(|r| !(r.user == user && r.application == application));
        Ok(())
    }
}
