//! Tokens: exchanging a code, refreshing, client credentials, revoking. See Discord docs: OAuth2 / Authorization
//! Code Grant, and RFC 6749 for what is refused how.

use serde_json::{Value, json};

use super::{MAX_TOKENS, Scope, TOKEN_LIFE, secret};
use crate::{AccessToken, Action, Agreement, ApiError, Application, ApplicationId, Tx, UserId, World, wire};

/// How a client says who it is: by HTTP Basic, or by `client_id` and `client_secret` in the form.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// `Authorization: Basic`, decoded.
    pub basic: Option<(String, String)>,
}

/// A refusal of the token routes. See RFC 6749, 5.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenError {
    /// 401 for a client that is not known, else 400.
    pub status: u16,
    /// RFC 6749's word.
    pub error: &'static str,
    /// For people.
    pub description: String,
}

impl TokenError {
    /// A refusal with status 400.
    pub fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { status: 400, error, description: description.into() }
    }

    fn client() -> Self {
        Self { status: 401, error: "invalid_client", description: String::new() }
    }

    fn missing(field: &str) -> Self {
        Self::new("invalid_request", format!("Missing \"{field}\" in request."))
    }

    fn grant(field: &str) -> Self {
        Self::new("invalid_grant", format!("Invalid \"{field}\" in request."))
    }

    fn scope() -> Self {
        Self::new("invalid_scope", "The requested scope is invalid, unknown, or malformed.")
    }

    /// The body.
    pub fn body(&self) -> Value {
        let mut body = json!({ "error": self.error });
        if !self.description.is_empty() {
            body["error_description"] = json!(self.description);
        }
        body
    }
}

/// The fields of a form, each of which may be there once.
struct Fields<'a>(&'a [(String, String)]);

impl<'a> Fields<'a> {
    fn read(fields: &'a [(String, String)]) -> Result<Self, TokenError> {
        for (index, (name, _)) in fields.iter().enumerate() {
            if fields[..index].iter().any(|(earlier, _)| earlier == name) {
                let shown: String = name.chars().take(60).collect();
                return Err(TokenError::new("invalid_request", format!("\"{shown}\" is there twice.")));
            }
        }
        Ok(Self(fields))
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }

    fn need(&self, name: &str) -> Result<&'a str, TokenError> {
        self.get(name).ok_or_else(|| TokenError::missing(name))
    }
}

/// Who asks, and whether they have proven it by a secret; without one only a public client goes on.
struct Client<'w> {
    application: &'w Application,
    has_secret: bool,
}

impl<'w> Client<'w> {
    fn known(world: &'w World, credentials: &Credentials, fields: &Fields<'_>) -> Result<Self, TokenError> {
        let basic = credentials.basic.as_ref();
        let id = basic.map(|(id, _)| id.as_str()).or(fields.get("client_id"));
        let secret = basic.map(|(_, secret)| secret.as_str()).or(fields.get("client_secret"));
        let application = id
            .and_then(|id| id.parse().ok())
            .and_then(|id| world.application(id).ok())
            .ok_or_else(TokenError::client)?;
        let client = &application.oauth2;
        // Another id in the form than in the header would leave open who is meant.
        if fields.get("client_id").is_some_and(|named| Some(named) != id) {
            return Err(TokenError::client());
        }
        match secret.filter(|secret| !secret.is_empty()) {
            Some(secret) if !client.secret.is_empty() && secret == client.secret => {
                Ok(Self { application, has_secret: true })
            }
            None if client.public_client => Ok(Self { application, has_secret: false }),
            _ => Err(TokenError::client()),
        }
    }
}

/// POST /oauth2/token.
///
/// # Errors
/// None of the API's own: refusals are [`TokenError`]s.
#[derive(Clone, Debug)]
pub struct RequestToken {
    /// Who asks.
    pub credentials: Credentials,
    /// The form, decoded.
    pub fields: Vec<(String, String)>,
}

