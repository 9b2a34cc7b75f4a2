//! One port for everything: REST, gateway, CDN, control API and the playground page.

use std::io;

use axum::{
    Router,
    body::Body,
    extract::{Request, State, WebSocketUpgrade},
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use cogwright_sim_world::{Timestamp, World};
use tokio::net::TcpListener;

use crate::{
    Addresses, Sim, SimClock, SimConfig, cdn, control, gateway,
    listen::{Bounds, listen},
    rest,
};

/// The page may load nothing from elsewhere.
const PAGE_POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; \
    style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

impl Sim {
    /// Listens as `config` says and serves the world that `world` makes, until [`Tasks::cancel`] or
    /// [`Tasks::shutdown`] of [`Sim::tasks`]. `world` gets the addresses and the time.
    ///
    /// # Errors
    /// When the address cannot be listened on; or with `InvalidInput`, when it is not a loopback address and
    /// the configuration has no key.
    ///
    /// [`Tasks::cancel`]: cogwright_lifecycle::Tasks::cancel
    /// [`Tasks::shutdown`]: cogwright_lifecycle::Tasks::shutdown
    pub async fn serve(
        config: SimConfig,
        world: impl FnOnce(&Addresses, Timestamp) -> World,
    ) -> io::Result<Self> {
        if !config.listen.ip().is_loopback() && config.key.as_deref().is_none_or(str::is_empty) {
            let message =
                format!("{} is not a loopback address; listening there needs a control key", config.listen);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let listener = TcpListener::bind(config.listen).await?;
        let addresses = Addresses::of(listener.local_addr()?);
        let world = world(&addresses, SimClock::default().now());
        let sim = Self::new(config, addresses, world);
        let app = app(&sim);
        sim.tasks().spawn("http", listen(listener, app, sim.tasks().clone(), Bounds::default()));
        sim.tasks().spawn("tick", sim.clone().tick_until_stopped());
        if let (Some(_), Some(delay)) = (&sim.config().world_file, sim.config().autosave) {
            sim.tasks().spawn("autosave", sim.clone().autosave_until_stopped(delay));
        }
        Ok(sim)
    }

    async fn tick_until_stopped(self) {
        let stop = self.tasks().token();
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.tick_forever() => {}
        }
    }
}

/// The whole service as a router, without a socket.
pub(crate) fn app(sim: &Sim) -> Router {
    let root = || get(upgrade_or_page);
    Router::new()
        .merge(rest::router())
        .merge(cdn::router())
        .merge(control::router(sim))
        .route("/", root())
        // Where invite links lead on Discord; the page shows the same there.
        .route("/oauth2/authorize", get(|| std::future::ready(file(""))))
        .route("/gw", root())
        .route("/gw/", root())
        .fallback(page)
        .with_state(sim.clone())
}

/// `/` is the gateway for who asks for a WebSocket and the playground for who does not.
async fn upgrade_or_page(
    State(sim): State<Sim>,
    uri: Uri,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
    request: Request,
) -> Response {
    match upgrade {
        Ok(upgrade) => gateway::upgrade(sim, upgrade, uri.query().unwrap_or_default()),
        Err(_) => page(request).await,
    }
}

/// A file of the built playground.
async fn page(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    file(request.uri().path().trim_start_matches('/'))
}

fn file(path: &str) -> Response {
    let Some(asset) = cogwright_web_assets::get(path) else {
        return (StatusCode::NOT_FOUND, "Not found.\n").into_response();
    };
    let caching = if asset.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = Response::new(Body::from(asset.bytes.into_owned()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
