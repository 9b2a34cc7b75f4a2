//! The operator makes, changes and removes applications and their tokens.

use serde_json::{Value, json};

use super::{bot_token, known, new_user, user, verify_key};
use crate::{
    Action, ApiError, Application, ApplicationId, Audience, EventKind, GuildId, Member, OAuth2Client, Role,
    RoleId, Status, Tx, UserId, World,
    body::{self, Form},
    intents, monetization,
    oauth2::{MAX_REDIRECT_URIS, client_secret, registrable},
    places::{change, expressions, sight::Sight},
    webhooks, wire,
};

const KEYS: &[&str] = &[
    "name",
    "description",
    "owner",
    "privileged_intents",
    "guilds",
    "permissions",
    "max_concurrency",
    "session_starts",
    "public",
    "redirect_uris",
    "require_code_grant",
    "public_client",
];

/// Guilds that one application may be put into by one body.
const MAX_GUILDS: usize = 1000;

/// What a body asks for.
#[derive(Default)]
struct ApplicationForm {
    name: Option<String>,
    description: Option<String>,
    owner: Option<UserId>,
    privileged_intents: Option<u64>,
    guilds: Vec<GuildId>,
    permissions: Option<u64>,
    max_concurrency: Option<u32>,
    session_starts: Option<u32>,
    public: Option<bool>,
    redirect_uris: Option<Vec<String>>,
    require_code_grant: Option<bool>,
    public_client: Option<bool>,
}

impl ApplicationForm {
    fn read(form: Form<'_>, world: &World) -> Self {
        known(form, KEYS);
        let small = |n: i64| u32::try_from(n).ok();
        let owner: Option<UserId> = form.id("owner");
        if owner.is_some_and(|o| !world.users.contains_key(&o)) {
            form.error("owner", "UNKNOWN_USER", "No such user.");
        }
        Self {
            name: form.string("name", 2, 32).map(str::to_owned),
            description: form.string("description", 0, 400).map(str::to_owned),
            owner,
            privileged_intents: read_intents(form),
            guilds: read_guilds(form, world),
            permissions: form.bits("permissions"),
            max_concurrency: form.integer("max_concurrency", 1, 1024).and_then(small),
            session_starts: form.integer("session_starts", 0, 1_000_000).and_then(small),
            public: form.boolean("public"),
            redirect_uris: read_redirects(form),
            require_code_grant: form.boolean("require_code_grant"),
            public_client: form.boolean("public_client"),
        }
    }

    fn write(&self, application: &mut Application) {
        if let Some(name) = &self.name {
            application.name.clone_from(name);
        }
        if let Some(description) = &self.description {
            application.description.clone_from(description);
        }
        application.owner = self.owner.unwrap_or(application.owner);
        application.privileged_intents = self.privileged_intents.unwrap_or(application.privileged_intents);
        application.max_concurrency = self.max_concurrency.unwrap_or(application.max_concurrency);
        application.public = self.public.unwrap_or(application.public);
        application.session_starts = self.session_starts.unwrap_or(application.session_starts);
        let client = &mut application.oauth2;
        if let Some(uris) = &self.redirect_uris {
            client.redirect_uris.clone_from(uris);
        }
        client.require_code_grant = self.require_code_grant.unwrap_or(client.require_code_grant);
        client.public_client = self.public_client.unwrap_or(client.public_client);
    }
}

fn read_intents(form: Form<'_>) -> Option<u64> {
    let list = form.list("privileged_intents", 3)?;
    let mut bits = 0;
    for (index, name) in list.iter().enumerate() {
        bits |= match name.as_str() {
            Some("presence") => intents::GUILD_PRESENCES,
            Some("members") => intents::GUILD_MEMBERS,
            Some("message_content") => intents::MESSAGE_CONTENT,
            _ => {
                let at = format!("privileged_intents.{index}");
                form.error(at, "BASE_TYPE_CHOICES", "One of presence, members, message_content.");
                0
            }
        };
    }
    Some(bits)
}

fn read_redirects(form: Form<'_>) -> Option<Vec<String>> {
    let list = form.list("redirect_uris", MAX_REDIRECT_URIS)?;
    let mut uris: Vec<String> = Vec::new();
    for (index, value) in list.iter().enumerate() {
        let at = format!("redirect_uris.{index}");
        let Some(uri) = value.as_str() else {
            form.error(at, "STRING_TYPE_CONVERT", "Could not interpret value as string.");
            continue;
        };
        match registrable(uri) {
            Ok(()) if uris.iter().any(|earlier| earlier == uri) => {}
            Ok(()) => uris.push(uri.to_owned()),
            Err(problem) => form.error(at, "URL_TYPE_INVALID_URL", problem),
        }
    }
    Some(uris)
}

