//! Who is interested in an event, or in one occurrence of it. Bots have no route to be interested; people are by the
//! control API. See Discord docs: Guild Scheduled Event / Get Guild Scheduled Event Users.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{MAX_OCCURRENCES, audience, find_mut, is_over, unknown, visible};
use crate::{
    Action, Actor, ApiError, EventKind, GuildId, ScheduledEvent, ScheduledEventId, Timestamp, Tx, UserId,
    World, body, wire,
};

/// Users of a page, also if the request names no number.
const MAX_PAGE: i64 = 100;
/// Occurrences that can be counted at once.
const MAX_COUNTED: usize = 10;

/// Which of those who are interested.
#[derive(Clone, Copy, Debug, Default)]
pub struct UserPage {
    /// 1 to 100, default 100.
    pub limit: Option<i64>,
    /// Only users with a lower id, the nearest ones.
    pub before: Option<UserId>,
    /// Only users with a higher id; passed over beside `before`.
    pub after: Option<UserId>,
    /// With the member objects.
    pub with_member: bool,
}

/// GET /guilds/{guild}/scheduled-events/{event}/users, and .../{event}/{exception}/users for those who are interested in
/// that occurrence alone; by id.
///
/// # Errors
/// 10004, 10070 (also for what is no occurrence that is to come), 50001, 50035.
pub fn event_users(
    world: &World,
    actor: Actor,
    guild: GuildId,
    id: ScheduledEventId,
    occurrence: Option<u64>,
    page: UserPage,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let event = visible(world, actor, guild, id, now)?;
    let found = world.guild(guild)?;
    let limit = body::limit(page.limit, MAX_PAGE)?.unwrap_or(MAX_PAGE as usize);
    let users = match occurrence {
        None => Some(&event.interested),
        Some(id) => event.interested_once.get(&occurrence_of(event, id)?),
    };
    let users = users.into_iter().flatten().copied();
    let chosen: Vec<UserId> = match (page.before, page.after) {
        (Some(before), _) => {
            let below: Vec<UserId> = users.filter(|user| *user < before).collect();
            below[below.len().saturating_sub(limit)..].to_vec()
        }
        (None, after) => users.filter(|user| after.is_none_or(|after| *user > after)).take(limit).collect(),
    };
    let shown = chosen.into_iter().map(|user| {
        let mut value = json!({
            "guild_scheduled_event_id": id,
            "user_id": user,
            "user": wire::user_by_id(world, user),
            "response": 1,
        });
        if let Some(occurrence) = occurrence {
            value["guild_scheduled_event_exception_id"] = json!(occurrence.to_string());
        }
        if let Some(member) = found.members.get(&user).filter(|_| page.with_member) {
            value["member"] = wire::member(world, found, member);
        }
        value
    });
    Ok(shown.collect())
}

/// GET /guilds/{guild}/scheduled-events/{event}/users/counts: of the event, and of up to ten occurrences those who are
/// interested in that one alone.
///
/// # Errors
/// 10004, 10070, 50001, 50035.
pub fn user_counts(
    world: &World,
    actor: Actor,
    guild: GuildId,
    id: ScheduledEventId,
    occurrences: &[u64],
    now: Timestamp,
) -> Result<Value, ApiError> {
    let event = visible(world, actor, guild, id, now)?;
    if occurrences.len() > MAX_COUNTED {
        let message = format!("Must be {MAX_COUNTED} or fewer in length.");
        return Err(ApiError::form("guild_scheduled_event_exception_ids", "BASE_TYPE_MAX_LENGTH", message));
    }
    let count = |id: &u64| {
        let users = ScheduledEvent::occurrence_of(*id).and_then(|at| event.interested_once.get(&at));
        (id.to_string(), json!(users.map_or(0, BTreeSet::len)))
    };
    Ok(json!({
        "guild_scheduled_event_count": event.interested.len(),
        "guild_scheduled_event_exception_counts": occurrences.iter().map(count).collect::<Map<_, _>>(),
    }))
}

/// When an occurrence starts that is to come.
pub(super) fn occurrence_of(event: &ScheduledEvent, id: u64) -> Result<Timestamp, ApiError> {
    ScheduledEvent::occurrence_of(id).filter(|at| event.occurs_at(*at)).ok_or_else(unknown)
}

/// A person is interested in an event, or no longer; GUILD_SCHEDULED_EVENT_USER_ADD and _REMOVE if that is news.
///
/// # Errors
/// 10004, 10070 (also for what is no occurrence that is to come), 50001, 50035 (too many occurrences), 180000 when it is
/// over.
#[derive(Debug)]
pub struct SetInterest {
    /// Who.
    pub user: UserId,
    /// Where.
    pub guild: GuildId,
    /// In what.
    pub event: ScheduledEventId,
    /// In this occurrence alone.
    pub occurrence: Option<u64>,
    /// Whether.
    pub interested: bool,
}

impl Action for SetInterest {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let event = visible(tx.world, Actor::person(self.user), self.guild, self.event, tx.now)?.clone();
        if event.status.is_over() {
            return Err(is_over());
        }
        let at = self.occurrence.map(|id| occurrence_of(&event, id)).transpose()?;
        if let Some(at) = at
            && self.interested
            && !event.interested_once.contains_key(&at)
            && event.interested_once.len() >= MAX_OCCURRENCES
        {
            let message = format!("Only {MAX_OCCURRENCES} occurrences are told apart.");
            return Err(ApiError::form("occurrence", "BASE_TYPE_MAX_LENGTH", message));
        }
        if self.interested {
            add(tx, self.guild, &event, at, self.user);
        } else {
            remove(tx, self.guild, &event, at, self.user);
        }
        Ok(())
    }
}

/// Notes somebody's interest.
pub(super) fn add(
    tx: &mut Tx<'_>,
    guild: GuildId,
    event: &ScheduledEvent,
    at: Option<Timestamp>,
    user: UserId,
) {
    let Some(stored) = find_mut(tx, guild, event.id) else { return };
    let new = match at {
        None => stored.interested.insert(user),
        Some(at) => stored.interested_once.entry(at).or_default().insert(user),
    };
    if new {
        told(tx, EventKind::GuildScheduledEventUserAdd, guild, event, at, user);
    }
}

fn remove(tx: &mut Tx<'_>, guild: GuildId, event: &ScheduledEvent, at: Option<Timestamp>, user: UserId) {
    let Some(stored) = find_mut(tx, guild, event.id) else { return };
    let was = match at {
        None => stored.interested.remove(&user),
        Some(at) => {
            let was = stored.interested_once.get_mut(&at).is_some_and(|users| users.remove(&user));
            stored.interested_once.retain(|_, users| !users.is_empty());
            was
        }
    };
    if was {
        told(tx, EventKind::GuildScheduledEventUserRemove, guild, event, at, user);
    }
}

fn told(
    tx: &mut Tx<'_>,
    kind: EventKind,
    guild: GuildId,
    event: &ScheduledEvent,
    at: Option<Timestamp>,
    user: UserId,
) {
    let mut data = json!({ "guild_scheduled_event_id": event.id, "user_id": user, "guild_id": guild });
    if let Some(at) = at {
        data["guild_scheduled_event_exception_id"] = json!(ScheduledEvent::occurrence_id(at).to_string());
    }
    tx.emit(kind, audience(guild, event), data);
}
