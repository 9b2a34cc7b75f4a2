//! Making invites. See Discord docs: Channel / Create Channel Invite.

use serde_json::Value;

use super::{
    CODE_LENGTH, DEFAULT_AGE, MAX_AGE, MAX_INVITES, MAX_USES, audience, audit,
    targets::{self, MISSING_FILE},
};
use crate::{
    Action, Actor, ApiError, AuditAction, Channel, ChannelId, ChannelKind, EventKind, Guild, GuildId, Invite,
    RoleId, Timestamp, Tx, Upload, World,
    body::{self, Form},
    permissions::{CREATE_INSTANT_INVITE, MANAGE_GUILD, MANAGE_ROLES},
    wire,
};

/// Roles that one invite can give.
const MAX_ROLES: usize = 250;

/// POST /channels/{channel}/invites: `max_age`, `max_uses`, `temporary`, `unique`, `role_ids`, and a CSV file of those
/// who may accept it. Without `unique` an invite of the same person for the same channel with the same settings is
/// answered again, as it is.
///
/// # Errors
/// 10003, 50001, 50003 for a DM, 50024 (category, thread), 50013 (CREATE_INSTANT_INVITE; MANAGE_ROLES and a higher
/// role than those given; MANAGE_GUILD for a list of users), 50028 (@everyone), 30016, 50035.
#[derive(Debug)]
pub struct CreateInvite {
    /// Who.
    pub actor: Actor,
    /// Where to.
    pub channel: ChannelId,
    /// The body.
    pub body: Value,
    /// Files of the request: the list of users, if there is one.
    pub files: Vec<Upload>,
}

impl Action for CreateInvite {
    /// The invite with its metadata.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let (actor, now) = (self.actor, tx.now);
        let channel = tx.world.require(actor, self.channel, 0, now)?;
        let guild = channel.guild.ok_or_else(ApiError::dm_forbidden)?;
        if channel.kind == ChannelKind::Category || channel.kind.is_thread() {
            return Err(ApiError::wrong_channel_type());
        }
        tx.world.require(actor, self.channel, CREATE_INSTANT_INVITE, now)?;
        let found = tx.world.guild(guild)?;
        let asked = body::read(&self.body, |form| Asked::read(form, found, channel))?;
        check_roles(tx.world, actor, guild, &asked.roles, now)?;
        let targets = match self.files.first() {
            None => None,
            Some(file) => {
                tx.world.require_guild(actor, guild, MANAGE_GUILD, now)?;
                Some(targets::read(file, now)?)
            }
        };
        let invite = Invite {
            code: String::new(),
            guild,
            channel: self.channel,
            inviter: actor.user,
            created: now,
            max_age: asked.max_age,
            max_uses: asked.max_uses,
            uses: 0,
            temporary: asked.temporary,
            roles: asked.roles,
            targets,
        };
        if let Some(same) = tx.world.invites.values().find(|i| !asked.unique && is_same(i, &invite, now)) {
            return Ok(wire::invite_with_metadata(tx.world, same));
        }
        insert(tx, invite)
    }
}

/// What the body asks for.
struct Asked {
    max_age: u32,
    max_uses: u32,
    temporary: bool,
    unique: bool,
    roles: Vec<RoleId>,
}

impl Asked {
    fn read(form: Form<'_>, guild: &Guild, channel: &Channel) -> Self {
        let small = |n: i64| u32::try_from(n).unwrap_or(0);
        read_target(form, channel);
        if form.get("target_users_file").is_some() {
            form.error("target_users_file", "BASE_TYPE_REQUIRED", MISSING_FILE);
        }
        Self {
            max_age: form.integer("max_age", 0, MAX_AGE).map_or(DEFAULT_AGE, small),
            max_uses: form.integer("max_uses", 0, MAX_USES).map_or(0, small),
            temporary: form.boolean("temporary").unwrap_or(false),
            unique: form.boolean("unique").unwrap_or(false),
            roles: read_roles(form, guild),
        }
    }
}

