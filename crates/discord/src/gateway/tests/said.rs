//! What is logged, for tests that look at it.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing::subscriber::DefaultGuard;

/// What is logged.
#[derive(Clone, Default)]
pub(crate) struct Said(Arc<Mutex<Vec<u8>>>);

impl Said {
    /// Listens to this thread until the guard is dropped.
    pub(crate) fn listen() -> (Self, DefaultGuard) {
        let said = Self::default();
        let sink = said.clone();
        let subscriber =
            tracing_subscriber::fmt().with_ansi(false).with_writer(move || sink.clone()).finish();
        (said, tracing::subscriber::set_default(subscriber))
    }

    /// What was said since the last time.
    pub(crate) fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().expect("is whole"))).expect("is text")
    }
}

impl Write for Said {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        Write::write(&mut *self.0.lock().expect("is whole"), part)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
