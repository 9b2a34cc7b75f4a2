//! How full it is, and what that means.

use cogwright_command::{Availability, Catalog, SlashLevel, Thresholds, Withheld};

/// Tells which slash commands are in use.
pub trait Source: Send + Sync + 'static {
    /// As of the last sync.
    fn usage(&self) -> SlashUse;
}

/// The places for slash commands: global ones, a group counts once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlashUse {
    /// Places in use.
    pub used: usize,
    /// From how many on what happens.
    pub thresholds: Thresholds,
    /// Commands without a place.
    pub withheld: Vec<Withheld>,
}

impl SlashUse {
    /// A command that waits means that there is no place, whatever the count.
    pub(crate) fn level(&self) -> SlashLevel {
        if self.used >= self.thresholds.safe || !self.withheld.is_empty() {
            SlashLevel::Critical
        } else if self.used >= self.thresholds.warn {
            SlashLevel::Warning
        } else {
            SlashLevel::Safe
        }
    }

    pub(crate) fn remaining(&self) -> usize {
        self.thresholds.hard.saturating_sub(self.used)
    }

    /// In per cent.
    pub(crate) fn percent(&self) -> f64 {
        self.used as f64 * 100.0 / self.thresholds.hard.max(1) as f64
    }
}

/// Commands that were declared for the slash form alone and are called by prefix for now.
pub(crate) fn converted(catalog: &Catalog) -> Vec<String> {
    let specs = catalog.commands().iter().filter(|spec| {
        let text = spec.triggers.prefix || spec.triggers.mention;
        !text && spec.is_listed() && catalog.availability(spec) == Availability::Converted
    });
    specs.map(|spec| spec.qualified_name()).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use cogwright_command::{Cog, Handler, Spec, Triggers, WithholdReason};

    use super::*;

    pub(crate) fn usage(used: usize, waiting: usize) -> SlashUse {
        let withheld = (0..waiting).map(|n| Withheld {
            command: format!("game_{n}"),
            origin: "Games".to_owned(),
            since: UNIX_EPOCH + Duration::from_secs(1_795_893_000),
            reason: WithholdReason::Reserved { from: 95 },
        });
        SlashUse { used, thresholds: Thresholds::default(), withheld: withheld.collect() }
    }

    #[test]
    fn levels() {
        for (used, waiting, level) in [
            (0, 0, SlashLevel::Safe),
            (89, 0, SlashLevel::Safe),
            (90, 0, SlashLevel::Warning),
            (94, 0, SlashLevel::Warning),
            (95, 0, SlashLevel::Critical),
            (40, 1, SlashLevel::Critical),
        ] {
            assert_eq!(usage(used, waiting).level(), level, "{used} {waiting}");
        }
    }

    #[test]
    fn more_than_there_are_places_is_no_fault() {
        assert_eq!((usage(103, 0).remaining(), SlashUse::default().percent()), (0, 0.0));
    }

    #[test]
    fn converted_are_those_that_had_no_other_form() {
        let spec = |name: &str| Spec::new(name, "x", Handler::new(|_, _| async { Ok(()) }));
        let cog = Cog::new("A")
            .command(spec("pure").triggers(Triggers::SLASH))
            .command(spec("both"))
            .command(spec("kept").triggers(Triggers::SLASH));
        let catalog = Catalog::build([cog]).expect("is valid");
        catalog.withhold(["pure".to_owned(), "both".to_owned()]);
        assert_eq!(converted(&catalog), ["pure"]);
    }
}
