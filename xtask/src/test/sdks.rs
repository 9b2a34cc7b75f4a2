//! The test clients for other languages: each is installed as a user would install it, type-checked, and tests its
//! example bot with the real client library.

use std::{fs, path::Path, process::Command};

use super::{Counts, Step, checked, counted, matrix, with_exchanges};
use crate::{process, root, run};

/// Shims that point an unmodified bot at the local Discord, and their copies inside the published packages.
const SHIMS: &[(&str, &str)] = &[
    ("crates/cogwright/src/cli/shims/sitecustomize.py", "sdk/python/src/cogwright_sim/shim/sitecustomize.py"),
    ("crates/cogwright/src/cli/shims/shim.cjs", "sdk/typescript/sim/shim/shim.cjs"),
];

pub(super) fn run() -> Step {
    let mut counts = shims()?;
    counts.add(python()?);
    counts.add(typescript()?);
    Ok(counts)
}

/// A package cannot reach outside of its folder, so each brings a copy, which must not go its own way.
fn shims() -> Step {
    let read = |path: &str| fs::read(root().join(path)).map_err(|e| format!("{path}: {e}"));
    for (original, copy) in SHIMS {
        if read(original)? != read(copy)? {
            return Err(format!("{copy} differs from {original}; copy it: cp {original} {copy}"));
        }
    }
    Ok(Counts::one())
}

fn python() -> Step {
    let sdk = root().join("sdk/python");
    let venv = matrix::venv("sdk-venv", "sdk/python/requirements-dev.txt")?;
    let interpreter = venv.join("bin/python").to_string_lossy().into_owned();
    let python = |args: &[&str]| process::command(&interpreter, args, &sdk);
    // Neither the network nor a build environment of its own: what it needs is pinned and already there.
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"];
    let mut pip = python(&install);
    pip.args(["--no-build-isolation", "--force-reinstall", "."]);
    process::call(pip)?;
    let mut counts = checked(python(&["-m", "compileall", "-q", "src", "example", "tests"]))?;
    counts.add(checked(python(&["-m", "mypy"]))?);
    counts.add(counted(against_the_binary(python(&["-m", "pytest"])))?);
    Ok(counts)
}

fn typescript() -> Step {
    let sdk = root().join("sdk/typescript/sim");
    install(&sdk)?;
    process::call(npm(&sdk, &["run", "--silent", "build"]))?;
    let mut counts = checked(npm(&sdk, &["run", "--silent", "check"]))?;
    counts.add(counted(against_the_binary(npm(&sdk, &["test", "--silent"])))?);
    counts.add(counted(against_the_binary(npm(&sdk, &["run", "--silent", "test:vitest"])))?);
    Ok(counts)
}

fn npm(sdk: &Path, args: &[&str]) -> Command {
    process::command("npm", args, sdk)
}

/// Installs the locked packages unless they are there already.
fn install(sdk: &Path) -> crate::Outcome {
    let lock = sdk.join("package-lock.json");
    let stamp = sdk.join("node_modules/.installed-from");
    let wanted = fs::read_to_string(&lock).map_err(|e| format!("{}: {e}", lock.display()))?;
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    process::call(npm(sdk, &["ci", "--no-progress"]))?;
    fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))
}

fn against_the_binary(mut command: Command) -> Command {
    command.env("COGWRIGHT_BIN", run::binary("debug"));
    with_exchanges(command)
}
