//! The health listener: `/live`, `/ready` and `/metrics` over HTTP, for whatever watches the process.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use cogwright_lifecycle::{CancellationToken, Tasks};
use tokio::net::TcpListener;

/// How long a request may take, the sending of it included.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the format of `/metrics` is called. See OpenMetrics 1.0, Text Format.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What the listener tells of.
pub(crate) trait Report: Send + Sync + 'static {
    /// Whether the bot can do its work now, or why not, in a few words.
    fn ready(&self) -> Result<(), String>;

    /// All metrics in the text format of OpenMetrics.
    fn metrics(&self) -> String;
}

/// Why nobody listens.
#[derive(Debug, thiserror::Error)]
#[error("the health listener cannot use {address}: {error}; change health.listen or leave it out")]
pub struct HealthError {
    /// The address that was asked for.
    pub address: SocketAddr,
    /// Why it cannot be had.
    #[source]
    pub error: std::io::Error,
}

/// Listens on `address` until `tasks` are cancelled; answers with the address it got.
pub(crate) async fn listen(
    address: SocketAddr,
    report: Arc<dyn Report>,
    tasks: &Tasks,
) -> Result<SocketAddr, HealthError> {
    let failed = |error| HealthError { address, error };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    let stop = tasks.token();
    tasks.spawn("health", serve(listener, report, stop));
    tracing::info!(address = %bound, "health listener");
    Ok(bound)
}

async fn serve(listener: TcpListener, report: Arc<dyn Report>, stop: CancellationToken) {
    let router = Router::new()
        // It answers, so it lives.
        .route("/live", get(async || "live\n"))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(report);
    let ending = stop.clone();
    let server =
        axum::serve(listener, router).with_graceful_shutdown(async move { ending.cancelled().await });
    tokio::select! {
        result = server => if let Err(error) = result {
            tracing::error!(%error, "the health listener ended");
        },
        // A client that keeps its connection open does not hold up the stop.
        () = async { stop.cancelled().await; tokio::time::sleep(PATIENCE).await } => {}
    }
}

async fn ready(State(report): State<Arc<dyn Report>>) -> Response {
    match report.ready() {
        Ok(()) => "ready\n".into_response(),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")).into_response(),
    }
}

async fn metrics(State(report): State<Arc<dyn Report>>) -> Response {
    ([(header::CONTENT_TYPE, OPEN_METRICS)], report.metrics()).into_response()
}

impl fmt::Debug for dyn Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Report")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    #[derive(Default)]
    struct Fixed(AtomicBool);

    impl Report for Fixed {
        fn ready(&self) -> Result<(), String> {
            if self.0.load(Ordering::Relaxed) { Ok(()) } else { Err("1 of 2 shards".to_owned()) }
        }

        fn metrics(&self) -> String {
            "# EOF\n".to_owned()
        }
    }

    async fn asked(address: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn it_tells_whether_the_bot_lives_and_works() {
        let tasks = Tasks::new("test");
        let report = Arc::new(Fixed::default());
        let address = listen(([127, 0, 0, 1], 0).into(), Arc::clone(&report) as _, &tasks).await.unwrap();
        assert!(asked(address, "/live").await.starts_with("HTTP/1.1 200"));
        let not_yet = asked(address, "/ready").await;
        assert!(not_yet.starts_with("HTTP/1.1 503") && not_yet.contains("1 of 2 shards"), "{not_yet}");
        report.0.store(true, Ordering::Relaxed);
        assert!(asked(address, "/ready").await.starts_with("HTTP/1.1 200"));
        let metrics = asked(address, "/metrics").await;
        assert!(metrics.contains(OPEN_METRICS) && metrics.ends_with("# EOF\n"), "{metrics}");
        assert!(asked(address, "/etc/passwd").await.starts_with("HTTP/1.1 404"));
        let taken = listen(address, report, &tasks).await.unwrap_err();
        assert!(taken.to_string().contains("health.listen"), "{taken}");
        assert!(tasks.shutdown(Duration::from_secs(10)).await.is_empty());
    }
}
