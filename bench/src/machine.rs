//! What the machine is, and what this process has used of it: read from `/proc`, so on Linux only.

use std::{fs, time::Duration};

use serde_json::{Value, json};

use crate::Outcome;

/// Clock ticks per second in `/proc`; 100 on every Linux that has users.
const TICKS: u64 = 100;

fn read(path: &str) -> Outcome<String> {
    fs::read_to_string(path)
        .map_err(|e| format!("{path}: {e} (the benchmarks read /proc: run them on Linux)"))
}

/// A line `key: value` of a file in `/proc`.
fn field(path: &str, key: &str) -> Outcome<String> {
    let text = read(path)?;
    let line = text.lines().find_map(|l| l.strip_prefix(key)?.trim_start().strip_prefix(':'));
    Ok(line.unwrap_or("unknown").trim().to_owned())
}

/// CPU time of a process so far, user and system, to 10 ms.
pub(crate) fn cpu_of(process: &str) -> Outcome<Duration> {
    let path = format!("/proc/{process}/stat");
    let text = read(&path)?;
    // The name in brackets may hold blanks; utime and stime are the 12th and 13th fields after it.
    let numbers: Vec<u64> = text
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse().ok())
        .collect();
    match numbers[..] {
        [user, system] => Ok(Duration::from_millis((user + system) * 1000 / TICKS)),
        _ => Err(format!("{path} is of a form we do not know")),
    }
}

/// CPU time of this process.
pub(crate) fn cpu() -> Outcome<Duration> {
    cpu_of("self")
}

/// Memory of this process in bytes: resident now, and at the most so far.
pub(crate) fn memory() -> Outcome<(u64, u64)> {
    memory_of("self")
}

/// Cores that the machine has, also where this process is pinned to one of them.
pub(crate) fn cores() -> usize {
    let known = fs::read_to_string("/proc/cpuinfo").map(|text| text.matches("processor\t").count());
    known.ok().filter(|count| *count > 0).unwrap_or(1)
}

/// The cores that a process may run on, as the kernel lists them: `0`, `0-3`.
pub(crate) fn cores_of(process: &str) -> Outcome<String> {
    field(&format!("/proc/{process}/status"), "Cpus_allowed_list")
}

/// Memory of a process in bytes: resident now, and at the most so far.
pub(crate) fn memory_of(process: &str) -> Outcome<(u64, u64)> {
    let path = format!("/proc/{process}/status");
    let bytes = |key| -> Outcome<u64> {
        let text = field(&path, key)?;
        let kib: Option<u64> = text.split_whitespace().next().and_then(|n| n.parse().ok());
        kib.map(|kib| kib * 1024).ok_or_else(|| format!("{path} has no {key}"))
    };
    Ok((bytes("VmRSS")?, bytes("VmHWM")?))
}

/// The machine, for the head of a report.
pub(crate) fn describe() -> Outcome<Value> {
    Ok(json!({
        "cpu": field("/proc/cpuinfo", "model name")?,
        "threads": cores(),
        "cores": cores_of("self")?,
        "memory": field("/proc/meminfo", "MemTotal")?,
        "kernel": read("/proc/sys/kernel/osrelease")?.trim(),
        "load_average": read("/proc/loadavg")?.split_whitespace().next().unwrap_or_default(),
        "build": if cfg!(debug_assertions) { "dev" } else { "release" },
    }))
}
