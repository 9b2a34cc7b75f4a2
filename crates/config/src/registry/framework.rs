//! Which parts of the framework are loaded, and extensions.

use super::{Initial, Section, Setting};
use crate::rules;
use crate::shape::Shape;

const fn switch(key: &'static str, about: &'static str) -> Setting {
    Setting::file(key, Shape::Bool, Initial::Bool(true), about)
}

pub(super) const SECTION: Section = Section {
    title: "Framework and extensions",
    settings: &[
        switch(
            "framework.load_cogs",
            "Whether the built-in cogs are loaded; false leaves a minimal bot with help and information alone.",
        )
        .generated(),
        switch("framework.enable_event_hooks", "Event hooks.").generated().later(),
        switch("framework.enable_plugin_registry", "The plugin registry.").generated().later(),
        switch("framework.enable_framework_diagnostics", "Diagnostics of the framework.").generated().later(),
        switch(
            "framework.enable_slash_command_limiter",
            "The command slashlimit and the limiter's warnings.",
        )
        .generated(),
        switch(
            "framework.enable_shard_monitor",
            "The shard monitor; ENABLE_SHARD_MONITOR can switch it off as well.",
        )
        .generated()
        .later(),
        switch(
            "framework.enable_shard_manager",
            "The shard manager for several processes; ENABLE_SHARD_MANAGER must be true as well.",
        )
        .generated()
        .later(),
        switch(
            "framework.enable_backup_restore",
            "Backup and restore of guilds; ENABLE_BACKUP_RESTORE can switch it off as well.",
        )
        .later(),
        switch("framework.enable_live_monitor", "The live monitor.").later(),
        switch("framework.enable_db_migrations", "The commands about database migrations.").later(),
        switch("framework.enable_task_scheduler", "The task scheduler.").later(),
        switch("framework.enable_config_validator", "The commands about this configuration.").later(),
        switch("framework.enable_guild_settings", "The commands about settings of a guild.")
            .formerly("framework.enable_Guild_settings"),
        switch("auto_reload", "Whether extensions are loaded again when their files change.")
            .generated()
            .later(),
        switch("extensions.auto_load", "Whether all extensions are loaded at the start.").generated().later(),
        Setting::file(
            "extensions.blacklist",
            Shape::List(&Shape::Text(rules::line)),
            Initial::NoList,
            "Names of extensions that are not loaded at the start.",
        )
        .generated()
        .later(),
    ],
};
