//! The operator makes, changes and removes users.

use serde_json::Value;

use super::known;
use crate::{
    Action, ApiError, Audience, ChannelId, CommandSubject, EventKind, GuildId, Status, Tx, User, UserId,
    body::{self, Form},
    commands, monetization,
    places::{change, image},
    wire,
};

const KEYS: &[&str] = &["username", "global_name", "bot", "dms_open", "avatar"];

/// Makes a user: `{username, global_name?, bot?: false, dms_open?: true, avatar?}`. People are online at once.
#[derive(Debug)]
pub struct CreateUser {
    /// The body.
    pub body: Value,
}

impl Action for CreateUser {
    /// The user object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let mut user = new_user(UserId::new(0));
        body::read(&self.body, |form| {
            known(form, KEYS);
            if form.get("username").is_none() {
                form.missing("username");
            }
            user.bot = form.boolean("bot").unwrap_or(false);
            read(form, &mut user);
        })?;
        if user.bot {
            user.discriminator = "0000".into();
            user.status = Status::Offline;
        }
        user.id = UserId::new(tx.mint());
        let answer = wire::user(&user);
        tx.world.users.insert(user.id, user);
        Ok(answer)
    }
}

/// A person who is online.
pub(crate) fn new_user(id: UserId) -> User {
    User {
        id,
        username: String::new(),
        global_name: None,
        discriminator: "0".into(),
        avatar: None,
        banner: None,
        bot: false,
        dms_open: true,
        status: Status::Online,
        activities: Vec::new(),
    }
}

fn read(form: Form<'_>, user: &mut User) {
    if let Some(name) = form.string("username", 2, 32) {
        name.clone_into(&mut user.username);
    }
    if form.has("global_name") {
        user.global_name = form.string("global_name", 1, 32).map(str::to_owned);
    }
    if let Some(open) = form.boolean("dms_open") {
        user.dms_open = open;
    }
    if let Some(avatar) = image::read(form, "avatar") {
        user.avatar = avatar;
    }
}

/// Changes a user: the keys of [`CreateUser`] without `bot`.
#[derive(Debug)]
pub struct PatchUser {
    /// Which.
    pub user: UserId,
    /// The body.
    pub body: Value,
}

impl Action for PatchUser {
    /// The user object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let mut user = tx.world.user(self.user)?.clone();
        body::read(&self.body, |form| {
            known(form, &["username", "global_name", "dms_open", "avatar"]);
            read(form, &mut user);
        })?;
        let answer = wire::user(&user);
        tx.world.users.insert(user.id, user);
        change::user_updated(tx, self.user);
        Ok(answer)
    }
}

/// Removes a user: leaves all guilds, closes DMs, takes back reactions. Messages stay, by a deleted user.
///
/// An owner of guilds or applications, and a bot that belongs to an application, are refused: remove those
/// first.
#[derive(Debug)]
pub struct DeleteUser {
    /// Which.
    pub user: UserId,
}

impl Action for DeleteUser {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let world = &tx.world;
        world.user(self.user)?;
        let refuse = |message: String| Err(ApiError::form("", "USER_IN_USE", message));
        if world.applications.contains_key(&self.user.into()) {
            return refuse("This is an application's bot user: delete the application.".into());
        }
        if let Some(guild) = world.guilds.values().find(|g| g.owner == self.user) {
            let message = format!("Owns guild {}: give it another owner or delete it first.", guild.id);
            return refuse(message);
        }
        if let Some(application) = world.applications.values().find(|a| a.owner == self.user) {
            return refuse(format!("Owns application {}: delete it first.", application.id));
        }
        remove(tx, self.user);
        monetization::forget(tx.world);
        Ok(())
    }
}

/// Takes a user out of the world with everything that is theirs alone.
pub(super) fn remove(tx: &mut Tx<'_>, user: UserId) {
    let guilds: Vec<GuildId> = tx.world.guilds_of(user).map(|g| g.id).collect();
    for guild in guilds {
        change::leave(tx, guild, user);
    }
    let dms: Vec<ChannelId> = tx
        .world
        .channels
        .values()
        .filter(|c| c.guild.is_none() && c.recipients.contains(&user))
        .map(|c| c.id)
        .collect();
    for dm in dms {
        change::remove_channel(tx, dm);
    }
    for message in tx.world.channels.values_mut().flat_map(|c| c.messages.values_mut()) {
        for reaction in &mut message.reactions {
            reaction.users.retain(|u| *u != user);
        }
        message.reactions.retain(|r| !r.users.is_empty());
        if let Some(poll) = &mut message.poll {
            poll.votes.values_mut().for_each(|users| users.retain(|u| *u != user));
            poll.votes.retain(|_, users| !users.is_empty());
        }
    }
    for channel in tx.world.channels.values_mut() {
        channel.last_sent.remove(&user);
        channel.overwrites.retain(|o| o.id != user.get());
    }
    for guild in tx.world.guilds.values_mut() {
        guild.bans.remove(&user);
    }
    tx.world.interactions.retain(|_, i| i.user != user);
    tx.world.user_installs.retain(|(whose, _)| *whose != user);
    tx.world.oauth2.forget(|whose, _| whose == user);
    commands::forget_permissions_of(tx.world, |s| *s == CommandSubject::User(user));
    tx.world.users.remove(&user);
    tx.emit(EventKind::PersonViewChanged, Audience::Person(user), serde_json::json!({}));
}
