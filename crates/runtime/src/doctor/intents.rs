//! Whether the portal allows the intents that the bot uses.

use cogwright_command::Cog;
use cogwright_discord::intents::derive;
use cogwright_discord::{ApplicationInfo, EventTypeFlags};

use super::Finding;
use crate::needs::needs;

pub(super) const SUBJECT: &str = "intents";

pub(super) fn check(application: &ApplicationInfo, cogs: &[Cog]) -> Vec<Finding> {
    let plan = derive(&needs(cogs, EventTypeFlags::empty()), application.flags);
    if plan.dropped.is_empty() {
        let asked = plan.asks_for_privileged();
        let text =
            if asked { "all that the bot uses are switched on" } else { "the bot uses no privileged one" };
        return vec![Finding::fine(SUBJECT, text)];
    }
    let portal = "switch it on under Privileged Gateway Intents on the Bot page of the application in Discord's developer \
                  portal, and start the bot again";
    plan.dropped
        .iter()
        .map(|dropped| {
            let text =
                format!("the {} is off, which is needed for {}", dropped.intent, dropped.features.join(", "));
            Finding::warning(SUBJECT, text, portal)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use twilight_model::id::Id;
    use twilight_model::oauth::ApplicationFlags;

    use super::super::State;
    use super::*;
    use crate::builtin::builtin_cogs;

    fn application(flags: Option<ApplicationFlags>) -> ApplicationInfo {
        ApplicationInfo { id: Id::new(42), name: "bot".into(), flags, owner: None, team: None }
    }

    #[test]
    fn an_intent_that_is_switched_off_is_named_with_what_needs_it_and_where_the_switch_is() {
        let found = check(&application(Some(ApplicationFlags::empty())), &builtin_cogs());
        let [finding] = &found[..] else { panic!("the built-in commands need one: {found:?}") };
        assert_eq!(finding.state, State::Warning);
        assert_eq!(finding.text, "the Message Content Intent is off, which is needed for commands by prefix");
        let fix = finding.fix.as_deref().expect("has one");
        assert!(fix.contains("Privileged Gateway Intents") && fix.contains("Bot page"), "{fix}");
    }

    #[test]
    fn nothing_is_missing_where_it_is_switched_on_unknown_or_not_used() {
        let on = ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED;
        for (flags, cogs, text) in [
            (Some(on), builtin_cogs(), "all that the bot uses are switched on"),
            // The gateway decides then.
            (None, builtin_cogs(), "all that the bot uses are switched on"),
            (Some(ApplicationFlags::empty()), Vec::new(), "the bot uses no privileged one"),
        ] {
            let found = check(&application(flags), &cogs);
            assert_eq!(found, [Finding::fine(SUBJECT, text)], "{flags:?}");
        }
    }
}
