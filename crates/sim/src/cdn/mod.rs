//! The CDN below `/cdn`: generated images for avatars and icons of applications; attachments, emojis, stickers, sounds
//! and what guilds show as uploaded.
//!
//! Attachments are whatever somebody uploaded, so nothing that a browser could run is ever served as such:
//! no sniffing, a sandbox without sources, and a download for all but plain media and text.

mod attachments;
mod draw;
mod expressions;
mod images;
mod tone;
mod widget;

use axum::{
    Json, Router,
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use cogwright_sim_world::ApiError;

use crate::Sim;

pub(crate) use widget::widget;

/// Everything below `/cdn`.
pub(crate) fn router() -> Router<Sim> {
    Router::new()
        .route("/cdn/avatars/{user}/{file}", get(images::avatar))
        .route("/cdn/guilds/{guild}/users/{user}/avatars/{file}", get(images::member_avatar))
        .route("/cdn/icons/{guild}/{file}", get(images::guild_icon))
        .route("/cdn/splashes/{guild}/{file}", get(images::splash))
        .route("/cdn/discovery-splashes/{guild}/{file}", get(images::discovery_splash))
        .route("/cdn/banners/{owner}/{file}", get(images::banner))
        .route("/cdn/guild-events/{event}/{file}", get(images::event_cover))
        .route("/cdn/app-icons/{application}/{file}", get(images::application_icon))
        .route("/cdn/embed/avatars/{file}", get(images::default_avatar))
        .route("/cdn/emojis/{file}", get(expressions::emoji))
        .route("/cdn/stickers/{file}", get(expressions::sticker))
        .route("/cdn/soundboard-sounds/{sound}", get(expressions::sound))
        .route("/cdn/attachments/{channel}/{attachment}/{filename}", get(attachments::attachment))
        .route("/cdn/{*rest}", get(async || refuse(&ApiError::not_found())))
}

/// Headers that every file gets. Names and ids never change their content, so it may be kept for long.
fn headers(content_type: HeaderValue) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers
}

fn refuse(error: &ApiError) -> Response<Body> {
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::NOT_FOUND);
    let mut response = (status, Json(error.body())).into_response();
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests;
