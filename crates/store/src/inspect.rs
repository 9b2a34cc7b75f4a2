//! Looks at a data folder without taking it: who has it, and in which condition its databases are. Nothing is written, not
//! even what SQLite would leave beside a database that it opens.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::backup::{BackupFile, GoOn, Target, files, of_missing, quick_check, while_wanted};
use crate::db::{known_version, open_untouched};
use crate::store::blocking;
use crate::{StoreError, lock};

/// Databases that are missing and told of.
const MISSING: usize = 10;

/// What was found in a data folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    /// Whether a process has the folder.
    pub in_use: bool,
    /// Its number, if it is told.
    pub pid: Option<u32>,
    /// Each database that was looked at, `main.db` first.
    pub databases: Vec<(Target, Condition)>,
    /// Databases for which there was no time.
    pub left: usize,
    /// The newest backups of databases that are not there.
    pub missing: Vec<BackupFile>,
}

/// The condition of one database.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Sound and of the present schema.
    Sound,
    /// Sound, of an older schema; the next start brings it up to date.
    Older(u32),
    /// Written by a newer version of this program.
    TooNew {
        /// Its schema.
        found: u32,
        /// The newest schema known here.
        known: u32,
    },
    /// There was no time to look at all of it. What was seen is sound.
    Unfinished,
    /// It could not be looked at: rights, a lock, the disk. That says nothing about what it holds.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// Damaged.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
        /// Its newest backup.
        backup: Option<BackupFile>,
    },
}

/// Looks at a data folder, for as long as `within` and a second more at most, however large its databases are. A folder that is not there holds nothing.
///
/// # Errors
/// [`StoreError::Io`] for a folder that cannot be listed.
pub async fn inspect(data: &Path, within: Duration) -> Result<Inspection, StoreError> {
    let data = data.to_owned();
    blocking(move || {
        if !data.is_dir() {
            return Ok(Inspection::default());
        }
        let end = Instant::now() + within;
        let go_on: GoOn = Arc::new(move || Instant::now() < end);
        let holder = lock::holder(&data)?;
        let missing = of_missing(&data, MISSING)?;
        let mut found = Inspection {
            in_use: holder.is_some(),
            pid: holder.and_then(|it| it.pid),
            missing,
            ..Inspection::default()
        };
        for target in files::targets(&data)?.into_iter().filter(|target| target.path(&data).exists()) {
            if !go_on() {
                found.left += 1;
                continue;
            }
            found.databases.push((target, condition(&data, target, &go_on)?));
        }
        Ok(found)
    })
    .await
}

fn condition(data: &Path, target: Target, go_on: &GoOn) -> Result<Condition, StoreError> {
    let path = target.path(data);
    let known = known_version(target.kind());
    let detail = match look(&path, go_on) {
        Ok((_, Some(verdict))) if verdict != "ok" => verdict,
        Ok((found, _)) if found > known => return Ok(Condition::TooNew { found, known }),
        Ok((_, None)) => return Ok(Condition::Unfinished),
        Ok((found, Some(_))) if found < known => return Ok(Condition::Older(found)),
        Ok((_, Some(_))) => return Ok(Condition::Sound),
        Err(error) if is_damage(&error) => error.to_string(),
        Err(error) => return Ok(Condition::Unreadable { path, detail: error.to_string() }),
    };
    let backup = files::list(data, target)?.pop();
    Ok(Condition::Damaged { path, detail, backup })
}

/// Whether an error tells of the file's contents, rather than of reaching them.
fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

