//! The bots of the client matrix as child processes, each with an application of its own.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use cogwright_sim::{Addresses, After, EntryKind};
use serde_json::json;
use tokio::process::{Child, Command};

use super::{Scene, control};
use crate::Outcome;

/// How long each gets to answer at the end.
const PATIENCE: Duration = Duration::from_secs(30);
/// Calls of a bot that are shown when it does not answer.
const CALLS_SHOWN: usize = 5;

/// A client library's bot.
#[derive(Debug)]
pub(super) struct Library {
    pub(super) name: &'static str,
    program: PathBuf,
    argument: Option<&'static str>,
    folder: PathBuf,
}

/// Those that are built and installed. The environment says where, as for the matrix itself: `MATRIX_PYTHON`,
/// `MATRIX_RUST_BIN`.
pub(super) fn available(matrix: &Path) -> Vec<Library> {
    let named = |name: &str, otherwise: &str| {
        std::env::var_os(name).map_or_else(|| matrix.join(otherwise), PathBuf::from)
    };
    let rust = named("MATRIX_RUST_BIN", "rust/target/debug");
    let library = |name, program, argument, folder: &str| Library {
        name,
        program,
        argument,
        folder: matrix.join(folder),
    };
    let all = [
        library("discord.py", named("MATRIX_PYTHON", "python/.venv/bin/python"), Some("bot.py"), "python"),
        library("discord.js", PathBuf::from("node"), Some("bot.js"), "node"),
        library("serenity", rust.join("serenity-bot"), None, "rust"),
        library("twilight", rust.join("twilight-bot"), None, "rust"),
    ];
    let there = |l: &Library| match l.name {
        "discord.js" => l.folder.join("node_modules/discord.js").exists(),
        _ => l.program.exists(),
    };
    let (there, missing): (Vec<_>, Vec<_>) = all.into_iter().partition(there);
    for library in missing {
        eprintln!("soak: {} is not installed and stays away", library.name);
    }
    there
}

/// A bot that runs.
#[derive(Debug)]
pub(super) struct Running {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts it; what it says goes to a file in `logs`. They say much: the people delete what is being answered.
    pub(super) fn start(library: &Library, addresses: &Addresses, token: &str, logs: &Path) -> Outcome<Self> {
        let log = logs.join(format!("{}.log", library.name));
        let file = std::fs::create_dir_all(logs).and_then(|()| File::create(&log));
        let file = file.map_err(|e| format!("{}: {e}", log.display()))?;
        let child = Command::new(&library.program)
            .args(library.argument)
            .current_dir(&library.folder)
            .env("DISCORD_TOKEN", token)
            .env("SIM_API_BASE", &addresses.api_base)
            .env("SIM_GATEWAY_URL", &addresses.gateway_url)
            .env("SIM_CDN_BASE", &addresses.cdn_base)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file)
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| format!("{} cannot be started: {e}", library.name))?;
        Ok(Self { name: library.name, child, log })
    }

    pub(super) async fn stop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill().await);
    }
}

/// Whether every bot still runs and answers `!ping`.
pub(super) async fn all_answer(scene: &Scene, running: &mut [Running]) -> Outcome {
    for bot in running.iter_mut() {
        if let Ok(Some(status)) = bot.child.try_wait() {
            return Err(format!("{} has ended: {status}; see {}", bot.name, bot.log.display()));
        }
    }
    let last = scene.sim.journal().last();
    let body = json!({ "user": scene.people[0], "channel": scene.channel, "text": "!ping" });
    control(scene, "POST", "/actor/send_message", &body).await?;
    let mut silent = Vec::new();
    for (bot, application) in running.iter().zip(&scene.applications) {
        let pong = json!({
            "event": "MESSAGE_CREATE", "data": { "content": "pong", "author": { "id": application } },
        });
        if scene.sim.wait_for(EntryKind::Event, pong, After::Seq(last), PATIENCE).await.is_none() {
            let standing = standing(scene, application, last);
            silent.push(format!(
                "{} no longer answers: {standing}; it says in {}",
                bot.name,
                bot.log.display()
            ));
        }
    }
    if silent.is_empty() { Ok(()) } else { Err(silent.join("\n")) }
}

/// What tells why a bot does not answer: its session, and what it has called since entry `after`.
fn standing(scene: &Scene, application: &str, after: u64) -> String {
    let sessions = scene.sim.gateway_sessions();
    let own: Vec<String> =
        sessions.iter().filter(|s| s["application"] == application).map(ToString::to_string).collect();
    let (calls, ..) = scene.sim.journal().query(after, usize::MAX, |entry| {
        entry.kind == EntryKind::Rest && entry.field("application").is_some_and(|a| *a == application)
    });
    let shown: Vec<String> =
        calls.iter().rev().take(CALLS_SHOWN).map(|call| json!(**call).to_string()).collect();
    format!(
        "sessions [{}], {} calls since it was asked, the last: {}",
        own.join(", "),
        calls.len(),
        shown.join(" ")
    )
}
