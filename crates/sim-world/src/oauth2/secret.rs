//! Client secrets, codes and tokens; and PKCE, which proves that whoever exchanges a code is who asked for it.
//! See RFC 7636. Secrets open nothing but this local world.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// Characters of a code or token, and of a client secret, as Discord's have them.
const TOKEN: usize = 30;
const SECRET: usize = 32;

/// Random letters and digits.
fn random(length: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(length).collect()
}

/// A new code, access token or refresh token.
pub(super) fn token() -> String {
    random(TOKEN)
}

/// A new client secret.
pub fn client_secret() -> String {
    random(SECRET)
}

/// Whether a text can be the challenge that method S256 makes: 43 characters, the base64 of 32 bytes.
pub(super) fn is_challenge(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// Whether a text can be a verifier: 43 to 128 unreserved characters.
pub(super) fn is_verifier(text: &str) -> bool {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// Whether a challenge was made of this verifier.
pub(super) fn proves(verifier: &str, challenge: &str) -> bool {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(is_verifier(verifier) && is_challenge(challenge) && proves(verifier, challenge));
        assert!(!proves(&verifier.replace('d', "e"), challenge));
        assert!(
            !is_verifier(&verifier[1..]) && !is_verifier(&"x".repeat(129)) && !is_verifier(&" ".repeat(50))
        );
        assert!(!is_challenge(&challenge[1..]) && !is_challenge("") && !is_challenge(&"=".repeat(43)));
    }

    #[test]
    fn secrets_differ() {
        assert_ne!(token(), token());
        assert_eq!((token().len(), client_secret().len()), (30, 32));
    }
}
