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
    /// docs/src/settings.md and .env.example: what can be set
    Settings,
    /// docs/src/permissions-of-commands.md: who may call which built-in command
    Permissions,
    /// The README's screenshot
    Screenshot,
}

pub(crate) fn run(what: What) -> Outcome {
    match what {
        What::Routes => routes::run(),
        What::Parity => written("docs/src/parity.md", &["sim", "routes", "--markdown"]),
        What::ControlApi => written("docs/src/control-api.md", &["sim", "api", "--markdown"]),
        What::Settings => written("docs/src/settings.md", &["settings", "reference"])
            .and_then(|()| written(".env.example", &["settings", "env"])),
        What::Permissions => permissions(),
        What::Screenshot => screenshot::run(),
    }
}

/// Has the test that compares the page write it, as its table is what is tested.
fn permissions() -> Outcome {
    let test = ["test", "--quiet", "-p", "cogwright-scenarios", "--test", "it", "the_page_of_permissions"];
    let status = crate::process::cargo(test)
        .env("COGWRIGHT_WRITE_DOCS", "1")
        .status()
        .map_err(|e| format!("cargo test: {e}"))?;
    if status.success() { Ok(()) } else { Err("the page of permissions could not be written".to_owned()) }
}

/// Has the binary write a file, as it alone knows what it does.
fn written(file: &str, arguments: &[&str]) -> Outcome {
    let output = crate::process::cargo(["run", "--quiet", "-p", "cogwright", "--"].iter().chain(arguments))
        .output()
        .map_err(|e| format!("cargo run: {e}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let path = crate::root().join(file);
    std::fs::write(&path, output.stdout).map_err(|e| format!("{}: {e}", path.display()))
}
