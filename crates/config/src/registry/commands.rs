//! How commands behave.

use super::{Initial, Section, Setting};
use crate::rules;
use crate::shape::Shape;

pub(super) const SECTION: Section = Section {
    title: "Commands",
    settings: &[
        Setting::file(
            "cooldowns.default_rate",
            Shape::Integer(1, 1_000),
            Initial::Integer(3),
            "How often a user may call, within default_per, a command that asks for the default (`cooldown = \"default per user\"`). Of the built-in commands about and demo do; the others have cooldowns of their own or none.",
        ).live()
        .generated(),
        Setting::file(
            "cooldowns.default_per",
            Shape::Number(0.5, 86_400.0),
            Initial::Number(5.0),
            "The seconds that default_rate is counted over.",
        ).live()
        .generated(),
        Setting::file(
            "command_permissions",
            Shape::Table(&Shape::List(&Shape::Id)),
            Initial::NoTable,
            "Roles that a command needs, in all guilds: {\"ban\": [\"role id\"]}. A rule that a guild makes with config overrides it.",
        ).live()
        .generated(),
        Setting::file(
            "commands.disabled",
            Shape::List(&Shape::Text(rules::line)),
            Initial::NoList,
            "Commands that do not exist for anybody, help included, so that another can take their place.",
        ),
        Setting::file(
            "commands.edit_tracking",
            Shape::Bool,
            Initial::Bool(false),
            "Whether editing the message that called a command within five minutes calls it again and edits the answer.",
        )
        .live(),
        Setting::file(
            "slash_limiter.max_limit",
            Shape::Integer(1, 100),
            Initial::Integer(100),
            "The most slash commands that are registered. 100 is Discord's own limit.",
        )
        .generated(),
        Setting::file(
            "slash_limiter.warning_threshold",
            Shape::Integer(1, 100),
            Initial::Integer(90),
            "The number of slash commands from which on a warning is logged.",
        )
        .generated(),
        Setting::file(
            "slash_limiter.safe_limit",
            Shape::Integer(1, 100),
            Initial::Integer(95),
            "The number of slash commands from which on new ones become prefix commands.",
        )
        .generated(),
        Setting::file(
            "slash_limiter.debug_mode",
            Shape::Bool,
            Initial::Bool(false),
            "Whether botlogs/debug_slashlimiter.log tells why each command has a slash form, and not only which have none.",
        ),
        Setting::file(
            "auto_delete.success",
            Shape::ZeroOr(5, 15),
            Initial::Integer(10),
            "Seconds after which the bot deletes its confirmations; 0 keeps them.",
        ).live(),
        Setting::file(
            "auto_delete.error",
            Shape::ZeroOr(5, 15),
            Initial::Integer(10),
            "Seconds after which the bot deletes its error messages; 0 keeps them.",
        ).live(),
        Setting::file(
            "auto_delete.invocation",
            Shape::Bool,
            Initial::Bool(true),
            "Whether the message that called the command is deleted with the confirmation, if the bot may.",
        ).live(),
    ],
};
