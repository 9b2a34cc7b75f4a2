//! Why somebody has a permission or has not: each step of the maths as the one that decides.

use cogwright_sim_world::{
    Actor, ChannelId, GuildId, RoleId, UserId, World,
    permissions::{self as p, Cause, Explanation},
    places::{self, operator},
};
use serde_json::json;

use crate::helpers::{NOW, id};

/// A guild with an owner, a member with two roles, and a channel of one kind.
struct Stage {
    world: World,
    guild: GuildId,
    owner: UserId,
    member: UserId,
    /// Held by the member.
    red: RoleId,
    /// Held by the member.
    blue: RoleId,
    channel: ChannelId,
}

impl Stage {
    /// @everyone and the roles grant these bits.
    fn new(kind: u8, everyone: u64, red: u64, blue: u64) -> Self {
        let mut world = World::new("http://127.0.0.1:1/cdn");
        let mut user = |name: &str| -> UserId {
            id(&world
                .apply(operator::CreateUser { body: json!({ "username": name }) }, NOW)
                .expect("is allowed")
                .output)
        };
        let (owner, member) = (user("owner"), user("member"));
        let body = json!({ "name": "Guild", "owner": owner });
        let guild: GuildId =
            id(&world.apply(operator::CreateGuild { body }, NOW).expect("is allowed").output);
        let body = json!({ "permissions": everyone.to_string() });
        world.apply(operator::PatchRole { guild, role: guild.into(), body }, NOW).expect("is allowed");
        let mut role = |name: &str, bits: u64| -> RoleId {
            let body = json!({ "name": name, "permissions": bits.to_string() });
            id(&world.apply(operator::CreateRole { guild, body }, NOW).expect("is allowed").output)
        };
        let (red, blue) = (role("red", red), role("blue", blue));
        let body = json!({ "user": member, "roles": [red, blue] });
        world.apply(operator::AddMember { guild, body }, NOW).expect("is allowed");
        let body = json!({ "name": "place", "type": kind });
        let channel =
            id(&world.apply(operator::CreateChannel { guild, body }, NOW).expect("is allowed").output);
        Self { world, guild, owner, member, red, blue, channel }
    }

    fn overwrite(&mut self, target: u64, kind: u8, allow: u64, deny: u64) -> &mut Self {
        let body = json!({ "type": kind, "allow": allow.to_string(), "deny": deny.to_string() });
        let channel = self.channel;
        self.world
            .apply(places::SetOverwrite { actor: None, channel, target, body }, NOW)
            .expect("is allowed");
        self
    }

    fn thread(&mut self, kind: u8) -> ChannelId {
        let body = json!({ "name": "thread", "type": kind });
        let actor = Actor::person(self.owner);
        let open = places::CreateThread { actor, channel: self.channel, body, files: Vec::new() };
        id(&self.world.apply(open, NOW).expect("is allowed").output)
    }

    fn why(&self) -> Explanation {
        self.why_in(self.channel, self.member)
    }

    fn why_in(&self, channel: ChannelId, user: UserId) -> Explanation {
        let why = self.world.explain_in_channel(channel, user, NOW).expect("is allowed");
        assert_eq!(why.bits, self.world.channel_permissions(channel, user, NOW).expect("is allowed"));
        why
    }
}

#[track_caller]
fn decided(why: &Explanation, bit: u64, granted: bool, by: Option<Cause>) {
    let verdict = why.of(bit);
    assert_eq!((verdict.granted, verdict.decided_by), (granted, by), "{:?}", verdict.trail);
}

const VIEW: u64 = p::VIEW_CHANNEL;
const SEND: u64 = p::SEND_MESSAGES;

