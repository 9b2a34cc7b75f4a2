//! The global limit: once Discord has said "stop", nothing leaves until the time it gave.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::error::RestError;

/// A moment's lateness: our clock and the server's are not the same.
const SLACK: Duration = Duration::from_millis(25);

#[derive(Debug, Default)]
pub(crate) struct Gate {
    closed_until: Mutex<Option<Instant>>,
}

impl Gate {
    /// Closes the gate for at least `wait` from now.
    pub(crate) fn close(&self, wait: Duration) {
        let until = Instant::now() + wait + SLACK;
        let mut closed = self.lock();
        if closed.is_none_or(|old| old < until) {
            tracing::warn!(seconds = wait.as_secs_f64(), "globally rate limited; all requests wait");
            *closed = Some(until);
        }
    }

    /// Waits until the gate is open.
    ///
    /// # Errors
    /// [`RestError::Limited`] at once when it opens only after `deadline`.
    pub(crate) async fn pass(&self, deadline: Instant) -> Result<(), RestError> {
        loop {
            let Some(until) = *self.lock() else {
                return Ok(());
            };
            let now = Instant::now();
            if now >= until {
                return Ok(());
            }
            if until > deadline {
                return Err(RestError::Limited { retry_after: until - now, global: true });
            }
            // Looked at again afterwards: it may have been closed for longer meanwhile.
            tokio::time::sleep_until(until.into()).await;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.closed_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
