//! `cogwright data erase`: a person goes from all databases.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use clap::Args;
use cogwright_runtime::launch::LOGS;
use cogwright_store::{ErasureReport, Remaining};
use serde_json::{Value, json};

use super::super::paint::{DIM, GOOD, WARN, paint, tame};
use super::{Ended, Place, consent, id, named};

#[derive(Args, Debug)]
pub(super) struct EraseArgs {
    /// The user's id
    #[arg(value_name = "USER", value_parser = id)]
    user: u64,
    /// Really do it; it cannot be undone
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(args: EraseArgs) -> Ended {
    consent(args.yes, &format!("this erases everything about user {}", args.user))?;
    let store = args.place.open().await?;
    let report = store.erase_user(args.user).await;
    store.close().await?;
    let report = report?;
    let logs = logs_with(Path::new(LOGS), args.user);
    args.place.answer(
        || {
            let logs = logs.iter().map(|path| json!({"kind": "log", "path": path}));
            let remaining: Vec<Value> = report.remaining.iter().map(machine).chain(logs).collect();
            json!({"deleted": report.deleted, "anonymised": report.anonymised, "sessions": report.sessions, "remaining": remaining})
        },
        || page(args.user, &report, &logs),
    );
    Ok(report.remaining.is_empty() && logs.is_empty())
}

/// The files of the log, in the folder that the bot is started in, that name the user. What cannot be read is named too.
fn logs_with(folder: &Path, user: u64) -> Vec<PathBuf> {
    let id = user.to_string();
    let named = |path: &Path| -> io::Result<bool> {
        for line in BufReader::new(File::open(path)?).split(b'\n') {
            if String::from_utf8_lossy(&line?).contains(&id) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(_) => return vec![folder.to_owned()],
    };
    let files = entries.flatten().map(|entry| entry.path());
    let mut found: Vec<_> = files.filter(|path| path.is_file() && named(path).unwrap_or(true)).collect();
    found.sort();
    found
}

fn machine(left: &Remaining) -> Value {
    match left {
        Remaining::ForeignTable { target, table, rows } => {
            json!({"kind": "foreign_table", "database": named(*target), "table": table, "rows": rows})
        }
        Remaining::Backup(path) => json!({"kind": "backup", "path": path}),
        Remaining::Failed { target, error } => {
            json!({"kind": "failed", "database": named(*target), "error": error.to_string()})
        }
    }
}

fn page(user: u64, report: &ErasureReport, logs: &[PathBuf]) -> String {
    let (deleted, anonymised) = (report.deleted, report.anonymised);
    let mut page = format!(
        "\n  {} User {user}: {deleted} rows deleted, {anonymised} rows stay without the id.\n",
        paint(GOOD, "✔")
    );
    if report.sessions > 0 {
        let text = "Saved gateway sessions are gone too: the next start begins new ones instead of resuming.";
        let _ = writeln!(page, "    {}", paint(DIM, text));
    }
    for left in &report.remaining {
        let text = match left {
            Remaining::ForeignTable { target, table, rows } => {
                format!("{rows} rows in the table {table} of {}, which is not ours", named(*target))
            }
            Remaining::Backup(path) => {
                format!("the backup {}; it goes with time, or delete it", path.display())
            }
            Remaining::Failed { target, error } => format!("{}: {error}", named(*target)),
        };
        let _ = writeln!(page, "  {} left: {}", paint(WARN, "!"), tame(&text));
    }
    for path in logs {
        let text = format!("the log {}; it goes after logging.days, or delete it", path.display());
        let _ = writeln!(page, "  {} left: {}", paint(WARN, "!"), tame(&text));
    }
    page + "\n"
}
