//! A guild's stickers. See Discord docs: Sticker.

use serde_json::{Value, json};

use super::{may_change, sees_makers, standard, sticker_file};
use crate::{
    Action, Actor, ApiError, Audience, Audit, AuditAction, EventKind, Guild, GuildId, Sticker, StickerFormat,
    StickerId, Timestamp, Tx, Upload, World,
    body::{self, Form},
    permissions::CREATE_GUILD_EXPRESSIONS,
    places::boosts::STICKERS,
    places::change,
    wire,
};

/// GET /stickers/{sticker}: any guild's, or one of the pack.
///
/// # Errors
/// 10060.
pub fn sticker(world: &World, id: StickerId) -> Result<Value, ApiError> {
    if let Some(sticker) = standard::standard(id) {
        return Ok(sticker);
    }
    let guild = world.guilds.values().find(|guild| guild.stickers.contains_key(&id));
    let guild = guild.ok_or_else(ApiError::unknown_sticker)?;
    Ok(wire::sticker(world, guild.id, found(guild, id)?, false))
}

/// GET /guilds/{guild}/stickers.
///
/// # Errors
/// 10004, 50001.
pub fn guild_stickers(world: &World, actor: Actor, id: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, 0, now)?;
    let with_user = sees_makers(world, actor, id, now);
    Ok(guild.stickers.values().map(|one| wire::sticker(world, id, one, with_user)).collect())
}

/// GET /guilds/{guild}/stickers/{sticker}.
///
/// # Errors
/// 10004, 10060, 50001.
pub fn guild_sticker(
    world: &World,
    actor: Actor,
    id: GuildId,
    sticker: StickerId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, 0, now)?;
    Ok(wire::sticker(world, id, found(guild, sticker)?, sees_makers(world, actor, id, now)))
}

fn found(guild: &Guild, id: StickerId) -> Result<&Sticker, ApiError> {
    guild.stickers.get(&id).ok_or_else(ApiError::unknown_sticker)
}

/// GUILD_STICKERS_UPDATE with all stickers of the guild.
fn told(tx: &mut Tx<'_>, guild: GuildId) {
    let Some(found) = tx.world.guilds.get(&guild) else { return };
    let data = json!({ "guild_id": guild, "stickers": wire::stickers(tx.world, found) });
    tx.emit(EventKind::GuildStickersUpdate, Audience::Guild(guild), data);
    change::guild_view_changed(tx, guild);
}

fn audit(
    tx: &mut Tx<'_>,
    actor: Actor,
    guild: GuildId,
    action: AuditAction,
    id: StickerId,
    (old, new): (&Value, &Value),
) {
    const KEYS: [&str; 6] = ["name", "description", "tags", "format_type", "type", "available"];
    tx.audit(guild, Audit::new(actor.user, action).target(id.get()).diff(old, new, &KEYS));
}

fn read(form: Form<'_>, sticker: &mut Sticker) {
    if let Some(name) = form.string("name", 2, 30) {
        name.clone_into(&mut sticker.name);
    }
    if let Some(tags) = form.string("tags", 1, 200) {
        tags.clone_into(&mut sticker.tags);
    }
    if form.has("description") {
        let text = form.string("description", 0, 100).filter(|text| !text.is_empty());
        if text.is_some_and(|text| text.chars().count() < 2) {
            form.error("description", "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 100 in length.");
        }
        sticker.description = text.map(str::to_owned);
    }
}

/// POST /guilds/{guild}/stickers: a multipart body of `name`, `description`, `tags` and `file`. GUILD_STICKERS_UPDATE.
///
/// # Errors
/// 10004, 50001, 50013 (CREATE_GUILD_EXPRESSIONS), 30039 above 5, 15, 30 or 60 by boosts, 50045 above 512 KiB, 50046
/// for a file that is no sticker's, 50035.
#[derive(Debug)]
pub struct CreateSticker {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body's fields.
    pub body: Value,
    /// Its files, of which there must be one.
    pub files: Vec<Upload>,
}

impl Action for CreateSticker {
    /// The sticker object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, CREATE_GUILD_EXPRESSIONS, tx.now)?;
        let mut sticker = Sticker {
            id: StickerId::new(0),
            name: String::new(),
            description: None,
            tags: String::new(),
            format: StickerFormat::Png,
            user: self.actor.user,
        };
        let file = self.files.into_iter().next();
        body::read(&self.body, |form| {
            for key in ["name", "tags"] {
                if form.get(key).is_none() {
                    form.missing(key);
                }
            }
            if file.is_none() {
                form.missing("file");
            }
            read(form, &mut sticker);
        })?;
        let Some(file) = file else { return Err(ApiError::invalid_json()) };
        sticker.format = sticker_file::check(&file, guild)?;
        let most = STICKERS.of(guild, "MORE_STICKERS");
        if guild.stickers.len() >= most {
            return Err(ApiError::new(400, 30039, format!("Maximum number of stickers reached ({most})")));
        }
        sticker.id = StickerId::new(tx.mint());
        let id = sticker.id;
        let made = wire::sticker(tx.world, self.guild, &sticker, true);
        tx.world.keep(id.get(), file.bytes);
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.stickers.insert(id, sticker);
        }
        told(tx, self.guild);
        audit(tx, self.actor, self.guild, AuditAction::StickerCreate, id, (&Value::Null, &made));
        Ok(made)
    }
}

/// PATCH /guilds/{guild}/stickers/{sticker}: `{name?, description?, tags?}`. GUILD_STICKERS_UPDATE if anything changed.
///
/// # Errors
/// 10004, 10060, 50001, 50013, 50035.
#[derive(Debug)]
pub struct PatchSticker {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub sticker: StickerId,
    /// The body.
    pub body: Value,
}

impl Action for PatchSticker {
    /// The sticker object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let made_by = |guild: &Guild| found(guild, self.sticker).map(|s| s.user);
        let guild = may_change(tx.world, self.actor, self.guild, made_by, tx.now)?;
        let mut sticker = found(guild, self.sticker)?.clone();
        let before = wire::sticker(tx.world, self.guild, &sticker, true);
        body::read(&self.body, |form| read(form, &mut sticker))?;
        let after = wire::sticker(tx.world, self.guild, &sticker, true);
        if after != before {
            if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
                guild.stickers.insert(self.sticker, sticker);
            }
            told(tx, self.guild);
            audit(tx, self.actor, self.guild, AuditAction::StickerUpdate, self.sticker, (&before, &after));
        }
        Ok(after)
    }
}

/// DELETE /guilds/{guild}/stickers/{sticker}. GUILD_STICKERS_UPDATE.
///
/// # Errors
/// 10004, 10060, 50001, 50013.
#[derive(Debug)]
pub struct DeleteSticker {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub sticker: StickerId,
}

impl Action for DeleteSticker {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let made_by = |guild: &Guild| found(guild, self.sticker).map(|s| s.user);
        let guild = may_change(tx.world, self.actor, self.guild, made_by, tx.now)?;
        let before = wire::sticker(tx.world, self.guild, found(guild, self.sticker)?, true);
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.stickers.remove(&self.sticker);
        }
        tx.world.drop_bytes(self.sticker.get());
        told(tx, self.guild);
        audit(tx, self.actor, self.guild, AuditAction::StickerDelete, self.sticker, (&before, &Value::Null));
        Ok(())
    }
}
