//! The programs we need, and how to get the missing ones. As root on Debian the packages are installed.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use crate::{Outcome, process};

/// A program or a part of one.
pub(crate) struct Tool {
    name: &'static str,
    /// A command that succeeds when it is there.
    probe: &'static [&'static str],
    /// The Debian package that brings it, where we install it.
    debian: Option<&'static str>,
    hint: &'static str,
}

const NODE: Tool = Tool {
    name: "Node.js 20 or newer with npm",
    probe: &["npm", "--version"],
    debian: None,
    hint: "install Node.js 20 or newer from your system's packages or its home page",
};
const NEXTEST: Tool = Tool {
    name: "cargo-nextest",
    probe: &["cargo", "nextest", "--version"],
    debian: None,
    hint: "cargo install --locked cargo-nextest",
};
const PYTHON_VENV: Tool = Tool {
    name: "Python 3.10 or newer with venv",
    probe: &["python3", "-c", "import venv, ensurepip"],
    debian: Some("python3-venv"),
    hint: "install Python 3 and its venv module (Debian: apt-get install python3-venv)",
};
const CHROMIUM: Tool = Tool {
    name: "Chromium",
    probe: &["chromium", "--version"],
    debian: Some("chromium"),
    hint: "install Chromium so that `chromium` starts (Debian: apt-get install chromium)",
};
const EMOJI: Tool = Tool {
    name: "an emoji font",
    probe: &[
        "sh",
        "-c",
        "fc-list 2>/dev/null | grep -qi emoji || ls /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
    ],
    debian: Some("fonts-noto-color-emoji"),
    hint: "install an emoji font (Debian: apt-get install fonts-noto-color-emoji)",
};
const COMPILER: Tool = Tool {
    name: "a C compiler",
    probe: &["cc", "--version"],
    debian: Some("gcc"),
    hint: "install a C compiler (Debian: apt-get install gcc libc6-dev)",
};

/// What `cargo xtask run` needs.
pub(crate) const FOR_RUN: &[Tool] = &[COMPILER, NODE];
/// What `cargo xtask test` needs.
pub(crate) const FOR_TEST: &[Tool] = &[COMPILER, NODE, NEXTEST, PYTHON_VENV, CHROMIUM, EMOJI];

/// Whether the tools are there; installs what it may, names the rest with how to get it.
pub(crate) fn check(tools: &[Tool]) -> Outcome {
    let missing: Vec<&Tool> = tools.iter().filter(|tool| !tool.is_there()).collect();
    let packages: Vec<&str> = missing.iter().filter_map(|tool| tool.debian).collect();
    if !packages.is_empty() && may_install() {
        println!("Installing {} ...", packages.join(", "));
        install(&packages)?;
    }
    let still: Vec<String> = missing
        .into_iter()
        .filter(|tool| !tool.is_there())
        .map(|tool| format!("  {}: {}", tool.name, tool.hint))
        .collect();
    if still.is_empty() { Ok(()) } else { Err(format!("missing tools:\n{}", still.join("\n"))) }
}

impl Tool {
    fn is_there(&self) -> bool {
        let mut probe = Command::new(self.probe[0]);
        probe.args(&self.probe[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        probe.status().is_ok_and(|status| status.success())
    }
}

fn may_install() -> bool {
    let root = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.trim_ascii() == b"0");
    root && Path::new("/etc/debian_version").exists()
}

fn install(packages: &[&str]) -> Outcome {
    let apt = |args: &[&str]| {
        let mut command = process::command("apt-get", args, Path::new("/"));
        command.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        process::call(command)
    };
    apt(&["update", "-qq"])?;
    let args: Vec<&str> =
        ["install", "-y", "-qq", "--no-install-recommends"].iter().chain(packages).copied().collect();
    apt(&args)
}
