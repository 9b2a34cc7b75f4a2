//! Who the bot is, whom it obeys, and what calls it.

use super::{Initial, Section, Setting};
use crate::rules;
use crate::shape::Shape;

pub(super) const SECTION: Section = Section {
    title: "The bot",
    settings: &[
        Setting::env(
            "DISCORD_TOKEN",
            "token",
            Shape::Text(rules::token),
            Initial::Unset,
            "The bot's token, from the Bot page of its application in Discord's developer portal. Nothing starts without it.",
        )
        .secret()
        .example("your_bot_token_here"),
        Setting::env(
            "BOT_OWNER_ID",
            "owner",
            Shape::Id,
            Initial::Unset,
            "The user id of the person who runs the bot. Without it the owner of the application is taken.",
        )
        .example("your_discord_user_id"),
        Setting::file(
            "prefix",
            Shape::Text(rules::prefix),
            Initial::Text("!"),
            "What a message begins with to be read as a command, up to 10 characters. Guilds can set their own with setprefix.",
        )
        .generated()
        .live()
        .or_env("COGWRIGHT_PREFIX"),
        Setting::file(
            "allow_mention_prefix",
            Shape::Bool,
            Initial::Bool(true),
            "Whether a mention of the bot works like the prefix. Guilds can decide for themselves with mentionprefix.",
        )
        .generated()
        .live(),
        Setting::file(
            "owner_ids",
            Shape::List(&Shape::Id),
            Initial::NoList,
            "User ids of further bot owners, beside BOT_OWNER_ID.",
        )
        .generated(),
        Setting::file(
            "team_owners",
            Shape::Bool,
            Initial::Bool(true),
            "Whether owner, admins and developers of the application's team count as bot owners.",
        ),
    ],
};
