//! The pages of `atomicstats` and `atomictest`.

use std::time::SystemTime;

use cogwright_command::{Icon, Panel, Reply, Theme, Tone, show_duration};
use cogwright_store::{FileHealth, FileOperation, FileStats, OperationKind};

use super::{reason, stamp, under_way};
use crate::service::atomic::Probe;

/// Failures that are shown.
const FAILURES: usize = 3;

/// How the files do. `history` begins with the newest.
pub(crate) fn stats(stats: &FileStats, history: &[FileOperation], now: SystemTime, theme: &Theme) -> Reply {
    let (tone, health) = match stats.health() {
        FileHealth::Healthy => (Tone::Success, "Healthy"),
        FileHealth::Degraded => (Tone::Warning, "Degraded"),
        FileHealth::Critical => (Tone::Error, "Critical"),
    };
    let cache = format!(
        "Size: {}/{}\nTTL: {} s\nHit rate: {:.1} %\nHits: {}\nMisses: {}\nPast the cache: {}",
        stats.cache_size,
        stats.max_cache_size,
        stats.cache_ttl.as_secs(),
        stats.hit_rate(),
        stats.cache_hits,
        stats.cache_misses,
        stats.cache_bypasses,
    );
    let locks =
        format!("Active: {}\nKnown: {}\nCleanups: {}", stats.active_locks, stats.locks, stats.lock_cleanups);
    let operations = format!(
        "Reads: {}\nWrites: {}\nInvalidations: {}",
        stats.reads, stats.writes, stats.cache_invalidations
    );
    let health = format!(
        "Status: {health}\nWrite failures: {}\nRead failures: {}\nFailure rate: {:.2} %",
        stats.write_failures,
        stats.read_failures,
        stats.failure_rate(),
    );
    let uptime = now.duration_since(stats.since).unwrap_or_default();
    let mut panel = Panel::new(theme, tone, "Atomic File System Statistics")
        .fact("Cache", cache)
        .fact("Locks", locks)
        .fact("Operations", operations)
        .fact("Health", health)
        .fact("Uptime", show_duration(uptime));
    if let Some(hint) = stats.hint() {
        panel = panel.section("Hint", hint);
    }
    let failures = history.iter().filter_map(failure).take(FAILURES);
    let failures: Vec<_> = failures.collect();
    if !failures.is_empty() {
        panel = panel.list("Latest Failures", failures);
    }
    panel.reply()
}

fn failure(operation: &FileOperation) -> Option<String> {
    let what = match operation.kind {
        OperationKind::Read | OperationKind::CachedRead => "read",
        OperationKind::Write => "write",
    };
    let why = operation.error.as_deref()?;
    Some(format!("{} {what}: {}", stamp(operation.at, 'R'), reason(why)))
}

/// The tests are under way.
pub(crate) fn testing(theme: &Theme) -> Reply {
    under_way("Atomic File Operations Test", "Writing and reading a test file...", theme)
}

/// What the tests found.
pub(crate) fn tested(probes: &[Probe], theme: &Theme) -> Reply {
    let failed = probes.iter().filter(|probe| probe.result.is_err()).count();
    let (tone, icon) = if failed == 0 { (Tone::Success, Icon::Success) } else { (Tone::Error, Icon::Error) };
    let mut panel = Panel::new(theme, tone, "Atomic File Operations Test Complete");
    for Probe { name, took, result } in probes {
        let verdict = if result.is_ok() { "PASS" } else { "FAIL" };
        let mut text = format!("{:.2} ms", took.as_secs_f64() * 1_000.0);
        if let Err(why) = result {
            text = format!("{text}\n{}", reason(why));
        }
        panel = panel.fact(&format!("[{verdict}] {name}"), text);
    }
    let overall = if failed == 0 {
        format!("{} All {} tests passed", theme.icon(icon), probes.len())
    } else {
        format!("{} {failed} of {} tests failed", theme.icon(icon), probes.len())
    };
    panel.section("Overall Status", overall).reply()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use super::*;
    use crate::view::caches::tests::files;

    #[test]
    fn the_statistics() {
        let operation = |error: Option<&str>| FileOperation {
            kind: OperationKind::Write,
            path: PathBuf::from("a.json"),
            at: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_893_000),
            took: Duration::from_millis(3),
            error: error.map(str::to_owned),
        };
        let history = [operation(None), operation(Some("cannot write a.json: no space left"))];
        let now = files().since + Duration::from_secs(3_660);
        insta::assert_json_snapshot!(stats(&files(), &history, now, &Theme::default()));
    }

    #[test]
    fn colours_follow_the_rate_of_failures() {
        let theme = Theme::default();
        for (failures, tone) in
            [(0, Tone::Success), (2, Tone::Success), (3, Tone::Warning), (15, Tone::Error)]
        {
            let files = FileStats { read_failures: 0, write_failures: failures, ..files() };
            let reply = stats(&files, &[], files.since, &theme);
            assert_eq!(reply.embeds()[0].color, Some(theme.colour(tone)), "{failures}");
        }
    }

    #[test]
    fn the_tests() {
        let probe = |name, result| Probe { name, took: Duration::from_micros(1_234), result };
        let failed = Err("the file is *not* there".to_owned());
        let probes = [probe("Write", Ok(())), probe("Concurrent writes", failed)];
        insta::assert_json_snapshot!(tested(&probes, &Theme::default()));
        let reply = tested(&probes[..1], &Theme::default());
        assert_eq!(reply.embeds()[0].fields[1].value, "✅ All 1 tests passed");
    }
}
