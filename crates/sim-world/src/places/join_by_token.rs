//! A bot lets a person join a guild whose access token it has. See Discord docs: Guild / Add Guild Member.

use serde_json::Value;

use super::{change, operator::read_roles};
use crate::{
    Action, Actor, ApiError, GuildId, Member, Timestamp, Tx, UserId, World, body, oauth2::Scope, permissions,
    wire,
};

/// Guilds that a person may be in. See Discord docs: Opcodes and Status Codes / JSON (30001).
const MAX_GUILDS: usize = 100;

/// PUT /guilds/{guild}/members/{user}: `{access_token, nick?, roles?, mute?, deaf?}`, with CREATE_INSTANT_INVITE; the
/// others each with their permission. Nothing changes for a member.
///
/// # Errors
/// 10004, 30001, 40007, 50001, 50013, 50025 (no such token, or one of another person or application), 50026
/// (`guilds.join`), 50035.
#[derive(Debug)]
pub struct JoinByToken {
    /// The bot.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Whom.
    pub user: UserId,
    /// The body.
    pub body: Value,
}

impl Action for JoinByToken {
    /// The member; `None` if they were one already.
    type Output = Option<Value>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Option<Value>, ApiError> {
        let (world, now) = (&*tx.world, tx.now);
        let guild = world.require_guild(self.actor, self.guild, permissions::CREATE_INSTANT_INVITE, now)?;
        let mut member = Member::new(self.user, now);
        let mut needed = 0;
        let token = body::read(&self.body, |form| {
            for (key, bit) in [
                ("nick", permissions::MANAGE_NICKNAMES),
                ("roles", permissions::MANAGE_ROLES),
                ("mute", permissions::MUTE_MEMBERS),
                ("deaf", permissions::DEAFEN_MEMBERS),
            ] {
                if form.get(key).is_some() {
                    needed |= bit;
                }
            }
            member.nick = form.name("nick", 0, 32).filter(|n| !n.is_empty());
            if form.get("roles").is_some() {
                member.roles = read_roles(form, guild);
            }
            member.mute = form.boolean("mute").unwrap_or(false);
            member.deaf = form.boolean("deaf").unwrap_or(false);
            if form.get("access_token").is_none() {
                form.missing("access_token");
            }
            form.string("access_token", 0, 10_240).unwrap_or_default().to_owned()
        })?;
        self.check_token(world, &token, tx.now)?;
        if guild.members.contains_key(&self.user) {
            return Ok(None);
        }
        world.require_guild(self.actor, self.guild, needed, now)?;
        if !member.roles.iter().all(|role| world.outranks_role(self.guild, self.actor.user, *role)) {
            return Err(ApiError::missing_permissions());
        }
        world.refuse_banned(self.guild, self.user)?;
        if world.guilds_of(self.user).count() >= MAX_GUILDS {
            return Err(ApiError::too_many_guilds());
        }
        change::join(tx, self.guild, member);
        let guild = tx.world.guild(self.guild)?;
        Ok(Some(wire::member(tx.world, guild, tx.world.member(self.guild, self.user)?)))
    }
}

impl JoinByToken {
    /// The token must be the person's, given to this very application.
    fn check_token(&self, world: &World, token: &str, now: Timestamp) -> Result<(), ApiError> {
        let token = world
            .access_token(token, now)
            .filter(|t| t.user == self.user && Some(t.application) == self.actor.application)
            .ok_or_else(ApiError::invalid_access_token)?;
        if token.scopes.contains(&Scope::GuildsJoin) { Ok(()) } else { Err(ApiError::missing_scope()) }
    }
}
