//! A bot as a whole process: settings from the environment, a log, stop signals, an exit code.

use std::future::Future;
use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use cogwright_config::{
    Environment as _, Loaded, Problem, Problems, ProcessEnvironment, Settings, Sources, Watch,
};
use cogwright_discord::{Endpoint, GatewayError};
use cogwright_lifecycle::{CancellationToken, Tasks, stop_signal};

use crate::adapt::command_settings;
use crate::builder::BotBuilder;
use crate::command_names::check_command_names;
use crate::error::{RunError, StartError};
use crate::exposure::exposed_files;
use crate::facts::Facts;
use crate::log::{Log, LogError, LogOptions};
use crate::reload;
use crate::traces::{Collector, FLUSH};

/// How long a look at the settings files may take to end.
const WATCH_ENDS: Duration = Duration::from_secs(1);

/// How often old log files are looked for.
const PURGE: Duration = Duration::from_secs(60 * 60);

/// The variable that says what is logged.
const LOG: &str = "COGWRIGHT_LOG";

/// The log folder, in the folder the bot is started in.
pub const LOGS: &str = "botlogs";

/// Why a process ends other than well. Its text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Settings are missing or wrong.
    #[error(transparent)]
    Config(#[from] Problems),
    /// The bot did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The bot stopped by itself.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl Fault {
    /// The exit code of the process; scripts may rely on it.
    ///
    /// - 1: a second signal cut the stop off
    /// - 64: settings, here or in Discord's developer portal, are missing or wrong
    /// - 69: Discord cannot be reached
    /// - 70: a mistake in this program
    /// - 77: Discord does not accept the token
    pub fn exit_code(&self) -> u8 {
        let of_gateway = |error: &GatewayError| match error {
            GatewayError::IntentsNotAllowed { .. }
            | GatewayError::TooManyShards { .. }
            | GatewayError::NoShards
            | GatewayError::NoSuchShard { .. } => 64,
            GatewayError::TokenRejected => 77,
            GatewayError::Start(_) => 69,
            GatewayError::Refused { .. } => 70,
        };
        match self {
            Self::Config(_) => 64,
            Self::Start(StartError::TokenRejected) | Self::Run(RunError::TokenRejected) => 77,
            Self::Start(StartError::Unreachable { .. } | StartError::Store(_) | StartError::Health(_)) => 69,
            Self::Start(StartError::Gateway(error)) | Self::Run(RunError::Gateway(error)) => {
                of_gateway(error)
            }
            Self::Run(RunError::Aborted) => 1,
            Self::Start(StartError::Commands(_)) | Self::Run(RunError::Internal) => 70,
        }
    }
}

/// Everything between the command line and the bot: reads the settings, writes the files of a first run, starts
/// the log and says in it what the settings gave reason to say.
///
/// # Errors
/// All problems at once; nothing has been written then.
pub fn prepare(sources: Sources, endpoint: &Endpoint) -> Result<(Watch, Log), Problems> {
    let loaded = sources.read(&ProcessEnvironment).into_loaded()?;
    if !loaded.settings.rest.governor && matches!(endpoint, Endpoint::Discord) {
        return Err(Problem::new(
            "rest.governor",
            sources.config.display(),
            "is off, but the bot is to run on Discord, which bans an address that ignores its limits",
            "Take it out, or start the bot with --local.",
        )
        .into());
    }
    let log = start_log(&loaded.settings)?;
    let written = sources.write_missing();
    for file in &written.files {
        tracing::info!("wrote {}", file.display());
    }
    if !written.files.is_empty() {
        tracing::info!(
            "what .env may hold, `cogwright settings env` prints; what config.json may hold, `cogwright settings`"
        );
    }
    for (file, error) in &written.failed {
        tracing::warn!("could not write {}, going on without it: {error}", file.display());
    }
    log_settings(&loaded);
    for exposed in exposed_files(&sources, &loaded.settings.database.base_path) {
        tracing::warn!("{}", exposed.line());
    }
    Ok((Watch::new(sources, loaded), log))
}

/// The address of a local Discord as people write it, HOST:PORT, if it is one of this machine: the token goes there in
/// the clear. `localhost` is the one name, and always 127.0.0.1: what a resolver makes of names is not asked.
pub fn loopback(text: &str) -> Option<SocketAddr> {
    let address = match text.rsplit_once(':') {
        Some((host, port)) if host.eq_ignore_ascii_case("localhost") => {
            SocketAddr::from(([127, 0, 0, 1], port.parse().ok()?))
        }
        _ => text.parse().ok()?,
    };
    Some(address).filter(|address| address.ip().is_loopback())
}

/// What is logged where no settings are needed: COGWRIGHT_LOG of the environment, or else `otherwise`.
pub fn log_filter(otherwise: &str) -> String {
    let given = ProcessEnvironment.get(LOG).filter(|given| !given.trim().is_empty());
    given.unwrap_or_else(|| otherwise.to_owned())
}

