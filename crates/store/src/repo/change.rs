//! A change and its audit row: both or neither, although they live in two files.
//!
//! For a change in a guild's file, in this order, each step durable before the next:
//! 1. `main.db`: a note that change X of guild G is under way (`audit_open`).
//! 2. `guild.db`: the change and its audit row in `audit_outbox`, in one transaction. From here on it has happened.
//! 3. `main.db`: the row in `audit`, the note removed, in one transaction.
//! 4. `guild.db`: the outbox row removed.
//!
//! A crash before 2 leaves a note about nothing; one after 2 leaves the row in the outbox, which the next start
//! (or the hourly maintenance) moves on by the notes. `change_id` is unique, so a row arrives once.
//! For a change within `main.db` both are one transaction.

use std::time::{Duration, SystemTime};

use super::audit::Actor;
use super::guild::Guild;
use crate::StoreError;
use crate::db::{Access, Db};
use crate::id::Id;
use crate::store::Store;
use crate::time::Millis;

/// Until then a note without an outbox row may belong to a change that is still under way.
const UNDER_WAY: Duration = Duration::from_secs(600);

/// What a change did to a setting; none if it was so already.
pub(crate) struct Diff {
    pub(crate) setting: String,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
}

/// A row on its way into `audit`.
struct Row {
    change: String,
    at: Millis,
    user: Option<Id>,
    guild: Option<Id>,
    channel: Option<Id>,
    /// Whether it is about the bot as a whole, wherever it was said.
    bot_wide: bool,
    diff: Diff,
}

impl Row {
    fn of(actor: &Actor, at: Millis, bot_wide: bool, diff: Diff) -> Self {
        let (user, guild, channel) = (Some(Id(actor.user)), Id::maybe(actor.guild), Id::maybe(actor.channel));
        Self { change: change_id(), at, user, guild, channel, bot_wide, diff }
    }

    fn insert(&self, db: &Db<'_>) -> Result<(), StoreError> {
        db.execute(
            "INSERT OR IGNORE INTO audit
                (change_id, at, user_id, guild_id, channel_id, bot_wide, setting, old_value, new_value)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                &self.change,
                self.at,
                self.user,
                self.guild,
                self.channel,
                self.bot_wide,
                &self.diff.setting,
                &self.diff.old,
                &self.diff.new,
            ),
        )?;
        Ok(())
    }
}

fn change_id() -> String {
    format!("{:032x}", fastrand::u128(..))
}

/// Writes down, within the import's own transaction, that one took place. Nobody of Discord's did it.
pub(crate) fn note_import(db: &Db<'_>, at: Millis, source: &str) -> Result<(), StoreError> {
    let diff = Diff { setting: "import".to_owned(), old: None, new: Some(source.to_owned()) };
    Row { change: change_id(), at, user: None, guild: None, channel: None, bot_wide: true, diff }.insert(db)
}

/// Writes down, in the transaction that removes the last of it, that a guild's data was deleted.
/// `user` is `None` once whoever wanted it has been erased.
pub(crate) fn note_deletion(
    db: &Db<'_>,
    at: Millis,
    user: Option<Id>,
    channel: Option<Id>,
    guild: u64,
) -> Result<(), StoreError> {
    let diff = Diff { setting: format!("guild_data.{guild}"), old: Some("kept".to_owned()), new: None };
    // Without the guild: the row is about the bot's owner by now.
    Row { change: change_id(), at, user, guild: None, channel, bot_wide: true, diff }.insert(db)
}

