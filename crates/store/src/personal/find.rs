//! Finding the rows about a person.

use rusqlite::types::ValueRef;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::backup::Target;
use crate::db::{Access, Db, Erase, Kind, TABLES, looks_like_a_person};
use crate::id::Id;
use crate::{Store, StoreError};

/// Rows of one table that are exported at most.
const MAX_ROWS: u32 = 100_000;
/// Largest number that JSON readers keep exactly; ids beyond it are written as text.
const EXACT: i64 = 1 << 53;

/// All that is kept about a user. Serialises to what can be handed out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PersonalData {
    /// The user.
    #[serde(serialize_with = "as_text")]
    pub user: u64,
    /// Tables with rows about the user.
    pub tables: Vec<PersonalTable>,
}

/// Rows about a user in one table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PersonalTable {
    /// `main` or the guild's id.
    pub database: String,
    /// The table.
    pub table: String,
    /// The rows, by column. Ids and other large numbers are text, binary data is hexadecimal.
    pub rows: Vec<Map<String, Value>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn as_text<S: serde::Serializer>(id: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

/// A place where rows about a person may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) table: String,
    pub(crate) column: String,
    /// SQL that holds for the rows in question, with `?1` as the user.
    pub(crate) condition: String,
    /// None for a table that is not ours.
    pub(crate) erase: Option<Erase>,
}

/// All places in one database.
pub(crate) fn places(db: &Db<'_>, kind: Kind) -> Result<Vec<Place>, StoreError> {
    let columns = db.rows(
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.rowid, c.cid",
        [],
        |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
    )?;
    let mut places = Vec::new();
    for (table, column) in columns {
        let known = TABLES.iter().find(|known| known.kind == kind && known.name == table);
        let declared = known.and_then(|known| known.users.iter().find(|user| user.name == column));
        let quoted = format!("\"{}\"", column.replace('"', "\"\""));
        let mut condition = format!("{quoted} = ?1");
        match (known, declared) {
            (_, Some(user)) if !user.only_if.is_empty() => {
                condition.push_str(" AND ");
                condition.push_str(user.only_if);
            }
            (_, Some(_)) => {}
            // The original's extensions keep ids as text, too.
            (None, None) if looks_like_a_person(&column) => {
                condition = format!("CAST({quoted} AS TEXT) = CAST(?1 AS TEXT)");
            }
            _ => continue,
        }
        places.push(Place { table, column, condition, erase: declared.map(|user| user.erase) });
    }
    for table in TABLES.iter().filter(|table| table.kind == kind && !table.texts.is_empty()) {
        let others = places.iter().filter(|place| place.table == table.name);
        // A row is found once. No user's id reaches the sign bit before the year 2084.
        let others = others
            .fold(String::new(), |sql, place| sql + &format!(" AND NOT coalesce({}, 0)", place.condition));
        let within = |column: &&str| format!("coalesce(instr({column}, CAST(?1 AS TEXT)), 0) > 0");
        let within = table.texts.iter().map(within).collect::<Vec<_>>().join(" OR ");
        // A backup of an original installation lacks some tables.
        let has = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
        if db.row(has, [table.name], |_| Ok(()))?.is_some() {
            places.push(Place {
                table: table.name.to_owned(),
                column: table.texts.join(", "),
                condition: format!("({within}){others}"),
                erase: Some(Erase::Texts(table.texts)),
            });
        }
    }
    Ok(places)
}

/// Tables of ours that hold people in a form that cannot be searched.
pub(crate) fn opaque(kind: Kind) -> impl Iterator<Item = &'static str> {
    TABLES.iter().filter(move |table| table.kind == kind && table.opaque).map(|table| table.name)
}

/// A table's name, quoted.
pub(crate) fn quoted(table: &str) -> String {
    format!("\"{}\"", table.replace('"', "\"\""))
}

fn found(db: &Db<'_>, target: Target, user: Id) -> Result<Vec<PersonalTable>, StoreError> {
    let mut tables: Vec<PersonalTable> = Vec::new();
    for place in places(db, target.kind())? {
        let sql =
            format!("SELECT * FROM {} WHERE {} LIMIT {MAX_ROWS}", quoted(&place.table), place.condition);
        let rows = db.rows(&sql, [user], |row| {
            let names: Vec<String> = row.as_ref().column_names().map(str::to_owned).collect();
            names.into_iter().enumerate().map(|(i, name)| Ok((name, json(row.get_ref(i)?)))).collect()
        })?;
        if rows.is_empty() {
            continue;
        }
        let database = match target {
            Target::Main => "main".to_owned(),
            Target::Guild(guild) => guild.to_string(),
        };
        tables.push(PersonalTable { database, table: place.table, rows });
    }
    Ok(tables)
}

/// Whether a database holds rows about a user, or some that cannot be searched for the user.
pub(crate) fn holds(db: &Db<'_>, kind: Kind, user: Id) -> Result<bool, StoreError> {
    let has = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
    for table in opaque(kind) {
        // A backup of an original installation has no such table.
        let there = db.row(has, [table], |_| Ok(()))?.is_some();
        if there && db.row(&format!("SELECT 1 FROM {table} LIMIT 1"), [], |_| Ok(()))?.is_some() {
            return Ok(true);
        }
    }
    for place in places(db, kind)? {
        let sql = format!("SELECT 1 FROM {} WHERE {} LIMIT 1", quoted(&place.table), place.condition);
        if db.row(&sql, [user], |_| Ok(()))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) if number.abs() < EXACT => number.into(),
        ValueRef::Integer(number) => number.cast_unsigned().to_string().into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => crate::hex(bytes).into(),
    }
}

impl Store {
    /// Everything that the databases hold about a user, but for the snapshots of guilds beside gateway sessions: they are
    /// what Discord sends at every start, in a form that cannot be searched. A database that cannot be read fails the whole export: an
    /// incomplete one would pass for a complete one.
    pub async fn export_user(&self, user: u64) -> Result<PersonalData, StoreError> {
        let mut tables = self.pool().main_read(move |db| found(db, Target::Main, Id(user))).await?;
        for guild in self.guilds().await? {
            let read = move |db: &Db<'_>| found(db, Target::Guild(guild), Id(user));
            tables.extend(self.pool().guild(guild, Access::Read, read).await?.unwrap_or_default());
        }
        Ok(PersonalData { user, tables })
    }
}
