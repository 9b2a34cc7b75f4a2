//! How full it is, and what that means.

use std::time::SystemTime;

use cogwright_command::{Availability, Catalog};

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
    /// From here on operators are warned.
    pub warn: usize,
    /// From here on new commands get no slash form.
    pub safe: usize,
    /// Places in all.
    pub limit: usize,
    /// Commands without a place, those that wait longest first.
    pub withheld: Vec<WithheldCommand>,
}

/// A command that has no place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithheldCommand {
    /// Its name.
    pub command: String,
    /// The cog it comes from.
    pub origin: String,
    /// Since when.
    pub since: SystemTime,
    /// Why, as a sentence.
    pub reason: String,
}

/// What it means for whoever adds a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Safe,
    Warning,
    Critical,
}

impl SlashUse {
    /// A command that waits means that there is no place, whatever the count.
    pub(crate) fn level(&self) -> Level {
        if self.used >= self.safe || !self.withheld.is_empty() {
            Level::Critical
        } else if self.used >= self.warn {
            Level::Warning
        } else {
            Level::Safe
        }
    }

    pub(crate) fn remaining(&self) -> usize {
        self.limit.saturating_sub(self.used)
    }

    /// In per cent; a limit of nothing is used up.
    pub(crate) fn percent(&self) -> f64 {
        if self.limit == 0 { 100.0 } else { self.used as f64 * 100.0 / self.limit as f64 }
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
    use cogwright_command::{Cog, Handler, Spec, Triggers};

    use super::*;

    pub(crate) fn usage(used: usize, waiting: usize) -> SlashUse {
        let withheld = (0..waiting).map(|n| WithheldCommand {
            command: format!("game_{n}"),
            origin: "Games".to_owned(),
            since: SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_795_893_000),
            reason: "95 slash commands are in use; from there on new commands have no slash form".to_owned(),
        });
        SlashUse { used, warn: 90, safe: 95, limit: 100, withheld: withheld.collect() }
    }

    #[test]
    fn levels() {
        for (used, waiting, level) in [
            (0, 0, Level::Safe),
            (89, 0, Level::Safe),
            (90, 0, Level::Warning),
            (94, 0, Level::Warning),
            (95, 0, Level::Critical),
            (40, 1, Level::Critical),
        ] {
            assert_eq!(usage(used, waiting).level(), level, "{used} {waiting}");
        }
    }

    #[test]
    fn too_many_or_no_places_are_no_fault() {
        assert_eq!((usage(103, 0).remaining(), SlashUse::default().percent()), (0, 100.0));
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
