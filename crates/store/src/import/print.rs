//! A plan as text, for the dry run.

use std::fmt;

use super::plan::ImportPlan;

/// Lines of one list that are shown; the rest is counted.
const SHOWN: usize = 10;

impl fmt::Display for ImportPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Import from {}", self.source.display())?;
        match &self.config {
            Some(config) => {
                writeln!(
                    f,
                    "  config.json: copied if there is none yet; {} role rules, bot-wide as before",
                    config.role_rules.len()
                )?;
            }
            None if self.broken_config.is_some() => writeln!(f, "  config.json: cannot be read, see below")?,
            None => writeln!(f, "  config.json: none")?,
        }
        let settings: usize = self.guilds.values().map(|guild| guild.settings.len()).sum();
        let prefixes = self.guilds.values().filter(|guild| guild.settings.contains_key("prefix")).count();
        let counts: usize = self.guilds.values().map(|guild| guild.commands.len()).sum();
        writeln!(
            f,
            "  guilds: {} with {settings} settings, {prefixes} of them prefixes, and {counts} command counts",
            self.guilds.len()
        )?;
        writeln!(f, "  users: {}", self.users.len())?;
        let uses: u64 = self.commands.iter().map(|command| command.count).sum();
        writeln!(f, "  command counts of the whole bot: {} with {uses} uses", self.commands.len())?;
        writeln!(f, "  other statistics: {}", self.global_stats.len())?;
        list(f, "stays in the source", &self.left_behind)?;
        list(f, "problems", &self.problems)
    }
}

fn list(f: &mut fmt::Formatter<'_>, title: &str, lines: &[String]) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(f, "  {title}:")?;
    for line in lines.iter().take(SHOWN) {
        writeln!(f, "    - {line}")?;
    }
    if lines.len() > SHOWN { writeln!(f, "    - and {} more", lines.len() - SHOWN) } else { Ok(()) }
}
