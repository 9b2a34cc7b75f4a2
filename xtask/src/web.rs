//! The web assets: npm packages from the lock file, then the build that the binary embeds.

use std::{fs, process::Command};

use crate::{Outcome, process, root, tools};

/// `npm` in the web workspace.
pub(crate) fn npm(args: &[&str]) -> Command {
    let mut command = process::command("npm", args, &root().join("web"));
    command
        .env("npm_config_fund", "false")
        .env("npm_config_audit", "false")
        .env("npm_config_update_notifier", "false");
    command
}

/// Installs the packages unless those of this very lock file are installed already.
pub(crate) fn install() -> Outcome {
    let lock = root().join("web/package-lock.json");
    let stamp = root().join("web/node_modules/.installed-from");
    let wanted = fs::read_to_string(&lock).map_err(|e| format!("web/package-lock.json: {e}"))?;
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("Installing npm packages ...");
    process::call(npm(&["ci", "--no-progress"]))?;
    fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))
}

/// Installs and builds.
pub(crate) fn build() -> Outcome {
    tools::check(tools::FOR_RUN)?;
    install()?;
    println!("Building web assets ...");
    process::call(npm(&["run", "--silent", "build"]))
}
