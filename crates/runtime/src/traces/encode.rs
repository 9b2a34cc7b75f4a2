//! Spans in the JSON form of OTLP. See the OpenTelemetry Protocol Specification 1.x, JSON Protobuf Encoding: ids are
//! hexadecimal, 64-bit numbers are texts, enumerations are numbers.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value as Json, json};

use super::collect::{Ended, Value};

/// `Span.SpanKind` of `trace.proto`.
const INTERNAL: u8 = 1;
/// What is told by somebody else and awaited by nobody.
const CONSUMER: u8 = 5;

/// `Status.StatusCode` of `trace.proto`.
const ERROR: u8 = 2;

/// The body of a request with these spans.
pub(super) fn body(spans: &[Ended]) -> Json {
    let spans: Vec<_> = spans.iter().map(span).collect();
    json!({
        "resourceSpans": [{
            "resource": {
                "attributes": [
                    attribute("service.name", &Value::Text("cogwright".to_owned())),
                    attribute("service.version", &Value::Text(env!("CARGO_PKG_VERSION").to_owned())),
                ],
            },
            "scopeSpans": [{
                "scope": { "name": "cogwright", "version": env!("CARGO_PKG_VERSION") },
                "spans": spans,
            }],
        }],
    })
}

fn span(span: &Ended) -> Json {
    let text = |key: &str| {
        let found = span.fields.iter().find(|(name, _)| *name == key);
        found.and_then(|(_, value)| if let Value::Text(text) = value { Some(text.as_str()) } else { None })
    };
    // Names are few, so that collectors can group by them: an event's kind, a command's name.
    let name = match text(span.name) {
        Some(which) => format!("{} {which}", span.name),
        None => span.name.to_owned(),
    };
    let attributes: Vec<_> =
        span.fields.iter().map(|(key, value)| attribute(&format!("cogwright.{key}"), value)).collect();
    let mut json = json!({
        "traceId": format!("{:032x}", span.trace),
        "spanId": format!("{:016x}", span.id),
        "name": name,
        "kind": if span.name == "event" { CONSUMER } else { INTERNAL },
        "startTimeUnixNano": nanos(span.start),
        "endTimeUnixNano": nanos(span.end),
        "attributes": attributes,
    });
    if let Some(parent) = span.parent {
        json["parentSpanId"] = format!("{parent:016x}").into();
    }
    if text("outcome") == Some("failed") {
        json["status"] = json!({ "code": ERROR, "message": text("failure").unwrap_or_default() });
    }
    json
}

fn attribute(key: &str, value: &Value) -> Json {
    let value = match value {
        Value::Text(text) => json!({ "stringValue": text }),
        Value::Number(number) => json!({ "intValue": number.to_string() }),
    };
    json!({ "key": key, "value": value })
}

fn nanos(time: SystemTime) -> String {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos().to_string()
}
