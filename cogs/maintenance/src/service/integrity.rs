//! Tests everything the bot stands on: files, databases, caches, commands, shards, memory.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cogwright_command::{CacheStats, Catalog, Prefs, counted};
use cogwright_store::{FileHealth, IntegrityResult, Settings, Target};

use super::{atomic, paths};
use crate::Services;

/// Use of memory, in per cent of what is allowed, from which on it is a failure.
const FULL: u64 = 90;
/// Findings that are kept of one group; of damaged databases there may be thousands. The rest is counted.
const MAX_FINDINGS: usize = 50;

/// What one test found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) ok: bool,
    /// Not made harmless.
    pub(crate) text: String,
}

/// The tests of one part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) name: &'static str,
    /// What passed and what failed, of which only so much is kept.
    pub(crate) findings: Vec<Finding>,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Group {
    fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    fn add(&mut self, ok: bool, text: impl Into<String>) {
        self.count(ok);
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(Finding { ok, text: text.into() });
        }
    }

    fn count(&mut self, ok: bool) {
        *(if ok { &mut self.passed } else { &mut self.failed }) += 1;
    }

    fn either(&mut self, ok: bool, good: impl Into<String>, bad: impl Into<String>) {
        self.add(ok, if ok { good.into() } else { bad.into() });
    }
}

/// How far an examination has come. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Examination {
    state: Arc<Mutex<State>>,
    /// The data folder, which is not told.
    folder: Arc<Path>,
}

/// What an examination knows so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) groups: Vec<Group>,
    /// What is being looked at, if anything.
    pub(crate) now: Option<&'static str>,
    /// Databases that were looked at, and how many there are.
    pub(crate) databases: (usize, usize),
    /// Whether it came to its end.
    pub(crate) finished: bool,
}

impl State {
    pub(crate) fn failed(&self) -> usize {
        self.groups.iter().map(|group| group.failed).sum()
    }

    pub(crate) fn total(&self) -> usize {
        self.failed() + self.groups.iter().map(|group| group.passed).sum::<usize>()
    }
}

/// What the caller knows of settings that are remembered.
#[derive(Clone, Debug)]
pub(crate) struct Remembered {
    pub(crate) stats: CacheStats,
    /// The guild where it was asked, with what is remembered of it, or why that could not be had.
    pub(crate) guild: Option<(u64, Result<Arc<Prefs>, String>)>,
}

