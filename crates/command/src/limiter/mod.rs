//! Which commands get a slash form when there are more than Discord registers.
//!
//! See Discord docs: Application Commands / Registering a Command: 100 slash commands, global ones and those of each
//! guild apart. Context menu commands have limits of their own and do not count here.
//!
//! Only decides; [`Catalog::withhold`](crate::Catalog::withhold) puts it into effect.

mod record;

pub use record::{ForgetWithheld, GrantReason, Granted, Withheld, WithheldStore, WithholdReason};

use std::collections::HashSet;
use std::time::SystemTime;

use twilight_model::application::command::CommandType;

use crate::catalog::Catalog;

/// What Discord registers at most.
const DISCORDS_LIMIT: usize = 100;

/// Commands that always have a slash form: the one that shows what the limiter does.
const ALWAYS: [&str; 1] = ["slashlimit"];

/// From how many slash commands on what happens; each at most as large as the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// From here on operators are warned.
    pub warn: usize,
    /// From here on new commands get no slash form.
    pub safe: usize,
    /// The most that are registered, at most 100.
    pub hard: usize,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { warn: 90, safe: 95, hard: DISCORDS_LIMIT }
    }
}

impl Thresholds {
    /// Nothing is withheld: Discord itself refuses what is too much.
    pub const OFF: Self = Self { warn: usize::MAX, safe: usize::MAX, hard: usize::MAX };

    /// From settings, which may be out of order: each is brought down to the next.
    pub fn new(warn: usize, safe: usize, hard: usize) -> Self {
        let hard = hard.clamp(1, DISCORDS_LIMIT);
        let safe = safe.min(hard);
        Self { warn: warn.min(safe), safe, hard }
    }
}

/// A command that wants a slash form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Its name.
    pub name: &'a str,
    /// The cog it comes from.
    pub origin: &'a str,
}

/// How full it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SlashLevel {
    /// Below all thresholds.
    Safe,
    /// From the first threshold on.
    Warning,
    /// New commands get no slash form.
    Critical,
}

/// Who gets a slash form, and who has to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlashPlan {
    /// Commands with a slash form, in the order of the candidates.
    pub slash: Vec<Granted>,
    /// Commands without one, in the order of the candidates.
    pub withheld: Vec<Withheld>,
    /// How full it is.
    pub level: SlashLevel,
}

/// Whether a rule speaks for the command of this name.
type Applies<'a> = &'a dyn Fn(&str) -> bool;

