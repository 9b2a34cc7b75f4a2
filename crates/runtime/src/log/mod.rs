//! The log: the console, and in the log folder `permanent.log` (rotated by size, kept for days), `current_run.log`
//! (this run alone) and `debug_slashlimiter.log` (what the slash limiter decides, whatever the level; made when there
//! is something to write). Secrets are taken out of all of them.

mod level;
mod line;
mod redact;
mod rotating;

use std::fs::{File, TryLockError};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use cogwright_config::Secret;
use cogwright_lifecycle::CancellationToken;
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{FilterExt as _, LevelFilter, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::MakeWriterExt as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use self::line::{Line, Plain};
use self::redact::Secrets;
use self::rotating::{Rotating, Start};
use crate::slash_limiter;
use crate::traces::{self, Collecting, Collector, Export};

/// Lines that may wait for a disk that is slow, per file. When they are full, lines are dropped and
/// counted: the bot does not wait for its log.
const WAITING_LINES: usize = 16_384;

/// The name of the log that outlives a run.
const PERMANENT: &str = "permanent.log";

/// Says which process writes here.
const LOCK: &str = ".lock";

/// The name of the log of this run.
const CURRENT: &str = "current_run.log";

/// The name of the log of what the slash limiter decides.
const SLASH_LIMITER: &str = "debug_slashlimiter.log";

/// How the log is written.
#[derive(Clone, Debug)]
pub struct LogOptions {
    /// A level name (`DEBUG`, `INFO`, `WARNING`, `ERROR`, `CRITICAL`) or a filter in the syntax of `tracing`.
    pub level: String,
    /// Where the files go; `None` for the console alone.
    pub folder: Option<PathBuf>,
    /// Bytes that a file may have before it is moved aside.
    pub max_bytes: u64,
    /// How many older files are kept beside it.
    pub backup_count: u32,
    /// For how long older files are kept.
    pub keep: Duration,
    /// JSON, a line an event, instead of lines for people.
    pub json: bool,
    /// Where traces are sent, if anywhere.
    pub traces: Option<Collector>,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self {
            level: "INFO".to_owned(),
            folder: None,
            max_bytes: 10 * 1024 * 1024,
            backup_count: 5,
            keep: Duration::from_secs(30 * 24 * 60 * 60),
            json: false,
            traces: None,
        }
    }
}

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The level is neither a level's name nor a filter.
    #[error("is no log level or filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The log folder or a file in it cannot be written.
    #[error("the log cannot be written to {}: {error}", .path.display())]
    Folder {
        /// What was to be written.
        path: PathBuf,
        /// Why it could not.
        #[source]
        error: std::io::Error,
    },
    /// Another process logs there. Two would move each other's files away.
    #[error("another process writes its log to {}", .0.display())]
    InUse(PathBuf),
}

