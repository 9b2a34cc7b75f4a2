//! `cargo xtask bench` and `cargo xtask soak`: builds the measuring programs in the release profile and runs one.

use std::ffi::OsString;

use crate::{Outcome, process, root, run, test::matrix};

/// The measuring program, and the package of both.
const PROGRAM: &str = "cogwright-bench";

/// Settings of the soak's allocator, mimalloc, so that resident memory tells of the local Discord: no huge pages, of which
/// one used byte makes 2 MiB resident, and freed pages go back at once, by whichever thread. Without them the same
/// 2.1 MiB in use were 48 to 121 MiB resident; with them growth shows.
const ALLOCATOR: [(&str, &str); 3] =
    [("MIMALLOC_ALLOW_THP", "0"), ("MIMALLOC_PURGE_DELAY", "0"), ("MIMALLOC_PAGE_FULL_RETAIN", "0")];

/// Measures the local Discord; `args` go on to the program.
pub(crate) fn sim(args: &[String]) -> Outcome {
    let args: Vec<String> = std::iter::once("sim".to_owned()).chain(args.iter().cloned()).collect();
    measure(PROGRAM, &args, [])
}

/// Measures the bot; `args` go on to the program. The program, and with it the local Discord, has the first core and
/// the bot the second, where there are two and `taskset` can be had.
pub(crate) fn bot(args: &[String]) -> Outcome {
    eprintln!("Building the release profile (some minutes the first time) ...");
    process::call(process::cargo(["build", "--release", "--locked", "-p", "cogwright", "-p", PROGRAM]))?;
    let folder = run::target_dir().join("release");
    let (program, bot) = (folder.join(PROGRAM), folder.join("cogwright"));
    let (program, bot) = (program.to_string_lossy(), bot.to_string_lossy());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut command = if cores > 1 {
        process::command("taskset", ["-c", "0", &program, "bot", "--program", &bot], &root())
    } else {
        process::command(&program, ["bot", "--program", &bot], &root())
    };
    command.args(args);
    process::call(command)
}

/// Random people and faults with the matrix's client libraries connected. Bounded by `minutes`.
pub(crate) fn soak(minutes: u64, seed: u64) -> Outcome {
    let clients = matrix::set_up()?;
    let folder = root().join("matrix").to_string_lossy().into_owned();
    let logs = run::target_dir().join("soak").to_string_lossy().into_owned();
    let (minutes, seed) = (minutes.to_string(), seed.to_string());
    let args =
        ["--minutes", &minutes, "--seed", &seed, "--matrix", &folder, "--logs", &logs].map(str::to_owned);
    let env = clients.into_iter().map(|(name, path)| (name, path.into_os_string()));
    let env = env.chain(ALLOCATOR.map(|(name, value)| (name, value.into())));
    measure("cogwright-soak", &args, env)
}

fn measure(
    program: &str,
    args: &[String],
    env: impl IntoIterator<Item = (&'static str, OsString)>,
) -> Outcome {
    // Its notes go to the standard error, so that JSON on the standard output stays JSON.
    eprintln!("Building the release profile (some minutes the first time) ...");
    process::call(process::cargo(["build", "--release", "--locked", "-p", PROGRAM]))?;
    let program = run::target_dir().join("release").join(program);
    let mut command = process::command(&program.to_string_lossy(), args, &root());
    command.envs(env);
    process::call(command)
}