/// Logs what the settings gave reason to say.
fn log_settings(loaded: &Loaded) {
    for warning in &loaded.warnings {
        tracing::warn!("{}", warning.line());
    }
    let later = loaded.not_built_yet();
    if !later.is_empty() {
        tracing::info!("accepted, not built yet: {}", later.join(", "));
    }
}

/// Begins the log of a bot: to standard error, and to files in the folder [`LOGS`]. A folder that
/// cannot be written is said on standard error, and is no reason not to run. Only the first log of
/// a process has an effect.
///
/// # Errors
/// When the filter cannot be read.
pub fn start_log(settings: &Settings) -> Result<Log, Problems> {
    let options = log_options(settings);
    let log = match Log::start(&options) {
        Err(error @ (LogError::Folder { .. } | LogError::InUse(_))) => {
            let console = LogOptions { folder: None, ..options.clone() };
            let log = Log::start(&console).map_err(no_filter)?;
            tracing::error!("{error}; the log goes to the console alone");
            log
        }
        log => log.map_err(no_filter)?,
    };
    let of_collector = options.traces.iter().flat_map(Collector::secrets);
    for secret in settings.secrets().chain(of_collector) {
        log.hide(secret);
    }
    Ok(log)
}

/// What the settings say about the log.
fn log_options(settings: &Settings) -> LogOptions {
    let logging = &settings.logging;
    LogOptions {
        level: logging.filter.clone().unwrap_or_else(|| logging.level.name().to_owned()),
        folder: Some(LOGS.into()),
        max_bytes: logging.max_bytes,
        backup_count: logging.backup_count,
        keep: Duration::from_secs(u64::from(logging.days) * 24 * 60 * 60),
        json: logging.json,
        traces: Collector::of(&settings.telemetry),
    }
}

/// Begins a log to standard error alone, for where no settings are needed.
///
/// # Errors
/// When the filter cannot be read.
pub fn start_console_log(filter: &str) -> Result<Log, Problems> {
    Log::start(&LogOptions { level: filter.to_owned(), ..LogOptions::default() }).map_err(no_filter)
}

/// Whether a log would start with this filter; starts none.
///
/// # Errors
/// When the filter cannot be read.
pub fn check_filter(text: &str) -> Result<(), Problems> {
    crate::log::read_filter(text).map(drop).map_err(no_filter)
}

fn no_filter(error: LogError) -> Problems {
    Problems::from(Problem::new(
        LOG,
        "environment or .env",
        error.to_string(),
        "Use one of error, warn, info, debug, trace, or target=level pairs.",
    ))
}

/// Starts a bot that keeps what it is told where the settings say, and runs it until Ctrl-C or SIGTERM. Once it is
/// ready, a panel on standard output says so. Meanwhile changes of its settings files are noticed and old log files
/// go. A second signal does not wait for the drain.
///
/// # Errors
/// Why it did not start, or stopped by itself.
pub async fn run(builder: BotBuilder, watch: Watch, mut log: Log) -> Result<(), Fault> {
    let settings = watch.running().settings.clone();
    let builder = builder.data(&settings.database.base_path);
    let signal = stop_signal();
    let stop = async {
        let signal = signal.await;
        tracing::info!(signal, "stopping");
    };
    tokio::pin!(stop);
    let bot = tokio::select! {
        () = &mut stop => return Ok(()),
        // Its state is large, and a future on the stack is moved about.
        bot = Box::pin(builder.start()) => bot?,
    };
    let tasks = Tasks::new("process");
    if let Some(export) = log.export(tasks.token()) {
        tasks.spawn("traces", export);
    }
    // Everything that says something ends before it does: the last traces too.
    let log = Arc::new(log);
    let (dispatcher, catalog) = (bot.dispatcher.clone(), bot.dispatcher.clone());
    let apply = move |settings: &Settings| dispatcher.apply_settings(command_settings(settings));
    let odd = move |settings: &Settings| {
        let mut odd = check_command_names(catalog.catalog(), settings, |_| String::new());
        // Switching commands off needs a restart; the start has told what is odd there.
        odd.retain(|odd| odd.setting.starts_with("command_permissions"));
        odd
    };
    let facts = Arc::clone(&bot.facts);
    tasks.spawn("panel", async move { show_panel(&facts, &settings).await });
    tasks.spawn("old logs", purge(Arc::clone(&log), tasks.token()));
    tasks.spawn("watch settings", reload::watch(watch, tasks.token(), apply, odd));
    let ended = tokio::select! {
        ended = bot.run_until(stop) => ended,
        signal = impatient() => {
            tracing::warn!(signal, "stopping at once; what was running is cut off");
            // Nor are traces waited for.
            tasks.shutdown(WATCH_ENDS).await;
            Err(RunError::Aborted)
        }
    };
    tasks.shutdown(FLUSH + WATCH_ENDS).await;
    drop(log);
    Ok(ended?)
}

/// The second signal.
async fn impatient() -> &'static str {
    // The first is heard by both.
    stop_signal().await;
    stop_signal().await
}

