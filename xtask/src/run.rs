//! `cargo xtask run`: from a clone to a chat with a bot.

use std::path::PathBuf;

use crate::{Outcome, process, root, web};

/// Sets up, builds and starts the playground; ends with it.
pub(crate) fn run(port: u16, args: &[String]) -> Outcome {
    web::build()?;
    println!("Building the release binary (some minutes the first time) ...");
    process::call(process::cargo(["build", "--release", "--locked", "-p", "cogwright"]))?;
    let binary = binary("release");
    let mut playground =
        process::command(&binary.to_string_lossy(), ["playground", "--port", &port.to_string()], &root());
    playground.args(args);
    process::call(playground)
}

/// Where cargo puts the binary.
pub(crate) fn binary(profile: &str) -> PathBuf {
    target_dir().join(profile).join("cogwright")
}

/// Cargo's target directory.
pub(crate) fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
