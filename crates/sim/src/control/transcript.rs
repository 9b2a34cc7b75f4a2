//! `/channels/{channel}/transcript`: a channel as somebody sees it, for tests and bug reports.

use cogwright_sim_world::{ChannelId, UserId};
use serde_json::Value;

use super::{
    endpoint::{Call, Document, Endpoint},
    error::ControlError,
};
use crate::transcript::{MAX_TRANSCRIPT_MESSAGES, POLICY, TRANSCRIPT_MESSAGES};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::document(
        "/channels/{channel}/transcript",
        "The channel as a person sees it: ?format=text|html&user=ID&limit=100; without a user everything said",
        &["text/plain", "text/html"],
        transcript,
    )]
}

fn transcript(call: Call<Value>) -> Result<Document, ControlError> {
    let channel: ChannelId = call.id("channel")?;
    let viewer: Option<UserId> = call.query("user")?;
    let limit = call.query("limit")?.unwrap_or(TRANSCRIPT_MESSAGES);
    if !(1..=MAX_TRANSCRIPT_MESSAGES).contains(&limit) {
        let message = format!("Between 1 and {MAX_TRANSCRIPT_MESSAGES}.");
        return Err(ControlError::field("limit", message));
    }
    let format: String = call.query("format")?.unwrap_or_else(|| "text".into());
    let transcript = call.sim.transcript(channel, viewer, limit)?;
    match format.as_str() {
        "text" => Ok(Document { kind: "text/plain; charset=utf-8", policy: POLICY, text: transcript.text() }),
        "html" => Ok(Document { kind: "text/html; charset=utf-8", policy: POLICY, text: transcript.html() }),
        other => Err(ControlError::field("format", format!("`{other}` is not a format: text or html."))),
    }
}