impl Action for RequestToken {
    /// The access token response.
    type Output = Result<Value, TokenError>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Self::Output, ApiError> {
        Ok(self.grant(tx))
    }
}

impl RequestToken {
    fn grant(&self, tx: &mut Tx<'_>) -> Result<Value, TokenError> {
        let fields = Fields::read(&self.fields)?;
        let kind = fields.get("grant_type");
        let known = ["authorization_code", "refresh_token", "client_credentials"];
        // Discord looks at this before it asks who it is.
        if !kind.is_some_and(|kind| known.contains(&kind)) {
            let shown: String = kind.unwrap_or("None").chars().take(60).collect();
            let description = format!("Grant type {shown} is not supported");
            return Err(TokenError::new("unsupported_grant_type", description));
        }
        let client = Client::known(tx.world, &self.credentials, &fields)?;
        let (id, owner, has_secret) = (client.application.id, client.application.owner, client.has_secret);
        match kind {
            Some("authorization_code") => exchange(tx, id, has_secret, &fields),
            Some("refresh_token") => refresh(tx, id, &fields),
            _ if !has_secret => Err(TokenError::client()),
            _ => own_token(tx, id, owner, &fields),
        }
    }
}

fn exchange(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    has_secret: bool,
    fields: &Fields<'_>,
) -> Result<Value, TokenError> {
    let text = fields.need("code")?;
    let index = tx
        .world
        .oauth2
        .codes
        .iter()
        .position(|c| c.code == text && c.application == application && tx.now < c.expires)
        .ok_or_else(|| TokenError::grant("code"))?;
    let code = &tx.world.oauth2.codes[index];
    match fields.get("redirect_uri") {
        Some(uri) if uri == code.redirect_uri => {}
        None if !code.redirect_given => {}
        _ => return Err(TokenError::grant("redirect_uri")),
    }
    match (&code.challenge, fields.get("code_verifier")) {
        (Some(_), None) => return Err(TokenError::new("invalid_request", "Missing \"code_verifier\"")),
        (Some(_), Some(verifier)) if !secret::is_verifier(verifier) => {
            return Err(TokenError::new("invalid_request", "Invalid \"code_verifier\""));
        }
        (Some(challenge), Some(verifier)) if secret::proves(verifier, challenge) => {}
        (None, None) if has_secret => {}
        // A public client without PKCE proves nothing at all.
        (None, None) => return Err(TokenError::client()),
        _ => return Err(TokenError::new("invalid_grant", "Invalid \"code_verifier\"")),
    }
    let code = tx.world.oauth2.codes.remove(index);
    let mut answer = issue_both(tx, application, code.user, code.scopes);
    if let Some(guild) = code.guild.and_then(|id| tx.world.guilds.get(&id)) {
        answer["guild"] = wire::guild(tx.world, guild, false);
    }
    Ok(answer)
}

/// The old pair of tokens ends with the new one's beginning.
fn refresh(tx: &mut Tx<'_>, application: ApplicationId, fields: &Fields<'_>) -> Result<Value, TokenError> {
    let text = fields.need("refresh_token")?;
    let tokens = &tx.world.oauth2.tokens;
    let index = tokens
        .iter()
        .position(|t| t.refresh.as_deref() == Some(text) && t.application == application)
        .ok_or_else(|| TokenError::grant("refresh_token"))?;
    let before = &tokens[index];
    // Less may be asked for, but not more.
    let scopes = match fields.get("scope") {
        None => before.scopes.clone(),
        Some(names) => Scope::list(names)
            .ok()
            .filter(|list| !list.is_empty() && list.iter().all(|s| before.scopes.contains(s)))
            .ok_or_else(TokenError::scope)?,
    };
    let before = tx.world.oauth2.tokens.remove(index);
    Ok(issue_both(tx, application, before.user, scopes))
}

