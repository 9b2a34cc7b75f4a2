//! Making, changing, moving and removing roles. Only roles strictly below one's own top role, and only permissions
//! that one holds. See Discord docs: Guild / Create Guild Role, Permissions / Permission Hierarchy.

use serde_json::{Value, json};

use super::{change, sight::Sight};
use crate::{
    Action, Actor, ApiError, Audit, AuditAction, EventKind, Guild, GuildId, Role, RoleId, Timestamp, Tx,
    World,
    body::{self, Form},
    permissions::{self, ADMINISTRATOR, MANAGE_ROLES},
    wire,
};

/// Roles of one guild, @everyone not counted (30005 above it).
pub(crate) const MAX_ROLES: usize = 250;

/// Reads what bots, people and the operator may all set.
pub(super) fn read(form: Form<'_>, role: &mut Role) {
    if let Some(name) = form.string("name", 1, 100) {
        name.clone_into(&mut role.name);
    }
    if let Some(bits) = form.bits("permissions") {
        role.permissions = bits;
    }
    // `colors` is the newer name; see Discord docs: Permissions / Role Colors Object.
    let primary = form.get("colors").and_then(|colors| {
        let path = form.at("colors");
        let colors = Form::new(colors, &path, form.errors())?;
        for key in ["secondary_color", "tertiary_color"] {
            if colors.get(key).is_some() {
                let message = "Gradients need the guild feature ENHANCED_ROLE_COLORS.";
                colors.error(key, "GUILD_FEATURE_MISSING", message);
            }
        }
        colors.integer("primary_color", 0, 0xFF_FFFF)
    });
    if let Some(color) = primary.or_else(|| form.integer("color", 0, 0xFF_FFFF)) {
        role.color = u32::try_from(color).unwrap_or(0);
    }
    role.hoist = form.boolean("hoist").unwrap_or(role.hoist);
    role.mentionable = form.boolean("mentionable").unwrap_or(role.mentionable);
}

/// A role as it is before a body is read: named "new role", with what @everyone may.
pub(super) fn draft(guild: &Guild) -> Role {
    let permissions = guild.roles.get(&guild.everyone()).map_or(0, |r| r.permissions);
    Role { permissions, ..Role::new(RoleId::new(0), "new role") }
}

/// Adds a role that has been checked; answers it.
pub(super) fn insert(tx: &mut Tx<'_>, guild: GuildId, mut role: Role) -> Result<Value, ApiError> {
    if tx.world.guild(guild)?.roles.len() > MAX_ROLES {
        return Err(ApiError::new(400, 30005, "Maximum number of guild roles reached (250)"));
    }
    role.id = RoleId::new(tx.mint());
    let (id, answer) = (role.id, wire::role(&role));
    if let Some(guild) = tx.world.guilds.get_mut(&guild) {
        guild.roles.insert(id, role);
    }
    change::role_event(tx, EventKind::GuildRoleCreate, guild, id);
    Ok(answer)
}

/// Stores a changed role and tells everybody; answers it. @everyone keeps its name and position.
pub(super) fn replace(tx: &mut Tx<'_>, guild: GuildId, before: &Role, mut role: Role) -> Value {
    if role.id == guild.into() {
        role.name.clone_from(&before.name);
        role.position = 0;
    }
    let sight = (role.permissions != before.permissions).then(|| Sight::of(tx.world, guild, tx.now));
    let (id, answer) = (role.id, wire::role(&role));
    let changed = answer != wire::role(before);
    if let Some(guild) = tx.world.guilds.get_mut(&guild) {
        guild.roles.insert(id, role);
    }
    if changed {
        change::role_event(tx, EventKind::GuildRoleUpdate, guild, id);
        match sight {
            Some(sight) => sight.tell(tx),
            // Names, colours and ranks are part of what people see.
            None => change::guild_view_changed(tx, guild),
        }
    }
    answer
}

/// Removes a role that has been checked.
pub(super) fn remove(tx: &mut Tx<'_>, guild: GuildId, role: RoleId) {
    let sight = Sight::of(tx.world, guild, tx.now);
    change::remove_role(tx, guild, role);
    sight.tell(tx);
}

/// The role, if there is one that can be removed.
pub(super) fn removable(guild: &Guild, role: RoleId) -> Result<&Role, ApiError> {
    let found = guild.roles.get(&role).ok_or_else(ApiError::unknown_role)?;
    if role == guild.everyone() {
        return Err(ApiError::new(400, 50028, "Invalid Role"));
    }
    Ok(found)
}

