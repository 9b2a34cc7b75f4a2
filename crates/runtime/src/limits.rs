//! From settings to the limits that requests and slash commands keep to.

use cogwright_command::Thresholds;
use cogwright_config::Settings;
use cogwright_discord::{Endpoint, Rest, RestLimits};

/// The way to Discord as the settings want it.
pub(crate) fn way_out(settings: &Settings, endpoint: &Endpoint) -> Rest {
    Rest::with_limits(endpoint, &settings.token, rest_limits(settings))
}

fn rest_limits(settings: &Settings) -> RestLimits {
    let rest = &settings.rest;
    let mut limits = RestLimits { own_limits: rest.governor, ..RestLimits::default() };
    // A little below: requests may arrive closer together than they left.
    limits.per_second = (rest.global_per_second - rest.global_per_second / 25).max(1);
    limits.normal_per_second = (limits.per_second * 5 / 6).max(1);
    limits.bulk_per_second = (limits.per_second * 5 / 12).max(1);
    // From `invalid_budget` on only what people wait for is sent; bulk work stops much earlier, everything half-way
    // from there to the ban.
    let invalid = &mut limits.invalid;
    invalid.normal = rest.invalid_budget;
    invalid.bulk = rest.invalid_budget / 5;
    invalid.interaction = rest.invalid_budget.midpoint(invalid.allowed);
    limits
}

/// When slash commands become scarce.
pub(crate) fn slash_thresholds(settings: &Settings) -> Thresholds {
    if !settings.framework.enable_slash_command_limiter {
        return Thresholds::OFF;
    }
    let limiter = &settings.slash_limiter;
    Thresholds::new(
        limiter.warning_threshold as usize,
        limiter.safe_limit as usize,
        limiter.max_limit as usize,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_of_both_sides_agree() {
        let settings = Settings::with_token("a.b.c");
        let limits = rest_limits(&settings);
        let usual = RestLimits::default();
        assert_eq!(limits, usual);
        assert_eq!(slash_thresholds(&settings), Thresholds::default());
    }

    #[test]
    fn what_is_set_counts() {
        let mut settings = Settings::with_token("a.b.c");
        settings.rest.governor = false;
        settings.rest.global_per_second = 12;
        settings.rest.invalid_budget = 500;
        let limits = rest_limits(&settings);
        assert_eq!((limits.own_limits, limits.per_second, limits.normal_per_second), (false, 12, 10));
        assert_eq!(
            (limits.invalid.bulk, limits.invalid.normal, limits.invalid.interaction),
            (100, 500, 5_250)
        );
        let limiter = &mut settings.slash_limiter;
        (limiter.warning_threshold, limiter.safe_limit, limiter.max_limit) = (20, 30, 40);
        assert_eq!(slash_thresholds(&settings), Thresholds { warn: 20, safe: 30, hard: 40 });
        settings.framework.enable_slash_command_limiter = false;
        assert_eq!(slash_thresholds(&settings), Thresholds::OFF);
    }
}
