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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportReport {
    /// Guilds that got something.
    pub guilds: usize,
    /// Settings that were taken over.
    pub settings: usize,
    /// Settings, statistics and users that were here already and stay as they are.
    pub kept: usize,
    /// Users that were taken over.
    pub users: usize,
    /// Command counts that were taken over. Where there was one already, the larger stays.
    pub commands: usize,
    /// What became of config.json.
    pub config: ConfigOutcome,
}

/// What became of config.json.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigOutcome {
    /// The source has none that can be read.
    None,
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
        // A guild with nothing to take over gets no file.
        let mut guilds = plan.guilds.clone();
        guilds.retain(|_, guild| !guild.settings.is_empty() || !guild.commands.is_empty());
        let mut report = ImportReport {
            guilds: guilds.len(),
            settings: 0,
            kept: 0,
            users: 0,
            commands: 0,
            config: take_config(&plan, files, config).await?,
        };
        let source = plan.source.display().to_string();
        let at = Millis::from(self.now());
        let (stats, users, commands) = (plan.global_stats, plan.users, plan.commands);
        let main = self.pool().main_write(move |db| {
            let mut counts = Counts::default();
            for (key, value) in stats {
                counts.add(db.execute("INSERT OR IGNORE INTO global_stats (key, value) VALUES (?, ?)", (key, value))?);
            }
            let settings = std::mem::take(&mut counts.new);
            for user in users {
                let sql = "INSERT OR IGNORE INTO user_data (user_id, data, last_seen) VALUES (?, ?, datetime(? / 1000, 'unixepoch'))";
                counts.add(db.execute(sql, (Id(user.id), user.data, user.last_seen.map(Millis::from)))?);
            }
            for command in &commands {
                let sql = "INSERT INTO usage (command_name, usage_count, last_used) VALUES (?1, ?2, ?3)
                           ON CONFLICT (command_name) DO UPDATE SET usage_count = max(usage_count, ?2),
                              last_used = max(coalesce(last_used, ?3), coalesce(?3, last_used))";
                let used = command.last_used.map(Millis::from);
                db.execute(sql, (&command.name, i64::try_from(command.count).unwrap_or(i64::MAX), used))?;
            }
            repo::note_import(db, at, &source)?;
            Ok((settings, counts, commands.len()))
        });
        let (settings, counts, commands) = main.await?;
        (report.settings, report.kept, report.users, report.commands) =
            (settings, counts.kept, counts.new, commands);
        for (id, guild) in guilds {
            let target = self.guild(id);
            let write = target.write_durable(move |db| {
                let mut counts = Counts::default();
                for (key, value) in guild.settings {
                    counts.add(db.execute(
                        "INSERT OR IGNORE INTO guild_settings (key, value) VALUES (?, ?)",
                        (key, value),
                    )?);
                }
                guild.commands.iter().try_for_each(|command| count_in_guild(db, command))?;
                Ok((counts, guild.commands.len()))
            });
            let (counts, commands) = write.await?;
            report.settings += counts.new;
            report.kept += counts.kept;
            report.commands += commands;
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

fn count_in_guild(db: &Db<'_>, command: &ImportedCommand) -> Result<(), StoreError> {
    let sql = "INSERT INTO command_stats (command_name, usage_count, last_used) VALUES (?1, ?2, datetime(?3 / 1000, 'unixepoch'))
               ON CONFLICT (command_name) DO UPDATE SET usage_count = max(coalesce(usage_count, 0), ?2),
                  last_used = max(coalesce(last_used, excluded.last_used), coalesce(excluded.last_used, last_used))";
    let count = i64::try_from(command.count).unwrap_or(i64::MAX);
    db.execute(sql, (&command.name, count, command.last_used.map(Millis::from))).map(|_| ())
}

async fn take_config(plan: &ImportPlan, files: &Files, target: &Path) -> Result<ConfigOutcome, StoreError> {
    let Some(config) = &plan.config else { return Ok(ConfigOutcome::None) };
    if files.read(target, ReadMode::PastCache).await?.is_some() {
        return Ok(ConfigOutcome::Kept(target.to_owned()));
    }
    files.write(target, config.text.as_str(), WriteMode::Invalidate).await?;
    Ok(ConfigOutcome::Written(target.to_owned()))
}
