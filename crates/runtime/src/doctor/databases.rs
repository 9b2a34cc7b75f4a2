//! Whether the databases are sound, and who has them. They are only read, beside a running bot as well.

use std::path::Path;
use std::time::Duration;

use cogwright_store::{BackupFile, Condition, Inspection, Target, inspect};

use super::Finding;

const SUBJECT: &str = "databases";

/// How long looking may take; `cogwright data check` takes as long as it needs.
const WITHIN: Duration = Duration::from_secs(10);

/// Damaged databases that are told of one by one.
const TOLD: usize = 5;

pub(super) async fn check(data: &Path) -> Vec<Finding> {
    match inspect(data, WITHIN).await {
        Ok(found) => findings(&found),
        Err(error) => {
            let fix = "give the user that runs the bot the right to read it";
            vec![Finding::problem(SUBJECT, format!("cannot be looked at: {error}"), fix)]
        }
    }
}

fn findings(found: &Inspection) -> Vec<Finding> {
    let mut all = Vec::new();
    if found.in_use {
        let pid = found.pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default();
        let text = format!("a bot runs on them now{pid}; a second one would be refused");
        all.push(Finding::fine(SUBJECT, text));
    }
    for newest in found.missing.iter().take(TOLD) {
        let text = format!(
            "{} is not there, although there are backups of it; it is begun anew",
            named(newest.target)
        );
        let fix = format!("to put back the newest, with the bot stopped: {}", newest.restore_command());
        all.push(Finding::warning(SUBJECT, text, fix));
    }
    let wrong: Vec<_> =
        found.databases.iter().filter_map(|(target, condition)| problem(*target, condition)).collect();
    let unfinished: Vec<_> =
        found.databases.iter().filter(|(_, condition)| *condition == Condition::Unfinished).collect();
    let (more, count) = (wrong.len().saturating_sub(TOLD), found.databases.len());
    let sound = count - wrong.len() - unfinished.len();
    all.extend(wrong.into_iter().take(TOLD));
    if more > 0 {
        all.push(Finding::problem(
            SUBJECT,
            format!("{more} more are damaged"),
            "run `cogwright data check`, which lists all",
        ));
    }
    if count == 0 && found.left == 0 && found.missing.is_empty() {
        all.push(Finding::fine(SUBJECT, "there are none yet; the first start makes them"));
    } else if sound > 0 {
        let older =
            found.databases.iter().filter(|(_, condition)| matches!(condition, Condition::Older(_))).count();
        let text = match older {
            0 => format!("{sound} of {count} are sound"),
            _ => format!(
                "{sound} of {count} are sound; the next start brings {older} up to date, and backs them up before"
            ),
        };
        all.push(Finding::fine(SUBJECT, text));
    }
    // One at most: behind it there is no time for another.
    for (target, _) in unfinished {
        let text = format!(
            "looking at {} was not finished within {} s; `cogwright data check` takes as long as it needs",
            named(*target),
            WITHIN.as_secs()
        );
        all.push(Finding::skipped(SUBJECT, text));
    }
    if found.left > 0 {
        let text = format!("for {} there was no time; `cogwright data check` looks at all", found.left);
        all.push(Finding::skipped(SUBJECT, text));
    }
    all
}

fn problem(target: Target, condition: &Condition) -> Option<Finding> {
    let name = named(target);
    match condition {
        Condition::TooNew { found, known } => {
            let text = format!("{name} has schema {found}, this version knows up to {known}");
            Some(Finding::problem(SUBJECT, text, "use the newer version, or put back an older backup"))
        }
        Condition::Unreadable { path, detail } => {
            let fix =
                format!("give the user that runs the bot the right to read and write {}", path.display());
            Some(Finding::problem(SUBJECT, format!("{name} cannot be looked at: {detail}"), fix))
        }
        Condition::Damaged { path, detail, backup } => {
            let fix = match backup.as_ref().map(BackupFile::restore_command) {
                Some(command) => format!("put back the newest backup, with the bot stopped: {command}"),
                None => {
                    format!("there is no backup; move {} away, and the bot begins it anew", path.display())
                }
            };
            Some(Finding::problem(SUBJECT, format!("{name} is damaged: {detail}"), fix))
        }
        _ => None,
    }
}

