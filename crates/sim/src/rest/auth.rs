//! Who calls: bot tokens.

use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cogwright_sim_world::{ApiError, ApplicationId, World};

/// The application that a token stands for, with or without a `Bot ` prefix in any case. With `accept_any`
/// every well-formed token is good and stands for the first application, unless it is another's own.
pub(crate) fn application_of_token(world: &World, token: &str, accept_any: bool) -> Option<ApplicationId> {
    let token = bare(token);
    if let Some(application) = world.application_by_token(token) {
        return Some(application.id);
    }
    if !(accept_any && well_formed(token)) {
        return None;
    }
    world.applications().map(|a| a.id).next()
}

/// The caller of a route that needs a bot token, or 401. Never anything but 401: clients throw their token
/// away at the first one.
pub(crate) fn caller(
    world: &World,
    headers: &HeaderMap,
    accept_any: bool,
) -> Result<ApplicationId, ApiError> {
    let value = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    // A bare token is a user's on Discord, and `Bearer` is OAuth2's.
    value
        .filter(|v| prefixed(v))
        .and_then(|v| application_of_token(world, v, accept_any))
        .ok_or_else(ApiError::unauthorized)
}

fn prefixed(value: &str) -> bool {
    value.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("bot "))
}

fn bare(token: &str) -> &str {
    if prefixed(token) { token[4..].trim() } else { token.trim() }
}

/// Three parts of base64 characters, the first of them a number in base64: the shape that hikari checks.
fn well_formed(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let plain =
        |p: &&str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let [id, _, _] = parts.as_slice() else { return false };
    let id = URL_SAFE_NO_PAD.decode(id.trim_end_matches('=')).unwrap_or_default();
    !id.is_empty() && id.iter().all(u8::is_ascii_digit) && parts.iter().skip(1).all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_and_shapes() {
        assert_eq!(bare("Bot abc"), "abc");
        assert_eq!(bare("bot abc"), "abc");
        assert_eq!(bare("abc"), "abc");
        assert!(!prefixed("Bearer abc"));
        assert!(!prefixed("Böt"));
        assert!(well_formed("MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abc-def_123"));
        assert!(!well_formed("MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe"));
        assert!(!well_formed("not-a-token.a.b"));
        assert!(!well_formed(""));
    }
}
