//! The registry of all tables: which columns name a person or a guild. Export, erasure and the deletion
//! of a guild go by it, and a test compares it with the schemas, so that no table can be forgotten.

use crate::db::connection::Kind;

/// What becomes of a row about a person who is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Erase {
    /// The row is about that person alone.
    Row,
    /// The row matters without the person: the id becomes NULL.
    Name,
    /// The id may stand within texts that somebody wrote, in these columns: there it becomes a word.
    Texts(&'static [&'static str]),
}

/// A column that holds a user's id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UserColumn {
    pub(crate) name: &'static str,
    /// SQL that says in which rows it is a user's id; empty for all.
    pub(crate) only_if: &'static str,
    pub(crate) erase: Erase,
}

/// One table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    pub(crate) kind: Kind,
    pub(crate) name: &'static str,
    pub(crate) users: &'static [UserColumn],
    /// Columns with texts that people wrote, in which an id may stand.
    pub(crate) texts: &'static [&'static str],
    /// Columns with the id of the guild that the row belongs to; for tables of `main.db`.
    pub(crate) guild: Option<&'static str>,
    /// Holds people and guilds in a form that cannot be searched: with an erasure all its rows go.
    pub(crate) opaque: bool,
}

const fn table(kind: Kind, name: &'static str) -> Table {
    Table { kind, name, users: &[], texts: &[], guild: None, opaque: false }
}

const fn user(name: &'static str, erase: Erase) -> UserColumn {
    UserColumn { name, only_if: "", erase }
}

/// Every table of both schemas.
pub(crate) const TABLES: &[Table] = &[
    table(Kind::Main, "cogwright_migrations"),
    table(Kind::Main, "global_stats"),
    Table { users: &[user("user_id", Erase::Row)], ..table(Kind::Main, "user_data") },
    Table { texts: &["value"], ..table(Kind::Main, "bot_settings") },
    table(Kind::Main, "usage"),
    Table {
        users: &[user("user_id", Erase::Name)],
        texts: &["old_value", "new_value"],
        guild: Some("guild_id"),
        ..table(Kind::Main, "audit")
    },
    Table { guild: Some("guild_id"), ..table(Kind::Main, "audit_open") },
    Table {
        users: &[user("user_id", Erase::Row)],
        guild: Some("guild_id"),
        ..table(Kind::Main, "cooldowns")
    },
    Table { opaque: true, ..table(Kind::Main, "gateway_sessions") },
    Table { texts: &["text"], ..table(Kind::Main, "status_list") },
    Table { guild: Some("guild_id"), ..table(Kind::Main, "withheld_commands") },
    Table {
        users: &[user("user_id", Erase::Name)],
        guild: Some("guild_id"),
        ..table(Kind::Main, "guild_deletions")
    },
    table(Kind::Main, "this_run"),
    table(Kind::Guild, "cogwright_migrations"),
    Table { texts: &["value"], ..table(Kind::Guild, "guild_settings") },
    table(Kind::Guild, "command_stats"),
    table(Kind::Guild, "role_rules"),
    Table {
        users: &[user("user_id", Erase::Name)],
        texts: &["old_value", "new_value"],
        ..table(Kind::Guild, "audit_outbox")
    },
];

/// Whether a column's name says that it holds a person's id.
pub(crate) fn looks_like_a_person(column: &str) -> bool {
    let column = column.to_ascii_lowercase();
    let whole = ["owner", "author", "member", "invoker", "creator", "moderator", "actor", "subject"];
    column.contains("user") && column != "used"
        || column.ends_with("_by")
        || whole.iter().any(|word| column == *word || column.starts_with(&format!("{word}_")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rusqlite::Connection;

    use super::super::migrations;
    use super::*;

    #[test]
    fn every_table_and_every_column_about_people_and_guilds_is_declared() {
        for kind in [Kind::Main, Kind::Guild] {
            let db = Connection::open_in_memory().unwrap();
            db.execute_batch(crate::db::migrate::TABLE).unwrap();
            for step in migrations(kind) {
                db.execute_batch(step.sql).unwrap();
            }
            let names = |sql: &str| -> BTreeSet<String> {
                db.prepare(sql)
                    .unwrap()
                    .query_map([], |row| row.get(0))
                    .unwrap()
                    .map(Result::unwrap)
                    .collect()
            };
            let real =
                names("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
            let declared = TABLES.iter().filter(|t| t.kind == kind);
            assert_eq!(real, declared.clone().map(|t| t.name.to_owned()).collect());
            for table in declared {
                let columns = names(&format!("SELECT name FROM pragma_table_info('{}')", table.name));
                for user in table.users {
                    assert!(columns.contains(user.name), "{}.{} is no column", table.name, user.name);
                }
                for text in table.texts {
                    assert!(columns.contains(*text), "{}.{text} is no column", table.name);
                }
                let blobs = names(&format!(
                    "SELECT name FROM pragma_table_info('{}') WHERE type = 'BLOB'",
                    table.name
                ));
                assert_eq!(table.opaque, !blobs.is_empty(), "{}: bytes that nobody can search", table.name);
                for column in columns.iter().filter(|column| looks_like_a_person(column)) {
                    let known = table.users.iter().any(|user| user.name == column);
                    assert!(known, "{}.{column} looks like a person; declare it in TABLES", table.name);
                }
                if kind == Kind::Main {
                    let guild = columns.iter().find(|column| column.contains("guild")).map(String::as_str);
                    assert_eq!(table.guild, guild, "{}: its guild column", table.name);
                }
            }
        }
    }

    #[test]
    fn names_of_columns_about_people() {
        for yes in
            ["user_id", "created_by", "owner", "owner_id", "creator_id", "Set_By", "last_user", "subject_id"]
        {
            assert!(looks_like_a_person(yes), "{yes}");
        }
        for no in ["used", "usage_count", "guild_id", "role_id", "key", "ownership", "bytes"] {
            assert!(!looks_like_a_person(no), "{no}");
        }
    }
}
