//! The world one starts with: a small guild with channels of every common kind, a few people, and the bot.

use std::time::Duration;

use crate::{
    Application, ApplicationId, Channel, ChannelId, ChannelKind, ForumTag, Guild, GuildId, Member,
    OAuth2Client, Overwrite, OverwriteKind, Role, RoleId, Status, Timestamp, Tx, UserId, World, intents,
    messages::{Draft, PublishAs, publish},
    permissions::{self as p, ADMINISTRATOR, VIEW_CHANNEL},
    places::operator::{bot_token, new_user, verify_key},
};

/// How old the default world's places and people are. Ids carry the time, so that they look like real ones.
const AGE: Duration = Duration::from_secs(40 * 24 * 60 * 60);
/// How old its first messages are.
const MESSAGE_AGE: Duration = Duration::from_secs(60 * 60);

/// What one needs of the default world to begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultIds {
    /// The bot's application.
    pub application: ApplicationId,
    /// Its token.
    pub token: String,
    /// The guild.
    pub guild: GuildId,
    /// A text channel of it.
    pub channel: ChannelId,
    /// Its owner, a person.
    pub user: UserId,
}

impl World {
    /// The default world at `now`: one guild owned by a person, three other people with different roles,
    /// channels of every common kind, and the bot with Administrator and all privileged intents on.
    pub fn default_world(cdn_base: impl Into<String>, now: Timestamp) -> (World, DefaultIds) {
        let mut world = World::new(cdn_base);
        let ids = Builder::new(&mut world, before(now, AGE)).build();
        let mut tx = Tx::new(&mut world, before(now, MESSAGE_AGE));
        say(&mut tx, ids.channel, ids.user, WELCOME);
        say(&mut tx, ids.channel, ids.user, FIRST_STEPS);
        (world, ids)
    }
}

const WELCOME: &str = "Welcome to the Workshop! This is a Discord of your own: it runs on this machine only, so \
    try whatever you like.";
const FIRST_STEPS: &str = "Start with `!ping`, pick `/echo` from the commands, then see everything in `/demo`. \
    You can act as somebody else at any time.";

fn before(now: Timestamp, age: Duration) -> Timestamp {
    Timestamp::from_ms(now.ms().saturating_sub(age.as_millis() as u64))
}

fn say(tx: &mut Tx<'_>, channel: ChannelId, user: UserId, text: &str) {
    publish(tx, Draft::text(text), PublishAs::user(channel, user))
        .expect("plain text in a channel that exists cannot be refused");
}

const MODERATION: u64 = p::KICK_MEMBERS
    | p::BAN_MEMBERS
    | p::VIEW_AUDIT_LOG
    | p::MANAGE_MESSAGES
    | p::PIN_MESSAGES
    | p::MENTION_EVERYONE
    | p::MANAGE_NICKNAMES
    | p::MANAGE_THREADS
    | p::MODERATE_MEMBERS
    | p::BYPASS_SLOWMODE;

/// Puts the default world together, step by step, at one moment.
struct Builder<'w> {
    world: &'w mut World,
    then: Timestamp,
    guild: GuildId,
}

impl<'w> Builder<'w> {
    fn new(world: &'w mut World, then: Timestamp) -> Self {
        Self { world, then, guild: GuildId::new(0) }
    }

    fn mint(&mut self) -> u64 {
        self.world.mint(self.then)
    }

    fn build(mut self) -> DefaultIds {
        let owner = self.person("robin", "Robin", Status::Online);
        let moderator = self.person("mika", "Mika", Status::Online);
        let regular = self.person("sasha", "Sasha", Status::Idle);
        let newcomer = self.person("noor", "Noor", Status::Online);
        let (application, token) = self.application("Cogwright", owner);

        self.guild = GuildId::new(self.mint());
        let mut guild = Guild::new(self.guild, "Workshop", owner);
        guild.description = Some("A place to try things out.".into());
        guild.features = vec!["COMMUNITY".into()];
        self.world.guilds.insert(self.guild, guild);

        let newcomers = self.role("Newcomer", 1, 0x8A_8F98, 0);
        let regulars = self.role("Regular", 2, 0x2E_9E6B, 0);
        let managed = self.role("Cogwright", 3, 0xC7_7D2B, ADMINISTRATOR);
        let moderators = self.role("Moderator", 4, 0x3F_7FD9, MODERATION);
        if let Some(guild) = self.world.guilds.get_mut(&self.guild) {
            if let Some(role) = guild.roles.get_mut(&managed) {
                (role.managed, role.bot) = (true, Some(application));
            }
            if let Some(role) = guild.roles.get_mut(&moderators) {
                (role.hoist, role.mentionable) = (true, true);
            }
        }
        let members: [(UserId, &[RoleId]); 5] = [
            (owner, &[]),
            (moderator, &[moderators, regulars]),
            (regular, &[regulars]),
            (newcomer, &[newcomers]),
            (application.into(), &[managed]),
        ];
        for (user, roles) in members {
            let member = Member { roles: roles.to_vec(), ..Member::new(user, self.then) };
            if let Some(guild) = self.world.guilds.get_mut(&self.guild) {
                guild.members.insert(user, member);
            }
        }
        let channel = self.channels(moderators);
        DefaultIds { application, token, guild: self.guild, channel, user: owner }
    }

