//! The real client libraries, from their registries, pinned, against the local Discord.

use std::path::PathBuf;

use super::{Counts, Step, counted, with_exchanges};
use crate::{process, root, run};

/// Sets up all libraries, runs the scripted scenario with each of the four, and what the documentation says.
pub(super) fn run() -> Step {
    let matrix = root().join("matrix");
    if !matrix.join("drive.test.mjs").exists() {
        println!("no matrix yet");
        return Ok(Counts { skipped: 1, ..Counts::default() });
    }
    let clients = set_up()?;
    let tests = [
        "--test",
        "--test-reporter=spec",
        "drive.test.mjs",
        "unmodified.test.mjs",
        "processes.test.mjs",
        "docs.test.mjs",
    ];
    let mut driver = process::command("node", tests, &matrix);
    driver.env("COGWRIGHT_BIN", run::binary("debug")).envs(clients);
    counted(with_exchanges(driver))
}

/// Installs and builds all libraries and their bots; the environment that says where they are.
pub(crate) fn set_up() -> Result<Vec<(&'static str, PathBuf)>, String> {
    let matrix = root().join("matrix");
    let venv = venv("matrix-venv", "matrix/python/requirements.txt")?;
    let mut npm = process::command("npm", ["ci", "--no-progress"], &matrix.join("node"));
    npm.env("npm_config_fund", "false").env("npm_config_audit", "false");
    process::call(npm)?;
    let target = run::target_dir().join("matrix");
    let mut cargo = process::cargo(["build", "--locked"]);
    cargo.current_dir(matrix.join("rust")).env("CARGO_TARGET_DIR", &target);
    process::call(cargo)?;
    Ok(vec![("MATRIX_PYTHON", venv.join("bin/python")), ("MATRIX_RUST_BIN", target.join("debug"))])
}

/// A virtual environment of this name in the target directory, with the pinned packages of `requirements`.
pub(super) fn venv(name: &str, requirements: &str) -> Result<PathBuf, String> {
    let venv = run::target_dir().join(name);
    let requirements = root().join(requirements);
    let stamp = venv.join("installed-from");
    let wanted =
        std::fs::read_to_string(&requirements).map_err(|e| format!("{}: {e}", requirements.display()))?;
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(venv);
    }
    process::call(process::command("python3", ["-m", "venv", "--clear", &venv.to_string_lossy()], &root()))?;
    let python = venv.join("bin/python");
    let args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    let mut pip = process::command(&python.to_string_lossy(), args, &root());
    pip.arg(&requirements);
    process::call(pip)?;
    std::fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))?;
    Ok(venv)
}
