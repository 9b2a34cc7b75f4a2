//! OAuth2: links that ask a person for something, what the person answers, and the tokens that come of it. See
//! Discord docs: OAuth2.

mod authorize;
mod link;
mod read;
mod redirect;
mod role_connection;
mod scope;
mod secret;
mod token;

pub use authorize::{AnswerLink, Answered, review};
pub use link::{Back, Link, Refusal, Response};
pub use read::{authorization, me, userinfo};
pub use redirect::{MAX_REDIRECT_URI, MAX_REDIRECT_URIS, registrable};
pub use role_connection::{
    DeleteRoleConnection, PutRoleConnection, PutRoleConnectionMetadata, role_connection,
    role_connection_metadata,
};
pub use scope::Scope;
pub use secret::client_secret;
pub use token::{Credentials, RequestToken, RevokeToken, TokenError};

use std::time::Duration;

use crate::{AccessToken, Timestamp, World};

/// How long an access token is good. See Discord docs: OAuth2 / Access Token Response.
pub const TOKEN_LIFE: Duration = Duration::from_secs(604_800);
/// How long a code is good: 100 s, as Discord's staff told in discord/discord-api-docs issue 2526.
pub const CODE_LIFE: Duration = Duration::from_secs(100);
/// Tokens of all people and applications together; the oldest go first.
pub const MAX_TOKENS: usize = 10_000;
/// Codes that nobody has exchanged yet; the oldest go first.
pub const MAX_CODES: usize = 1_000;

impl World {
    /// The access token that is this text, if it is still good.
    pub fn access_token(&self, token: &str, now: Timestamp) -> Option<&AccessToken> {
        self.oauth2.tokens.iter().find(|t| t.token == token && now < t.expires)
    }
}
