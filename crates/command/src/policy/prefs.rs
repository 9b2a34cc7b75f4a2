//! The prefix of a guild, and whether a mention of the bot works there.

use futures_util::future::BoxFuture;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use super::{By, PolicyError};

/// What a guild has set of its own. `None` follows the bot's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefs {
    /// What prefix commands begin with.
    pub prefix: Option<String>,
    /// Whether a mention of the bot works like the prefix.
    pub mention_prefix: Option<bool>,
}

/// A change of a guild's settings, with all that an audit wants to know but the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefsChange {
    /// Where.
    pub guild: Id<GuildMarker>,
    /// By whom, and from which channel.
    pub by: By,
    /// From what.
    pub before: Prefs,
    /// To what.
    pub after: Prefs,
}

/// Keeps the prefixes of guilds. The runtime implements it over its database. What it answers is remembered by
/// [`Policies`](super::Policies), which also sees to it that nothing of one guild is read while it is being changed.
pub trait GuildPrefs: Send + Sync + 'static {
    /// What the guild has set; the default when nothing.
    fn load(&self, guild: Id<GuildMarker>) -> BoxFuture<'_, Result<Prefs, PolicyError>>;

    /// Keeps `after`, and writes down the change. Has to end by itself within seconds, either way.
    fn save<'a>(&'a self, change: &'a PrefsChange) -> BoxFuture<'a, Result<(), PolicyError>>;
}

/// Where a value in force comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The guild has set it.
    Guild,
    /// The bot's settings, for all guilds that have not.
    Settings,
}

/// What is in force in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectivePrefs {
    /// What prefix commands begin with.
    pub prefix: String,
    /// Who says so.
    pub prefix_origin: Origin,
    /// Whether a mention of the bot works like the prefix.
    pub mention: bool,
    /// Who says so.
    pub mention_origin: Origin,
}

impl EffectivePrefs {
    pub(crate) fn new(own: &Prefs, prefix: &str, mention: bool) -> Self {
        let origin = |own: bool| if own { Origin::Guild } else { Origin::Settings };
        Self {
            prefix: own.prefix.clone().unwrap_or_else(|| prefix.to_owned()),
            prefix_origin: origin(own.prefix.is_some()),
            mention: own.mention_prefix.unwrap_or(mention),
            mention_origin: origin(own.mention_prefix.is_some()),
        }
    }
}

/// Whether a prefix can be used; the same rule as for config.json.
pub(crate) fn check_prefix(prefix: &str) -> Result<(), PolicyError> {
    cogwright_config::check_prefix(prefix).map_err(|bad| PolicyError::Refused(format!("A prefix {bad}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What can be one is tested where the rule is.
    #[test]
    fn a_prefix_that_cannot_be_one_is_refused_in_a_sentence() {
        assert_eq!(check_prefix("zb!"), Ok(()));
        let refused = |text: &str| Err(PolicyError::Refused(text.to_owned()));
        assert_eq!(check_prefix(""), refused("A prefix has 1 to 10 characters."));
        let slash = "A prefix cannot begin with `/`: Discord reads such messages itself.";
        assert_eq!(check_prefix("/"), refused(slash));
        assert_eq!(check_prefix("a b"), refused("A prefix cannot hold U+0020, a blank."));
    }
}
