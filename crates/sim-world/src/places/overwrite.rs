//! Setting and removing one permission overwrite of a channel. See Discord docs: Channel / Edit Channel Permissions.

use serde_json::Value;

use super::{
    audit,
    channel::{edit, may_overwrite},
    channel_form::{ChannelForm, read_overwrite},
};
use crate::{
    Action, Actor, ApiError, Channel, ChannelId, Overwrite, OverwriteKind, RoleId, Tx, UserId, body,
    permissions, wire,
};

/// Overwrites of one channel (30060 above it).
const MAX_OVERWRITES: usize = 1000;

fn unknown_overwrite() -> ApiError {
    ApiError::new(404, 10009, "Unknown Overwrite")
}

/// PUT /channels/{channel}/permissions/{overwrite}: `type` (0 role, 1 member), `allow`, `deny`; a bit in both is
/// denied. Bits that are in neither are left to what comes before.
///
/// # Errors
/// 10003, 10009 (no such role or member), 50001, 50013 (MANAGE_ROLES; bits the actor lacks), 30060, 50024 for a
/// thread, 50035.
#[derive(Debug)]
pub struct SetOverwrite {
    /// Who; `None` is the operator, who needs no permission.
    pub actor: Option<Actor>,
    /// Where.
    pub channel: ChannelId,
    /// The role or member.
    pub target: u64,
    /// The body.
    pub body: Value,
}

impl Action for SetOverwrite {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let channel = visible(tx, self.actor, self.channel)?;
        let mut read = None;
        body::read(&self.body, |form| read = Some(read_overwrite(form, Some(self.target))))?;
        let overwrite = read.flatten().ok_or_else(ApiError::invalid_json)?;
        check_target(tx, channel, overwrite)?;
        let mut list = channel.overwrites.clone();
        match list.iter().position(|o| o.id == overwrite.id) {
            Some(at) => list[at] = overwrite,
            None if list.len() >= MAX_OVERWRITES => {
                let message = "Maximum number of channel permission overwrites reached (1000)";
                return Err(ApiError::new(400, 30060, message));
            }
            None => list.push(overwrite),
        }
        write(tx, self.actor, self.channel, list)
    }
}

/// DELETE /channels/{channel}/permissions/{overwrite}.
///
/// # Errors
/// 10003, 10009, 50001, 50013 (as [`SetOverwrite`]), 50024 for a thread.
#[derive(Debug)]
pub struct DeleteOverwrite {
    /// Who; `None` is the operator.
    pub actor: Option<Actor>,
    /// Where.
    pub channel: ChannelId,
    /// The role or member.
    pub target: u64,
}

impl Action for DeleteOverwrite {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let channel = visible(tx, self.actor, self.channel)?;
        let mut list = channel.overwrites.clone();
        list.retain(|o| o.id != self.target);
        if list.len() == channel.overwrites.len() {
            return Err(unknown_overwrite());
        }
        write(tx, self.actor, self.channel, list)
    }
}

/// The channel, if it can have overwrites and the actor may manage them.
fn visible<'w>(tx: &'w Tx<'_>, actor: Option<Actor>, channel: ChannelId) -> Result<&'w Channel, ApiError> {
    let found = match actor {
        Some(actor) => tx.world.require(actor, channel, 0, tx.now)?,
        None => tx.world.channel(channel)?,
    };
    if found.guild.is_none() {
        return Err(ApiError::dm_forbidden());
    }
    if found.kind.is_thread() {
        return Err(ApiError::wrong_channel_type());
    }
    if let Some(actor) = actor {
        tx.world.require(actor, channel, permissions::MANAGE_ROLES, tx.now)?;
    }
    Ok(found)
}

fn check_target(tx: &Tx<'_>, channel: &Channel, overwrite: Overwrite) -> Result<(), ApiError> {
    let guild = tx.world.guild(channel.guild.ok_or_else(ApiError::dm_forbidden)?)?;
    let known = match overwrite.kind {
        OverwriteKind::Role => guild.roles.contains_key(&RoleId::new(overwrite.id)),
        OverwriteKind::Member => guild.members.contains_key(&UserId::new(overwrite.id)),
    };
    if known { Ok(()) } else { Err(unknown_overwrite()) }
}

fn write(tx: &mut Tx<'_>, actor: Option<Actor>, id: ChannelId, list: Vec<Overwrite>) -> Result<(), ApiError> {
    if let Some(actor) = actor {
        let held = tx.world.channel_permissions(id, actor.user, tx.now)?;
        may_overwrite(&tx.world.channel(id)?.overwrites, &list, held)?;
    }
    let before = wire::channel(tx.world, tx.world.channel(id)?);
    let mut form = ChannelForm::default();
    form.overwrites = Some(list);
    let after = edit(tx, id, form)?;
    if let Some(actor) = actor {
        audit::channel(tx, actor, &before, &after);
    }
    Ok(())
}
