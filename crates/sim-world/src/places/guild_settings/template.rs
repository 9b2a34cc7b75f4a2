//! A guild's template: its settings, roles and channels at one moment, found by a code.
//! See Discord docs: Guild Template.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    Action, Actor, ApiError, Channel, ChannelId, ChannelKind, Guild, GuildId, GuildTemplate, OverwriteKind,
    RoleId, Timestamp, Tx, World,
    body::{self, Form},
    permissions::{self, MANAGE_GUILD},
    wire,
};

fn unknown() -> ApiError {
    ApiError::new(404, 10057, "Unknown guild template")
}

/// The template of a guild, by its code.
fn found<'g>(guild: &'g Guild, code: &str) -> Result<&'g GuildTemplate, ApiError> {
    guild.community.template.as_ref().filter(|t| t.code == code).ok_or_else(unknown)
}

fn shown(world: &World, guild: &Guild, template: &GuildTemplate) -> Value {
    wire::guild_template(world, guild, template, snapshot(world, guild) != template.snapshot)
}

/// GET /guilds/templates/{code}: anybody's.
///
/// # Errors
/// 10057.
pub fn template(world: &World, code: &str) -> Result<Value, ApiError> {
    let mut guilds = world.guilds.values();
    let found = guilds.find_map(|guild| Some((guild, found(guild, code).ok()?)));
    found.map(|(guild, template)| shown(world, guild, template)).ok_or_else(unknown)
}

/// GET /guilds/{guild}/templates: the one it has, or none.
///
/// # Errors
/// 10004, 50001, 50013 (MANAGE_GUILD).
pub fn guild_templates(world: &World, actor: Actor, id: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, MANAGE_GUILD, now)?;
    Ok(guild.community.template.iter().map(|template| shown(world, guild, template)).collect())
}

fn read(form: Form<'_>, template: &mut GuildTemplate) {
    if let Some(name) = form.string("name", 1, 100) {
        name.clone_into(&mut template.name);
    }
    if form.has("description") {
        let text = form.string("description", 0, 120).filter(|text| !text.is_empty());
        template.description = text.map(str::to_owned);
    }
}

/// Stores a template; answers it.
fn put(tx: &mut Tx<'_>, guild: GuildId, template: Option<GuildTemplate>) -> Result<Value, ApiError> {
    if let Some(guild) = tx.world.guilds.get_mut(&guild) {
        guild.community.template = template;
    }
    let guild = tx.world.guild(guild)?;
    Ok(guild.community.template.as_ref().map_or(Value::Null, |template| shown(tx.world, guild, template)))
}

/// POST /guilds/{guild}/templates: `{name, description?}`.
///
/// # Errors
/// 10004, 30031 if it has one, 50001, 50013 (MANAGE_GUILD), 50035.
#[derive(Debug)]
pub struct CreateTemplate {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for CreateTemplate {
    /// The template.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, MANAGE_GUILD, tx.now)?;
        let mut template = GuildTemplate {
            code: String::new(),
            name: String::new(),
            description: None,
            creator: self.actor.user,
            created: tx.now,
            updated: tx.now,
            snapshot: snapshot(tx.world, guild),
        };
        body::read(&self.body, |form| {
            if form.get("name").is_none() {
                form.missing("name");
            }
            read(form, &mut template);
        })?;
        if guild.community.template.is_some() {
            return Err(ApiError::new(400, 30031, "Guild already has a template"));
        }
        template.code = code(tx.mint());
        put(tx, self.guild, Some(template))
    }
}

/// Letters and digits that stand for a number: a code is as unique as the id it is made of.
fn code(mut number: u64) -> String {
    const SIGNS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut code = String::new();
    while number > 0 {
        code.push(char::from(SIGNS[(number % 62) as usize]));
        number /= 62;
    }
    code
}

/// PUT /guilds/{guild}/templates/{code}: takes the guild as it is now.
///
/// # Errors
/// 10004, 10057, 50001, 50013 (MANAGE_GUILD).
#[derive(Debug)]
pub struct SyncTemplate {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub code: String,
}

impl Action for SyncTemplate {
    /// The template.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, MANAGE_GUILD, tx.now)?;
        let template = found(guild, &self.code)?.clone();
        let snapshot = snapshot(tx.world, guild);
        let updated = tx.now;
        put(tx, self.guild, Some(GuildTemplate { updated, snapshot, ..template }))
    }
}

/// PATCH /guilds/{guild}/templates/{code}: `{name?, description?}`.
///
/// # Errors
/// 10004, 10057, 50001, 50013 (MANAGE_GUILD), 50035.
#[derive(Debug)]
pub struct PatchTemplate {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub code: String,
    /// The body.
    pub body: Value,
}

impl Action for PatchTemplate {
    /// The template.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, MANAGE_GUILD, tx.now)?;
        let mut template = found(guild, &self.code)?.clone();
        body::read(&self.body, |form| read(form, &mut template))?;
        template.updated = tx.now;
        put(tx, self.guild, Some(template))
    }
}

