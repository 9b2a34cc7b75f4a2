//! Discord's ids in a database: `u64` outside, `i64` inside, converted here and nowhere else.

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};

/// A snowflake. SQLite's integers are signed; the bits are kept, so every id reads back as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Id(pub(crate) u64);

impl Id {
    /// "None" is kept as NULL.
    pub(crate) fn maybe(id: Option<u64>) -> Option<Self> {
        id.map(Self)
    }
}

/// Which of `shards` a guild is on; 0 counts as 1. See <https://discord.com/developers/docs/events/gateway#sharding>.
pub(crate) fn shard_of(guild: u64, shards: u32) -> u32 {
    u32::try_from((guild >> 22) % u64::from(shards.max(1))).unwrap_or(0)
}

impl ToSql for Id {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.cast_signed()))
    }
}

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(|id| Self(id.cast_unsigned()))
    }
}
