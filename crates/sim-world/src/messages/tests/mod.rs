//! Tests of messages on a small world: a guild of an owner, a member and a bot, with a text channel.

mod draft;
mod edit;
mod forward;
mod mutation;
mod pins;
mod purge;
mod reactions;
mod send;
mod wire;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::{
    Action, Actor, ApplicationId, Channel, ChannelKind, Event, EventKind, Guild, GuildId, Member, Role,
    RoleId, Status, ThreadMeta, Timestamp, Upload, User, UserId, permissions::*,
};

pub(super) const NOW: Timestamp = Timestamp::from_ms(1_792_000_000_000);
pub(super) const GUILD: GuildId = GuildId::new(1_000_000_000_000_000_001);
pub(super) const TEXT: ChannelId = ChannelId::new(1_000_000_000_000_000_002);
pub(super) const FORUM: ChannelId = ChannelId::new(1_000_000_000_000_000_003);
pub(super) const CATEGORY: ChannelId = ChannelId::new(1_000_000_000_000_000_004);
pub(super) const THREAD: ChannelId = ChannelId::new(1_000_000_000_000_000_005);
pub(super) const DM: ChannelId = ChannelId::new(1_000_000_000_000_000_006);
pub(super) const OWNER: UserId = UserId::new(1_000_000_000_000_000_011);
pub(super) const MEMBER: UserId = UserId::new(1_000_000_000_000_000_012);
pub(super) const BOT: UserId = UserId::new(1_000_000_000_000_000_013);
pub(super) const BOT_ROLE: RoleId = RoleId::new(1_000_000_000_000_000_021);
pub(super) const QUIET_ROLE: RoleId = RoleId::new(1_000_000_000_000_000_022);
pub(super) const OPEN_ROLE: RoleId = RoleId::new(1_000_000_000_000_000_023);

/// What the bot's role allows beyond @everyone.
const MODERATOR: u64 = MANAGE_MESSAGES | PIN_MESSAGES;

pub(super) fn bot() -> Actor {
    Actor::bot(ApplicationId::new(BOT.get()))
}

pub(super) fn person(id: UserId) -> Actor {
    Actor::person(id)
}

fn user(id: UserId, name: &str, bot: bool) -> User {
    User {
        id,
        username: name.into(),
        global_name: None,
        discriminator: "0".into(),
        avatar: None,
        banner: None,
        bot,
        dms_open: true,
        status: Status::Online,
        activities: Vec::new(),
    }
}

/// The world with its clock at [`NOW`].
pub(super) struct Sim {
    pub(super) world: World,
    pub(super) now: Timestamp,
    pub(super) events: Vec<Event>,
}

impl Sim {
    pub(super) fn new() -> Self {
        let mut world = World::new("http://127.0.0.1:1/cdn");
        for (id, name, is_bot) in [(OWNER, "olga", false), (MEMBER, "mia", false), (BOT, "bot", true)] {
            world.users.insert(id, user(id, name, is_bot));
        }
        let mut roles = BTreeMap::new();
        for (id, name, permissions, mentionable) in [
            (GUILD.into(), "@everyone", DEFAULT_EVERYONE, false),
            (BOT_ROLE, "bot", MODERATOR, false),
            (QUIET_ROLE, "quiet", 0, false),
            (OPEN_ROLE, "open", 0, true),
        ] {
            roles.insert(id, Role { permissions, mentionable, ..Role::new(id, name) });
        }
        let mut members: BTreeMap<_, _> = [OWNER, MEMBER, BOT].map(|id| (id, Member::new(id, NOW))).into();
        members.get_mut(&BOT).unwrap().roles.push(BOT_ROLE);
        world.guilds.insert(
            GUILD,
            Guild {
                roles,
                members,
                channels: vec![TEXT, FORUM, CATEGORY, THREAD],
                ..Guild::new(GUILD, "Guild", OWNER)
            },
        );
        for (id, kind, guild) in [
            (TEXT, ChannelKind::Text, Some(GUILD)),
            (FORUM, ChannelKind::Forum, Some(GUILD)),
            (CATEGORY, ChannelKind::Category, Some(GUILD)),
            (THREAD, ChannelKind::PublicThread, Some(GUILD)),
            (DM, ChannelKind::Dm, None),
        ] {
            world.channels.insert(id, Channel::new(id, kind, guild, "place"));
        }
        let mut sim = Self { world, now: NOW, events: Vec::new() };
        sim.channel(DM).recipients = vec![BOT, MEMBER];
        sim.channel(THREAD).parent = Some(TEXT);
        sim.channel(THREAD).thread = Some(Box::new(ThreadMeta {
            owner: OWNER,
            archived: false,
            archive_timestamp: NOW,
            auto_archive_minutes: 1440,
            locked: false,
            invitable: true,
            members: BTreeMap::new(),
            total_messages: 0,
            tags: Vec::new(),
        }));
        sim
    }

