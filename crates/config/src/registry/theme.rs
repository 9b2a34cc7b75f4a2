//! The one table of colours and emoji.

use super::{Initial, Section, Setting};
use crate::rules;
use crate::shape::Shape;

const fn colour(key: &'static str, default: u32, about: &'static str) -> Setting {
    Setting::file(key, Shape::Colour, Initial::Colour(default), about).live()
}

const fn unicode(key: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting::file(key, Shape::Text(rules::unicode_emoji), Initial::Text(default), about).live()
}

const fn cell(key: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting::file(key, Shape::Text(rules::cell), Initial::Text(default), about).live()
}

const fn emoji(key: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting::file(key, Shape::Text(rules::emoji), Initial::Text(default), about).live()
}

pub(super) const SECTION: Section = Section {
    title: "Colours and emoji",
    settings: &[
        colour("theme.colours.success", 0x00ff00, "Confirmations."),
        colour("theme.colours.error", 0xff0000, "Errors."),
        colour("theme.colours.warning", 0xffff00, "Warnings."),
        colour("theme.colours.info", 0x5865f2, "Information."),
        colour("theme.colours.main_menu", 0x2b2d31, "The first page of the help menu."),
        colour("theme.colours.categories", 0x5865f2, "The other pages of the help menu."),
        colour("theme.colours.credits", 0xffd700, "Credits."),
        emoji("theme.emoji.success", "✅", "Success."),
        emoji("theme.emoji.error", "❌", "Error."),
        emoji("theme.emoji.warning", "⚠️", "Warning."),
        emoji("theme.emoji.info", "ℹ️", "Information."),
        emoji("theme.emoji.restricted", "🔒", "What is not for everybody."),
        emoji("theme.emoji.cooldown", "⏱️", "A cooldown."),
        emoji("theme.emoji.reload", "🔄", "Reload."),
        emoji("theme.emoji.stats", "📊", "Figures."),
        emoji("theme.emoji.settings", "⚙️", "Settings."),
        emoji("theme.emoji.tools", "🔧", "Tools."),
        emoji("theme.emoji.previous", "◀️", "The page before."),
        emoji("theme.emoji.next", "▶️", "The next page."),
        emoji("theme.emoji.home", "🏠", "The first page."),
        emoji("theme.emoji.help", "📚", "Help."),
        emoji("theme.emoji.extensions", "📦", "Extensions."),
        emoji("theme.emoji.database", "🗄️", "Databases."),
        emoji("theme.emoji.hybrid", "⚡", "A command that works with the prefix and as a slash command."),
        emoji("theme.emoji.prefix_only", "🔸", "A command that works only with the prefix."),
        emoji("theme.emoji.converted", "🔹", "A slash command that became a prefix command."),
        emoji("theme.emoji.slash_only", "▫️", "A command that works only as a slash command."),
        emoji("theme.emoji.bullet", "▫️", "An entry of a list."),
        emoji("theme.emoji.bot", "🤖", "What this framework is."),
        emoji("theme.emoji.credits", "✨", "Credits."),
        unicode("theme.emoji.love", "❤️", "In footers, where no emoji of guilds show: of Unicode."),
        emoji("theme.emoji.ping", "🏓", "How fast the bot answers."),
        emoji("theme.emoji.uptime", "⏱️", "How long the bot runs."),
        emoji("theme.emoji.guilds", "🌐", "How many guilds there are."),
        emoji("theme.emoji.users", "👥", "How many users there are."),
        emoji("theme.emoji.commands", "📝", "How many commands were run."),
        emoji("theme.emoji.messages", "💬", "How many messages were seen."),
        emoji("theme.emoji.latency", "📡", "The gateway's latency."),
        emoji("theme.emoji.slash", "📋", "How many slash commands there are."),
        emoji("theme.emoji.top", "🔥", "What is used most."),
        emoji("theme.emoji.totals", "🗂️", "Figures over all starts."),
        emoji("theme.emoji.modules", "📌", "What is loaded."),
        emoji("theme.emoji.shards", "🔀", "Shards."),
        emoji("theme.emoji.here", "📍", "The shard of this guild."),
        emoji("theme.emoji.search", "🔍", "A search for faults."),
        emoji("theme.emoji.backup", "💾", "Backups."),
        emoji("theme.emoji.cleanup", "🧹", "Clearing up."),
        cell("theme.bar.full", "█", "A cell of a bar: done, or in use."),
        cell("theme.bar.free", "░", "A cell of a bar: still to be done, or free."),
        cell("theme.bar.kept", "▒", "A cell of a bar: free, but not for everything."),
    ],
};
