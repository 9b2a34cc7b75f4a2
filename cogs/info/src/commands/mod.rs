//! The commands of this cog.

mod about;
mod ping;

pub(crate) use about::about;
pub(crate) use ping::ping;