#[test]
fn the_owner_has_everything_and_a_stranger_nothing() {
    let mut stage = Stage::new(0, VIEW, 0, 0);
    let owner = stage.owner;
    stage.overwrite(owner.get(), 1, 0, SEND);
    let why = stage.why_in(stage.channel, owner);
    decided(&why, SEND, true, Some(Cause::Owner));
    decided(&why, p::BAN_MEMBERS, true, Some(Cause::Owner));
    assert_eq!(why.of(SEND).trail, [(Cause::Owner, true)], "overwrites are not even looked at");
    let body = json!({ "username": "stranger" });
    let stranger = id(&stage.world.apply(operator::CreateUser { body }, NOW).expect("is allowed").output);
    let why = stage.why_in(stage.channel, stranger);
    decided(&why, VIEW, false, Some(Cause::NotThere));
}

#[test]
fn everyone_grants_before_roles_and_roles_add_up() {
    let stage = Stage::new(0, VIEW, VIEW | SEND, SEND);
    let why = stage.why();
    decided(&why, VIEW, true, Some(Cause::Everyone));
    decided(&why, SEND, true, Some(Cause::Role(stage.red)));
    assert_eq!(why.of(SEND).trail, [(Cause::Role(stage.red), true), (Cause::Role(stage.blue), true)]);
    decided(&why, p::BAN_MEMBERS, false, None);
    assert!(why.of(p::BAN_MEMBERS).trail.is_empty());
}

#[test]
fn an_administrator_is_above_overwrites_and_time_out() {
    let mut stage = Stage::new(0, VIEW, p::ADMINISTRATOR, 0);
    let member = stage.member;
    stage.overwrite(member.get(), 1, 0, SEND);
    let body = json!({ "communication_disabled_until": NOW.plus(std::time::Duration::from_secs(60)).iso() });
    let guild = stage.guild;
    stage.world.apply(operator::PatchMember { guild, user: member, body }, NOW).expect("is allowed");
    let why = stage.why();
    decided(&why, SEND, true, Some(Cause::Administrator));
    decided(&why, VIEW, true, Some(Cause::Administrator));
    assert_eq!(why.bits, p::ALL);
}

#[test]
fn the_overwrite_of_everyone_then_those_of_roles_then_the_members() {
    let mut stage = Stage::new(0, VIEW | SEND, 0, 0);
    let (everyone, member, red, blue) = (stage.guild.get(), stage.member.get(), stage.red, stage.blue);
    stage.overwrite(everyone, 0, p::ADD_REACTIONS, SEND);
    decided(&stage.why(), SEND, false, Some(Cause::EveryoneOverwrite));
    decided(&stage.why(), p::ADD_REACTIONS, true, Some(Cause::EveryoneOverwrite));

    // Of role overwrites all denials go first: one that allows wins, whichever stands first.
    stage.overwrite(red.get(), 0, SEND, p::ADD_REACTIONS).overwrite(blue.get(), 0, 0, SEND);
    let why = stage.why();
    decided(&why, SEND, true, Some(Cause::RoleOverwrite(red)));
    decided(&why, p::ADD_REACTIONS, false, Some(Cause::RoleOverwrite(red)));
    let trail: Vec<_> = why.of(SEND).trail;
    assert_eq!(
        trail,
        [
            (Cause::Everyone, true),
            (Cause::EveryoneOverwrite, false),
            (Cause::RoleOverwrite(blue), false),
            (Cause::RoleOverwrite(red), true)
        ]
    );

    stage.overwrite(member, 1, p::ADD_REACTIONS, SEND);
    decided(&stage.why(), SEND, false, Some(Cause::MemberOverwrite));
    decided(&stage.why(), p::ADD_REACTIONS, true, Some(Cause::MemberOverwrite));
}

