//! OAuth2: what the portal holds of an application as a client, and what people have given it. See Discord docs:
//! OAuth2.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    ApplicationId, GuildId, Timestamp, UserId,
    oauth2::{Scope, client_secret},
};

/// An application as an OAuth2 client: what the portal's OAuth2 page holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OAuth2Client {
    /// Client secret; never rendered. Empty: there is none (a world saved before there were any), and nothing
    /// matches it.
    pub secret: String,
    /// Where people may be sent back to, exactly as links must write it; 10 at most.
    pub redirect_uris: Vec<String>,
    /// Whether its bot can only be added together with a code for a token.
    pub require_code_grant: bool,
    /// Whether it has no place to keep a secret: it proves itself with PKCE instead.
    pub public_client: bool,
    /// Role connection metadata records, as the API answers them; 5 at most.
    pub role_connection_metadata: Vec<Value>,
}

impl OAuth2Client {
    /// A client with a new secret and nothing else.
    pub fn new() -> Self {
        Self { secret: client_secret(), ..Self::default() }
    }
}

/// A code on its way from the person's browser to the application.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuthorizationCode {
    /// The secret itself.
    pub code: String,
    /// For whom.
    pub application: ApplicationId,
    /// Who gave it.
    pub user: UserId,
    /// What may be done with the token.
    pub scopes: Vec<Scope>,
    /// Where it was sent.
    pub redirect_uri: String,
    /// Whether the link named that address, so that the exchange has to repeat it.
    pub redirect_given: bool,
    /// PKCE: the base64 of the verifier's SHA-256.
    pub challenge: Option<String>,
    /// The guild to which the application was added on the way.
    pub guild: Option<GuildId>,
    /// When it is worth nothing any more.
    pub expires: Timestamp,
}

/// An access token with its refresh token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccessToken {
    /// The secret itself.
    pub token: String,
    /// Makes a new one of it; absent for the implicit and the client credentials grant.
    pub refresh: Option<String>,
    /// Whose.
    pub application: ApplicationId,
    /// On whose behalf.
    pub user: UserId,
    /// For what.
    pub scopes: Vec<Scope>,
    /// When the access token ends; the refresh token does not.
    pub expires: Timestamp,
}

/// What a person has agreed to, so that `prompt=none` need not ask again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Agreement {
    /// Who.
    pub user: UserId,
    /// With what.
    pub application: ApplicationId,
    /// All scopes together.
    pub scopes: Vec<Scope>,
}

/// What an application knows of a person's account elsewhere. See Discord docs: User / Application Role Connection.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RoleConnection {
    /// Who.
    pub user: UserId,
    /// Which application said so.
    pub application: ApplicationId,
    /// The object as the API answers it.
    pub body: Value,
}

/// All of it. Each list has its bound where it grows, in [`crate::oauth2`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OAuth2 {
    /// Codes, oldest first.
    pub codes: Vec<AuthorizationCode>,
    /// Tokens, oldest first.
    pub tokens: Vec<AccessToken>,
    /// At most one for each person and application.
    pub agreements: Vec<Agreement>,
    /// At most one for each person and application.
    pub role_connections: Vec<RoleConnection>,
}

impl OAuth2 {
    /// Forgets everything that is about a user or an application.
    pub(crate) fn forget(&mut self, is_it: impl Fn(UserId, ApplicationId) -> bool) {
        self.codes.retain(|c| !is_it(c.user, c.application));
        self.tokens.retain(|t| !is_it(t.user, t.application));
        self.agreements.retain(|a| !is_it(a.user, a.application));
        self.role_connections.retain(|r| !is_it(r.user, r.application));
    }
}
