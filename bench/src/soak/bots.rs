//! The bots of the client matrix as child processes, each with an application of its own.

use std::{
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
}

impl Running {
    pub(super) fn start(library: &Library, addresses: &Addresses, token: &str) -> Outcome<Self> {
        let child = Command::new(&library.program)
            .args(library.argument)
            .current_dir(&library.folder)
            .env("DISCORD_TOKEN", token)
            .env("SIM_API_BASE", &addresses.api_base)
            .env("SIM_GATEWAY_URL", &addresses.gateway_url)
            .env("SIM_CDN_BASE", &addresses.cdn_base)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            // Its complaints are ours.
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| format!("{} cannot be started: {e}", library.name))?;
        Ok(Self { name: library.name, child })
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
            return Err(format!("{} has ended: {status}", bot.name));
        }
    }
    let after = After::Seq(scene.sim.journal().last());
    let body = json!({ "user": scene.people[0], "channel": scene.channel, "text": "!ping" });
    control(scene, "POST", "/actor/send_message", &body).await?;
    for (bot, application) in running.iter().zip(&scene.applications) {
        let pong = json!({
            "event": "MESSAGE_CREATE", "data": { "content": "pong", "author": { "id": application } },
        });
        if scene.sim.wait_for(EntryKind::Event, pong, after, PATIENCE).await.is_none() {
            return Err(format!("{} no longer answers", bot.name));
        }
    }
    Ok(())
}
