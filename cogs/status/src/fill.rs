//! The variables of a status text.

use std::time::Duration;

/// What the variables stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// `{guilds}`: guilds the bot is in.
    pub guilds: u64,
    /// `{users}`: their members.
    pub users: u64,
    /// `{commands}`: commands that people may see.
    pub commands: u64,
    /// `{shards}`: shards of the whole bot.
    pub shards: u64,
    /// `{uptime}`: since the start.
    pub uptime: Duration,
}

/// Longest text that Discord shows, in characters. See Discord docs: Gateway Events / Activity Object; longer ones
/// are refused by some clients.
pub(crate) const MAX_TEXT: usize = 128;

/// Replaces the variables. A brace that begins none stays as it is: the text is somebody's wording, not a format.
pub(crate) fn fill(text: &str, facts: &Facts) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        filled.push_str(before);
        match from.find('}').and_then(|end| Some((value(&from[1..end], facts)?, end))) {
            Some((value, end)) => {
                filled.push_str(&value);
                rest = &from[end + 1..];
            }
            None => {
                filled.push('{');
                rest = &from[1..];
            }
        }
    }
    filled.push_str(rest);
    filled.chars().take(MAX_TEXT).collect()
}

fn value(name: &str, facts: &Facts) -> Option<String> {
    match name {
        "guilds" => Some(facts.guilds.to_string()),
        "users" => Some(facts.users.to_string()),
        "commands" => Some(facts.commands.to_string()),
        "shards" => Some(facts.shards.to_string()),
        "uptime" => Some(uptime(facts.uptime)),
        _ => None,
    }
}

/// The two greatest units: a status is read at a glance.
fn uptime(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    match (minutes / (24 * 60), minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes}m"),
        (0, hours, minutes) => format!("{hours}h {minutes}m"),
        (days, hours, _) => format!("{days}d {hours}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced_and_nothing_else() {
        let facts = Facts {
            guilds: 3,
            users: 70,
            commands: 24,
            shards: 2,
            uptime: Duration::from_secs(26 * 60 * 60 + 61),
        };
        for (text, filled) in [
            ("{guilds} servers | {users} users", "3 servers | 70 users"),
            ("{commands} commands, {shards} shards, up {uptime}", "24 commands, 2 shards, up 1d 2h"),
            ("{guilds.__class__} {} {{guilds}} {guil", "{guilds.__class__} {} {3} {guil"),
            ("{0} %s }{", "{0} %s }{"),
            ("", ""),
        ] {
            assert_eq!(fill(text, &facts), filled);
        }
        assert_eq!(fill(&"ü{guilds}".repeat(200), &facts).chars().count(), MAX_TEXT);
    }

    #[test]
    fn times_are_read_at_a_glance() {
        for (seconds, text) in [(59, "0m"), (3_599, "59m"), (3_600, "1h 0m"), (90_000, "1d 1h")] {
            assert_eq!(uptime(Duration::from_secs(seconds)), text);
        }
    }
}
