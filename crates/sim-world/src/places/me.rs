//! What a bot or person changes about itself: user, application, own member, leaving a guild.

use serde_json::Value;

use super::{audit, change, image};
use crate::{
    Action, Actor, ApiError, Application, GuildId, Tx, auto_moderation,
    body::{self, Form},
    intents, permissions, wire,
};

/// What no username contains. See Discord docs: User / Usernames and Nicknames.
const NOT_IN_NAMES: [&str; 5] = ["@", "#", ":", "```", "discord"];

/// What no username is.
const NO_NAMES: [&str; 2] = ["everyone", "here"];

/// PATCH /users/@me: `username` (2-32), `avatar` and `banner` (data URI or null).
///
/// # Errors
/// 50035.
#[derive(Debug)]
pub struct PatchMe {
    /// Who.
    pub actor: Actor,
    /// The body.
    pub body: Value,
}

impl Action for PatchMe {
    /// The user as it sees itself.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let before = tx.world.user(self.actor.user)?;
        let mut user = before.clone();
        body::read(&self.body, |form| {
            if let Some(name) = form.name("username", 2, 32) {
                let lower = name.to_lowercase();
                for part in NOT_IN_NAMES.into_iter().filter(|part| lower.contains(part)) {
                    let message = format!("Username cannot contain \"{part}\"");
                    form.error("username", "USERNAME_INVALID_CONTAINS", message);
                }
                if NO_NAMES.contains(&lower.as_str()) {
                    form.error("username", "USERNAME_INVALID", "Username cannot be this word.");
                }
                user.username = name;
            }
            if let Some(avatar) = image::read(form, "avatar") {
                user.avatar = avatar;
            }
            if let Some(banner) = image::read(form, "banner") {
                user.banner = banner;
            }
        })?;
        let changed = (&user.username, &user.avatar, &user.banner)
            != (&before.username, &before.avatar, &before.banner);
        let answer = wire::current_user(&user);
        tx.world.users.insert(user.id, user);
        if changed {
            change::user_updated(tx, self.actor.user);
        }
        Ok(answer)
    }
}

/// PATCH /applications/@me: description, icon, tags, intent flags, install settings.
///
/// # Errors
/// 10002, 50001 for a person, 50035.
#[derive(Debug)]
pub struct PatchApplication {
    /// Who.
    pub actor: Actor,
    /// The body.
    pub body: Value,
}

/// Settings that are kept and answered as given: name and whether it is an address.
const KEPT: [(&str, bool); 8] = [
    ("custom_install_url", true),
    ("role_connections_verification_url", true),
    ("interactions_endpoint_url", true),
    ("event_webhooks_url", true),
    ("event_webhooks_status", false),
    ("event_webhooks_types", false),
    ("install_params", false),
    ("integration_types_config", false),
];

/// Those whose null is shown; the others are left out then.
const NULLABLE: [&str; 3] =
    ["role_connections_verification_url", "interactions_endpoint_url", "event_webhooks_url"];

impl Action for PatchApplication {
    /// The application object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let id = self.actor.application.ok_or_else(ApiError::missing_access)?;
        let mut application = tx.world.application(id)?.clone();
        body::read(&self.body, |form| read_application(form, &mut application))?;
        let answer = wire::application(tx.world, &application);
        tx.world.applications.insert(id, application);
        Ok(answer)
    }
}

fn read_application(form: Form<'_>, application: &mut Application) {
    if form.has("description") {
        let text = form.string("description", 0, 400).unwrap_or_default();
        text.clone_into(&mut application.description);
    }
    if let Some(icon) = image::read(form, "icon") {
        application.icon = icon;
    }
    match image::read(form, "cover_image") {
        Some(Some(hash)) => drop(application.settings.insert("cover_image".into(), hash.into())),
        Some(None) => drop(application.settings.shift_remove("cover_image")),
        None => {}
    }
    if let Some(tags) = form.list("tags", 5) {
        application.tags.clear();
        for (index, tag) in tags.iter().enumerate() {
            match tag.as_str().filter(|t| (1..=20).contains(&t.chars().count())) {
                Some(tag) if application.tags.iter().any(|t| t == tag) => {
                    let at = format_args!("tags.{index}");
                    form.error(at, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
                }
                Some(tag) => application.tags.push(tag.to_owned()),
                None => {
                    let at = format_args!("tags.{index}");
                    form.error(at, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 20 in length.");
                }
            }
        }
    }
    if let Some(flags) = form.bits("flags") {
        // Only the limited intent flags can be set by the application itself.
        let limited = [
            (1 << 13, intents::GUILD_PRESENCES),
            (1 << 15, intents::GUILD_MEMBERS),
            (1 << 19, intents::MESSAGE_CONTENT),
        ];
        let bits = limited.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, intent)| intent);
        application.privileged_intents = bits.sum();
    }
    for (key, is_address) in KEPT {
        read_kept(form, key, is_address, application);
    }
}

