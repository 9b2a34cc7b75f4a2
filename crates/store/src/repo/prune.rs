//! Keeps tables that only grow within their bounds. The hourly maintenance does it.
//!
//! The others are bounded by themselves: cooldowns end, there is a gateway session a shard, and a sync of commands replaces
//! what is known of withheld ones.

use std::time::Duration;

use crate::StoreError;
use crate::db::Db;
use crate::id::Id;
use crate::store::Store;
use crate::time::Millis;

/// How long it is known who changed what.
const AUDIT_AGE: Duration = Duration::from_secs(365 * 86_400);
/// Changes that are kept of one guild, and of the bot-wide ones; so that one guild cannot push out the others'.
const AUDIT_PER_GUILD: u32 = 1_000;
/// Changes that are kept in all, some 40 MB.
const AUDIT_ROWS: u32 = 200_000;
/// Commands whose uses are counted, for the whole bot and for each guild. A bot has some hundred; names of commands that are
/// gone stay until there are more than this, the least used go first.
pub(super) const COUNTED: u32 = 5_000;

/// What was dropped to keep tables within their bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Audit rows, too old or too many.
    pub audit: usize,
    /// Commands whose uses are not counted any more.
    pub usage: usize,
}

impl Store {
    pub(crate) async fn prune(&self) -> Result<Pruned, StoreError> {
        let oldest = Millis::from(self.now().checked_sub(AUDIT_AGE).unwrap_or(std::time::UNIX_EPOCH));
        self.pool()
            .main_write(move |db| {
                let audit = prune_audit(db, oldest, AUDIT_PER_GUILD, AUDIT_ROWS)?;
                Ok(Pruned { audit, usage: prune_usage(db, "usage", COUNTED)? })
            })
            .await
    }
}

fn prune_audit(db: &Db<'_>, oldest: Millis, per_guild: u32, rows: u32) -> Result<usize, StoreError> {
    let mut gone = db.execute("DELETE FROM audit WHERE at < ?", [oldest])?;
    // What is about a guild, and what is about the bot wherever it was said.
    let sql = "SELECT bot_wide, CASE bot_wide WHEN 0 THEN guild_id END AS guild FROM audit
               GROUP BY bot_wide, guild HAVING count(*) > ?";
    let crowded =
        db.rows(sql, [per_guild], |row| Ok((row.get::<_, bool>(0)?, row.get::<_, Option<Id>>(1)?)))?;
    for (bot_wide, guild) in crowded {
        // The newest that is too many, and all before it.
        let these = "bot_wide = ?1 AND (bot_wide = 1 OR guild_id IS ?2)";
        let sql = format!(
            "DELETE FROM audit WHERE {these} AND id <=
                (SELECT id FROM audit WHERE {these} ORDER BY id DESC LIMIT 1 OFFSET ?3)"
        );
        gone += db.execute(&sql, (bot_wide, guild, per_guild))?;
    }
    let sql = "DELETE FROM audit WHERE id <= (SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET ?)";
    Ok(gone + db.execute(sql, [rows])?)
}

/// Of `usage` or of a guild's `command_stats`, which have the same columns in this.
pub(super) fn prune_usage(db: &Db<'_>, table: &'static str, most: u32) -> Result<usize, StoreError> {
    let sql = format!(
        "DELETE FROM {table} WHERE command_name IN
            (SELECT command_name FROM {table} ORDER BY usage_count DESC, last_used DESC LIMIT -1 OFFSET ?)"
    );
    db.execute(&sql, [most])
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::testing::{ACTOR, GUILD, fresh};
    use crate::{Actor, AuditFilter, CommandUse};

    async fn kept(store: &Store) -> Vec<(Option<u64>, Option<String>)> {
        let rows = store.audit().list(AuditFilter::default(), 500).await.unwrap();
        rows.into_iter().map(|row| (row.guild, row.new)).collect()
    }

    #[tokio::test]
    async fn the_newest_changes_of_each_guild_stay() {
        let (_folder, clock, store) = fresh().await;
        let other = Actor { guild: Some(8), ..ACTOR };
        store.guild(8_u64).settings().set("prefix", "old", &other).await.unwrap();
        clock.advance(365 * 86_400);
        store.guild(8_u64).settings().set("prefix", "new", &other).await.unwrap();
        assert_eq!(store.prune().await.unwrap(), Pruned::default(), "not older than a year");
        clock.advance(1);
        assert_eq!(store.prune().await.unwrap().audit, 1);
        for number in 0..6 {
            store.guild(GUILD).settings().set("prefix", number.to_string(), &ACTOR).await.unwrap();
            store.bot_settings().set("status.interval", number.to_string(), &ACTOR).await.unwrap();
        }
        let prune = |guild, all| store.pool().main_write(move |db| prune_audit(db, Millis(0), guild, all));
        assert_eq!(prune(6, 100).await.unwrap(), 0, "bot-wide ones do not push out the guild's");
        assert_eq!(prune(2, 100).await.unwrap(), 8);
        let place = Some(GUILD);
        let new = |text: &str| Some(text.to_owned());
        assert_eq!(
            kept(&store).await,
            [
                (place, new("5")),
                (place, new("5")),
                (place, new("4")),
                (place, new("4")),
                (Some(8), new("new"))
            ]
        );
        assert_eq!(prune(4, 3).await.unwrap(), 2);
        assert_eq!(kept(&store).await.len(), 3);
        assert_eq!(prune(4, 3).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn the_most_used_commands_stay() {
        let (_folder, _, store) = fresh().await;
        let used = |command: &str, count| CommandUse {
            guild: None,
            command: command.to_owned(),
            count,
            errors: 0,
            last_used: SystemTime::UNIX_EPOCH + Duration::from_secs(9),
            last_error: None,
        };
        store.usage().record(vec![used("a", 1), used("b", 3), used("c", 2)]).await.unwrap();
        let gone = store.pool().main_write(|db| prune_usage(db, "usage", 2)).await.unwrap();
        let left = store.usage().top(9).await.unwrap();
        assert_eq!((gone, left.len(), left[0].command.as_str(), left[1].command.as_str()), (1, 2, "b", "c"));
    }
}
