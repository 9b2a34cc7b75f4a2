//! The two ways an operator asks a process to stop.

/// Waits for Ctrl-C or, on Unix, SIGTERM; answers with the name of what came.
///
/// From the first call on the process no longer dies of the signal by itself, so the caller
/// must drain and return. Call it again to notice a second, impatient one.
pub async fn stop_signal() -> &'static str {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
            (Ok(mut interrupt), Ok(mut terminate)) => {
                tokio::select! {
                    _ = interrupt.recv() => "SIGINT",
                    _ = terminate.recv() => "SIGTERM",
                }
            }
            (Err(error), _) | (_, Err(error)) => never(&error).await,
        }
    }
    #[cfg(not(unix))]
    {
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
