-- The original counted the uses of a command in global_stats, as cmd_<name>. A data folder of it that is used in place
-- keeps these counts; the rows stay where they are.
INSERT INTO usage (command_name, usage_count)
SELECT substr(key, 5), CAST(value AS INTEGER)
FROM global_stats
WHERE key GLOB 'cmd_?*' AND length(CAST(key AS BLOB)) <= 260
    AND value GLOB '[0-9]*' AND value NOT GLOB '*[^0-9]*' AND length(value) <= 18
ON CONFLICT (command_name) DO UPDATE SET usage_count = usage_count + excluded.usage_count;
