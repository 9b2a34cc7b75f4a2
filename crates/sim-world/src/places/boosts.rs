//! What a guild's boosts unlock. See Discord docs: Guild / Premium Tier; Channel / Modify Channel for bitrates; Discord's
//! help on Server Boosts for the numbers of emojis, stickers and sounds.

use crate::Guild;

/// The most of something, by the guild's tier from 0 to 3.
#[derive(Clone, Copy, Debug)]
pub(super) struct ByTier([usize; 4]);

pub(super) const EMOJIS: ByTier = ByTier([50, 100, 150, 250]);
pub(super) const STICKERS: ByTier = ByTier([5, 15, 30, 60]);
pub(super) const SOUNDS: ByTier = ByTier([8, 24, 36, 48]);
/// Bits per second of a voice channel.
pub(super) const BITRATES: ByTier = ByTier([96_000, 128_000, 256_000, 384_000]);

impl ByTier {
    /// The most of it; a guild with `feature` has the highest tier's.
    pub(super) fn of(self, guild: &Guild, feature: &str) -> usize {
        let tier = usize::from(guild.settings.premium_tier).min(3);
        self.0[if guild.has_feature(feature) { 3 } else { tier }]
    }
}