    pub(super) fn channel(&mut self, id: ChannelId) -> &mut Channel {
        self.world.channels.get_mut(&id).unwrap()
    }

    pub(super) fn guild(&mut self) -> &mut Guild {
        self.world.guilds.get_mut(&GUILD).unwrap()
    }

    /// Takes a permission from @everyone and gives the bot exactly `bits` beyond that.
    pub(super) fn permissions(&mut self, everyone: u64, bot: u64) {
        self.guild().roles.get_mut(&RoleId::from(GUILD)).unwrap().permissions = everyone;
        self.guild().roles.get_mut(&BOT_ROLE).unwrap().permissions = bot;
    }

    pub(super) fn advance(&mut self, seconds: u64) {
        self.now = self.now.plus(std::time::Duration::from_secs(seconds));
    }

    pub(super) fn run<A: Action>(&mut self, action: A) -> Result<A::Output, ApiError> {
        let applied = self.world.apply(action, self.now)?;
        self.events = applied.events;
        Ok(applied.output)
    }

    pub(super) fn create(
        &mut self,
        actor: Actor,
        channel: ChannelId,
        body: Value,
    ) -> Result<Value, ApiError> {
        self.run(CreateMessage { actor, channel, body, files: Vec::new() })
    }

    /// A message by the bot in the text channel.
    pub(super) fn bot_sends(&mut self, body: Value) -> Result<Value, ApiError> {
        self.create(bot(), TEXT, body)
    }

    pub(super) fn text(&mut self, actor: Actor, text: &str) -> MessageId {
        id(&self.create(actor, TEXT, json!({ "content": text })).unwrap())
    }

    pub(super) fn edit(&mut self, actor: Actor, message: MessageId, body: Value) -> Result<Value, ApiError> {
        self.run(EditMessage { actor, channel: TEXT, message, body, files: Vec::new() })
    }

    pub(super) fn kinds(&self) -> Vec<EventKind> {
        self.events.iter().map(|e| e.kind).collect()
    }

    /// The data of the only event of a kind.
    pub(super) fn event(&self, kind: EventKind) -> &Event {
        let mut all = self.events.iter().filter(|e| e.kind == kind);
        let found = all.next().unwrap_or_else(|| panic!("no {kind:?} in {:?}", self.kinds()));
        assert!(all.next().is_none(), "more than one {kind:?}");
        found
    }
}

pub(super) fn id(message: &Value) -> MessageId {
    message["id"].as_str().unwrap().parse().unwrap()
}

pub(super) fn upload(index: u64, filename: &str, bytes: &[u8]) -> Upload {
    Upload { index, filename: filename.into(), content_type: None, bytes: bytes.to_vec() }
}

/// The head of a PNG of 320 x 240 pixels.
pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x40\0\0\0\xf0\x08\x06\0\0\0";

/// Asserts a form error with `code` at `path` (dots between keys).
#[track_caller]
pub(super) fn assert_form<T: std::fmt::Debug>(result: Result<T, ApiError>, path: &str, code: &str) {
    let error = result.expect_err("a form error");
    assert_eq!((error.status, error.code), (400, 50035), "{error:?}");
    let tree = error.errors.clone().unwrap();
    let node = path.split('.').filter(|k| !k.is_empty()).try_fold(&tree, |node, key| node.get(key));
    let list = node.and_then(|n| n.get("_errors")).and_then(Value::as_array);
    let codes: Vec<_> = list.into_iter().flatten().map(|e| e["code"].clone()).collect();
    assert!(codes.contains(&json!(code)), "no {code} at {path} in {tree}");
}

/// Asserts a refusal with this status and code.
#[track_caller]
pub(super) fn assert_refused<T: std::fmt::Debug>(result: Result<T, ApiError>, status: u16, code: u32) {
    let error = result.expect_err("a refusal");
    assert_eq!((error.status, error.code), (status, code), "{error:?}");
}
