//! Reading the source's databases into a plan.

use std::path::Path;
use std::time::SystemTime;

use rusqlite::Connection;
use serde_json::Value;

use super::plan::{ImportPlan, ImportedCommand, ImportedUser};
use super::source::Copy;
use crate::StoreError;
use crate::id::Id;
use crate::repo::{check_name, check_value};
use crate::time::Millis;

/// Tables that hold nothing to take over.
const BOOKKEEPING: &[&str] = &["_schema_migrations", "cogwright_migrations"];

/// Opens a copy. A file that cannot be read is a problem of the plan, not its end; one that is in use is.
fn open(path: &Path, plan: &mut ImportPlan) -> Result<Option<Copy>, StoreError> {
    match Copy::of(path) {
        Ok(copy) => Ok(Some(copy)),
        Err(error @ StoreError::Invalid(_)) => Err(error),
        // What to do about our own files is no advice for somebody else's.
        Err(StoreError::Corrupt { path, detail, .. }) => {
            plan.problems.push(format!(
                "{}: damaged ({detail}); left out. Import again with a backup of the original in its place",
                path.display()
            ));
            Ok(None)
        }
        Err(error) => {
            plan.problems.push(error.to_string());
            Ok(None)
        }
    }
}

/// `main.db` of the original.
pub(crate) fn main(path: &Path, plan: &mut ImportPlan) -> Result<(), StoreError> {
    let Some(copy) = open(path, plan)? else { return Ok(()) };
    let problems = &mut plan.problems;
    for (key, value) in pairs(&copy.db, "SELECT key, value FROM global_stats", path, problems) {
        match (key.strip_prefix("cmd_"), value.parse::<u64>()) {
            (Some(name), Ok(count)) => {
                plan.commands.retain(|command| command.name != name);
                plan.commands.push(ImportedCommand { name: name.to_owned(), count, last_used: None });
            }
            _ => drop(plan.global_stats.insert(key, value)),
        }
    }
    users(&copy.db, path, plan);
    left_behind(&copy.db, "main.db", &["global_stats", "user_data"], plan);
    Ok(())
}

/// `guild.db` of the original.
pub(crate) fn guild(guild: u64, path: &Path, plan: &mut ImportPlan) -> Result<(), StoreError> {
    let Some(copy) = open(path, plan)? else { return Ok(()) };
    let settings = pairs(&copy.db, "SELECT key, value FROM guild_settings", path, &mut plan.problems);
    let commands = commands(&copy.db, path, &mut plan.problems);
    let entry = plan.guilds.entry(guild).or_default();
    entry.settings.extend(settings);
    entry.commands = commands;
    left_behind(&copy.db, &format!("{guild}/guild.db"), &["guild_settings", "command_stats"], plan);
    Ok(())
}

/// The older single `bot.db`.
pub(crate) fn single(path: &Path, plan: &mut ImportPlan) -> Result<(), StoreError> {
    let Some(copy) = open(path, plan)? else { return Ok(()) };
    let sql = "SELECT guild_id, prefix, settings FROM guild_settings";
    let rows = rows(&copy.db, sql, path, &mut plan.problems, |row| {
        Ok((row.get::<_, Id>(0)?.0, row.get::<_, Option<String>>(1)?, row.get::<_, Option<String>>(2)?))
    });
    for (guild, prefix, settings) in rows {
        let entry = plan.guilds.entry(guild).or_default();
        match settings.as_deref().map(serde_json::from_str::<Value>) {
            Some(Ok(Value::Object(settings))) => {
                entry
                    .settings
                    .extend(settings.into_iter().filter_map(|(key, value)| Some((key, text(value)?))));
            }
            None | Some(Ok(Value::Null)) => {}
            Some(_) => plan
                .problems
                .push(format!("{}: the settings of guild {guild} are no JSON object", path.display())),
        }
        entry.settings.extend(prefix.map(|prefix| ("prefix".to_owned(), prefix)));
    }
    plan.commands = commands(&copy.db, path, &mut plan.problems);
    users(&copy.db, path, plan);
    left_behind(&copy.db, "bot.db", &["guild_settings", "user_data", "command_stats"], plan);
    Ok(())
}

