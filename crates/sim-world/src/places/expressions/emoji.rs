//! A guild's custom emojis. See Discord docs: Emoji.

use serde_json::{Value, json};

use super::{emoji_form, may_change, sees_makers};
use crate::{
    Action, Actor, ApiError, Audience, Audit, AuditAction, Emoji, EmojiId, EventKind, Guild, GuildId,
    Timestamp, Tx, World, body,
    permissions::CREATE_GUILD_EXPRESSIONS,
    places::boosts::EMOJIS,
    places::{change, image},
    wire,
};

/// GET /guilds/{guild}/emojis.
///
/// # Errors
/// 10004, 50001.
pub fn guild_emojis(world: &World, actor: Actor, id: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, 0, now)?;
    let with_user = sees_makers(world, actor, id, now);
    Ok(guild.emojis.values().map(|emoji| wire::emoji(world, emoji, with_user)).collect())
}

/// GET /guilds/{guild}/emojis/{emoji}.
///
/// # Errors
/// 10004, 10014, 50001.
pub fn guild_emoji(
    world: &World,
    actor: Actor,
    id: GuildId,
    emoji: EmojiId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, 0, now)?;
    Ok(wire::emoji(world, found(guild, emoji)?, sees_makers(world, actor, id, now)))
}

fn found(guild: &Guild, id: EmojiId) -> Result<&Emoji, ApiError> {
    guild.emojis.get(&id).ok_or_else(ApiError::no_such_emoji)
}

/// GUILD_EMOJIS_UPDATE with all emojis of the guild.
pub(super) fn told(tx: &mut Tx<'_>, guild: GuildId) {
    let Some(found) = tx.world.guilds.get(&guild) else { return };
    let data = json!({ "guild_id": guild, "emojis": wire::emojis(tx.world, found) });
    tx.emit(EventKind::GuildEmojisUpdate, Audience::Guild(guild), data);
    change::guild_view_changed(tx, guild);
}

fn audit(
    tx: &mut Tx<'_>,
    actor: Actor,
    guild: GuildId,
    action: AuditAction,
    id: EmojiId,
    (old, new): (&Value, &Value),
) {
    tx.audit(guild, Audit::new(actor.user, action).target(id.get()).diff(old, new, &["name", "roles"]));
}

/// POST /guilds/{guild}/emojis: `{name, image, roles?}`. GUILD_EMOJIS_UPDATE.
///
/// # Errors
/// 10004, 50001, 50013 (CREATE_GUILD_EXPRESSIONS), 30008 and for those that move 30018 above 50, 100, 150 or 250 by
/// boosts, 50138 above 256 KiB, 50035.
#[derive(Debug)]
pub struct CreateEmoji {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for CreateEmoji {
    /// The emoji object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, CREATE_GUILD_EXPRESSIONS, tx.now)?;
        let (name, picture, roles) = body::read(&self.body, |form| {
            let roles = emoji_form::read_roles(form, guild).unwrap_or_default();
            (emoji_form::read_name(form, true), emoji_form::read_picture(form), roles)
        })?;
        let (name, picture) = (name.unwrap_or_default(), picture.unwrap_or_default());
        check_size(&picture)?;
        let animated = image::is_animated(&picture);
        let most = EMOJIS.of(guild, "MORE_EMOJI");
        if guild.emojis.values().filter(|e| e.animated == animated).count() >= most {
            return Err(if animated {
                ApiError::new(400, 30018, format!("Maximum number of animated emojis reached ({most})"))
            } else {
                ApiError::new(400, 30008, format!("Maximum number of emojis reached ({most})"))
            });
        }
        let id = EmojiId::new(tx.mint());
        let emoji = Emoji { id, name, animated, roles, user: self.actor.user };
        let made = wire::emoji(tx.world, &emoji, true);
        tx.world.keep(id.get(), picture);
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.emojis.insert(id, emoji);
        }
        told(tx, self.guild);
        audit(tx, self.actor, self.guild, AuditAction::EmojiCreate, id, (&Value::Null, &made));
        Ok(made)
    }
}

/// # Errors
/// 50138 above 256 KiB.
pub(super) fn check_size(picture: &[u8]) -> Result<(), ApiError> {
    if picture.len() > emoji_form::MAX_BYTES {
        let message = format!("Failed to resize asset below the maximum size: {}", emoji_form::MAX_BYTES);
        return Err(ApiError::new(400, 50138, message));
    }
    Ok(())
}

/// PATCH /guilds/{guild}/emojis/{emoji}: `{name?, roles?}`. GUILD_EMOJIS_UPDATE if anything changed.
///
/// # Errors
/// 10004, 10014, 50001, 50013, 50035.
#[derive(Debug)]
pub struct PatchEmoji {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub emoji: EmojiId,
    /// The body.
    pub body: Value,
}

impl Action for PatchEmoji {
    /// The emoji object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let made_by = |guild: &Guild| found(guild, self.emoji).map(|e| e.user);
        let guild = may_change(tx.world, self.actor, self.guild, made_by, tx.now)?;
        let mut emoji = found(guild, self.emoji)?.clone();
        let before = wire::emoji(tx.world, &emoji, true);
        body::read(&self.body, |form| {
            if let Some(name) = emoji_form::read_name(form, false) {
                emoji.name = name;
            }
            if let Some(roles) = emoji_form::read_roles(form, guild) {
                emoji.roles = roles;
            }
        })?;
        let after = wire::emoji(tx.world, &emoji, true);
        if after != before {
            if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
                guild.emojis.insert(self.emoji, emoji);
            }
            told(tx, self.guild);
            audit(tx, self.actor, self.guild, AuditAction::EmojiUpdate, self.emoji, (&before, &after));
        }
        Ok(after)
    }
}

/// DELETE /guilds/{guild}/emojis/{emoji}. GUILD_EMOJIS_UPDATE. Reactions with it stay, as on Discord.
///
/// # Errors
/// 10004, 10014, 50001, 50013.
#[derive(Debug)]
pub struct DeleteEmoji {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub emoji: EmojiId,
}

impl Action for DeleteEmoji {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let made_by = |guild: &Guild| found(guild, self.emoji).map(|e| e.user);
        let guild = may_change(tx.world, self.actor, self.guild, made_by, tx.now)?;
        let before = wire::emoji(tx.world, found(guild, self.emoji)?, true);
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.emojis.remove(&self.emoji);
        }
        tx.world.drop_bytes(self.emoji.get());
        told(tx, self.guild);
        audit(tx, self.actor, self.guild, AuditAction::EmojiDelete, self.emoji, (&before, &Value::Null));
        Ok(())
    }
}
