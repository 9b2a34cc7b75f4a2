//! `cargo xtask gen`: committed files that are made, not written.

mod routes;
mod screenshot;

use clap::ValueEnum;

use crate::Outcome;

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum What {
    /// The table of all routes, from Discord's official OpenAPI
    Routes,
    /// docs/src/parity.md: which routes the local Discord implements
    Parity,
    /// docs/src/control-api.md: the control API's reference
    ControlApi,
    /// The README's screenshot
    Screenshot,
}

pub(crate) fn run(what: What) -> Outcome {
    match what {
        What::Routes => routes::run(),
        What::Parity => page("parity.md", "routes"),
        What::ControlApi => page("control-api.md", "api"),
        What::Screenshot => screenshot::run(),
    }
}

/// Has the binary write a page, as it alone knows what it does.
fn page(file: &str, command: &str) -> Outcome {
    let output =
        crate::process::cargo(["run", "--quiet", "-p", "cogwright", "--", "sim", command, "--markdown"])
            .output()
            .map_err(|e| format!("cargo run: {e}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let path = crate::root().join("docs/src").join(file);
    std::fs::write(&path, output.stdout).map_err(|e| format!("{}: {e}", path.display()))
}
