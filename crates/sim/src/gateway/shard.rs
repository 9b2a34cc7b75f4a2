//! Which guilds a shard holds. See Discord docs: Gateway / Sharding.

use cogwright_sim_world::GuildId;
use serde_json::Value;

use super::codes::Close;

/// Guilds that one shard may hold; with more, IDENTIFY is refused with 4011.
pub(crate) const MAX_GUILDS_PER_SHARD: usize = 2500;

/// `[id, count]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    pub(crate) id: u32,
    pub(crate) count: u32,
}

impl Shard {
    /// A bot that does not shard.
    pub(crate) const WHOLE: Self = Self { id: 0, count: 1 };

    /// Reads IDENTIFY's `shard`; absent or null is the whole.
    pub(crate) fn read(value: Option<&Value>) -> Result<Self, Close> {
        let Some(value) = value.filter(|v| !v.is_null()) else { return Ok(Self::WHOLE) };
        let numbers: Option<Vec<u32>> = value
            .as_array()
            .and_then(|list| list.iter().map(|n| n.as_u64().and_then(|n| u32::try_from(n).ok())).collect());
        match numbers.as_deref() {
            Some(&[id, count]) if id < count => Ok(Self { id, count }),
            _ => Err(Close::InvalidShard),
        }
    }

    /// Whether events of this guild go here; events of no guild go to shard 0.
    pub(crate) fn holds(self, guild: Option<GuildId>) -> bool {
        match guild {
            Some(guild) => (guild.get() >> 22) % u64::from(self.count) == u64::from(self.id),
            None => self.id == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_guild_is_on_exactly_one_shard_and_direct_messages_on_the_first() {
        let shards: Vec<Shard> = (0..3).map(|id| Shard { id, count: 3 }).collect();
        for n in 1..200_u64 {
            let guild = GuildId::new((n << 22) | 5);
            assert_eq!(shards.iter().filter(|s| s.holds(Some(guild))).count(), 1);
        }
        assert_eq!(shards.iter().map(|s| s.holds(None)).collect::<Vec<_>>(), [true, false, false]);
    }

    #[test]
    fn bad_shards_are_refused() {
        assert_eq!(Shard::read(None), Ok(Shard::WHOLE));
        assert_eq!(Shard::read(Some(&json!([1, 3]))), Ok(Shard { id: 1, count: 3 }));
        for bad in [
            json!([3, 3]),
            json!([0, 0]),
            json!([0]),
            json!([0, 1, 2]),
            json!("0"),
            json!([-1, 2]),
            json!([0.5, 2]),
        ] {
            assert_eq!(Shard::read(Some(&bad)), Err(Close::InvalidShard), "{bad}");
        }
    }
}
