//! The checks in their order: which one refuses first, whom which one lets pass, and what a refusal costs.

use std::time::Duration;

use twilight_model::id::Id;

use super::*;
use crate::cog::Cog;
use crate::cooldown::{Concurrency, Cooldown, Key, Pace, Scope, Wanted, Whose};
use crate::dispatch::Gate;
use crate::dispatch::Limits;
use crate::dispatch::Tracked;
use crate::policy::PolicyError;
use crate::responder::{Origin, Responder};
use crate::spec::{Access, Handler};
use crate::testing::{ALICE, BOB, CAROL, CHANNEL, GUILD, call, owned_by, parts};

const ONE: Concurrency = Concurrency { max: 1, scope: Scope::Global };
const PACE: Pace = Pace { uses: 1, per: Duration::from_secs(60) };

/// A bot whose command is refused by some checks, and a person who calls it.
struct Trial {
    services: Arc<Services>,
    spec: Spec,
    call: Invocation,
    bad_argument: bool,
    /// The place that somebody else has taken.
    _taken: Option<Slot>,
}

fn wanted() -> Wanted {
    let key = Key { bucket: "guarded@60000".to_owned(), scope: Scope::Global, id: 0 };
    Wanted { key, whose: Whose::default(), pace: PACE }
}

/// Refused by the checks of these places in [`ORDER`], when a person without any rights calls it.
async fn trial(refused: impl Fn(usize) -> bool, user: u64, access: Access) -> Trial {
    let (mut parts, ..) = parts(Cog::new("T"));
    parts.policy.owners = owned_by(BOB);
    let mut spec = Spec::new("guarded", "x", Handler::new(|_, _| async { Ok(()) }));
    let mut call = call(user);
    spec.concurrency = Some(ONE);
    spec = spec.cooldown(Cooldown::new(PACE.uses, PACE.per, Scope::Global));
    if refused(0) {
        parts.settings.disabled.insert("guarded".to_owned());
    }
    if refused(1) {
        spec.guild_only = true;
        call.guild = None;
    }
    if refused(2) {
        spec.access = access;
    }
    if refused(4) {
        spec.user_permissions = Permissions::KICK_MEMBERS;
    }
    if refused(5) {
        spec.bot_permissions = Permissions::MANAGE_ROLES;
    }
    let mood = refused(6);
    spec = spec.check(CustomCheck::new("mood", move |_| async move {
        if mood { Err(Failure::refused("not in the mood")) } else { Ok(()) }
    }));
    let services = Services::new(parts);
    if refused(3) {
        let (guild, by) = (Id::new(GUILD), Id::new(CAROL));
        services.policies.replace_rule(guild, "guarded", &[], &[Id::new(55)], by).await.unwrap();
    }
    let taken = refused(8).then(|| services.slots.take("guarded".to_owned(), ONE, &call).unwrap());
    if refused(9) {
        services.cooldowns.take(&[wanted()], services.clock.now()).unwrap();
    }
    Trial { services, spec, call, bad_argument: refused(7), _taken: taken }
}

impl Trial {
    fn ctx(&self) -> Ctx {
        let origin = Origin::Message {
            guild: None,
            channel: Id::new(CHANNEL),
            message: Id::new(self.call.id),
            tracked: Tracked::default(),
        };
        let responder =
            Responder::new(Arc::clone(&self.services), origin, &cogwright_discord::Receipt::none());
        let ticket = Gate::new(Limits::default()).enter_anywhere();
        let call = Invocation { spec: Arc::new(self.spec.clone()), ..self.call.clone() };
        Ctx::new(call, Arc::clone(&self.services), responder, Some(ticket))
    }

    /// The check that refuses, and the failure's label; `None` when all pass.
    async fn refusal(&self) -> Option<(&'static str, &'static str)> {
        let args = if self.bad_argument {
            Err(Failure::MissingArgument { option: "x".to_owned() })
        } else {
            Ok(Args::new())
        };
        let mut steps = Vec::new();
        let result = admit(&self.ctx(), Box::pin(std::future::ready(args)), None, &mut steps).await;
        let last = steps.last().unwrap();
        assert_eq!(last.passed, result.is_ok(), "{steps:?}");
        let asked = ORDER.iter().take(steps.len()).map(|check| check.name);
        assert!(steps.iter().map(|step| step.check).eq(asked), "{steps:?}");
        result.err().map(|failure| (last.check, failure.label()))
    }
}

