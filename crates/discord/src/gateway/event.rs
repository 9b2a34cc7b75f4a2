//! An event on its way from a shard to the bot.

use twilight_gateway::{Event, ShardId};

use super::receipt::Receipt;
use crate::cache::Cache;

/// An event, the shard that it came over, and what says when it has been dealt with.
#[derive(Debug)]
pub struct ShardEvent {
    /// Over which shard.
    pub shard: ShardId,
    /// What happened.
    pub event: Event,
    /// An earlier process has dealt with it; only the cache has to hear of it again.
    pub repeated: bool,
    /// To be handed to whoever deals with it.
    pub receipt: Receipt,
}

impl ShardEvent {
    /// Updates the cache. Events have to come in the order in which they were received, so that a snapshot is as
    /// of one of them.
    pub fn update(&self, cache: &Cache) {
        self.receipt.apply(|| cache.update(&self.event));
    }
}
