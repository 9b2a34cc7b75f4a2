//! What Discord shows under the bot's name.

use super::{Initial, Section, Setting};
use crate::rules;
use crate::shape::{Part, Shape};

const TYPES: Shape = Shape::Choice(&["playing", "watching", "listening", "competing", "streaming", "custom"]);
const PRESENCES: Shape = Shape::Choice(&["online", "dnd", "idle", "invisible"]);

pub(super) const SECTION: Section = Section {
    title: "Status",
    settings: &[
        Setting::file("status.type", TYPES, Initial::Text("watching"), "The kind of activity shown.")
            .generated(),
        Setting::file(
            "status.text",
            Shape::Text(rules::status),
            Initial::Text("{guilds} servers"),
            "The text shown. {guilds}, {users}, {commands}, {shards} and {uptime} are replaced.",
        )
        .generated(),
        Setting::file("status.presence", PRESENCES, Initial::Text("online"), "The dot beside the name."),
        Setting::file(
            "status.statuses",
            Shape::List(&Shape::Object(&[
                Part { name: "type", shape: TYPES, default: Some("watching") },
                Part { name: "text", shape: Shape::Text(rules::status), default: None },
                Part { name: "presence", shape: PRESENCES, default: Some("online") },
            ])),
            Initial::NoList,
            "Statuses shown in turn: a list of {\"type\", \"text\", \"presence\"}. With an empty list the single status above holds.",
        ),
        Setting::file(
            "status.interval",
            Shape::Integer(15, 86_400),
            Initial::Integer(300),
            "Seconds until the next status.",
        ),
        Setting::file(
            "status.log_status_updates",
            Shape::Bool,
            Initial::Bool(false),
            "Whether each change of the status is logged.",
        ),
    ],
};
