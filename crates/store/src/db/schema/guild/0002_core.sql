ALTER TABLE command_stats ADD COLUMN error_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE command_stats ADD COLUMN last_error TEXT;
ALTER TABLE command_stats ADD COLUMN last_error_at TIMESTAMP;

CREATE TABLE role_rules (
    command_name TEXT NOT NULL,
    role_id INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (command_name, role_id)
) WITHOUT ROWID;

-- Audit rows on their way to main.db, committed together with what they tell of.
CREATE TABLE audit_outbox (
    change_id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    user_id INTEGER,
    channel_id INTEGER,
    setting TEXT NOT NULL,
    old_value TEXT,
    new_value TEXT
) WITHOUT ROWID;
