//! [`Sim`]: the world, its time, its journal and everybody who listens, behind one mutex.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::Duration,
};

use cogwright_lifecycle::Tasks;
use cogwright_sim_world::{Action, ApiError, Event, Timestamp, World};
use serde_json::Value;
use tokio::sync::watch;

use crate::{
    clock::SimClock,
    config::{Addresses, Settings, SimConfig},
    control::Streams,
    faults::Faults,
    gateway::{Desk, Knob, Sessions},
    journal::{EntryKind, Field, Fields, Journal, masked},
    rest::RestState,
};

/// A local Discord. Cheap to clone; all clones are the same one.
#[derive(Clone, Debug)]
pub struct Sim {
    core: Arc<Core>,
    /// Why what is applied through this clone is done; the audit log says so.
    reason: Option<Arc<str>>,
}

#[derive(Debug)]
struct Core {
    config: SimConfig,
    settings: RwLock<Settings>,
    addresses: Addresses,
    clock: SimClock,
    journal: Journal,
    tasks: Tasks,
    state: Mutex<State>,
    changed: watch::Sender<u64>,
    saving: Mutex<()>,
    rest: RestState,
    faults: Faults,
}

/// What the mutex protects. Never held across an await.
#[derive(Debug)]
pub(crate) struct State {
    /// The world.
    pub(crate) world: World,
    /// The world as at the start, for `/reset`.
    pub(crate) baseline: World,
    /// People who look on.
    pub(crate) streams: Streams,
    /// Gateway sessions and connections.
    pub(crate) gateway: Sessions,
}

/// How often world time is looked at for things that end by themselves (interactions, time-outs).
const TICK: Duration = Duration::from_millis(100);

impl Sim {
    /// A local Discord with this world, to be reached at `addresses`.
    pub fn new(config: SimConfig, addresses: Addresses, mut world: World) -> Self {
        world.set_cdn_base(addresses.cdn_base.clone());
        world.forget_sessions();
        let state = State {
            baseline: world.clone(),
            world,
            streams: Streams::default(),
            gateway: Sessions::default(),
        };
        let core = Core {
            settings: RwLock::new(config.settings.clone()),
            config,
            addresses,
            clock: SimClock::default(),
            journal: Journal::default(),
            tasks: Tasks::new("sim"),
            state: Mutex::new(state),
            changed: watch::Sender::new(0),
            saving: Mutex::new(()),
            rest: RestState::default(),
            faults: Faults::default(),
        };
        Self { core: Arc::new(core), reason: None }
    }

    /// The same local Discord; what is applied through this clone is done for `reason` (the decoded
    /// `X-Audit-Log-Reason` of a request).
    pub(crate) fn because(&self, reason: Option<String>) -> Self {
        Self { core: Arc::clone(&self.core), reason: reason.map(Into::into) }
    }

    /// How it was started.
    pub fn config(&self) -> &SimConfig {
        &self.core.config
    }

    /// Where it is reached.
    pub fn addresses(&self) -> &Addresses {
        &self.core.addresses
    }

    /// World time and line time.
    pub fn clock(&self) -> &SimClock {
        &self.core.clock
    }

    /// The journal.
    pub fn journal(&self) -> &Journal {
        &self.core.journal
    }

    /// Its tasks.
    pub fn tasks(&self) -> &Tasks {
        &self.core.tasks
    }

    /// A copy of the settings in force.
    pub fn settings(&self) -> Settings {
        self.core.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the settings.
    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.core.settings.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// What REST remembers between requests.
    pub(crate) fn rest(&self) -> &RestState {
        &self.core.rest
    }

    /// What goes wrong on purpose.
    pub(crate) fn faults_state(&self) -> &Faults {
        &self.core.faults
    }

    /// Held while the world is saved, so that an older state never replaces a newer one.
    pub(crate) fn saving(&self) -> MutexGuard<'_, ()> {
        self.core.saving.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.core.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the world at the present world time. Keep it short: everybody waits.
    pub fn read<T>(&self, read: impl FnOnce(&World, Timestamp) -> T) -> T {
        let now = self.clock().now();
        read(&self.state().world, now)
    }

    /// Performs an action at the present world time and tells everybody who may know.
    pub fn apply<A: Action>(&self, action: A) -> Result<A::Output, ApiError> {
        let mut state = self.state();
        let now = self.clock().now();
        let applied = match state.world.apply_because(action, now, self.reason.clone()) {
            Ok(applied) => applied,
            Err(error) => {
                let events = state.world.take_aftermath();
                if !events.is_empty() {
                    self.publish(&mut state, now, &events);
                }
                return Err(error);
            }
        };
        self.publish(&mut state, now, &applied.events);
        // The events are freed without others waiting for it.
        drop(state);
        Ok(applied.output)
    }

    /// Hands events to the journal, the gateway sessions and the people's streams, in order.
    pub(crate) fn publish(&self, state: &mut State, now: Timestamp, events: &[Event]) {
        let settings = self.settings();
        let bodies = settings.journal_bodies;
        for event in events {
            let mut fields = Fields::with_room(4);
            fields.put("event", event.kind.name());
            if let Some(guild) = event.audience.guild() {
                fields.put("guild", Field::Id(guild.get()));
            }
            if let Some(channel) = event.data.get("channel_id") {
                fields.put("channel", channel.as_str().map(str::to_owned));
            }
            if bodies {
                fields.put("data", masked(&event.data));
            }
            let seq = self.journal().push(now, EntryKind::Event, fields);
            state.streams.dispatch(&state.world, now, seq, event);
            state.gateway.dispatch(&Desk::new(self, &state.world, now, &settings), event);
        }
        self.core.changed.send_modify(|n| *n += 1);
    }

    /// Lets things end that end by themselves; runs until the sim stops.
    pub(crate) async fn tick_forever(self) {
        let mut changes = self.clock().changes();
        loop {
            drop(tokio::time::timeout(TICK, changes.changed()).await);
            self.tick();
        }
    }

    /// Lets things end that have ended by now.
    pub(crate) fn tick(&self) {
        let mut state = self.state();
        let now = self.clock().now();
        let events: Vec<Event> = state.world.tick(now);
        if !events.is_empty() {
            self.publish(&mut state, now, &events);
        }
        drop(state);
        self.end_outages(now);
        self.expire_sessions();
    }

    /// Puts the world back as it was at the start and clears the fault plan. Gateway sessions must identify anew.
    pub fn reset(&self) {
        let world = self.state().baseline.clone();
        self.faults_state().reset();
        self.replace_world(world);
    }

    /// Replaces the world. Gateway sessions must identify anew, people's clients read their view again.
    pub fn replace_world(&self, mut world: World) {
        world.set_cdn_base(self.addresses().cdn_base.clone());
        world.forget_sessions();
        // Buckets and renames are about channels of the world that goes.
        self.rest().reset();
        let mut state = self.state();
        state.world = world;
        state.gateway.invalidate_all();
        state.streams.view_changed(self.journal().last());
        drop(state);
        self.core.changed.send_modify(|n| *n += 1);
    }

    /// Whether a bot has a gateway session.
    pub fn connected(&self) -> bool {
        !self.gateway_sessions().is_empty()
    }

    /// The gateway sessions: id, application, shard, intents and how far they are.
    pub fn gateway_sessions(&self) -> Vec<Value> {
        self.state().gateway.list()
    }

    /// Asks every connected session to reconnect (op 7). Answers how many there were.
    pub fn reconnect_all(&self) -> usize {
        self.state().gateway.turn(None, Knob::Reconnect)
    }

    /// A receiver that changes after every change of the world.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.core.changed.subscribe()
    }
}
