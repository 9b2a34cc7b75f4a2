//! A request as a handler gets it: everything parsed, nothing decided.

use std::str::FromStr;

use cogwright_sim_world::{Actor, ApiError, ApplicationId, Upload};
use serde_json::Value;

use super::{query::Query, table::Operation};

/// A parsed request.
#[derive(Debug)]
pub(crate) struct Request {
    /// What it means.
    pub(crate) operation: &'static Operation,
    /// Path parameters, percent-decoded.
    pub(crate) parameters: Vec<(&'static str, String)>,
    /// Query.
    pub(crate) query: Query,
    /// The application whose token came with it; absent on routes that ask for none.
    pub(crate) caller: Option<ApplicationId>,
    /// JSON body, an empty object when there was none.
    pub(crate) body: Value,
    /// Files of a multipart body.
    pub(crate) files: Vec<Upload>,
}

impl Request {
    /// A path parameter; empty if the template has none of that name.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.parameters.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v.as_str())
    }

    /// A path parameter that is a snowflake; otherwise 50035 at its name, as Discord answers.
    pub(crate) fn id<T: FromStr>(&self, name: &str) -> Result<T, ApiError> {
        let text = self.text(name);
        let bad = |_| {
            let shown: String = text.chars().take(60).collect();
            ApiError::form(name, "NUMBER_TYPE_COERCE", format!("Value \"{shown}\" is not snowflake."))
        };
        text.parse().map_err(bad)
    }

    /// The calling application.
    pub(crate) fn application(&self) -> Result<ApplicationId, ApiError> {
        self.caller.ok_or_else(ApiError::unauthorized)
    }

    /// The calling bot as an actor.
    pub(crate) fn actor(&self) -> Result<Actor, ApiError> {
        self.application().map(Actor::bot)
    }
}