/// The log of this process. What waits is written when it is dropped.
#[must_use = "lines that still wait are lost when it is dropped too early"]
pub struct Log {
    secrets: Secrets,
    files: Vec<NonBlocking>,
    folder: Option<PathBuf>,
    keep: Duration,
    /// Until the process has tasks to send with.
    export: Option<Export>,
    /// Held as long as the log is, so that no other process writes there.
    _lock: Option<File>,
    _writers: Vec<WorkerGuard>,
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Log {
    /// Begins to log. Only the first log of a process has an effect; the later ones are as good.
    ///
    /// # Errors
    /// When the filter cannot be read or the folder cannot be written; nothing is logged then.
    pub fn start(options: &LogOptions) -> Result<Self, LogError> {
        let (log, layer) = Self::layer(options)?;
        // A log that is there already is as good.
        let _ = tracing_subscriber::registry().with(layer).try_init();
        log.purge(SystemTime::now());
        Ok(log)
    }

    pub(crate) fn layer<S>(options: &LogOptions) -> Result<(Self, Box<dyn Layer<S> + Send + Sync>), LogError>
    where
        S: tracing::Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        let filter = read_filter(&options.level)?;
        let critical_only = options.level.trim().eq_ignore_ascii_case("CRITICAL");
        // A hint, so that what the level leaves out costs nothing.
        let critical = filter_fn(move |event| {
            !critical_only || event.is_span() || event.fields().field(level::CRITICAL).is_some()
        })
        .with_max_level_hint(LevelFilter::TRACE);
        let secrets = Secrets::default();
        let colours = std::io::stderr().is_terminal();
        let kept = |layer: Box<dyn Layer<S> + Send + Sync>| {
            // A filter for each: what this one leaves out may be what another one is there for.
            layer.with_filter(filter.clone().and(critical.clone())).boxed()
        };
        let mut layers = vec![kept(written(secrets.redacting(std::io::stderr), options.json, colours))];
        let (mut files, mut writers) = (Vec::new(), Vec::new());
        let mut lock = None;
        if let Some(folder) = &options.folder {
            lock = Some(take(folder)?);
            let permanent = Self::file(folder, PERMANENT, options, Start::Append)?;
            let current = Self::file(folder, CURRENT, options, Start::Empty)?;
            let slash = Self::file(folder, SLASH_LIMITER, options, Start::WhenNeeded)?;
            let both = permanent.0.clone().and(current.0.clone());
            layers.push(kept(written(secrets.redacting(both), options.json, false)));
            let only = filter_fn(|event| event.target() == slash_limiter::TARGET)
                .with_max_level_hint(LevelFilter::DEBUG);
            let limiter = written(secrets.redacting(slash.0.clone()), options.json, false);
            layers.push(limiter.with_filter(only).boxed());
            for (file, writer) in [permanent, current, slash] {
                files.push(file);
                writers.push(writer);
            }
        }
        let mut export = None;
        if let Some(to) = &options.traces {
            let (collecting, sending) = traces::traces(to.clone());
            let wanted = filter_fn(Collecting::wants).with_max_level_hint(LevelFilter::TRACE);
            layers.push(collecting.with_filter(wanted).boxed());
            export = Some(sending);
        }
        // One list: a layer that may be absent would switch off the others where it is.
        let layer = layers.boxed();
        let (folder, keep) = (options.folder.clone(), options.keep);
        Ok((Self { secrets, files, folder, keep, export, _lock: lock, _writers: writers }, layer))
    }

    fn file(
        folder: &Path,
        name: &str,
        options: &LogOptions,
        start: Start,
    ) -> Result<(NonBlocking, WorkerGuard), LogError> {
        let path = folder.join(name);
        // This run's file is begun anew with each run, so one older part is enough.
        let keep = if start == Start::Empty { options.backup_count.min(1) } else { options.backup_count };
        let file = std::fs::create_dir_all(folder)
            .and_then(|()| Rotating::open(path.clone(), options.max_bytes, keep, start))
            .map_err(|error| LogError::Folder { path, error })?;
        Ok(NonBlockingBuilder::default().buffered_lines_limit(WAITING_LINES).thread_name("log").finish(file))
    }

    /// From now on this value is written nowhere.
    pub fn hide(&self, secret: &Secret) {
        self.secrets.add(secret);
    }

    /// Sends traces until `stop`, and what still waits then within [`FLUSH`](traces::FLUSH); `None` when none are sent,
    /// or they are sent already.
    pub(crate) fn export(
        &mut self,
        stop: CancellationToken,
    ) -> Option<impl Future<Output = ()> + Send + 'static> {
        let (export, secrets) = (self.export.take()?, self.secrets.clone());
        Some(export.run(stop, move |text| secrets.clean(text)))
    }

    /// Lines that were lost since the start, because the disk was too slow.
    pub fn lost(&self) -> usize {
        self.files.iter().map(|file| file.error_counter().dropped_lines()).sum()
    }

    /// Deletes log files that were put aside and have not been written for the configured time; called at the start and
    /// every hour. The ones that are written to stay, however long nothing was said. Returns how many went.
    pub fn purge(&self, now: SystemTime) -> usize {
        let Some(folder) = &self.folder else { return 0 };
        let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
        let old = entries.flatten().filter(|entry| {
            let name = entry.file_name();
            let open = [PERMANENT, CURRENT, SLASH_LIMITER].iter().any(|it| name == *it);
            let ours = !open && name.to_string_lossy().contains(".log");
            let written =
                entry.metadata().ok().filter(std::fs::Metadata::is_file).and_then(|m| m.modified().ok());
            let age = written.and_then(|written| now.duration_since(written).ok());
            ours && age.is_some_and(|age| age > self.keep)
        });
        old.filter(|entry| std::fs::remove_file(entry.path()).is_ok()).count()
    }
}