/// Client credentials: a token for the application's owner, without a refresh token.
fn own_token(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    owner: UserId,
    fields: &Fields<'_>,
) -> Result<Value, TokenError> {
    let scopes = Scope::list(fields.get("scope").unwrap_or_default()).map_err(|_| TokenError::scope())?;
    if scopes.is_empty() || scopes.iter().any(|s| s.installs()) {
        return Err(TokenError::scope());
    }
    let token = secret::token();
    let answer = answer(&token, None, &scopes);
    issue(tx, token, None, application, owner, scopes);
    Ok(answer)
}

fn issue_both(tx: &mut Tx<'_>, application: ApplicationId, user: UserId, scopes: Vec<Scope>) -> Value {
    let (token, refresh) = (secret::token(), secret::token());
    let answer = answer(&token, Some(&refresh), &scopes);
    issue(tx, token, Some(refresh), application, user, scopes);
    answer
}

fn answer(token: &str, refresh: Option<&str>, scopes: &[Scope]) -> Value {
    let mut answer = json!({
        "token_type": "Bearer",
        "access_token": token,
        "expires_in": TOKEN_LIFE.as_secs(),
        "scope": Scope::joined(scopes),
    });
    if let Some(refresh) = refresh {
        answer["refresh_token"] = json!(refresh);
    }
    answer
}

/// Keeps a token; those that are of no use any more and, of too many, the oldest go.
pub(super) fn issue(
    tx: &mut Tx<'_>,
    token: String,
    refresh: Option<String>,
    application: ApplicationId,
    user: UserId,
    scopes: Vec<Scope>,
) {
    let tokens = &mut tx.world.oauth2.tokens;
    tokens.retain(|t| t.refresh.is_some() || tx.now < t.expires);
    if tokens.len() >= MAX_TOKENS {
        tokens.remove(0);
    }
    let expires = tx.now.plus(TOKEN_LIFE);
    tokens.push(AccessToken { token, refresh, application, user, scopes, expires });
}

/// Keeps what a person has agreed to, beside what they had agreed to before.
pub(super) fn remember(world: &mut World, user: UserId, application: ApplicationId, scopes: &[Scope]) {
    let agreements = &mut world.oauth2.agreements;
    let index = agreements.iter().position(|a| a.user == user && a.application == application);
    let index = index.unwrap_or_else(|| {
        agreements.push(Agreement { user, application, scopes: Vec::new() });
        agreements.len() - 1
    });
    let kept = &mut agreements[index].scopes;
    let new: Vec<Scope> = scopes.iter().copied().filter(|s| !kept.contains(s)).collect();
    kept.extend(new);
}

/// POST /oauth2/token/revoke: ends every token of the authorization to which one belongs. A token that is none, or
/// another client's, is no error: it is of no use to the client either way. See RFC 7009.
///
/// # Errors
/// None of the API's own: refusals are [`TokenError`]s.
#[derive(Clone, Debug)]
pub struct RevokeToken {
    /// Who asks.
    pub credentials: Credentials,
    /// The form, decoded.
    pub fields: Vec<(String, String)>,
}

impl Action for RevokeToken {
    type Output = Result<(), TokenError>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Self::Output, ApiError> {
        Ok(self.revoke(tx))
    }
}

impl RevokeToken {
    fn revoke(&self, tx: &mut Tx<'_>) -> Result<(), TokenError> {
        let fields = Fields::read(&self.fields)?;
        let id = Client::known(tx.world, &self.credentials, &fields)?.application.id;
        let text = fields.need("token")?;
        let is_it =
            |t: &&AccessToken| t.application == id && (t.token == text || t.refresh.as_deref() == Some(text));
        let Some(user) = tx.world.oauth2.tokens.iter().find(is_it).map(|t| t.user) else { return Ok(()) };
        let oauth2 = &mut tx.world.oauth2;
        oauth2.codes.retain(|c| !(c.user == user && c.application == id));
        oauth2.tokens.retain(|t| !(t.user == user && t.application == id));
        oauth2.agreements.retain(|a| !(a.user == user && a.application == id));
        Ok(())
    }
}
