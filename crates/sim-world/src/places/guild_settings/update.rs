//! Changing a guild.

use serde_json::Value;

use super::{features, form, replace};
use crate::{
    Action, Actor, ApiError, Guild, GuildId, Tx, UserId, World, body, permissions::MANAGE_GUILD, wire,
};

/// PATCH /guilds/{guild}. GUILD_UPDATE and an entry of the audit log if anything changed. Of `features` those that
/// can be switched over the API follow the list; the others stay as they are. Null clears channels, pictures and the
/// description; for the rest it is as if the key were absent.
///
/// See Discord docs: Guild / Modify Guild.
///
/// # Errors
/// 10004, 10007 (new owner), 50001, 50013 (MANAGE_GUILD; `owner_id` by anybody but the owner; COMMUNITY and
/// DISCOVERABLE without ADMINISTRATOR), 50101 for pictures that need boosts, 50132 for a bot as the owner, 50035.
#[derive(Debug)]
pub struct PatchGuild {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for PatchGuild {
    /// The guild object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let world = &*tx.world;
        let before = world.require_guild(self.actor, self.guild, MANAGE_GUILD, tx.now)?.clone();
        let mut guild = before.clone();
        let (owner, asked) = body::read(&self.body, |body| {
            form::read(body, world, &mut guild);
            (body.id::<UserId>("owner_id"), features::read(body))
        })?;
        if let Some(asked) = asked {
            features::follow(&mut guild, &asked);
        }
        let held = world.guild_permissions(self.guild, self.actor.user, tx.now);
        features::check(&before, &mut guild, held)?;
        check_pictures(&before, &guild)?;
        if let Some(owner) = owner.filter(|owner| *owner != before.owner) {
            check_owner(world, self.actor, &before, owner)?;
            guild.owner = owner;
        }
        replace(tx, &before, guild, self.actor.user);
        Ok(wire::guild(tx.world, tx.world.guild(self.guild)?, false))
    }
}

/// Only the owner gives a guild away, and only to a person in it.
fn check_owner(world: &World, actor: Actor, guild: &Guild, to: UserId) -> Result<(), ApiError> {
    if actor.user != guild.owner {
        return Err(ApiError::missing_permissions());
    }
    if !guild.members.contains_key(&to) {
        return Err(ApiError::unknown_member());
    }
    if world.user(to)?.bot {
        return Err(ApiError::new(400, 50132, "Ownership cannot be moved to a bot user"));
    }
    Ok(())
}

/// Pictures that a guild must have unlocked. See Discord docs: Guild / Guild Features.
fn check_pictures(before: &Guild, after: &Guild) -> Result<(), ApiError> {
    let (old, new) = (&before.settings, &after.settings);
    let animated = |hash: &str| hash.starts_with("a_");
    let pictures = [
        (&before.icon, &after.icon, None, Some("ANIMATED_ICON")),
        (&old.splash, &new.splash, Some("INVITE_SPLASH"), None),
        (&old.discovery_splash, &new.discovery_splash, Some("DISCOVERABLE"), None),
        (&old.banner, &new.banner, Some("BANNER"), Some("ANIMATED_BANNER")),
    ];
    for (old, new, any, moving) in pictures {
        let Some(hash) = new.as_deref().filter(|_| old != new) else { continue };
        let needed = [any, moving.filter(|_| animated(hash))];
        if needed.into_iter().flatten().any(|feature| !after.has_feature(feature)) {
            return Err(ApiError::new(403, 50101, "This server needs more boosts to perform this action"));
        }
    }
    Ok(())
}
