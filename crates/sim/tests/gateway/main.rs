//! The gateway over real sockets: what a client sees of a served local Discord.
//!
//! Names beginning with `case_` are those of the acceptance list.

mod events;
mod faults;
mod fuzz;
mod limits;
mod oauth2;
mod polls;
mod ready;
mod scheduled_events;
mod sessions;
mod several;
mod stage;
mod voice;
