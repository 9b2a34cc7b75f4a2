//! A request as a handler gets it: everything parsed, nothing decided.

use std::str::FromStr;

use cogwright_sim_world::{AccessToken, Actor, ApiError, ApplicationId, Upload};
use serde_json::Value;

use super::{
    auth::{Caller, ClientRequest},
    query::Query,
    table::Operation,
};

/// A parsed request.
#[derive(Debug)]
pub(crate) struct Request {
    /// What it means.
    pub(crate) operation: &'static Operation,
    /// Path parameters, percent-decoded.
    pub(crate) parameters: Vec<(&'static str, String)>,
    /// Query.
    pub(crate) query: Query,
    /// Whose token came with it; absent on routes that ask for none.
    pub(crate) caller: Option<Caller>,
    /// What an OAuth2 client sent, on the routes that are for clients.
    pub(crate) client: ClientRequest,
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

    fn caller(&self) -> Result<&Caller, ApiError> {
        self.caller.as_ref().ok_or_else(ApiError::unauthorized)
    }

    /// The calling application: the bot's, or the one to which a person gave the token.
    pub(crate) fn application(&self) -> Result<ApplicationId, ApiError> {
        self.caller().map(Caller::application)
    }

    /// Who acts: the bot, or the person whose token it is.
    pub(crate) fn actor(&self) -> Result<Actor, ApiError> {
        self.caller().map(|caller| match caller {
            Caller::Bot(id) => Actor::bot(*id),
            Caller::Person(token) => Actor::person(token.user),
        })
    }

    /// The calling application as an actor, whosever the token is: for what is the application's own.
    pub(crate) fn own_actor(&self) -> Result<Actor, ApiError> {
        self.application().map(Actor::bot)
    }

    /// The person's token, if it is one.
    pub(crate) fn token(&self) -> Option<&AccessToken> {
        match self.caller.as_ref()? {
            Caller::Bot(_) => None,
            Caller::Person(token) => Some(token),
        }
    }

    /// The person's token on routes that take no other; 20001 for a bot's.
    pub(crate) fn persons_token(&self) -> Result<&AccessToken, ApiError> {
        self.token().ok_or_else(ApiError::bots_cannot_use)
    }
}
