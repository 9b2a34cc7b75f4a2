//! Changing and removing other members: nickname, roles, time-out, kick. The hierarchy decides: only those
//! strictly below one's own top role, never the owner. See Discord docs: Permissions / Permission Hierarchy.

use std::time::Duration;

use serde_json::Value;

use super::{audit, change, operator::read_roles, sight::Sight};
use crate::{
    Action, Actor, ApiError, Audit, AuditAction, Guild, GuildId, Member, RoleId, Timestamp, Tx, UserId,
    World, auto_moderation, body, permissions, voice::MemberVoice, wire,
};

/// The longest time-out.
const MAX_TIMEOUT: Duration = Duration::from_secs(28 * 24 * 60 * 60);

/// PATCH /guilds/{guild}/members/{user}: `nick`, `roles`, `communication_disabled_until`, and of those connected to
/// voice `mute`, `deaf` and `channel_id` (null disconnects).
///
/// # Errors
/// 10003, 10004, 10007, 50001, 50013, 40032 (voice keys of somebody who is not connected), 50024, 50035.
#[derive(Debug)]
pub struct PatchMember {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Whom.
    pub user: UserId,
    /// The body.
    pub body: Value,
}

impl Action for PatchMember {
    /// The member object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let (world, now) = (&*tx.world, tx.now);
        let guild = world.require_guild(self.actor, self.guild, 0, now)?;
        let before = guild.members.get(&self.user).ok_or_else(ApiError::unknown_member)?;
        let mut member = before.clone();
        let mut needed = 0;
        let mut voice = MemberVoice::default();
        body::read(&self.body, |form| {
            if form.has("nick") {
                needed |= permissions::MANAGE_NICKNAMES;
                member.nick = form.name("nick", 0, 32).filter(|n| !n.is_empty());
            }
            if form.has("roles") {
                needed |= permissions::MANAGE_ROLES;
                member.roles = read_roles(form, guild);
            }
            if form.has("communication_disabled_until") {
                needed |= permissions::MODERATE_MEMBERS;
                member.timeout_until = form.moment("communication_disabled_until");
                if member.timeout_until.is_some_and(|until| until > now.plus(MAX_TIMEOUT)) {
                    let message = "Must be at most 28 days in the future.";
                    form.error(
                        "communication_disabled_until",
                        "INVALID_COMMUNICATION_DISABLED_TIMESTAMP",
                        message,
                    );
                }
            }
            voice = MemberVoice::read(form);
            voice.write(&mut member);
        })?;
        world.require_guild(self.actor, self.guild, needed, now)?;
        check_target(world, self.actor, guild, self.user, needed)?;
        check_roles(world, self.actor, self.guild, before, &member)?;
        voice.check(world, self.actor, guild, self.user, now)?;
        let nick = member.nick.clone().filter(|nick| Some(nick) != before.nick.as_ref());
        let verdict = auto_moderation::check_nickname(tx, self.guild, self.user, nick.as_deref())?;
        if needed != 0 || voice.marks() {
            replace(tx, self.actor, self.guild, member);
        }
        if let Some(verdict) = verdict {
            verdict.execute(tx, None);
        }
        voice.apply(tx, self.actor, self.guild, self.user);
        Ok(wire::member(tx.world, tx.world.guild(self.guild)?, tx.world.member(self.guild, self.user)?))
    }
}

/// Whether the target stands below; roles are looked at one by one instead, and anybody may rename themselves.
fn check_target(
    world: &World,
    actor: Actor,
    guild: &Guild,
    target: UserId,
    needed: u64,
) -> Result<(), ApiError> {
    let own = actor.user == target;
    let timed_out = needed & permissions::MODERATE_MEMBERS != 0;
    // Owners and administrators cannot be timed out. See Discord docs: Guild / Modify Guild Member.
    if timed_out && world.is_admin(guild.id, target) {
        return Err(ApiError::missing_permissions());
    }
    let ranked = permissions::MANAGE_NICKNAMES | permissions::MODERATE_MEMBERS;
    if needed & ranked != 0 && !own && !world.outranks(guild.id, actor.user, target) {
        return Err(ApiError::missing_permissions());
    }
    Ok(())
}

