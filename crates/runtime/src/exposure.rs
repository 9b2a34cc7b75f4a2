//! Files that others on this machine can read although they are nobody's business.

use std::path::Path;

use cogwright_config::{Problem, Sources};
use cogwright_store::open_to_others;

/// What is wrong with the rights of `.env`, which holds the token, and of the data folder, each with the command that mends
/// it. Only systems that keep rights with the file itself have something to say here.
pub fn exposed_files(sources: &Sources, data: &Path) -> Vec<Problem> {
    let wrong = |setting: &str, path: &Path, what: &str, mode: &str| {
        let rights = open_to_others(path)?;
        let what = format!("{what} can be read by everybody on this machine (mode {rights:o})");
        let remedy = format!("Run: chmod {mode} {}", path.display());
        Some(Problem::new(setting, path.display(), what, remedy))
    };
    let env = wrong("", &sources.env, "the file with the token", "600");
    let data = wrong("database.base_path", data, "the data folder", "700");
    env.into_iter().chain(data).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_everybody_can_read_is_named_with_the_command_that_mends_it() {
        let folder = tempfile::tempdir().unwrap();
        let (env, data) = (folder.path().join(".env"), folder.path().join("data"));
        fs::write(&env, "DISCORD_TOKEN=x").unwrap();
        fs::create_dir(&data).unwrap();
        let sources = Sources { env: env.clone(), ..Sources::default() };
        let set = |file, folder| {
            fs::set_permissions(&env, Permissions::from_mode(file)).unwrap();
            fs::set_permissions(&data, Permissions::from_mode(folder)).unwrap();
            exposed_files(&sources, &data).iter().map(Problem::line).collect::<Vec<_>>()
        };
        assert_eq!(set(0o600, 0o700), Vec::<String>::new());
        assert_eq!(set(0o640, 0o750), Vec::<String>::new(), "a group is somebody's choice");
        let found = set(0o644, 0o755);
        assert!(found[0].ends_with(&format!("(mode 644). Run: chmod 600 {}", env.display())), "{found:?}");
        assert!(found[1].ends_with(&format!("(mode 755). Run: chmod 700 {}", data.display())), "{found:?}");
        assert!(
            exposed_files(
                &Sources { env: folder.path().join("none"), ..Sources::default() },
                &folder.path().join("no")
            )
            .is_empty()
        );
    }
}
