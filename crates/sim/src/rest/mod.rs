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
mod reply;
mod request;
mod routes;
mod state;
mod table;

#[cfg(test)]
mod tests;

pub(crate) use auth::application_of_token;
pub(crate) use state::RestState;
pub use table::{Route, parity_page, routes};

use axum::{Router, routing::any};

use crate::Sim;

/// Everything below `/api`.
pub(crate) fn router() -> Router<Sim> {
    Router::new().route("/api", any(exchange::serve)).route("/api/{*path}", any(exchange::serve))
}
