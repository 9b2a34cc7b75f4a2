//! Makes bot tokens and keys. They open nothing but this local world.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

use crate::{ApplicationId, Timestamp};

/// A bot token in the usual shape: the id in base64, when it was made, 27 random bytes. Clients read their own
/// id from its first part.
pub(crate) fn bot_token(id: ApplicationId, now: Timestamp) -> String {
    let seconds = u32::try_from(now.ms() / 1000).unwrap_or(u32::MAX);
    let made = URL_SAFE_NO_PAD.encode(seconds.to_be_bytes());
    let random: [u8; 27] = std::array::from_fn(|_| fastrand::u8(..));
    format!("{}.{made}.{}", STANDARD_NO_PAD.encode(id.to_string()), URL_SAFE_NO_PAD.encode(random))
}

/// 64 random hex digits, for `verify_key`.
pub(crate) fn verify_key() -> String {
    (0..64).map(|_| fastrand::digit(16)).collect()
}
