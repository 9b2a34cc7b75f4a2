//! The fault plan: what is to go wrong on purpose, as data.
//!
//! [`plan`] decides, purely and bounded; REST asks it in one place before a handler runs, the gateway in one
//! place where frames leave and in one for the points of a connection. Faults stand between a client and the
//! world: except for a guild's outage, which the world knows as such, they never change it.

mod ban;
mod chaos;
mod matching;
mod plan;
mod rest;
mod spec;

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use cogwright_sim_world::{ApiError, GuildId, Timestamp, places::operator::PatchGuild};
use serde_json::json;

use self::{ban::Bans, plan::Plan};
pub(crate) use self::{
    matching::{Moment, RestCall},
    plan::{FaultId, FrameStrike, LineStrike},
    rest::page,
};
pub use self::{
    plan::{Fault, MAX_FAULTS},
    spec::{ChaosRates, FaultError, FaultKind, FaultMatch, FaultSpec, LimitScope},
};
use crate::Sim;

/// The plan of one local Discord, behind a mutex of its own: it is asked outside the world's mutex (REST) and
/// under it (gateway), and never asks for that one itself.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Whether any fault may still strike; spares everybody else the mutex.
    armed: AtomicBool,
    plan: Mutex<Plan>,
    /// Discord's own rule, whatever the plan says.
    bans: Mutex<Bans>,
}

impl Faults {
    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bans(&self) -> MutexGuard<'_, Bans> {
        self.bans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is worth asking.
    pub(crate) fn armed(&self) -> bool {
        self.armed.load(Ordering::Relaxed)
    }

    /// Asks the plan, if anything may strike at all.
    fn ask<T>(&self, question: impl FnOnce(&mut Plan) -> Option<T>) -> Option<T> {
        if !self.armed() {
            return None;
        }
        let mut plan = self.plan();
        let answer = question(&mut plan);
        self.armed.store(!plan.is_idle(), Ordering::Relaxed);
        answer
    }

    /// What goes wrong with a dispatch to one session.
    pub(crate) fn frame(&self, moment: &Moment<'_>) -> Option<(FaultId, FrameStrike)> {
        self.ask(|plan| plan.frame(moment))
    }

    /// What happens to a connection at this moment.
    pub(crate) fn line(&self, moment: &Moment<'_>, only: Option<FaultId>) -> Option<(FaultId, LineStrike)> {
        self.ask(|plan| plan.line(moment, only))
    }

    /// Whether a heartbeat goes unanswered.
    pub(crate) fn swallow(&self, moment: &Moment<'_>) -> Option<FaultId> {
        self.ask(|plan| plan.swallow(moment))
    }

    /// As after a start.
    pub(crate) fn reset(&self) {
        self.plan().clear();
        *self.bans() = Bans::default();
        self.armed.store(false, Ordering::Relaxed);
    }
}

impl Sim {
    /// Adds a fault. An outage begins at once; op 7, op 9 and close without `match.event` strike connected
    /// sessions at once, one a time they may fire, or else the next dispatch.
    ///
    /// # Errors
    /// When something is out of bounds, can never fire, or [`MAX_FAULTS`] are in the plan already.
    pub fn add_fault(&self, spec: FaultSpec) -> Result<Fault, FaultError> {
        let outage = match &spec.kind {
            FaultKind::GuildOutage { guild, ms } => Some((*guild, Duration::from_millis(*ms))),
            _ => None,
        };
        if let Some((guild, _)) = outage {
            let there = self.read(|world, _| world.guild(guild).map(|g| !g.unavailable));
            let refuse = |message: &str| FaultError { field: "kind.guild", message: message.to_owned() };
            match there {
                Err(_) => return Err(refuse("There is no such guild.")),
                Ok(false) => return Err(refuse("The guild is unavailable already.")),
                Ok(true) => {}
            }
        }
        let id = {
            let mut plan = self.faults_state().plan();
            let id = plan.add(spec)?;
            if let Some((_, lasts)) = outage {
                plan.outage_begins(id, self.clock().now().plus(lasts));
            }
            self.faults_state().armed.store(!plan.is_idle(), Ordering::Relaxed);
            id
        };
        match outage {
            // It was there a moment ago; if it is gone by now, there is nothing to take away.
            Some((guild, _)) => drop(self.available(guild, false)),
            None => self.strike_connected(id),
        }
        let missing =
            || FaultError { field: "", message: "The fault was removed while it was added.".into() };
        self.faults_state().plan().get(id).ok_or_else(missing)
    }

    /// The faults of the plan with how often each has fired, in the order they were added; spent ones too.
    pub fn faults(&self) -> Vec<Fault> {
        self.faults_state().plan().list()
    }

    /// Takes a fault out of the plan. An outage ends with it.
    pub fn remove_fault(&self, id: &str) -> Option<Fault> {
        let id = id.parse().ok()?;
        let (gone, guild) = self.faults_state().plan().remove(id)?;
        if let Some(guild) = guild {
            drop(self.available(guild, true));
        }
        Some(gone)
    }

    /// Takes all faults out of the plan; how many there were. Outages end with them.
    pub fn clear_faults(&self) -> usize {
        let (count, guilds) = self.faults_state().plan().clear();
        for guild in guilds {
            drop(self.available(guild, true));
        }
        count
    }

    /// Ends outages that are over by now.
    pub(crate) fn end_outages(&self, now: Timestamp) {
        let over = self.faults_state().plan().outages_over(now);
        for guild in over {
            // A guild that was deleted meanwhile stays away.
            drop(self.available(guild, true));
        }
    }

    fn available(&self, guild: GuildId, available: bool) -> Result<(), ApiError> {
        self.apply(PatchGuild { guild, body: json!({ "unavailable": !available }) }).map(drop)
    }
}
