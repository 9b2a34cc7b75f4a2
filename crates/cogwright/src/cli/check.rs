//! `cogwright check`: validates the configuration without connecting, and shows what holds and why.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use cogwright_config::{Effective, Origin, Problem, ProcessEnvironment, Report, Sources};
use cogwright_runtime::doctor::{odd_names, unusable_folder};
use cogwright_runtime::{described_cogs, exposed_files, launch};
use cogwright_store::changed_by_commands;
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
    /// Show the settings at their default, too
    #[arg(long)]
    all: bool,
    /// For programs: one JSON object
    #[arg(long)]
    json: bool,
}

/// Ends with 0 when the bot would start, else with 64.
pub(crate) async fn run(args: CheckArgs) -> ExitCode {
    let sources = args.files.sources();
    let mut report = sources.read(&ProcessEnvironment);
    let filter = report.effective.iter().find(|it| it.setting.variable == Some("COGWRIGHT_LOG"));
    if let Some(Err(problems)) =
        filter.filter(|it| it.origin != Origin::Default).map(|it| launch::check_filter(&it.value))
    {
        report.problems.extend(problems.iter().cloned());
    }
    let settings = report.as_far_as_they_go();
    if let Some(settings) = &settings {
        report.warnings.extend(exposed_files(&sources, &settings.database.base_path));
        // Without a place for a temporary folder there are other worries.
        let cogs = described_cogs(settings).await.unwrap_or_default();
        let odd = if cogs.is_empty() { Vec::new() } else { odd_names(settings, &report.effective, cogs) };
        report.warnings.extend(odd);
    }
    let folder = settings.map(|settings| settings.database.base_path).unwrap_or_default();
    let kept = kept(&mut report, &folder);
    if args.json {
        say(machine(&sources, &report, &kept));
    } else {
        say(page(&sources, &report, &kept, args.all).trim_end());
    }
    if report.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(64) }
}

/// The data folder: whether it can be written, and what commands have changed in its `main.db`, which holds.
fn kept(report: &mut Report, folder: &Path) -> Kept {
    const FOLDER: &str = "database.base_path";
    if let Some(found) = unusable_folder(folder) {
        let fix = found.fix.unwrap_or_default();
        let place =
            report.effective.iter().find(|it| it.setting.key == FOLDER).map(|it| it.origin.to_string());
        let place = place.unwrap_or_default();
        report.problems.push(Problem::new(FOLDER, place, found.text, sentence(&fix)));
    }
    let path = folder.join("main.db");
    let state = match changed_by_commands(folder) {
        Ok(None) => "not there yet".to_owned(),
        Ok(Some(changed)) => {
            let changed_list = changed.statuses.filter(|list| !list.is_empty());
            let list = changed_list.map(|list| ("status.statuses".to_owned(), json!(list)));
            let values = changed.settings.into_iter().map(|(key, text)| {
                let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
                (key, value)
            });
            for (key, value) in values.chain(list) {
                if let Some(it) = report.effective.iter_mut().find(|it| it.setting.key == key) {
                    it.set_by_command(&value);
                }
            }
            "read".to_owned()
        }
        Err(error) => format!("{error}; what commands have changed is not shown"),
    };
    Kept { path, state }
}

/// `main.db` and how reading it went.
struct Kept {
    path: PathBuf,
    state: String,
}

/// Advice of a check as a sentence.
fn sentence(advice: &str) -> String {
    let mut chars = advice.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}

/// The whole output for people: files, problems, values, verdict. What matters most stands last, where the
/// eye is in a terminal.
fn page(sources: &Sources, report: &Report, kept: &Kept, all: bool) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = writeln!(
        text,
        "{}",
        file(&sources.config, report.has_config, "not there; `cogwright run` writes it with all defaults")
    );
    let _ = writeln!(text, "{}", file(&sources.env, report.has_env, "not there"));
    let _ = writeln!(text, "{:<14} {}", kept.path.display(), kept.state);
    values(&mut text, &report.effective, all);
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

fn values(text: &mut String, effective: &[Effective], all: bool) {
    let (set, usual): (Vec<_>, Vec<_>) = effective.iter().partition(|it| it.origin != Origin::Default);
    let (later, mut usual): (Vec<_>, Vec<_>) = usual.into_iter().partition(|it| it.setting.later);
    let defaults = usual.len();
    if !all {
        usual.clear();
    }
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
                Origin::Default => {
                    format!("  {:<width$}  {shown}{later}", it.setting.name())
                }
                ref origin => format!("  {:<width$}  {shown:<20}  {origin}{later}", it.setting.name()),
            };
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    if all && !later.is_empty() {
        let _ = writeln!(text, "  and {} of features to come; --json lists them", later.len());
    } else if !all {
        let _ = writeln!(text, "\n{defaults} more are at their default; --all shows them");
    }
}

fn machine(sources: &Sources, report: &Report, kept: &Kept) -> Value {
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
        "database": {"path": kept.path, "state": kept.state},
        "problems": report.problems.iter().map(problem).collect::<Vec<_>>(),
        "warnings": report.warnings.iter().map(problem).collect::<Vec<_>>(),
        "settings": report.effective.iter().map(value).collect::<Vec<_>>(),
    })
}
