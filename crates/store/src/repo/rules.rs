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

    /// Replaces a command's roles; an empty set removes the rule. Answers with the rule before.
    pub async fn set(
        &self,
        command: &str,
        roles: BTreeSet<u64>,
        actor: &Actor,
    ) -> Result<BTreeSet<u64>, StoreError> {
        check_name("command", command)?;
        if roles.len() > MAX_ROLES {
            return Err(StoreError::Invalid(format!("a rule names {MAX_ROLES} roles at most")));
        }
        if roles.is_empty() && !self.all().await?.contains_key(command) {
            // A guild that never set anything gets no file by taking something back.
            return Ok(roles);
        }
        let (command, at) = (command.to_owned(), Millis::from(self.guild.store().now()));
        in_guild(&self.guild, actor, move |db| {
            let before = roles_of(db, &command)?;
            for role in before.difference(&roles) {
                let sql = "DELETE FROM role_rules WHERE command_name = ? AND role_id = ?";
                db.execute(sql, (&command, Id(*role)))?;
            }
            for role in roles.difference(&before) {
                let sql = "INSERT INTO role_rules (command_name, role_id, added_at) VALUES (?, ?, ?)";
                db.execute(sql, (&command, Id(*role), at))?;
            }
            let setting = format!("command_permissions.{command}");
            let diff = (before != roles).then(|| Diff { setting, old: shown(&before), new: shown(&roles) });
            Ok((before, diff))
        })
        .await
    }
}

fn roles_of(db: &Db<'_>, command: &str) -> Result<BTreeSet<u64>, StoreError> {
    let sql = "SELECT role_id FROM role_rules WHERE command_name = ?";
    Ok(db.rows(sql, [command], |row| Ok(row.get::<_, Id>(0)?.0))?.into_iter().collect())
}

/// As in config.json: a list of role ids. No rule is no value.
fn shown(roles: &BTreeSet<u64>) -> Option<String> {
    let list: Vec<String> = roles.iter().map(u64::to_string).collect();
    (!list.is_empty()).then(|| format!("[{}]", list.join(", ")))
}
