//! The panel that a started bot shows in the terminal.

use std::fmt::Write as _;
use std::time::Duration;

use cogwright_config::Presence;

/// Cells between the borders.
const WIDTH: usize = 78;

/// What the panel tells.
#[derive(Clone, Debug)]
pub(crate) struct Panel {
    pub(crate) name: String,
    pub(crate) user: u64,
    /// The owners' ids.
    pub(crate) owners: Vec<u64>,
    pub(crate) latency: Option<Duration>,
    /// Time from the start of the process to the bot being ready.
    pub(crate) took: Duration,
    pub(crate) guilds: u64,
    pub(crate) users: u64,
    /// What is shown beside the bot's name.
    pub(crate) presence: Presence,
    /// When the process began, for people.
    pub(crate) began: String,
    /// The commands that are registered as slash commands, counted as Discord does.
    pub(crate) slash: usize,
    /// Those for which there was no room.
    pub(crate) withheld: usize,
    pub(crate) prefix: String,
    pub(crate) shards: u32,
    /// The shards of this process.
    pub(crate) shard_ids: Vec<u32>,
    /// The data folder.
    pub(crate) data: String,
}

impl Panel {
    /// The panel as lines, with colour or without.
    pub(crate) fn render(&self, colour: bool) -> String {
        let owners = match self.owners.as_slice() {
            [] => "nobody (set BOT_OWNER_ID)".to_owned(),
            owners => list(owners),
        };
        let latency = self.latency.map_or("not measured yet".to_owned(), |latency| {
            format!("{:.2} ms", latency.as_secs_f64() * 1_000.0)
        });
        let rows = [
            ("User", format!("{} ({})", self.name, self.user)),
            ("Owner", owners),
            ("Status", word(self.presence).to_owned()),
            ("Latency", latency),
            ("Started", format!("{}, ready after {:.2} s", self.began, self.took.as_secs_f64())),
            ("Servers", format!("{} with {} users", self.guilds, self.users)),
            ("Commands", self.commands()),
            ("Shards", self.shards.to_string()),
            ("Shard IDs", list(&self.shard_ids)),
            ("Data", self.data.clone()),
        ];
        let (on, off) = if colour { ("\x1b[36m", "\x1b[0m") } else { ("", "") };
        let title = " Cogwright is running ";
        let mut text = String::new();
        let rest = "─".repeat(WIDTH - title.chars().count() - 2);
        let _ = writeln!(text, "{on}╭──{off}{title}{on}{rest}╮{off}");
        for (label, value) in rows {
            let line = format!("{label:<12}{}", shown(&value));
            let line: String = line.chars().take(WIDTH - 2).collect();
            let _ = writeln!(text, "{on}│{off} {line:<width$} {on}│{off}", width = WIDTH - 2);
        }
        let _ = write!(text, "{on}╰{}╯{off}", "─".repeat(WIDTH));
        text
    }

    fn commands(&self) -> String {
        let withheld = match self.withheld {
            0 => String::new(),
            n => format!(", {n} more by prefix only"),
        };
        format!("{} slash{withheld}; prefix {}", self.slash, self.prefix)
    }
}

/// A presence as Discord's clients call it.
fn word(presence: Presence) -> &'static str {
    match presence {
        Presence::Online => "Online",
        Presence::Dnd => "Do Not Disturb",
        Presence::Idle => "Idle",
        Presence::Invisible => "Invisible",
    }
}

/// The bot's name is its owner's choice, but no reason to break the frame.
fn shown(value: &str) -> String {
    value.chars().filter(|c| !c.is_control()).collect()
}

/// The first few, and how many more.
fn list<T: ToString>(items: &[T]) -> String {
    const SHOWN: usize = 8;
    let mut text = items.iter().take(SHOWN).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if items.len() > SHOWN {
        let _ = write!(text, " and {} more", items.len() - SHOWN);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel() -> Panel {
        Panel {
            name: "Cog\n Bot".to_owned(),
            user: 123_456_789_012_345_678,
            owners: vec![234_567_890_123_456_789],
            latency: Some(Duration::from_micros(41_236)),
            took: Duration::from_millis(812),
            guilds: 12,
            users: 3_456,
            presence: Presence::Idle,
            began: "2026-11-28 20:42:47 UTC".to_owned(),
            slash: 23,
            withheld: 0,
            prefix: "!".to_owned(),
            shards: 16,
            shard_ids: (0..16).collect(),
            data: "./data".to_owned(),
        }
    }

    #[test]
    fn the_panel_reads_well() {
        insta::assert_snapshot!(panel().render(false));
    }

    #[test]
    fn what_has_no_slash_form_is_told() {
        let text = Panel { withheld: 6, ..panel() }.render(false);
        assert!(text.contains("23 slash, 6 more by prefix only; prefix !"), "{text}");
    }

    #[test]
    fn every_line_is_as_wide() {
        let long = Panel { name: "x".repeat(200), owners: Vec::new(), latency: None, ..panel() };
        let text = long.render(false);
        assert!(text.lines().all(|line| line.chars().count() == WIDTH + 2), "{text}");
        assert!(text.contains("BOT_OWNER_ID"));
        assert!(panel().render(true).contains("\x1b[36m"));
    }
}
