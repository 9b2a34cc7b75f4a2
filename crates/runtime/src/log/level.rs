//! The level names of the log, and which part of the bot a line is from.

use tracing::{Level, Metadata};

/// An error event with a field of this name is the end of the process: `CRITICAL`.
pub(crate) const CRITICAL: &str = "critical";

/// The name of an event's level as the log writes it.
pub(crate) fn name(metadata: &Metadata<'_>) -> &'static str {
    match *metadata.level() {
        Level::ERROR if metadata.fields().field(CRITICAL).is_some() => "CRITICAL",
        Level::ERROR => "ERROR",
        Level::WARN => "WARNING",
        Level::INFO => "INFO",
        Level::DEBUG => "DEBUG",
        Level::TRACE => "TRACE",
    }
}

/// What a configured level lets pass, in the syntax of filters. Anything that is no level name is a
/// filter already.
pub(crate) fn filter(level: &str) -> String {
    let filter = match level.trim().to_ascii_uppercase().as_str() {
        "CRITICAL" | "ERROR" => "error",
        "WARNING" | "WARN" => "warn",
        "INFO" => "info",
        "DEBUG" => "debug",
        "TRACE" => "trace",
        _ => return level.trim().to_owned(),
    };
    // Libraries below ours are read only when something is wrong with them.
    if matches!(filter, "debug" | "trace") {
        format!("info,{}", OURS.iter().map(|part| format!("{part}={filter}")).collect::<Vec<_>>().join(","))
    } else {
        filter.to_owned()
    }
}

/// Crates whose names begin so are ours.
const OURS: &[&str] = &["cogwright"];

/// The part of the bot that a target names: `cogwright_discord::gateway::shard` is `discord.gateway`,
/// `cogwright_cog_help::commands` is `cogs.help`; of other crates the crate.
pub(crate) fn subsystem(target: &str) -> String {
    let mut path = target.split("::");
    let krate = path.next().unwrap_or_default();
    let Some(own) = krate.strip_prefix("cogwright") else { return krate.to_owned() };
    let own = own.trim_start_matches('_');
    if let Some(cog) = own.strip_prefix("cog_") {
        return format!("cogs.{}", cog.replace('_', "-"));
    }
    let own = if own.is_empty() { "bot" } else { own };
    match path.next() {
        Some(module) => format!("{own}.{module}"),
        None => own.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_name_a_part_of_the_bot() {
        for (target, part) in [
            ("cogwright_discord::gateway::shard", "discord.gateway"),
            ("cogwright_command", "command"),
            ("cogwright_cog_guild_settings::commands", "cogs.guild-settings"),
            ("cogwright::cli", "bot.cli"),
            ("hyper::client", "hyper"),
        ] {
            assert_eq!(subsystem(target), part);
        }
    }

    #[test]
    fn levels_become_filters() {
        for (level, text) in [
            ("CRITICAL", "error"),
            ("warning", "warn"),
            ("INFO", "info"),
            ("DEBUG", "info,cogwright=debug"),
            ("info,hyper=trace", "info,hyper=trace"),
        ] {
            assert_eq!(filter(level), text);
        }
    }
}
