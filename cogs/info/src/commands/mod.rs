//! The commands of this cog.

mod about;
mod extensions;
mod ping;
mod shardinfo;
mod stats;

pub(crate) use about::about;
pub(crate) use extensions::extensions;
pub(crate) use ping::ping;
pub(crate) use shardinfo::shardinfo;
pub(crate) use stats::stats;
