//! What people do beside writing: join guilds, open DMs, change their presence.

use serde_json::{Value, json};

use super::change;
use crate::{
    Action, Actor, ApiError, Channel, ChannelId, ChannelKind, GuildId, Member, Status, Timestamp, Tx, UserId,
    body, wire,
};

/// A user joins a guild (as with an invite). Joining twice changes nothing.
///
/// # Errors
/// 10004, 10013, 40007 (banned there).
#[derive(Debug)]
pub struct JoinGuild {
    /// Who.
    pub user: UserId,
    /// Which.
    pub guild: GuildId,
}

impl Action for JoinGuild {
    /// The member object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        tx.world.user(self.user)?;
        tx.world.refuse_banned(self.guild, self.user)?;
        let guild = tx.world.guild(self.guild)?;
        if !guild.members.contains_key(&self.user) {
            change::join(tx, self.guild, Member::new(self.user, tx.now));
        }
        Ok(wire::member(tx.world, tx.world.guild(self.guild)?, tx.world.member(self.guild, self.user)?))
    }
}

/// POST /users/@me/channels: `recipient_id`. The same two users always get the same DM. Whether messages can be
/// sent there (50007) is decided when one is.
///
/// # Errors
/// 10013 unknown recipient, 50007 for oneself or between bots, 50035.
#[derive(Debug)]
pub struct OpenDm {
    /// Who.
    pub actor: Actor,
    /// The body.
    pub body: Value,
}

impl Action for OpenDm {
    /// The channel object as the actor gets it.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let recipient: Option<UserId> = body::read(&self.body, |form| {
            if form.get("recipient_id").is_none() {
                form.missing("recipient_id");
            }
            form.id("recipient_id")
        })?;
        let recipient = recipient.ok_or_else(ApiError::unknown_user)?;
        let (own, other) = (tx.world.user(self.actor.user)?, tx.world.user(recipient)?);
        if own.id == other.id || (own.bot && other.bot) {
            return Err(ApiError::cannot_message_user());
        }
        let id = match dm_between(tx.world, self.actor.user, recipient) {
            Some(id) => id,
            None => {
                let id = ChannelId::new(tx.mint());
                let mut channel = Channel::new(id, ChannelKind::Dm, None, "");
                channel.recipients = vec![self.actor.user, recipient];
                tx.world.channels.insert(id, channel);
                // Bots are not told of new DMs; people's clients list them.
                change::view_changed(tx, [self.actor.user, recipient]);
                id
            }
        };
        Ok(wire::channel_for(tx.world, tx.world.channel(id)?, self.actor.user))
    }
}

fn dm_between(world: &crate::World, one: UserId, other: UserId) -> Option<ChannelId> {
    let is_it = |c: &&Channel| {
        c.kind == ChannelKind::Dm && c.recipients.contains(&one) && c.recipients.contains(&other)
    };
    world.channels.values().find(is_it).map(|c| c.id)
}

/// The DMs of a user, newest activity first, as that user gets them.
pub fn dms(world: &crate::World, user: UserId) -> Value {
    let mut own: Vec<&Channel> =
        world.channels.values().filter(|c| c.guild.is_none() && c.recipients.contains(&user)).collect();
    own.sort_by_key(|c| std::cmp::Reverse(c.last_message.map_or(c.id.get(), crate::MessageId::get)));
    own.into_iter().map(|c| wire::channel_for(world, c, user)).collect()
}

/// Sets a user's presence: a person's choice, or what a bot's sessions say.
#[derive(Debug)]
pub struct SetPresence {
    /// Whose.
    pub user: UserId,
    /// Status; invisible is [`Status::Offline`].
    pub status: Status,
    /// Activities; `None` keeps those there are. Only name, state, type and url of each are taken, as from bots.
    pub activities: Option<Vec<Value>>,
}

impl Action for SetPresence {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        tx.world.user(self.user)?;
        let now = tx.now;
        let activities = self.activities.map(|list| list.iter().map(|a| activity(a, now)).collect());
        change::set_presence(tx, self.user, self.status, activities);
        if self.status == Status::Offline {
            end_visits(tx, self.user);
        }
        Ok(())
    }
}

/// Those who joined by an invite for a visit leave when they go offline, unless they have got a role. See Discord docs:
/// Invite / Invite Metadata Object (`temporary`).
fn end_visits(tx: &mut Tx<'_>, user: UserId) {
    let visits = |g: &&crate::Guild| g.members.get(&user).is_some_and(|m| m.temporary && m.roles.is_empty());
    let guilds: Vec<GuildId> = tx.world.guilds_of(user).filter(visits).map(|g| g.id).collect();
    for guild in guilds {
        change::leave(tx, guild, user);
    }
}

/// An activity as others see it. See Discord docs: Gateway Events / Activity Object.
fn activity(given: &Value, now: Timestamp) -> Value {
    let kind = given["type"].as_u64().unwrap_or(0);
    let name = if kind == 4 { "Custom Status" } else { given["name"].as_str().unwrap_or_default() };
    let mut value = json!({ "id": format!("{kind:x}"), "name": name, "type": kind, "created_at": now.ms() });
    for key in ["state", "url"] {
        if let Some(text) = given[key].as_str() {
            value[key] = json!(text);
        }
    }
    value
}
