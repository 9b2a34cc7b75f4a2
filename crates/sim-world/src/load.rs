//! A large world for load tests: many guilds of one shape, their members drawn from a shared pool of people.

use std::{collections::BTreeMap, time::Duration};

use fastrand::Rng;

use crate::{
    Application, ApplicationId, Channel, ChannelId, ChannelKind, DefaultIds, Guild, GuildId, Member,
    OAuth2Client, Overwrite, OverwriteKind, Role, RoleId, Status, Timestamp, User, UserId, World, intents,
    permissions as p,
    places::operator::{bot_token, new_user, verify_key},
};

/// Channels of each guild: two categories, a few voice channels, else text.
pub const CHANNELS: usize = 20;
/// Roles of each guild, @everyone and the bot's own among them.
pub const ROLES: usize = 15;
/// Members of each guild, the bot among them.
pub const MEMBERS: usize = 50;
/// Permission overwrites of each channel.
pub const OVERWRITES: usize = 4;
/// People in the pool for each guild: each is in some ten guilds.
const PEOPLE_PER_GUILD: usize = 5;
/// People in the pool at the least.
const LEAST_PEOPLE: usize = 100;
/// The most guilds a world is generated with: ten shards' worth.
pub const MAX_GUILDS: usize = 25_000;
/// How old the oldest guild is.
const AGE: Duration = Duration::from_secs(40 * 24 * 60 * 60);

/// A world of `guilds` guilds (moved into 1 to [`MAX_GUILDS`]) at `now`, the same for the same `seed` but for the
/// bot's token. One application is in all of them, not an administrator, with all privileged intents on.
///
/// Guilds are a millisecond apart, so that any number of shards gets equal shares. See Discord docs: Gateway /
/// Sharding.
pub fn generate(guilds: usize, seed: u64, now: Timestamp) -> (World, DefaultIds) {
    let guilds = guilds.clamp(1, MAX_GUILDS);
    let then = Timestamp::from_ms(now.ms().saturating_sub(AGE.as_millis() as u64));
    let mut generator = Generator { world: World::new(""), rng: Rng::with_seed(seed), then };
    let people = generator.people((guilds * PEOPLE_PER_GUILD).max(LEAST_PEOPLE));
    let (application, token) = generator.application(people[0]);
    // Tables are made of sorted lists at once: growing them one by one leaves their nodes half empty.
    let mut all_guilds = Vec::with_capacity(guilds);
    let mut all_channels = Vec::with_capacity(guilds * CHANNELS);
    for number in 0..guilds {
        generator.then = generator.then.plus(Duration::from_millis(1));
        all_guilds.push(generator.guild(number, application, &people, &mut all_channels));
    }
    let (guild, channel, user) = {
        let first = &all_guilds[0];
        (first.id, first.system_channel.unwrap_or(first.channels[0]), first.owner)
    };
    let mut world = generator.world;
    world.guilds = all_guilds.into_iter().map(|g| (g.id, g)).collect();
    world.channels = all_channels.into_iter().map(|c| (c.id, c)).collect();
    (world, DefaultIds { application, token, guild, channel, user })
}

/// Of each guild its owner and the channel where the system writes: somebody who may write, and where.
pub fn speakers(world: &World) -> impl Iterator<Item = (UserId, ChannelId)> {
    world.guilds().filter_map(|guild| Some((guild.owner, guild.system_channel?)))
}

struct Generator {
    world: World,
    rng: Rng,
    then: Timestamp,
}

impl Generator {
    fn mint(&mut self) -> u64 {
        self.world.mint(self.then)
    }

    fn people(&mut self, count: usize) -> Vec<UserId> {
        let people: Vec<User> = (0..count)
            .map(|number| {
                let mut user = new_user(UserId::new(self.mint()));
                user.username = format!("person{number}");
                user.global_name = Some(format!("Person {number}"));
                user.status = if self.rng.u8(..10) == 0 { Status::Online } else { Status::Offline };
                user
            })
            .collect();
        let ids = people.iter().map(|u| u.id).collect();
        self.world.users = people.into_iter().map(|u| (u.id, u)).collect();
        ids
    }

