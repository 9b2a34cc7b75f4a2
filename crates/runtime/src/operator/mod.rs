//! What an operator asks about the bot from the command line: nothing here connects to the gateway as the bot, and
//! nothing changes anything.

mod command_diff;
mod invite;

pub use command_diff::{CommandDiff, DiffLine, DiffPart, command_diff};
pub use invite::{Invite, invite};
