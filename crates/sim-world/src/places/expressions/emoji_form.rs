//! Reads the body of a custom emoji, and the emoji that other things are given.

use crate::{
    EmojiId, Guild, RoleId,
    body::{Form, parse_id},
    places::image,
};

/// Bytes of an emoji's picture (50138 above it). See Discord docs: Emoji / Create Guild Emoji.
pub(super) const MAX_BYTES: usize = 256 * 1024;
/// Roles that an emoji can be for.
const MAX_ROLES: usize = 250;

/// 2 to 32 letters, digits and underscores; `needed` where it may not be absent.
pub(super) fn read_name(form: Form<'_>, needed: bool) -> Option<String> {
    if needed && form.get("name").is_none() {
        form.missing("name");
    }
    let name = form.string("name", 2, 32)?;
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        form.error("name", "STRING_TYPE_REGEX", "String value did not match validation regex.");
    }
    Some(name.to_owned())
}

/// The picture's bytes; their size is judged by the caller, since that is not a form error.
pub(super) fn read_picture(form: Form<'_>) -> Option<Vec<u8>> {
    let Some(value) = form.get("image") else {
        form.missing("image");
        return None;
    };
    let bytes = value.as_str().and_then(image::decode).filter(|bytes| image::media_type(bytes).is_some());
    if bytes.is_none() {
        form.error("image", "IMAGE_INVALID", "Invalid image data");
    }
    bytes
}

/// The roles that may use it; null is everybody.
pub(super) fn read_roles(form: Form<'_>, guild: &Guild) -> Option<Vec<RoleId>> {
    if !form.has("roles") {
        return None;
    }
    let mut roles: Vec<RoleId> = Vec::new();
    let list = form.list("roles", MAX_ROLES).map_or(&[][..], Vec::as_slice);
    for (index, item) in list.iter().enumerate() {
        match parse_id::<RoleId>(item).filter(|id| guild.roles.contains_key(id)) {
            Some(id) if !roles.contains(&id) => roles.push(id),
            Some(_) => {}
            None => form.error(format_args!("roles.{index}"), "UNKNOWN_ROLE", "No such role in this guild."),
        }
    }
    Some(roles)
}

/// `emoji_id` of the guild's own, or `emoji_name` of a Unicode emoji: at most one of the two. With an id the name is
/// that of the emoji.
pub(in crate::places) fn read_emoji_of(form: Form<'_>, guild: &Guild) -> (Option<EmojiId>, Option<String>) {
    if let Some(id) = form.id::<EmojiId>("emoji_id") {
        let known = guild.emojis.get(&id);
        if known.is_none() {
            form.error("emoji_id", "UNKNOWN_EMOJI", "No such emoji in this guild.");
        }
        return (Some(id), known.map(|emoji| emoji.name.clone()));
    }
    let name = form.string("emoji_name", 0, 100).filter(|name| !name.is_empty());
    if name.is_some_and(|name| !crate::messages::is_unicode_emoji(name)) {
        form.error("emoji_name", "UNKNOWN_EMOJI", "Not an emoji.");
    }
    (None, name.map(str::to_owned))
}
