//! `cogwright data restore`: puts a backup back while the bot is stopped.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Args;
use cogwright_store::{BackupFile, Target, backups_in, restore};
use serde_json::json;

use super::super::paint::{DIM, GOOD, paint, tame};
use super::{Ended, Place, Trouble, id, named, size};

#[derive(Args, Debug)]
pub(super) struct RestoreArgs {
    /// The backup
    #[arg(value_name = "FILE", required_unless_present = "list", conflicts_with = "list")]
    file: Option<PathBuf>,
    /// List the backups, oldest first
    #[arg(long)]
    list: bool,
    /// It is of this server; needed where the file's folder and name do not say it
    #[arg(long, value_name = "ID", value_parser = id, conflicts_with = "main")]
    guild: Option<u64>,
    /// It is of main.db; needed where the file's name does not say it
    #[arg(long)]
    main: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(args: RestoreArgs) -> Ended {
    let options = args.place.options()?;
    let Some(file) = &args.file else {
        let backups = backups_in(&options.folder).await?;
        args.place.answer(|| json!(backups.iter().map(machine).collect::<Vec<_>>()), || page(&backups));
        return Ok(true);
    };
    let target = match (args.main, args.guild) {
        (true, _) => Some(Target::Main),
        (false, Some(guild)) => Some(Target::Guild(guild)),
        (false, None) => told_by_name(file),
    };
    let target = target.ok_or_else(|| {
        let text = "{} does not say what it is a backup of; add --main or --guild ID";
        Trouble::Usage(text.replace("{}", &file.display().to_string()))
    })?;
    let done = restore(options, target, file).await?;
    args.place.answer(
        || json!({"database": named(target), "path": done.path, "kept": done.kept}),
        || {
            let path = tame(&done.path.display().to_string());
            let mut page = format!("\n  {} {path} is as it was in the backup.\n", paint(GOOD, "✔"));
            if let Some(kept) = &done.kept {
                let kept = format!("What was there before is kept as {}", tame(&kept.display().to_string()));
                let _ = writeln!(page, "    {}", paint(DIM, kept));
            }
            page + "\n"
        },
    );
    Ok(true)
}

/// By the names that backups have: `main_backup_…`, and `guild_backup_…` in the folder of a server.
fn told_by_name(file: &Path) -> Option<Target> {
    let name = file.file_name()?.to_str()?;
    if name.starts_with("main_") {
        return Some(Target::Main);
    }
    let whole = file.canonicalize().ok()?;
    let folder = whole.parent()?.file_name()?.to_str()?;
    name.starts_with("guild_").then(|| id(folder).ok()).flatten().map(Target::Guild)
}

fn machine(file: &BackupFile) -> serde_json::Value {
    let at = file.at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    json!({"database": named(file.target), "path": file.path, "bytes": file.bytes, "unix_seconds": at})
}

fn page(backups: &[BackupFile]) -> String {
    let mut page = String::from("\n");
    for file in backups {
        let path = tame(&file.path.display().to_string());
        let _ = writeln!(page, "  {:<20} {path}  {}", named(file.target), paint(DIM, size(file.bytes)));
    }
    let _ = match backups.len() {
        0 => writeln!(page, "  There is no backup.\n"),
        count => writeln!(page, "\n  {count} backups; the times in their names are UTC.\n"),
    };
    page
}
