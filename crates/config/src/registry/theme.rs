//! The one table of colours and emoji.

use super::{Initial, Section, Setting};
use crate::rules;
use crate::shape::Shape;

const fn colour(key: &'static str, default: u32, about: &'static str) -> Setting {
    Setting::file(key, Shape::Colour, Initial::Colour(default), about).live()
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
    ],
};