fn read_kept(form: Form<'_>, key: &str, is_address: bool, application: &mut Application) {
    if !form.has(key) {
        return;
    }
    match form.get(key) {
        None if NULLABLE.contains(&key) => {
            application.settings.insert(key.to_owned(), Value::Null);
        }
        None => {
            application.settings.shift_remove(key);
        }
        Some(value) => {
            if is_address {
                let https = |s: &str| s.starts_with("https://") || s.starts_with("http://");
                if !value.as_str().is_some_and(https) {
                    form.error(key, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
                }
            } else if key == "install_params" {
                let path = form.at(key);
                if let Some(params) = Form::new(value, &path, form.errors()) {
                    for needed in ["scopes", "permissions"] {
                        if params.get(needed).is_none() {
                            params.missing(needed);
                        }
                    }
                }
            }
            application.settings.insert(key.to_owned(), value.clone());
        }
    }
}

/// PATCH /guilds/{guild}/members/@me: `nick` (CHANGE_NICKNAME), `avatar`, `banner`, `bio` (190).
///
/// # Errors
/// 10004, 50001, 50013, 50035.
#[derive(Debug)]
pub struct PatchMyMember {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for PatchMyMember {
    /// The member object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let user = self.actor.user;
        tx.world.require_guild(self.actor, self.guild, 0, tx.now)?;
        let before = tx.world.member(self.guild, user)?.clone();
        let mut member = before.clone();
        body::read(&self.body, |form| {
            if form.has("nick") {
                member.nick = form.name("nick", 0, 32).filter(|n| !n.is_empty());
            }
            if let Some(avatar) = image::read(form, "avatar") {
                member.avatar = avatar;
            }
            if let Some(banner) = image::read(form, "banner") {
                member.banner = banner;
            }
            form.string("bio", 0, 190);
        })?;
        if member.nick != before.nick {
            tx.world.require_guild(self.actor, self.guild, permissions::CHANGE_NICKNAME, tx.now)?;
        }
        let nick = member.nick.as_deref().filter(|nick| Some(*nick) != before.nick.as_deref());
        let verdict = auto_moderation::check_nickname(tx, self.guild, user, nick)?;
        let changed =
            (&member.nick, &member.avatar, &member.banner) != (&before.nick, &before.avatar, &before.banner);
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.members.insert(user, member.clone());
        }
        if changed {
            change::member_updated(tx, self.guild, user);
            audit::member(tx, self.actor, self.guild, &before, &member);
        }
        if let Some(verdict) = verdict {
            verdict.execute(tx, None);
        }
        Ok(wire::member(tx.world, tx.world.guild(self.guild)?, tx.world.member(self.guild, user)?))
    }
}

/// DELETE /users/@me/guilds/{guild}: leaves. The owner cannot (50055).
///
/// # Errors
/// 10004 (also for a guild one is not in), 50055.
#[derive(Debug)]
pub struct LeaveGuild {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub guild: GuildId,
}

impl Action for LeaveGuild {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let guild = tx.world.guild(self.guild)?;
        if !guild.members.contains_key(&self.actor.user) {
            return Err(ApiError::unknown_guild());
        }
        if guild.owner == self.actor.user {
            return Err(ApiError::new(400, 50055, "Invalid Guild"));
        }
        change::leave(tx, self.guild, self.actor.user);
        Ok(())
    }
}