    fn application(&mut self, owner: UserId) -> (ApplicationId, String) {
        let id = ApplicationId::new(self.mint());
        let mut bot = new_user(id.into());
        (bot.username, bot.discriminator) = ("Load".into(), "4207".into());
        (bot.bot, bot.status) = (true, Status::Offline);
        self.world.users.insert(bot.id, bot);
        let token = bot_token(id, self.then);
        let application = Application {
            id,
            name: "Load".into(),
            description: "The bot of a generated world.".into(),
            owner,
            token: token.clone(),
            privileged_intents: intents::PRIVILEGED,
            public: true,
            tags: Vec::new(),
            // So that all shards of a large bot may identify at once.
            max_concurrency: 16,
            session_starts: 1000,
            verify_key: verify_key(),
            icon: None,
            settings: serde_json::Map::new(),
            oauth2: OAuth2Client::new(),
        };
        self.world.applications.insert(id, application);
        (id, token)
    }

    fn guild(
        &mut self,
        number: usize,
        application: ApplicationId,
        people: &[UserId],
        channels: &mut Vec<Channel>,
    ) -> Guild {
        let id = GuildId::new(self.mint());
        let mut members = self.crowd(people);
        let mut guild = Guild::new(id, format!("Guild {number}"), members[0].user);
        let roles = self.roles(&mut guild, application);
        for member in &mut members {
            let first = self.rng.usize(..roles.len() - 1);
            member.roles = vec![roles[first]];
            if self.rng.bool() {
                member.roles.push(roles[first + 1]);
            }
        }
        let mut bot = Member::new(application.into(), self.then);
        bot.roles = vec![managed(&guild)];
        members.push(bot);
        members.sort_unstable_by_key(|m| m.user);
        guild.members = members.into_iter().map(|m| (m.user, m)).collect();
        guild.channels = self.channels(&guild, &roles, channels);
        guild.system_channel = guild.channels.get(1).copied();
        guild
    }

    /// Members but for the bot, each another person; the first is to be the owner.
    fn crowd(&mut self, people: &[UserId]) -> Vec<Member> {
        // A walk with a stride that meets nobody twice: a tenth of the pool is more than a guild's members.
        let start = self.rng.usize(..people.len());
        let stride = self.rng.usize(1..=people.len() / MEMBERS);
        let at = |n: usize| people[(start + n * stride) % people.len()];
        (0..MEMBERS - 1).map(|n| Member::new(at(n), self.then)).collect()
    }

    /// All roles but @everyone, which is there already; answers those for people.
    fn roles(&mut self, guild: &mut Guild, application: ApplicationId) -> Vec<RoleId> {
        let mut made: Vec<Role> = guild.roles.values().cloned().collect();
        for position in 1..ROLES {
            let id = RoleId::new(self.mint());
            let mut role = Role::new(id, format!("Role {position}"));
            role.position = i64::try_from(position).unwrap_or(1);
            role.color = self.rng.u32(..0x100_0000);
            role.permissions = p::DEFAULT_EVERYONE;
            role.hoist = position % 5 == 0;
            if position == ROLES - 1 {
                role.permissions |= p::MANAGE_MESSAGES | p::MANAGE_ROLES | p::KICK_MEMBERS;
                (role.managed, role.bot) = (true, Some(application));
            }
            made.push(role);
        }
        let people = made.iter().filter(|r| r.position > 0 && !r.managed).map(|r| r.id).collect();
        guild.roles = made.into_iter().map(|r| (r.id, r)).collect::<BTreeMap<_, _>>();
        people
    }

