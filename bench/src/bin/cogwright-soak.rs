//! `cargo xtask soak`: see the library.

use std::process::ExitCode;

use cap::Cap;
use mimalloc::MiMalloc;

/// The one that the `cogwright` binary has, with a counter and no limit.
#[global_allocator]
static ALLOCATOR: Cap<MiMalloc> = Cap::new(MiMalloc, usize::MAX);

fn main() -> ExitCode {
    cogwright_bench::soak(|| ALLOCATOR.allocated())
}
