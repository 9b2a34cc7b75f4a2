//! OAuth2: the token routes, and what a token tells of itself. See Discord docs: OAuth2.

use cogwright_sim_world::{
    ApiError,
    oauth2::{self, RequestToken, RevokeToken, TokenError},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("authorize", authorize),
    ("exchange_token", exchange),
    ("revoke_token", revoke),
    ("get_my_oauth2_authorization", authorization),
    ("get_openid_connect_userinfo", userinfo),
    ("get_public_keys", keys),
];

/// The page is at the root; many libraries write the link below `/api`, as Discord's documentation once did.
fn authorize(request: Request, _: &Sim) -> Result<Reply, ApiError> {
    let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs = request.query.pairs().map(|(key, value)| format!("{}={}", escaped(&key), escaped(&value)));
    let query = pairs.collect::<Vec<_>>().join("&");
    Ok(Reply::redirect(&format!("/oauth2/authorize?{query}")))
}

/// The form's fields; what is no form asks for nothing that there is, as Discord says it.
fn fields(request: &mut Request) -> Result<Vec<(String, String)>, TokenError> {
    request.client.fields.take().ok_or_else(|| {
        let words = "Grant type None is not supported: only application/x-www-form-urlencoded is read";
        TokenError::new("unsupported_grant_type", words)
    })
}

fn refused(error: &TokenError) -> Reply {
    Reply::new(error.status, error.body()).not_kept()
}

fn exchange(mut request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let fields = match fields(&mut request) {
        Ok(fields) => fields,
        Err(error) => return Ok(refused(&error)),
    };
    let answer = sim.apply(RequestToken { credentials: request.client.credentials, fields })?;
    Ok(answer.map_or_else(|error| refused(&error), |token| Reply::ok(token).not_kept()))
}

fn revoke(mut request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let fields = match fields(&mut request) {
        Ok(fields) => fields,
        Err(error) => return Ok(refused(&error)),
    };
    let answer = sim.apply(RevokeToken { credentials: request.client.credentials, fields })?;
    Ok(answer.map_or_else(|error| refused(&error), |()| Reply::ok(json!({}))))
}

fn authorization(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let token = request.persons_token()?;
    read(sim, |world, _| oauth2::authorization(world, token))
}

fn userinfo(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let token = request.persons_token()?;
    read(sim, |world, _| oauth2::userinfo(world, token))
}

/// None: nothing here is signed, so that there are no id tokens to hold against a key.
fn keys(_: Request, _: &Sim) -> Result<Reply, ApiError> {
    Ok(Reply::ok(json!({ "keys": [] })))
}
