//! An authorization link: what it asks for, checked against the application. What is wrong with it goes to the
//! person as long as it names nowhere to send them back to, and to the application afterwards. See RFC 6749, 4.1.2.1.

use super::{Scope, redirect, secret};
use crate::{ApiError, Application, ApplicationId, GuildId, World};

/// Characters of a `state`. Discord's own limit is not known; nothing shorter than an address line may be cut.
pub(super) const MAX_STATE: usize = 4_096;

/// What comes back with the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// Nothing: only the application is added somewhere.
    None,
    /// A code.
    Code,
    /// A token, in the fragment.
    Token,
}

/// Where the person is sent back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    /// The address as registered.
    pub uri: String,
    /// Whether the link named it.
    pub given: bool,
    /// Handed through.
    pub state: Option<String>,
    /// Whether answers go into the fragment.
    pub in_fragment: bool,
}

impl Back {
    /// The address with an answer and the state.
    pub(super) fn location(&self, pairs: &[(&str, &str)]) -> String {
        let state = self.state.as_deref().map(|state| ("state", state));
        let pairs: Vec<_> = pairs.iter().copied().chain(state).collect();
        redirect::with_answer(&self.uri, &pairs, self.in_fragment)
    }

    /// The address with a refusal.
    pub(super) fn refused(&self, error: &str, description: &str) -> String {
        self.location(&[("error", error), ("error_description", description)])
    }
}

/// A link, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Who asks.
    pub application: ApplicationId,
    /// For what; at least one.
    pub scopes: Vec<Scope>,
    /// What comes back.
    pub response: Response,
    /// Where to; absent if nothing comes back.
    pub back: Option<Back>,
    /// Whether the person wants to be asked only once (`prompt=none`).
    pub ask_once: bool,
    /// What the bot's managed role is to grant.
    pub permissions: u64,
    /// The guild that is proposed.
    pub guild: Option<GuildId>,
    /// Whether it is the only one.
    pub guild_is_fixed: bool,
    /// Whether the application is installed for the person rather than a guild.
    pub for_user: bool,
    /// PKCE.
    pub challenge: Option<String>,
}

/// What is wrong with a link.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The person is told.
    Page(ApiError),
    /// The application is told: the person is sent to this address.
    Back(String),
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self::Page(error)
    }
}

/// The parameters of a link.
struct Parameters<'a>(&'a [(String, String)]);

/// Every parameter that means something; one that is given twice could mean either.
const KNOWN: [&str; 13] = [
    "client_id",
    "response_type",
    "redirect_uri",
    "scope",
    "state",
    "prompt",
    "permissions",
    "guild_id",
    "disable_guild_select",
    "integration_type",
    "code_challenge",
    "code_challenge_method",
    "response_mode",
];

impl Parameters<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }

    fn once(&self) -> Result<(), ApiError> {
        for key in KNOWN {
            if self.0.iter().filter(|(k, _)| k == key).count() > 1 {
                return Err(ApiError::form(key, "DUPLICATE_PARAMETER", "Given more than once."));
            }
        }
        Ok(())
    }
}

/// A mistake that the application is told of, if there is a way: RFC 6749's error, its words, the parameter.
struct Mistake(&'static str, String, &'static str);

impl Mistake {
    fn scope() -> Self {
        Self("invalid_scope", "The requested scope is invalid, unknown, or malformed.".into(), "scope")
    }

    fn request(parameter: &'static str, words: impl Into<String>) -> Self {
        Self("invalid_request", words.into(), parameter)
    }

    fn refusal(self, back: Option<&Back>) -> Refusal {
        let Self(error, words, parameter) = self;
        match back {
            Some(back) => Refusal::Back(back.refused(error, &words)),
            None => Refusal::Page(ApiError::form(parameter, &error.to_uppercase(), words)),
        }
    }
}

