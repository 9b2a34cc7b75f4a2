//! The bot as a process: its own folder, its own core, told when it is ready.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::{Outcome, machine, stage::Stage};

/// What the panel of a bot that is ready begins with.
const READY: &str = "Cogwright is running";
/// How long a bot may take to be ready.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long it may take to stop.
const GRACE: Duration = Duration::from_secs(20);
/// The core of the bot, where there are two; this process has the first, see [`crate::bot`].
const CORE: &str = "1";

/// The core that bots are kept on; `None` where there is only one.
pub(super) fn core() -> Option<String> {
    (machine::cores() > 1).then(|| CORE.to_owned())
}

/// A bot that runs.
#[derive(Debug)]
pub(super) struct Bot {
    child: Child,
    _folder: TempDir,
    /// From the start of the process to its panel.
    pub(super) ready_after: Duration,
}

impl Bot {
    /// Starts it with all of `shards`, or `only` one of them, and waits until it is ready.
    pub(super) async fn start(
        program: &Path,
        stage: &Stage,
        shards: usize,
        only: Option<u64>,
    ) -> Outcome<Self> {
        let folder = tempfile::tempdir().map_err(|e| format!("no folder for the bot: {e}"))?;
        let config = json!({
            "database": { "base_path": folder.path().join("data") },
            "logging": { "level": "WARNING" },
            // A local Discord without rate limits; what is measured is not to wait for ours.
            "rest": { "governor": false },
        });
        let written = std::fs::write(folder.path().join("config.json"), config.to_string());
        written.map_err(|e| format!("no configuration for the bot: {e}"))?;
        let core = core();
        let mut command = match &core {
            Some(core) => {
                let mut pinned = Command::new("taskset");
                pinned.args(["-c", core]).arg(program);
                pinned
            }
            None => Command::new(program),
        };
        command
            .args(["run", "--local", &stage.host()])
            .current_dir(folder.path())
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "HOME"))
            .env("DISCORD_TOKEN", &stage.ids.token)
            .env("BOT_OWNER_ID", stage.ids.user.to_string())
            .env("SHARD_COUNT", shards.to_string())
            .envs(only.map(|shard| ("SHARD_IDS", shard.to_string())))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let started = Instant::now();
        let mut child = command.spawn().map_err(|e| format!("cannot start {}: {e}", program.display()))?;
        let stdout = child.stdout.take().ok_or("the bot has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let panel = async {
            while let Some(line) = lines.next_line().await.map_err(|e| e.to_string())? {
                if line.contains(READY) {
                    return Ok(());
                }
            }
            Err("the bot ended before it was ready; its messages stand above".to_owned())
        };
        let waited = timeout(PATIENCE, panel).await;
        waited.map_err(|_| format!("the bot was not ready within {} s", PATIENCE.as_secs()))??;
        let bot = Self { child, _folder: folder, ready_after: started.elapsed() };
        if let Some(core) = core {
            let (here, there) = (machine::cores_of("self")?, machine::cores_of(&bot.id()?)?);
            if there != core || here == there || here.contains(['-', ',']) {
                return Err(format!(
                    "the local Discord runs on cores {here} and the bot on {there}, but each needs one of its own: \
                     start this by `cargo xtask bench bot`, or by `taskset -c 0`"
                ));
            }
        }
        Ok(bot)
    }

    fn id(&self) -> Outcome<String> {
        // `taskset` becomes the program, so its id is the bot's.
        self.child.id().map(|id| id.to_string()).ok_or_else(|| "the bot has ended".to_owned())
    }

    /// CPU time it has used so far.
    pub(super) fn cpu(&self) -> Outcome<Duration> {
        machine::cpu_of(&self.id()?)
    }

    /// Memory it has now, in bytes.
    pub(super) fn memory(&self) -> Outcome<u64> {
        machine::memory_of(&self.id()?).map(|(now, _)| now)
    }

    /// Asks it to stop and waits for it.
    pub(super) async fn stop(mut self) -> Outcome {
        let asked = Command::new("kill").args(["-s", "TERM", &self.id()?]).status().await;
        asked.map_err(|e| format!("cannot ask the bot to stop: {e}"))?;
        match timeout(GRACE, self.child.wait()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(ended) => Err(format!("the bot did not stop well: {ended:?}")),
            Err(_) => Err(format!("the bot did not stop within {} s", GRACE.as_secs())),
        }
    }
}
