//! Stickers of a message. See Discord docs: Message / Create Message (`sticker_ids`).

use crate::{
    ApiError, GuildId, StickerId, StickerItem, World,
    body::{Form, parse_id},
    places::standard_sticker,
};

/// Stickers of one message.
const MAX_STICKERS: usize = 3;

/// The ids asked for, each once; absent and null are none.
pub(super) fn read(form: Form<'_>) -> Vec<StickerId> {
    let mut ids: Vec<StickerId> = Vec::new();
    let list = form.list("sticker_ids", MAX_STICKERS).map_or(&[][..], Vec::as_slice);
    for (index, item) in list.iter().enumerate() {
        match parse_id(item) {
            Some(id) if !ids.contains(&id) => ids.push(id),
            Some(_) => {}
            None => {
                let key = format_args!("sticker_ids.{index}");
                form.error(key, "NUMBER_TYPE_COERCE", "Value is not snowflake.");
            }
        }
    }
    ids
}

/// What the message keeps of them: those of its own guild, and those that everybody has. Others need a subscription,
/// which bots do not have.
///
/// # Errors
/// 50081 for any other.
pub(super) fn resolve(
    world: &World,
    guild: Option<GuildId>,
    ids: &[StickerId],
) -> Result<Vec<StickerItem>, ApiError> {
    let own = guild.and_then(|id| world.guilds.get(&id)).map(|guild| &guild.stickers);
    let resolve = |id: &StickerId| {
        let item = own.and_then(|stickers| stickers.get(id)).map(|sticker| StickerItem {
            id: sticker.id,
            name: sticker.name.clone(),
            format: sticker.format,
        });
        item.or_else(|| standard_sticker(*id)).ok_or_else(ApiError::invalid_sticker)
    };
    ids.iter().map(resolve).collect()
}
