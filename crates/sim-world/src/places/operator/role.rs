//! The operator makes, changes and removes roles.

use serde_json::Value;

use super::known;
use crate::{
    Action, ApiError, GuildId, Role, RoleId, Tx,
    body::{self, Form},
    places::role,
};

const KEYS: &[&str] = &["name", "permissions", "color", "hoist", "mentionable", "position"];

fn read(form: Form<'_>, role: &mut Role) {
    known(form, KEYS);
    role::read(form, role);
    if let Some(position) = form.integer("position", 0, i64::from(i32::MAX)) {
        role.position = position;
    }
}

/// Makes a role: `{name?: "new role", permissions?: those of @everyone, color?, hoist?, mentionable?,
/// position?: 1}`.
#[derive(Debug)]
pub struct CreateRole {
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for CreateRole {
    /// The role object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let mut role = role::draft(tx.world.guild(self.guild)?);
        body::read(&self.body, |form| read(form, &mut role))?;
        role::insert(tx, self.guild, role)
    }
}

/// Changes a role: the keys of [`CreateRole`]. @everyone keeps its name and position.
#[derive(Debug)]
pub struct PatchRole {
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub role: RoleId,
    /// The body.
    pub body: Value,
}

impl Action for PatchRole {
    /// The role object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.guild(self.guild)?;
        let before = guild.roles.get(&self.role).ok_or_else(ApiError::unknown_role)?.clone();
        let mut role = before.clone();
        body::read(&self.body, |form| read(form, &mut role))?;
        Ok(role::replace(tx, self.guild, &before, role))
    }
}

/// Removes a role; @everyone is refused (50028).
#[derive(Debug)]
pub struct DeleteRole {
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub role: RoleId,
}

impl Action for DeleteRole {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        role::removable(tx.world.guild(self.guild)?, self.role)?;
        role::remove(tx, self.guild, self.role);
        Ok(())
    }
}
