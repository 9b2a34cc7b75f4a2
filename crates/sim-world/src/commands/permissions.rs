//! Who may use which command: set by a person's token, read by the bot, and what comes of it. See Discord docs:
//! Application Commands / Permissions.

use serde_json::{Value, json};

use super::{Scope, store, usable};
use crate::{
    Action, Actor, ApiError, ApplicationId, Audience, Audit, AuditAction, Channel, ChannelId, Command,
    CommandId, CommandPermission, CommandPermissions, CommandSubject, EventKind, Guild, GuildId, RoleId, Tx,
    UserId, World,
    body::{self, Form},
    permissions::{ADMINISTRATOR, MANAGE_CHANNELS, MANAGE_GUILD, MANAGE_ROLES, USE_APPLICATION_COMMANDS},
};

/// Permissions of one command in one guild.
const MAX_PERMISSIONS: usize = 100;

/// `GET .../guilds/{g}/commands/permissions`: of all commands that have some.
///
/// # Errors
/// 20012 for another application's commands, 50001 outside its guilds.
pub fn permissions(world: &World, actor: Actor, scope: Scope) -> Result<Value, ApiError> {
    scope.check(world, actor)?;
    let is_there =
        |p: &&CommandPermissions| p.application == scope.application && Some(p.guild) == scope.guild;
    Ok(world.command_permissions.iter().filter(is_there).map(wire).collect())
}

/// `GET .../guilds/{g}/commands/{c}/permissions`, where the application's id stands for all commands.
///
/// # Errors
/// As [`permissions`], 10063 for an unknown command, 10066 for one that has none.
pub fn permissions_of(world: &World, actor: Actor, scope: Scope, id: CommandId) -> Result<Value, ApiError> {
    scope.check(world, actor)?;
    require_target(world, scope, id)?;
    let guild = scope.guild.ok_or_else(ApiError::unknown_guild)?;
    of(world, guild, scope.application, id.get())
        .map(wire)
        .ok_or_else(|| ApiError::new(404, 10066, "Unknown application command permissions"))
}

/// What is set for a command, or for an application.
fn of(world: &World, guild: GuildId, application: ApplicationId, target: u64) -> Option<&CommandPermissions> {
    let is_it =
        |p: &&CommandPermissions| p.guild == guild && p.application == application && p.target == target;
    world.command_permissions.iter().find(is_it)
}

/// The command of the guild or a global one; `None` for the application itself.
fn require_target(world: &World, scope: Scope, id: CommandId) -> Result<Option<&Command>, ApiError> {
    if id.get() == scope.application.get() {
        return Ok(None);
    }
    let global = Scope { guild: None, ..scope };
    store::get(world, scope, id).or_else(|_| store::get(world, global, id)).map(Some)
}

/// The object of REST and of the gateway's event.
fn wire(permissions: &CommandPermissions) -> Value {
    let CommandPermissions { guild, application, target, permissions } = permissions;
    let one = |p: &CommandPermission| {
        let (id, kind) = on_wire(*guild, p.subject);
        json!({ "id": id.to_string(), "type": kind, "permission": p.allow })
    };
    json!({
        "id": target.to_string(),
        "application_id": application,
        "guild_id": guild,
        "permissions": permissions.iter().map(one).collect::<Vec<_>>(),
    })
}

fn on_wire(guild: GuildId, subject: CommandSubject) -> (u64, u8) {
    match subject {
        CommandSubject::Role(role) => (role.get(), 1),
        CommandSubject::User(user) => (user.get(), 2),
        CommandSubject::Channel(channel) => (channel.get(), 3),
        CommandSubject::AllChannels => (guild.get().saturating_sub(1), 3),
    }
}

/// `PUT .../guilds/{g}/commands/{c}/permissions` with a person's token: `{permissions}`, up to 100 of
/// `{id, type, permission}`. The person needs MANAGE_GUILD and MANAGE_ROLES, must be able to use the command, and
/// to manage the roles and channels it is about. An empty list takes all back.
///
/// # Errors
/// 10004, 10063, 20012 (the token is another application's), 50001, 50013, 50035.
#[derive(Clone, Debug)]
pub struct SetCommandPermissions {
    /// The application that the token was given to.
    pub application: ApplicationId,
    /// The person whose it is.
    pub user: UserId,
    /// Of the path; with a guild.
    pub scope: Scope,
    /// The command, or the application for all of its commands.
    pub command: CommandId,
    /// The body.
    pub body: Value,
}