/// Decides by these rules, in this order:
///
/// 1. `slashlimit` has a slash form;
/// 2. what is `registered` keeps it, up to the hard limit: people are used to it;
/// 3. others get one, in their order, up to the safe limit. So a slot that is freed goes to the first that waits.
///
/// `before` are the records of the last decision; a command that still waits keeps its time.
pub fn plan_slash(
    candidates: &[Candidate<'_>],
    registered: &HashSet<String>,
    before: &[Withheld],
    thresholds: Thresholds,
    now: SystemTime,
) -> SlashPlan {
    let mut chosen = vec![None; candidates.len()];
    let mut count = 0;
    let always = |name: &str| ALWAYS.contains(&name);
    let rules: [(GrantReason, usize, Applies<'_>); 3] = [
        (GrantReason::Always, usize::MAX, &always),
        (GrantReason::Registered, thresholds.hard, &|name| registered.contains(name)),
        (GrantReason::Free, thresholds.safe.min(thresholds.hard), &|_| true),
    ];
    for (why, limit, applies) in rules {
        for (candidate, chosen) in candidates.iter().zip(&mut chosen) {
            if chosen.is_none() && count < limit && applies(candidate.name) {
                *chosen = Some(why);
                count += 1;
            }
        }
    }
    let reason = if count >= thresholds.hard {
        WithholdReason::Full { limit: thresholds.hard }
    } else {
        WithholdReason::Reserved { from: thresholds.safe }
    };
    let mut plan = SlashPlan { slash: Vec::new(), withheld: Vec::new(), level: SlashLevel::Safe };
    for (candidate, chosen) in candidates.iter().zip(chosen) {
        if let Some(reason) = chosen {
            let (command, origin) = (candidate.name.to_owned(), candidate.origin.to_owned());
            plan.slash.push(Granted { command, origin, reason });
        } else {
            let earlier = before.iter().find(|record| record.command == candidate.name);
            plan.withheld.push(Withheld {
                command: candidate.name.to_owned(),
                origin: candidate.origin.to_owned(),
                since: earlier.map_or(now, |record| record.since),
                reason,
            });
        }
    }
    plan.level = if count >= thresholds.safe || !plan.withheld.is_empty() {
        SlashLevel::Critical
    } else if count >= thresholds.warn {
        SlashLevel::Warning
    } else {
        SlashLevel::Safe
    };
    plan
}

impl Catalog {
    /// Decides which commands and groups get a slash form; see [`plan_slash`]. A group counts once. `registered` are the
    /// names of the slash commands that Discord knows.
    pub fn plan_slash(
        &self,
        registered: &HashSet<String>,
        before: &[Withheld],
        thresholds: Thresholds,
        now: SystemTime,
    ) -> SlashPlan {
        let mut roots = self.all_registrations();
        roots.retain(|command| command.kind == CommandType::ChatInput);
        let origin = |name: &str| {
            let spec = self.commands().iter().find(|spec| spec.root_name() == name);
            spec.map_or("", |spec| spec.category.as_str())
        };
        let candidates: Vec<_> =
            roots.iter().map(|root| Candidate { name: &root.name, origin: origin(&root.name) }).collect();
        plan_slash(&candidates, registered, before, thresholds, now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn names(range: std::ops::Range<usize>) -> Vec<String> {
        range.map(|n| format!("c{n}")).collect()
    }

    fn plan(names: &[String], registered: &[String], before: &[Withheld]) -> SlashPlan {
        let candidates: Vec<_> = names.iter().map(|name| Candidate { name, origin: "Cog" }).collect();
        let registered = registered.iter().cloned().collect();
        plan_slash(&candidates, &registered, before, Thresholds::default(), NOW + Duration::from_secs(100))
    }

    fn granted(plan: &SlashPlan) -> Vec<String> {
        plan.slash.iter().map(|granted| granted.command.clone()).collect()
    }

    fn waiting(plan: &SlashPlan) -> Vec<&str> {
        plan.withheld.iter().map(|record| record.command.as_str()).collect()
    }

    #[test]
    fn levels_follow_the_thresholds() {
        for (count, level, slash) in [
            (89, SlashLevel::Safe, 89),
            (90, SlashLevel::Warning, 90),
            (94, SlashLevel::Warning, 94),
            (95, SlashLevel::Critical, 95),
            (96, SlashLevel::Critical, 95),
            (150, SlashLevel::Critical, 95),
        ] {
            let plan = plan(&names(0..count), &[], &[]);
            assert_eq!((plan.level, plan.slash.len()), (level, slash), "{count}");
        }
    }

    #[test]
    fn what_is_registered_stays_up_to_the_hard_limit() {
        let plan = plan(&names(0..103), &names(0..98), &[]);
        assert_eq!(granted(&plan), names(0..98));
        assert_eq!(waiting(&plan), ["c98", "c99", "c100", "c101", "c102"]);
        assert_eq!(plan.withheld[0].reason, WithholdReason::Reserved { from: 95 });
    }

    #[test]
    fn the_101st_command_waits() {
        let plan = plan(&names(0..101), &names(0..101), &[]);
        assert_eq!((plan.slash.len(), waiting(&plan)), (100, vec!["c100"]));
        assert_eq!(plan.withheld[0].reason, WithholdReason::Full { limit: 100 });
        assert_eq!(plan.withheld[0].origin, "Cog");
    }

    #[test]
    fn slashlimit_stays_wherever_it_stands() {
        let mut all = names(0..120);
        all.push("slashlimit".to_owned());
        for registered in [Vec::new(), names(0..100)] {
            let plan = plan(&all, &registered, &[]);
            let always = plan.slash.iter().find(|granted| granted.command == "slashlimit");
            assert_eq!(always.map(|granted| granted.reason), Some(GrantReason::Always));
            assert!(plan.slash.len() <= 100, "{}", plan.slash.len());
        }
    }

    #[test]
    fn a_freed_slot_goes_to_the_first_that_waits_and_who_still_waits_keeps_the_time() {
        let first = plan(&names(0..97), &[], &[]);
        assert_eq!(waiting(&first), ["c95", "c96"]);
        let before: Vec<_> = first.withheld.iter().map(|r| Withheld { since: NOW, ..r.clone() }).collect();
        let fewer = names(1..97);
        let second = plan(&fewer, &granted(&first), &before);
        assert_eq!(waiting(&second), ["c96"]);
        assert_eq!(second.withheld[0].since, NOW);
        let why =
            |name: &str| second.slash.iter().find(|granted| granted.command == name).map(|it| it.reason);
        assert_eq!(why("c95"), Some(GrantReason::Free));
        assert_eq!(why("c94"), Some(GrantReason::Registered));
        assert_eq!(plan(&names(2..97), &granted(&second), &before).withheld, []);
    }

    #[test]
    fn of_a_catalogue_only_slash_forms_count_and_a_group_counts_once() {
        use crate::{Cog, Group, Handler, OptionKind, OptionSpec, Spec, Triggers};
        let spec = |name: &str| Spec::new(name, "x", Handler::new(|_, _| async { Ok(()) }));
        let who = OptionSpec::new(OptionKind::User, "who", "Who");
        let cog = Cog::new("A")
            .command(spec("text").triggers(Triggers::TEXT))
            .group(Group::new("g", "x").command(spec("a")).command(spec("b")))
            .command(spec("look").option(who).user_menu("Look"))
            .command(spec("late"));
        let catalog = Catalog::build([cog]).expect("is valid");
        let thresholds = Thresholds { warn: 1, safe: 2, hard: 2 };
        let plan = catalog.plan_slash(&HashSet::new(), &[], thresholds, NOW);
        assert_eq!(granted(&plan), ["g", "look"]);
        assert_eq!((waiting(&plan), plan.withheld[0].origin.as_str()), (vec!["late"], "A"));
    }

    #[test]
    fn thresholds_are_brought_into_order() {
        assert_eq!(Thresholds::new(90, 95, 100), Thresholds::default());
        assert_eq!(Thresholds::new(99, 98, 50), Thresholds { warn: 50, safe: 50, hard: 50 });
        assert_eq!(Thresholds::new(0, 5, 1_000), Thresholds { warn: 0, safe: 5, hard: 100 });
        let all = names(0..300);
        let candidates: Vec<_> = all.iter().map(|name| Candidate { name, origin: "x" }).collect();
        assert_eq!(plan_slash(&candidates, &HashSet::new(), &[], Thresholds::OFF, NOW).withheld, []);
    }
}
