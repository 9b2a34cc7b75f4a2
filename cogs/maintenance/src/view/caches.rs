//! The page of `cachestats`.

use std::fmt::Write as _;

use cogwright_command::{Icon, Panel, Reply, Theme, Tone};
use cogwright_discord::RestStats;

use super::count;
use crate::service::caches::Caches;

/// What all caches hold.
pub(crate) fn caches(caches: &Caches, theme: &Theme) -> Reply {
    let Caches { running, rest, .. } = caches;
    let title = format!("{} Cache Statistics", theme.icon(Icon::Stats));
    let mut panel = Panel::new(theme, Tone::Info, title);
    for (name, text) in stored(caches) {
        panel = panel.fact(name, text);
    }
    let metrics =
        format!("Tracked: {}\nMessages: {}", count(running.tracked_commands, "command"), running.messages);
    panel
        .fact("Metrics", metrics)
        .fact("Gateway Cache", count(running.cached_guilds, "server"))
        .section("Requests to Discord", requests(rest))
        .reply()
}

/// What `cleanup` shows as well.
pub(super) fn stored(caches: &Caches) -> [(&'static str, String); 3] {
    let Caches { files, settings, database, .. } = caches;
    let age = settings.max_age.as_secs();
    [
        (
            "File Cache",
            format!(
                "Size: {}/{}\nLocks: {} ({} held)\nHit rate: {:.0} %",
                files.cache_size,
                files.max_cache_size,
                files.locks,
                files.active_locks,
                files.hit_rate()
            ),
        ),
        (
            "Prefix Cache",
            format!(
                "Prefixes of guilds: {}/{}\nRules of guilds: {}/{}\nTTL: {age} s",
                settings.prefixes, settings.capacity, settings.rules, settings.capacity
            ),
        ),
        (
            "Database",
            format!(
                "Open files: {}/{} and main.db\nPer-guild: enabled",
                database.open_guilds(),
                database.max_open_guilds
            ),
        ),
    ]
}

fn requests(rest: &RestStats) -> String {
    let (limited, invalid) = (rest.limited, rest.invalid);
    let mut text = format!(
        "Sent: {} ({} again), waiting: {}\nRate limited: {} own, {} global, {} shared\nRefused: {}, Discord's faults: {}, \
         broken: {}\nInvalid requests: {} of {} in {} min, stops at {}",
        rest.sent,
        rest.retries,
        rest.waiting,
        limited.user,
        limited.global,
        limited.shared,
        rest.refused,
        rest.server_errors,
        rest.broken,
        invalid.used,
        invalid.allowed,
        invalid.window.as_secs() / 60,
        invalid.ceiling,
    );
    if !rest.global_limit.is_zero() {
        let _ = write!(text, "\nEverything waits for {} s", rest.global_limit.as_secs() + 1);
    }
    text
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::{Duration, SystemTime};

    use cogwright_command::CacheStats;
    use cogwright_discord::{InvalidBudget, LimitCounts};
    use cogwright_store::{DatabaseStats, FileStats, SlowQuery, ThreadStats};

    use super::*;
    use crate::service::testing::Bot;

    pub(crate) fn files() -> FileStats {
        FileStats {
            cache_size: 12,
            max_cache_size: 1_000,
            cache_ttl: Duration::from_secs(300),
            locks: 15,
            active_locks: 1,
            reads: 200,
            writes: 98,
            cache_hits: 60,
            cache_misses: 40,
            cache_bypasses: 7,
            read_failures: 1,
            write_failures: 5,
            lock_cleanups: 3,
            cache_invalidations: 21,
            since: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_800_000),
        }
    }

    pub(crate) fn database() -> DatabaseStats {
        let thread = |name: &str, open_files, millis| ThreadStats {
            name: name.to_owned(),
            open_files,
            queued: 2,
            queries: 1_000,
            commits: 40,
            total: Duration::from_millis(millis),
            slowest: Some(SlowQuery {
                sql: "SELECT value FROM guild_settings WHERE key = ?".to_owned(),
                took: Duration::from_micros(millis * 10),
            }),
        };
        DatabaseStats {
            threads: vec![thread("store main", 1, 900), thread("store guilds 0", 3, 250)],
            max_open_guilds: 256,
        }
    }

    pub(crate) fn some() -> Caches {
        let rest = RestStats {
            sent: 5_000,
            retries: 12,
            limited: LimitCounts { user: 4, global: 1, shared: 2 },
            refused: 9,
            waiting: 3,
            global_limit: Duration::from_millis(2_500),
            invalid: InvalidBudget {
                used: 6,
                allowed: 10_000,
                remaining: 9_994,
                ceiling: 8_000,
                window: Duration::from_secs(600),
            },
            ..RestStats::default()
        };
        let settings =
            CacheStats { prefixes: 40, rules: 1, capacity: 10_000, max_age: Duration::from_secs(600) };
        Caches { files: files(), settings, database: database(), running: Bot::sound().running, rest }
    }

    #[test]
    fn the_caches() {
        insta::assert_json_snapshot!(caches(&some(), &Theme::default()));
    }
}
