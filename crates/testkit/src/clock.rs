//! The bot's clock, driven by the world's.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cogwright_lifecycle::Clock;
use cogwright_sim::Sim;
use futures_util::future::BoxFuture;

/// World time as a bot's clock: its views and cooldowns move when the world is advanced, and stand while it is
/// frozen.
#[derive(Clone, Debug)]
pub struct WorldClock(Sim);

impl WorldClock {
    /// The clock of this local Discord.
    pub fn new(sim: Sim) -> Self {
        Self(sim)
    }
}

impl Clock for WorldClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.0.clock().now().ms())
    }

    fn sleep(&self, d: Duration) -> BoxFuture<'static, ()> {
        let sim = self.0.clone();
        let until = sim.clock().now().plus(d);
        Box::pin(async move { sim.clock().sleep_until(until).await })
    }
}
