//! What the bot logs, read as it comes.

use std::io;

use cogwright_testkit::PATIENCE;
use tokio::sync::watch;
use tracing_subscriber::fmt::MakeWriter;

/// The log of this test's thread, on which its bot and all that belongs to it run.
pub(crate) struct Log {
    lines: watch::Receiver<String>,
    _guard: tracing::subscriber::DefaultGuard,
}

impl Log {
    /// Reads from now on what is logged at INFO and above.
    pub(crate) fn read() -> Self {
        let (writer, lines) = watch::channel(String::new());
        let subscriber =
            tracing_subscriber::fmt().with_ansi(false).with_writer(Writer(writer)).with_env_filter("info");
        Self { lines, _guard: tracing::subscriber::set_default(subscriber.finish()) }
    }

    /// Waits for a line with all of these parts, and answers it.
    pub(crate) async fn line(&self, parts: &[&str]) -> String {
        let find = |text: &str| {
            let mut lines = text.lines();
            lines.find(|line| parts.iter().all(|part| line.contains(part))).map(str::to_owned)
        };
        let mut lines = self.lines.clone();
        let found = tokio::time::timeout(PATIENCE, lines.wait_for(|text| find(text).is_some())).await;
        let found = found.ok().map(|text| find(&text.unwrap()).unwrap());
        found.unwrap_or_else(|| panic!("no line with {parts:?} in\n{}", self.text()))
    }

    /// All of it until now.
    pub(crate) fn text(&self) -> String {
        self.lines.borrow().clone()
    }
}

struct Writer(watch::Sender<String>);

impl<'a> MakeWriter<'a> for Writer {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

impl io::Write for &Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send_modify(|text| text.push_str(&String::from_utf8_lossy(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
