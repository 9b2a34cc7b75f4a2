//! Discord's REST API: `/api`, `/api/v9` and `/api/v10`.
//!
//! One exchange runs through [`exchange`]: find the operation, know the caller, count the request against
//! its rate limits, read the body, call the handler, answer, write it down. Handlers live in [`routes`], one
//! file per resource, and only parse, call the world and choose a status.

mod auth;
mod body;
mod content;
mod exchange;
mod exchange_log;
mod limits;
mod multipart;
mod query;
mod record;
mod reply;
mod request;
mod routes;
mod state;
mod table;

#[cfg(test)]
mod tests;

pub(crate) use auth::application_of_token;
pub(crate) use limits::fault_limited;
pub(crate) use query::Query;
pub(crate) use reply::Reply;
pub(crate) use state::RestState;
pub use table::{Route, parity_page, routes};

use std::collections::BTreeMap;

use axum::{Router, routing::any};

use crate::Sim;

impl Sim {
    /// How often routes that Discord has and the local Discord does not were called (501), by operation id.
    pub fn not_simulated(&self) -> BTreeMap<&'static str, u64> {
        self.rest().not_simulated()
    }
}

/// Everything below `/api`.
pub(crate) fn router() -> Router<Sim> {
    Router::new().route("/api", any(exchange::serve)).route("/api/{*path}", any(exchange::serve))
}
