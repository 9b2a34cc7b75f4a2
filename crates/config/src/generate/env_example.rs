//! `.env.example`: every variable with what it does.

use std::fmt::Write as _;

use super::in_env;
use crate::registry::SECTIONS;

const HEADING: &str = "\
# Copy this file to .env beside the bot and put your own values in. Never commit or share .env: whoever has the
# token is the bot. A line that begins with # says nothing; empty means not set; a variable of the environment
# wins over this file, and this file over config.json.
# Made by `cargo xtask gen settings`; do not edit.
";

/// The text of `.env.example`. Only what a bot needs is switched on in it.
pub fn env_example() -> String {
    let mut text = HEADING.to_owned();
    for section in SECTIONS {
        let mut variables = section.settings.iter().filter(|setting| setting.variable.is_some()).peekable();
        if variables.peek().is_some() {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "\n# --- {}", section.title);
        }
        for setting in variables {
            let name = setting.variable.unwrap_or_default();
            let later = if setting.later { " (Accepted, not built yet.)" } else { "" };
            let value = setting.example.map_or_else(|| in_env(setting), str::to_owned);
            let off = if matches!(name, "DISCORD_TOKEN" | "BOT_OWNER_ID") { "" } else { "# " };
            let _ = writeln!(text, "\n# {}{later}\n{off}{name}={value}", setting.about);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_example_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.env.example");
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(written == env_example(), ".env.example is not current: run `cargo xtask gen settings`");
    }

    /// The variables of the specification, by name.
    #[test]
    fn every_variable_of_the_specification_is_in_it() {
        let text = env_example();
        for name in [
            "DISCORD_TOKEN",
            "BOT_OWNER_ID",
            "SHARD_COUNT",
            "SHARD_IDS",
            "ENABLE_SHARD_MONITOR",
            "SHARD_ALERT_THRESHOLD",
            "ENABLE_SHARD_MANAGER",
            "SHARD_IPC_MODE",
            "SHARD_IPC_HOST",
            "SHARD_IPC_PORT",
            "SHARD_IPC_SECRET",
            "SHARD_CLUSTER_NAME",
            "ENABLE_BACKUP_RESTORE",
            "BACKUP_MAX_PER_GUILD",
            "BACKUP_COOLDOWN",
            "BACKUP_AUTO_INTERVAL",
            "BACKUP_RETENTION_DAYS",
            "FW_LOOP_LAG_THRESHOLD_MS",
            "GEMINI_API_KEY",
            "GEMINI_MODEL",
            "DATABASE_PATH",
        ] {
            let line = |line: &str| line.trim_start_matches("# ").starts_with(&format!("{name}="));
            assert_eq!(text.lines().filter(|it| line(it)).count(), 1, "{name}");
        }
    }
}
