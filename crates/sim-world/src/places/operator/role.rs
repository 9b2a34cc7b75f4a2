//! The operator makes, changes and removes roles.

use serde_json::Value;

use super::known;
use crate::{
    Action, ApiError, EventKind, GuildId, Role, RoleId, Tx,
    body::{self, Form},
    places::{change, sight::Sight},
    wire,
};

const KEYS: &[&str] = &["name", "permissions", "color", "hoist", "mentionable", "position"];

/// Roles of one guild, @everyone not counted (30005 above it).
pub(crate) const MAX_ROLES: usize = 250;

fn read(form: Form<'_>, role: &mut Role) {
    known(form, KEYS);
    if let Some(name) = form.string("name", 1, 100) {
        name.clone_into(&mut role.name);
    }
    if let Some(bits) = form.bits("permissions") {
        role.permissions = bits;
    }
    if let Some(color) = form.integer("color", 0, 0xFF_FFFF) {
        role.color = u32::try_from(color).unwrap_or(0);
    }
    role.hoist = form.boolean("hoist").unwrap_or(role.hoist);
    role.mentionable = form.boolean("mentionable").unwrap_or(role.mentionable);
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
        let guild = tx.world.guild(self.guild)?;
        let everyone = guild.roles.get(&guild.everyone()).map_or(0, |r| r.permissions);
        let mut role = Role { permissions: everyone, ..Role::new(RoleId::new(0), "new role") };
        body::read(&self.body, |form| read(form, &mut role))?;
        if guild.roles.len() > MAX_ROLES {
            return Err(ApiError::new(400, 30005, "Maximum number of guild roles reached (250)"));
        }
        role.id = RoleId::new(tx.mint());
        let (id, answer) = (role.id, wire::role(&role));
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.roles.insert(id, role);
        }
        change::role_event(tx, EventKind::GuildRoleCreate, self.guild, id);
        Ok(answer)
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
        if self.role == guild.everyone() {
            role.name.clone_from(&before.name);
            role.position = 0;
        }
        let sight = (role.permissions != before.permissions).then(|| Sight::of(tx.world, self.guild, tx.now));
        let answer = wire::role(&role);
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.roles.insert(self.role, role);
        }
        change::role_event(tx, EventKind::GuildRoleUpdate, self.guild, self.role);
        if let Some(sight) = sight {
            sight.tell(tx);
        }
        Ok(answer)
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
        let guild = tx.world.guild(self.guild)?;
        if !guild.roles.contains_key(&self.role) {
            return Err(ApiError::unknown_role());
        }
        if self.role == guild.everyone() {
            return Err(ApiError::new(400, 50028, "Invalid Role"));
        }
        let sight = Sight::of(tx.world, self.guild, tx.now);
        change::remove_role(tx, self.guild, self.role);
        sight.tell(tx);
        Ok(())
    }
}
