//! What a person does with a link: looks at it, and agrees or not.

use serde_json::{Value, json};

use super::{
    CODE_LIFE, Link, MAX_CODES, Refusal, Response, Scope, TOKEN_LIFE,
    link::Back,
    secret,
    token::{issue, remember},
};
use crate::{
    Action, Actor, ApiError, AuthorizationCode, Guild, GuildId, Timestamp, Tx, UserId, World,
    commands::InstallForUser, permissions::MANAGE_GUILD, places::AuthorizeApplication, wire,
};

/// What the page behind a link shows to a person: `{application, scopes, permissions, guild, guild_is_fixed,
/// needs_guild, for_user, guilds, agreed, redirect_uri}`. `guilds` are those that the person manages; `agreed` says
/// that they need not be asked again.
///
/// # Errors
/// 10013; else [`Refusal`].
pub fn review(
    world: &World,
    user: UserId,
    parameters: &[(String, String)],
    now: Timestamp,
) -> Result<Value, Refusal> {
    world.user(user)?;
    let link = Link::read(world, parameters)?;
    let application = world.application(link.application)?;
    let mut shown = wire::application_summary(world, application);
    shown["public"] = json!(application.public || application.owner == user);
    let guilds: Vec<Value> = managed_by(world, user, now)
        .map(|guild| json!({ "id": guild.id, "name": guild.name, "icon": guild.icon }))
        .collect();
    Ok(json!({
        "application": shown,
        "scopes": link.scopes,
        "permissions": link.permissions.to_string(),
        "guild": link.guild,
        "guild_is_fixed": link.guild_is_fixed,
        "needs_guild": link.needs_guild(),
        "for_user": link.for_user,
        "guilds": guilds,
        "agreed": link.ask_once && has_agreed(world, user, &link),
        "redirect_uri": link.back.map(|back| back.uri),
    }))
}

fn managed_by(world: &World, user: UserId, now: Timestamp) -> impl Iterator<Item = &Guild> {
    world.guilds_of(user).filter(move |g| world.guild_permissions(g.id, user, now) & MANAGE_GUILD != 0)
}

/// Whether a person has agreed to all of a link before. What adds an application somewhere is asked every time.
fn has_agreed(world: &World, user: UserId, link: &Link) -> bool {
    let agreement =
        world.oauth2.agreements.iter().find(|a| a.user == user && a.application == link.application);
    agreement.is_some_and(|a| link.scopes.iter().all(|s| !s.installs() && a.scopes.contains(s)))
}

/// A person agrees to a link, or does not. To agree may add the application to a guild or to the person; what
/// [`AuthorizeApplication`] needs is needed then.
///
/// # Errors
/// For the person: 10002, 10004, 10013, 20012, 50001, 50013, 50035. What the application is told is no error here.
#[derive(Clone, Debug)]
pub struct AnswerLink {
    /// The person.
    pub user: UserId,
    /// The parameters of the link, decoded.
    pub parameters: Vec<(String, String)>,
    /// Whether they agree.
    pub agree: bool,
    /// To which guild it is to be added, where the link asks for one.
    pub guild: Option<GuildId>,
    /// What its bot may do there: all that the link asks for, or less.
    pub permissions: Option<u64>,
}

/// What came of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// Where the person is sent, with what the application is to know; absent if the application is not told.
    pub location: Option<String>,
    /// As [`AuthorizeApplication`] answers it; `Null` if nothing was added to a guild.
    pub added: Value,
}

impl Action for AnswerLink {
    type Output = Answered;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Answered, ApiError> {
        tx.world.user(self.user)?;
        let link = match Link::read(tx.world, &self.parameters) {
            Ok(link) => link,
            Err(Refusal::Page(error)) => return Err(error),
            Err(Refusal::Back(location)) => {
                return Ok(Answered { location: Some(location), added: Value::Null });
            }
        };
        if !self.agree {
            let words = "The resource owner or authorization server denied the request";
            let location = link.back.as_ref().map(|back| back.refused("access_denied", words));
            return Ok(Answered { location, added: Value::Null });
        }
        let added = self.install(tx, &link)?;
        let guild = added["guild"].as_str().and_then(|id| id.parse().ok());
        if link.response != Response::None {
            remember(tx.world, self.user, link.application, &link.scopes);
        }
        let location = link.back.as_ref().map(|back| self.location(tx, &link, back, guild));
        Ok(Answered { location, added })
    }
}

impl AnswerLink {
    /// Adds the application where the link says. All of it can fail, so it comes first.
    fn install(&self, tx: &mut Tx<'_>, link: &Link) -> Result<Value, ApiError> {
        if link.for_user {
            InstallForUser { user: self.user, application: link.application }.apply(tx)?;
            return Ok(Value::Null);
        }
        if !link.needs_guild() {
            return Ok(Value::Null);
        }
        let Some(guild) = self.guild.or(link.guild.filter(|_| link.guild_is_fixed)) else {
            return Err(ApiError::form("guild", "BASE_TYPE_REQUIRED", "This field is required"));
        };
        if link.guild_is_fixed && link.guild.is_some_and(|fixed| fixed != guild) {
            return Err(ApiError::form(
                "guild",
                "BASE_TYPE_CHOICES",
                "The link leaves no choice of a server.",
            ));
        }
        let permissions = self.permissions.unwrap_or(link.permissions);
        if permissions & !link.permissions != 0 {
            let message = "More than the link asks for.";
            return Err(ApiError::form("permissions", "BASE_TYPE_CHOICES", message));
        }
        // Somebody who is no member must not learn whether there is such a guild from anything but its codes.
        tx.world.require_guild(Actor::person(self.user), guild, MANAGE_GUILD, tx.now)?;
        let scopes: Vec<&str> = link.scopes.iter().filter(|s| s.installs()).map(|s| s.name()).collect();
        let body = json!({ "scopes": scopes, "permissions": permissions.to_string() });
        AuthorizeApplication { user: self.user, application: link.application, guild, body }.apply(tx)
    }

    /// Where the person is sent: with a code, a token, or just back.
    fn location(&self, tx: &mut Tx<'_>, link: &Link, back: &Back, guild: Option<GuildId>) -> String {
        let permissions = self.permissions.unwrap_or(link.permissions).to_string();
        let guild_id = guild.map(|guild| guild.to_string());
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        let secret = secret::token();
        let scope = Scope::joined(&link.scopes);
        let life = TOKEN_LIFE.as_secs().to_string();
        match link.response {
            Response::None => {}
            Response::Code => {
                let codes = &mut tx.world.oauth2.codes;
                codes.retain(|code| tx.now < code.expires);
                if codes.len() >= MAX_CODES {
                    codes.remove(0);
                }
                codes.push(AuthorizationCode {
                    code: secret.clone(),
                    application: link.application,
                    user: self.user,
                    scopes: link.scopes.clone(),
                    redirect_uri: back.uri.clone(),
                    redirect_given: back.given,
                    challenge: link.challenge.clone(),
                    guild,
                    expires: tx.now.plus(CODE_LIFE),
                });
                pairs.push(("code", &secret));
            }
            Response::Token => {
                issue(tx, secret.clone(), None, link.application, self.user, link.scopes.clone());
                pairs.extend([
                    ("token_type", "Bearer"),
                    ("access_token", secret.as_str()),
                    ("expires_in", life.as_str()),
                    ("scope", scope.as_str()),
                ]);
            }
        }
        if let Some(guild) = &guild_id {
            pairs.push(("guild_id", guild));
            if link.scopes.contains(&Scope::Bot) {
                pairs.push(("permissions", &permissions));
            }
        }
        back.location(&pairs)
    }
}
