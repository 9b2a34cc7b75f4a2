//! Writes down which commands get a slash form and which do not. What is logged here goes into
//! `botlogs/debug_slashlimiter.log` as well, whatever the log's level.

use std::time::{SystemTime, UNIX_EPOCH};

use cogwright_command::{SlashLevel, SlashPlan, Thresholds, Withheld};
use twilight_model::util::Timestamp;

/// The target of all lines of this file, by which the log finds them.
pub(crate) const TARGET: &str = module_path!();

/// What has been written down so far.
pub(crate) struct Decisions {
    /// `slash_limiter.debug_mode`.
    each: bool,
    /// How full it was when that was last said.
    told: Option<(SlashLevel, usize)>,
}

impl Decisions {
    /// With `each`, all decisions and their reasons are written, not only what is withheld and freed.
    pub(crate) fn new(each: bool) -> Self {
        Self { each, told: None }
    }

    /// Writes what a plan changes from the records `before` it. The first of a process tells all records, so that the
    /// file holds them as long as they hold.
    pub(crate) fn write(
        &mut self,
        plan: &SlashPlan,
        before: &[Withheld],
        registered: usize,
        thresholds: Thresholds,
    ) {
        let first = self.told.is_none();
        self.level(plan, registered, thresholds);
        for old in before.iter().filter(|old| plan.withheld.iter().all(|new| new.command != old.command)) {
            tracing::info!(command = old.command, origin = old.origin, "a command has its slash form back");
        }
        for record in &plan.withheld {
            let Withheld { command, origin, since, reason } = record;
            let since = written(*since);
            if before.iter().all(|old| old.command != *command) {
                tracing::warn!(command, origin, %reason, since, "a command has no slash form; it is called by prefix");
            } else if first || self.each {
                tracing::info!(command, origin, %reason, since, "a command still has no slash form");
            }
        }
        if self.each {
            for granted in &plan.slash {
                let (command, origin, reason) = (&granted.command, &granted.origin, granted.reason);
                tracing::debug!(command, origin, %reason, "a command has a slash form");
            }
        }
    }

    /// Says how full it is, once until it changes.
    fn level(&mut self, plan: &SlashPlan, registered: usize, thresholds: Thresholds) {
        let Thresholds { warn, safe, hard: limit } = thresholds;
        let (used, withheld) = (plan.slash.len(), plan.withheld.len());
        if self.each {
            let [warn, safe, limit] = [warn, safe, limit].map(shown);
            tracing::debug!(used, registered, withheld, %warn, %safe, %limit, level = ?plan.level, "decided");
        }
        if self.told.replace((plan.level, used)) == Some((plan.level, used)) {
            return;
        }
        match plan.level {
            SlashLevel::Safe => {}
            SlashLevel::Warning => tracing::warn!(used, limit, "slash commands become scarce"),
            SlashLevel::Critical => {
                tracing::warn!(
                    used,
                    limit,
                    withheld,
                    "slash commands are used up; new ones are called by prefix only"
                );
            }
        }
    }
}

/// A threshold; none is that of a limiter that is switched off.
fn shown(threshold: usize) -> String {
    if threshold == usize::MAX { "off".to_owned() } else { threshold.to_string() }
}

/// A time as Discord writes it.
pub(crate) fn written(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let shown = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_secs(seconds).ok());
    shown.map_or_else(|| seconds.to_string(), |shown| shown.iso_8601().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limiter_that_is_off_has_no_numbers() {
        let Thresholds { warn, hard, .. } = Thresholds::OFF;
        assert_eq!([warn, hard, 95].map(shown), ["off", "off", "95"]);
    }
}
