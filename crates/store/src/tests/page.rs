//! docs/src/data.md names every table, file and folder that the store can make, and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::backup::RESTORING;
use crate::db::{Kind, TABLES};
use crate::files::TEMPORARY;
use crate::store::DELETED;
use crate::testing::{ACTOR, GUILD, fresh};
use crate::{Files, StoreOptions, Target, WriteMode, restore};

const PAGE: &str = include_str!("../../../../docs/src/data.md");

/// What stands as code in the first column of the first table below a heading.
fn named(heading: &str) -> BTreeSet<String> {
    let lines = PAGE.lines().skip_while(|line| *line != heading);
    let rows = lines.skip_while(|line| !line.starts_with("| --- ")).skip(1);
    let cells = rows.map_while(|row| row.strip_prefix("| ")?.split(" | ").next());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

#[test]
fn every_table_stands_on_the_page_and_no_other() {
    for (kind, heading) in
        [(Kind::Main, "### Tables of `main.db`"), (Kind::Guild, "### Tables of `<guild id>/guild.db`")]
    {
        let real: BTreeSet<_> =
            TABLES.iter().filter(|table| table.kind == kind).map(|table| table.name.to_owned()).collect();
        assert_eq!(named(heading), real);
    }
}

/// Adds all names below a folder, as the page writes them.
fn names(folder: &Path, above: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let name = stamped(&name.replace(&GUILD.to_string(), "<guild id>").replace("a.json", "<name>"));
        if entry.path().is_dir() {
            names(&entry.path(), &format!("{above}{name}/"), found);
            found.insert(format!("{above}{name}/"));
        } else {
            found.insert(format!("{above}{name}"));
        }
    }
}

/// With `<stamp>` for a time such as 20261128_191000.
fn stamped(name: &str) -> String {
    let stamp = name.char_indices().map(|(at, _)| at).find(|at| {
        let part = name.get(*at..at + 15).unwrap_or_default();
        part.len() == 15
            && part.char_indices().all(|(n, c)| if n == 8 { c == '_' } else { c.is_ascii_digit() })
    });
    stamp.map_or_else(|| name.to_owned(), |at| format!("{}<stamp>{}", &name[..at], &name[at + 15..]))
}

/// All names that lie in a data folder for longer than a moment, over everything that makes some.
async fn made() -> BTreeSet<String> {
    let (folder, clock, store) = fresh().await;
    let (at, mut found) = (folder.path(), BTreeSet::new());
    store.guild(GUILD).settings().set("prefix", "?", &ACTOR).await.unwrap();
    let files = Files::default();
    for text in ["[1]", "[2]"] {
        files.write(at.join("a.json"), text, WriteMode::Keep).await.unwrap();
    }
    fs::write(at.join("a.json"), "{broken").unwrap();
    files.write_json(at.join("a.json"), &3, WriteMode::Keep).await.unwrap();
    names(at, "", &mut found);
    store.backup_at_stop(Duration::ZERO).await.unwrap();
    names(at, "", &mut found);
    let backups = store.backup_all().await.unwrap().made;
    store.close().await.unwrap();
    let options = || StoreOptions::new(at).clock(clock.shared());
    for lost in [false, true] {
        for backup in &backups {
            let path = backup.target.path(at);
            if lost {
                fs::remove_file(&path).unwrap();
                for log in ["db-wal", "db-shm"] {
                    fs::write(path.with_extension(log), "what is left of it").unwrap();
                }
            }
            restore(options(), backup.target, &backup.path).await.unwrap();
            clock.advance(1);
        }
    }
    assert_eq!(backups[0].target, Target::Main);
    names(at, "", &mut found);
    // Whose it is, is another's matter.
    found.remove("<name>");
    found
}

#[tokio::test]
async fn every_file_and_folder_stands_on_the_page_and_no_other() {
    let page = named("## Every file and table");
    // What is there for a moment is known by how it begins.
    let (passing, lasting): (BTreeSet<_>, BTreeSet<_>) =
        page.into_iter().partition(|name| name.starts_with('.') && name.contains('<'));
    let begins: BTreeSet<_> = passing.iter().filter_map(|name| name.split('<').next()).collect();
    assert_eq!(begins, BTreeSet::from([TEMPORARY, RESTORING, DELETED]));
    assert_eq!(made().await, lasting);
}

/// Files of an original installation, which are read.
const READ: [&str; 2] = ["bot.db", "config.json"];

/// How names of files end.
const ENDINGS: [&str; 9] = ["db", "db-wal", "db-shm", "txt", "json", "lock", "log", "bak", "tmp"];

/// Whoever makes a file under a new name writes the name somewhere in the source.
#[test]
fn every_name_of_a_file_in_the_source_stands_on_the_page() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let (mut seen, page) =
        (BTreeSet::new(), named("## Every file and table").into_iter().collect::<Vec<_>>().join(" "));
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let test =
                ["tests", "tests.rs", "testing.rs", "replay.rs"].iter().any(|name| path.ends_with(name));
            if test {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|end| end != "rs") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            // Comments hold no literals, and tests make what they like.
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap().lines();
            let code = code.filter(|line| !line.trim_start().starts_with("//"));
            let literals = code.flat_map(|line| line.split('"').skip(1).step_by(2));
            seen.extend(literals.filter(|text| is_name(text)).map(str::to_owned));
        }
    }
    assert!(seen.contains("main.db") && seen.contains(".lock") && seen.contains("guild_backup_"), "{seen:?}");
    for name in seen.iter().filter(|name| !READ.contains(&name.as_str())) {
        // Unfinished backups begin like all that is unfinished.
        let name = name.strip_prefix(".tmp_").map_or(name.as_str(), |_| ".tmp_");
        assert!(page.contains(name), "{name:?} is not on the page");
    }
}

/// Whether a text of the source looks like the name of a file, or how one begins or ends.
fn is_name(text: &str) -> bool {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let ending = text.rsplit_once('.').is_some_and(|(name, end)| !name.is_empty() && ENDINGS.contains(&end));
    let hidden = text.len() > 1 && text.starts_with('.');
    plain && (ending || hidden || text.ends_with("_backup_") || text.ends_with("_replaced_"))
}
