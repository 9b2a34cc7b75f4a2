//! The one table of settings. Documentation and messages are made from it.

/// One setting, as an operator meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Name of the environment variable, the same in `.env`.
    pub name: &'static str,
    /// Whether the bot cannot start without it.
    pub required: bool,
    /// What holds when it is not set; empty when nothing does.
    pub default: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
}

pub(crate) const TOKEN: Setting = Setting {
    name: "DISCORD_TOKEN",
    required: true,
    default: "",
    about: "The bot's token, from the Bot page of its application in Discord's developer portal.",
};

pub(crate) const PREFIX: Setting = Setting {
    name: "COGWRIGHT_PREFIX",
    required: false,
    default: "!",
    about: "What a message begins with to be read as a command.",
};

pub(crate) const LOG: Setting = Setting {
    name: "COGWRIGHT_LOG",
    required: false,
    default: "info",
    about: "What is logged: error, warn, info, debug or trace, or a filter such as \
            info,cogwright_discord=debug.",
};

pub(crate) const OWNER: Setting = Setting {
    name: "BOT_OWNER_ID",
    required: false,
    default: "",
    about: "The user id of the person who runs the bot. It is checked at the start; no command asks for it yet.",
};

/// All settings, in the order in which they are documented.
pub const SETTINGS: &[Setting] = &[TOKEN, PREFIX, LOG, OWNER];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_look_like_variables() {
        let names: HashSet<_> = SETTINGS.iter().map(|s| s.name).collect();
        assert_eq!(names.len(), SETTINGS.len());
        for setting in SETTINGS {
            let fits = |c: char| c.is_ascii_uppercase() || c == '_';
            assert!(setting.name.chars().all(fits), "{}", setting.name);
            assert!(setting.about.ends_with('.'), "{}", setting.name);
        }
    }
}
