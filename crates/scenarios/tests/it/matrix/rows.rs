//! The table: a row for each listed command.

use serde_json::{Value, json};

use super::Tier;

/// A command and how it is to behave.
pub(super) struct Row {
    /// Its groups and its name.
    pub(super) name: &'static str,
    /// What follows the name in the prefix form; with it the command does something harmless, again and again.
    pub(super) arguments: &'static str,
    /// The same in the slash form, as JSON.
    options: &'static str,
    pub(super) tier: Tier,
    /// Whether it works in direct messages.
    pub(super) direct: bool,
    /// A part of what it answers in the end.
    pub(super) answer: &'static str,
    /// Bad arguments of the prefix form, and a part of what is answered.
    pub(super) bad: (&'static str, &'static str),
    /// The same of the slash form, where Discord lets any through.
    pub(super) bad_options: Option<(&'static str, &'static str)>,
    /// As its attribute says; empty when there is none.
    pub(super) cooldown: &'static str,
}

/// The cooldown of most commands for everybody.
pub(super) const TEN_SECONDS: &str = "1 per 10s per user";
/// What config.json says.
const STANDARD: &str = "default per user";
/// Shared by what changes settings.
const SETTINGS: &str = "20 per 60s per guild in settings";

impl Row {
    /// A command that is called without arguments and takes none.
    const fn new(name: &'static str, tier: Tier, answer: &'static str) -> Self {
        let bad = ("nonsense", "I do not know what to do with");
        let direct = matches!(tier, Tier::Everybody | Tier::BotOwner);
        Self {
            name,
            arguments: "",
            options: "{}",
            tier,
            direct,
            answer,
            bad,
            bad_options: None,
            cooldown: "",
        }
    }

    const fn with(self, arguments: &'static str, options: &'static str) -> Self {
        Self { arguments, options, ..self }
    }

    const fn bad(self, arguments: &'static str, answer: &'static str) -> Self {
        Self { bad: (arguments, answer), ..self }
    }

    const fn bad_slash(self, options: &'static str, answer: &'static str) -> Self {
        Self { bad_options: Some((options, answer)), ..self }
    }

    const fn waits(self, cooldown: &'static str) -> Self {
        Self { cooldown, ..self }
    }

    /// The options of a call that is to succeed.
    pub(super) fn options(&self) -> Value {
        serde_json::from_str(self.options).unwrap()
    }

    /// The registered command, and its options inside of its subcommands.
    pub(super) fn slash(&self, options: Value) -> (&'static str, Value) {
        let mut words = self.name.split(' ');
        let root = words.next().unwrap();
        (root, words.rev().fold(options, |inner, word| json!({ word: inner })))
    }
}

const MISSING: &str = "Missing Argument";
const INVALID: &str = "Invalid Argument";

/// All of them, in the order in which they can be run one after the other.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    Row::new("help", Tier::Everybody, "Help Menu").waits(TEN_SECONDS)
        .bad("frobnicate", "frobnicate").bad_slash(r#"{"command": "frobnicate"}"#, "frobnicate"),
    Row::new("discordbotframework", Tier::Everybody, "Created By").waits(TEN_SECONDS),
    Row::new("ping", Tier::Everybody, "Pong!"),
    Row::new("about", Tier::Everybody, "About this bot").waits(STANDARD),
    Row::new("stats", Tier::Everybody, "Bot Statistics").waits(TEN_SECONDS),
    Row::new("shardinfo", Tier::Everybody, "Shard Information").waits(TEN_SECONDS),
    Row::new("extensions", Tier::Everybody, "Framework Cogs").waits(TEN_SECONDS),
    Row::new("slashlimit", Tier::Everybody, "/100").waits(TEN_SECONDS),
    Row::new("demo", Tier::Everybody, "What a bot can show").waits(STANDARD),
    Row::new("echo", Tier::Everybody, "good morning")
        .with("good morning", r#"{"text": "good morning"}"#)
        .bad("times:9 hello", INVALID).bad_slash(r#"{"text": "   "}"#, "There is nothing to say"),
    Row::new("setprefix", Tier::Administrator, "Nothing Changed").waits(SETTINGS)
        .with("!", r#"{"prefix": "!"}"#)
        .bad("", MISSING).bad_slash(r#"{"prefix": "a b"}"#, "U+0020, a blank"),
    Row::new("mentionprefix status", Tier::Administrator, "Mention Prefix Status"),
    Row::new("mentionprefix disable", Tier::Administrator, "Disabled").waits(SETTINGS),
    Row::new("mentionprefix enable", Tier::Administrator, "Enabled").waits(SETTINGS),
    Row::new("serversettings", Tier::Administrator, "Server Settings"),
    Row::new("config", Tier::GuildOwner, "Command Configuration").waits(SETTINGS)
        .bad("frobnicate", "frobnicate").bad_slash(r#"{"command": "frobnicate"}"#, "frobnicate"),
    Row::new("status list", Tier::BotOwner, "Statuses"),
    Row::new("status add", Tier::BotOwner, "Status added")
        .with("watching you", r#"{"kind": "watching", "text": "you"}"#)
        .bad("staring you", INVALID),
    Row::new("status next", Tier::BotOwner, "Next status"),
    Row::new("status interval", Tier::BotOwner, "Interval changed")
        .with("5m", r#"{"time": "5m"}"#)
        .bad("5s", INVALID).bad_slash(r#"{"time": "soon"}"#, INVALID),
    Row::new("status remove", Tier::BotOwner, "Status removed")
        .with("1", r#"{"number": 1}"#)
        .bad("50", "There is no status 50").bad_slash(r#"{"number": 50}"#, "There is no status 50"),
    Row::new("sync", Tier::BotOwner, "Sync Complete").bad("perhaps", INVALID),
    Row::new("cachestats", Tier::BotOwner, "Cache Statistics"),
    Row::new("dbstats", Tier::BotOwner, "Database Statistics"),
    Row::new("atomictest", Tier::BotOwner, "All 5 tests passed"),
    Row::new("atomicstats", Tier::BotOwner, "Atomic File System Statistics"),
    Row::new("integritycheck", Tier::BotOwner, "System Integrity Check Passed"),
    Row::new("cleanup", Tier::BotOwner, "Cleanup Complete"),
    Row::new("why", Tier::BotOwner, "Latest refusals and failures")
        .bad("zzzzzz", "Nothing is known of that call").bad_slash(r#"{"call": "zzzzzz"}"#, "Nothing is known of that call"),
];