/// Writes what is logged, as JSON or as lines for people.
fn written<S, W>(writer: W, json: bool, colours: bool) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    if json {
        fmt::layer().json().flatten_event(true).with_current_span(false).with_writer(writer).boxed()
    } else {
        fmt::layer().event_format(Line).fmt_fields(Plain).with_ansi(colours).with_writer(writer).boxed()
    }
}

/// A level's name or a filter in the syntax of `tracing`.
pub(crate) fn read_filter(text: &str) -> Result<EnvFilter, LogError> {
    Ok(EnvFilter::try_new(level::filter(text))?)
}

/// The folder for this process alone. Nothing in it has been touched when another one has it.
fn take(folder: &Path) -> Result<File, LogError> {
    let path = folder.join(LOCK);
    let opened = std::fs::create_dir_all(folder).and_then(|()| File::create(&path));
    // People know the folder; the file in it is ours.
    let failed = |error| LogError::Folder { path: folder.to_owned(), error };
    let lock = opened.map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(LogError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing_subscriber::Registry;

    fn logged(options: LogOptions, events: impl FnOnce()) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let options = LogOptions { folder: Some(folder.path().join("botlogs")), ..options };
        let (log, layer) = Log::layer::<Registry>(&options).unwrap();
        log.hide(&Secret::new("MTIz.abc.def"));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), events);
        drop(log);
        let text = std::fs::read_to_string(folder.path().join("botlogs").join(CURRENT)).unwrap();
        assert_eq!(text, std::fs::read_to_string(folder.path().join("botlogs").join(PERMANENT)).unwrap());
        (folder, text)
    }

    /// Without the time, which is never the same.
    fn bodies(text: &str) -> Vec<&str> {
        text.lines().map(|line| line.split_once("] ").expect("begins with a time").1).collect()
    }

    fn some() {
        let span = tracing::error_span!("command", command = "ping", guild = "a b");
        let _in = span.enter();
        tracing::info!(token = "Bot MTIz.abc.def", count = 3, "sent to MTIz.abc.def\nforged");
        tracing::debug!("quiet");
        tracing::warn!(target: "cogwright_discord::gateway", "careful");
        tracing::error!(critical = true, "the end");
    }

    #[test]
    fn lines_name_level_part_and_span_and_no_secret() {
        let (_folder, text) = logged(LogOptions::default(), some);
        assert_eq!(
            bodies(&text),
            [
                "[INFO    ] runtime.log: sent to [redacted]\\nforged token=\"Bot [redacted]\" count=3 {command command=ping guild=\"a b\"}",
                "[WARNING ] discord.gateway: careful {command command=ping guild=\"a b\"}",
                "[CRITICAL] runtime.log: the end {command command=ping guild=\"a b\"}",
            ]
        );
    }

    #[test]
    fn levels_are_kept() {
        for (level, lines) in
            [("DEBUG", 4), ("INFO", 3), ("WARNING", 2), ("ERROR", 1), ("CRITICAL", 1), ("off", 0)]
        {
            let (_folder, text) =
                logged(LogOptions { level: level.to_owned(), ..LogOptions::default() }, some);
            assert_eq!(text.lines().count(), lines, "{level}: {text}");
        }
        let (_folder, text) =
            logged(LogOptions { level: "CRITICAL".to_owned(), ..LogOptions::default() }, || {
                tracing::error!("an error, but not the end");
            });
        assert_eq!(text, "");
        // The console alone, which cannot be read here.
        let (_log, layer) = Log::layer::<Registry>(&LogOptions::default()).unwrap();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            assert!(tracing::enabled!(tracing::Level::INFO) && !tracing::enabled!(tracing::Level::DEBUG));
        });
        let broken = LogOptions { level: "a=b=c".to_owned(), ..LogOptions::default() };
        assert!(matches!(Log::layer::<Registry>(&broken), Err(LogError::Filter(_))));
    }

    #[test]
    fn json_is_json_and_hides_secrets_too() {
        let (_folder, text) = logged(LogOptions { json: true, ..LogOptions::default() }, some);
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("is JSON")).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0]["message"], "sent to [redacted]\nforged");
        assert_eq!(lines[0]["spans"][0]["command"], "ping");
        assert!(!text.contains("MTIz.abc.def"));
    }

    #[test]
    fn what_the_slash_limiter_decides_has_a_file_of_its_own_whatever_the_level() {
        let options = || LogOptions { level: "ERROR".to_owned(), max_bytes: 400, ..LogOptions::default() };
        let (folder, text) = logged(options(), some);
        let file = folder.path().join("botlogs").join(SLASH_LIMITER);
        assert!(!file.exists(), "nothing was decided");
        assert_eq!(text.lines().count(), 1);
        let (folder, text) = logged(options(), || {
            for n in 0..40 {
                tracing::debug!(target: slash_limiter::TARGET, n, "decided for MTIz.abc.def\nforged");
            }
            some();
        });
        assert_eq!(text.lines().count(), 1, "{text}");
        let logs = folder.path().join("botlogs");
        let text = std::fs::read_to_string(logs.join(SLASH_LIMITER)).unwrap();
        let last = bodies(&text).pop().unwrap();
        assert_eq!(last, "[DEBUG   ] runtime.slash_limiter: decided for [redacted]\\nforged n=39");
        let sizes = (1..9).map(|n| std::fs::metadata(logs.join(format!("{SLASH_LIMITER}.{n}"))));
        let sizes: Vec<_> = sizes.flatten().map(|file| file.len()).collect();
        assert!(sizes.len() == 5 && sizes.iter().all(|size| *size <= 400), "{sizes:?}");
    }

    #[test]
    fn old_files_go_and_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let options = LogOptions { folder: Some(folder.path().to_owned()), ..LogOptions::default() };
        let (log, _layer) = Log::layer::<Registry>(&options).unwrap();
        for name in ["permanent.log.3", "notes.txt"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let day = Duration::from_secs(24 * 60 * 60);
        assert_eq!(log.purge(SystemTime::now() + 29 * day), 0);
        assert_eq!(log.purge(SystemTime::now() + 31 * day), 1, "what is open stays");
        assert!(folder.path().join(PERMANENT).exists() && folder.path().join(CURRENT).exists());
        assert!(folder.path().join("notes.txt").exists());
    }

    #[test]
    fn a_second_process_leaves_the_files_alone() {
        let folder = tempfile::tempdir().unwrap();
        let options = LogOptions { folder: Some(folder.path().to_owned()), ..LogOptions::default() };
        let (first, layer) = Log::layer::<Registry>(&options).unwrap();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            tracing::info!("mine");
        });
        assert!(matches!(Log::layer::<Registry>(&options), Err(LogError::InUse(_))));
        drop(first);
        assert!(std::fs::read_to_string(folder.path().join(CURRENT)).unwrap().contains("mine"));
        assert!(Log::layer::<Registry>(&options).is_ok(), "free again");
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let options = LogOptions { folder: Some(file.join("botlogs")), ..LogOptions::default() };
        let Err(error) = Log::layer::<Registry>(&options) else { panic!("a file is no folder") };
        assert!(error.to_string().contains("botlogs"), "{error}");
    }
}
