//! Tests of whole bots: the bot and a local Discord in one process, the world's clock, people, and waiting for
//! what the bot does.
//!
//! ```no_run
//! # async fn example(fun: cogwright_command::Cog) -> Result<(), cogwright_testkit::KitError> {
//! use cogwright_testkit::Kit;
//!
//! let kit = Kit::with_cogs([fun]).await?;
//! let asked = kit.owner().says("!roll 20")?;
//! let answer = kit.reply_to(&asked).await?;
//! assert!(answer.content().starts_with("You rolled"));
//! kit.stop().await
//! # }
//! ```
//!
//! Nothing sleeps: every wait is for a condition and ends after [`PATIENCE`] of real time with what was awaited.

mod answers;
mod clock;
mod error;
mod kit;
mod message;
mod person;

pub use answers::Answers;
pub use clock::WorldClock;
pub use cogwright_sim::{Interacted, Sim, Transcript};
pub use error::KitError;
pub use kit::{Kit, KitBuilder, PATIENCE};
pub use message::Message;
pub use person::Person;
