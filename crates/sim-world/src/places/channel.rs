//! Making, changing and removing guild channels.

use serde_json::Value;

use super::{
    audit, change,
    channel_form::{ChannelForm, MAX_CHANNELS, next_position},
    guild_settings,
    sight::Sight,
    thread_patch::ThreadPatch,
};
use crate::{
    Action, Actor, ApiError, Channel, ChannelId, ChannelKind, EventKind, GuildId, Overwrite, Timestamp, Tx,
    World, auto_moderation, body,
    messages::{self, System},
    permissions, wire,
};

/// POST /guilds/{guild}/channels.
///
/// # Errors
/// 10004, 50001, 50013 (MANAGE_CHANNELS; overwrites with bits the actor lacks), 30013, 50035.
#[derive(Debug)]
pub struct CreateChannel {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for CreateChannel {
    /// The channel object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let (world, now) = (&*tx.world, tx.now);
        world.require_guild(self.actor, self.guild, permissions::MANAGE_CHANNELS, now)?;
        let form = body::read(&self.body, |form| ChannelForm::read(form, world, self.guild, None))?;
        if let Some(overwrites) = &form.overwrites {
            let held = world.guild_permissions(self.guild, self.actor.user, now);
            may_overwrite(&[], overwrites, held)?;
        }
        let made = insert(tx, self.guild, form)?;
        audit::channel(tx, self.actor, &Value::Null, &made);
        Ok(made)
    }
}

/// Overwrites may only touch bits that the actor holds, and MANAGE_ROLES only as an administrator.
/// See Discord docs: Guild / Create Guild Channel.
pub(super) fn may_overwrite(before: &[Overwrite], after: &[Overwrite], held: u64) -> Result<(), ApiError> {
    if held & permissions::ADMINISTRATOR != 0 {
        return Ok(());
    }
    let bits =
        |list: &[Overwrite], id: u64| list.iter().find(|o| o.id == id).map_or((0, 0), |o| (o.allow, o.deny));
    let mut touched = 0;
    for id in before.iter().chain(after).map(|o| o.id) {
        let ((allow, deny), (new_allow, new_deny)) = (bits(before, id), bits(after, id));
        touched |= (allow ^ new_allow) | (deny ^ new_deny);
    }
    let grantable = held & !permissions::MANAGE_ROLES;
    if touched & !grantable == 0 { Ok(()) } else { Err(ApiError::missing_permissions()) }
}

/// Adds a channel that has been checked, at the end of its siblings unless told otherwise. In a category, one
/// without overwrites of its own takes the category's.
pub(super) fn insert(tx: &mut Tx<'_>, guild: GuildId, form: ChannelForm) -> Result<Value, ApiError> {
    let found = tx.world.guild(guild)?;
    let is_thread = |id: &ChannelId| tx.world.channels.get(id).is_some_and(|c| c.kind.is_thread());
    if found.channels.iter().filter(|c| !is_thread(c)).count() >= MAX_CHANNELS {
        return Err(ApiError::new(400, 30013, "Maximum number of guild channels reached (500)"));
    }
    form.check(None)?;
    let parent = form.parent.flatten();
    let id = ChannelId::new(tx.mint());
    let mut channel = Channel::new(id, form.kind(), Some(guild), "");
    channel.position = next_position(tx.world, guild, parent);
    if let Some(category) = parent.and_then(|p| tx.world.channels.get(&p)) {
        channel.overwrites.clone_from(&category.overwrites);
    }
    form.write(&mut channel, tx);
    tx.world.channels.insert(id, channel);
    if let Some(found) = tx.world.guilds.get_mut(&guild) {
        found.channels.push(id);
    }
    change::channel_event(tx, EventKind::ChannelCreate, id);
    let people = change::viewers(tx.world, tx.world.channel(id)?, tx.now);
    change::view_changed(tx, people);
    Ok(wire::channel(tx.world, tx.world.channel(id)?))
}

