//! `cogwright doctor`: looks at everything that the bot needs, and says how to put right what is missing.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use cogwright_config::ProcessEnvironment;
use cogwright_runtime::doctor::{Diagnosis, Finding, State, examine};
use cogwright_runtime::launch;
use cogwright_runtime::{builtin_cogs, described_cogs};

use super::paint::{BAD, BOLD, DIM, GOOD, WARN, paint, print, tame, wrap};
use super::place::Place;
use super::{exit, say};

/// Width of a line of text beside the subjects.
const WIDTH: usize = 72;

/// Arguments of `cogwright doctor`.
#[derive(Args, Debug)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    place: Place,
    /// Print one line of JSON
    #[arg(long)]
    json: bool,
}

/// Exit 0: the bot would run; 1: it would not.
pub(crate) async fn run(args: DoctorArgs) -> ExitCode {
    let _log = match launch::start_console_log(&launch::log_filter("error")) {
        Ok(log) => log,
        Err(problems) => return exit::fault(&problems.into()),
    };
    // Without settings the usual cogs are looked at: a doctor has to say something.
    let cogs = match args.place.sources().read(&ProcessEnvironment).as_far_as_they_go() {
        Some(settings) => described_cogs(&settings).await.unwrap_or_else(|_| builtin_cogs()),
        None => builtin_cogs(),
    };
    let diagnosis = examine(&args.place.sources(), &args.place.endpoint(), &cogs).await;
    if args.json {
        say(serde_json::to_string(&diagnosis).unwrap_or_default());
    } else {
        print(&page(&diagnosis));
    }
    if diagnosis.is_healthy() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn page(diagnosis: &Diagnosis) -> String {
    let title = paint(BOLD, "cogwright doctor");
    let mut page = format!("\n  {title}  {}\n\n", paint(DIM, format!("asks {}", diagnosis.endpoint)));
    let mut last = "";
    for finding in &diagnosis.findings {
        page += &lines(finding, finding.subject != last);
        last = finding.subject;
    }
    page + &format!("\n  {}\n\n", sum(diagnosis))
}

fn lines(finding: &Finding, first: bool) -> String {
    let (style, sign) = match finding.state {
        State::Fine => (GOOD, "✔"),
        State::Warning => (WARN, "!"),
        State::Problem => (BAD, "✖"),
        State::Skipped => (DIM, "–"),
    };
    let subject = if first { finding.subject } else { "" };
    let mut text = String::new();
    for (index, line) in wrap(&tame(&finding.text), WIDTH).iter().enumerate() {
        let line = if finding.state == State::Skipped { paint(DIM, line) } else { line.clone() };
        // Writing to a text cannot fail.
        let _ = match index {
            0 => writeln!(text, "  {} {subject:<12} {line}", paint(style, sign)),
            _ => writeln!(text, "    {:<12} {line}", ""),
        };
    }
    for (index, line) in finding.fix.iter().flat_map(|fix| wrap(&tame(fix), WIDTH - 2)).enumerate() {
        let arrow = if index == 0 { "→" } else { " " };
        let _ = writeln!(text, "    {:<12} {arrow} {}", "", paint(DIM, line));
    }
    text
}

fn sum(diagnosis: &Diagnosis) -> String {
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    match (diagnosis.count(State::Problem), diagnosis.count(State::Warning)) {
        (0, 0) => paint(GOOD, "The bot can run."),
        (0, warnings) => paint(WARN, format!("The bot can run; {}.", plural(warnings, "warning"))),
        (problems, 0) => paint(BAD, format!("{}.", plural(problems, "problem"))),
        (problems, warnings) => {
            paint(BAD, format!("{}, {}.", plural(problems, "problem"), plural(warnings, "warning")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_to_do() {
        let finding = |subject, state, text: &str, fix: Option<&str>| Finding {
            subject,
            state,
            text: text.into(),
            fix: fix.map(str::to_owned),
        };
        let diagnosis = Diagnosis {
            endpoint: "Discord (discord.com)".into(),
            findings: vec![
                finding("settings", State::Fine, "config.json and .env can be used", None),
                finding(
                    "clock",
                    State::Warning,
                    "30 s behind Discord's",
                    Some("switch on automatic time on this machine"),
                ),
                finding(
                    "intents",
                    State::Warning,
                    "the Server Members Intent is off, which is needed for welcome messages, auto roles and the log of \
                     members",
                    Some(
                        "switch it on under Privileged Gateway Intents on the Bot page of the application in Discord's \
                          developer portal, and start the bot again",
                    ),
                ),
                finding("intents", State::Warning, "the Presence Intent is off", Some("the same")),
                finding(
                    "gateway",
                    State::Problem,
                    "cannot be reached: \u{1b}[2J",
                    Some("let this machine connect to it"),
                ),
                finding("token", State::Skipped, "Discord does not answer", None),
            ],
        };
        insta::assert_snapshot!(anstream::adapter::strip_str(&page(&diagnosis)).to_string());
        assert!(!diagnosis.is_healthy());
    }
}
