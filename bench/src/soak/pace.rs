//! Holds many to one pace.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// When something was done last, by whomever.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<Option<Instant>>);

impl Pace {
    /// Whether it may be done now because `pause` has passed; it then counts as done.
    pub(crate) fn due(&self, pause: Duration) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|at| at.elapsed() >= pause);
        if due {
            *last = Some(Instant::now());
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_in_a_pause_gets_through() {
        let pace = Pace::default();
        let hour = Duration::from_secs(3600);
        assert_eq!([(); 3].map(|()| pace.due(hour)), [true, false, false]);
        assert!(pace.due(Duration::ZERO));
    }
}
