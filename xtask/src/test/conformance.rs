//! What the tests exchanged, held against Discord's official OpenAPI and the models of two client libraries.

use std::path::PathBuf;

use super::{Counts, Step, counted, exchanges};
use crate::{process, root, run};

/// Where the official document is: `DISCORD_OPENAPI`, or beside the project where it is known to be.
pub(crate) fn openapi() -> Option<PathBuf> {
    let beside = root().join("../shared/reference/discord-openapi.json");
    let given = std::env::var_os("DISCORD_OPENAPI").map(|path| root().join(path));
    given.or(Some(beside)).filter(|path| path.exists())
}

pub(super) fn run() -> Step {
    let Some(openapi) = openapi() else {
        let how = "Discord's OpenAPI document is missing: set DISCORD_OPENAPI to a copy of specs/openapi.json \
            of the public repository discord/discord-api-spec";
        if std::env::var_os("CI").is_some() {
            return Err(how.into());
        }
        println!("skipped: {how}");
        return Ok(Counts { skipped: 1, ..Counts::default() });
    };
    let mut counts = Counts::default();
    let routes = run::target_dir().join("routes.json");
    let listed =
        process::command(&run::binary("debug").to_string_lossy(), ["sim", "routes", "--json"], &root())
            .output()
            .map_err(|e| format!("cannot list the routes: {e}"))?;
    std::fs::write(&routes, listed.stdout).map_err(|e| format!("{}: {e}", routes.display()))?;
    let mut rest = process::cargo(["run", "--locked", "--quiet", "-p", "cogwright-conformance", "--"]);
    rest.arg(openapi).arg(exchanges()).arg(run::target_dir().join("conformance.md")).arg(routes);
    counts.add(counted(rest)?);
    let parse = run::target_dir().join("matrix/debug/parse-frames");
    if parse.exists() {
        counts.add(counted(process::command(&parse.to_string_lossy(), [exchanges()], &root()))?);
    } else {
        println!("frames not parsed: run the clients step first");
        counts.skipped += 1;
    }
    Ok(counts)
}