/// Bits that a role gains must be held by who gives them; administrators hold every bit.
fn may_grant(held: u64, before: u64, after: u64) -> Result<(), ApiError> {
    if held & ADMINISTRATOR != 0 || after & !before & !held == 0 {
        Ok(())
    } else {
        Err(ApiError::missing_permissions())
    }
}

/// The role, if the actor may manage it: MANAGE_ROLES, below their top role, not managed by an integration.
fn manageable(
    world: &World,
    actor: Actor,
    guild: GuildId,
    role: RoleId,
    now: Timestamp,
) -> Result<&Role, ApiError> {
    let found = world.require_guild(actor, guild, MANAGE_ROLES, now)?;
    let role = found.roles.get(&role).ok_or_else(ApiError::unknown_role)?;
    if role.managed || !world.outranks_role(guild, actor.user, role.id) {
        return Err(ApiError::missing_permissions());
    }
    Ok(role)
}

/// Writes down what became of a role, unless nothing did.
fn audit(tx: &mut Tx<'_>, actor: Actor, guild: GuildId, action: AuditAction, old: &Value, new: &Value) {
    const KEYS: [&str; 5] = ["name", "permissions", "color", "hoist", "mentionable"];
    let id = if new.is_null() { &old["id"] } else { &new["id"] };
    let id = id.as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
    if old != new {
        tx.audit(guild, Audit::new(actor.user, action).target(id).diff(old, new, &KEYS));
    }
}

/// POST /guilds/{guild}/roles: `name`, `permissions`, `color` or `colors`, `hoist`, `mentionable`.
///
/// # Errors
/// 10004, 50001, 50013 (MANAGE_ROLES; bits the actor lacks), 30005, 50035.
#[derive(Debug)]
pub struct CreateRole {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for CreateRole {
    /// The role object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, MANAGE_ROLES, tx.now)?;
        let mut role = draft(guild);
        body::read(&self.body, |form| read(form, &mut role))?;
        let held = tx.world.guild_permissions(self.guild, self.actor.user, tx.now);
        may_grant(held, draft(guild).permissions, role.permissions)?;
        let made = insert(tx, self.guild, role)?;
        audit(tx, self.actor, self.guild, AuditAction::RoleCreate, &Value::Null, &made);
        Ok(made)
    }
}

/// PATCH /guilds/{guild}/roles/{role}: the keys of [`CreateRole`].
///
/// # Errors
/// 10004, 10011, 50001, 50013 (MANAGE_ROLES; the role stands above or is managed; bits the actor lacks), 50035.
#[derive(Debug)]
pub struct PatchRole {
    /// Who.
    pub actor: Actor,
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
        let before = manageable(tx.world, self.actor, self.guild, self.role, tx.now)?.clone();
        let mut role = before.clone();
        body::read(&self.body, |form| read(form, &mut role))?;
        let held = tx.world.guild_permissions(self.guild, self.actor.user, tx.now);
        may_grant(held, before.permissions, role.permissions)?;
        let after = replace(tx, self.guild, &before, role);
        audit(tx, self.actor, self.guild, AuditAction::RoleUpdate, &wire::role(&before), &after);
        Ok(after)
    }
}

/// DELETE /guilds/{guild}/roles/{role}.
///
/// # Errors
/// 10004, 10011, 50001, 50013 (MANAGE_ROLES; the role stands above or is managed), 50028 for @everyone.
#[derive(Debug)]
pub struct DeleteRole {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub role: RoleId,
}

impl Action for DeleteRole {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, MANAGE_ROLES, tx.now)?;
        removable(guild, self.role)?;
        let before = wire::role(manageable(tx.world, self.actor, self.guild, self.role, tx.now)?);
        remove(tx, self.guild, self.role);
        audit(tx, self.actor, self.guild, AuditAction::RoleDelete, &before, &Value::Null);
        Ok(())
    }
}

/// PATCH /guilds/{guild}/roles: `[{id, position}]`. The roles named take these places among all others, counted
/// from 1 at the bottom; the others close up, so that each has a place of its own afterwards.
///
/// # Errors
/// 10004, 10011, 50001, 50013 (MANAGE_ROLES; a role is or would come to stand at or above the actor's top role),
/// 50028 for @everyone, 50035.
#[derive(Debug)]
pub struct MoveRoles {
    /// Who; `None` is the operator, whom no rank binds.
    pub actor: Option<Actor>,
    /// Where.
    pub guild: GuildId,
    /// The body: a list.
    pub body: Value,
}