impl Action for SetCommandPermissions {
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let (scope, user) = (self.scope, self.user);
        let id = scope.guild.ok_or_else(ApiError::unknown_guild)?;
        let needed = MANAGE_GUILD | MANAGE_ROLES;
        let guild = tx.world.require_guild(Actor::person(user), id, needed, tx.now)?;
        scope.check(tx.world, Actor::bot(self.application))?;
        let command = require_target(tx.world, scope, self.command)?;
        let bits = tx.world.guild_permissions(id, user, tx.now);
        if command.is_some_and(|c| !permitted(tx.world, c, guild, None, user, bits)) {
            return Err(ApiError::missing_permissions());
        }
        let permissions = body::read(&self.body, |form| read(form, guild, tx.world))?;
        if !permissions.iter().all(|p| may_manage(tx, id, user, p.subject)) {
            return Err(ApiError::missing_permissions());
        }
        let target = self.command.get();
        let before = of(tx.world, id, scope.application, target).cloned();
        let after = CommandPermissions { guild: id, application: scope.application, target, permissions };
        let answer = wire(&after);
        let kept = &mut tx.world.command_permissions;
        kept.retain(|p| !(p.guild == id && p.application == scope.application && p.target == target));
        if !after.permissions.is_empty() {
            kept.push(after.clone());
        }
        if before.as_ref().map_or(&[][..], |b| b.permissions.as_slice()) == after.permissions.as_slice() {
            return Ok(answer);
        }
        let audience = Audience::Application(Some(id), scope.application);
        tx.emit(EventKind::ApplicationCommandPermissionsUpdate, audience, answer.clone());
        tx.emit(EventKind::PersonViewChanged, Audience::Guild(id), json!({}));
        tx.audit(id, audit(user, before, &after));
        Ok(answer)
    }
}

/// One change for each subject, under its id. See Discord docs: Audit Log / Audit Log Change Exceptions.
fn audit(user: UserId, before: Option<CommandPermissions>, after: &CommandPermissions) -> Audit {
    let one = |p: &CommandPermission| {
        let (id, kind) = on_wire(after.guild, p.subject);
        json!({ "id": id.to_string(), "type": kind, "permission": p.allow })
    };
    let before = before.map(|b| b.permissions).unwrap_or_default();
    let mut audit = Audit::new(user, AuditAction::ApplicationCommandPermissionUpdate)
        .target(after.target)
        .option("application_id", after.application);
    let same = |a: &CommandPermission, b: &CommandPermission| a.subject == b.subject;
    for old in &before {
        let new = after.permissions.iter().find(|p| same(p, old));
        let key = on_wire(after.guild, old.subject).0.to_string();
        audit = audit.change(&key, one(old), new.map_or(Value::Null, one));
    }
    for new in after.permissions.iter().filter(|p| !before.iter().any(|b| same(b, p))) {
        let key = on_wire(after.guild, new.subject).0.to_string();
        audit = audit.change(&key, Value::Null, one(new));
    }
    audit
}

