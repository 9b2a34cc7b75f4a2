//! The local Discord, served: REST, gateway, CDN and control API on one loopback port.
//!
//! [`Sim`] is the whole thing as a Rust value; [`Sim::serve`] puts it on a port. The world itself is in
//! `cogwright-sim-world`; this crate adds time, rate limits, sessions, sockets and the journal. The world sits
//! in one mutex that is never held across an await.

mod autosave;
mod cdn;
mod clock;
mod config;
mod control;
mod core;
mod faults;
mod gateway;
mod journal;
mod json;
mod listen;
mod rest;
mod serve;
mod transcript;
mod watch;
mod world_file;

pub use clock::{ClockMode, SimClock};
pub use config::{Addresses, RateLimitMode, Settings, SimConfig};
pub use control::{control_api, control_api_page};
pub use core::Sim;
pub use faults::{ChaosRates, Fault, FaultError, FaultKind, FaultMatch, FaultSpec, LimitScope, MAX_FAULTS};
pub use journal::{Entry, EntryKind, Journal};
pub use rest::{Route, parity_page, routes};
pub use transcript::{MAX_TRANSCRIPT_MESSAGES, TRANSCRIPT_MESSAGES, Transcript};
pub use watch::{After, Interacted};
pub use world_file::{SavedWorld, WorldFileError, load_world};
