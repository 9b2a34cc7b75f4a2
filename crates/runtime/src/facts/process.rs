//! What the system says of this process. It tells on Linux; elsewhere nothing is known, and nothing is made up. Reading it may
//! block, so it is read beside and remembered.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use cogwright_lifecycle::CancellationToken;

/// How often it is read.
const PERIOD: Duration = Duration::from_secs(5);

/// The figures as they were read last; 0 for what the system does not tell.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    memory: AtomicU64,
    memory_limit: AtomicU64,
    threads: AtomicU64,
}

impl Figures {
    /// Memory in use, in bytes.
    pub(crate) fn memory(&self) -> Option<u64> {
        told(&self.memory)
    }

    /// The most memory that this process may use, in bytes, where a control group bounds it.
    pub(crate) fn memory_limit(&self) -> Option<u64> {
        told(&self.memory_limit)
    }

    /// Threads.
    pub(crate) fn threads(&self) -> Option<usize> {
        told(&self.threads).and_then(|count| usize::try_from(count).ok())
    }

    /// Reads now.
    pub(crate) async fn read(self: &Arc<Self>) {
        let this = Arc::clone(self);
        let read = move || {
            let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
            this.memory.store(field(&status, "VmRSS").unwrap_or(0) * 1024, Relaxed);
            this.threads.store(field(&status, "Threads").unwrap_or(0), Relaxed);
            let limit = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
            let limit = limit.and_then(|text| text.trim().parse().ok());
            this.memory_limit.store(limit.unwrap_or(0), Relaxed);
        };
        if let Err(error) = tokio::task::spawn_blocking(read).await {
            tracing::debug!(%error, "what the system says of this process is not known");
        }
    }

    /// Reads again and again until `stop`.
    pub(crate) async fn keep_reading(self: Arc<Self>, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(PERIOD) => self.read().await,
            }
        }
    }
}

fn told(figure: &AtomicU64) -> Option<u64> {
    Some(figure.load(Relaxed)).filter(|figure| *figure > 0)
}

/// A number of `/proc/self/status`; see proc(5).
fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_found_by_its_whole_name() {
        let status = "VmRSSX:\t1 kB\nVmRSS:\t  2048 kB\nThreads:\t7\n";
        assert_eq!(
            (field(status, "VmRSS"), field(status, "Threads"), field(status, "Vm")),
            (Some(2048), Some(7), None)
        );
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn linux_tells() {
        let figures = Arc::<Figures>::default();
        assert_eq!(figures.memory(), None, "nothing is made up");
        figures.read().await;
        assert!(figures.memory().expect("is told") > 1_000_000);
        assert!(figures.threads().expect("is told") >= 1);
    }
}
