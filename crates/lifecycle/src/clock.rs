//! The clock that everything a user sees time out goes by.
//!
//! A bot that is tested against a world of its own must time out by that world's clock.
//! What concerns the connection itself (heartbeats, socket time-outs) uses real time instead.

use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant, SystemTime};

use futures_util::future::BoxFuture;

/// A source of time: real time, or the time of a world that can be frozen and advanced.
pub trait Clock: Send + Sync + fmt::Debug + 'static {
    /// The present moment.
    fn now(&self) -> SystemTime;

    /// Time since some fixed moment, to measure how long something has lasted. Unlike [`now`](Self::now) it does not
    /// jump when the system's clock is set.
    fn ticks(&self) -> Duration {
        self.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }

    /// Completes once `d` has passed on this clock. Dropping the future cancels the wait.
    fn sleep(&self, d: Duration) -> BoxFuture<'static, ()>;
}

/// A clock that is handed around.
pub type SharedClock = Arc<dyn Clock>;

/// Real time.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn ticks(&self) -> Duration {
        static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
        FIRST.elapsed()
    }

    fn sleep(&self, d: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(d))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_system_clock_moves_by_what_it_slept() {
        let clock: SharedClock = Arc::new(SystemClock);
        let (before, ticks) = (clock.now(), clock.ticks());
        clock.sleep(Duration::from_millis(20)).await;
        let passed = clock.now().duration_since(before).expect("time went back");
        let ticked = clock.ticks().saturating_sub(ticks);
        assert!(passed.min(ticked) >= Duration::from_millis(15), "{passed:?}, {ticked:?}");
    }
}
