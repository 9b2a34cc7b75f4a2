//! Probes of the limits page: messages, files, components, searches.

use std::time::Duration;

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use super::{Answer, Line, text};

fn x(n: u64) -> String {
    "x".repeat(n as usize)
}

fn list(n: u64, item: impl Fn(u64) -> Value) -> Value {
    (0..n).map(item).collect()
}

/// A message with one component in a row.
fn in_row(component: &Value) -> Value {
    json!({ "components": [{ "type": 1, "components": [component] }] })
}

/// The body of a message that has `n` of what the row is about.
pub(super) fn message(row: &str, n: u64) -> Option<Value> {
    let poll = |answer: &str, hours: u64| {
        let answers = [answer, "y"].map(|text| json!({ "poll_media": { "text": text } }));
        json!({ "poll": { "question": { "text": "x" }, "answers": answers, "duration": hours } })
    };
    let option = |i: u64| json!({ "label": "x", "value": i.to_string() });
    let (start, end) = ("https://example.org/", n.saturating_sub(20));
    Some(match row {
        "characters of an address in an embed" => {
            json!({ "embeds": [{ "title": "x", "url": format!("{start}{}", x(end)) }] })
        }
        "roles in `allowed_mentions`" => {
            let roles = list(n, |i| (i + 1).to_string().into());
            json!({ "content": "x", "allowed_mentions": { "roles": roles } })
        }
        "characters of a poll's answer" => poll(&x(n), 1),
        "hours that a poll lasts" => poll("x", n),
        "values that a select takes" => in_row(&json!({
            "type": 3, "custom_id": "x", "max_values": n, "options": list(n.min(25), option),
        })),
        "default values of a select" => {
            let values = list(n, |i| json!({ "id": (i + 1).to_string(), "type": "user" }));
            in_row(&json!({ "type": 5, "custom_id": "x", "max_values": 25, "default_values": values }))
        }
        "characters of an option's label, value or description" => in_row(&json!({
            "type": 3, "custom_id": "x",
            "options": [{ "label": x(n), "value": x(n), "description": x(n) }],
        })),
        "characters of a link button's address" => {
            in_row(&json!({ "type": 2, "style": 5, "label": "x", "url": format!("{start}{}", x(end)) }))
        }
        _ => return None,
    })
}

/// The modal that has `n` of what the row is about.
pub(super) fn modal(row: &str, n: u64) -> Option<Value> {
    let option = |i: u64| json!({ "label": "x", "value": i.to_string() });
    let group = |kind: u64| json!({ "type": kind, "custom_id": "x", "options": list(n, option) });
    let (label, component) = match row {
        "options of a radio group" => ("x".into(), group(21)),
        "options of a checkbox group" => ("x".into(), group(22)),
        "files that a modal's field takes" => {
            ("x".into(), json!({ "type": 19, "custom_id": "x", "max_values": n }))
        }
        "characters that a text input takes" => {
            ("x".into(), json!({ "type": 4, "custom_id": "x", "style": 2, "max_length": n }))
        }
        "characters of a label in a modal" => (x(n), json!({ "type": 4, "custom_id": "x", "style": 1 })),
        _ => return None,
    };
    let components = json!([{ "type": 18, "label": label, "component": component }]);
    Some(json!({ "type": 9, "data": { "custom_id": "x", "title": "x", "components": components } }))
}

/// Sends a message with these parts: name and content of each.
async fn multipart(line: &Line, parts: Vec<(String, Vec<u8>)>) -> Answer {
    let mut body = Vec::new();
    for (name, content) in parts {
        let file = if name.starts_with("files") { "; filename=\"x.bin\"" } else { "" };
        body.extend(
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n").into_bytes(),
        );
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    post(line, "multipart/form-data; boundary=x", body).await
}

async fn post(line: &Line, kind: &str, body: Vec<u8>) -> Answer {
    let request = Request::post(format!("/api/v10/channels/{}/messages", line.ids.channel))
        .header("authorization", format!("Bot {}", line.ids.token))
        .header("content-type", kind);
    line.send(request.body(Body::from(body)).expect("a valid request")).await
}

fn payload(body: &Value) -> (String, Vec<u8>) {
    ("payload_json".into(), body.to_string().into_bytes())
}

fn file(index: u64, size: u64) -> (String, Vec<u8>) {
    (format!("files[{index}]"), vec![b'x'; size as usize])
}

/// Does what the row limits, `n` of it, if it is one of ours.
pub(super) async fn probe(line: &Line, row: &str, n: u64) -> Option<Answer> {
    let channel = format!("/channels/{}", line.ids.channel);
    let messages = format!("{channel}/messages");
    let search = format!("/guilds/{}/messages/search", line.ids.guild);
    let said = async |body: Value| text(&line.call("POST", &messages, Some(body)).await.json(), "id");
    Some(match row {
        "entries of `attachments`" => {
            let entries = list(n, |i| json!({ "id": i.to_string() }));
            let mut parts = vec![payload(&json!({ "attachments": entries }))];
            parts.extend((0..n.min(10)).map(|i| file(i, 1)));
            multipart(line, parts).await
        }
        "characters of a file's description" => {
            let entries = json!([{ "id": "0", "description": x(n) }]);
            multipart(line, vec![payload(&json!({ "attachments": entries })), file(0, 1)]).await
        }
        "bytes of all files of a request" => {
            let one = 9 * 1024 * 1024;
            multipart(line, vec![file(0, one), file(1, one), file(2, n - 2 * one)]).await
        }
        "bytes of a whole request" => {
            let mut body = json!({ "content": "x" }).to_string().into_bytes();
            body.resize(n as usize, b' ');
            post(line, "application/json", body).await
        }
        "parts of a multipart body" => {
            let mut parts = vec![payload(&json!({ "content": "x" }))];
            parts.resize(n as usize, ("more".into(), b"x".to_vec()));
            multipart(line, parts).await
        }
        "days of age of a message that is deleted in bulk" => {
            let ids = [said(json!({ "content": "x" })).await, said(json!({ "content": "x" })).await];
            // Up to the last moment of the day that is named.
            line.sim.clock().advance(Duration::from_millis(n * 86_400_000 - 10));
            line.call("POST", &format!("{messages}/bulk-delete"), Some(json!({ "messages": ids }))).await
        }
        "messages of a page" => line.get(&format!("{messages}?limit={n}")).await,
        "people of a page of a reaction" => {
            let reactions =
                format!("{messages}/{}/reactions/%F0%9F%91%8D", said(json!({ "content": "x" })).await);
            line.call("PUT", &format!("{reactions}/@me"), None).await;
            line.get(&format!("{reactions}?limit={n}")).await
        }
        "voters of a page" => {
            let answers = ["x", "y"].map(|text| json!({ "poll_media": { "text": text } }));
            let poll = json!({ "question": { "text": "x" }, "answers": answers, "duration": 1 });
            let id = said(json!({ "poll": poll })).await;
            line.get(&format!("{channel}/polls/{id}/answers/1?limit={n}")).await
        }
        "pins of a page" => line.get(&format!("{messages}/pins?limit={n}")).await,
        "messages of a page of a search" => line.get(&format!("{search}?limit={n}")).await,
        "messages that a search skips" => line.get(&format!("{search}?offset={n}")).await,
        "characters of a search" => line.get(&format!("{search}?content={}", x(n))).await,
        "values of one key of a search" => {
            let authors: Vec<String> = (0..n).map(|i| format!("author_id={}", i + 1)).collect();
            line.get(&format!("{search}?{}", authors.join("&"))).await
        }
        _ => return None,
    })
}
