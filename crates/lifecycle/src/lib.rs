//! Named tasks, a cancellation tree, shutdown and an injectable clock.
//!
//! Nothing else in the workspace starts tasks: a task that is not named, tracked and
//! cancelled outlives the thing that needed it, and nobody notices.

mod clock;
mod signal;
mod tasks;

pub use clock::{Clock, HandClock, SharedClock, SystemClock};
pub use signal::stop_signal;
pub use tasks::Tasks;
pub use tokio_util::sync::CancellationToken;
