//! The dice of a chaos: seeded, one for each kind of question, so that requests and frames, whose order among
//! each other no seed decides, do not disturb each other's numbers.

use std::time::Duration;

use fastrand::Rng;

use super::{
    plan::{FrameStrike, Instead, LineStrike},
    spec::{ChaosRates, LimitScope},
};

/// Longest wait that a 429 asks for, in seconds.
const MAX_WAIT: f64 = 0.5;
/// Longest delay in ms.
const MAX_DELAY: u64 = 200;

/// Rolled for each question.
#[derive(Debug)]
pub(super) struct Dice {
    rates: ChaosRates,
    rest: Rng,
    frames: Rng,
    lines: Rng,
    acks: Rng,
}

/// What befalls a request.
#[derive(Debug, PartialEq)]
pub(super) struct Rolled {
    pub(super) delay: Duration,
    pub(super) instead: Option<Instead>,
}

impl Dice {
    pub(super) fn new(seed: u64, rates: ChaosRates) -> Self {
        let of = |n: u64| Rng::with_seed(seed.wrapping_mul(4).wrapping_add(n));
        Self { rates, rest: of(0), frames: of(1), lines: of(2), acks: of(3) }
    }

    /// Always rolls as often, whatever comes out, so that a changed rate does not shift what follows.
    pub(super) fn rest(&mut self) -> Rolled {
        let [refuse, which, slow, long] =
            [self.rest.f64(), self.rest.f64(), self.rest.f64(), self.rest.f64()];
        let instead = if refuse < self.rates.rest_429 {
            let wait = Duration::from_secs_f64(0.01 + which * (MAX_WAIT - 0.01));
            Some(Instead::Limited(LimitScope::User, wait))
        } else if refuse < self.rates.rest_429 + self.rates.rest_5xx {
            Some(Instead::Broken(if which < 0.34 {
                500
            } else if which < 0.67 {
                502
            } else {
                503
            }))
        } else {
            None
        };
        let delay = (slow < self.rates.latency)
            .then(|| Duration::from_millis(1 + (long * (MAX_DELAY - 1) as f64) as u64));
        Rolled { delay: delay.unwrap_or_default(), instead }
    }

    pub(super) fn frame(&mut self) -> Option<FrameStrike> {
        let rolled = self.frames.f64();
        if rolled < self.rates.duplicate_event {
            Some(FrameStrike::Duplicate)
        } else if rolled < self.rates.duplicate_event + self.rates.reorder_events {
            Some(FrameStrike::Swap)
        } else {
            None
        }
    }

    pub(super) fn line(&mut self) -> Option<LineStrike> {
        let rolled = self.lines.f64();
        let ChaosRates { op7, op9, close, .. } = self.rates;
        if rolled < op7 {
            Some(LineStrike::Reconnect)
        } else if rolled < op7 + op9 {
            Some(LineStrike::Invalid { resumable: true })
        } else if rolled < op7 + op9 + close {
            Some(LineStrike::Close(4000))
        } else {
            None
        }
    }

    pub(super) fn ack(&mut self) -> bool {
        self.acks.f64() < self.rates.swallow_acks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_come_out_about_right() {
        let rates = ChaosRates { rest_429: 0.2, rest_5xx: 0.1, latency: 0.5, op7: 0.3, ..ChaosRates::NONE };
        let mut dice = Dice::new(42, rates);
        let rolled: Vec<Rolled> = (0..10_000).map(|_| dice.rest()).collect();
        let share = |of: &dyn Fn(&Rolled) -> bool| rolled.iter().filter(|r| of(r)).count() as f64 / 10_000.0;
        let limited = share(&|r| matches!(r.instead, Some(Instead::Limited(..))));
        let broken = share(&|r| matches!(r.instead, Some(Instead::Broken(_))));
        let slow = share(&|r| !r.delay.is_zero());
        assert!((limited - 0.2).abs() < 0.02 && (broken - 0.1).abs() < 0.02 && (slow - 0.5).abs() < 0.02);
        assert!(rolled.iter().all(|r| r.delay <= Duration::from_millis(MAX_DELAY)));
        let lines = (0..10_000).filter(|_| dice.line() == Some(LineStrike::Reconnect)).count();
        assert!((2_700..3_300).contains(&lines), "{lines}");
        assert!((0..1_000).all(|_| dice.frame().is_none() && !dice.ack()));
    }
}
