//! Who may call the control API: it can do everything, so a web page from elsewhere must not reach it.
//!
//! On loopback the `Host` must be a loopback name (against DNS rebinding) and an `Origin`, which browsers send
//! on WebSockets and on anything that writes, must be one too and have our port. Beyond loopback a key is needed.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap,
        header::{AUTHORIZATION, HOST, ORIGIN},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::error::ControlError;
use crate::Sim;

/// Refuses calls that do not come from this machine's user.
pub(crate) async fn guard(State(sim): State<Sim>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(super::PREFIX) {
        return next.run(request).await;
    }
    match check(&sim, request.headers(), request.uri().query()) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn check(sim: &Sim, headers: &HeaderMap, query: Option<&str>) -> Result<(), ControlError> {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let host = text(HOST).unwrap_or_default();
    if sim.config().listen.ip().is_loopback() && !is_loopback(host) {
        return Err(ControlError::Forbidden(format!(
            "Host is `{host}`; the control API answers only to localhost, 127.0.0.1 and [::1]."
        )));
    }
    if let Some(origin) = headers.get(ORIGIN) {
        let origin = origin.to_str().unwrap_or("?");
        if origin.strip_prefix("http://") != Some(host) {
            return Err(ControlError::Forbidden(format!(
                "Origin `{origin}` is not this server; pages from elsewhere may not use the control API."
            )));
        }
    }
    let Some(key) = &sim.config().key else { return Ok(()) };
    // Browsers cannot set headers on a WebSocket, so `?key=` is accepted too.
    let given = text(AUTHORIZATION)
        .and_then(|v| v.strip_prefix("Bearer "))
        .or_else(|| query?.split('&').find_map(|pair| pair.strip_prefix("key=")));
    if given.is_some_and(|given| same(given.as_bytes(), key.as_bytes())) {
        return Ok(());
    }
    Err(ControlError::Unauthorized(
        "A key is needed: `Authorization: Bearer KEY`, as printed at the start.".into(),
    ))
}

/// Compares without telling by its time how far two keys agree.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |acc, (x, y)| acc | (x ^ y)) == 0
}

/// Whether a `Host` value (with or without a port) is a loopback name.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_loopback_names_pass() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8787", "[::1]:9", "127.9.9.9"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "evil.example", "localhost.evil.example:80", "10.0.0.1", "127.0.0.1.evil.example"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
