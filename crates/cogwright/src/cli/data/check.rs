//! `cogwright data check`: whether a database is damaged.

use std::fmt::Write as _;

use clap::Args;
use cogwright_store::IntegrityResult;
use serde_json::json;

use super::super::paint::{BAD, DIM, GOOD, paint, tame};
use super::{Ended, Place, named, size};

#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(args: CheckArgs) -> Ended {
    let store = args.place.open().await?;
    let results = store.check_integrity(|_, _, _| {}).await;
    store.close().await?;
    let results = results?;
    let fine = results.iter().all(IntegrityResult::ok);
    args.place.answer(
        || {
            let one = |it: &IntegrityResult| json!({"database": named(it.target), "ok": it.ok(), "bytes": it.bytes, "problems": it.problems});
            json!({"ok": fine, "databases": results.iter().map(one).collect::<Vec<_>>()})
        },
        || page(&results),
    );
    Ok(fine)
}

fn page(results: &[IntegrityResult]) -> String {
    let mut page = String::from("\n");
    for result in results {
        let sign = if result.ok() { paint(GOOD, "✔") } else { paint(BAD, "✖") };
        let _ = writeln!(page, "  {sign} {:<20} {}", named(result.target), paint(DIM, size(result.bytes)));
        for problem in &result.problems {
            let _ = writeln!(page, "      {}", tame(problem));
        }
    }
    let damaged = results.iter().filter(|result| !result.ok()).count();
    let _ = match damaged {
        0 => writeln!(page, "\n  {}\n", paint(GOOD, format!("{} checked, none is damaged.", results.len()))),
        _ => writeln!(
            page,
            "\n  {}\n",
            paint(BAD, format!("{damaged} damaged: put back a backup with `cogwright data restore`."))
        ),
    };
    page
}
