//! A person adds an application to a guild, as on the page behind an invite link, and removes it again.
//! See Discord docs: OAuth2 / Bot Authorization Flow.

use serde_json::{Value, json};

use super::{audit, change, integration, operator::add_bot};
use crate::{
    Action, Actor, ApiError, ApplicationId, Audit, AuditAction, EventKind, GuildId, Tx, UserId,
    body::{self, Form},
    permissions::MANAGE_GUILD,
    webhooks, wire,
};

/// Adds an application to a guild: `{scopes: ["bot", "applications.commands"], permissions?}`. With `bot` its bot
/// joins, with a managed role that grants the permissions; one that is there already gets them. With
/// `applications.commands` alone its commands can be used there without a bot. Discord lets a person give
/// permissions that they do not hold themselves; so does this.
///
/// # Errors
/// 10002, 10004, 20012 (not public, and the person is not its owner), 50001 (not a member), 50013 (MANAGE_GUILD),
/// 40007 (its bot is banned there), 50035.
#[derive(Debug)]
pub struct AuthorizeApplication {
    /// The person.
    pub user: UserId,
    /// What.
    pub application: ApplicationId,
    /// Where to.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for AuthorizeApplication {
    /// `{application, guild, member, role}`: the bot's member and its managed role, or null.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let application = tx.world.application(self.application)?;
        let (bot, permissions) =
            body::read(&self.body, |form| (read_scopes(form), form.bits("permissions").unwrap_or(0)))?;
        if !application.public && application.owner != self.user {
            return Err(ApiError::not_authorized_for_application());
        }
        tx.world.require_guild(Actor::person(self.user), self.guild, MANAGE_GUILD, tx.now)?;
        let user = UserId::from(self.application);
        if bot {
            tx.world.refuse_banned(self.guild, user)?;
        }
        let was_member = tx.world.member(self.guild, user).is_ok();
        let was_there = was_member || tx.world.guild_installs.contains(&(self.guild, self.application));
        if bot {
            add_bot(tx, self.application, self.guild, permissions);
        } else if !was_there {
            tx.world.guild_installs.insert((self.guild, self.application));
            integration::announce(tx, EventKind::IntegrationCreate, self.guild, self.application);
            change::guild_view_changed(tx, self.guild);
        }
        if was_member {
            integration::announce(tx, EventKind::IntegrationUpdate, self.guild, self.application);
        }
        if bot && !was_member {
            tx.audit(self.guild, Audit::new(self.user, AuditAction::BotAdd).target(user.get()));
        }
        if !was_there {
            audit::integration(tx, self.user, self.guild, AuditAction::IntegrationCreate, user.get());
        }
        let guild = tx.world.guild(self.guild)?;
        Ok(json!({
            "application": wire::application_summary(tx.world, tx.world.application(self.application)?),
            "guild": guild.id,
            "member": guild.members.get(&user).map(|member| wire::member(tx.world, guild, member)),
            "role": guild.roles.values().find(|r| r.bot == Some(self.application)).map(wire::role),
        }))
    }
}

/// Whether a bot is asked for; at least one of the two scopes must be there, others are for logging in.
fn read_scopes(form: Form<'_>) -> bool {
    let mut known = [("bot", false), ("applications.commands", false)];
    for (index, scope) in form.list("scopes", 20).map_or(&[][..], Vec::as_slice).iter().enumerate() {
        match known.iter_mut().find(|(name, _)| scope.as_str() == Some(name)) {
            Some((_, given)) => *given = true,
            None => {
                let at = format!("scopes.{index}");
                form.error(at, "BASE_TYPE_CHOICES", "Only bot and applications.commands are simulated.");
            }
        }
    }
    if form.get("scopes").is_none() {
        form.missing("scopes");
    } else if known.iter().all(|(_, given)| !given) {
        form.error(
            "scopes",
            "BASE_TYPE_REQUIRED",
            "At least one of bot and applications.commands is needed.",
        );
    }
    known[0].1
}

/// DELETE /guilds/{guild}/integrations/{integration}, for an application: its bot leaves, its commands and webhooks
/// go.
///
/// # Errors
/// 10004, 10005 (it is not there), 50001, 50013 (MANAGE_GUILD), 50055 (its bot owns the guild).
#[derive(Debug)]
pub struct RemoveApplication {
    /// The person.
    pub user: UserId,
    /// What.
    pub application: ApplicationId,
    /// Where from.
    pub guild: GuildId,
}

impl Action for RemoveApplication {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let guild = tx.world.require_guild(Actor::person(self.user), self.guild, MANAGE_GUILD, tx.now)?;
        let bot = UserId::from(self.application);
        if guild.owner == bot {
            return Err(ApiError::new(400, 50055, "Invalid Guild"));
        }
        let installed = tx.world.guild_installs.contains(&(self.guild, self.application));
        if guild.members.contains_key(&bot) {
            change::leave(tx, self.guild, bot);
        } else if installed {
            tx.world.guild_installs.remove(&(self.guild, self.application));
            integration::removed(tx, self.guild, self.application);
        } else {
            return Err(ApiError::new(404, 10005, "Unknown Integration"));
        }
        webhooks::forget_application(tx, self.application, Some(self.guild));
        change::guild_view_changed(tx, self.guild);
        audit::integration(tx, self.user, self.guild, AuditAction::IntegrationDelete, bot.get());
        Ok(())
    }
}
