//! The two ways an operator asks a process to stop.

use std::future::Future;

/// Waits for Ctrl-C or, on Unix, SIGTERM; the future answers with the name of what came.
///
/// It listens from the call on, not only once it is awaited: call it before telling anybody that
/// the process runs, or a signal sent right then kills it. From then on the process no longer
/// dies of the signal by itself, so the caller must drain and return. Call it again to notice a
/// second, impatient one.
///
/// # Panics
/// Outside a tokio runtime.
pub fn stop_signal() -> impl Future<Output = &'static str> + Send {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let listeners = signal(SignalKind::interrupt())
            .and_then(|interrupt| signal(SignalKind::terminate()).map(|terminate| (interrupt, terminate)));
        async move {
            match listeners {
                Ok((mut interrupt, mut terminate)) => tokio::select! {
                    _ = interrupt.recv() => "SIGINT",
                    _ = terminate.recv() => "SIGTERM",
                },
                Err(error) => never(&error).await,
            }
        }
    }
    #[cfg(not(unix))]
    async {
        match tokio::signal::ctrl_c().await {
            Ok(()) => "Ctrl-C",
            Err(error) => never(&error).await,
        }
    }
}

/// Without a handler the default action (the process ends) still works; to return here
/// would stop a healthy bot instead.
async fn never(error: &std::io::Error) -> &'static str {
    tracing::error!(%error, "cannot listen for stop signals; stopping will not be graceful");
    std::future::pending().await
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;
    use std::time::Duration;

    #[tokio::test]
    async fn a_signal_before_the_wait_is_not_lost() {
        let stop = super::stop_signal();
        // Would end this process if nobody listened yet.
        let sent = Command::new("kill").args(["-s", "TERM", &std::process::id().to_string()]).status();
        assert!(sent.expect("can run kill").success());
        let came = tokio::time::timeout(Duration::from_secs(10), stop).await;
        assert_eq!(came, Ok("SIGTERM"));
    }
}
