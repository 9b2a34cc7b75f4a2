//! What the REST side remembers between requests: rate limits, and calls of routes that are not simulated.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use super::limits::Limits;

/// Kept in the sim's core, outside the world's mutex.
#[derive(Debug, Default)]
pub(crate) struct RestState {
    /// Rate limits.
    pub(crate) limits: Limits,
    /// Calls per operation that answered 501; bounded by the number of operations.
    not_simulated: Mutex<BTreeMap<&'static str, u64>>,
}

impl RestState {
    /// Counts a call of a route that is not simulated; returns how often it was called so far.
    pub(crate) fn count_not_simulated(&self, operation: &'static str) -> u64 {
        let mut counts = self.not_simulated.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(operation).or_default();
        *count += 1;
        *count
    }

    /// Calls that answered 501, by operation id.
    pub(crate) fn not_simulated(&self) -> BTreeMap<&'static str, u64> {
        self.not_simulated.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// As after a start.
    pub(crate) fn reset(&self) {
        self.limits.reset();
        self.not_simulated.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
