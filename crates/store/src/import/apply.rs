//! Executing a plan: one transaction for `main.db`, one for each guild. What is here already is never overwritten, so an
//! import that was cut off is simply run again.

use std::path::{Path, PathBuf};

use super::plan::{ImportPlan, ImportedCommand};
use crate::db::Db;
use crate::id::Id;
use crate::repo;
use crate::time::Millis;
use crate::{Files, ReadMode, Store, StoreError, WriteMode};

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Guilds that got something new.
    pub guilds: usize,
    /// Settings of guilds that were taken over.
    pub settings: usize,
    /// Bot-wide statistics that were taken over.
    pub statistics: usize,
    /// What was here already and stays as it is: settings, statistics, users, and command counts that were as large.
    pub kept: usize,
    /// Users that were taken over.
    pub users: usize,
    /// Command counts, of guilds and of the whole bot, that are new or larger now.
    pub commands: usize,
    /// What became of config.json.
    pub config: ConfigOutcome,
}

/// What became of config.json.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConfigOutcome {
    /// The source has none.
    #[default]
    None,
    /// The source's cannot be read.
    Broken(PathBuf),
    /// It was copied here as it is.
    Written(PathBuf),
    /// There was one already. Merge the source's `command_permissions` by hand.
    Kept(PathBuf),
}

impl Store {
    /// Takes over what a plan holds; its config.json goes to `config` if there is none yet.
    pub async fn import(
        &self,
        plan: ImportPlan,
        files: &Files,
        config: &Path,
    ) -> Result<ImportReport, StoreError> {
        let mut report =
            ImportReport { config: take_config(&plan, files, config).await?, ..ImportReport::default() };
        let source = plan.source.display().to_string();
        let at = Millis::from(self.now());
        let (statistics, users, commands) = (plan.global_stats, plan.users, plan.commands);
        let main = self.pool().main_write(move |db| {
            let [mut stats, mut people, mut uses] = [Counts::default(), Counts::default(), Counts::default()];
            for (key, value) in statistics {
                stats.add(db.execute("INSERT OR IGNORE INTO global_stats (key, value) VALUES (?, ?)", (key, value))?);
            }
            for user in users {
                let sql = "INSERT OR IGNORE INTO user_data (user_id, data, last_seen) VALUES (?, ?, datetime(? / 1000, 'unixepoch'))";
                people.add(db.execute(sql, (Id(user.id), user.data, user.last_seen.map(Millis::from)))?);
            }
            for command in &commands {
                let sql = "INSERT INTO usage (command_name, usage_count, last_used) VALUES (?1, ?2, ?3)
                           ON CONFLICT (command_name) DO UPDATE SET usage_count = max(usage_count, ?2),
                              last_used = max(coalesce(last_used, ?3), coalesce(?3, last_used))
                           WHERE usage_count < ?2 OR coalesce(last_used, 0) < coalesce(?3, 0)";
                let used = command.last_used.map(Millis::from);
                let count = i64::try_from(command.count).unwrap_or(i64::MAX);
                uses.add(db.execute(sql, (&command.name, count, used))?);
            }
            repo::note_import(db, at, &source)?;
            Ok((stats, people, uses))
        });
        let (stats, people, uses) = main.await?;
        (report.statistics, report.users, report.commands) = (stats.new, people.new, uses.new);
        report.kept = stats.kept + people.kept + uses.kept;
        for (id, guild) in plan.guilds {
            // One with nothing to take over gets no file.
            if guild.settings.is_empty() && guild.commands.is_empty() {
                continue;
            }
            let target = self.guild(id);
            let write = target.write_durable(move |db| {
                let [mut settings, mut uses] = [Counts::default(), Counts::default()];
                for (key, value) in guild.settings {
                    let sql = "INSERT OR IGNORE INTO guild_settings (key, value) VALUES (?, ?)";
                    settings.add(db.execute(sql, (key, value))?);
                }
                for command in &guild.commands {
                    uses.add(count_in_guild(db, command)?);
                }
                Ok((settings, uses))
            });
            let (settings, uses) = write.await?;
            report.guilds += usize::from(settings.new + uses.new > 0);
            report.settings += settings.new;
            report.commands += uses.new;
            report.kept += settings.kept + uses.kept;
        }
        Ok(report)
    }
}

#[derive(Default)]
struct Counts {
    new: usize,
    kept: usize,
}

impl Counts {
    fn add(&mut self, changed: usize) {
        self.new += changed;
        self.kept += usize::from(changed == 0);
    }
}

fn count_in_guild(db: &Db<'_>, command: &ImportedCommand) -> Result<usize, StoreError> {
    let sql = "INSERT INTO command_stats (command_name, usage_count, last_used) VALUES (?1, ?2, datetime(?3 / 1000, 'unixepoch'))
               ON CONFLICT (command_name) DO UPDATE SET usage_count = max(coalesce(usage_count, 0), ?2),
                  last_used = max(coalesce(last_used, excluded.last_used), coalesce(excluded.last_used, last_used))
               WHERE coalesce(usage_count, 0) < ?2 OR coalesce(last_used, '') < coalesce(excluded.last_used, '')";
    let count = i64::try_from(command.count).unwrap_or(i64::MAX);
    db.execute(sql, (&command.name, count, command.last_used.map(Millis::from)))
}

async fn take_config(plan: &ImportPlan, files: &Files, target: &Path) -> Result<ConfigOutcome, StoreError> {
    let Some(config) = &plan.config else {
        return Ok(plan.broken_config.clone().map_or(ConfigOutcome::None, ConfigOutcome::Broken));
    };
    if files.read(target, ReadMode::PastCache).await?.is_some() {
        return Ok(ConfigOutcome::Kept(target.to_owned()));
    }
    files.write(target, config.text.as_str(), WriteMode::Invalidate).await?;
    Ok(ConfigOutcome::Written(target.to_owned()))
}
