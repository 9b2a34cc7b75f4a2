//! A guild's soundboard. See Discord docs: Soundboard.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{audio, emoji_form::read_emoji_of, may_change, sees_makers};
use crate::{
    Action, Actor, ApiError, Audience, Audit, AuditAction, EventKind, Guild, GuildId, Sound, SoundId,
    Timestamp, Tx, World,
    body::{self, Form},
    permissions::CREATE_GUILD_EXPRESSIONS,
    places::boosts::SOUNDS,
    places::change,
    wire,
};

/// Bytes of a sound's file.
const MAX_BYTES: usize = 512 * 1024;
/// How long a sound may play.
const LONGEST: Duration = Duration::from_millis(5200);

/// GET /guilds/{guild}/soundboard-sounds.
///
/// # Errors
/// 10004, 50001.
pub fn guild_sounds(world: &World, actor: Actor, id: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, 0, now)?;
    let with_user = sees_makers(world, actor, id, now);
    let sounds = guild.sounds.values().map(|sound| wire::sound(world, id, sound, with_user));
    Ok(json!({ "items": sounds.collect::<Vec<_>>() }))
}

/// GET /guilds/{guild}/soundboard-sounds/{sound}.
///
/// # Errors
/// 10004, 10097, 50001.
pub fn guild_sound(
    world: &World,
    actor: Actor,
    id: GuildId,
    sound: SoundId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, 0, now)?;
    Ok(wire::sound(world, id, found(guild, sound)?, sees_makers(world, actor, id, now)))
}

fn found(guild: &Guild, id: SoundId) -> Result<&Sound, ApiError> {
    guild.sounds.get(&id).ok_or_else(ApiError::unknown_sound)
}

fn told(tx: &mut Tx<'_>, guild: GuildId, kind: EventKind, data: Value) {
    tx.emit(kind, Audience::Guild(guild), data);
    change::guild_view_changed(tx, guild);
}

fn audit(
    tx: &mut Tx<'_>,
    actor: Actor,
    guild: GuildId,
    action: AuditAction,
    id: SoundId,
    (old, new): (&Value, &Value),
) {
    const KEYS: [&str; 4] = ["name", "volume", "emoji_id", "emoji_name"];
    tx.audit(guild, Audit::new(actor.user, action).target(id.get()).diff(old, new, &KEYS));
}

fn read(form: Form<'_>, sound: &mut Sound, guild: &Guild) {
    if let Some(name) = form.string("name", 2, 32) {
        name.clone_into(&mut sound.name);
    }
    if form.has("volume") {
        sound.volume = 1.0;
    }
    if let Some(value) = form.get("volume") {
        match value.as_f64() {
            Some(volume) if (0.0..=1.0).contains(&volume) => sound.volume = volume,
            Some(volume) if volume < 0.0 => {
                form.error("volume", "NUMBER_TYPE_MIN", "float value should be greater than or equal to 0.");
            }
            Some(_) => {
                form.error("volume", "NUMBER_TYPE_MAX", "float value should be less than or equal to 1.");
            }
            None => form.error("volume", "NUMBER_TYPE_COERCE", "Value is not float."),
        }
    }
    if form.has("emoji_id") || form.has("emoji_name") {
        let (id, name) = read_emoji_of(form, guild);
        // Of a custom emoji the id alone is kept.
        sound.emoji_name = name.filter(|_| id.is_none());
        sound.emoji_id = id;
    }
}

/// The file's bytes from its data URI.
fn read_file(form: Form<'_>) -> Option<Vec<u8>> {
    let Some(value) = form.get("sound") else {
        form.missing("sound");
        return None;
    };
    let decoded = value.as_str().and_then(|uri| {
        let (media, data) = uri.strip_prefix("data:")?.split_once(";base64,")?;
        media.starts_with("audio/").then(|| STANDARD.decode(data.trim()).ok()).flatten()
    });
    let Some((bytes, length)) =
        decoded.and_then(|bytes| Some((audio::duration(&bytes)?, bytes)).map(|(d, b)| (b, d)))
    else {
        form.error("sound", "BINARY_TYPE_INVALID", "Must be an MP3 or Ogg file as a data URI.");
        return None;
    };
    if bytes.len() > MAX_BYTES {
        form.error("sound", "BINARY_TYPE_MAX_SIZE", "File cannot be larger than 512.0 kb.");
    } else if length > LONGEST {
        form.error("sound", "SOUND_TOO_LONG", "Sounds cannot be longer than 5.2 seconds.");
    }
    Some(bytes)
}

