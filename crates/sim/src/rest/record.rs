//! What is written down of an exchange: the journal's entry and the conformance log's line.

use std::time::Duration;

use axum::http::{HeaderMap, header, request::Parts};
use cogwright_sim_world::{ApplicationId, Upload};
use serde_json::{Map, Value, json};

use super::{exchange_log, query::Query, reply::Reply, request::Request, table::Operation};
use crate::{
    EntryKind, Sim,
    faults::FaultId,
    journal::{Field, Fields, masked, masked_path},
};

/// Fields of an entry at the most.
const MOST_FIELDS: usize = 9;

/// What is learnt on the way and written down at the end.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// What the request means.
    pub(super) operation: Option<&'static Operation>,
    /// Who sent it.
    pub(super) caller: Option<ApplicationId>,
    /// Headers of the answer.
    pub(super) headers: HeaderMap,
    /// Faults of the plan that touched it.
    pub(super) faults: Vec<FaultId>,
    /// Whether the answer is a firewall's page instead of Discord's.
    pub(super) is_page: bool,
    /// Answered instead of what the handler said.
    pub(super) lost: Option<Reply>,
    request: Option<Value>,
}

impl Record {
    /// Notes the request's body: masked, files by name and size only.
    pub(super) fn note_body(&mut self, sim: &Sim, request: &Request) {
        let wanted = sim.settings().journal_bodies || exchange_log::enabled();
        let empty = request.body.as_object().is_some_and(Map::is_empty) && request.files.is_empty();
        if !wanted || empty {
            return;
        }
        let mut noted = masked(&request.body);
        if let Some(map) = noted.as_object_mut().filter(|_| !request.files.is_empty()) {
            map.insert("(files)".into(), request.files.iter().map(file).collect());
        }
        self.request = Some(noted);
    }

    /// Journals the exchange and appends it to the conformance log.
    pub(super) fn write_down(&self, sim: &Sim, parts: &Parts, reply: &Reply, took: Duration) {
        let path = masked_path(parts.uri.path());
        let method = parts.method.as_str();
        let bodies = sim.settings().journal_bodies;
        // An answer that a fault put in place of Discord's says nothing about how faithful we are.
        let log = exchange_log::enabled() && (self.faults.is_empty() || reply.status < 300);
        let response = (bodies || log).then(|| reply.body.as_ref().map(masked)).flatten();
        let operation = self.operation.map(|o| o.id);
        if log {
            let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok());
            exchange_log::append(&json!({
                "method": method, "path": path, "operation": operation,
                "query": masked(&Query::parse(parts.uri.query().unwrap_or_default()).to_json()),
                "request": self.request, "status": reply.status, "response": response, "user_agent": agent,
            }));
        }
        let mut fields = Fields::with_room(MOST_FIELDS);
        fields.put("method", method.to_owned());
        fields.put("path", path);
        fields.put("operation", operation);
        fields.put("status", reply.status);
        fields.put("application", self.caller.map(|id| Field::Id(id.get())));
        if bodies {
            fields.put("request", self.request.clone());
            fields.put("response", response);
        }
        if !self.faults.is_empty() {
            let faults: Value = self.faults.iter().map(ToString::to_string).collect();
            fields.put("faults", faults);
        }
        fields.put("ms", took.as_micros() as f64 / 1000.0);
        sim.journal().push(sim.clock().now(), EntryKind::Rest, fields);
    }
}

fn file(file: &Upload) -> Value {
    json!({
        "index": file.index, "filename": file.filename, "content_type": file.content_type,
        "size": file.bytes.len(),
    })
}
