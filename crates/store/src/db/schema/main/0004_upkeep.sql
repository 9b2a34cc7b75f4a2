-- Deletions of guilds' data that were begun; a row goes in the commit that removes the last of its guild.
CREATE TABLE guild_deletions (
    guild_id INTEGER PRIMARY KEY,
    user_id INTEGER,
    channel_id INTEGER,
    at INTEGER NOT NULL
);

-- Whether a change is about the bot as a whole, wherever it was said.
ALTER TABLE audit ADD COLUMN bot_wide INTEGER NOT NULL DEFAULT 0;
UPDATE audit SET bot_wide = 1
WHERE guild_id IS NULL OR setting = 'import' OR setting LIKE 'status.%' OR setting LIKE 'guild_data.%';

-- Nothing was ever written here: components that outlive a restart carry what they need in their custom ids.
DROP TABLE persistent_views;