async fn show_panel(facts: &Facts, settings: &Settings) {
    let Some(panel) = facts.panel(settings).await else { return };
    let mut out = std::io::stdout();
    let text = panel.render(out.is_terminal());
    // Whoever has closed standard output wants no panel.
    let _ = writeln!(out, "{text}");
}

/// Log files that are too old go, every hour.
async fn purge(log: Arc<Log>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PURGE) => {
                let files = Arc::clone(&log);
                let Ok(gone) = tokio::task::spawn_blocking(move || files.purge(SystemTime::now())).await else {
                    return tracing::error!("old log files are not looked for any more");
                };
                tracing::debug!(gone, lost_lines = log.lost(), "old log files");
            }
        }
    }
}

/// Starts a bot and runs it until `stop` completes, which may be before it has started.
///
/// # Errors
/// Why it did not start, or stopped by itself.
pub async fn run_until(builder: BotBuilder, stop: impl Future<Output = ()>) -> Result<(), Fault> {
    tokio::pin!(stop);
    let bot = tokio::select! {
        () = &mut stop => return Ok(()),
        bot = builder.start() => bot?,
    };
    Ok(bot.run_until(stop).await?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use cogwright_discord::{Endpoint, RestError};

    #[test]
    fn what_is_set_about_the_log_arrives() {
        let mut settings = Settings::with_token("a.b.c");
        let logging = &mut settings.logging;
        logging.level = cogwright_config::Level::Warning;
        (logging.max_bytes, logging.backup_count, logging.days, logging.json) = (4096, 3, 2, true);
        let options = log_options(&settings);
        assert_eq!((options.level.as_str(), options.folder), ("WARNING", Some(LOGS.into())));
        assert_eq!((options.max_bytes, options.backup_count, options.json), (4096, 3, true));
        assert_eq!(options.keep, Duration::from_secs(2 * 24 * 60 * 60));
        assert!(options.traces.is_none(), "nothing is sent anywhere unasked");
        settings.logging.filter = Some("discord=debug".to_owned());
        settings.telemetry.otlp = Some("http://127.0.0.1:4318".to_owned());
        let options = log_options(&settings);
        assert!(options.level == "discord=debug" && options.traces.is_some(), "{options:?}");
    }

    #[test]
    fn a_local_discord_is_on_this_machine() {
        for text in ["127.0.0.1:80", "localhost:80", "LocalHost:80"] {
            assert_eq!(loopback(text), Some(([127, 0, 0, 1], 80).into()), "{text}");
        }
        assert_eq!(loopback("[::1]:80"), "[::1]:80".parse().ok());
        for text in ["", "localhost", "10.0.0.1:80", "localhost.example.org:80", "x:80", "localhost:99999"] {
            assert_eq!(loopback(text), None, "{text}");
        }
    }

    #[test]
    fn exit_codes_are_stable() {
        let refused = || GatewayError::Refused { code: 4013, reason: "x" };
        let intents = || GatewayError::IntentsNotAllowed { missing: "x".to_owned() };
        let cases: [(Fault, u8); 9] = [
            (RunError::Aborted.into(), 1),
            (StartError::TokenRejected.into(), 77),
            (RunError::TokenRejected.into(), 77),
            (StartError::of_rest(&Endpoint::Discord, RestError::TimedOut).into(), 69),
            (StartError::Gateway(intents()).into(), 64),
            (RunError::Gateway(intents()).into(), 64),
            (RunError::Gateway(refused()).into(), 70),
            (StartError::Commands(Vec::new()).into(), 70),
            (RunError::Internal.into(), 70),
        ];
        let mut known = BTreeSet::from([0]);
        for (fault, code) in cases {
            assert_eq!(fault.exit_code(), code, "{fault}");
            known.insert(code);
        }
        assert_eq!(Fault::from(start_console_log("a=b=c").expect_err("is none")).exit_code(), 64);
        let operating = include_str!("../../../docs/src/operating.md");
        let contributing = include_str!("../../../CONTRIBUTING.md");
        for (page, title) in [(operating, "| exit code | "), (contributing, "| code | ")] {
            let documented: Vec<_> = rows(page, title).map(|(code, _)| code).collect();
            assert_eq!(documented, Vec::from_iter(known.clone()), "{title}");
        }
        // What is not to be started again, the unit on the page does not start again.
        let stay = rows(operating, "| exit code | ").filter(|(code, row)| *code > 0 && row.contains("| no"));
        let stay = stay.map(|(code, _)| code.to_string()).collect::<Vec<_>>().join(" ");
        assert!(operating.contains(&format!("\nRestartPreventExitStatus={stay}\n")), "{stay}");
    }

    /// The rows of the one table with this title, by the codes that they begin with.
    fn rows<'a>(page: &'a str, title: &str) -> impl Iterator<Item = (u8, &'a str)> {
        let mut lines = page.lines();
        lines.find(|line| line.starts_with(title)).expect("is there");
        lines.skip(1).map_while(|row| Some((row.split('|').nth(1)?.trim().parse().ok()?, row)))
    }
}
