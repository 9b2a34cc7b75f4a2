//! Which shard a guild is on, and how guilds are spread.

use crate::facts::ShardFacts;

/// Shards that are listed one by one; with more the answer says only how many there are of each kind.
const MAX_LISTED: usize = 10;

/// The shards as somebody in one place sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Overview {
    /// The shard of the guild where was asked, if this process runs it.
    pub(crate) current: Option<ShardFacts>,
    /// Shards of the whole bot.
    pub(crate) total: u32,
    /// Of these, in this process.
    pub(crate) here: usize,
    /// Of these, connected.
    pub(crate) connected: usize,
    /// Guilds of this process.
    pub(crate) guilds: u64,
    /// Guilds a shard of this process, rounded down.
    pub(crate) average: u64,
    /// The shards of this process; `None` when they are too many to be listed.
    pub(crate) listed: Option<Vec<ShardFacts>>,
}

pub(crate) fn overview(shards: Vec<ShardFacts>, total: u32, guild: Option<u64>) -> Overview {
    let guilds = shards.iter().map(|shard| shard.guilds).sum();
    let own = guild.map(|guild| shard_of(guild, total));
    Overview {
        current: shards.iter().find(|shard| Some(shard.id) == own).copied(),
        total,
        here: shards.len(),
        connected: shards.iter().filter(|shard| shard.connected).count(),
        guilds,
        average: guilds.checked_div(shards.len() as u64).unwrap_or(0),
        listed: (shards.len() <= MAX_LISTED).then_some(shards),
    }
}

/// See Discord docs: Gateway / Sharding.
fn shard_of(guild: u64, total: u32) -> u32 {
    ((guild >> 22) % u64::from(total.max(1))) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shards(count: u32) -> Vec<ShardFacts> {
        (0..count)
            .map(|id| ShardFacts { id, connected: id != 1, latency: None, guilds: 10 + u64::from(id) })
            .collect()
    }

    #[test]
    fn a_guild_finds_its_shard() {
        let guild = (7_u64 << 22) + 5;
        let seen = overview(shards(4), 4, Some(guild));
        assert_eq!(seen.current.map(|shard| shard.id), Some(3));
        assert_eq!((seen.guilds, seen.average, seen.connected), (46, 11, 3));
        // A shard of another process, and no guild at all.
        assert_eq!(overview(shards(2), 4, Some(guild)).current, None);
        assert_eq!(overview(shards(2), 2, None).current, None);
    }

    #[test]
    fn many_shards_are_not_listed_and_none_are_no_fault() {
        assert_eq!(overview(shards(10), 10, None).listed.map(|list| list.len()), Some(10));
        assert_eq!(overview(shards(11), 11, None).listed, None);
        let none = overview(vec![], 0, Some(1));
        assert_eq!((none.average, none.current), (0, None));
    }
}
