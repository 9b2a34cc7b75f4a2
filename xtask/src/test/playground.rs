//! A playground of the dev binary for as long as a step needs it, and the browser tests on it.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use super::{Step, counted, with_exchanges};
use crate::{process, root, run};

/// How long the playground may take to print its address.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running playground; ended when dropped.
pub(crate) struct Playground {
    child: Child,
    pub(crate) url: String,
}

impl Playground {
    /// Starts one on a free port with a fresh world, and waits for its address.
    pub(crate) fn start() -> Result<Self, String> {
        let binary = run::binary("debug");
        let data = run::target_dir().join("playground-data");
        let data = data.to_string_lossy();
        let args = ["playground", "--port", "0", "--fresh", "--data", &data];
        let mut command = with_exchanges(process::command(&binary.to_string_lossy(), args, &root()));
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|e| format!("{}: {e}", binary.display()))?;
        let stdout = child.stdout.take().ok_or("the playground has no standard output")?;
        let (found, address) = mpsc::channel();
        // Reads to the end, or the playground would stop at a full pipe.
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if line.starts_with("http://127.0.0.1:") {
                    drop(found.send(line.trim().to_owned()));
                }
            }
        });
        match address.recv_timeout(START_LIMIT) {
            Ok(url) => Ok(Self { child, url }),
            Err(_) => {
                process::end(&mut child);
                Err(format!("the playground printed no address within {} s", START_LIMIT.as_secs()))
            }
        }
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        process::end(&mut self.child);
    }
}

/// The newcomer's path in a real browser.
pub(super) fn browser_tests() -> Step {
    let playground = Playground::start()?;
    let mut command = crate::web::npm(&["run", "--silent", "e2e"]);
    command.env("COGWRIGHT_URL", &playground.url);
    counted(command)
}