impl Link {
    /// Understands the parameters of a link, the part after its `?`, decoded.
    ///
    /// # Errors
    /// For the person: 10002, 50035 at a parameter. For the application: `invalid_request`, `invalid_scope`,
    /// `unsupported_response_type`.
    pub fn read(world: &World, parameters: &[(String, String)]) -> Result<Self, Refusal> {
        let given = Parameters(parameters);
        given.once()?;
        let application = application(world, &given)?;
        if given.get("state").is_some_and(|state| state.chars().count() > MAX_STATE) {
            let message = format!("Must be {MAX_STATE} or fewer in length.");
            return Err(ApiError::form("state", "BASE_TYPE_MAX_LENGTH", message).into());
        }
        let defaults = Defaults::of(application);
        let names = given.get("scope").or(defaults.as_ref().map(|d| d.scopes.as_str())).unwrap_or_default();
        let scopes = Scope::list(names);
        let only_installs = scopes.as_ref().is_ok_and(|list| list.iter().all(|s| s.installs()));
        let is_answered = given.get("response_type").is_some()
            || given.get("redirect_uri").is_some()
            || application.oauth2.require_code_grant
            || scopes.as_ref().is_ok_and(|list| list.iter().any(|s| !s.installs()));
        let back = if is_answered { back(application, &given, only_installs)? } else { None };
        let scopes = match scopes {
            Ok(scopes) if !scopes.is_empty() => scopes,
            Ok(_) if back.is_none() => {
                return Err(ApiError::form("scope", "BASE_TYPE_REQUIRED", "This field is required").into());
            }
            Ok(_) => return Err(Mistake::scope().refusal(back.as_ref())),
            Err(name) => return Err(unknown_scope(name, back.as_ref())),
        };
        let wanted = Wanted { application, given, defaults, only_installs };
        wanted
            .read(scopes, back.as_ref())
            .map_err(|mistake| mistake.refusal(back.as_ref()))
            .map(|link| Self { back, ..link })
    }

    /// Whether it takes a guild to answer it.
    pub fn needs_guild(&self) -> bool {
        !self.for_user && self.scopes.iter().any(|s| s.installs())
    }
}

/// A scope that is none, or that nothing here uses: the person's page can say which, an answer can not.
fn unknown_scope(name: &str, back: Option<&Back>) -> Refusal {
    match back {
        Some(_) => Mistake::scope().refusal(back),
        None => {
            let shown: String = name.chars().take(60).collect();
            let message = format!("\"{shown}\" is no scope that the local Discord simulates.");
            Refusal::Page(ApiError::form("scope", "INVALID_SCOPE", message))
        }
    }
}

fn application<'w>(world: &'w World, given: &Parameters<'_>) -> Result<&'w Application, ApiError> {
    let Some(text) = given.get("client_id") else {
        return Err(ApiError::form("client_id", "BASE_TYPE_REQUIRED", "This field is required"));
    };
    let id = text.parse().map_err(|_| {
        let shown: String = text.chars().take(60).collect();
        ApiError::form("client_id", "NUMBER_TYPE_COERCE", format!("Value \"{shown}\" is not snowflake."))
    })?;
    world.application(id)
}

/// Where the person is sent back to: the link's address, which must be a registered one to the letter, or the first
/// registered. Nobody is ever sent to another.
fn back(
    application: &Application,
    given: &Parameters<'_>,
    only_installs: bool,
) -> Result<Option<Back>, ApiError> {
    let refuse = |message: &str| Err(ApiError::form("redirect_uri", "REDIRECT_URI_INVALID", message));
    let registered = &application.oauth2.redirect_uris;
    let named = given.get("redirect_uri");
    let uri = match named {
        Some(uri) if registered.iter().any(|r| r == uri) => uri,
        Some(_) => {
            return refuse(
                "Invalid OAuth2 redirect_uri: it must be one of those registered for the application, to the letter.",
            );
        }
        None => match registered.first() {
            Some(uri) => uri,
            None if only_installs && !application.oauth2.require_code_grant => return Ok(None),
            None => return refuse("No redirect URI is registered for the application."),
        },
    };
    // A world may come from anywhere; what it holds must not run in this page.
    if let Err(problem) = redirect::registrable(uri) {
        return refuse(problem);
    }
    Ok(Some(Back {
        uri: uri.to_owned(),
        given: named.is_some(),
        state: given.get("state").map(str::to_owned),
        in_fragment: given.get("response_type") == Some("token"),
    }))
}

/// What a link without a scope asks for: the application's own install settings. See Discord docs: Application /
/// Install Links.
struct Defaults {
    scopes: String,
    permissions: Option<u64>,
}

impl Defaults {
    fn of(application: &Application) -> Option<Self> {
        let settings = &application.settings;
        let in_guilds = settings.get("integration_types_config").map(|c| &c["0"]["oauth2_install_params"]);
        let params = in_guilds.filter(|p| p.is_object()).or_else(|| settings.get("install_params"))?;
        let scopes: Vec<&str> = params["scopes"].as_array()?.iter().filter_map(|s| s.as_str()).collect();
        let permissions = params["permissions"].as_str().and_then(|p| p.parse().ok());
        Some(Self { scopes: scopes.join(" "), permissions })
    }
}

/// The rest of a link, once it is known whom to tell of mistakes.
struct Wanted<'a> {
    application: &'a Application,
    given: Parameters<'a>,
    defaults: Option<Defaults>,
    only_installs: bool,
}

