//! `cogwright commands diff`: what registering the commands would change, without doing it.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use cogwright_runtime::described_cogs;
use cogwright_runtime::launch::Fault;
use cogwright_runtime::operator::{self, CommandDiff, DiffLine};
use serde_json::Value;

use super::paint::{BAD, BOLD, DIM, GOOD, WARN, paint, print, tame};
use super::place::Place;
use super::{exit, say};

/// Longest value that is shown of a part that differs.
const MAX_VALUE: usize = 60;

/// Arguments of `cogwright commands`.
#[derive(Args, Debug)]
pub(crate) struct CommandsArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show what registering the slash commands would change, and change nothing; exit 0: nothing, 1: something
    Diff(DiffArgs),
}

#[derive(Args, Debug)]
struct DiffArgs {
    #[command(flatten)]
    place: Place,
    /// Print one line of JSON
    #[arg(long)]
    json: bool,
}

/// Runs what is asked for.
pub(crate) async fn run(args: CommandsArgs) -> ExitCode {
    let What::Diff(args) = args.what;
    let diff = match ask(&args.place).await {
        Ok(diff) => diff,
        Err(fault) => return exit::fault(&fault),
    };
    if args.json {
        say(serde_json::to_string(&diff).unwrap_or_default());
    } else {
        print(&page(&diff));
    }
    if diff.same { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn ask(place: &Place) -> Result<CommandDiff, Fault> {
    let (settings, _log) = place.settings()?;
    Ok(operator::command_diff(&settings, &place.endpoint(), described_cogs(&settings).await?).await?)
}

fn page(diff: &CommandDiff) -> String {
    let mut page = String::from("\n");
    for line in &diff.changes {
        page += &change(line);
    }
    for (command, reason) in &diff.withheld {
        let _ = writeln!(
            page,
            "  {} {command}  {}",
            paint(WARN, "!"),
            paint(DIM, format!("prefix only: {reason}"))
        );
    }
    if diff.same {
        let count = diff.unchanged;
        return page
            + &format!("  {} {count} commands are registered as they should be.\n\n", paint(GOOD, "="));
    }
    let count = |action| diff.changes.iter().filter(|line| line.action == action).count();
    page + &format!(
        "\n  {} to create, {} to change, {} to delete, {} stay as they are.\n  {}\n\n",
        count("create"),
        count("update"),
        count("delete"),
        diff.unchanged,
        paint(DIM, "Nothing was written; the bot does it when it starts.")
    )
}

fn change(line: &DiffLine) -> String {
    let (style, sign) = match line.action {
        "create" => (GOOD, "+"),
        "delete" => (BAD, "-"),
        _ => (WARN, "~"),
    };
    let mut text = format!("  {} {}\n", paint(style, sign), paint(BOLD, tame(&line.name)));
    for part in &line.parts {
        let path = tame(&part.path);
        let _ = writeln!(
            text,
            "      {path}: {} → {}",
            paint(BAD, value(&part.from)),
            paint(GOOD, value(&part.to))
        );
    }
    text
}

fn value(value: &Value) -> String {
    let text = if value.is_null() { "nothing".to_owned() } else { tame(&value.to_string()) };
    match text.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use cogwright_runtime::operator::DiffPart;
    use serde_json::json;

    use super::*;

    fn plain(diff: &CommandDiff) -> String {
        anstream::adapter::strip_str(&page(diff)).to_string()
    }

    #[test]
    fn the_page_shows_each_part() {
        let line = |action, name: &str| DiffLine { action, name: name.into(), parts: Vec::new() };
        let part = |path: &str, from, to| DiffPart { path: path.into(), from, to };
        let mut update = line("update", "echo");
        update.parts = vec![
            part("description", json!("Says it"), json!("Says it again")),
            part("options.text.max_length", json!(null), json!(100)),
            part("options.long.description", json!("x".repeat(90)), json!("y")),
        ];
        let diff = CommandDiff {
            same: false,
            changes: vec![line("delete", "old"), update, line("create", "new (user)")],
            unchanged: 7,
            withheld: vec![("late".into(), "all 100 slash commands are in use".into())],
        };
        insta::assert_snapshot!(plain(&diff));
    }

    #[test]
    fn no_difference_is_one_line() {
        let same = CommandDiff { same: true, changes: Vec::new(), unchanged: 12, withheld: Vec::new() };
        insta::assert_snapshot!(plain(&same));
    }
}
