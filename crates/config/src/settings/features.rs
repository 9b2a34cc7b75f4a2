//! Switches of parts of the framework, and settings of features to come.

use serde::Deserialize;

use crate::secret::Secret;

/// Which parts of the framework are loaded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is a switch of the part it names; see the registry")]
pub struct Framework {
    pub load_cogs: bool,
    pub enable_event_hooks: bool,
    pub enable_plugin_registry: bool,
    pub enable_framework_diagnostics: bool,
    pub enable_slash_command_limiter: bool,
    pub enable_shard_monitor: bool,
    pub enable_shard_manager: bool,
    pub enable_backup_restore: bool,
    pub enable_live_monitor: bool,
    pub enable_db_migrations: bool,
    pub enable_task_scheduler: bool,
    pub enable_config_validator: bool,
    pub enable_guild_settings: bool,
}

/// Which extensions are loaded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extensions {
    /// Whether all are, at the start.
    pub auto_load: bool,
    /// Those that are not.
    pub blacklist: Vec<String>,
}

/// The shard monitor, to come.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShardMonitor {
    /// ENABLE_SHARD_MONITOR; `framework.enable_shard_monitor` must be on as well.
    pub enabled: bool,
    /// Failures in a row after which an alert is sent.
    pub alert_threshold: u32,
}

/// Several processes, to come.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShardManager {
    /// ENABLE_SHARD_MANAGER; `framework.enable_shard_manager` must be on as well.
    pub enabled: bool,
    /// server or client.
    pub mode: String,
    /// Where the server listens.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What the processes know each other by.
    pub secret: Option<Secret>,
    /// The name of this process.
    pub cluster_name: String,
}

/// Backup and restore of guilds, to come.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupRestore {
    /// ENABLE_BACKUP_RESTORE; `framework.enable_backup_restore` must be on as well.
    pub enabled: bool,
    /// Backups that a guild may keep.
    pub max_per_guild: u32,
    /// Seconds between two of a guild.
    pub cooldown: u32,
    /// Hours between automatic ones; 0 makes none.
    pub auto_interval: u32,
    /// Days that they are kept; 0 is for ever.
    pub retention_days: u32,
}

/// Diagnostics, to come.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diagnostics {
    /// Milliseconds of lag from which on they warn.
    pub loop_lag_threshold_ms: u32,
}

/// The assistant, to come.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assistant {
    /// The key of the language model.
    pub api_key: Option<Secret>,
    /// Its name.
    pub model: String,
    /// Where conversations are kept.
    pub database_path: std::path::PathBuf,
}
