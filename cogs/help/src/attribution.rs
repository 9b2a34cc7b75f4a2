//! The original framework, its author and its lists of features: attribution facts, kept whole.
//!
//! From the original's LICENSE (Additional Terms) and its command `discordbotframework`; a hyphen stands for its long
//! dash.

/// The author of the original. The name must not be altered.
pub(crate) const AUTHOR: &str = "TheHolyOneZ";

/// Where the original is.
pub(crate) const REPOSITORY: &str = "https://github.com/TheHolyOneZ/discord-bot-framework";

/// Its field "Framework Features".
pub(crate) const FRAMEWORK_FEATURES: [&str; 18] = [
    "Atomic File System - thread-safe file & DB ops",
    "Per-Guild Database System - isolated per-server",
    "Internal Event Hooks - extension communication",
    "User-Created Automations - conditional engine",
    "Framework Health Diagnostics - metrics & lag",
    "AI Assistant (Gemini) - natural language queries",
    "Plugin & Dependency Management - conflict detection",
    "Slash Command Fallback - 100-cmd limit protection",
    "Live Monitoring Dashboard - web-based real-time",
    "Hot-Reload - reload extensions without restart",
    "Role-Based Command Permissions - per-guild control",
    "Automatic Sharding Support - multi-server scaling",
    "Advanced Help Menu - category-based interactive",
    "Comprehensive Logging - rotation & cleanup",
    "Metrics & Statistics - command & event tracking",
    "Customizable Bot Status - dynamic status updates",
    "Persistent Configuration - JSON-based management",
    "Efficient Command Handling - optimized processing",
];

/// Its field "User Commands".
pub(crate) const USER_COMMANDS: [&str; 11] = [
    "!help - Interactive help menu",
    "!stats - Bot statistics",
    "!shardinfo - Shard information",
    "!extensions - List loaded extensions",
    "!config - Configure permissions",
    "!setprefix - Set custom prefix",
    "/ask_zdbf - AI assistant (Gemini slash command)",
    "/hooks list/info/create/toggle/delete - Automation Creator",
    "/backup, /restore - Guild backup & restore",
    "/fw_diagnostics, /fw_history, /fw_errors - Health monitoring",
    "/pr_list, /pr_info - Plugin Registry",
];

/// The names in its field "Owner Commands", with a gloss of ours.
pub(crate) const OWNER_COMMANDS: [&str; 6] = [
    "!reload - loads an extension anew",
    "!load - loads an extension",
    "!unload - takes an extension out",
    "!sync - registers slash commands",
    "!atomictest - tests the file system",
    "!cachestats - shows the caches",
];

/// "System Features" of its credits.
pub(crate) const SYSTEM_FEATURES: [&str; 27] = [
    "Dynamic Extension Loading System",
    "Hot-Reload Capability",
    "Atomic File Operations",
    "Per-Guild Database System",
    "Automatic Sharding Support",
    "Role-Based Command Permissions",
    "Advanced Help Menu Structure",
    "Interactive Dropdown Menus",
    "Extension Info & Dynamic Loading",
    "Pagination Support",
    "Hybrid Commands (Prefix & Slash)",
    "Advanced Logging System",
    "Database Management (SQLite)",
    "Metrics & Statistics Tracking",
    "Command Usage Analytics",
    "Configuration System (JSON)",
    "Custom Prefix Per Guild",
    "@Mention Prefix Support",
    "Auto-Delete Messages",
    "Whitespace-Tolerant Extensions",
    "Advanced Error Handling",
    "File Caching System",
    "Bot/Guild Owner Permissions",
    "Slash Command Limit Protection",
    "Slash/Prefix Status Display",
    "LRU Cache with Memory Limits",
    "Connection Pooling",
];

/// What is new in this version of Cogwright; the changelog in short.
pub(crate) const NEWS: [&str; 4] = [
    "The first version: the core of the framework, and a local Discord to try it on",
    "Settings that are checked and explained, many taken up while the bot runs",
    "Budgets of requests, commands that are synced, a limiter of slash commands",
    "For operators: check, doctor, invite, commands diff, data",
];

/// What Cogwright offers, in its own words.
pub(crate) const OUR_FEATURES: [&str; 11] = [
    "A local Discord to develop and test against, without a token",
    "One definition for prefix, mention, slash and context menu",
    "Checks in one documented order; every refusal says why",
    "Prefixes and rules of each server, effective at once",
    "Cooldowns by user, server, channel or bot, over restarts",
    "Menus that only their caller can use and that end by themselves",
    "Settings with their origin, checked with line and column",
    "Files and databases that survive a crash; online backups",
    "Restarts that resume their sessions and lose nothing",
    "Sharding in one process, with a cache of its own",
    "Logs, metrics and health for whoever runs it",
];
