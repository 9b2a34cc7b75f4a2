//! The README's screenshot: a fresh playground, a scripted visit, one picture.

use crate::{Outcome, process, root, test::playground::Playground, tools, web};

pub(crate) fn run() -> Outcome {
    tools::check(tools::FOR_TEST)?;
    web::build()?;
    process::call(process::cargo(["build", "--locked", "-p", "cogwright"]))?;
    let playground = Playground::start()?;
    let mut node = process::command("node", ["playground/e2e/screenshot.mjs"], &root().join("web"));
    node.env("COGWRIGHT_URL", &playground.url);
    process::call(node)
}
