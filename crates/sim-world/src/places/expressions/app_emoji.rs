//! An application's own emojis, which it may use everywhere. Nobody is told of changes.
//! See Discord docs: Emoji / List Application Emojis and following.

use serde_json::{Value, json};

use super::{emoji::check_size, emoji_form};
use crate::{Action, Actor, ApiError, ApplicationId, Emoji, EmojiId, Tx, World, body, places::image, wire};

/// Emojis of one application (30008 above it).
const MAX_EMOJIS: usize = 2000;

/// 20012 unless the actor is that application.
fn own(world: &World, actor: Actor, application: ApplicationId) -> Result<(), ApiError> {
    if actor.application != Some(application) {
        return Err(ApiError::not_authorized_for_application());
    }
    world.application(application).map(|_| ())
}

fn found(world: &World, application: ApplicationId, id: EmojiId) -> Result<&Emoji, ApiError> {
    let emojis = world.application_emojis.get(&application);
    emojis.and_then(|emojis| emojis.get(&id)).ok_or_else(ApiError::no_such_emoji)
}

/// Names are unique within an application.
fn check_name(
    world: &World,
    application: ApplicationId,
    name: &str,
    but: Option<EmojiId>,
) -> Result<(), ApiError> {
    let mut emojis = world.application_emojis.get(&application).into_iter().flat_map(|e| e.values());
    if emojis.any(|emoji| emoji.name == name && Some(emoji.id) != but) {
        let message = "Application emoji name is already taken";
        return Err(ApiError::form("name", "APPLICATION_EMOJI_NAME_ALREADY_TAKEN", message));
    }
    Ok(())
}

/// GET /applications/{application}/emojis.
///
/// # Errors
/// 10002, 20012.
pub fn application_emojis(world: &World, actor: Actor, id: ApplicationId) -> Result<Value, ApiError> {
    own(world, actor, id)?;
    let emojis = world.application_emojis.get(&id).into_iter().flat_map(|emojis| emojis.values());
    Ok(json!({ "items": emojis.map(|emoji| wire::emoji(world, emoji, true)).collect::<Vec<_>>() }))
}

/// GET /applications/{application}/emojis/{emoji}.
///
/// # Errors
/// 10002, 10014, 20012.
pub fn application_emoji(
    world: &World,
    actor: Actor,
    id: ApplicationId,
    emoji: EmojiId,
) -> Result<Value, ApiError> {
    own(world, actor, id)?;
    Ok(wire::emoji(world, found(world, id, emoji)?, true))
}

/// POST /applications/{application}/emojis: `{name, image}`.
///
/// # Errors
/// 10002, 20012, 30008 above 2000, 50138 above 256 KiB, 50035.
#[derive(Debug)]
pub struct CreateApplicationEmoji {
    /// Who.
    pub actor: Actor,
    /// Whose.
    pub application: ApplicationId,
    /// The body.
    pub body: Value,
}

impl Action for CreateApplicationEmoji {
    /// The emoji object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        own(tx.world, self.actor, self.application)?;
        let (name, picture) = body::read(&self.body, |form| {
            (emoji_form::read_name(form, true), emoji_form::read_picture(form))
        })?;
        let (name, picture) = (name.unwrap_or_default(), picture.unwrap_or_default());
        check_name(tx.world, self.application, &name, None)?;
        check_size(&picture)?;
        if tx.world.application_emojis.get(&self.application).is_some_and(|e| e.len() >= MAX_EMOJIS) {
            let message = format!("Maximum number of emojis reached ({MAX_EMOJIS})");
            return Err(ApiError::new(400, 30008, message));
        }
        let id = EmojiId::new(tx.mint());
        let animated = image::is_animated(&picture);
        let emoji = Emoji { id, name, animated, roles: Vec::new(), user: self.actor.user };
        let made = wire::emoji(tx.world, &emoji, true);
        tx.world.keep(id.get(), picture);
        tx.world.application_emojis.entry(self.application).or_default().insert(id, emoji);
        Ok(made)
    }
}

/// PATCH /applications/{application}/emojis/{emoji}: `{name?}`.
///
/// # Errors
/// 10002, 10014, 20012, 50035.
#[derive(Debug)]
pub struct PatchApplicationEmoji {
    /// Who.
    pub actor: Actor,
    /// Whose.
    pub application: ApplicationId,
    /// Which.
    pub emoji: EmojiId,
    /// The body.
    pub body: Value,
}

impl Action for PatchApplicationEmoji {
    /// The emoji object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        own(tx.world, self.actor, self.application)?;
        let mut emoji = found(tx.world, self.application, self.emoji)?.clone();
        if let Some(name) = body::read(&self.body, |form| emoji_form::read_name(form, false))? {
            check_name(tx.world, self.application, &name, Some(self.emoji))?;
            emoji.name = name;
        }
        let after = wire::emoji(tx.world, &emoji, true);
        tx.world.application_emojis.entry(self.application).or_default().insert(self.emoji, emoji);
        Ok(after)
    }
}

/// DELETE /applications/{application}/emojis/{emoji}.
///
/// # Errors
/// 10002, 10014, 20012.
#[derive(Debug)]
pub struct DeleteApplicationEmoji {
    /// Who.
    pub actor: Actor,
    /// Whose.
    pub application: ApplicationId,
    /// Which.
    pub emoji: EmojiId,
}

impl Action for DeleteApplicationEmoji {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        own(tx.world, self.actor, self.application)?;
        found(tx.world, self.application, self.emoji)?;
        if let Some(emojis) = tx.world.application_emojis.get_mut(&self.application) {
            emojis.remove(&self.emoji);
        }
        tx.world.drop_bytes(self.emoji.get());
        Ok(())
    }
}
