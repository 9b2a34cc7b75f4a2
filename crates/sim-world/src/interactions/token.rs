//! Interaction tokens: they carry their interaction's id, so that an expired one is told from a made-up one
//! after the interaction itself has been forgotten.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::InteractionId;

const PREFIX: &str = "interaction:";
/// Bytes before encoding; 68 characters after it, the length some clients' patterns for webhook addresses ask for.
const LENGTH: usize = 51;

/// A new token.
pub(super) fn mint(id: InteractionId) -> String {
    let mut text = format!("{PREFIX}{id}:");
    while text.len() < LENGTH {
        text.push(fastrand::alphanumeric());
    }
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

/// The interaction a token names; whether it is genuine is for the caller to compare.
pub(super) fn interaction(token: &str) -> Option<InteractionId> {
    let text = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let text = std::str::from_utf8(&text).ok()?.strip_prefix(PREFIX)?;
    text.split_once(':')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_carry_their_interaction_and_differ() {
        let id = InteractionId::new(1_234_567_890_123_456_789);
        let (a, b) = (mint(id), mint(id));
        assert_ne!(a, b);
        assert_eq!(a.len(), 68);
        assert_eq!(interaction(&a), Some(id));
        assert_eq!(interaction("nonsense"), None);
    }
}
