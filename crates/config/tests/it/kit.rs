//! A folder with settings files, and an environment that is not this process's.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cogwright_config::{Environment, Loaded, Problem, Report, Sources};
use tempfile::TempDir;

pub(crate) const TOKEN: &str = "MTIz.abc.def";
pub(crate) const OWNER: &str = "123456789012345678";

#[derive(Default)]
pub(crate) struct Env(pub(crate) BTreeMap<String, String>);

impl Environment for Env {
    fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

pub(crate) struct Kit {
    pub(crate) folder: TempDir,
    pub(crate) env: Env,
}

impl Kit {
    /// A folder whose environment has a token and an owner, so that nothing is wrong or odd.
    pub(crate) fn new() -> Self {
        let kit = Self { folder: tempfile::tempdir().expect("can make a folder"), env: Env::default() };
        kit.with("DISCORD_TOKEN", TOKEN).with("BOT_OWNER_ID", OWNER)
    }

    /// Without anything.
    pub(crate) fn bare() -> Self {
        Self { folder: tempfile::tempdir().expect("can make a folder"), env: Env::default() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.env.0.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path(name), content).expect("can write");
        self
    }

    pub(crate) fn sources(&self) -> Sources {
        Sources { config: self.path("config.json"), env: self.path(".env"), ..Sources::default() }
    }

    pub(crate) fn read(&self) -> Report {
        self.sources().read(&self.env)
    }

    pub(crate) fn loaded(&self) -> Loaded {
        self.read().into_loaded().expect("is in order")
    }

    /// A problem without the folder's name.
    pub(crate) fn line(&self, problem: &Problem) -> String {
        let folder = format!("{}{}", self.folder.path().display(), std::path::MAIN_SEPARATOR);
        problem.line().replace(&folder, "")
    }

    pub(crate) fn problems(&self) -> Vec<String> {
        self.read().problems.iter().map(|it| self.line(it)).collect()
    }

    pub(crate) fn warnings(&self) -> Vec<String> {
        self.read().warnings.iter().map(|it| self.line(it)).collect()
    }

    /// The origin of a setting, as it is shown.
    pub(crate) fn origin(&self, name: &str) -> String {
        let report = self.read();
        let found = report.effective.iter().find(|it| it.setting.name() == name).expect("is a setting");
        let folder = format!("{}{}", self.folder.path().display(), std::path::MAIN_SEPARATOR);
        found.origin.to_string().replace(&folder, "")
    }
}
