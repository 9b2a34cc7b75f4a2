//! Banning one user, lifting a ban, and reading bans. See Discord docs: Guild / Create Guild Ban and following.

use std::{collections::BTreeSet, ops::Bound, time::Duration};

use serde_json::{Value, json};

use super::super::change;
use crate::{
    Action, Actor, ApiError, Audience, Audit, AuditAction, Author, Ban, EventKind, GuildId, Timestamp, Tx,
    UserId, World,
    body::{self, Form},
    messages,
    permissions::{BAN_MEMBERS, VIEW_AUDIT_LOG},
    wire,
};

/// Seconds of past messages that a ban can delete: seven days.
const MAX_SECONDS: i64 = 604_800;
/// The same in days, as older clients ask for it.
const MAX_DAYS: i64 = 7;
/// Bans of a page.
const MAX_PAGE: i64 = 1000;
/// Bans of non-members in a guild within [`STRANGERS_WITHIN`] (30035 above it). Discord names no number; around
/// two thousand is what bots that fight raids report, and that it recovers by itself. Here a ban that is lifted no
/// longer counts.
const MAX_STRANGERS: usize = 2000;
/// How long a non-member's ban counts.
const STRANGERS_WITHIN: Duration = Duration::from_secs(24 * 60 * 60);

fn unknown_ban() -> ApiError {
    ApiError::new(404, 10026, "Unknown Ban")
}

impl World {
    /// 40007 if the user is banned from the guild.
    pub(crate) fn refuse_banned(&self, guild: GuildId, user: UserId) -> Result<(), ApiError> {
        if self.guild(guild)?.bans.contains_key(&user) {
            return Err(ApiError::new(403, 40007, "The user is banned from this guild."));
        }
        Ok(())
    }
}

/// PUT /guilds/{guild}/bans/{user}: `delete_message_seconds` (0 to 604,800), or `delete_message_days` (0 to 7) where
/// that is absent. Members leave; others cannot join any more. Somebody who is banned stays so, with the first
/// ban's reason, and nothing is deleted.
///
/// # Errors
/// 10004, 10013, 50001, 50013 (BAN_MEMBERS; the member does not stand below the actor), 30035, 50035.
#[derive(Debug)]
pub struct BanUser {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Whom.
    pub user: UserId,
    /// The body.
    pub body: Value,
}

impl Action for BanUser {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        tx.world.require_guild(self.actor, self.guild, BAN_MEMBERS, tx.now)?;
        let delete = body::read(&self.body, read_deletion)?;
        if is_new(tx.world, self.actor, self.guild, self.user, tx.now)? {
            place(tx, self.actor, self.guild, self.user);
            delete_messages(tx, self.guild, &BTreeSet::from([self.user]), delete);
        }
        Ok(())
    }
}

/// How far back messages are to be deleted; nothing for none.
pub(super) fn read_deletion(form: Form<'_>) -> Option<Duration> {
    let seconds = form.integer("delete_message_seconds", 0, MAX_SECONDS);
    let days = form.integer("delete_message_days", 0, MAX_DAYS);
    let seconds = seconds.or_else(|| Some(days?.saturating_mul(24 * 60 * 60)))?;
    u64::try_from(seconds).ok().filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

/// Whether the ban would be a new one, if the actor may ban that user at all.
pub(super) fn is_new(
    world: &World,
    actor: Actor,
    guild: GuildId,
    user: UserId,
    now: Timestamp,
) -> Result<bool, ApiError> {
    world.user(user)?;
    let found = world.guild(guild)?;
    if found.members.contains_key(&user) {
        return if world.outranks(guild, actor.user, user) {
            Ok(true)
        } else {
            Err(ApiError::missing_permissions())
        };
    }
    if found.bans.contains_key(&user) {
        return Ok(false);
    }
    let counts = |ban: &&Ban| ban.stranger && now.since(ban.at) < STRANGERS_WITHIN;
    if found.bans.values().filter(counts).count() >= MAX_STRANGERS {
        let message = "Maximum number of bans for non-guild members have been exceeded.";
        return Err(ApiError::new(400, 30035, message));
    }
    Ok(true)
}

/// Bans somebody of whom that has been checked.
pub(super) fn place(tx: &mut Tx<'_>, actor: Actor, guild: GuildId, user: UserId) {
    let (reason, at) = (tx.reason().map(str::to_owned), tx.now);
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return };
    let stranger = !found.members.contains_key(&user);
    found.bans.insert(user, Ban { reason, at, stranger });
    announce(tx, EventKind::GuildBanAdd, guild, user);
    change::leave(tx, guild, user);
    tx.audit(guild, Audit::new(actor.user, AuditAction::MemberBanAdd).target(user.get()));
}

