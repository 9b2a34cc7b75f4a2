//! The bot as a process of its own on a local Discord of this one: what it does over restarts, kills included, and what
//! it never writes.
#![expect(clippy::unwrap_used, reason = "helpers outside of test functions")]

mod abort;
mod backup;
mod discord;
mod failure;
mod lasting;
mod limiter;
mod live;
mod newborn;
mod process;
mod reasons;
mod restart;
mod token;
mod traces;
