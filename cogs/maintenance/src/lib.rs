//! Looking after the bot.
