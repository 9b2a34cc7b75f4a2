//! Slash commands that were withheld from Discord because they did not fit, or for another reason.

use std::time::SystemTime;

use super::check_name;
use crate::StoreError;
use crate::id::Id;
use crate::store::Store;
use crate::time::Millis;

/// One withheld command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithheldCommand {
    /// The guild whose command it is; none for a global one.
    pub guild: Option<u64>,
    /// Its name.
    pub name: String,
    /// Which cog or extension it comes from.
    pub origin: String,
    /// Why it was withheld.
    pub reason: String,
    /// Since when.
    pub since: SystemTime,
}

/// The withheld commands of `main.db`.
#[derive(Clone, Debug)]
pub struct Withheld {
    store: Store,
}

impl Withheld {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Makes this the list of one scope (a guild, or none for global commands), in one commit. What was withheld
    /// before keeps its time. Answers with the names that were given free.
    pub async fn replace(
        &self,
        guild: Option<u64>,
        list: Vec<WithheldCommand>,
    ) -> Result<Vec<String>, StoreError> {
        list.iter().try_for_each(|command| check_name("command", &command.name))?;
        // 0 is nobody's id; as part of the primary key it stands for "global".
        let scope = Id(guild.unwrap_or(0));
        self.store
            .pool()
            .main_write(move |db| {
                let sql = "SELECT name FROM withheld_commands WHERE guild_id = ? ORDER BY name";
                let mut freed: Vec<String> = db.rows(sql, [scope], |row| row.get(0))?;
                freed.retain(|name| list.iter().all(|command| command.name != *name));
                for name in &freed {
                    db.execute("DELETE FROM withheld_commands WHERE guild_id = ? AND name = ?", (scope, name))?;
                }
                for command in list {
                    db.execute(
                        "INSERT INTO withheld_commands (guild_id, name, origin, reason, withheld_at) VALUES (?, ?, ?, ?, ?)
                         ON CONFLICT (guild_id, name) DO UPDATE SET origin = excluded.origin, reason = excluded.reason",
                        (scope, command.name, command.origin, command.reason, Millis::from(command.since)),
                    )?;
                }
                Ok(freed)
            })
            .await
    }

    /// All withheld commands, by scope and name.
    pub async fn all(&self) -> Result<Vec<WithheldCommand>, StoreError> {
        self.store
            .pool()
            .main_read(|db| {
                let sql = "SELECT guild_id, name, origin, reason, withheld_at FROM withheld_commands ORDER BY guild_id, name";
                db.rows(sql, [], |row| {
                    Ok(WithheldCommand {
                        guild: Some(row.get::<_, Id>(0)?.0).filter(|id| *id != 0),
                        name: row.get(1)?,
                        origin: row.get(2)?,
                        reason: row.get(3)?,
                        since: row.get::<_, Millis>(4)?.into(),
                    })
                })
            })
            .await
    }
}
