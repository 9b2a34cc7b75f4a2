//! Starting other programs: echoed to the terminal, kept for counting, bounded in time.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// A program's end: whether it succeeded, and everything it printed.
pub(crate) struct Finished {
    pub(crate) ok: bool,
    pub(crate) output: String,
}

/// A command in `dir`.
pub(crate) fn command<I: AsRef<OsStr>>(
    program: &str,
    args: impl IntoIterator<Item = I>,
    dir: &Path,
) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(dir);
    command
}

/// `cargo` as it was called to start us.
pub(crate) fn cargo<I: AsRef<OsStr>>(args: impl IntoIterator<Item = I>) -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let mut command = command(&cargo, args, &crate::root());
    // What cargo told xtask about xtask is not true of what we start.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG") || text.starts_with("CARGO_MANIFEST") || text == "CARGO" {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a command to its end without keeping its output.
pub(crate) fn call(mut command: Command) -> crate::Outcome {
    let name = format!("{command:?}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{name} failed: {status}")),
        Err(error) => Err(format!("{name} could not be started: {error}")),
    }
}

/// Runs a command, shows and keeps what it prints, and ends it after `limit`.
pub(crate) fn watch(mut command: Command, limit: Duration) -> Result<Finished, String> {
    let name = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{name} could not be started: {error}"))?;
    let (lines, received) = mpsc::channel();
    let readers = [
        child.stdout.take().map(|s| relay(s, lines.clone())),
        child.stderr.take().map(|s| relay(s, lines.clone())),
    ];
    drop(lines);
    let deadline = Instant::now() + limit;
    let mut output = String::new();
    let mut out = std::io::stdout();
    loop {
        match received.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                // A closed terminal must not stop the work.
                drop(writeln!(out, "{line}"));
                output.push_str(&line);
                output.push('\n');
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                end(&mut child);
                return Err(format!("{name} did not end within {} s", limit.as_secs()));
            }
        }
    }
    for reader in readers.into_iter().flatten() {
        drop(reader.join());
    }
    let status = child.wait().map_err(|error| format!("{name}: {error}"))?;
    Ok(Finished { ok: status.success(), output })
}

fn relay(stream: impl Read + Send + 'static, lines: mpsc::Sender<String>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(n) if n > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if lines.send(text).is_err() {
                return;
            }
        }
    })
}

/// Ends a child and waits for it.
pub(crate) fn end(child: &mut Child) {
    drop(child.kill());
    drop(child.wait());
}
