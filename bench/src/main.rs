//! `cargo xtask bench`: see the library.

use std::process::ExitCode;

/// The one that the `cogwright` binary has.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cogwright_bench::bench()
}
