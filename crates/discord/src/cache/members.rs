//! Members other than the bot, as events have just shown them: a bounded memory of who was there lately.
//!
//! It spares asking Discord about people who are talking right now. It is no list of members.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use twilight_gateway::Event;
use twilight_model::guild::{Member, PartialMember};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker, UserMarker};
use twilight_model::user::User;

use super::model::CachedMember;

/// Members remembered at most, all guilds together; about 250 bytes each.
pub(crate) const MAX_MEMBERS: usize = 20_000;

/// How long what an event showed is believed. A bot without the Server Members intent is not told when roles
/// are taken away, so it must not be long.
const BELIEVED: Duration = Duration::from_secs(60);

/// A member of a guild as an event has shown it, within the last minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownMember {
    /// The unique user name.
    pub name: Box<str>,
    /// Display name, if the person has chosen one.
    pub global_name: Option<Box<str>>,
    /// Name in this guild, if it is another one.
    pub nick: Option<Box<str>>,
    /// Whether it is a bot.
    pub bot: bool,
    /// What counts for permissions.
    pub member: CachedMember,
}

type Key = (Id<GuildMarker>, Id<UserMarker>);

/// Two generations: what is new or was asked for goes into the young one; when that is full it becomes the
/// old one, and the old one is forgotten. Least recently used goes first, near enough, at no cost per entry.
#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Key, (Instant, Arc<KnownMember>)>,
    old: HashMap<Key, (Instant, Arc<KnownMember>)>,
}

#[derive(Debug, Default)]
pub(super) struct Members(Mutex<Generations>);

impl Members {
    pub(super) fn get(&self, guild: Id<GuildMarker>, user: Id<UserMarker>) -> Option<Arc<KnownMember>> {
        self.get_at((guild, user), Instant::now())
    }

    fn get_at(&self, key: Key, now: Instant) -> Option<Arc<KnownMember>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (seen, known) = match all.young.get(&key) {
            Some(found) => found.clone(),
            None => {
                let found = all.old.remove(&key)?;
                all.put(key, found.clone());
                found
            }
        };
        (now.saturating_duration_since(seen) < BELIEVED).then_some(known)
    }

    /// Takes note of whom an event shows.
    pub(super) fn note(&self, event: &Event) {
        match event {
            Event::Ready(_) => {
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Generations::default();
            }
            Event::MessageCreate(message) => {
                if let (Some(guild), Some(member), None) =
                    (message.guild_id, &message.member, message.webhook_id)
                {
                    self.put(guild, of_partial(&message.author, member));
                }
            }
            Event::InteractionCreate(interaction) => {
                if let (Some(guild), Some(member)) = (interaction.guild_id, &interaction.member)
                    && let Some(user) = &member.user
                {
                    self.put(guild, of_partial(user, member));
                }
            }
            Event::MemberAdd(event) => self.put(event.guild_id, of_member(&event.member)),
            Event::MemberUpdate(event) => {
                let member = CachedMember::of_update(event);
                self.put(event.guild_id, known(&event.user, event.nick.as_deref(), member));
            }
            Event::MemberRemove(event) => self.forget((event.guild_id, event.user.id)),
            _ => {}
        }
    }

    fn put(&self, guild: Id<GuildMarker>, member: KnownMember) {
        let key = (guild, member.member.user);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.old.remove(&key);
        all.put(key, (Instant::now(), Arc::new(member)));
    }

    fn forget(&self, key: Key) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.young.remove(&key);
        all.old.remove(&key);
    }
}

impl Generations {
    fn put(&mut self, key: Key, entry: (Instant, Arc<KnownMember>)) {
        if self.young.len() >= MAX_MEMBERS / 2 && !self.young.contains_key(&key) {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(key, entry);
    }
}

fn of_member(member: &Member) -> KnownMember {
    known(&member.user, member.nick.as_deref(), CachedMember::from(member))
}

fn of_partial(user: &User, member: &PartialMember) -> KnownMember {
    known(user, member.nick.as_deref(), CachedMember::of_message(user.id, member))
}

fn known(user: &User, nick: Option<&str>, member: CachedMember) -> KnownMember {
    KnownMember {
        name: user.name.as_str().into(),
        global_name: user.global_name.as_deref().map(Into::into),
        nick: nick.map(Into::into),
        bot: user.bot,
        member,
    }
}

impl KnownMember {
    /// Roles without @everyone.
    pub fn roles(&self) -> &[Id<RoleMarker>] {
        &self.member.roles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(user: u64) -> KnownMember {
        KnownMember {
            name: "n".into(),
            global_name: None,
            nick: None,
            bot: false,
            member: CachedMember { user: Id::new(user), roles: Vec::new(), timeout_until: None },
        }
    }

    #[test]
    fn it_is_bounded_and_keeps_who_is_asked_for() {
        let members = Members::default();
        let (guild, now) = (Id::new(1), Instant::now());
        for user in 1..=3 * MAX_MEMBERS as u64 {
            members.put(guild, member(user));
            if user.is_multiple_of(1_000) {
                assert!(members.get_at((guild, Id::new(1)), now).is_some(), "{user}");
            }
        }
        let all = members.0.lock().expect("not poisoned");
        assert!(all.young.len() + all.old.len() <= MAX_MEMBERS);
        assert!(!all.young.contains_key(&(guild, Id::new(2))) && !all.old.contains_key(&(guild, Id::new(2))));
    }

    #[test]
    fn what_was_seen_a_minute_ago_is_not_believed() {
        let members = Members::default();
        let key = (Id::new(1), Id::new(2));
        members.put(key.0, member(2));
        let now = Instant::now();
        assert!(members.get_at(key, now).is_some());
        assert!(members.get_at(key, now + BELIEVED).is_none());
        members.forget(key);
        assert!(members.get_at(key, now).is_none());
    }
}