    fn channels(&mut self, guild: &Guild, roles: &[RoleId], into: &mut Vec<Channel>) -> Vec<ChannelId> {
        let role =
            |id: RoleId, allow, deny| Overwrite { id: id.get(), kind: OverwriteKind::Role, allow, deny };
        let managed = managed(guild);
        let mut ids = Vec::with_capacity(CHANNELS);
        let mut category = None;
        for number in 0..CHANNELS {
            let kind = match number {
                0 | 10 => ChannelKind::Category,
                17..=19 => ChannelKind::Voice,
                _ => ChannelKind::Text,
            };
            let id = ChannelId::new(self.mint());
            let mut channel = Channel::new(id, kind, Some(guild.id), format!("channel-{number}"));
            channel.position = i64::try_from(number).unwrap_or(0);
            channel.parent = category.filter(|_| kind != ChannelKind::Category);
            if kind == ChannelKind::Category {
                category = Some(id);
            }
            // Every fifth is hidden from those without one of two roles.
            let hidden = if number % 5 == 4 { p::VIEW_CHANNEL } else { p::MENTION_EVERYONE };
            let one = self.rng.usize(..roles.len() - 1);
            let seen = p::VIEW_CHANNEL | p::SEND_MESSAGES;
            channel.overwrites = vec![
                role(guild.everyone(), 0, hidden),
                role(roles[one], seen, 0),
                role(roles[one + 1], seen, 0),
                role(managed, seen, 0),
            ];
            ids.push(id);
            into.push(channel);
        }
        ids
    }
}

/// The bot's own role.
fn managed(guild: &Guild) -> RoleId {
    guild.roles.values().find(|r| r.managed).map_or(guild.everyone(), |r| r.id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::permissions::VIEW_CHANNEL;

    const NOW: Timestamp = Timestamp::from_ms(1_792_000_000_000);

    #[test]
    fn every_guild_has_the_shape_and_the_bot_sees_every_channel() {
        let (world, ids) = generate(30, 7, NOW);
        assert_eq!(world.guilds().count(), 30);
        for guild in world.guilds() {
            assert_eq!((guild.channels.len(), guild.roles.len()), (CHANNELS, ROLES));
            assert_eq!(guild.members.len(), MEMBERS, "nobody is a member twice");
            assert!(guild.members.contains_key(&guild.owner));
            for member in guild.members.values() {
                assert!(world.user(member.user).is_ok());
                assert!(member.roles.iter().all(|r| guild.roles.contains_key(r)));
            }
            for channel in &guild.channels {
                let channel = world.channel(*channel).unwrap();
                assert_eq!((channel.overwrites.len(), channel.guild), (OVERWRITES, Some(guild.id)));
                assert!(channel.parent.is_none_or(|c| world.channel(c).is_ok()));
                let bits = world.channel_permissions(channel.id, ids.application.into(), NOW).unwrap();
                assert_eq!(bits & VIEW_CHANNEL, VIEW_CHANNEL);
            }
        }
        let hidden = |g: &Guild| {
            let channel = g.channels[4];
            g.members.keys().filter(|u| !world.can_view(channel, **u, NOW)).count()
        };
        assert!(world.guilds().any(|g| hidden(g) > 0), "some channels are hidden from some");
        let found = world.default_ids().unwrap();
        assert_eq!((found.guild, found.token), (ids.guild, ids.token));
    }

    #[test]
    fn any_number_of_shards_gets_equal_shares_and_a_seed_repeats() {
        let (world, _) = generate(210, 1, NOW);
        for count in 1..8_u64 {
            let shards: BTreeSet<usize> = (0..count)
                .map(|id| world.guilds().filter(|g| (g.id.get() >> 22) % count == id).count())
                .collect();
            assert!(shards.last().unwrap() - shards.first().unwrap() <= 1, "{count}: {shards:?}");
        }
        let shape = |seed| {
            let (world, _) = generate(5, seed, NOW);
            serde_json::to_string(&(world.guilds, world.channels, world.users)).unwrap()
        };
        assert_eq!(shape(3), shape(3));
        assert_ne!(shape(3), shape(4));
    }
}
