//! The commands of this cog.

mod slashlimit;

pub(crate) use slashlimit::slashlimit;