/// Changes something in `main.db` and writes the audit row in the same transaction.
pub(crate) async fn in_main<T, F>(store: &Store, actor: &Actor, work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce(&Db<'_>) -> Result<(T, Vec<Diff>), StoreError> + Send + 'static,
{
    let (actor, at) = (*actor, Millis::from(store.now()));
    store
        .pool()
        .main_write(move |db| {
            let (value, diffs) = work(db)?;
            for diff in diffs {
                Row::of(&actor, at, true, diff).insert(db)?;
            }
            Ok(value)
        })
        .await
}

/// Changes something in a guild's file and writes the audit row, in the order above.
pub(crate) async fn in_guild<T, F>(guild: &Guild, actor: &Actor, work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce(&Db<'_>) -> Result<(T, Option<Diff>), StoreError> + Send + 'static,
{
    let (store, id, actor) = (guild.store(), guild.id(), *actor);
    let (change, at) = (change_id(), Millis::from(store.now()));
    let note = change.clone();
    store
        .pool()
        .main_write(move |db| {
            let sql = "INSERT INTO audit_open (change_id, guild_id, at) VALUES (?, ?, ?)";
            db.execute(sql, (note, Id(id), at)).map(|_| ())
        })
        .await?;
    let outbox = change.clone();
    let changed = guild
        .write_durable(move |db| {
            let (value, diff) = work(db)?;
            if let Some(diff) = diff {
                db.execute(
                    "INSERT INTO audit_outbox (change_id, at, user_id, channel_id, setting, old_value, new_value)
                     VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (outbox, at, Id(actor.user), Id::maybe(actor.channel), diff.setting, diff.old, diff.new),
                )?;
            }
            Ok(value)
        })
        .await;
    // The change has happened or not; from here on a failure only delays its audit row.
    if let Err(error) = deliver(store, id, &change, true).await {
        tracing::warn!(guild = id, %error, "an audit row waits in the guild's file for the next maintenance");
    }
    changed
}

/// Steps 3 and 4 of one change. `settled`: nobody is in the middle of it, a note without a row is about nothing.
async fn deliver(store: &Store, guild: u64, change: &str, settled: bool) -> Result<(), StoreError> {
    let wanted = change.to_owned();
    let row = store
        .pool()
        .guild(guild, Access::Read, move |db| {
            let sql = "SELECT at, user_id, channel_id, setting, old_value, new_value FROM audit_outbox WHERE change_id = ?";
            db.row(sql, [&wanted], |row| {
                let diff = Diff { setting: row.get(3)?, old: row.get(4)?, new: row.get(5)? };
                let (at, user, channel) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let (change, guild) = (wanted.clone(), Some(Id(guild)));
                Ok(Row { change, at, user, guild, channel, bot_wide: false, diff })
            })
        })
        .await?
        .flatten();
    let found = row.is_some();
    if !found && !settled {
        return Ok(());
    }
    let note = change.to_owned();
    store
        .pool()
        .main_write(move |db| {
            row.map_or(Ok(()), |row| row.insert(db))?;
            db.execute("DELETE FROM audit_open WHERE change_id = ?", [note]).map(|_| ())
        })
        .await?;
    if found {
        let sent = change.to_owned();
        let delete = move |db: &Db<'_>| db.execute("DELETE FROM audit_outbox WHERE change_id = ?", [sent]);
        store.pool().guild(guild, Access::Write, delete).await?;
    }
    Ok(())
}

impl Store {
    /// Moves on audit rows that were left in guild files. At a start nobody is in the middle of a change.
    pub(crate) async fn settle_audit(&self, at_start: bool) -> Result<usize, StoreError> {
        let notes = self
            .pool()
            .main_read(|db| {
                db.rows("SELECT change_id, guild_id, at FROM audit_open", [], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, Id>(1)?, row.get::<_, Millis>(2)?))
                })
            })
            .await?;
        let now = self.now();
        let mut moved = 0;
        for (change, guild, at) in notes {
            let age = now.duration_since(SystemTime::from(at)).unwrap_or_default();
            match deliver(self, guild.0, &change, at_start || age > UNDER_WAY).await {
                Ok(()) => moved += 1,
                Err(error) => {
                    tracing::warn!(guild = guild.0, %error, "an audit row stays in the guild's file");
                }
            }
        }
        Ok(moved)
    }
}
