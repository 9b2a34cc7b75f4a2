//! `cogwright data backup`: copies of the databases, checked.

use std::fmt::Write as _;

use clap::Args;
use cogwright_store::{BackupReport, Target};
use serde_json::json;

use super::super::paint::{BAD, DIM, GOOD, paint, tame};
use super::{Ended, Place, id, named, size};

#[derive(Args, Debug)]
pub(super) struct BackupArgs {
    /// Only the database of this server
    #[arg(long, value_name = "ID", value_parser = id)]
    guild: Option<u64>,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(args: BackupArgs) -> Ended {
    let store = args.place.open().await?;
    let report = match args.guild {
        Some(guild) => store
            .backup(Target::Guild(guild))
            .await
            .map(|made| BackupReport { made: vec![made], ..BackupReport::default() }),
        None => store.backup_all().await,
    };
    store.close().await?;
    let report = report?;
    args.place.answer(
        || {
            let made = report.made.iter().map(
                |file| json!({"database": named(file.target), "path": file.path, "bytes": file.bytes}),
            );
            let failed = report.failed.iter().map(
                |(target, error)| json!({"database": named(*target), "error": error.to_string()}),
            );
            json!({"made": made.collect::<Vec<_>>(), "failed": failed.collect::<Vec<_>>(), "removed": report.removed})
        },
        || page(&report),
    );
    Ok(report.failed.is_empty())
}

fn page(report: &BackupReport) -> String {
    let mut page = String::from("\n");
    for file in &report.made {
        let path = tame(&file.path.display().to_string());
        let _ = writeln!(page, "  {} {path}  {}", paint(GOOD, "✔"), paint(DIM, size(file.bytes)));
    }
    for (target, error) in &report.failed {
        let _ = writeln!(page, "  {} {}: {}", paint(BAD, "✖"), named(*target), tame(&error.to_string()));
    }
    let (made, failed, removed) = (report.made.len(), report.failed.len(), report.removed);
    let _ = writeln!(page, "\n  {made} made and checked, {failed} failed, {removed} old ones removed.\n");
    page
}
