//! Rebuilds this crate when the built playground changes; nothing else needs building here.

use std::path::Path;

const PACKAGE: &str = "../../web/playground";
const DIST: &str = "../../web/playground/dist";

fn main() {
    // A watched path that does not exist would make cargo rebuild this crate and relink the
    // binary every time. So before the first web build the folder around it is watched.
    let watched = if Path::new(DIST).is_dir() { DIST } else { PACKAGE };
    println!("cargo:rerun-if-changed={watched}");
    println!("cargo:rerun-if-changed=build.rs");
}