#[test]
fn what_a_missing_permission_takes_with_it() {
    let mut stage = Stage::new(0, VIEW | SEND | p::EMBED_LINKS | p::ADD_REACTIONS, 0, 0);
    let everyone = stage.guild.get();
    stage.overwrite(everyone, 0, 0, SEND);
    let why = stage.why();
    decided(&why, SEND, false, Some(Cause::EveryoneOverwrite));
    decided(&why, p::EMBED_LINKS, false, Some(Cause::NoSending));
    decided(&why, p::ADD_REACTIONS, true, Some(Cause::Everyone));

    stage.overwrite(everyone, 0, 0, VIEW);
    let why = stage.why();
    decided(&why, VIEW, false, Some(Cause::EveryoneOverwrite));
    decided(&why, SEND, false, Some(Cause::NoViewChannel));
    decided(&why, p::BAN_MEMBERS, false, None);

    let mut voice = Stage::new(2, VIEW | p::CONNECT | p::MANAGE_CHANNELS, 0, 0);
    decided(&voice.why(), p::MANAGE_CHANNELS, true, Some(Cause::Everyone));
    let everyone = voice.guild.get();
    voice.overwrite(everyone, 0, 0, p::CONNECT);
    decided(&voice.why(), p::MANAGE_CHANNELS, false, Some(Cause::NoConnect));
}

#[test]
fn a_thread_is_ruled_by_its_channel_and_a_private_one_by_who_is_in_it() {
    let mut stage = Stage::new(0, VIEW | p::SEND_MESSAGES_IN_THREADS | p::EMBED_LINKS, 0, 0);
    let (everyone, channel, member) = (stage.guild.get(), stage.channel, stage.member);
    let open = stage.thread(11);
    stage.overwrite(everyone, 0, 0, p::ADD_REACTIONS);
    let why = stage.why_in(open, member);
    assert_eq!(why.ruled_by, Some(channel));
    decided(&why, p::EMBED_LINKS, true, Some(Cause::Everyone));
    decided(&why, p::ADD_REACTIONS, false, Some(Cause::EveryoneOverwrite));
    let closed = stage.thread(12);
    decided(&stage.why_in(closed, member), VIEW, false, Some(Cause::NotInThread));
    let actor = Actor::person(stage.owner);
    stage
        .world
        .apply(places::AddThreadMember { actor, channel: closed, user: member }, NOW)
        .expect("is allowed");
    decided(&stage.why_in(closed, member), VIEW, true, Some(Cause::Everyone));
}

#[test]
fn a_time_out_leaves_reading_until_it_ends() {
    let mut stage = Stage::new(0, VIEW | SEND | p::READ_MESSAGE_HISTORY, 0, 0);
    let until = NOW.plus(std::time::Duration::from_secs(60));
    let body = json!({ "communication_disabled_until": until.iso() });
    let (guild, user) = (stage.guild, stage.member);
    stage.world.apply(operator::PatchMember { guild, user, body }, NOW).expect("is allowed");
    let why = stage.why();
    decided(&why, SEND, false, Some(Cause::TimedOut(until)));
    decided(&why, VIEW, true, Some(Cause::Everyone));
    let guild_wide = stage.world.explain_in_guild(guild, user, NOW).expect("is allowed");
    decided(&guild_wide, SEND, false, Some(Cause::TimedOut(until)));
    assert_eq!(guild_wide.ruled_by, None);
    let later = stage.world.explain_in_channel(stage.channel, user, until).expect("is there");
    decided(&later, SEND, true, Some(Cause::Everyone));
}

#[test]
fn a_direct_message_has_its_own_rules() {
    let mut stage = Stage::new(0, VIEW, 0, 0);
    let actor = Actor::person(stage.owner);
    let body = json!({ "recipient_id": stage.member });
    let dm: ChannelId =
        id(&stage.world.apply(places::OpenDm { actor, body }, NOW).expect("is allowed").output);
    let why = stage.why_in(dm, stage.member);
    decided(&why, SEND, true, Some(Cause::DirectMessage));
    decided(&why, p::MANAGE_MESSAGES, false, None);
}

#[test]
fn all_named_bits_and_the_unnamed_ones_spoken_of_are_told() {
    let stage = Stage::new(0, VIEW | 1 << 60, 0, 0);
    let told: Vec<u64> = stage.why().bits_of_interest().collect();
    assert!(p::NAMES.iter().all(|(_, bit)| told.contains(bit)));
    assert!(told.contains(&(1 << 60)) && !told.contains(&(1 << 61)));
    assert_eq!(told.len(), p::NAMES.len() + 1);
}
