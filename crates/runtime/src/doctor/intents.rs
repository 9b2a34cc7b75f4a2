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