/// Streams and activities are not simulated: nobody streams, no application can be embedded, so that Discord would
/// refuse every such target.
fn read_target(form: Form<'_>, channel: &Channel) {
    let Some(kind) = form.integer("target_type", 1, 2) else { return };
    if channel.kind != ChannelKind::Voice {
        form.error(
            "target_type",
            "GUILD_INVITE_INVALID_TARGET_TYPE",
            "Invalid target type for this channel.",
        );
    } else if kind == 1 {
        let message = "The specified user is currently not streaming in this channel";
        form.error("target_user_id", "GUILD_INVITE_INVALID_STREAMER", message);
    } else {
        let message = "The specified application is not embedded";
        form.error("target_application_id", "GUILD_INVITE_INVALID_APPLICATION", message);
    }
}

/// A list of ids, or what a multipart field holds: the list as text, in brackets or without.
fn read_roles(form: Form<'_>, guild: &Guild) -> Vec<RoleId> {
    let Some(given) = form.get("role_ids") else { return Vec::new() };
    let texts: Vec<Value> = match given.as_str() {
        Some(text) => {
            let items = text.trim_matches(['[', ']']).split(',').map(|t| t.trim().trim_matches('"'));
            items.filter(|t| !t.is_empty()).map(Value::from).collect()
        }
        None => form.list("role_ids", usize::MAX).cloned().unwrap_or_default(),
    };
    if texts.len() > MAX_ROLES {
        form.error("role_ids", "BASE_TYPE_MAX_LENGTH", format!("Must be {MAX_ROLES} or fewer in length."));
    }
    let mut roles = Vec::new();
    for (index, value) in texts.iter().enumerate().take(MAX_ROLES) {
        match body::parse_id::<RoleId>(value).filter(|id| guild.roles.contains_key(id)) {
            Some(id) if roles.contains(&id) => {}
            Some(id) => roles.push(id),
            None => form.error(format_args!("role_ids.{index}"), "UNKNOWN_ROLE", "Unknown Role"),
        }
    }
    roles
}

/// Only roles that the actor could give by hand.
fn check_roles(
    world: &World,
    actor: Actor,
    guild: GuildId,
    roles: &[RoleId],
    now: Timestamp,
) -> Result<(), ApiError> {
    if roles.is_empty() {
        return Ok(());
    }
    let found = world.require_guild(actor, guild, MANAGE_ROLES, now)?;
    if roles.contains(&found.everyone()) {
        return Err(ApiError::new(400, 50028, "Invalid Role"));
    }
    let managed = |id: &RoleId| found.roles.get(id).is_some_and(|r| r.managed);
    if roles.iter().all(|id| !managed(id) && world.outranks_role(guild, actor.user, *id)) {
        Ok(())
    } else {
        Err(ApiError::missing_permissions())
    }
}

/// Whether an invite is what another would be.
fn is_same(invite: &Invite, other: &Invite, now: Timestamp) -> bool {
    let settings = |i: &Invite| (i.channel, i.inviter, i.max_age, i.max_uses, i.temporary);
    invite.is_good(now)
        && settings(invite) == settings(other)
        && invite.roles == other.roles
        && invite.targets.is_none()
        && other.targets.is_none()
}

fn insert(tx: &mut Tx<'_>, mut invite: Invite) -> Result<Value, ApiError> {
    let now = tx.now;
    let good = |i: &&Invite| i.guild == invite.guild && i.is_good(now);
    if tx.world.invites.values().filter(good).count() >= MAX_INVITES {
        return Err(ApiError::new(400, 30016, "Maximum number of invites reached (1000)"));
    }
    while invite.code.is_empty() || tx.world.invites.contains_key(&invite.code) {
        invite.code = (0..CODE_LENGTH).map(|_| fastrand::alphanumeric()).collect();
    }
    tx.world.invites.insert(invite.code.clone(), invite.clone());
    let data = wire::invite_created(tx.world, &invite);
    tx.emit(EventKind::InviteCreate, audience(&invite), data);
    audit(tx, invite.inviter, AuditAction::InviteCreate, &invite);
    Ok(wire::invite_with_metadata(tx.world, &invite))
}
