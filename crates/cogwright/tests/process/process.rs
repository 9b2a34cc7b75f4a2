//! The running binary.

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long anything is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What the log says once the bot is ready.
const READY: &str = "runtime.drive: ready";

/// `cogwright run`, and everything that it says. It does not outlive its test.
pub(crate) struct Process {
    child: Child,
    lines: Receiver<String>,
    said: String,
    readers: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts it in a folder, on the local Discord at this address.
    pub(crate) fn start(folder: &Path, host: &str, token: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cogwright"));
        command.args(["run", "--local", host]);
        Self::of(command, folder, token)
    }

    /// Starts another bot in a folder.
    pub(crate) fn of(mut command: Command, folder: &Path, token: &str) -> Self {
        command.current_dir(folder);
        for name in ["COGWRIGHT_PREFIX", "COGWRIGHT_LOG", "BOT_OWNER_ID"] {
            command.env_remove(name);
        }
        command
            .env("DISCORD_TOKEN", token)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (says, lines) = channel();
        let readers = vec![
            reader(child.stdout.take().unwrap(), says.clone()),
            reader(child.stderr.take().unwrap(), says),
        ];
        Self { child, lines, said: String::new(), readers }
    }

    /// Waits for a line with this part.
    pub(crate) fn line(&mut self, part: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        while let Ok(line) = self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            self.said.push_str(&line);
            self.said.push('\n');
            if line.contains(part) {
                return line;
            }
        }
        panic!("waited in vain for {part:?}:\n{}", self.said);
    }

    pub(crate) fn ready(self) -> Self {
        self.until(READY)
    }

    /// Waits until it has said this.
    pub(crate) fn until(mut self, part: &str) -> Self {
        self.line(part);
        self
    }

    /// Asks it to stop, waits until it has, and answers how it ended and all that it said.
    pub(crate) fn stop(self) -> (ExitStatus, String) {
        self.signal("TERM")
    }

    /// Ends it in the middle of everything.
    pub(crate) fn kill(self) -> (ExitStatus, String) {
        self.signal("KILL")
    }

    fn signal(self, signal: &str) -> (ExitStatus, String) {
        self.send(signal);
        self.end()
    }

    /// Sends it a signal, by the name that `kill` knows.
    pub(crate) fn send(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
    }

    /// Waits until it has ended, and answers how and all that it said.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let ended = self.child.wait().unwrap();
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        let mut said = std::mem::take(&mut self.said);
        for line in self.lines.try_iter() {
            said.push_str(&line);
            said.push('\n');
        }
        (ended, said)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn reader(from: impl Read + Send + 'static, to: Sender<String>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines() {
            // Nobody listens any more once the test is over.
            let Ok(()) = to.send(line.unwrap()) else { return };
        }
    })
}