impl Examination {
    /// Of a bot that keeps its data in this folder.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { state: Arc::default(), folder: folder.into() }
    }

    /// As far as it has come.
    pub(crate) fn state(&self) -> State {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, name: &'static str) -> Group {
        self.lock().now = Some(name);
        Group::new(name)
    }

    fn end(&self, group: Group) {
        self.keep(&group);
        self.lock().now = None;
    }

    /// Keeps what is known of a group by now.
    fn keep(&self, group: &Group) {
        let mut state = self.lock();
        state.groups.retain(|other| other.name != group.name);
        let mut group = group.clone();
        for finding in group.findings.iter_mut().filter(|finding| !finding.ok) {
            finding.text = paths::told(&self.folder, &finding.text);
        }
        state.groups.push(group);
    }

    /// Examines everything. Whoever gives it up half-way finds in [`state`](Self::state) what was found until then.
    pub(crate) async fn run(
        &self,
        services: &Services,
        catalog: &Catalog,
        remembered: &Remembered,
        tag: &str,
    ) {
        self.files(services, tag).await;
        self.databases(services).await;
        self.caches(services, remembered).await;
        self.commands(services, catalog);
        self.shards(services);
        self.memory(services);
        self.lock().finished = true;
    }

    async fn files(&self, services: &Services, tag: &str) {
        let mut group = self.begin("File System");
        for probe in atomic::run(&services.files, services.store.folder(), tag).await {
            match probe.result {
                Ok(()) => group.add(true, format!("{} ({} ms)", probe.name, probe.took.as_millis())),
                Err(why) => group.add(false, format!("{}: {why}", probe.name)),
            }
        }
        let stats = services.files.stats();
        let rate = stats.failure_rate();
        group.either(
            stats.health() != FileHealth::Critical,
            format!("{rate:.1} % of file operations have failed"),
            format!("{rate:.1} % of file operations have failed; see `atomicstats`"),
        );
        self.end(group);
    }

    async fn databases(&self, services: &Services) {
        let group = Mutex::new(self.begin("Database"));
        let found = |result: &IntegrityResult, done: usize, of: usize| {
            self.lock().databases = (done, of);
            let mut group = group.lock().unwrap_or_else(PoisonError::into_inner);
            match (result.target, result.ok()) {
                (Target::Main, true) => group.add(true, "main.db is sound"),
                // Named one by one they would fill the page.
                (Target::Guild(_), true) => group.count(true),
                (Target::Main, false) => group.add(false, format!("main.db: {}", problems(result))),
                (Target::Guild(guild), false) => {
                    let name = services.operations.guild_name(guild);
                    let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
                    group.add(false, format!("guild {guild}{name}: {}", problems(result)));
                }
            }
            // What was found until now stays even if the rest takes too long.
            self.keep(&group);
        };
        let outcome = services.store.check_integrity(found).await;
        let mut group = group.into_inner().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(results) => {
                let guilds = results.iter().filter(|result| result.target != Target::Main);
                let (sound, all) =
                    guilds.fold((0, 0), |(sound, all), result| (sound + usize::from(result.ok()), all + 1));
                let summary = Finding { ok: sound == all, text: part(sound, all, "guild database", "sound") };
                // First, so that it is seen however many are damaged.
                group.findings.insert(0, summary);
            }
            Err(error) => group.add(false, format!("the databases could not be checked: {error}")),
        }
        self.end(group);
    }

    async fn caches(&self, services: &Services, remembered: &Remembered) {
        let mut group = self.begin("Cache Systems");
        let stats = services.files.stats();
        let (size, max) = (stats.cache_size, stats.max_cache_size);
        group.either(
            size <= max,
            format!("file cache: {size} of {max} files"),
            format!("file cache: {size} files, more than its {max}"),
        );
        let CacheStats { prefixes, rules, capacity, .. } = remembered.stats;
        group.either(
            prefixes <= capacity && rules <= capacity,
            format!(
                "settings of guilds: prefixes of {}, rules of {}, room for {capacity} each",
                counted(prefixes, "guild"),
                counted(rules, "guild")
            ),
            format!(
                "settings of guilds: {prefixes} prefixes, {rules} rules, more than the {capacity} allowed"
            ),
        );
        if let Some((guild, known)) = &remembered.guild {
            match (known.clone(), stored(services, *guild).await) {
                (Ok(known), Ok(stored)) => group.either(
                    *known == stored,
                    "the settings of this server are remembered as they are stored",
                    "the settings of this server are remembered otherwise than they are stored; `cleanup` forgets \
                     what is older than its time",
                ),
                (Err(error), _) | (_, Err(error)) => {
                    group.add(false, format!("the settings of this server could not be read: {error}"));
                }
            }
        }
        self.end(group);
    }

    fn commands(&self, services: &Services, catalog: &Catalog) {
        let mut group = self.begin("Extensions");
        let running = services.operations.running();
        let count = running.cogs.len();
        group.either(count > 0, part(count, count, "cog", "loaded"), "no cog is loaded");
        for (name, why) in &running.not_loaded {
            group.add(false, format!("{name} is not loaded: {why}"));
        }
        let all: Vec<_> = catalog.commands().iter().filter(|spec| spec.enabled).collect();
        let lost: Vec<_> = all
            .iter()
            .map(|spec| spec.qualified_name())
            .filter(|name| catalog.find(name).is_none_or(|found| found.qualified_name() != *name))
            .collect();
        group.either(
            lost.is_empty() && !all.is_empty(),
            format!(
                "{} to their names",
                if all.len() == 1 {
                    "1 command answers".to_owned()
                } else {
                    format!("{} commands answer", all.len())
                }
            ),
            format!("of {} commands these do not answer to their names: {}", all.len(), lost.join(", ")),
        );
        self.end(group);
    }

    fn shards(&self, services: &Services) {
        let mut group = self.begin("Bot Status");
        let shards = services.operations.running().shards;
        let connected = shards.iter().filter(|shard| shard.connected).count();
        group.either(
            connected == shards.len() && connected > 0,
            part(connected, shards.len(), "shard", "connected"),
            part(connected, shards.len(), "shard", "connected"),
        );
        // Counted above: they are one finding. Those that are not connected come first, so that they are seen.
        let (up, down): (Vec<_>, Vec<_>) = shards.into_iter().partition(|shard| shard.connected);
        for shard in down.into_iter().chain(up).take(MAX_FINDINGS - 1) {
            let state = if shard.connected { "ready" } else { "not connected" };
            let text = format!("shard {}: {state}, {}", shard.id, counted(shard.guilds, "server"));
            group.findings.push(Finding { ok: shard.connected, text });
        }
        self.end(group);
    }

    fn memory(&self, services: &Services) {
        let mut group = self.begin("Memory");
        let running = services.operations.running();
        let threads = running.threads.map(|count| format!(", {count} threads")).unwrap_or_default();
        match (running.memory, running.memory_limit) {
            (Some(used), Some(limit)) => group.either(
                used.saturating_mul(100) < limit.saturating_mul(FULL),
                format!("{} MiB of {} MiB{threads}", used >> 20, limit >> 20),
                format!("{} MiB of {} MiB are in use{threads}", used >> 20, limit >> 20),
            ),
            (Some(used), None) => group.add(true, format!("{} MiB{threads}", used >> 20)),
            (None, _) => group.add(true, format!("the system does not tell how much is in use{threads}")),
        }
        self.end(group);
    }
}

fn problems(result: &IntegrityResult) -> String {
    let first = result.problems.first().map_or("", String::as_str);
    match result.problems.len() {
        0 | 1 => first.to_owned(),
        count => format!("{first} (and {} more)", count - 1),
    }
}

/// What a guild has set, past everything that remembers it.
async fn stored(services: &Services, guild: u64) -> Result<Prefs, String> {
    let all = services.store.guild(guild).settings().all().await.map_err(|error| error.to_string())?;
    Ok(Prefs {
        // An empty one of an original installation counts as none.
        prefix: all.get(Settings::PREFIX).filter(|prefix| !prefix.is_empty()).cloned(),
        mention_prefix: all.get(Settings::MENTION_PREFIX).map(|text| text == "1"),
    })
}

/// "all 3 shards are connected", "1 of 2 shards is connected", "the only shard is connected".
fn part(good: usize, all: usize, what: &str, how: &str) -> String {
    let verb = if good == 1 || all == 1 { "is" } else { "are" };
    match (good, all) {
        (1, 1) => format!("the only {what} is {how}"),
        (_, 0) => format!("there are no {what}s"),
        _ if good == all => format!("all {all} {what}s are {how}"),
        _ => format!("{good} of {} {verb} {how}", counted(all, what)),
    }
}

#[cfg(test)]
mod tests;
