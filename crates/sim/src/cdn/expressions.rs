//! Files of custom emojis, stickers and sounds: as they were uploaded, whatever size is asked for. What everybody has
//! is drawn, and for a default sound a tone is made.

use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderValue, Response, header},
};
use cogwright_sim_world::{
    ApiError, EmojiId, SoundId, StickerFormat, StickerId,
    places::{DEFAULT_SOUNDS, is_standard_sticker, media_type},
};

use super::{
    headers,
    images::{Wanted, serve, stem},
    refuse, tone,
};
use crate::Sim;

pub(super) fn file(kind: &'static str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    *response.headers_mut() = headers(HeaderValue::from_static(kind));
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// An emoji that the world does not know is drawn from its id: text may hold any, and people should see something.
pub(super) async fn emoji(
    State(sim): State<Sim>,
    Path(name): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response<Body> {
    let id = stem(&name).and_then(|s| s.parse::<EmojiId>().ok());
    let stored = sim.read(|world, _| world.emoji_picture(id?));
    match stored.as_deref().and_then(|bytes| Some((media_type(bytes)?, bytes.to_vec()))) {
        Some((kind, bytes)) => file(kind, bytes),
        None => serve(id.map(|id| format!("emoji {id}")), &wanted).await,
    }
}

pub(super) async fn sticker(
    State(sim): State<Sim>,
    Path(name): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response<Body> {
    // Lottie stickers alone end in `.json`.
    let picture = stem(&name).is_some();
    let stem = stem(&name).or_else(|| name.strip_suffix(".json"));
    let Some(id) = stem.and_then(|s| s.parse::<StickerId>().ok()) else {
        return refuse(&ApiError::not_found());
    };
    match sim.read(|world, _| world.sticker_file(id)) {
        Some((format, bytes)) => {
            let kind = match format {
                StickerFormat::Png | StickerFormat::Apng => "image/png",
                StickerFormat::Lottie => "application/json",
                StickerFormat::Gif => "image/gif",
            };
            // Discord has each under the extension of its kind alone, but converts pictures to WebP.
            let lottie = format == StickerFormat::Lottie;
            if picture == lottie { refuse(&ApiError::not_found()) } else { file(kind, bytes.to_vec()) }
        }
        None => serve(is_standard_sticker(id).then(|| format!("sticker {id}")), &wanted).await,
    }
}

pub(super) async fn sound(State(sim): State<Sim>, Path(name): Path<String>) -> Response<Body> {
    let Ok(id) = name.parse::<SoundId>() else { return refuse(&ApiError::not_found()) };
    if let Some(index) = DEFAULT_SOUNDS.iter().position(|(known, ..)| *known == id) {
        return file("audio/wav", tone::tone(index));
    }
    match sim.read(|world, _| world.sound_file(id)) {
        Some(bytes) if bytes.starts_with(b"OggS") => file("audio/ogg", bytes.to_vec()),
        Some(bytes) => file("audio/mpeg", bytes.to_vec()),
        None => refuse(&ApiError::not_found()),
    }
}