impl Wanted<'_> {
    fn read(&self, scopes: Vec<Scope>, back: Option<&Back>) -> Result<Link, Mistake> {
        let response = self.response(back)?;
        let for_user = self.for_user(&scopes)?;
        let challenge = self.challenge()?;
        Self::combination(&scopes, response, back, challenge.is_some())?;
        let defaults = self.defaults.as_ref().filter(|_| self.given.get("scope").is_none());
        let permissions = self.number("permissions")?.or(defaults.and_then(|d| d.permissions));
        let ask_once = match self.given.get("prompt") {
            Some("none") => true,
            None | Some("consent") => false,
            Some(_) => return Err(Mistake::request("prompt", "prompt is neither consent nor none.")),
        };
        let guild_is_fixed = match self.given.get("disable_guild_select") {
            Some("true" | "1") => true,
            None | Some("false" | "0") => false,
            Some(_) => {
                let words = "disable_guild_select is neither true nor false.";
                return Err(Mistake::request("disable_guild_select", words));
            }
        };
        Ok(Link {
            application: self.application.id,
            scopes,
            response,
            back: None,
            ask_once,
            permissions: permissions.unwrap_or(0),
            guild: self.number("guild_id")?.map(GuildId::new),
            guild_is_fixed,
            for_user,
            challenge,
        })
    }

    fn response(&self, back: Option<&Back>) -> Result<Response, Mistake> {
        match self.given.get("response_type") {
            Some("code") => Ok(if back.is_some() { Response::Code } else { Response::None }),
            Some("token") => Ok(if back.is_some() { Response::Token } else { Response::None }),
            Some(_) => {
                let words = "The authorization server does not support this response type.";
                Err(Mistake("unsupported_response_type", words.into(), "response_type"))
            }
            None if self.application.oauth2.require_code_grant => {
                Err(Mistake::request("response_type", "Integration requires code grant"))
            }
            None if self.only_installs => Ok(Response::None),
            None => Err(Mistake::request("response_type", "response_type is missing: it must be code.")),
        }
    }

    /// Whether the application goes to a person or a guild, as far as it can go there.
    fn for_user(&self, scopes: &[Scope]) -> Result<bool, Mistake> {
        match self.given.get("integration_type") {
            None | Some("0") => return Ok(false),
            Some("1") => {}
            Some(_) => {
                return Err(Mistake::request("integration_type", "integration_type is neither 0 nor 1."));
            }
        }
        if !self.application.integration_types().contains(&1) {
            let words =
                "The application is not set up to be installed for a user (integration_types_config).";
            return Err(Mistake::request("integration_type", words));
        }
        if scopes.contains(&Scope::Bot) {
            return Err(Mistake::request("integration_type", "A bot joins a server, not a person."));
        }
        Ok(scopes.contains(&Scope::ApplicationsCommands))
    }

    fn challenge(&self) -> Result<Option<String>, Mistake> {
        let Some(challenge) = self.given.get("code_challenge") else {
            return match self.given.get("code_challenge_method") {
                None => Ok(None),
                Some(_) => Err(Mistake::request("code_challenge", "Missing \"code_challenge\"")),
            };
        };
        if self.given.get("code_challenge_method") != Some("S256") {
            return Err(Mistake::request("code_challenge_method", "Unsupported \"code_challenge_method\""));
        }
        if !secret::is_challenge(challenge) {
            return Err(Mistake::request("code_challenge", "Invalid \"code_challenge\""));
        }
        Ok(Some(challenge.to_owned()))
    }

    /// What cannot be had together. An application's own scheme may be claimed by any program of the person's
    /// machine, and linked roles must not be written by whoever holds no secret.
    fn combination(
        scopes: &[Scope],
        response: Response,
        back: Option<&Back>,
        proves: bool,
    ) -> Result<(), Mistake> {
        let writes = scopes.contains(&Scope::RoleConnectionsWrite);
        if scopes.contains(&Scope::ApplicationsCommandsUpdate)
            || (writes && (proves || response == Response::Token))
        {
            return Err(Mistake::scope());
        }
        if back.is_some_and(|back| !redirect::is_web(&back.uri)) && !proves {
            let words = "An address of the application's own scheme needs PKCE (code_challenge).";
            return Err(Mistake::request("code_challenge", words));
        }
        Ok(())
    }

    fn number(&self, key: &'static str) -> Result<Option<u64>, Mistake> {
        let Some(text) = self.given.get(key) else { return Ok(None) };
        // `parse` alone would take a sign.
        let number = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        number.map(Some).ok_or_else(|| Mistake::request(key, format!("{key} is no number of 64 bits.")))
    }
}