fn read_guilds(form: Form<'_>, world: &World) -> Vec<GuildId> {
    let list = form.list("guilds", MAX_GUILDS).map_or(&[][..], Vec::as_slice);
    let mut guilds = Vec::new();
    for (index, value) in list.iter().enumerate() {
        match body::parse_id::<GuildId>(value).filter(|id| world.guilds.contains_key(id)) {
            Some(id) => guilds.push(id),
            None => form.error(format!("guilds.{index}"), "UNKNOWN_GUILD", "No such guild."),
        }
    }
    guilds
}

/// Makes an application with its bot user and token, a member of `guilds` with a managed role that grants
/// `permissions`: `{name, description?, owner?, privileged_intents?, guilds?, permissions?, max_concurrency?,
/// session_starts?, public?, redirect_uris?, require_code_grant?, public_client?}`.
#[derive(Debug)]
pub struct CreateApplication {
    /// The body.
    pub body: Value,
}

impl Action for CreateApplication {
    /// `{application, user, token, client_secret}`.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let form = body::read(&self.body, |form| {
            if form.get("name").is_none() {
                form.missing("name");
            }
            ApplicationForm::read(form, tx.world)
        })?;
        let id = ApplicationId::new(tx.mint());
        let somebody = tx.world.users.values().find(|u| !u.bot).map(|u| u.id);
        let mut application = Application {
            id,
            name: String::new(),
            description: String::new(),
            owner: somebody.unwrap_or(id.into()),
            token: bot_token(id, tx.now),
            privileged_intents: 0,
            public: true,
            tags: Vec::new(),
            max_concurrency: 1,
            session_starts: 1000,
            verify_key: verify_key(),
            icon: None,
            settings: serde_json::Map::new(),
            oauth2: OAuth2Client::new(),
        };
        form.write(&mut application);
        let mut bot = new_user(id.into());
        bot.username.clone_from(&application.name);
        bot.bot = true;
        bot.status = Status::Offline;
        bot.discriminator = format!("{:04}", fastrand::u16(1..10_000));
        tx.world.users.insert(bot.id, bot);
        tx.world.applications.insert(id, application);
        for guild in form.guilds {
            add_to_guild(tx, id, guild, form.permissions.unwrap_or(0));
        }
        answer(tx.world, id)
    }
}

fn answer(world: &World, id: ApplicationId) -> Result<Value, ApiError> {
    let application = world.application(id)?;
    Ok(json!({
        "application": wire::application(world, application),
        "user": wire::user_by_id(world, id.into()),
        "token": application.token,
        "client_secret": application.oauth2.secret,
    }))
}

/// Puts an application's bot into a guild, with a managed role if it gets permissions.
fn add_to_guild(tx: &mut Tx<'_>, id: ApplicationId, guild: GuildId, permissions: u64) {
    let name = tx.world.applications.get(&id).map_or_else(String::new, |a| a.name.clone());
    let role = RoleId::new(tx.mint());
    let now = tx.now;
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return };
    if found.members.contains_key(&id.into()) {
        return;
    }
    let mut member = Member::new(id.into(), now);
    if permissions != 0 {
        let managed = Role { permissions, managed: true, bot: Some(id), ..Role::new(role, name) };
        // The bot itself finds the role in its GUILD_CREATE, before which it must not hear of the guild.
        let told = Audience::Users(Some(guild), found.members.keys().copied().collect());
        let data = json!({ "guild_id": guild, "role": wire::role(&managed) });
        found.roles.insert(role, managed);
        member.roles.push(role);
        tx.emit(EventKind::GuildRoleCreate, told, data);
    }
    change::join(tx, guild, member);
}

/// Changes an application: the keys of [`CreateApplication`]. `guilds` adds it to guilds; `permissions` also
/// changes the managed roles it has.
#[derive(Debug)]
pub struct PatchApplication {
    /// Which.
    pub application: ApplicationId,
    /// The body.
    pub body: Value,
}

impl Action for PatchApplication {
    /// `{application, user}`; token and secret are told only when they are made.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let id = self.application;
        let mut application = tx.world.application(id)?.clone();
        let form = body::read(&self.body, |form| ApplicationForm::read(form, tx.world))?;
        for guild in &form.guilds {
            tx.world.refuse_banned(*guild, id.into())?;
        }
        form.write(&mut application);
        let renamed = tx.world.users.get_mut(&id.into()).filter(|u| u.username != application.name);
        let renamed =
            renamed.filter(|_| form.name.is_some()).map(|u| u.username.clone_from(&application.name));
        tx.world.applications.insert(id, application);
        if renamed.is_some() {
            change::user_updated(tx, id.into());
        }
        if let Some(permissions) = form.permissions {
            grant(tx, id, permissions);
        }
        for guild in form.guilds {
            add_to_guild(tx, id, guild, form.permissions.unwrap_or(0));
        }
        let mut value = answer(tx.world, id)?;
        if let Some(map) = value.as_object_mut() {
            map.shift_remove("token");
            map.shift_remove("client_secret");
        }
        Ok(value)
    }
}

