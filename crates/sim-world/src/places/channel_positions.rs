//! Moving several channels of a guild at once. See Discord docs: Guild / Modify Guild Channel Positions.

use serde_json::{Value, json};

use super::{
    audit, change,
    channel::may_overwrite,
    channel_form::{MAX_CHANNELS, check_parent},
    sight::Sight,
};
use crate::{
    Action, Actor, ApiError, Channel, ChannelId, EventKind, GuildId, Tx, World,
    body::{self, Form},
    permissions::{MANAGE_CHANNELS, MANAGE_ROLES},
    wire,
};

/// PATCH /guilds/{guild}/channels: `[{id, position?, parent_id?, lock_permissions?}]`. Positions are taken as they are:
/// channels at the same one stand in the order of their ids. With `lock_permissions` a channel that gets another
/// category takes its overwrites.
///
/// # Errors
/// 10004, 10003 (none of the guild's, or a thread), 50001, 50013 (MANAGE_CHANNELS; for `lock_permissions`
/// MANAGE_ROLES, and overwrites with bits the actor lacks), 40009 (more than one gets another category), 50035.
#[derive(Debug)]
pub struct MoveChannels {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body: a list.
    pub body: Value,
}

/// What is asked of one channel.
#[expect(clippy::option_option, reason = "a body tells an absent key from null, which clears")]
struct Move {
    id: ChannelId,
    position: Option<i64>,
    /// The category it gets, if the body names one or null.
    parent: Option<Option<ChannelId>>,
    lock: bool,
}

impl Action for MoveChannels {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let (world, now) = (&*tx.world, tx.now);
        world.require_guild(self.actor, self.guild, MANAGE_CHANNELS, now)?;
        let moves = read(&self.body, world, self.guild)?;
        let mut moved = Vec::new();
        let mut parents = 0;
        for wanted in &moves {
            let of_guild = |c: &&Channel| c.guild == Some(self.guild) && !c.kind.is_thread();
            world.channels.get(&wanted.id).filter(of_guild).ok_or_else(ApiError::unknown_channel)?;
            let channel = world.require(self.actor, wanted.id, MANAGE_CHANNELS, now)?;
            let mut after = channel.clone();
            after.position = wanted.position.unwrap_or(after.position);
            if let Some(parent) = wanted.parent.filter(|p| *p != channel.parent) {
                parents += 1;
                after.parent = parent;
                let category = parent.and_then(|id| world.channels.get(&id));
                if let Some(category) = category.filter(|_| wanted.lock) {
                    world.require(self.actor, wanted.id, MANAGE_ROLES, now)?;
                    let held = world.channel_permissions(wanted.id, self.actor.user, now)?;
                    may_overwrite(&channel.overwrites, &category.overwrites, held)?;
                    after.overwrites.clone_from(&category.overwrites);
                }
            }
            moved.push((wire::channel(world, channel), after));
        }
        if parents > 1 {
            let message = "Only one channel can have a parent_id modified at a time";
            return Err(ApiError::new(400, 40009, message));
        }
        store(tx, self.actor, self.guild, moved);
        Ok(())
    }
}

/// Stores the channels that are different from what they were and tells of each.
fn store(tx: &mut Tx<'_>, actor: Actor, guild: GuildId, moved: Vec<(Value, Channel)>) {
    let sight = Sight::of(tx.world, guild, tx.now);
    let mut changed = Vec::new();
    for (before, channel) in moved {
        let (id, after) = (channel.id, wire::channel(tx.world, &channel));
        if before != after {
            tx.world.channels.insert(id, channel);
            changed.push((id, before, after));
        }
    }
    if changed.is_empty() {
        return;
    }
    sight.tell(tx);
    for (id, ..) in &changed {
        change::channel_event(tx, EventKind::ChannelUpdate, *id);
    }
    for (_, before, after) in &changed {
        audit::channel(tx, actor, before, after);
    }
}

fn read(body: &Value, world: &World, guild: GuildId) -> Result<Vec<Move>, ApiError> {
    let wrapped = json!({ "channels": body });
    body::read(&wrapped, |form| {
        let list = form.list("channels", MAX_CHANNELS).map_or(&[][..], Vec::as_slice);
        let mut moves: Vec<Move> = Vec::new();
        for (index, item) in list.iter().enumerate() {
            let path = index.to_string();
            let Some(item) = Form::new(item, &path, form.errors()) else { continue };
            if item.get("id").is_none() {
                item.missing("id");
            }
            let Some(id) = item.id::<ChannelId>("id") else { continue };
            let channel = world.channels.get(&id);
            let parent = item.has("parent_id").then(|| item.id("parent_id"));
            if let (Some(channel), Some(Some(parent))) = (channel, parent) {
                check_parent(item, world, guild, channel.kind, Some(channel), parent);
            }
            moves.retain(|m| m.id != id);
            let position = item.integer("position", 0, i64::from(i32::MAX));
            let lock = item.boolean("lock_permissions").unwrap_or(false);
            moves.push(Move { id, position, parent, lock });
        }
        moves
    })
}
