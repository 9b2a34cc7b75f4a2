//! What is kept about a user: JSON, and when the user was last seen.

use std::time::SystemTime;

use serde_json::Value;

use super::check_value;
use crate::StoreError;
use crate::id::Id;
use crate::store::Store;
use crate::time::Millis;

/// A user's row.
#[derive(Clone, Debug, PartialEq)]
pub struct UserRecord {
    /// The data; an object unless somebody chose otherwise.
    pub data: Value,
    /// When the user was last seen, to the second.
    pub last_seen: Option<SystemTime>,
}

/// `user_data` of `main.db`: where a cog keeps what it has to know about a person. It is handed out with `data export` and
/// goes with `data erase`.
///
/// ```
/// # async fn coins(store: cogwright_store::Store, user: u64) -> Result<(), cogwright_store::StoreError> {
/// let people = store.user_data();
/// let known = people.get(user).await?.map_or(0, |it| it.data["coins"].as_u64().unwrap_or(0));
/// people.set(user, &serde_json::json!({"coins": known + 1})).await
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct UserData {
    store: Store,
}

impl UserData {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// A user's row; none if nothing is kept. Data that is no JSON (written by hand) is an error naming the user.
    pub async fn get(&self, user: u64) -> Result<Option<UserRecord>, StoreError> {
        let sql = "SELECT data, unixepoch(last_seen) * 1000 FROM user_data WHERE user_id = ?";
        let row = self
            .store
            .pool()
            .main_read(move |db| {
                db.row(sql, [Id(user)], |row| {
                    Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<Millis>>(1)?))
                })
            })
            .await?;
        let Some((data, last_seen)) = row else { return Ok(None) };
        let data = data.map_or(Ok(Value::Object(serde_json::Map::new())), |text| serde_json::from_str(&text));
        let data = data
            .map_err(|error| StoreError::Invalid(format!("the data of user {user} is no JSON: {error}")))?;
        Ok(Some(UserRecord { data, last_seen: last_seen.map(SystemTime::from) }))
    }

    /// Replaces a user's data; the user counts as seen now.
    pub async fn set(&self, user: u64, data: &Value) -> Result<(), StoreError> {
        let (data, now) = (data.to_string(), Millis::from(self.store.now()));
        check_value("user data", &data)?;
        self.store
            .pool()
            .main_write(move |db| {
                db.execute(
                    "INSERT INTO user_data (user_id, data, last_seen) VALUES (?, ?, datetime(? / 1000, 'unixepoch'))
                     ON CONFLICT (user_id) DO UPDATE SET data = excluded.data, last_seen = excluded.last_seen",
                    (Id(user), data, now),
                )
                .map(|_| ())
            })
            .await
    }
}
