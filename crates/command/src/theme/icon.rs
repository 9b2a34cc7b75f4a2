//! The names that code uses for the emoji of the table.

/// The enum, each sign with its place in the table of settings: the one list of them.
macro_rules! icons {
    ($($(#[doc = $doc:literal])+ $name:ident => $place:ident,)+) => {
        /// A sign before a title, before the name of a fact, or on a button.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Icon {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Icon {
            /// All of them.
            #[cfg(test)]
            pub(super) const ALL: &[(Self, &str)] = &[$((Self::$name, stringify!($place)),)+];

            /// Its emoji.
            pub(super) fn of(self, emoji: &cogwright_config::Emoji) -> &str {
                match self {
                    $(Self::$name => &emoji.$place,)+
                }
            }
        }
    };
}

icons! {
    /// Done.
    Success => success,
    /// Failed.
    Error => error,
    /// Take care.
    Warning => warning,
    /// To know.
    Info => info,
    /// Not for everybody.
    Restricted => restricted,
    /// Not yet.
    Cooldown => cooldown,
    /// Loading anew.
    Reload => reload,
    /// Figures.
    Stats => stats,
    /// What can be set.
    Settings => settings,
    /// Maintenance.
    Tools => tools,
    /// One page back.
    Previous => previous,
    /// One page on.
    Next => next,
    /// To the beginning.
    Home => home,
    /// The help menu.
    Help => help,
    /// Extensions.
    Extensions => extensions,
    /// Storage.
    Database => database,
    /// Prefix and slash.
    Hybrid => hybrid,
    /// Prefix alone.
    PrefixOnly => prefix_only,
    /// A slash command that became a prefix command.
    Converted => converted,
    /// Slash alone.
    SlashOnly => slash_only,
    /// An entry of a list.
    Bullet => bullet,
    /// The framework.
    Bot => bot,
    /// The credits.
    Credits => credits,
    /// Thanks. It stands in footers, so it is never one of a guild.
    Love => love,
    /// How fast the bot answers.
    Ping => ping,
    /// How long the bot runs.
    Uptime => uptime,
    /// How many guilds there are.
    Guilds => guilds,
    /// How many users there are.
    Users => users,
    /// How many commands were run.
    Commands => commands,
    /// How many messages were seen.
    Messages => messages,
    /// The gateway's latency.
    Latency => latency,
    /// How many slash commands there are.
    Slash => slash,
    /// What is used most.
    Top => top,
    /// Figures over all starts.
    Totals => totals,
    /// What is loaded.
    Modules => modules,
    /// Shards.
    Shards => shards,
    /// The shard of this guild.
    Here => here,
    /// A search for faults.
    Search => search,
    /// Backups.
    Backup => backup,
    /// Clearing up.
    Cleanup => cleanup,
}