/// POST /guilds/{guild}/soundboard-sounds: `{name, sound, volume?, emoji_id?, emoji_name?}`.
/// GUILD_SOUNDBOARD_SOUND_CREATE.
///
/// # Errors
/// 10004, 50001, 50013 (CREATE_GUILD_EXPRESSIONS), 30045 above 8, 24, 36 or 48 by boosts, 50035 (also for a file above
/// 512 KiB or 5.2 s).
#[derive(Debug)]
pub struct CreateSound {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for CreateSound {
    /// The sound object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, CREATE_GUILD_EXPRESSIONS, tx.now)?;
        let mut sound = Sound {
            id: SoundId::new(0),
            name: String::new(),
            volume: 1.0,
            emoji_id: None,
            emoji_name: None,
            user: self.actor.user,
        };
        let file = body::read(&self.body, |form| {
            if form.get("name").is_none() {
                form.missing("name");
            }
            read(form, &mut sound, guild);
            read_file(form)
        })?;
        let most = SOUNDS.of(guild, "MORE_SOUNDBOARD");
        if guild.sounds.len() >= most {
            let message = format!("Maximum number of soundboard sounds reached ({most})");
            return Err(ApiError::new(400, 30045, message));
        }
        sound.id = SoundId::new(tx.mint());
        let id = sound.id;
        let made = wire::sound(tx.world, self.guild, &sound, true);
        tx.world.keep(id.get(), file.unwrap_or_default());
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.sounds.insert(id, sound);
        }
        told(tx, self.guild, EventKind::GuildSoundboardSoundCreate, made.clone());
        audit(tx, self.actor, self.guild, AuditAction::SoundboardSoundCreate, id, (&Value::Null, &made));
        Ok(made)
    }
}

/// PATCH /guilds/{guild}/soundboard-sounds/{sound}: `{name?, volume?, emoji_id?, emoji_name?}`.
/// GUILD_SOUNDBOARD_SOUND_UPDATE if anything changed.
///
/// # Errors
/// 10004, 10097, 50001, 50013, 50035.
#[derive(Debug)]
pub struct PatchSound {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub sound: SoundId,
    /// The body.
    pub body: Value,
}

impl Action for PatchSound {
    /// The sound object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let made_by = |guild: &Guild| found(guild, self.sound).map(|s| s.user);
        let guild = may_change(tx.world, self.actor, self.guild, made_by, tx.now)?;
        let mut sound = found(guild, self.sound)?.clone();
        let before = wire::sound(tx.world, self.guild, &sound, true);
        body::read(&self.body, |form| read(form, &mut sound, guild))?;
        let after = wire::sound(tx.world, self.guild, &sound, true);
        if after != before {
            if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
                guild.sounds.insert(self.sound, sound);
            }
            told(tx, self.guild, EventKind::GuildSoundboardSoundUpdate, after.clone());
            let action = AuditAction::SoundboardSoundUpdate;
            audit(tx, self.actor, self.guild, action, self.sound, (&before, &after));
        }
        Ok(after)
    }
}

/// DELETE /guilds/{guild}/soundboard-sounds/{sound}. GUILD_SOUNDBOARD_SOUND_DELETE.
///
/// # Errors
/// 10004, 10097, 50001, 50013.
#[derive(Debug)]
pub struct DeleteSound {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub sound: SoundId,
}

impl Action for DeleteSound {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let made_by = |guild: &Guild| found(guild, self.sound).map(|s| s.user);
        let guild = may_change(tx.world, self.actor, self.guild, made_by, tx.now)?;
        let before = wire::sound(tx.world, self.guild, found(guild, self.sound)?, true);
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.sounds.remove(&self.sound);
        }
        tx.world.drop_bytes(self.sound.get());
        let data = json!({ "sound_id": self.sound, "guild_id": self.guild });
        told(tx, self.guild, EventKind::GuildSoundboardSoundDelete, data);
        let action = AuditAction::SoundboardSoundDelete;
        audit(tx, self.actor, self.guild, action, self.sound, (&before, &Value::Null));
        Ok(())
    }
}
