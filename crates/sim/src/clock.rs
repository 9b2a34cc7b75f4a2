//! The two kinds of time.
//!
//! *World time* can be real, frozen or advanced: ids, timestamps, interaction 3 s and 15 min, resume window,
//! member time-outs, slowmode, daily and 10-minute limits, polls, archiving.
//! *Line time* is real time plus all advances and never frozen: REST buckets, 120 gateway events per 60 s,
//! identify 5 s; frozen buckets would make clients loop on 429. Heartbeat liveness follows real time only.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use cogwright_sim_world::Timestamp;
use serde::Serialize;
use tokio::sync::watch;

/// Whether world time flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockMode {
    /// World time flows with real time.
    Real,
    /// World time stands until it is advanced.
    Frozen,
}

/// World time and line time of one local Discord.
#[derive(Debug)]
pub struct SimClock {
    state: Mutex<State>,
    started: Instant,
    changed: watch::Sender<u64>,
}

#[derive(Debug)]
struct State {
    frozen_at: Option<u64>,
    /// World time minus real time in ms, while it flows.
    offset: i64,
    /// Sum of all advances in ms.
    advanced: u64,
}

impl Default for SimClock {
    fn default() -> Self {
        let state = State { frozen_at: None, offset: 0, advanced: 0 };
        Self { state: Mutex::new(state), started: Instant::now(), changed: watch::Sender::new(0) }
    }
}

fn real_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as u64)
}

impl SimClock {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bump(&self) {
        self.changed.send_modify(|n| *n += 1);
    }

    /// World time.
    pub fn now(&self) -> Timestamp {
        let state = self.lock();
        Timestamp::from_ms(state.frozen_at.unwrap_or_else(|| real_ms().saturating_add_signed(state.offset)))
    }

    /// Line time: since the start, in real time plus all advances.
    pub fn line(&self) -> Duration {
        self.started.elapsed() + Duration::from_millis(self.lock().advanced)
    }

    /// Whether world time flows.
    pub fn mode(&self) -> ClockMode {
        if self.lock().frozen_at.is_some() { ClockMode::Frozen } else { ClockMode::Real }
    }

    /// World time minus real time, in ms.
    pub fn offset_ms(&self) -> i64 {
        self.now().ms() as i64 - real_ms() as i64
    }

    /// Stops world time, at `at` or where it stands.
    pub fn freeze(&self, at: Option<Timestamp>) {
        let now = self.now();
        self.lock().frozen_at = Some(at.unwrap_or(now).ms());
        self.bump();
    }

    /// Lets world time flow again from where it stands.
    pub fn run(&self) {
        let now = self.now();
        let mut state = self.lock();
        state.frozen_at = None;
        state.offset = now.ms() as i64 - real_ms() as i64;
        drop(state);
        self.bump();
    }

    /// Moves both times ahead.
    pub fn advance(&self, by: Duration) {
        let ms = by.as_millis() as u64;
        let mut state = self.lock();
        state.advanced = state.advanced.saturating_add(ms);
        match &mut state.frozen_at {
            Some(at) => *at = at.saturating_add(ms),
            None => state.offset = state.offset.saturating_add_unsigned(ms),
        }
        drop(state);
        self.bump();
    }

    /// A receiver that changes whenever time was frozen, released or advanced.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Waits until world time has reached `until`, however it gets there.
    pub async fn sleep_until(&self, until: Timestamp) {
        let mut changes = self.changes();
        loop {
            let left = until.since(self.now());
            if left.is_zero() {
                return;
            }
            let changed = async { drop(changes.changed().await) };
            match self.mode() {
                ClockMode::Frozen => changed.await,
                ClockMode::Real => drop(tokio::time::timeout(left, changed).await),
            }
        }
    }

    /// Waits until line time has reached `until` (as [`Self::line`] counts it).
    pub async fn sleep_until_line(&self, until: Duration) {
        let mut changes = self.changes();
        while let Some(left) = until.checked_sub(self.line()).filter(|d| !d.is_zero()) {
            drop(tokio::time::timeout(left, changes.changed()).await);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frozen_time_stands_and_advances_by_hand_while_line_time_flows() {
        let clock = SimClock::default();
        clock.freeze(Some(Timestamp::from_ms(1_000)));
        let line = clock.line();
        clock.advance(Duration::from_secs(5));
        assert_eq!(clock.now().ms(), 6_000);
        assert!(clock.line() >= line + Duration::from_secs(5));
        clock.run();
        assert!(clock.now().ms() >= 6_000 && clock.now().ms() < 60_000);
        assert_eq!(clock.mode(), ClockMode::Real);
    }
}
