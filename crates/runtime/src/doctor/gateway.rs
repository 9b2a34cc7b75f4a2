//! Whether the gateway can be reached, and starts are left for today.

use cogwright_discord::{Endpoint, Priority, probe_gateway};
use serde::Deserialize;

use super::Finding;
use super::discord::Contact;

pub(super) const SUBJECT: &str = "gateway";

/// See Discord docs: Gateway / Get Gateway Bot.
#[derive(Deserialize)]
struct Info {
    url: String,
    shards: u32,
    session_start_limit: Starts,
}

#[derive(Deserialize)]
struct Starts {
    total: u32,
    remaining: u32,
    /// Milliseconds.
    reset_after: u64,
}

pub(super) async fn check(contact: &Contact, endpoint: &Endpoint) -> Finding {
    let rest = &contact.rest;
    let info = rest.send(rest.http().gateway().authed(), Priority::Normal).await;
    let info = match info.and_then(|answer| answer.json::<Info>()) {
        Ok(info) => info,
        Err(error) => {
            return Finding::problem(
                SUBJECT,
                format!("cannot be asked for: {error}"),
                "try again in a while",
            );
        }
    };
    let Starts { total, remaining, reset_after } = info.session_start_limit;
    match probe_gateway(endpoint, &info.url).await {
        Err(why) => {
            let fix = "let this machine connect to it: a firewall or proxy has to allow outgoing WebSocket connections \
                       (TLS on port 443)";
            Finding::problem(SUBJECT, format!("cannot be reached: {why}"), fix)
        }
        Ok(_) if remaining < info.shards => {
            let minutes = reset_after.div_ceil(60_000);
            let text = format!("{remaining} of {total} starts are left today, {} are needed", info.shards);
            let fix = format!("wait {minutes} minutes, and find out what restarts the bot so often");
            Finding::problem(SUBJECT, text, fix)
        }
        Ok(took) => {
            let ms = took.as_millis();
            let text = format!("answers after {ms} ms; {remaining} of {total} starts are left today");
            Finding::fine(SUBJECT, text)
        }
    }
}
