-- Times are milliseconds since 1970, UTC.
CREATE TABLE bot_settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE usage (
    command_name TEXT PRIMARY KEY,
    usage_count INTEGER NOT NULL DEFAULT 0,
    error_count INTEGER NOT NULL DEFAULT 0,
    last_used INTEGER,
    last_error TEXT,
    last_error_at INTEGER
) WITHOUT ROWID;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    change_id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    user_id INTEGER,
    guild_id INTEGER,
    channel_id INTEGER,
    setting TEXT NOT NULL,
    old_value TEXT,
    new_value TEXT
);
CREATE INDEX audit_guild ON audit (guild_id, id);

-- Changes in guild files whose audit row may not have arrived yet.
CREATE TABLE audit_open (
    change_id TEXT PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE cooldowns (
    bucket TEXT NOT NULL,
    scope TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL,
    used INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (bucket, scope, subject_id, guild_id)
) WITHOUT ROWID;
CREATE INDEX cooldowns_end ON cooldowns (ends_at);

CREATE TABLE gateway_sessions (
    shard_id INTEGER PRIMARY KEY,
    shard_count INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    resume_url TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    snapshot_sequence INTEGER,
    snapshot BLOB
);

CREATE TABLE status_list (
    position INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    text TEXT NOT NULL,
    presence TEXT NOT NULL
);

CREATE TABLE withheld_commands (
    guild_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    origin TEXT NOT NULL,
    reason TEXT NOT NULL,
    withheld_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, name)
) WITHOUT ROWID;

CREATE TABLE persistent_views (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    guild_id INTEGER,
    channel_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    user_id INTEGER,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at INTEGER
) WITHOUT ROWID;
CREATE INDEX persistent_views_message ON persistent_views (message_id);