    fn person(&mut self, username: &str, name: &str, status: Status) -> UserId {
        let mut user = new_user(UserId::new(self.mint()));
        user.username = username.into();
        user.global_name = Some(name.into());
        user.status = status;
        let id = user.id;
        self.world.users.insert(id, user);
        id
    }

    fn application(&mut self, name: &str, owner: UserId) -> (ApplicationId, String) {
        let id = ApplicationId::new(self.mint());
        let mut user = new_user(id.into());
        user.username = name.into();
        user.bot = true;
        user.discriminator = "4207".into();
        user.status = Status::Offline;
        self.world.users.insert(user.id, user);
        let token = bot_token(id, self.then);
        let application = Application {
            id,
            name: name.into(),
            description: "The bot of this workshop.".into(),
            owner,
            token: token.clone(),
            privileged_intents: intents::PRIVILEGED,
            public: true,
            tags: Vec::new(),
            max_concurrency: 1,
            session_starts: 1000,
            verify_key: verify_key(),
            icon: None,
            settings: serde_json::Map::new(),
            oauth2: OAuth2Client::new(),
        };
        self.world.applications.insert(id, application);
        (id, token)
    }

    fn role(&mut self, name: &str, position: i64, color: u32, permissions: u64) -> RoleId {
        let id = RoleId::new(self.mint());
        let role = Role { color, position, permissions, ..Role::new(id, name) };
        if let Some(guild) = self.world.guilds.get_mut(&self.guild) {
            guild.roles.insert(id, role);
        }
        id
    }

    fn channel(
        &mut self,
        kind: ChannelKind,
        name: &str,
        parent: Option<ChannelId>,
        more: impl FnOnce(&mut Channel),
    ) -> ChannelId {
        let id = ChannelId::new(self.mint());
        let mut channel = Channel::new(id, kind, Some(self.guild), name);
        let siblings = self.world.channels.values().filter(|c| c.parent == parent).count();
        channel.position = i64::try_from(siblings).unwrap_or(0);
        channel.parent = parent;
        more(&mut channel);
        self.world.channels.insert(id, channel);
        if let Some(guild) = self.world.guilds.get_mut(&self.guild) {
            guild.channels.push(id);
        }
        id
    }

    /// All channels; answers `#general`.
    fn channels(&mut self, moderators: RoleId) -> ChannelId {
        use ChannelKind::{Announcement, Category, Forum, Stage, Text, Voice};
        let overwrite =
            |id: u64, allow: u64, deny: u64| Overwrite { id, kind: OverwriteKind::Role, allow, deny };
        let everyone = self.guild.get();
        let tags: Vec<ForumTag> = [("idea", "💡"), ("question", "❓"), ("done", "✅")]
            .map(|(name, emoji)| ForumTag {
                id: self.mint(),
                name: name.into(),
                moderated: name == "done",
                emoji_id: None,
                emoji_name: Some(emoji.into()),
            })
            .into();

        let lobby = Some(self.channel(Category, "Lobby", None, |_| {}));
        let general = self.channel(Text, "general", lobby, |c| {
            c.topic = Some("Talk with the bot and each other. Try !ping, /echo and /demo.".into());
        });
        self.channel(Text, "off-topic", lobby, |c| c.topic = Some("Everything else.".into()));
        let announcements = self.channel(Announcement, "announcements", lobby, |c| {
            c.topic = Some("News of the workshop.".into());
            c.overwrites = vec![
                overwrite(everyone, 0, p::SEND_MESSAGES),
                overwrite(moderators.get(), p::SEND_MESSAGES, 0),
            ];
        });
        let projects = Some(self.channel(Category, "Projects", None, |_| {}));
        self.channel(Forum, "ideas", projects, |c| {
            c.topic = Some("One post for each idea.".into());
            c.tags = tags;
        });
        let talking = Some(self.channel(Category, "Talking", None, |_| {}));
        self.channel(Voice, "Workbench", talking, |_| {});
        self.channel(Stage, "Show and Tell", talking, |c| c.topic = Some("Monthly demo.".into()));
        let hidden = vec![overwrite(everyone, 0, VIEW_CHANNEL), overwrite(moderators.get(), VIEW_CHANNEL, 0)];
        let staff = Some(self.channel(Category, "Staff", None, |c| c.overwrites.clone_from(&hidden)));
        let mod_room = self.channel(Text, "mod-room", staff, |c| {
            c.topic = Some("For moderators only.".into());
            c.overwrites = hidden;
        });
        if let Some(guild) = self.world.guilds.get_mut(&self.guild) {
            guild.system_channel = Some(general);
            guild.settings.rules_channel = Some(announcements);
            guild.settings.public_updates_channel = Some(mod_room);
        }
        general
    }
}