/// Each role added or taken must stand below the actor's top role and not be managed.
fn check_roles(
    world: &World,
    actor: Actor,
    guild: GuildId,
    before: &Member,
    after: &Member,
) -> Result<(), ApiError> {
    let added = after.roles.iter().filter(|r| !before.roles.contains(r));
    let taken = before.roles.iter().filter(|r| !after.roles.contains(r));
    added.chain(taken).try_for_each(|role| check_role(world, actor, guild, *role))
}

fn check_role(world: &World, actor: Actor, guild: GuildId, role: RoleId) -> Result<(), ApiError> {
    let found = world.guild(guild)?.roles.get(&role).ok_or_else(ApiError::unknown_role)?;
    if found.managed || !world.outranks_role(guild, actor.user, role) {
        return Err(ApiError::missing_permissions());
    }
    Ok(())
}

/// Stores a changed member, tells everybody and the audit log.
fn replace(tx: &mut Tx<'_>, actor: Actor, guild: GuildId, member: Member) {
    let after = member.clone();
    if let Some(before) = store(tx, guild, member) {
        audit::member(tx, actor, guild, &before, &after);
    }
}

/// Stores a changed member and tells everybody; answers the member as it was.
fn store(tx: &mut Tx<'_>, guild: GuildId, member: Member) -> Option<Member> {
    let user = member.user;
    let sight = Sight::of(tx.world, guild, tx.now);
    tx.world.note_time_out(member.timeout_until);
    let before = tx.world.guilds.get_mut(&guild).and_then(|found| found.members.insert(user, member));
    change::member_updated(tx, guild, user);
    sight.tell_one(tx, user);
    before
}

/// Times a member out, unless they are the owner, an administrator, or timed out for longer already.
pub(crate) fn time_out(tx: &mut Tx<'_>, guild: GuildId, user: UserId, until: Timestamp) {
    let Ok(member) = tx.world.member(guild, user) else { return };
    if member.timeout_until < Some(until) && !tx.world.is_admin(guild, user) {
        let member = Member { timeout_until: Some(until), ..member.clone() };
        store(tx, guild, member);
    }
}

/// PUT or DELETE /guilds/{guild}/members/{user}/roles/{role}.
///
/// # Errors
/// 10004, 10007, 10011, 50001, 50013 (MANAGE_ROLES; the role stands above or is managed), 50028 for @everyone.
#[derive(Debug)]
pub struct SetMemberRole {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Whom.
    pub user: UserId,
    /// Which role.
    pub role: RoleId,
    /// Give it (PUT) or take it (DELETE).
    pub give: bool,
}

impl Action for SetMemberRole {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, permissions::MANAGE_ROLES, tx.now)?;
        let mut member = guild.members.get(&self.user).ok_or_else(ApiError::unknown_member)?.clone();
        if self.role == guild.everyone() {
            return Err(ApiError::new(400, 50028, "Invalid Role"));
        }
        check_role(tx.world, self.actor, self.guild, self.role)?;
        if member.roles.contains(&self.role) == self.give {
            return Ok(());
        }
        if self.give {
            member.roles.push(self.role);
        } else {
            member.roles.retain(|r| *r != self.role);
        }
        replace(tx, self.actor, self.guild, member);
        Ok(())
    }
}

/// DELETE /guilds/{guild}/members/{user}.
///
/// # Errors
/// 10004, 10007, 50001, 50013 (KICK_MEMBERS, hierarchy).
#[derive(Debug)]
pub struct Kick {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Whom.
    pub user: UserId,
}

impl Action for Kick {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, permissions::KICK_MEMBERS, tx.now)?;
        if !guild.members.contains_key(&self.user) {
            return Err(ApiError::unknown_member());
        }
        if !tx.world.outranks(self.guild, self.actor.user, self.user) {
            return Err(ApiError::missing_permissions());
        }
        change::leave(tx, self.guild, self.user);
        let audit = Audit::new(self.actor.user, AuditAction::MemberKick).target(self.user.get());
        tx.audit(self.guild, audit);
        Ok(())
    }
}
