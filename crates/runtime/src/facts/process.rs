//! What the system says of this process. It tells on Linux; elsewhere nothing is known, and nothing is made up.

/// Memory in use, in bytes.
pub(crate) fn memory() -> Option<u64> {
    field("VmRSS").map(|kib| kib * 1024)
}

/// Threads.
pub(crate) fn threads() -> Option<usize> {
    field("Threads").and_then(|count| usize::try_from(count).ok())
}

/// The most memory that this process may use, in bytes, where a control group bounds it.
pub(crate) fn memory_limit() -> Option<u64> {
    let text = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok()?;
    text.trim().parse().ok()
}

/// A number of `/proc/self/status`; see proc(5).
fn field(name: &str) -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn linux_tells() {
        assert!(super::memory().expect("is told") > 1_000_000);
        assert!(super::threads().expect("is told") >= 1);
    }
}
