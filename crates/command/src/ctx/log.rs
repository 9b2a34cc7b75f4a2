//! The log of a command's body.

use std::fmt;

use super::Invocation;

/// Writes lines to the log that name the command and its call.
#[derive(Clone, Copy, Debug)]
pub struct Log<'a> {
    pub(super) invocation: &'a Invocation,
}

macro_rules! levels {
    ($($(#[$doc:meta])* $level:ident),*) => {$(
        $(#[$doc])*
        pub fn $level(&self, text: impl fmt::Display) {
            tracing::$level!(
                target: "cogwright::command",
                command = %self.invocation.spec.qualified_name(),
                call = %self.invocation.error_id(),
                "{text}"
            );
        }
    )*};
}

impl Log<'_> {
    levels! {
        /// For whoever looks for a fault.
        debug,
        /// For whoever runs the bot.
        info,
        /// Something is not as it should be.
        warn,
        /// Something failed.
        error
    }
}
