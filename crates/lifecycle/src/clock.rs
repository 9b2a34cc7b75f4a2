//! The clock that everything a user sees time out goes by.
//!
//! A bot that is tested against a world of its own must time out by that world's clock.
//! What concerns the connection itself (heartbeats, socket time-outs) uses real time instead.

use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant, SystemTime};

use futures_util::future::BoxFuture;
use tokio::sync::watch;

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

/// Time that stands still until it is advanced, for tests. Clones share it.
#[derive(Clone, Debug)]
pub struct HandClock {
    start: SystemTime,
    passed: watch::Sender<Duration>,
}

impl HandClock {
    /// How long [`sleepers`](Self::sleepers) waits, in real time.
    const PATIENCE: Duration = Duration::from_secs(10);

    /// Stands at this moment.
    pub fn at(start: SystemTime) -> Self {
        Self { start, passed: watch::Sender::new(Duration::ZERO) }
    }

    /// Moves on, and wakes whose time has come.
    pub fn advance(&self, by: Duration) {
        self.passed.send_modify(|passed| *passed += by);
    }

    /// Whether somebody waits for a time.
    pub fn is_slept(&self) -> bool {
        self.passed.receiver_count() > 0
    }

    /// Waits until at least this many sleeps are under way.
    ///
    /// # Panics
    /// When they are not within 10 s.
    pub async fn sleepers(&self, count: usize) {
        let enough = async {
            while self.passed.receiver_count() < count {
                tokio::task::yield_now().await;
            }
        };
        let came = tokio::time::timeout(Self::PATIENCE, enough).await;
        assert!(came.is_ok(), "of {count} sleeps {} are under way", self.passed.receiver_count());
    }
}

impl Clock for HandClock {
    fn now(&self) -> SystemTime {
        self.start + *self.passed.borrow()
    }

    fn sleep(&self, d: Duration) -> BoxFuture<'static, ()> {
        let mut passed = self.passed.subscribe();
        let until = *passed.borrow() + d;
        Box::pin(async move {
            // Without the clock nothing would ever wake this.
            if passed.wait_for(|passed| *passed >= until).await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_clock_moved_by_hand_wakes_whose_time_has_come() {
        let clock = HandClock::at(SystemTime::UNIX_EPOCH);
        let mut slept = clock.sleep(Duration::from_secs(5));
        clock.sleepers(1).await;
        clock.advance(Duration::from_secs(4));
        assert!(tokio::time::timeout(Duration::ZERO, &mut slept).await.is_err(), "too early");
        clock.advance(Duration::from_secs(1));
        slept.await;
        assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(5));
    }

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
