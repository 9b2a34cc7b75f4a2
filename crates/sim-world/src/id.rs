//! Snowflake ids as newtypes. On the wire they are decimal strings; bodies may also carry them as JSON
//! integers, which are read as `u64`, never through a float. See Discord docs: Reference / Snowflakes.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::time::{DISCORD_EPOCH_MS, Timestamp};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// Wraps a raw snowflake.
            pub const fn new(raw: u64) -> Self { Self(raw) }
            /// The raw snowflake.
            pub const fn get(self) -> u64 { self.0 }
            /// When the id was minted.
            pub fn created(self) -> Timestamp { created(self.0) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(&self.0, f) }
        }
        impl From<$name> for u64 {
            fn from(id: $name) -> Self { id.0 }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}({})", stringify!($name), self.0) }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> { parse(text).map(Self) }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(&self.0) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                d.deserialize_any(IdVisitor).map(Self)
            }
        }
    )+};
}

ids! {
    /// A user's id, a person's or a bot's.
    UserId
    /// An application's id; equal to its bot user's.
    ApplicationId
    /// A guild's id; equal to the id of its @everyone role.
    GuildId
    /// A channel's or thread's id.
    ChannelId
    /// A role's id.
    RoleId
    /// A message's id.
    MessageId
    /// An interaction's id.
    InteractionId
    /// An application command's id.
    CommandId
    /// An attachment's id.
    AttachmentId
    /// A webhook's id; an application's own webhook has the application's id.
    WebhookId
    /// An auto moderation rule's id.
    RuleId
    /// A custom emoji's id.
    EmojiId
    /// A sticker's id, or that of a pack.
    StickerId
    /// A SKU's id.
    SkuId
    /// An entitlement's id.
    EntitlementId
    /// A soundboard sound's id; those that everybody has count from 1.
    SoundId
    /// A scheduled event's id.
    ScheduledEventId
}

macro_rules! same_number {
    ($($from:ident => $to:ident),+ $(,)?) => {$(
        impl From<$from> for $to {
            fn from(id: $from) -> Self { Self(id.0) }
        }
    )+};
}
// Ids that Discord gives the same number by rule.
same_number!(ApplicationId => UserId, UserId => ApplicationId, GuildId => RoleId, ApplicationId => WebhookId, MessageId => ChannelId, ChannelId => MessageId);

/// The text is not a snowflake: 1 to 20 decimal digits that fit 64 bits, not zero.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a snowflake (a decimal number of up to 20 digits)")]
pub struct NotAnId;

fn parse(text: &str) -> Result<u64, NotAnId> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NotAnId);
    }
    text.parse().map_err(|_| NotAnId)
}

struct IdVisitor;

impl de::Visitor<'_> for IdVisitor {
    type Value = u64;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a snowflake as a string of digits or an integer")
    }
    fn visit_u64<E: de::Error>(self, v: u64) -> Result<u64, E> {
        Ok(v)
    }
    fn visit_str<E: de::Error>(self, v: &str) -> Result<u64, E> {
        parse(v).map_err(E::custom)
    }
}

fn created(raw: u64) -> Timestamp {
    Timestamp::from_ms((raw >> 22) + DISCORD_EPOCH_MS)
}

/// Mints snowflakes: milliseconds since Discord's epoch, then worker, process and a running number.
/// Ids never repeat and never go down, even if world time is set back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Mint {
    last: u64,
}

/// Worker 1, process 0: nothing reads them, but an id with all middle bits zero looks made up.
const WORKER_AND_PROCESS: u64 = 1 << 17;

impl Mint {
    pub(crate) fn next(&mut self, now: Timestamp) -> u64 {
        let base = (now.ms().saturating_sub(DISCORD_EPOCH_MS) << 22) | WORKER_AND_PROCESS;
        self.last = if base > self.last { base } else { self.last + 1 };
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minted_ids_rise_and_carry_their_time() {
        let mut mint = Mint::default();
        let now = Timestamp::from_ms(1_792_000_000_000);
        let ids: Vec<u64> = (0..10_000).map(|_| mint.next(now)).collect();
        assert!(ids.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(UserId::new(ids[0]).created(), now);
        assert!(mint.next(Timestamp::from_ms(1_700_000_000_000)) > ids[9_999]);
    }

    #[test]
    fn reads_strings_and_integers() {
        assert_eq!(
            serde_json::from_str::<UserId>("\"18446744073709551615\"").ok(),
            Some(UserId::new(u64::MAX))
        );
        assert_eq!(
            serde_json::from_str::<UserId>("9007199254740993").ok(),
            Some(UserId::new(9_007_199_254_740_993))
        );
        assert!(serde_json::from_str::<UserId>("\"+1\"").is_err());
        assert!(serde_json::from_str::<UserId>("1.5").is_err());
    }
}
