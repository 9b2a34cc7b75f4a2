//! What is kept, and for how long.

use super::{Initial, Section, Setting};
use crate::rules;
use crate::shape::Shape;

pub(super) const SECTION: Section = Section {
    title: "Database",
    settings: &[
        Setting::file(
            "database.base_path",
            Shape::Text(rules::line),
            Initial::Text("./data"),
            "The folder of all databases, seen from where the bot is started. --data overrides it.",
        )
        .generated(),
        Setting::file(
            "database.path",
            Shape::Text(rules::line),
            Initial::Unset,
            "Where older installations had their one database. Only the import of such an installation reads it.",
        )
        .later(),
        Setting::file(
            "database.backup.interval",
            Shape::Integer(0, 720),
            Initial::Integer(24),
            "Hours between scheduled backups; 0 makes none.",
        ),
        Setting::file(
            "database.backup.keep",
            Shape::Integer(0, 1_000),
            Initial::Integer(7),
            "How many backups of each database are kept; 0 keeps any number.",
        ),
        Setting::file(
            "database.backup.days",
            Shape::Integer(0, 3_650),
            Initial::Integer(30),
            "Days after which a backup is removed, the newest excepted; 0 keeps them for ever.",
        ),
        Setting::file(
            "database.backup.at_shutdown",
            Shape::Bool,
            Initial::Bool(true),
            "Whether what changed since the last backup is backed up when the bot stops, for at most 5 seconds.",
        ),
    ],
};