/// A setting of the older form as ours: switches are `1` and `0`.
fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(on) => Some(u8::from(on).to_string()),
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

fn users(db: &Connection, path: &Path, plan: &mut ImportPlan) {
    if !has(db, "user_data") {
        return;
    }
    let sql =
        "SELECT user_id, coalesce(data, '{}'), unixepoch(last_seen) * 1000 FROM user_data ORDER BY user_id";
    let rows = rows(db, sql, path, &mut plan.problems, |row| {
        let last_seen = row.get::<_, Option<Millis>>(2)?.map(SystemTime::from);
        Ok(ImportedUser { id: row.get::<_, Id>(0)?.0, data: row.get(1)?, last_seen })
    });
    for user in rows {
        let valid =
            serde_json::from_str::<Value>(&user.data).is_ok() && check_value("user data", &user.data).is_ok();
        if valid {
            plan.users.retain(|known| known.id != user.id);
            plan.users.push(user);
        } else {
            plan.problems.push(format!(
                "{}: the data of user {} is no JSON or too long; left out",
                path.display(),
                user.id
            ));
        }
    }
}

fn commands(db: &Connection, path: &Path, problems: &mut Vec<String>) -> Vec<ImportedCommand> {
    if !has(db, "command_stats") {
        return Vec::new();
    }
    let sql = "SELECT command_name, coalesce(usage_count, 0), unixepoch(last_used) * 1000 FROM command_stats
               WHERE command_name IS NOT NULL ORDER BY command_name";
    let mut all = rows(db, sql, path, problems, |row| {
        let count = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
        let last_used = row.get::<_, Option<Millis>>(2)?.map(SystemTime::from);
        Ok(ImportedCommand { name: row.get(0)?, count, last_used })
    });
    all.retain(|command| check_name("command", &command.name).is_ok());
    all
}

/// Key and value of all rows that can be kept.
fn pairs(db: &Connection, sql: &str, path: &Path, problems: &mut Vec<String>) -> Vec<(String, String)> {
    let sql =
        format!("SELECT key, CAST(value AS TEXT) FROM ({sql}) WHERE key IS NOT NULL AND value IS NOT NULL");
    let mut all =
        rows(db, &sql, path, problems, |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
    all.retain(|(key, value)| match check_name("key", key).and_then(|()| check_value(key, value)) {
        Ok(()) => true,
        Err(error) => {
            problems.push(format!("{}: {error}; left out", path.display()));
            false
        }
    });
    all
}

fn rows<T>(
    db: &Connection,
    sql: &str,
    path: &Path,
    problems: &mut Vec<String>,
    map: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Vec<T> {
    let read = || db.prepare(sql)?.query_map([], map)?.collect::<rusqlite::Result<Vec<T>>>();
    read().unwrap_or_else(|error| {
        problems.push(format!("{}: {error}", path.display()));
        Vec::new()
    })
}

fn has(db: &Connection, table: &str) -> bool {
    let sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
    db.query_row(sql, [table], |_| Ok(())).is_ok()
}

fn left_behind(db: &Connection, file: &str, taken: &[&str], plan: &mut ImportPlan) {
    let sql =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let names = rows(db, sql, Path::new(file), &mut plan.problems, |row| row.get::<_, String>(0));
    for name in
        names.iter().filter(|name| !taken.contains(&name.as_str()) && !BOOKKEEPING.contains(&name.as_str()))
    {
        let sql = format!("SELECT count(*) FROM \"{}\"", name.replace('"', "\"\""));
        let count: i64 = db.query_row(&sql, [], |row| row.get(0)).unwrap_or(0);
        if count > 0 {
            plan.left_behind.push(format!("{file}: table {name}, {count} rows"));
        }
    }
}
