//! Removing members who have not been active. See Discord docs: Guild / Get Guild Prune Count, Begin Guild Prune.
//!
//! Discord goes by when somebody was last seen online. The world keeps no history of presences, and its people
//! are online from the moment they are made. So it goes by what is on record: somebody is inactive who neither
//! joined nor sent a message in the guild within the given days. Bots, and members who do not stand below the
//! actor, are never pruned.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use super::super::change;
use crate::{
    Action, Actor, ApiError, Audit, AuditAction, Author, Guild, GuildId, Member, RoleId, Timestamp, Tx,
    UserId, World,
    body::{self, Form, parse_id},
    permissions::{KICK_MEMBERS, MANAGE_GUILD},
};

/// Days without activity when the request names none.
const DEFAULT_DAYS: i64 = 7;
/// The most days.
const MAX_DAYS: i64 = 30;
/// Roles of `include_roles`.
const MAX_ROLES: usize = 100;

/// Whom a prune is about.
struct Rule {
    days: i64,
    /// Members with these roles and no others are included.
    roles: Vec<RoleId>,
}

impl Rule {
    fn read(form: Form<'_>) -> Self {
        Self { days: form.integer("days", 1, MAX_DAYS).unwrap_or(DEFAULT_DAYS), roles: read_roles(form) }
    }

    /// The members that it is about, if all its roles are the guild's.
    fn matching(
        &self,
        world: &World,
        actor: Actor,
        guild: &Guild,
        now: Timestamp,
    ) -> Result<Vec<UserId>, ApiError> {
        if self.roles.iter().any(|role| !guild.roles.contains_key(role)) {
            return Err(ApiError::unknown_role());
        }
        let days = u64::try_from(self.days).unwrap_or_default();
        let quiet = Duration::from_secs(days * 24 * 60 * 60);
        let last_sent = last_sent(world, guild);
        let inactive = |member: &&Member| {
            let sent = last_sent.get(&member.user).copied();
            now.since(sent.map_or(member.joined_at, |at| at.max(member.joined_at))) >= quiet
        };
        let bare = |member: &&Member| member.roles.iter().all(|role| self.roles.contains(role));
        let person = |member: &&Member| world.users.get(&member.user).is_some_and(|user| !user.bot);
        let below = |member: &&Member| world.outranks(guild.id, actor.user, member.user);
        let members = guild.members.values().filter(bare).filter(inactive).filter(person).filter(below);
        Ok(members.map(|member| member.user).collect())
    }
}

/// A list of ids, or one text with commas between them.
fn read_roles(form: Form<'_>) -> Vec<RoleId> {
    let key = "include_roles";
    let list = match form.get(key) {
        None => return Vec::new(),
        Some(Value::String(text)) => text.split(',').filter(|id| !id.is_empty()).map(Value::from).collect(),
        Some(_) => form.list(key, usize::MAX).cloned().unwrap_or_default(),
    };
    if list.len() > MAX_ROLES {
        form.error(key, "BASE_TYPE_MAX_LENGTH", format!("Must be {MAX_ROLES} or fewer in length."));
    }
    let mut roles = Vec::new();
    for (index, value) in list.iter().enumerate().take(MAX_ROLES).filter(|(_, value)| !value.is_null()) {
        match parse_id(value) {
            Some(role) => roles.push(role),
            None => {
                form.error(format_args!("{key}.{index}"), "NUMBER_TYPE_COERCE", "Value is not snowflake.");
            }
        }
    }
    roles
}

/// When each user last wrote in any channel or thread of the guild: what channels remember beyond deleted messages,
/// and the messages that are there.
fn last_sent(world: &World, guild: &Guild) -> BTreeMap<UserId, Timestamp> {
    let mut last = BTreeMap::new();
    let mut note = |user, at: Timestamp| {
        let known = last.entry(user).or_insert(at);
        *known = at.max(*known);
    };
    for channel in guild.channels.iter().filter_map(|id| world.channels.get(id)) {
        channel.last_sent.iter().for_each(|(user, at)| note(*user, *at));
        for message in channel.messages.values() {
            if let Author::User(user) = message.author {
                note(user, message.sent);
            }
        }
    }
    last
}

/// GET /guilds/{guild}/prune, with the query as an object: how many members a prune by this actor would remove.
///
/// # Errors
/// 10004, 10011 (a role of `include_roles`), 50001, 50013 (MANAGE_GUILD and KICK_MEMBERS), 50035.
pub fn prune_count(
    world: &World,
    actor: Actor,
    guild: GuildId,
    query: &Value,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let found = world.require_guild(actor, guild, MANAGE_GUILD | KICK_MEMBERS, now)?;
    let rule = body::read(query, Rule::read)?;
    Ok(json!({ "pruned": rule.matching(world, actor, found, now)?.len() }))
}

/// POST /guilds/{guild}/prune: `days` (1 to 30, else 7), `include_roles`, `compute_prune_count` (on unless told
/// otherwise). Removes members without roles who were not active, and with `include_roles` those who have some of
/// these roles and no others.
///
/// # Errors
/// As [`prune_count`].
#[derive(Debug)]
pub struct Prune {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for Prune {
    /// `{pruned}`: how many, or null where the count was not wanted.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let found = tx.world.require_guild(self.actor, self.guild, MANAGE_GUILD | KICK_MEMBERS, tx.now)?;
        let (rule, counted) = body::read(&self.body, |form| {
            (Rule::read(form), form.boolean("compute_prune_count").unwrap_or(true))
        })?;
        let members = rule.matching(tx.world, self.actor, found, tx.now)?;
        for member in &members {
            change::leave(tx, self.guild, *member);
        }
        if !members.is_empty() {
            let audit = Audit::new(self.actor.user, AuditAction::MemberPrune);
            let audit = audit.option("delete_member_days", rule.days);
            tx.audit(self.guild, audit.option("members_removed", members.len()));
        }
        Ok(json!({ "pruned": counted.then_some(members.len()) }))
    }
}