/// Sets the permissions of an application's managed roles; makes one where it has none.
fn grant(tx: &mut Tx<'_>, id: ApplicationId, permissions: u64) {
    let guilds: Vec<GuildId> = tx.world.guilds_of(id.into()).map(|g| g.id).collect();
    for guild in guilds {
        grant_in(tx, id, guild, permissions);
    }
}

fn grant_in(tx: &mut Tx<'_>, id: ApplicationId, guild: GuildId, permissions: u64) {
    let sight = Sight::of(tx.world, guild, tx.now);
    let minted = RoleId::new(tx.mint());
    let name = tx.world.applications.get(&id).map_or_else(String::new, |a| a.name.clone());
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return };
    if let Some(role) = found.roles.values_mut().find(|r| r.bot == Some(id)) {
        role.permissions = permissions;
        let role = role.id;
        change::role_event(tx, EventKind::GuildRoleUpdate, guild, role);
    } else if permissions != 0 {
        let managed = Role { permissions, managed: true, bot: Some(id), ..Role::new(minted, name) };
        found.roles.insert(minted, managed);
        if let Some(member) = found.members.get_mut(&id.into()) {
            member.roles.push(minted);
        }
        change::role_event(tx, EventKind::GuildRoleCreate, guild, minted);
        change::member_updated(tx, guild, id.into());
    }
    sight.tell(tx);
}

/// Puts an application's bot into a guild with these permissions, or gives them to the one that is there.
pub(in crate::places) fn add_bot(tx: &mut Tx<'_>, id: ApplicationId, guild: GuildId, permissions: u64) {
    if tx.world.member(guild, id.into()).is_ok() {
        grant_in(tx, id, guild, permissions);
    } else {
        add_to_guild(tx, id, guild, permissions);
        change::guild_view_changed(tx, guild);
    }
}

/// Gives an application a new token; the old one is invalid from then on.
#[derive(Debug)]
pub struct NewToken {
    /// Whose.
    pub application: ApplicationId,
}

impl Action for NewToken {
    /// The token.
    type Output = String;

    fn apply(self, tx: &mut Tx<'_>) -> Result<String, ApiError> {
        let now = tx.now;
        let application = tx.world.applications.get_mut(&self.application);
        let application = application.ok_or_else(ApiError::unknown_application)?;
        application.token = bot_token(application.id, now);
        Ok(application.token.clone())
    }
}

/// Gives an application a new client secret; the old one is invalid from then on, tokens stay good.
#[derive(Debug)]
pub struct NewClientSecret {
    /// Whose.
    pub application: ApplicationId,
}

impl Action for NewClientSecret {
    /// The secret.
    type Output = String;

    fn apply(self, tx: &mut Tx<'_>) -> Result<String, ApiError> {
        let application =
            tx.world.applications.get_mut(&self.application).ok_or_else(ApiError::unknown_application)?;
        application.oauth2.secret = client_secret();
        Ok(application.oauth2.secret.clone())
    }
}

/// Removes an application with its bot user, commands and interactions.
#[derive(Debug)]
pub struct DeleteApplication {
    /// Which.
    pub application: ApplicationId,
}

impl Action for DeleteApplication {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let id = self.application;
        tx.world.application(id)?;
        let bot = UserId::from(id);
        if let Some(guild) = tx.world.guilds.values().find(|g| g.owner == bot) {
            let message =
                format!("Its bot owns guild {}: give it another owner or delete it first.", guild.id);
            return Err(ApiError::form("", "USER_IN_USE", message));
        }
        let guilds: Vec<GuildId> = tx.world.guilds_of(bot).map(|g| g.id).collect();
        tx.world.commands.retain(|_, c| c.application != id);
        tx.world.command_creates.retain(|(_, a, _)| *a != id);
        tx.world.interactions.retain(|_, i| i.application != id);
        tx.world.guild_installs.retain(|(_, a)| *a != id);
        tx.world.user_installs.retain(|(_, a)| *a != id);
        expressions::forget_application(tx.world, id);
        webhooks::forget_application(tx, id, None);
        tx.world.command_permissions.retain(|p| p.application != id);
        tx.world.oauth2.forget(|_, whose| whose == id);
        user::remove(tx, bot);
        tx.world.applications.remove(&id);
        monetization::forget(tx.world);
        for guild in guilds {
            change::guild_view_changed(tx, guild);
        }
        Ok(())
    }
}
