//! Whether the gateway can be reached, without identifying: that would cost one of the day's starts.

use std::time::{Duration, Instant};

use super::transport::{Incoming, Transport};
use crate::endpoint::{Endpoint, install_tls_provider};

/// How long HELLO may take after the connection.
const HELLO: Duration = Duration::from_secs(10);

/// Connects to the gateway, waits for HELLO and leaves. `address` is what Discord gave (`wss://gateway.discord.gg`);
/// a local endpoint's own address goes first, as it does for shards. Answers how long it took.
///
/// # Errors
/// What went wrong, in words for the operator.
pub async fn probe_gateway(endpoint: &Endpoint, address: &str) -> Result<Duration, String> {
    install_tls_provider();
    let address = endpoint.gateway_override().unwrap_or(address);
    let begun = Instant::now();
    let mut transport = Transport::connect(address).await?;
    let first = tokio::time::timeout(HELLO, transport.receive()).await;
    let answer = match first {
        Err(_) => Err(format!("connected to {address}, but it says nothing")),
        Ok(Incoming::Broken(why)) => Err(format!("the connection to {address} broke: {why}")),
        Ok(Incoming::Closed(code, reason)) => {
            let code = code.map_or_else(|| "without a code".to_owned(), |code| format!("with code {code}"));
            Err(format!("{address} closed the connection {code} {reason}").trim_end().to_owned())
        }
        // See Discord docs: Gateway / Hello Event; op 10.
        Ok(Incoming::Text(text)) => {
            let op =
                serde_json::from_str::<serde_json::Value>(&text).ok().and_then(|frame| frame["op"].as_u64());
            if op == Some(10) {
                Ok(begun.elapsed())
            } else {
                Err(format!("{address} does not speak as a gateway does"))
            }
        }
    };
    // Whether it hears the goodbye does not matter.
    let _ = transport.close(1000).await;
    answer
}
