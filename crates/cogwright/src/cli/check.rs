//! `cogwright check`: validates the configuration without connecting, and shows what holds and why.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use cogwright_config::{Effective, Problem, ProcessEnvironment, Report, Sources};
use cogwright_runtime::{exposed_files, launch};
use serde_json::{Value, json};

use super::files::FileArgs;
use super::say;

/// Values longer than this are cut in the table; `--json` has them whole.
const LONGEST: usize = 44;

/// Arguments of `cogwright check`.
#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    files: FileArgs,
    /// For programs: one JSON object
    #[arg(long)]
    json: bool,
}

/// Ends with 0 when the bot would start, else with 64.
pub(crate) fn run(args: CheckArgs) -> ExitCode {
    let sources = args.files.sources();
    let mut report = sources.read(&ProcessEnvironment);
    let filter = report.effective.iter().find(|it| it.setting.variable == Some("COGWRIGHT_LOG"));
    if let Some(Err(problems)) = filter
        .filter(|it| it.origin != cogwright_config::Origin::Default)
        .map(|it| launch::check_filter(&it.value))
    {
        report.problems.extend(problems.iter().cloned());
    }
    let data = report.effective.iter().find(|it| it.setting.name() == "database.base_path");
    let exposed = data.map(|it| exposed_files(&sources, Path::new(&it.value)));
    report.warnings.extend(exposed.unwrap_or_default());
    if args.json {
        say(machine(&sources, &report));
    } else {
        say(page(&sources, &report).trim_end());
    }
    if report.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(64) }
}

/// The whole output for people: files, problems, values, verdict. What matters most stands last, where the
/// eye is in a terminal.
fn page(sources: &Sources, report: &Report) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = writeln!(
        text,
        "{}",
        file(&sources.config, report.has_config, "not there; `cogwright run` writes it with all defaults")
    );
    let _ = writeln!(text, "{}", file(&sources.env, report.has_env, "not there"));
    values(&mut text, &report.effective);
    list(&mut text, "warning", &report.warnings);
    list(&mut text, "problem", &report.problems);
    let wrong = report.problems.len();
    let verdict = match wrong {
        0 => "The configuration is fine: the bot would start.".to_owned(),
        1 => "The bot would not start: 1 problem, above.".to_owned(),
        n => format!("The bot would not start: {n} problems, above."),
    };
    let _ = writeln!(text, "\n{verdict}");
    text
}

fn file(path: &Path, there: bool, missing: &str) -> String {
    format!("{:<14} {}", path.display(), if there { "read" } else { missing })
}

fn list(text: &mut String, what: &str, problems: &[Problem]) {
    let plural = if problems.len() == 1 { "" } else { "s" };
    if !problems.is_empty() {
        let _ = writeln!(text, "\n{} {what}{plural}", problems.len());
    }
    for problem in problems {
        let _ = writeln!(text, "\n{problem}");
    }
}

fn values(text: &mut String, effective: &[Effective]) {
    let (set, usual): (Vec<_>, Vec<_>) =
        effective.iter().partition(|it| it.origin != cogwright_config::Origin::Default);
    let (later, usual): (Vec<_>, Vec<_>) = usual.into_iter().partition(|it| it.setting.later);
    let shown = set.iter().chain(&usual);
    let width = shown.map(|it| it.setting.name().chars().count()).max().unwrap_or_default();
    for (title, list) in [("Set", set), ("At its default", usual)] {
        if !list.is_empty() {
            let _ = writeln!(text, "\n{title}");
        }
        for it in list {
            let mut shown: String = it.value.chars().take(LONGEST).collect();
            if it.value.chars().nth(LONGEST).is_some() {
                shown.push_str("...");
            }
            let later = if it.setting.later { "  (accepted, not built yet)" } else { "" };
            let line = match it.origin {
                cogwright_config::Origin::Default => {
                    format!("  {:<width$}  {shown}{later}", it.setting.name())
                }
                ref origin => format!("  {:<width$}  {shown:<20}  {origin}{later}", it.setting.name()),
            };
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    if !later.is_empty() {
        let _ = writeln!(text, "  and {} of features to come; --json lists them", later.len());
    }
}

fn machine(sources: &Sources, report: &Report) -> Value {
    let problem = |it: &Problem| json!({"setting": it.setting, "place": it.place, "what": it.what, "remedy": it.remedy});
    let value = |it: &Effective| {
        json!({
            "setting": it.setting.name(),
            "variable": it.setting.variable,
            "value": it.value,
            "origin": it.origin.to_string(),
            "live": it.setting.live,
            "built": !it.setting.later,
        })
    };
    json!({
        "ok": report.problems.is_empty(),
        "config": {"path": sources.config, "read": report.has_config},
        "env": {"path": sources.env, "read": report.has_env},
        "problems": report.problems.iter().map(problem).collect::<Vec<_>>(),
        "warnings": report.warnings.iter().map(problem).collect::<Vec<_>>(),
        "settings": report.effective.iter().map(value).collect::<Vec<_>>(),
    })
}
