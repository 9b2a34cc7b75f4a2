//! How the answers look.

pub(crate) mod caches;
pub(crate) mod cleanup;
pub(crate) mod database;
pub(crate) mod files;
pub(crate) mod integrity;
pub(crate) mod sync;
pub(crate) mod why;

use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) use cogwright_command::counted as count;
use cogwright_command::{Icon, Panel, Reply, Theme, Tone, plain, show_duration};

use crate::progress::DEADLINE;

/// Longest reason of a failure that is shown, in characters; the log has all of it.
const MAX_REASON: usize = 200;

/// Something failed as a whole.
pub(crate) fn failed(title: &str, why: &str, theme: &Theme) -> Reply {
    let title = format!("{} {title}", theme.icon(Icon::Error));
    Panel::new(theme, Tone::Error, title).text(reason(why)).reply()
}

/// Something was given up because it took too long.
pub(crate) fn gave_up(what: &str, theme: &Theme) -> Reply {
    let title = format!("{} {what} Stopped", theme.icon(Icon::Warning));
    let text = format!(
        "It was not done within {}. The log has what is known; try again later.",
        show_duration(DEADLINE)
    );
    Panel::new(theme, Tone::Warning, title).text(text).reply()
}

/// Something is under way.
fn under_way(title: &str, text: &str, theme: &Theme) -> Reply {
    Panel::new(theme, Tone::Warning, title).text(text).reply()
}

/// A reason that came from elsewhere: harmless, and not too long.
fn reason(text: &str) -> String {
    let mut short: String = text.chars().take(MAX_REASON).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    plain(&short)
}

/// In the greatest unit that leaves a number of at least one.
fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if count < 1_024 {
        return format!("{count} B");
    }
    let mut amount = count as f64 / 1_024.0;
    let mut unit = 0;
    while amount >= 1_023.95 && unit + 1 < UNITS.len() {
        amount /= 1_024.0;
        unit += 1;
    }
    format!("{amount:.1} {}", UNITS[unit])
}

/// A time as everybody's own clock shows it. `style` is Discord's: R = how long ago, f = date and time.
fn stamp(at: SystemTime, style: char) -> String {
    let seconds = at.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    format!("<t:{seconds}:{style}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (count, text) in [
            (0, "0 B"),
            (1_023, "1023 B"),
            (1_536, "1.5 KiB"),
            ((1 << 20) - 1, "1.0 MiB"),
            (5 << 30, "5.0 GiB"),
            (u64::MAX, "16777216.0 TiB"),
        ] {
            assert_eq!(bytes(count), text);
        }
    }

    #[test]
    fn failures_are_short_and_harmless() {
        let reply = failed("Sync Failed", &"<@1> **x** ".repeat(100), &Theme::default());
        let text = reply.embeds()[0].description.clone().unwrap();
        assert!(text.starts_with("\\<@\u{200b}1\\> \\*\\*x") && text.ends_with('…'), "{text}");
        assert!(
            gave_up("Backup", &Theme::default()).embeds()[0].description.clone().unwrap().contains("10m")
        );
    }
}
