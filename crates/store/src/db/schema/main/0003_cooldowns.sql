-- Whom a cooldown is about, each kind of id in a column of its own; 0 is nobody's. Before, bucket, scope and id were one
-- text ('ban/user/7'). Of those that counted by guild or channel it is not known whether they are about a person (in direct
-- messages they are); they are dropped: losing one lets somebody run a command early, keeping it would hide whose it is.
ALTER TABLE cooldowns RENAME TO cooldowns_before;
DROP INDEX cooldowns_end;

CREATE TABLE cooldowns (
    bucket TEXT NOT NULL,
    scope TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    used INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (bucket, scope, user_id, guild_id, channel_id)
) WITHOUT ROWID;
CREATE INDEX cooldowns_end ON cooldowns (ends_at);
CREATE INDEX cooldowns_user ON cooldowns (user_id);
CREATE INDEX cooldowns_guild ON cooldowns (guild_id);

INSERT OR IGNORE INTO cooldowns
SELECT substr(bucket, 1, length(bucket) - length('/user/' || subject_id)), 'user', subject_id, 0, 0, used, began_at, ends_at
FROM cooldowns_before
WHERE scope = 'user' AND bucket LIKE '%_/user/' || subject_id;

INSERT OR IGNORE INTO cooldowns
SELECT substr(bucket, 1, length(bucket) - length('/global/0')), 'global', 0, 0, 0, used, began_at, ends_at
FROM cooldowns_before
WHERE scope = 'global' AND bucket LIKE '%_/global/0';

DROP TABLE cooldowns_before;