fn read(form: Form<'_>, guild: &Guild, world: &World) -> Vec<CommandPermission> {
    if form.get("permissions").is_none() {
        form.missing("permissions");
    }
    let list = form.list("permissions", MAX_PERMISSIONS).map_or(&[][..], Vec::as_slice);
    let mut permissions: Vec<CommandPermission> = Vec::new();
    for (index, item) in list.iter().enumerate().take(MAX_PERMISSIONS) {
        let path = form.at(format_args!("permissions.{index}"));
        let Some(one) = Form::new(item, &path, form.errors()) else { continue };
        for key in ["id", "type", "permission"] {
            if one.get(key).is_none() {
                one.missing(key);
            }
        }
        let (id, kind) = (one.id::<RoleId>("id").map(RoleId::get), one.integer("type", 1, 3));
        let (Some(id), Some(kind), Some(allow)) = (id, kind, one.boolean("permission")) else { continue };
        let subject = match kind {
            1 => Some(RoleId::new(id)).filter(|r| guild.roles.contains_key(r)).map(CommandSubject::Role),
            2 => Some(UserId::new(id)).filter(|u| guild.members.contains_key(u)).map(CommandSubject::User),
            _ if id == guild.id.get().saturating_sub(1) => Some(CommandSubject::AllChannels),
            _ => channel(world, guild, ChannelId::new(id)).map(CommandSubject::Channel),
        };
        let Some(subject) = subject else {
            let code = match kind {
                1 => "UNKNOWN_ROLE",
                2 => "UNKNOWN_MEMBER",
                _ => "UNKNOWN_CHANNEL",
            };
            one.error("id", code, "It is not in this guild.");
            continue;
        };
        if permissions.iter().any(|p| p.subject == subject) {
            one.error("id", "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
        }
        permissions.push(CommandPermission { subject, allow });
    }
    permissions
}

/// A channel of the guild; threads are as their channel.
fn channel(world: &World, guild: &Guild, id: ChannelId) -> Option<ChannelId> {
    let channel = world.channel(id).ok()?;
    (channel.guild == Some(guild.id) && !channel.kind.is_thread()).then_some(id)
}

/// Whether a person may decide about a role, a member or a channel.
fn may_manage(tx: &Tx<'_>, guild: GuildId, user: UserId, subject: CommandSubject) -> bool {
    let world = &*tx.world;
    match subject {
        // Everybody, and who stands below no role: MANAGE_GUILD and MANAGE_ROLES are enough.
        CommandSubject::Role(role) => role == guild.into() || world.outranks_role(guild, user, role),
        CommandSubject::User(_) => true,
        CommandSubject::Channel(channel) => {
            world.require(Actor::person(user), channel, MANAGE_CHANNELS, tx.now).is_ok()
        }
        CommandSubject::AllChannels => world.guild_permissions(guild, user, tx.now) & MANAGE_CHANNELS != 0,
    }
}

/// Whether a member may use a command in a channel of a guild (`None`: anywhere in it), who holds these permission
/// bits there: administrators always; else it must not be off in the channel, and what is said of the member, then
/// of their roles, then of everybody decides before the command's default permissions. What is set for the command
/// itself counts before what is set for the application.
pub(super) fn permitted(
    world: &World,
    command: &Command,
    guild: &Guild,
    place: Option<&Channel>,
    user: UserId,
    bits: u64,
) -> bool {
    let by_default = usable::permitted_by_default(command, bits);
    let own = of(world, guild.id, command.application, command.id.get());
    let general = of(world, guild.id, command.application, command.application.get());
    if (own.is_none() && general.is_none()) || bits & ADMINISTRATOR != 0 {
        return by_default;
    }
    let levels = || [own, general].into_iter().flatten();
    let channel = place.map(|p| p.parent.filter(|_| p.kind.is_thread()).unwrap_or(p.id));
    let in_channel = channel.and_then(|channel| {
        levels().find_map(|level| {
            said(level, CommandSubject::Channel(channel)).or_else(|| said(level, CommandSubject::AllChannels))
        })
    });
    if in_channel == Some(false) {
        return false;
    }
    let everyone = guild.everyone();
    let roles = guild.members.get(&user).map_or(&[][..], |m| &m.roles);
    let decided = levels().find_map(|level| {
        said(level, CommandSubject::User(user))
            .or_else(|| by_roles(level, roles))
            .or_else(|| said(level, CommandSubject::Role(everyone)))
    });
    match decided {
        Some(allowed) => allowed && bits & USE_APPLICATION_COMMANDS != 0,
        None => by_default,
    }
}

fn said(level: &CommandPermissions, subject: CommandSubject) -> Option<bool> {
    level.permissions.iter().find(|p| p.subject == subject).map(|p| p.allow)
}

/// One role that may is enough, whatever others say.
fn by_roles(level: &CommandPermissions, roles: &[RoleId]) -> Option<bool> {
    roles.iter().filter_map(|role| said(level, CommandSubject::Role(*role))).reduce(|a, b| a || b)
}

/// Forgets what is said of a role, member or channel that is no more; without events, as Discord sends none.
pub(crate) fn forget_permissions_of(world: &mut World, is_it: impl Fn(&CommandSubject) -> bool) {
    for command in &mut world.command_permissions {
        command.permissions.retain(|p| !is_it(&p.subject));
    }
    world.command_permissions.retain(|p| !p.permissions.is_empty());
}

/// Forgets what is said of a command that is no more, or that has another name.
pub(super) fn forget_permissions(world: &mut World, command: CommandId) {
    world.command_permissions.retain(|p| p.target != command.get());
}
