//! What the commands answer.

use std::fmt::Write as _;
use std::time::Duration;

use cogwright_command::{Icon, Reply, Theme, Tone, plain};
use cogwright_config::StatusEntry;

use crate::service::{Listing, Origin, activity, presence};

/// The whole list.
pub(crate) fn listing(listing: &Listing, theme: &Theme) -> Reply {
    let mut text = String::new();
    for (place, entry) in listing.entries.iter().enumerate() {
        let mark = theme.icon(if place == listing.current { Icon::Next } else { Icon::Bullet });
        let _ = writeln!(text, "{mark} **{}.** {}", place + 1, line(entry));
    }
    let _ = write!(text, "\nEach is shown for {}. ", time(listing.interval));
    text.push_str(match listing.origin {
        Origin::Config => "The list is that of `config.json`.",
        Origin::Changed => "The list was changed by commands, which goes before `config.json`.",
    });
    Reply::new().embed(theme.embed(Tone::Info, Icon::Info, "Statuses", &text, None))
}

/// What a change has led to: the last of the list is the one that was added.
pub(crate) fn added(listing: &Listing) -> String {
    let count = listing.entries.len();
    let last = listing.entries.last().map(line).unwrap_or_default();
    format!("{last}\nThat makes {count}, each shown for {}.", time(listing.interval))
}

/// The one that is shown now.
pub(crate) fn shown(listing: &Listing) -> String {
    listing.entries.get(listing.current).map(line).unwrap_or_default()
}

fn line(entry: &StatusEntry) -> String {
    format!("{} “{}” ({})", activity(entry.kind), plain(&entry.text), presence(entry.presence))
}

/// A time in its greatest unit that is whole.
pub(crate) fn time(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds % 3_600 == 0 => format!("{} h", seconds / 3_600),
        seconds if seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}
