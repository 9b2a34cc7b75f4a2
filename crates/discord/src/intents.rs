//! Which events Discord is asked for: what is in use, as far as the portal allows it.
//!
//! See Discord docs: Gateway / Gateway Intents.

mod listening;

use std::fmt;

use twilight_gateway::Intents;
use twilight_model::oauth::ApplicationFlags;

/// Something that works only with certain intents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// What works only with them, in words for the operator: `commands by prefix`.
    pub feature: String,
    /// All of them are needed.
    pub intents: Intents,
}

impl Need {
    /// A feature and what it needs.
    pub fn new(feature: impl Into<String>, intents: Intents) -> Self {
        Self { feature: feature.into(), intents }
    }

    /// Guilds, channels and roles: without them no permission can be computed.
    pub fn guilds() -> Self {
        Self::new("knowing guilds, channels and roles", Intents::GUILDS)
    }

    /// Commands called by a prefix. Where the bot is mentioned and in direct messages Discord sends the content
    /// without the privileged intent.
    pub fn prefix_commands() -> Self {
        let messages = Intents::GUILD_MESSAGES | Intents::DIRECT_MESSAGES;
        Self::new("commands by prefix", messages | Intents::MESSAGE_CONTENT)
    }

    /// Commands called by a mention of the bot, and all in direct messages.
    pub fn mention_commands() -> Self {
        Self::new("commands by mention", Intents::GUILD_MESSAGES | Intents::DIRECT_MESSAGES)
    }

    /// Listeners that want to know of members who come, change and go.
    pub fn members(feature: impl Into<String>) -> Self {
        Self::new(feature, Intents::GUILD_MEMBERS)
    }

    /// Listeners that want to know who is online.
    pub fn presences(feature: impl Into<String>) -> Self {
        Self::new(feature, Intents::GUILD_PRESENCES)
    }
}

/// A privileged intent that the portal does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Which.
    pub intent: Privileged,
    /// The features that go without.
    pub features: Vec<String>,
}

/// The intents that have a switch in the developer portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privileged {
    /// Who is online and does what.
    Presences,
    /// Members who come, change and go.
    Members,
    /// The content of messages.
    MessageContent,
}

impl Privileged {
    /// All of them, in the portal's order.
    pub const ALL: [Self; 3] = [Self::Presences, Self::Members, Self::MessageContent];

    /// Its bit.
    pub fn intent(self) -> Intents {
        match self {
            Self::Presences => Intents::GUILD_PRESENCES,
            Self::Members => Intents::GUILD_MEMBERS,
            Self::MessageContent => Intents::MESSAGE_CONTENT,
        }
    }

    /// The flags of an application that may use it: with review, and without below 10,000 users. See Discord
    /// docs: Application / Application Flags.
    fn flags(self) -> ApplicationFlags {
        match self {
            Self::Presences => {
                ApplicationFlags::GATEWAY_PRESENCE | ApplicationFlags::GATEWAY_PRESENCE_LIMITED
            }
            Self::Members => {
                ApplicationFlags::GATEWAY_GUILD_MEMBERS | ApplicationFlags::GATEWAY_GUILD_MEMBERS_LIMITED
            }
            Self::MessageContent => {
                ApplicationFlags::GATEWAY_MESSAGE_CONTENT | ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED
            }
        }
    }

    /// Whether an application with these flags may use it.
    pub fn is_allowed(self, flags: ApplicationFlags) -> bool {
        flags.intersects(self.flags())
    }
}

/// By its switch on the portal's page.
impl fmt::Display for Privileged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Presences => "Presence Intent",
            Self::Members => "Server Members Intent",
            Self::MessageContent => "Message Content Intent",
        })
    }
}

/// What to ask the gateway for, and what has to go without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What is asked for.
    pub intents: Intents,
    /// What the portal does not allow.
    pub dropped: Vec<Dropped>,
}

impl Plan {
    /// The same after Discord has refused the connection over its intents (close code 4014): without any privileged
    /// one, since it does not say which.
    pub fn without_privileged(&self, needs: &[Need]) -> Self {
        derive(needs, Some(ApplicationFlags::empty()))
    }

    /// Whether a privileged intent is asked for.
    pub fn asks_for_privileged(&self) -> bool {
        Privileged::ALL.iter().any(|privileged| self.intents.contains(privileged.intent()))
    }
}

/// One line for each intent that is missing.
impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the {} is off, so this does not work: {}. Switch it on under Privileged Gateway Intents on the Bot page \
             of the application in Discord's developer portal and start the bot again",
            self.intent,
            self.features.join(", ")
        )
    }
}

/// What is needed, less the privileged intents that `flags` do not allow. Without flags nothing is left out: then
/// the gateway decides.
pub fn derive(needs: &[Need], flags: Option<ApplicationFlags>) -> Plan {
    let mut intents = needs.iter().fold(Intents::empty(), |all, need| all | need.intents);
    let mut dropped = Vec::new();
    for privileged in Privileged::ALL {
        let refused = flags.is_some_and(|flags| !privileged.is_allowed(flags));
        if refused && intents.contains(privileged.intent()) {
            intents.remove(privileged.intent());
            let features = needs.iter().filter(|need| need.intents.contains(privileged.intent()));
            let features = features.map(|need| need.feature.clone()).collect();
            dropped.push(Dropped { intent: privileged, features });
        }
    }
    Plan { intents, dropped }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs() -> Vec<Need> {
        vec![
            Need::guilds(),
            Need::prefix_commands(),
            Need::mention_commands(),
            Need::members("welcome messages"),
            Need::members("the member cache"),
        ]
    }

    #[test]
    fn nothing_is_asked_for_that_nobody_needs() {
        let plan = derive(&[Need::guilds()], Some(ApplicationFlags::all()));
        assert_eq!((plan.intents, plan.dropped.len()), (Intents::GUILDS, 0));
        assert!(!plan.asks_for_privileged());
        assert_eq!(derive(&[], None).intents, Intents::empty());
    }

    #[test]
    fn each_of_the_two_flags_allows_an_intent() {
        for flags in [
            ApplicationFlags::GATEWAY_MESSAGE_CONTENT | ApplicationFlags::GATEWAY_GUILD_MEMBERS,
            ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED
                | ApplicationFlags::GATEWAY_GUILD_MEMBERS_LIMITED,
        ] {
            let plan = derive(&needs(), Some(flags));
            assert!(plan.dropped.is_empty() && plan.asks_for_privileged(), "{plan:?}");
            assert!(plan.intents.contains(Intents::MESSAGE_CONTENT | Intents::GUILD_MEMBERS));
        }
        assert!(derive(&needs(), None).dropped.is_empty(), "unknown flags allow everything");
    }

    #[test]
    fn what_is_refused_is_named_with_what_needs_it() {
        let plan = derive(&needs(), Some(ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED));
        assert!(
            plan.intents.contains(Intents::MESSAGE_CONTENT) && !plan.intents.contains(Intents::GUILD_MEMBERS)
        );
        insta::assert_snapshot!(plan.dropped[0], @"the Server Members Intent is off, so this does not work: welcome messages, the member cache. Switch it on under Privileged Gateway Intents on the Bot page of the application in Discord's developer portal and start the bot again");
        let bare = plan.without_privileged(&needs());
        assert!(!bare.asks_for_privileged());
        let names: Vec<_> = bare.dropped.iter().map(|dropped| dropped.intent.to_string()).collect();
        assert_eq!(names, ["Server Members Intent", "Message Content Intent"]);
        assert!(bare.intents.contains(Intents::GUILD_MESSAGES), "mentions are still heard");
    }
}
