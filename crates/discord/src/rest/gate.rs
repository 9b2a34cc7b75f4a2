//! The global limit: once Discord has said "stop", nothing leaves until the time it gave.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::error::RestError;

/// A moment's lateness: our clock and the server's are not the same.
const SLACK: Duration = Duration::from_millis(25);

/// What a global limit stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stops {
    /// All but the first answers to interactions. See Discord docs: Rate Limits / Global Rate Limit: "Interaction
    /// endpoints are not bound to the bot's Global Rate Limit."
    Bot,
    /// Everything from this address: the firewall's ban, or a limit that interactions have met too.
    Address,
}

#[derive(Debug, Default)]
pub(crate) struct Gate {
    until: Mutex<Until>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Until {
    bot: Option<Instant>,
    address: Option<Instant>,
}

impl Gate {
    /// Closes the gate for at least `wait` from now.
    pub(crate) fn close(&self, wait: Duration, stops: Stops) {
        let until = Instant::now() + wait + SLACK;
        let mut closed = self.lock();
        let closed = match stops {
            Stops::Bot => &mut closed.bot,
            Stops::Address => &mut closed.address,
        };
        if closed.is_none_or(|old| old < until) {
            tracing::warn!(seconds = wait.as_secs_f64(), ?stops, "globally rate limited; requests wait");
            *closed = Some(until);
        }
    }

    /// Until when it is closed for ordinary requests, if it is.
    pub(crate) fn closed_until(&self, callback: bool) -> Option<Instant> {
        let until = *self.lock();
        let until = if callback { until.address } else { until.address.max(until.bot) };
        until.filter(|until| Instant::now() < *until)
    }

    /// Waits until the gate is open; `callback` is the first answer to an interaction.
    ///
    /// # Errors
    /// [`RestError::Limited`] at once when it opens only after `deadline`.
    pub(crate) async fn pass(&self, callback: bool, deadline: Instant) -> Result<(), RestError> {
        // Looked at again after each wait: it may have been closed for longer meanwhile.
        while let Some(until) = self.closed_until(callback) {
            if until > deadline {
                let retry_after = until.saturating_duration_since(Instant::now());
                return Err(RestError::Limited { retry_after, global: true });
            }
            tokio::time::sleep_until(until.into()).await;
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Until> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_bots_limit_lets_callbacks_through_and_the_addresss_does_not() {
        let gate = Gate::default();
        gate.close(Duration::from_secs(60), Stops::Bot);
        let now = Instant::now();
        gate.pass(true, now).await.expect("is exempt");
        let refused = gate.pass(false, now).await;
        assert!(matches!(refused, Err(RestError::Limited { global: true, .. })), "{refused:?}");
        gate.close(Duration::from_secs(60), Stops::Address);
        gate.pass(true, now).await.expect_err("the address is banned");
    }

    #[tokio::test]
    async fn a_shorter_limit_does_not_open_it_earlier() {
        let gate = Gate::default();
        gate.close(Duration::from_secs(60), Stops::Bot);
        gate.close(Duration::ZERO, Stops::Bot);
        gate.pass(false, Instant::now() + Duration::from_secs(5)).await.expect_err("is still closed");
    }
}
