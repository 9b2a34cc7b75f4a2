//! Our own pace below Discord's global limit of 50 requests per second.
//!
//! See Discord docs: Rate Limits / Global Rate Limit. Discord announces that limit only by
//! refusing, so it has to be kept without being told.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::error::RestError;
use super::limits::{Priority, RestLimits};

/// Three lanes in a row, each narrower than the next: bulk work passes all of them, ordinary work two. So there
/// is always room in the last one for people who wait.
#[derive(Debug)]
pub(crate) struct Pace {
    all: Lane,
    normal: Lane,
    bulk: Lane,
}

impl Pace {
    pub(crate) fn new(limits: &RestLimits) -> Self {
        Self {
            all: Lane::new(limits.per_second),
            normal: Lane::new(limits.normal_per_second),
            bulk: Lane::new(limits.bulk_per_second),
        }
    }

    pub(crate) async fn wait(&self, priority: Priority, deadline: Instant) -> Result<(), RestError> {
        if priority == Priority::Bulk {
            self.bulk.wait(deadline).await?;
        }
        if matches!(priority, Priority::Bulk | Priority::Normal) {
            self.normal.wait(deadline).await?;
        }
        self.all.wait(deadline).await
    }
}

/// A token bucket, written as the time at which it would be full again.
#[derive(Debug)]
struct Lane {
    /// Time that one request takes up.
    step: Duration,
    /// How much may go at once after a rest.
    burst: Duration,
    full_at: Mutex<Instant>,
}

impl Lane {
    fn new(per_second: u32) -> Self {
        // A fifth may go at once, four fifths refill: no second sees more than all of it.
        let burst = (per_second / 5).max(1);
        let step = Duration::from_secs(1) / per_second.saturating_sub(burst).max(1);
        Self { step, burst: step * burst, full_at: Mutex::new(Instant::now()) }
    }

    /// Takes a place and waits for it; the order is that of the calls.
    async fn wait(&self, deadline: Instant) -> Result<(), RestError> {
        let now = Instant::now();
        let at = self.reserve(now, deadline)?;
        if at > now {
            tokio::time::sleep_until(at.into()).await;
        }
        Ok(())
    }

    fn reserve(&self, now: Instant, deadline: Instant) -> Result<Instant, RestError> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let next = (*full_at).max(now) + self.step;
        let at = next.checked_sub(self.burst).unwrap_or(now).max(now);
        if at > deadline {
            return Err(RestError::Limited { retry_after: at - now, global: false });
        }
        *full_at = next;
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAR: Duration = Duration::from_hours(1);

    fn schedule(per_second: u32, count: usize) -> Vec<Duration> {
        let lane = Lane::new(per_second);
        let now = Instant::now();
        let reserve = || lane.reserve(now, now + FAR).expect("is far away") - now;
        std::iter::repeat_with(reserve).take(count).collect()
    }

    #[test]
    fn no_second_holds_more_than_the_limit() {
        let times = schedule(50, 300);
        for (index, start) in times.iter().enumerate() {
            let end = *start + Duration::from_secs(1);
            let within = times[index..].iter().take_while(|t| **t < end).count();
            assert!(within <= 50, "{within} within one second from {start:?}");
        }
        assert!(times[9].is_zero() && !times[11].is_zero(), "ten at once");
        let late = times.iter().filter(|t| t.as_secs() == 3).count();
        assert!((39..=41).contains(&late), "{late}");
    }

    #[test]
    fn a_place_beyond_the_deadline_is_not_taken() {
        let lane = Lane::new(5);
        let now = Instant::now();
        let soon = now + Duration::from_millis(300);
        assert!(lane.reserve(now, soon).is_ok());
        assert!(lane.reserve(now, soon).is_ok());
        for _ in 0..3 {
            let refused = lane.reserve(now, soon);
            assert!(matches!(refused, Err(RestError::Limited { .. })));
        }
        assert!(lane.reserve(now, now + Duration::from_secs(2)).is_ok());
    }
}
