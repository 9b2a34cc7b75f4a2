//! The control API under `/_sim/v1`: act as a person, build worlds, move time, watch, save and load.
//!
//! Each file exports `endpoints()`: method, path, summary, body type and handler in one place, from which both
//! the router and the OpenAPI document are made. The one WebSocket is in [`stream`].

mod actor;
mod clock;
mod endpoint;
mod error;
mod faults;
mod gateway;
mod guard;
mod journal;
mod moderation;
mod openapi;
mod permissions;
mod reference;
mod settings;
mod snapshot;
mod stream;
mod transcript;
mod view;
mod wait;
mod world;

pub use reference::{control_api, control_api_page};
pub(crate) use stream::Streams;

use axum::{Router, middleware, routing::get};

use crate::Sim;
use endpoint::Endpoint;

/// Where the control API is served.
pub(crate) const PREFIX: &str = "/_sim/v1";

/// Every endpoint but the WebSocket and the document itself.
fn endpoints() -> Vec<Endpoint> {
    [
        actor::endpoints(),
        clock::endpoints(),
        faults::endpoints(),
        gateway::endpoints(),
        journal::endpoints(),
        moderation::endpoints(),
        permissions::endpoints(),
        settings::endpoints(),
        snapshot::endpoints(),
        transcript::endpoints(),
        view::endpoints(),
        wait::endpoints(),
        world::endpoints(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The control API's routes, behind the guard.
pub(crate) fn router(sim: &Sim) -> Router<Sim> {
    let document = openapi::document(&endpoints());
    let mut router = Router::new()
        .route("/openapi.json", get(move || std::future::ready(axum::Json(document.clone()))))
        .route("/stream", get(stream::upgrade));
    for endpoint in endpoints() {
        router = endpoint.mount(router);
    }
    let router = router.fallback(error::unknown_path).method_not_allowed_fallback(error::wrong_method);
    Router::new().nest(PREFIX, router).layer(middleware::from_fn_with_state(sim.clone(), guard::guard))
}

#[cfg(test)]
mod tests;
