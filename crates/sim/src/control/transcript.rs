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

#[cfg(test)]
mod tests {
    use axum::{
        body::{Body, to_bytes},
        http::Request,
    };
    use cogwright_sim_world::World;
    use tower::ServiceExt as _;

    use crate::{Addresses, Sim, SimClock, SimConfig};

    /// Status, content type, policy and body.
    async fn get(sim: &Sim, query: &str) -> (u16, String, String, String) {
        let channel = sim.read(|world, _| world.default_ids()).unwrap().channel;
        let request = Request::get(format!("/_sim/v1/channels/{channel}/transcript{query}"))
            .header("host", "127.0.0.1:8787")
            .body(Body::empty())
            .unwrap();
        let response = crate::serve::app(sim).oneshot(request).await.unwrap();
        let header = |name: &str| {
            response.headers().get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let (status, kind, policy) =
            (response.status().as_u16(), header("content-type"), header("content-security-policy"));
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, kind, policy, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn both_formats_come_with_a_policy_and_refusals_are_json() {
        let addresses = Addresses::of(([127, 0, 0, 1], 8787).into());
        let (world, ids) = World::default_world(&addresses.cdn_base, SimClock::default().now());
        let sim = Sim::new(SimConfig::default(), addresses, world);
        for (query, kind, start) in
            [("", "text/plain", "#"), ("?format=html", "text/html", "<!doctype html>")]
        {
            let (status, got, policy, body) = get(&sim, query).await;
            assert_eq!((status, got), (200, format!("{kind}; charset=utf-8")));
            assert!(policy.contains("default-src 'none'") && !policy.contains("script"), "{policy}");
            assert!(body.starts_with(start) && body.contains("Welcome to the Workshop"), "{body}");
        }
        let seen = get(&sim, &format!("?user={}", ids.user)).await.3;
        assert!(seen.contains("as Robin sees it"), "{seen}");
        for (query, status, part) in [
            ("?format=pdf", 400, "text or html"),
            ("?limit=0", 400, "Between 1 and 1000"),
            ("?user=7", 404, "10013"),
        ] {
            let (got, kind, _, body) = get(&sim, query).await;
            assert_eq!((got, kind.as_str()), (status, "application/json"), "{query}");
            assert!(body.contains(part), "{query}: {body}");
        }
    }
}
