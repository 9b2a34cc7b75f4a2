//! The gateway: sessions and the WebSocket connections that carry them.
//!
//! The session machine ([`Sessions`] and what it is made of) is synchronous and knows no socket: it is called
//! under the world's mutex, reads the world through a [`Desk`], and leaves what is to be done to the world as
//! effects. [`socket`] is the thin task of each connection. See Discord docs: Gateway.

pub(crate) mod codes;
mod commands;
mod compress;
mod desk;
mod faults;
mod identify;
mod limits;
mod line;
mod members;
mod presence;
mod ready;
mod record;
mod session;
mod sessions;
mod shard;
mod socket;
mod voice;

use cogwright_sim_world::{Timestamp, World, places::SetPresence};

pub(crate) use desk::Desk;
pub(crate) use sessions::{Knob, Sessions};
pub(crate) use socket::upgrade;

use crate::{Settings, Sim, faults::FaultId};
use sessions::Effect;

impl<'a> Desk<'a> {
    /// A desk on this world at this moment.
    pub(crate) fn new(sim: &'a Sim, world: &'a World, now: Timestamp, settings: &'a Settings) -> Self {
        Self {
            world,
            now,
            line: sim.clock().line(),
            settings,
            gateway_url: &sim.addresses().gateway_url,
            any_token: sim.config().accept_any_token,
            journal: sim.journal(),
            faults: sim.faults_state(),
        }
    }
}

impl Sim {
    /// Calls the session machine, then does to the world what it wants done.
    fn gateway<T>(&self, call: impl FnOnce(&mut Sessions, &Desk<'_>) -> T) -> T {
        let settings = self.settings();
        let mut state = self.state();
        let now = self.clock().now();
        let parts = &mut *state;
        let answer = call(&mut parts.gateway, &Desk::new(self, &parts.world, now, &settings));
        // Publishing an effect's events has no effects itself, so this ends.
        for effect in parts.gateway.take_effects() {
            let events = match effect {
                Effect::Presence { user, status, activities } => {
                    let action = SetPresence { user, status, activities: Some(activities) };
                    // A bot that was deleted meanwhile has no presence.
                    parts.world.apply(action, now).map(|applied| applied.events).unwrap_or_default()
                }
                Effect::Voice(action) => {
                    parts.world.apply(action, now).map(|applied| applied.events).unwrap_or_default()
                }
                Effect::End(action) => {
                    parts.world.apply(action, now).map(|applied| applied.events).unwrap_or_default()
                }
            };
            self.publish(parts, now, &events);
        }
        answer
    }

    /// Lets a fault that was just added strike connected sessions, as often as it may.
    pub(crate) fn strike_connected(&self, fault: FaultId) {
        self.gateway(|sessions, desk| sessions.strike_connected(desk, fault));
    }

    /// Ends sessions whose resume window has passed.
    pub(crate) fn expire_sessions(&self) {
        self.gateway(Sessions::expire);
    }
}