/// Every check with the failure it refuses by, and who is let pass: the guild's owner, the bot's owner.
const TABLE: [(&str, &str, bool, bool); 10] = [
    ("enabled", "disabled", false, false),
    ("place", "guild_only", false, false),
    ("owner", "owner_only", true, true),
    ("roles", "role_rule", true, true),
    ("user permissions", "missing_permission", true, true),
    ("bot permissions", "bot_missing_permission", false, false),
    ("custom", "refused", false, false),
    ("arguments", "missing_argument", false, false),
    ("concurrency", "concurrency", false, false),
    ("cooldown", "cooldown", false, false),
];

#[tokio::test]
async fn the_first_check_that_refuses_ends_it() {
    for (first, (check, label, ..)) in TABLE.into_iter().enumerate() {
        let trial = trial(|place| place >= first, ALICE, Access::BotOwner).await;
        assert_eq!(trial.refusal().await, Some((check, label)));
    }
    assert_eq!(trial(|_| false, ALICE, Access::BotOwner).await.refusal().await, None);
}

#[tokio::test]
async fn owners_pass_tiers_rules_and_user_permissions_and_nothing_else() {
    for (place, (check, label, guild_owner, bot_owner)) in TABLE.into_iter().enumerate() {
        for (user, passes) in [(ALICE, false), (CAROL, guild_owner), (BOB, bot_owner)] {
            let found = trial(|other| other == place, user, Access::GuildOwner).await.refusal().await;
            assert_eq!(found, (!passes).then_some((check, label)), "{user}");
        }
    }
    let owners_only = trial(|place| place == 2, CAROL, Access::BotOwner).await;
    assert_eq!(owners_only.refusal().await, Some(("owner", "owner_only")), "a guild's owner owns no bot");
}

#[tokio::test]
async fn a_rule_takes_the_place_of_user_permissions_but_not_of_the_bots() {
    let mut trial = trial(|place| matches!(place, 3 | 4), ALICE, Access::BotOwner).await;
    trial.call.invoker.roles = vec![Id::new(55)];
    assert_eq!(trial.refusal().await, None);
    trial.spec.bot_permissions = Permissions::MANAGE_ROLES;
    assert_eq!(trial.refusal().await, Some(("bot permissions", "bot_missing_permission")));
    // The administrators' own permission is no way round a rule.
    trial.call.invoker.roles = vec![];
    trial.call.invoker.permissions = Some(Permissions::ADMINISTRATOR);
    assert_eq!(trial.refusal().await, Some(("roles", "role_rule")));
    trial.spec.configurable = false;
    assert_eq!(
        trial.refusal().await,
        Some(("bot permissions", "bot_missing_permission")),
        "a rule for it counts for nothing"
    );
}

#[tokio::test]
async fn a_rule_of_the_guild_goes_before_the_default_and_everyone_is_a_role() {
    let mut trial = trial(|_| false, ALICE, Access::BotOwner).await;
    trial.spec.cooldowns.clear();
    let mut settings = (*trial.services.settings()).clone();
    settings.command_permissions.insert("guarded".to_owned(), vec![Id::new(66)]);
    trial.services.policies.apply(settings);
    assert_eq!(trial.refusal().await, Some(("roles", "role_rule")), "the default holds in every guild");
    let (guild, by) = (Id::new(GUILD), Id::new(CAROL));
    let services = Arc::clone(&trial.services);
    let set = |from: &'static [u64], to: &'static [u64]| {
        let ids = |roles: &[u64]| roles.iter().copied().map(Id::new).collect::<Vec<_>>();
        let (services, from, to) = (Arc::clone(&services), ids(from), ids(to));
        async move { services.policies.replace_rule(guild, "guarded", &from, &to, by).await.unwrap() }
    };
    set(&[], &[GUILD]).await;
    assert_eq!(trial.refusal().await, None, "everyone");
    set(&[GUILD], &[77]).await;
    trial.call.invoker.roles = vec![Id::new(66)];
    assert_eq!(trial.refusal().await, Some(("roles", "role_rule")));
    set(&[77], &[]).await;
    assert_eq!(trial.services.policies.rules(guild).await.unwrap().len(), 0);
    trial.call.invoker.id = Id::new(BOB);
    assert_eq!(trial.refusal().await, None, "the default again");
}

