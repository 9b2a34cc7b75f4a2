//! `cogwright data`: what the bot keeps, looked after while it is stopped. One file per command.

mod backup;
mod check;
mod delete_guild;
mod erase;
mod export;
mod import;
mod restore;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use cogwright_config::{ProcessEnvironment, Report, Sources};
use cogwright_runtime::launch;
use cogwright_store::{Retention, Store, StoreError, StoreOptions, Target};
use serde_json::Value;

use super::files::FileArgs;
use super::paint::print;
use super::{exit, say};

pub(crate) use import::ImportArgs;

/// What stands at the end of each command's help.
pub(crate) const CODES: &str = "\
Exit codes: 0 done; 1 something was found or left, and is listed; 64 wrong arguments or settings;
69 the data cannot be had: in use by a running bot, damaged, not readable; 70 our own failure.";

/// Arguments of `cogwright data`.
#[derive(Args, Debug)]
#[command(after_help = CODES)]
pub(crate) struct DataArgs {
    #[command(subcommand)]
    what: What,
}

impl From<ImportArgs> for DataArgs {
    fn from(args: ImportArgs) -> Self {
        Self { what: What::Import(args) }
    }
}

#[derive(Debug, Subcommand)]
enum What {
    /// Back up all databases, or those of one server
    #[command(after_help = CODES)]
    Backup(backup::BackupArgs),
    /// Put a backup back, or list what there is; what it replaces is kept beside it
    #[command(after_help = CODES)]
    Restore(restore::RestoreArgs),
    /// Check every database for damage
    #[command(after_help = CODES)]
    Check(check::CheckArgs),
    /// Print everything that is kept about a user, as JSON
    #[command(after_help = CODES)]
    Export(export::ExportArgs),
    /// Erase a user from all databases; backups are not changed, and those that hold the user are named
    #[command(after_help = CODES)]
    Erase(erase::EraseArgs),
    /// Delete everything that is kept about a server, its backups included
    #[command(after_help = CODES)]
    DeleteGuild(delete_guild::DeleteGuildArgs),
    /// Show what an import from an original installation would do; --yes does it. The source is only read
    #[command(after_help = CODES)]
    Import(ImportArgs),
}

/// Runs what is asked for.
pub(crate) async fn run(args: DataArgs) -> ExitCode {
    let _log = match launch::start_console_log(&launch::log_filter("error")) {
        Ok(log) => log,
        Err(problems) => return exit::fault(&problems.into()),
    };
    let ended = match args.what {
        What::Backup(args) => backup::run(args).await,
        What::Restore(args) => restore::run(args).await,
        What::Check(args) => check::run(args).await,
        What::Export(args) => export::run(args).await,
        What::Erase(args) => erase::run(args).await,
        What::DeleteGuild(args) => delete_guild::run(args).await,
        What::Import(args) => import::run(args).await,
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(Trouble::Usage(message)) => exit::config(&message),
        Err(Trouble::Store(error)) => match error {
            StoreError::Invalid(_) => exit::config(&error.to_string()),
            StoreError::Internal(_) | StoreError::Closed => exit::internal(&error.to_string()),
            _ => exit::unavailable(&error.to_string()),
        },
    }
}

/// Why a command did nothing.
enum Trouble {
    /// Arguments or settings are wrong.
    Usage(String),
    /// The store refuses.
    Store(StoreError),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Whether all is well; false for something that was found or left.
type Ended = Result<bool, Trouble>;

/// Where the data lies, and in which form the answer is wanted.
#[derive(Args, Debug)]
struct Place {
    #[command(flatten)]
    files: FileArgs,
    /// Print one line of JSON
    #[arg(long)]
    json: bool,
}

impl Place {
    /// The folder and how it is kept. A token is not needed.
    fn options(&self) -> Result<StoreOptions, Trouble> {
        Self::options_of(&self.files.clone().sources())
    }

    fn options_of(sources: &Sources) -> Result<StoreOptions, Trouble> {
        let report = sources.read(&ProcessEnvironment);
        let wrong = report.problems.iter().filter(|problem| problem.setting != "DISCORD_TOKEN");
        let wrong = wrong.fold(String::new(), |text, problem| text + "\n\n" + &problem.to_string());
        if !wrong.is_empty() {
            return Err(Trouble::Usage(format!(
                "the configuration cannot be used; nothing was changed{wrong}"
            )));
        }
        let number = |name| value(&report, name).and_then(|text| text.parse().ok());
        let usual = Retention::default();
        let keep = number("database.backup.keep").map_or(usual.keep, |keep: u32| keep as usize);
        let days = number("database.backup.days").unwrap_or(usual.days);
        let folder =
            value(&report, "database.base_path").map_or_else(|| PathBuf::from("./data"), PathBuf::from);
        Ok(StoreOptions::new(folder).retention(Retention { keep, days }))
    }

    /// Opens what is there. A folder without data is a slip of the hand, and is not made.
    async fn open(&self) -> Result<Store, Trouble> {
        let options = self.options()?;
        if !options.folder.join("main.db").is_file() {
            return Err(Trouble::Usage(format!(
                "there is no main.db in {}; name the bot's data folder with --data",
                options.folder.display()
            )));
        }
        Ok(Store::open(options).await?)
    }

    /// Prints the one form or the other.
    fn answer(&self, json: impl FnOnce() -> Value, page: impl FnOnce() -> String) {
        if self.json {
            say(json());
        } else {
            print(&page());
        }
    }
}

fn value<'a>(report: &'a Report, name: &str) -> Option<&'a str> {
    report.effective.iter().find(|it| it.setting.name() == name).map(|it| it.value.as_str())
}

/// The consent that what cannot be undone asks for.
fn consent(yes: bool, what: &str) -> Result<(), Trouble> {
    if yes {
        return Ok(());
    }
    Err(Trouble::Usage(format!("{what}. This cannot be undone; nothing was changed. Add --yes to do it")))
}

/// A database for people and for programs.
fn named(target: Target) -> String {
    match target {
        Target::Main => "main".to_owned(),
        Target::Guild(guild) => guild.to_string(),
    }
}

/// A size for people.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes / 1024),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

/// An id as Discord gives them out. See Discord docs: Reference / Snowflakes.
fn id(text: &str) -> Result<u64, String> {
    let long = (17..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| long).ok_or_else(|| {
        "not an id, which is a number of 17 to 20 digits such as 123456789012345678".to_owned()
    })
}
