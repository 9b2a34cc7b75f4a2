//! Environment variables of features that are still to come. Installations of the original have them in
//! their `.env`, so they are accepted and checked.

use super::{Initial, Section, Setting};
use crate::rules;
use crate::shape::Shape;

pub(super) const SECTION: Section = Section {
    title: "Features to come",
    settings: &[
        Setting::env(
            "ENABLE_SHARD_MONITOR",
            "shard_monitor.enabled",
            Shape::Bool,
            Initial::Bool(true),
            "Whether the health of the shards is watched.",
        )
        .later(),
        Setting::env(
            "SHARD_ALERT_THRESHOLD",
            "shard_monitor.alert_threshold",
            Shape::Integer(1, 1_000),
            Initial::Integer(3),
            "Failures in a row after which an alert is sent.",
        )
        .later(),
        Setting::env(
            "ENABLE_SHARD_MANAGER",
            "shard_manager.enabled",
            Shape::Bool,
            Initial::Bool(false),
            "Whether several processes share the shards.",
        )
        .later(),
        Setting::env(
            "SHARD_IPC_MODE",
            "shard_manager.mode",
            Shape::Choice(&["server", "client"]),
            Initial::Text("server"),
            "server for the first process, client for the others.",
        )
        .later(),
        Setting::env(
            "SHARD_IPC_HOST",
            "shard_manager.host",
            Shape::Text(rules::line),
            Initial::Text("127.0.0.1"),
            "Where the server listens, or where clients find it.",
        )
        .later(),
        Setting::env(
            "SHARD_IPC_PORT",
            "shard_manager.port",
            Shape::Integer(1, 65_535),
            Initial::Integer(20_000),
            "The port of the server.",
        )
        .later(),
        Setting::env(
            "SHARD_IPC_SECRET",
            "shard_manager.secret",
            Shape::Text(rules::line),
            Initial::Unset,
            "What the processes know each other by; the same in all of them.",
        )
        .secret()
        .later()
        .example("change_me_please"),
        Setting::env(
            "SHARD_CLUSTER_NAME",
            "shard_manager.cluster_name",
            Shape::Text(rules::line),
            Initial::Text("cluster-0"),
            "The name of this process in logs and commands.",
        )
        .later(),
        Setting::env(
            "ENABLE_BACKUP_RESTORE",
            "backup_restore.enabled",
            Shape::Bool,
            Initial::Bool(true),
            "Whether guilds can be backed up and restored.",
        )
        .later(),
        Setting::env(
            "BACKUP_MAX_PER_GUILD",
            "backup_restore.max_per_guild",
            Shape::Integer(1, 1_000),
            Initial::Integer(25),
            "How many backups a guild may keep.",
        )
        .later(),
        Setting::env(
            "BACKUP_COOLDOWN",
            "backup_restore.cooldown",
            Shape::Integer(0, 86_400),
            Initial::Integer(300),
            "Seconds between two backups of a guild.",
        )
        .later(),
        Setting::env(
            "BACKUP_AUTO_INTERVAL",
            "backup_restore.auto_interval",
            Shape::Integer(0, 720),
            Initial::Integer(0),
            "Hours between automatic backups; 0 makes none.",
        )
        .later(),
        Setting::env(
            "BACKUP_RETENTION_DAYS",
            "backup_restore.retention_days",
            Shape::Integer(0, 3_650),
            Initial::Integer(0),
            "Days that backups are kept unless pinned; 0 keeps them for ever.",
        )
        .later(),
        Setting::env(
            "FW_LOOP_LAG_THRESHOLD_MS",
            "diagnostics.loop_lag_threshold_ms",
            Shape::Integer(1, 60_000),
            Initial::Integer(500),
            "Milliseconds of lag from which on diagnostics warn.",
        )
        .later(),
        Setting::env(
            "GEMINI_API_KEY",
            "assistant.api_key",
            Shape::Text(rules::line),
            Initial::Unset,
            "The key of the language model that the assistant asks.",
        )
        .secret()
        .later(),
        Setting::env(
            "GEMINI_MODEL",
            "assistant.model",
            Shape::Text(rules::line),
            Initial::Text("gemini-2.5-flash-lite"),
            "The name of that model.",
        )
        .later(),
        Setting::env(
            "DATABASE_PATH",
            "assistant.database_path",
            Shape::Text(rules::line),
            Initial::Text("bot_data.db"),
            "Where the assistant keeps its conversations.",
        )
        .later(),
    ],
};