#[tokio::test]
async fn a_refusal_costs_nothing() {
    for (refused, (check, ..)) in TABLE.iter().enumerate().take(9) {
        let trial = trial(|place| place == refused, ALICE, Access::BotOwner).await;
        assert!(trial.refusal().await.is_some());
        let now = trial.services.clock.now();
        assert!(trial.services.cooldowns.take(&[wanted()], now).is_ok(), "{check}");
    }
    let trial = trial(|place| place == 9, ALICE, Access::BotOwner).await;
    assert!(trial.refusal().await.is_some());
    let slot = trial.services.slots.take("guarded".to_owned(), ONE, &trial.call);
    assert!(slot.is_some(), "the place among the runs is given back");
}

#[tokio::test]
async fn whether_somebody_may_call_is_known_beforehand_and_costs_nothing() {
    for (place, (check, _, guild_owner, _)) in TABLE.into_iter().enumerate() {
        for (user, owner) in [(ALICE, false), (CAROL, guild_owner)] {
            let trial = trial(|other| other == place, user, Access::GuildOwner).await;
            // What depends on the call alone is not asked.
            let expected = place > 4 || owner;
            assert_eq!(may_call(&trial.ctx(), &trial.spec).await, expected, "{check}");
        }
    }
    let free = trial(|_| false, ALICE, Access::BotOwner).await;
    assert!(may_call(&free.ctx(), &free.spec).await);
    assert_eq!(free.refusal().await, None, "no use was taken");
}

#[tokio::test]
async fn rules_that_cannot_be_read_let_only_owners_in() {
    use crate::policy::{GuildRules, PolicyError, RoleRules, RuleChange};

    struct Broken;
    impl RoleRules for Broken {
        fn load(
            &self,
            _: Id<twilight_model::id::marker::GuildMarker>,
        ) -> BoxFuture<'_, Result<GuildRules, PolicyError>> {
            Box::pin(std::future::ready(Err(PolicyError::Store("disk".into()))))
        }

        fn save<'a>(&'a self, _: &'a RuleChange) -> BoxFuture<'a, Result<(), PolicyError>> {
            Box::pin(std::future::ready(Ok(())))
        }
    }

    for (user, expected) in [(ALICE, Some(("roles", "internal"))), (CAROL, None), (BOB, None)] {
        let (mut parts, ..) = parts(Cog::new("T"));
        parts.policy.owners = owned_by(BOB);
        parts.policy.role_rules = Arc::new(Broken);
        let services = Services::new(parts);
        let spec = Spec::new("guarded", "x", Handler::new(|_, _| async { Ok(()) }));
        let trial = Trial { services, spec, call: call(user), bad_argument: false, _taken: None };
        assert_eq!(trial.refusal().await, expected, "{user}");
    }
}

#[test]
fn the_documented_order_is_this_one() {
    let page = include_str!("../../../../docs/src/checks.md");
    let listed: Vec<_> = page
        .lines()
        .filter_map(|line| line.split_once(". **").filter(|(number, _)| number.parse::<u8>().is_ok()))
        .filter_map(|(_, rest)| rest.split_once("**").map(|(name, _)| name))
        .collect();
    assert_eq!(listed, ORDER.map(|check| check.name));
    assert_eq!(TABLE.map(|row| row.0), ORDER.map(|check| check.name));
}

#[tokio::test]
async fn a_rule_that_somebody_else_changed_in_the_meantime_is_not_overwritten() {
    let trial = trial(|_| false, ALICE, Access::Everyone).await;
    let policies = &trial.services.policies;
    let (guild, by) = (Id::new(GUILD), Id::new(CAROL));
    let [a, b, c] = [Id::new(55), Id::new(66), Id::new(77)];
    policies.replace_rule(guild, "guarded", &[], &[b, a], by).await.unwrap();
    let late = policies.replace_rule(guild, "guarded", &[], &[c], by).await.unwrap_err();
    assert!(matches!(&late, PolicyError::Refused(text) if text.contains("Nothing was saved")), "{late}");
    assert_eq!(policies.rules(guild).await.unwrap()["guarded"], [a, b]);
    policies.replace_rule(guild, "guarded", &[b, a], &[], by).await.unwrap();
    assert!(policies.rules(guild).await.unwrap().is_empty());
}