/// The schema's number, and `ok` or what is wrong, if there was time to find out.
fn look(path: &Path, go_on: &GoOn) -> rusqlite::Result<(u32, Option<String>)> {
    let mut db = open_untouched(path)?;
    let verdict = while_wanted(&mut db, go_on, quick_check)?;
    Ok((db.pragma_query_value(None, "user_version", |row| row.get(0))?, verdict))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use rusqlite::Connection;

    use super::*;
    use crate::testing::{ACTOR, GUILD, fresh, open, own_pid};

    const LONG: Duration = Duration::from_secs(60);

    fn names(folder: &Path) -> Vec<String> {
        let mut all = Vec::new();
        for folder in [folder.to_owned(), folder.join(GUILD.to_string())] {
            let entries =
                std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().display().to_string());
            all.extend(entries);
        }
        all.sort();
        all
    }

    #[tokio::test]
    async fn a_sound_folder_is_left_as_it_is_and_a_running_bot_is_seen() {
        let (folder, clock, store) = fresh().await;
        store.guild(GUILD).settings().set("prefix", "?", &ACTOR).await.unwrap();
        let running = inspect(folder.path(), LONG).await.unwrap();
        assert_eq!((running.in_use, running.pid), (true, own_pid()));
        let sound = vec![(Target::Main, Condition::Sound), (Target::Guild(GUILD), Condition::Sound)];
        assert_eq!(running.databases, sound);
        store.close().await.unwrap();
        let before = names(folder.path());
        let stopped = inspect(folder.path(), LONG).await.unwrap();
        assert_eq!((stopped.in_use, stopped.pid, stopped.left), (false, None, 0));
        assert_eq!(stopped.databases, sound);
        assert_eq!(names(folder.path()), before, "looking left something behind");
        let none = inspect(folder.path(), Duration::ZERO).await.unwrap();
        assert!(none.left >= 1, "{none:?}");
        assert_eq!(inspect(&folder.path().join("nowhere"), LONG).await.unwrap(), Inspection::default());
        open(folder.path(), &clock).await.close().await.unwrap();
    }

    #[tokio::test]
    async fn a_large_database_is_looked_at_no_longer_than_there_is_time() {
        let (folder, _, store) = fresh().await;
        // 16 MiB, so that the check asks some hundred times.
        let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4096)
                    INSERT INTO global_stats (key, value) SELECT 'k' || i, hex(randomblob(2000)) FROM n";
        store.pool().main_write(move |db| db.execute(fill, [])).await.unwrap();
        store.close().await.unwrap();
        let looked = |patience: usize| {
            let asked = Arc::new(AtomicUsize::new(0));
            let count = Arc::clone(&asked);
            let go_on: GoOn = Arc::new(move || count.fetch_add(1, Ordering::Relaxed) < patience);
            let found = condition(folder.path(), Target::Main, &go_on).unwrap();
            (found, asked.load(Ordering::Relaxed))
        };
        for patience in [0, 1, 3] {
            assert_eq!(looked(patience), (Condition::Unfinished, patience + 1), "as soon as it is asked");
        }
        let (found, asked) = looked(usize::MAX);
        assert!(found == Condition::Sound && asked > 4, "{found:?} {asked}");
        // What is too new is told whatever the time.
        let main = Connection::open(folder.path().join("main.db")).unwrap();
        main.execute_batch("PRAGMA user_version = 99").unwrap();
        assert!(matches!(looked(1).0, Condition::TooNew { found: 99, .. }));
    }

    #[tokio::test]
    async fn damage_names_the_newest_backup_and_schemas_are_told() {
        let (folder, clock, store) = fresh().await;
        store.guild(GUILD).settings().set("prefix", "?", &ACTOR).await.unwrap();
        store.backup(Target::Main).await.unwrap();
        clock.advance(60);
        let newest = store.backup(Target::Main).await.unwrap();
        store.close().await.unwrap();
        let main = folder.path().canonicalize().unwrap().join("main.db");
        let mut bytes = std::fs::read(&main).unwrap();
        bytes[4096..].fill(0x5a);
        std::fs::write(&main, bytes).unwrap();
        let guild = folder.path().join(GUILD.to_string()).join("guild.db");
        Connection::open(&guild).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
        let found = inspect(folder.path(), LONG).await.unwrap();
        let (_, Condition::Damaged { backup: Some(backup), detail, .. }) = &found.databases[0] else {
            panic!("{found:?}")
        };
        assert!(backup.path.file_name() == newest.path.file_name() && !detail.is_empty(), "{found:?}");
        assert!(
            backup.restore_command().starts_with("cogwright data restore "),
            "{}",
            backup.restore_command()
        );
        let known = known_version(crate::db::Kind::Guild);
        assert_eq!(found.databases[1], (Target::Guild(GUILD), Condition::TooNew { found: 99, known }));

        std::fs::remove_file(&main).unwrap();
        let found = inspect(folder.path(), LONG).await.unwrap();
        assert_eq!(found.missing.len(), 1, "{found:?}");
        assert_eq!(found.missing[0].path.file_name(), newest.path.file_name());

        std::fs::create_dir(&main).unwrap();
        let found = inspect(folder.path(), LONG).await.unwrap();
        let (_, condition) = &found.databases[0];
        assert!(matches!(condition, Condition::Unreadable { .. }), "no backup is put over it: {condition:?}");
    }
}