/// GUILD_BAN_ADD or GUILD_BAN_REMOVE to those who may know of bans.
fn announce(tx: &mut Tx<'_>, kind: EventKind, guild: GuildId, user: UserId) {
    let data = json!({ "guild_id": guild, "user": wire::user_by_id(tx.world, user) });
    tx.emit(kind, Audience::GuildWith(guild, BAN_MEMBERS | VIEW_AUDIT_LOG), data);
}

/// Deletes what the users wrote in the guild within that time.
pub(super) fn delete_messages(
    tx: &mut Tx<'_>,
    guild: GuildId,
    users: &BTreeSet<UserId>,
    within: Option<Duration>,
) {
    let Some(within) = within else { return };
    let now = tx.now;
    let theirs = |author: &Author| matches!(author, Author::User(user) if users.contains(user));
    messages::purge(tx, guild, |message| theirs(&message.author) && now.since(message.sent) <= within);
}

/// DELETE /guilds/{guild}/bans/{user}.
///
/// # Errors
/// 10004, 10026, 50001, 50013 (BAN_MEMBERS).
#[derive(Debug)]
pub struct Unban {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Whom.
    pub user: UserId,
}

impl Action for Unban {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        tx.world.require_guild(self.actor, self.guild, BAN_MEMBERS, tx.now)?;
        let found = tx.world.guilds.get_mut(&self.guild).ok_or_else(ApiError::unknown_guild)?;
        found.bans.remove(&self.user).ok_or_else(unknown_ban)?;
        announce(tx, EventKind::GuildBanRemove, self.guild, self.user);
        tx.audit(
            self.guild,
            Audit::new(self.actor.user, AuditAction::MemberBanRemove).target(self.user.get()),
        );
        Ok(())
    }
}

/// Which bans to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct BansPage {
    /// 1 to 1000, default 1000.
    pub limit: Option<i64>,
    /// Those of users with a lower id; wins over `after`.
    pub before: Option<UserId>,
    /// Those of users with a higher id.
    pub after: Option<UserId>,
}

/// GET /guilds/{guild}/bans: ascending by user id; with `before` the page ends just below it.
///
/// # Errors
/// 10004, 50001, 50013 (BAN_MEMBERS), 50035 on `limit`.
pub fn bans(
    world: &World,
    actor: Actor,
    guild: GuildId,
    page: &BansPage,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let found = world.require_guild(actor, guild, BAN_MEMBERS, now)?;
    let limit = body::limit(page.limit, MAX_PAGE)?.unwrap_or(MAX_PAGE as usize);
    let show = |(user, ban): (&UserId, &Ban)| shown(world, *user, ban);
    Ok(match (page.before, page.after) {
        (Some(before), _) => {
            let mut list: Vec<Value> = found.bans.range(..before).rev().take(limit).map(show).collect();
            list.reverse();
            list.into()
        }
        (None, Some(after)) => {
            let later = (Bound::Excluded(after), Bound::Unbounded);
            found.bans.range(later).take(limit).map(show).collect()
        }
        (None, None) => found.bans.iter().take(limit).map(show).collect(),
    })
}

/// GET /guilds/{guild}/bans/{user}.
///
/// # Errors
/// 10004, 10026, 50001, 50013 (BAN_MEMBERS).
pub fn ban(
    world: &World,
    actor: Actor,
    guild: GuildId,
    user: UserId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let found = world.require_guild(actor, guild, BAN_MEMBERS, now)?;
    found.bans.get(&user).map(|ban| shown(world, user, ban)).ok_or_else(unknown_ban)
}

/// A ban object.
fn shown(world: &World, user: UserId, ban: &Ban) -> Value {
    json!({ "user": wire::user_by_id(world, user), "reason": ban.reason })
}
