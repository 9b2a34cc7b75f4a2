//! From files and environment to settings, all problems in one pass.

use std::path::PathBuf;

use crate::dotenv::DotEnv;
use crate::json::{self, At, Entry, Node, Raw};
use crate::origin::Origin;
use crate::problem::{Problem, Problems};
use crate::registry::{Setting, settings};
use crate::settings::Settings;
use crate::shape::{Finding, Findings, is_comment, renamed, twice, unknown};
use crate::source::Environment;
use crate::suggest::nearest;
use crate::values::{Effective, Values};
use crate::{advice, text};

/// Which files are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    /// The settings file.
    pub config: PathBuf,
    /// Whether the settings file was named by the operator, so that it must be there.
    pub config_required: bool,
    /// The `.env` file.
    pub env: PathBuf,
    /// Whether the `.env` file was named by the operator, so that it must be there.
    pub env_required: bool,
    /// `--data`: overrides `database.base_path`.
    pub data: Option<PathBuf>,
}

impl Default for Sources {
    /// `config.json` and `.env` in the working directory.
    fn default() -> Self {
        Self {
            config: "config.json".into(),
            config_required: false,
            env: ".env".into(),
            env_required: false,
            data: None,
        }
    }
}

/// Settings with the origin of each value.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// What is not wrong, but worth telling.
    pub warnings: Vec<Problem>,
    pub(crate) values: Values,
}

/// Everything that reading the settings found out.
#[derive(Clone, Debug)]
pub struct Report {
    /// What is wrong; with any of it the bot does not start.
    pub problems: Vec<Problem>,
    /// What is not wrong, but worth telling.
    pub warnings: Vec<Problem>,
    /// Each setting with value and origin, in the order of the registry. A value that is wrong is left at
    /// its default.
    pub effective: Vec<Effective>,
    /// Whether there is a settings file.
    pub has_config: bool,
    /// Whether there is a `.env` file.
    pub has_env: bool,
    loaded: Option<Loaded>,
    values: Values,
}

impl Report {
    /// The settings, if nothing is wrong.
    ///
    /// # Errors
    /// All problems at once.
    pub fn into_loaded(self) -> Result<Loaded, Problems> {
        self.loaded.ok_or(Problems(self.problems))
    }

    /// The settings as far as they can be used, to look at what they mean: what is wrong is at its default, and a
    /// token that is missing is empty. No bot starts with them.
    pub fn as_far_as_they_go(&self) -> Option<Settings> {
        let mut values = self.values.clone();
        if values.get("token").is_some_and(serde_json::Value::is_null) {
            values.set("token", "".into());
        }
        values.settings().ok()
    }
}

impl Loaded {
    /// Each setting with value and origin, in the order of the registry.
    pub fn effective(&self) -> Vec<Effective> {
        self.values.effective()
    }

    /// The names of settings that somebody has set to something else than the default, and that belong to features
    /// still to come.
    pub fn not_built_yet(&self) -> Vec<&'static str> {
        self.values.changed().filter(|setting| setting.later).map(Setting::name).collect()
    }
}

impl Sources {
    /// Reads and validates everything. Writes nothing and connects to nothing.
    pub fn read(&self, environment: &impl Environment) -> Report {
        let mut reader = Reader {
            sources: self,
            values: Values::defaults(),
            problems: Vec::new(),
            warnings: Vec::new(),
            has_token_problem: false,
        };
        let has_config = reader.config_file();
        let (env, has_env) = reader.env_file();
        for setting in settings() {
            reader.variable(setting, environment, &env);
        }
        if let Some(data) = &self.data {
            let shown = data.to_string_lossy().into_owned();
            reader.values.put("database.base_path", shown.into(), Origin::CommandLine);
        }
        reader.missing(&env, has_env);
        advice::check(&reader.values, &mut reader.problems, &mut reader.warnings);
        reader.finish(has_config, has_env)
    }
}

struct Reader<'a> {
    sources: &'a Sources,
    values: Values,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    has_token_problem: bool,
}

