//! Who calls: bots with their token, applications with a person's, and OAuth2 clients with their secret.

use axum::http::{HeaderMap, header};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use cogwright_sim_world::{AccessToken, ApiError, ApplicationId, Timestamp, World, oauth2::Credentials};
use serde_json::Value;

use super::{
    query::Query,
    table::{Access, Operation, Scopes},
};
use crate::journal::MASKED;

/// The application that a token stands for, with or without a `Bot ` prefix in any case. With `accept_any`
/// every well-formed token is good and stands for the first application, unless it is another's own.
pub(crate) fn application_of_token(world: &World, token: &str, accept_any: bool) -> Option<ApplicationId> {
    let token = bare(token);
    if let Some(application) = world.application_by_token(token) {
        return Some(application.id);
    }
    if !(accept_any && well_formed(token)) {
        return None;
    }
    world.applications().map(|a| a.id).next()
}

/// Whose token came with a request.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// A bot's.
    Bot(ApplicationId),
    /// A person's, given to an application.
    Person(AccessToken),
}

impl Caller {
    /// The application: the bot's, or the one that the token was given to.
    pub(crate) fn application(&self) -> ApplicationId {
        match self {
            Self::Bot(id) => *id,
            Self::Person(token) => token.application,
        }
    }
}

/// The caller of a route that needs a token, or 401. Never anything but 401: clients throw their token away at
/// the first one.
pub(crate) fn caller(
    world: &World,
    headers: &HeaderMap,
    accept_any: bool,
    now: Timestamp,
) -> Result<Caller, ApiError> {
    let value = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
    // A bare token is a user's own on Discord.
    let found = if prefixed(value, "bot ") {
        application_of_token(world, value, accept_any).map(Caller::Bot)
    } else if prefixed(value, "bearer ") {
        world.access_token(value[7..].trim(), now).cloned().map(Caller::Person)
    } else {
        None
    };
    found.ok_or_else(ApiError::unauthorized)
}

/// Whether an operation takes this kind of token: 20001 for a bot where only people's are taken, 401 for a person's
/// where only a bot's is, 50026 for a person's that lacks the scope.
pub(crate) fn admit(operation: &Operation, caller: &Caller) -> Result<(), ApiError> {
    match (caller, &operation.scopes) {
        (Caller::Bot(_), _) if operation.access == Access::Bearer => Err(ApiError::bots_cannot_use()),
        (Caller::Bot(_), _) | (Caller::Person(_), Scopes::Any) => Ok(()),
        (Caller::Person(_), Scopes::None) => Err(ApiError::unauthorized()),
        (Caller::Person(token), Scopes::OneOf(scopes)) => {
            let has_one = scopes.iter().any(|scope| token.scopes.contains(scope));
            if has_one { Ok(()) } else { Err(ApiError::missing_scope()) }
        }
    }
}

/// What an OAuth2 client sends: who it is, and its form.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClientRequest {
    /// By HTTP Basic.
    pub(crate) credentials: Credentials,
    /// The form's fields in their order; absent if the body is anything but a form.
    pub(crate) fields: Option<Vec<(String, String)>>,
}

impl ClientRequest {
    /// Understands headers and body.
    pub(crate) fn read(headers: &HeaderMap, bytes: &[u8]) -> Self {
        let text = |name| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let kind = text(header::CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
        let is_form = kind.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let fields = is_form.then(|| Query::parse(&String::from_utf8_lossy(bytes)).pairs().collect());
        Self { credentials: Credentials { basic: basic(text(header::AUTHORIZATION)) }, fields }
    }

    /// The form as an object without its secrets, for the journal.
    pub(crate) fn shown(&self) -> Value {
        let fields = self.fields.iter().flatten().map(|(name, value)| {
            let open = OPEN_FIELDS.contains(&name.as_str());
            (name.clone(), Value::from(if open { value.as_str() } else { MASKED }))
        });
        Value::Object(fields.collect())
    }
}

/// Fields of a token request that are no secrets.
const OPEN_FIELDS: [&str; 5] = ["grant_type", "client_id", "redirect_uri", "scope", "token_type_hint"];

/// Name and password of `Authorization: Basic`.
fn basic(value: &str) -> Option<(String, String)> {
    let encoded = value.get(6..).filter(|_| prefixed(value, "basic "))?;
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn prefixed(value: &str, scheme: &str) -> bool {
    value.get(..scheme.len()).is_some_and(|p| p.eq_ignore_ascii_case(scheme))
}

fn bare(token: &str) -> &str {
    if prefixed(token, "bot ") { token[4..].trim() } else { token.trim() }
}

/// Three parts of base64 characters, the first of them a number in base64: the shape that hikari checks.
fn well_formed(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let plain =
        |p: &&str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let [id, _, _] = parts.as_slice() else { return false };
    let id = URL_SAFE_NO_PAD.decode(id.trim_end_matches('=')).unwrap_or_default();
    !id.is_empty() && id.iter().all(u8::is_ascii_digit) && parts.iter().skip(1).all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_and_shapes() {
        assert_eq!(bare("Bot abc"), "abc");
        assert_eq!(bare("bot abc"), "abc");
        assert_eq!(bare("abc"), "abc");
        assert!(!prefixed("Bearer abc", "bot "));
        assert!(!prefixed("Böt", "bot "));
        assert_eq!(basic("Basic MTpzZWNyZXQ6eA=="), Some(("1".into(), "secret:x".into())));
        assert_eq!((basic("Basic !"), basic("Basic"), basic("Bearer MTp4")), (None, None, None));
        assert!(well_formed("MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abc-def_123"));
        assert!(!well_formed("MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe"));
        assert!(!well_formed("not-a-token.a.b"));
        assert!(!well_formed(""));
    }
}