fn named(target: Target) -> String {
    match target {
        Target::Main => "main.db".to_owned(),
        Target::Guild(guild) => format!("the database of server {guild}"),
    }
}

#[cfg(test)]
mod tests {
    use cogwright_store::{Actor, Store, StoreOptions};

    use super::super::State;
    use super::*;

    async fn kept() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
        let actor = Actor::new(1_u64, Some(7), None);
        store.guild(7_u64).settings().set("prefix", "?", &actor).await.unwrap();
        (folder, store)
    }

    #[tokio::test]
    async fn a_running_bot_is_no_error_and_sound_ones_are_told() {
        let none = tempfile::tempdir().unwrap();
        assert!(check(none.path()).await[0].text.contains("none yet"));
        let (folder, store) = kept().await;
        let found = check(folder.path()).await;
        assert!(found.iter().all(|finding| finding.state == State::Fine), "{found:?}");
        // Windows does not let a locked file be read.
        let pid = if cfg!(windows) { String::new() } else { format!(" (pid {})", std::process::id()) };
        assert!(found[0].text.starts_with(&format!("a bot runs on them now{pid};")), "{found:?}");
        assert_eq!(found[1].text, "2 of 2 are sound");
        store.close().await.unwrap();
        assert_eq!(check(folder.path()).await.len(), 1);
    }

    #[tokio::test]
    async fn a_damaged_one_names_the_command_that_puts_back_the_newest_backup() {
        let (folder, store) = kept().await;
        store.backup(Target::Main).await.unwrap();
        store.close().await.unwrap();
        std::fs::write(folder.path().join("main.db"), "no database at all".repeat(999)).unwrap();
        std::fs::write(folder.path().join("7/guild.db"), "no database at all".repeat(999)).unwrap();
        let found = check(folder.path()).await;
        assert!(found.iter().all(|finding| finding.state == State::Problem), "{found:?}");
        let fix = found[0].fix.as_deref().unwrap();
        assert!(fix.contains("cogwright data restore ") && fix.contains("main_backup_"), "{fix}");
        assert!(found[1].fix.as_deref().unwrap().contains("there is no backup; move "), "{found:?}");
        std::fs::remove_file(folder.path().join("main.db")).unwrap();
        let found = check(folder.path()).await;
        assert_eq!(found[0].state, State::Warning, "{found:?}");
        assert!(found[0].text.contains("main.db is not there"), "{found:?}");
    }

    #[test]
    fn many_and_newer_ones() {
        let damaged = |guild| {
            let path = std::path::PathBuf::from(format!("{guild}/guild.db"));
            (Target::Guild(guild), Condition::Damaged { path, detail: "torn".to_owned(), backup: None })
        };
        let mut databases: Vec<_> = (1..=7).map(damaged).collect();
        databases.insert(0, (Target::Main, Condition::TooNew { found: 9, known: 4 }));
        databases.push((Target::Guild(8), Condition::Older(1)));
        let found = findings(&Inspection { databases, left: 3, ..Inspection::default() });
        let texts: Vec<_> = found.iter().map(|finding| finding.text.as_str()).collect();
        assert_eq!(texts[0], "main.db has schema 9, this version knows up to 4");
        let rest = [
            "3 more are damaged",
            "1 of 9 are sound; the next start brings 1 up to date, and backs them up before",
            "for 3 there was no time; `cogwright data check` looks at all",
        ];
        assert_eq!(texts[TOLD..], rest);
    }

    #[test]
    fn a_large_one_is_told_as_not_finished_and_nothing_is_claimed_of_it() {
        let databases = vec![(Target::Guild(7), Condition::Sound), (Target::Main, Condition::Unfinished)];
        let found = findings(&Inspection { databases, left: 2, ..Inspection::default() });
        let told: Vec<_> = found.iter().map(|finding| (finding.state, finding.text.as_str())).collect();
        let late = "looking at main.db was not finished within 10 s; `cogwright data check` takes as long as it needs";
        let expected = [
            (State::Fine, "1 of 2 are sound"),
            (State::Skipped, late),
            (State::Skipped, "for 2 there was no time; `cogwright data check` looks at all"),
        ];
        assert_eq!(told, expected);
    }
}
