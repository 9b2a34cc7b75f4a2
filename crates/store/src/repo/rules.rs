//! Which roles may use which commands in one guild.

use std::collections::{BTreeMap, BTreeSet};

use super::audit::Actor;
use super::change::{Diff, in_guild};
use super::check_name;
use super::guild::Guild;
use crate::StoreError;
use crate::db::Db;
use crate::id::Id;
use crate::time::Millis;

/// Roles that one rule may name; a guild has 250 at most.
const MAX_ROLES: usize = 250;

/// The role rules of one guild. A command without a rule is not listed. Every change is written down.
#[derive(Clone, Debug)]
pub struct RoleRules {
    guild: Guild,
}

impl RoleRules {
    pub(crate) fn new(guild: Guild) -> Self {
        Self { guild }
    }

    /// All rules: command to roles.
    pub async fn all(&self) -> Result<BTreeMap<String, BTreeSet<u64>>, StoreError> {
        self.guild
            .read(|db| {
                let rows = db.rows("SELECT command_name, role_id FROM role_rules", [], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, Id>(1)?.0))
                })?;
                let mut rules: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
                for (command, role) in rows {
                    rules.entry(command).or_default().insert(role);
                }
                Ok(rules)
            })
            .await
    }

    /// One command's roles; none if it has no rule.
    pub async fn get(&self, command: &str) -> Result<Option<BTreeSet<u64>>, StoreError> {
        let command = command.to_owned();
        self.guild.read(move |db| Ok(Some(roles(db, &command)?).filter(|roles| !roles.is_empty()))).await
    }

    /// Adds a role to a command's rule. Answers with the whole rule afterwards.
    pub async fn add(&self, command: &str, role: u64, actor: &Actor) -> Result<BTreeSet<u64>, StoreError> {
        self.change(command, actor, move |roles| {
            roles.insert(role);
        })
        .await
    }

    /// Replaces a command's roles; an empty set removes the rule. Answers with the rule before.
    pub async fn set(
        &self,
        command: &str,
        roles: BTreeSet<u64>,
        actor: &Actor,
    ) -> Result<BTreeSet<u64>, StoreError> {
        let before = self.get(command).await?.unwrap_or_default();
        if before != roles {
            self.change(command, actor, move |now| *now = roles).await?;
        }
        Ok(before)
    }

    /// Removes a command's rule. Answers with the roles that it had.
    pub async fn remove(&self, command: &str, actor: &Actor) -> Result<BTreeSet<u64>, StoreError> {
        self.set(command, BTreeSet::new(), actor).await
    }

    async fn change(
        &self,
        command: &str,
        actor: &Actor,
        change: impl FnOnce(&mut BTreeSet<u64>) + Send + 'static,
    ) -> Result<BTreeSet<u64>, StoreError> {
        check_name("command", command)?;
        let (command, at) = (command.to_owned(), Millis::from(self.guild.store().now()));
        in_guild(&self.guild, actor, move |db| {
            let before = roles(db, &command)?;
            let mut after = before.clone();
            change(&mut after);
            if after.len() > MAX_ROLES {
                return Err(StoreError::Invalid(format!("a rule names {MAX_ROLES} roles at most")));
            }
            for role in before.difference(&after) {
                let sql = "DELETE FROM role_rules WHERE command_name = ? AND role_id = ?";
                db.execute(sql, (&command, Id(*role)))?;
            }
            for role in after.difference(&before) {
                let sql = "INSERT INTO role_rules (command_name, role_id, added_at) VALUES (?, ?, ?)";
                db.execute(sql, (&command, Id(*role), at))?;
            }
            let setting = format!("command_permissions.{command}");
            let diff = (before != after).then(|| Diff { setting, old: shown(&before), new: shown(&after) });
            Ok((after, diff))
        })
        .await
    }
}

fn roles(db: &Db<'_>, command: &str) -> Result<BTreeSet<u64>, StoreError> {
    let sql = "SELECT role_id FROM role_rules WHERE command_name = ?";
    Ok(db.rows(sql, [command], |row| Ok(row.get::<_, Id>(0)?.0))?.into_iter().collect())
}

/// As in config.json: a list of role ids. No rule is no value.
fn shown(roles: &BTreeSet<u64>) -> Option<String> {
    let list: Vec<String> = roles.iter().map(u64::to_string).collect();
    (!list.is_empty()).then(|| format!("[{}]", list.join(", ")))
}
