//! Colours and emoji.

use serde::Deserialize;

/// Colours and emoji.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Colours of embeds.
    pub colours: Colours,
    /// Emoji. Boxed, as they are many, and settings are handed on as a value.
    pub emoji: Box<Emoji>,
    /// Cells of bars.
    pub bar: Bar,
}

/// Colours of embeds, `0xrrggbb`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is named by its use; see the registry")]
pub struct Colours {
    pub success: u32,
    pub error: u32,
    pub warning: u32,
    pub info: u32,
    pub main_menu: u32,
    pub categories: u32,
    pub credits: u32,
}

/// Emoji: of Unicode, or of a guild in the form `<:name:id>`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is named by its use; see the registry")]
pub struct Emoji {
    pub success: String,
    pub error: String,
    pub warning: String,
    pub info: String,
    pub restricted: String,
    pub cooldown: String,
    pub reload: String,
    pub stats: String,
    pub settings: String,
    pub tools: String,
    pub previous: String,
    pub next: String,
    pub home: String,
    pub help: String,
    pub extensions: String,
    pub database: String,
    pub hybrid: String,
    pub prefix_only: String,
    pub converted: String,
    pub slash_only: String,
    pub bullet: String,
    pub bot: String,
    pub credits: String,
    pub love: String,
    pub ping: String,
    pub uptime: String,
    pub guilds: String,
    pub users: String,
    pub commands: String,
    pub messages: String,
    pub latency: String,
    pub slash: String,
    pub top: String,
    pub totals: String,
    pub modules: String,
    pub shards: String,
    pub here: String,
    pub search: String,
    pub backup: String,
    pub cleanup: String,
}

/// Cells of bars, a character each. They stand in code, where Discord shows no emoji of guilds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is named by its use; see the registry")]
pub struct Bar {
    pub full: String,
    pub free: String,
    pub kept: String,
}

impl Default for Theme {
    fn default() -> Self {
        super::Settings::with_token("").theme
    }
}