/// DELETE /guilds/{guild}/templates/{code}.
///
/// # Errors
/// 10004, 10057, 50001, 50013 (MANAGE_GUILD).
#[derive(Debug)]
pub struct DeleteTemplate {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub code: String,
}

impl Action for DeleteTemplate {
    /// The template as it was.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, MANAGE_GUILD, tx.now)?;
        let before = shown(tx.world, guild, found(guild, &self.code)?);
        put(tx, self.guild, None)?;
        Ok(before)
    }
}

/// The guild as its template keeps it: without members and what hangs on them. Roles count from 0, @everyone's number,
/// channels from 1; announcement and stage channels, which need COMMUNITY, become plain ones.
fn snapshot(world: &World, guild: &Guild) -> Value {
    let roles: Vec<RoleId> = permissions::ranked(guild)
        .into_iter()
        .filter(|id| guild.roles.get(id).is_some_and(|r| !r.managed))
        .collect();
    let role_numbers: BTreeMap<u64, usize> =
        (0..).zip(&roles).map(|(number, id)| (id.get(), number)).collect();
    let role = |(number, id): (usize, &RoleId)| {
        let mut role = wire::role(guild.roles.get(id)?);
        role["id"] = json!(number);
        for key in ["position", "managed", "tags", "flags"] {
            role.as_object_mut()?.shift_remove(key);
        }
        Some(role)
    };
    let mut channels: Vec<&Channel> = guild.channels.iter().filter_map(|c| world.channels.get(c)).collect();
    channels.retain(|c| !c.kind.is_thread());
    // Categories first, so that what is in them finds them.
    channels.sort_by_key(|c| (c.kind != ChannelKind::Category, c.position, c.id));
    let numbers: BTreeMap<ChannelId, usize> =
        (1..).zip(&channels).map(|(number, c)| (c.id, number)).collect();
    let numbered = |id: Option<ChannelId>| id.and_then(|id| numbers.get(&id)).map(ToString::to_string);
    let channel = |found: &&Channel| {
        let whole = wire::channel(world, found);
        let or =
            |key: &str, default: Value| whole.get(key).filter(|v| !v.is_null()).cloned().unwrap_or(default);
        let overwrite = |o: &crate::Overwrite| {
            let number = role_numbers.get(&o.id).filter(|_| o.kind == OverwriteKind::Role)?;
            Some(json!({
                "id": number.to_string(), "type": 0, "allow": o.allow.to_string(), "deny": o.deny.to_string(),
            }))
        };
        let tags = or("available_tags", Value::Null);
        let tags = tags.as_array().map(|tags| -> Value {
            let tag = |(number, tag): (usize, &Value)| {
                let mut tag = tag.clone();
                tag["id"] = json!(number);
                tag
            };
            (1..).zip(tags).map(tag).collect()
        });
        let overwrites: Vec<Value> = found.overwrites.iter().filter_map(overwrite).collect();
        json!({
            "id": numbers.get(&found.id),
            "type": plain(found.kind),
            "name": found.name,
            "position": found.position,
            "topic": or("topic", Value::Null),
            "bitrate": or("bitrate", json!(64_000)),
            "user_limit": or("user_limit", json!(0)),
            "nsfw": found.nsfw,
            "rate_limit_per_user": found.rate_limit_per_user,
            "parent_id": numbered(found.parent),
            "default_auto_archive_duration": or("default_auto_archive_duration", Value::Null),
            "permission_overwrites": overwrites,
            "available_tags": tags,
            "template": "",
            "default_reaction_emoji": or("default_reaction_emoji", Value::Null),
            "default_thread_rate_limit_per_user": or("default_thread_rate_limit_per_user", Value::Null),
            "default_sort_order": or("default_sort_order", Value::Null),
            "default_forum_layout": or("default_forum_layout", Value::Null),
            "default_tag_setting": or("default_tag_setting", Value::Null),
            "theme_color": Value::Null,
        })
    };
    let settings = &guild.settings;
    json!({
        "name": guild.name,
        "description": guild.description,
        "region": null,
        "verification_level": settings.verification_level,
        "default_message_notifications": settings.default_message_notifications,
        "explicit_content_filter": settings.explicit_content_filter,
        "preferred_locale": settings.preferred_locale,
        "afk_channel_id": numbered(settings.afk_channel),
        "afk_timeout": settings.afk_timeout,
        "system_channel_id": numbered(guild.system_channel),
        "system_channel_flags": settings.system_channel_flags,
        "roles": (0..).zip(&roles).filter_map(role).collect::<Vec<_>>(),
        "channels": channels.iter().map(channel).collect::<Vec<_>>(),
    })
}

/// The number of a channel's type in a template.
fn plain(kind: ChannelKind) -> u8 {
    match kind {
        ChannelKind::Category => 4,
        ChannelKind::Voice | ChannelKind::Stage => 2,
        ChannelKind::Forum | ChannelKind::Media => 15,
        _ => 0,
    }
}