/// Changes a guild channel as checked.
pub(super) fn edit(tx: &mut Tx<'_>, id: ChannelId, form: ChannelForm) -> Result<Value, ApiError> {
    let mut channel = tx.world.channel(id)?.clone();
    let before = wire::channel(tx.world, &channel);
    let guild = channel.guild.ok_or_else(ApiError::dm_forbidden)?;
    form.check(Some(&channel))?;
    let sight = form.overwrites.is_some().then(|| Sight::of(tx.world, guild, tx.now));
    form.write(&mut channel, tx);
    let after = wire::channel(tx.world, &channel);
    tx.world.channels.insert(id, channel);
    if let Some(sight) = sight {
        sight.tell(tx);
    }
    if before != after {
        change::channel_event(tx, EventKind::ChannelUpdate, id);
    }
    Ok(after)
}

/// PATCH /channels/{channel}: guild channels and threads.
///
/// # Errors
/// 10003, 50001, 50013 (MANAGE_CHANNELS, for overwrites MANAGE_ROLES too; threads MANAGE_THREADS or their
/// owner), 50003 for a DM, 50083 for an archived thread, 50035.
#[derive(Debug)]
pub struct PatchChannel {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub channel: ChannelId,
    /// The body.
    pub body: Value,
}

impl Action for PatchChannel {
    /// The channel object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let (world, now) = (&*tx.world, tx.now);
        let channel = world.require(self.actor, self.channel, 0, now)?;
        let guild = channel.guild.ok_or_else(ApiError::dm_forbidden)?;
        if channel.kind.is_thread() {
            let patch = ThreadPatch::read(&self.body, world, channel)?;
            patch.check(world, self.actor, channel, now)?;
            let before = wire::channel(world, channel);
            let title = patch.name.clone().filter(|name| *name != channel.name);
            let verdict = match title {
                Some(title) => auto_moderation::screen_title(tx, self.channel, self.actor.user, &title)?,
                None => None,
            };
            let after = patch.write(tx, self.channel)?;
            if before["name"] != after["name"] {
                let name = after["name"].as_str().unwrap_or_default().to_owned();
                messages::system(tx, self.channel, self.actor.user, System::Renamed(name));
            }
            audit::channel(tx, self.actor, &before, &after);
            if let Some(verdict) = verdict {
                verdict.execute(tx, None);
            }
            return Ok(after);
        }
        world.require(self.actor, self.channel, permissions::MANAGE_CHANNELS, now)?;
        let form = body::read(&self.body, |form| ChannelForm::read(form, world, guild, Some(channel)))?;
        if let Some(overwrites) = &form.overwrites {
            world.require(self.actor, self.channel, permissions::MANAGE_ROLES, now)?;
            let held = held_for_overwrites(world, self.actor, channel, now)?;
            may_overwrite(&channel.overwrites, overwrites, held)?;
        }
        let before = wire::channel(world, channel);
        let after = edit(tx, self.channel, form)?;
        audit::channel(tx, self.actor, &before, &after);
        Ok(after)
    }
}

fn held_for_overwrites(
    world: &World,
    actor: Actor,
    channel: &Channel,
    now: Timestamp,
) -> Result<u64, ApiError> {
    world.channel_permissions(channel.id, actor.user, now)
}

/// DELETE /channels/{channel}: removes a channel or thread. A DM is only closed: it stays, with its messages.
///
/// # Errors
/// 10003, 50001, 50013 (MANAGE_CHANNELS, threads MANAGE_THREADS), 50074 for one that a community guild needs.
#[derive(Debug)]
pub struct DeleteChannel {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub channel: ChannelId,
}

impl Action for DeleteChannel {
    /// The channel as it was.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let channel = tx.world.require(self.actor, self.channel, 0, tx.now)?;
        if channel.kind == ChannelKind::Dm {
            return Ok(wire::channel_for(tx.world, channel, self.actor.user));
        }
        let bit =
            if channel.kind.is_thread() { permissions::MANAGE_THREADS } else { permissions::MANAGE_CHANNELS };
        tx.world.require(self.actor, self.channel, bit, tx.now)?;
        if let Some(guild) = channel.guild {
            guild_settings::check_deletable(tx.world.guild(guild)?, self.channel)?;
        }
        let gone = change::remove_channel(tx, self.channel);
        audit::channel(tx, self.actor, &gone, &Value::Null);
        Ok(gone)
    }
}
