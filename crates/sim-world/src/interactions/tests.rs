//! Tests of the interaction life cycle, by acceptance case.

mod answers;
mod commands;
mod components;
mod follow_ups;
mod modals;
mod mutations;
mod time;