impl Action for MoveRoles {
    /// All roles of the guild.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = match self.actor {
            Some(actor) => tx.world.require_guild(actor, self.guild, MANAGE_ROLES, tx.now)?,
            None => tx.world.guild(self.guild)?,
        };
        let moves = read_moves(&self.body)?;
        let order = reordered(guild, &moves)?;
        if let Some(actor) = self.actor {
            check_moves(tx.world, actor, guild, &moves, &order)?;
        }
        let position = |role: &RoleId| Some((*role, guild.roles.get(role)?.position));
        let moved: Vec<(RoleId, i64)> = moves.iter().filter_map(|(role, _)| position(role)).collect();
        let mut changed = Vec::new();
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            for (position, id) in (1..).zip(&order) {
                if let Some(role) = guild.roles.get_mut(id).filter(|r| r.position != position) {
                    role.position = position;
                    changed.push(*id);
                }
            }
        }
        for role in &changed {
            change::role_event(tx, EventKind::GuildRoleUpdate, self.guild, *role);
        }
        if !changed.is_empty() {
            change::guild_view_changed(tx, self.guild);
        }
        if let Some(actor) = self.actor {
            audit_moves(tx, actor, self.guild, moved);
        }
        Ok(tx.world.guild(self.guild)?.roles.values().map(wire::role).collect())
    }
}

/// Writes down where the roles that were named stand now; those that only made room for them are no news.
fn audit_moves(tx: &mut Tx<'_>, actor: Actor, guild: GuildId, before: Vec<(RoleId, i64)>) {
    for (role, old) in before {
        let new = tx.world.guilds.get(&guild).and_then(|g| g.roles.get(&role)).map(|r| r.position);
        let audit = Audit::new(actor.user, AuditAction::RoleUpdate).target(role.get());
        let audit = audit.change("position", json!(old), json!(new));
        if audit.has_changes() {
            tx.audit(guild, audit);
        }
    }
}

/// Ids with the positions wanted, lowest first.
fn read_moves(body: &Value) -> Result<Vec<(RoleId, i64)>, ApiError> {
    let wrapped = json!({ "roles": body });
    let mut moves = body::read(&wrapped, |form| {
        let list = form.list("roles", MAX_ROLES).map_or(&[][..], Vec::as_slice);
        let mut moves: Vec<(RoleId, i64)> = Vec::new();
        for (index, item) in list.iter().enumerate() {
            let path = index.to_string();
            let Some(item) = Form::new(item, &path, form.errors()) else { continue };
            if item.get("id").is_none() {
                item.missing("id");
            }
            // A null position leaves the role where it is.
            if let (Some(id), Some(position)) =
                (item.id("id"), item.integer("position", 0, i64::from(i32::MAX)))
            {
                moves.retain(|(known, _)| *known != id);
                moves.push((id, position));
            }
        }
        moves
    })?;
    moves.sort_by_key(|(_, position)| *position);
    Ok(moves)
}

/// All roles but @everyone, lowest first, after these moves.
fn reordered(guild: &Guild, moves: &[(RoleId, i64)]) -> Result<Vec<RoleId>, ApiError> {
    for (role, _) in moves {
        removable(guild, *role)?;
    }
    let mut order = permissions::ranked(guild);
    order.retain(|id| *id != guild.everyone() && moves.iter().all(|(moved, _)| moved != id));
    for (role, position) in moves {
        let index = usize::try_from(position - 1).unwrap_or(0).min(order.len());
        order.insert(index, *role);
    }
    Ok(order)
}

/// Every moved role must be below the actor's top role before and after; the owner may move all.
fn check_moves(
    world: &World,
    actor: Actor,
    guild: &Guild,
    moves: &[(RoleId, i64)],
    order: &[RoleId],
) -> Result<(), ApiError> {
    if guild.owner == actor.user {
        return Ok(());
    }
    let own = guild.members.get(&actor.user).map_or(&[][..], |m| &m.roles);
    let top = order.iter().rposition(|id| own.contains(id));
    let stays_below = |role: RoleId| order.iter().position(|id| *id == role) < top;
    if moves.iter().all(|(role, _)| world.outranks_role(guild.id, actor.user, *role) && stays_below(*role)) {
        Ok(())
    } else {
        Err(ApiError::missing_permissions())
    }
}