impl Reader<'_> {
    /// Whether there is a settings file.
    fn config_file(&mut self) -> bool {
        let path = &self.sources.config;
        let text = match text::read(path) {
            Ok(Some(text)) => text,
            Ok(None) => {
                if self.sources.config_required {
                    let remedy =
                        "Correct --config, or create the file: `cogwright settings config` prints one.";
                    self.problems.push(Problem::new("", path.display(), "is not there", remedy));
                }
                return false;
            }
            Err(problem) => {
                self.problems.push(problem);
                return true;
            }
        };
        let place = |at: At| format!("{}:{}:{}", path.display(), at.line, at.column);
        match json::parse(&text) {
            Ok(Some(Node { raw: Raw::Map(entries), .. })) => {
                let mut found = Findings::default();
                self.section("", &entries, &mut found);
                self.note(found);
            }
            Ok(Some(Node { at, .. })) => self.problems.push(Problem::new(
                "",
                place(at),
                "is JSON, but no object",
                "Put everything between { and }; {} alone means all defaults.",
            )),
            Ok(None) => self.problems.push(Problem::new(
                "",
                path.display(),
                "is empty",
                "Write {} for all defaults, or remove the file and the next start writes a new one.",
            )),
            Err(broken) => self.problems.push(Problem::new(
                "",
                place(broken.at),
                format!("is not valid JSON: {}", broken.what),
                format!("{} The file is left as it is.", broken.remedy),
            )),
        }
        true
    }

    /// Reads the entries of a section; `above` is its key with a dot behind it, or empty.
    fn section(&mut self, above: &str, entries: &[Entry], found: &mut Findings) {
        for (index, entry) in entries.iter().enumerate() {
            let name = entry.name.as_str();
            if is_comment(name) || (above.is_empty() && name == "$schema") {
                continue;
            }
            let key = format!("{above}{name}");
            if entries[..index].iter().any(|earlier| earlier.name == name) {
                found.odd.push(twice(entry.at, key.clone()));
            }
            let below = format!("{key}.");
            if let Some(setting) = settings().find(|setting| setting.in_file && setting.key == key) {
                self.value(setting, entry, found);
            } else if let Some(setting) = settings().find(|setting| setting.formerly == Some(&*key)) {
                let name = setting.key.strip_prefix(above).unwrap_or(setting.key);
                let both = entries.iter().any(|entry| entry.name == name);
                found.odd.push(renamed(entry.at, key, setting.key, both));
                if !both {
                    self.value(setting, entry, found);
                }
            } else if settings().any(|setting| setting.in_file && setting.key.starts_with(&below)) {
                match &entry.node.raw {
                    Raw::Map(entries) => self.section(&below, entries, found),
                    _ => found.wrong.push(Finding {
                        below: key,
                        at: entry.node.at,
                        what: "is a section and must be an object".to_owned(),
                        remedy: "Write { ... }, or take it out: then its defaults hold.".to_owned(),
                    }),
                }
            } else {
                found.odd.push(unknown(entry, crate::shape::clean(&key, 80), meant(&key).as_deref()));
            }
        }
    }

    fn value(&mut self, setting: &'static Setting, entry: &Entry, found: &mut Findings) {
        let line = entry.node.at.line;
        let origin = Origin::File { path: self.sources.config.clone(), line };
        if entry.node.raw == Raw::Null && setting.default.value().is_null() {
            self.values.put(setting.key, serde_json::Value::Null, origin);
        } else if let Some(value) = setting.shape.check(&entry.node, setting.secret, setting.key, found) {
            self.values.put(setting.key, value, origin);
        }
    }

    /// Turns findings in the settings file into problems.
    fn note(&mut self, found: Findings) {
        let path = self.sources.config.display();
        let problem = |it: Finding| {
            let place = format!("{path}:{}:{}", it.at.line, it.at.column);
            Problem::new(it.below, place, it.what, it.remedy)
        };
        self.problems.extend(found.wrong.into_iter().map(problem));
        self.warnings.extend(found.odd.into_iter().map(problem));
    }

    /// The `.env` file and whether there is one.
    fn env_file(&mut self) -> (DotEnv, bool) {
        let path = &self.sources.env;
        match text::read(path) {
            Ok(Some(text)) => {
                let env = DotEnv::parse(path, &text, &mut self.problems);
                // What a line that cannot be read was meant to set is not missing as well.
                self.has_token_problem |= env.is_unreadable("TOKEN");
                self.look_over(&env);
                (env, true)
            }
            Ok(None) => {
                if self.sources.env_required {
                    let remedy = "Correct --env, or create the file.";
                    self.problems.push(Problem::new("", path.display(), "is not there", remedy));
                }
                (DotEnv::default(), false)
            }
            Err(problem) => {
                self.problems.push(problem);
                self.has_token_problem = true;
                (DotEnv::default(), true)
            }
        }
    }

    /// Warns of names in `.env` that look like a slip, and of names that stand twice.
    fn look_over(&mut self, env: &DotEnv) {
        let known = || settings().filter_map(|setting| setting.variable);
        for (index, variable) in env.variables().iter().enumerate() {
            let place = format!("{}:{}", self.sources.env.display(), variable.line);
            let name = variable.name.as_str();
            if known().any(|known| known == name) {
                if let Some(first) = env.variables()[..index].iter().find(|earlier| earlier.name == name) {
                    let what = format!("stands here a second time, after line {}", first.line);
                    self.warnings.push(Problem::new(name, place, what, "Take one of the two out."));
                }
            } else if let Some(meant) = nearest(name, known()) {
                let remedy = format!("Did you mean {meant}?");
                self.warnings.push(Problem::new(name, place, "is not known and has no effect", remedy));
            }
        }
    }

    /// Reads one environment variable: from the environment, or else from `.env`. Empty means not set.
    fn variable(&mut self, setting: &'static Setting, environment: &impl Environment, env: &DotEnv) {
        let Some(name) = setting.variable else { return };
        let given = environment.get(name).filter(|value| !value.trim().is_empty());
        let (value, origin) = match (given, env.get(name)) {
            (Some(value), _) => (value, Origin::Environment),
            (None, Some(found)) => {
                let path = self.sources.env.clone();
                (found.value.clone(), Origin::DotEnv { path, line: found.line })
            }
            (None, None) => return,
        };
        let node = setting.shape.of_text(value.trim(), At { line: 0, column: 0 });
        let mut found = Findings::default();
        if let Some(value) = setting.shape.check(&node, setting.secret, "", &mut found) {
            self.values.put(setting.key, value, origin.clone());
        }
        for it in found.wrong {
            self.has_token_problem |= name == TOKEN;
            self.problems.push(Problem::new(format!("{name}{}", it.below), &origin, it.what, it.remedy));
        }
    }

    /// Says what is not set although it should be.
    fn missing(&mut self, env: &DotEnv, has_env: bool) {
        let path = self.sources.env.display().to_string();
        let renamed = format!("{path}.txt");
        let hidden = (!has_env && std::path::Path::new(&renamed).is_file()).then(|| {
            format!("There is a file {renamed}: rename it to {path} (Windows may hide the ending .txt).")
        });
        let has = |key: &str| self.values.get(key).is_some_and(|value| !value.is_null());
        let (token, owner) = (has("token"), has("owner"));
        if !token && !self.has_token_problem {
            let other = env.variables().iter().find(|it| it.name.to_uppercase().contains("TOKEN"));
            let remedy = match (&hidden, other) {
                (Some(hint), _) => hint.clone(),
                (None, Some(other)) => {
                    format!("Line {} has {}; is it that? Name it {TOKEN}.", other.line, other.name)
                }
                (None, None) if has_env => {
                    format!("Add a line {TOKEN}=your_token_here, without spaces around the token.")
                }
                (None, None) => format!(
                    "Create a file {path} with the line {TOKEN}=your_token_here, or set the environment variable."
                ),
            };
            let what = format!("{TOKEN} not found in {path}!");
            self.problems.push(Problem::new(TOKEN, &path, what, remedy));
        } else if let Some(hint) = hidden {
            self.warnings.push(Problem::new("", &renamed, "is not read", hint));
        }
        if !owner && !env.is_unreadable("OWNER") && !self.problems.iter().any(|it| it.setting == OWNER) {
            let what = format!(
                "{OWNER} not found in {path}! The owner of the application counts as the bot's owner"
            );
            let remedy = format!(
                "Add to {path}: {OWNER}=your_user_id. You get it in Discord: enable developer mode, right-click \
                 your name, Copy ID."
            );
            self.warnings.push(Problem::new(OWNER, &path, what, remedy));
        }
    }

    fn finish(mut self, has_config: bool, has_env: bool) -> Report {
        let mut loaded = None;
        if self.problems.is_empty() {
            match self.values.settings() {
                Ok(settings) => {
                    let (values, warnings) = (self.values.clone(), self.warnings.clone());
                    loaded = Some(Loaded { settings, warnings, values });
                }
                // A value that passed its check but does not fit: a mistake of ours, still no panic.
                Err(error) => self.problems.push(Problem::new(
                    "",
                    self.sources.config.display(),
                    format!("cannot be used ({error})"),
                    "This is a mistake in the bot; please report it.",
                )),
            }
        }
        let Self { problems, warnings, values, .. } = self;
        Report { problems, warnings, effective: values.effective(), has_config, has_env, loaded, values }
    }
}

const TOKEN: &str = "DISCORD_TOKEN";
const OWNER: &str = "BOT_OWNER_ID";

/// The key that somebody who wrote `key` probably meant: one spelled like it, or one of another section with
/// the same last part.
fn meant(key: &str) -> Option<String> {
    let keys = || settings().filter(|setting| setting.in_file).map(|setting| setting.key);
    let sections = keys().filter_map(|key| key.split_once('.').map(|(section, _)| section));
    if let Some(near) = nearest(key, keys().chain(sections)) {
        return Some(near.to_owned());
    }
    if let Some(setting) = settings().find(|setting| setting.variable == Some(key)) {
        return Some(format!("{key} in .env; here it stands as {}", setting.key)).filter(|_| setting.in_file);
    }
    let last = key.rsplit('.').next().unwrap_or(key);
    let mut same = keys().filter(|known| known.rsplit('.').next() == Some(last));
    same.next().filter(|_| same.next().is_none()).map(str::to_owned)
}
