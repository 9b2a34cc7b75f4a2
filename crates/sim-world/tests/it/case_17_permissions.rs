//! Acceptance case 17: the permission maths against a second implementation that was written from the prose of
//! Discord docs: Topics / Permissions, question by question instead of by bit masks.

use std::collections::BTreeMap;

use cogwright_sim_world::{
    Actor, ChannelId, GuildId, RoleId, Timestamp, UserId, World, permissions as p,
    places::{AddThreadMember, CreateThread, operator},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::helpers::{NOW, id};

/// A guild as the test wants it: what the reference looks at, and what the world is built from.
#[derive(Clone, Debug)]
struct Case {
    everyone: u64,
    /// Permissions of roles, and whether the member has the role.
    roles: Vec<(u64, bool)>,
    /// Allow and deny for @everyone.
    everyone_overwrite: Option<(u64, u64)>,
    /// Allow and deny per role.
    role_overwrites: Vec<Option<(u64, u64)>>,
    member_overwrite: Option<(u64, u64)>,
    place: Place,
    owner: bool,
    /// Time-out relative to now, in seconds.
    timeout: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Text,
    Voice,
    PublicThread,
    PrivateThreadIn,
    PrivateThreadOut,
}

// ---- The second implementation: one permission at a time. ----

/// "ADMINISTRATOR allows all permissions and bypasses channel permission overwrites"; the owner has them too.
fn all_powerful(case: &Case) -> bool {
    case.owner || granted_by_guild(case, p::ADMINISTRATOR)
}

/// Guild level: @everyone's and each role's grants add up.
fn granted_by_guild(case: &Case, bit: u64) -> bool {
    case.everyone & bit != 0 || case.roles.iter().any(|(bits, has)| *has && bits & bit != 0)
}

/// Channel level: the most specific overwrite that mentions the permission decides; on one level allowing wins.
fn granted_in_channel(case: &Case, bit: u64) -> bool {
    let of_roles: Vec<(u64, u64)> = case
        .roles
        .iter()
        .zip(&case.role_overwrites)
        .filter(|((_, has), _)| *has)
        .filter_map(|(_, overwrite)| *overwrite)
        .collect();
    let levels: [Vec<(u64, u64)>; 3] = [
        case.member_overwrite.into_iter().collect(),
        of_roles,
        case.everyone_overwrite.into_iter().collect(),
    ];
    for level in levels {
        if level.iter().any(|(allow, _)| allow & bit != 0) {
            return true;
        }
        if level.iter().any(|(_, deny)| deny & bit != 0) {
            return false;
        }
    }
    granted_by_guild(case, bit)
}

fn reference(case: &Case, bit: u64) -> bool {
    let known = p::NAMES.iter().any(|(_, b)| *b == bit);
    if all_powerful(case) {
        return known;
    }
    // "VIEW_CHANNEL denied: no other permission counts."
    if !granted_in_channel(case, p::VIEW_CHANNEL) {
        return false;
    }
    // Private threads: only for those in them and for holders of MANAGE_THREADS.
    if case.place == Place::PrivateThreadOut && !granted_in_channel(case, p::MANAGE_THREADS) {
        return false;
    }
    // "Timed out members temporarily lose all permissions except VIEW_CHANNEL and READ_MESSAGE_HISTORY."
    let timed_out = case.timeout.is_some_and(|seconds| seconds > 0);
    if timed_out && bit != p::VIEW_CHANNEL && bit != p::READ_MESSAGE_HISTORY {
        return false;
    }
    // "Denying SEND_MESSAGES implicitly denies MENTION_EVERYONE, SEND_TTS_MESSAGES, ATTACH_FILES, EMBED_LINKS";
    // threads go by SEND_MESSAGES_IN_THREADS.
    let in_thread =
        matches!(case.place, Place::PublicThread | Place::PrivateThreadIn | Place::PrivateThreadOut);
    let sending = if in_thread { p::SEND_MESSAGES_IN_THREADS } else { p::SEND_MESSAGES };
    let needs_sending = [p::MENTION_EVERYONE, p::SEND_TTS_MESSAGES, p::ATTACH_FILES, p::EMBED_LINKS];
    if needs_sending.contains(&bit) && !granted_in_channel(case, sending) {
        return false;
    }
    // "For voice and stage channels, denying CONNECT also denies other permissions such as MANAGE_CHANNELS."
    let needs_connect = [p::MANAGE_CHANNELS, p::MANAGE_ROLES];
    if case.place == Place::Voice && needs_connect.contains(&bit) && !granted_in_channel(case, p::CONNECT) {
        return false;
    }
    granted_in_channel(case, bit)
}

// ---- The world, built through its public actions. ----

struct Built {
    world: World,
    guild: GuildId,
    channel: ChannelId,
    user: UserId,
}

fn user(world: &mut World, name: &str) -> UserId {
    let body = json!({ "username": name });
    id(&world.apply(operator::CreateUser { body }, NOW).expect("user").output)
}

fn build(case: &Case) -> Built {
    let mut world = World::new("http://127.0.0.1:1/cdn");
    let (owner, member) = (user(&mut world, "owner"), user(&mut world, "member"));
    let body = json!({ "name": "Guild", "owner": owner });
    let guild: GuildId = id(&world.apply(operator::CreateGuild { body }, NOW).expect("guild").output);
    let everyone = RoleId::from(guild);
    let body = json!({ "permissions": case.everyone.to_string() });
    world.apply(operator::PatchRole { guild, role: everyone, body }, NOW).expect("@everyone");
    let mut roles: Vec<RoleId> = Vec::new();
    for (bits, _) in &case.roles {
        let body = json!({ "name": "role", "permissions": bits.to_string() });
        roles.push(id(&world.apply(operator::CreateRole { guild, body }, NOW).expect("role").output));
    }
    let held: Vec<RoleId> =
        roles.iter().zip(&case.roles).filter(|(_, (_, has))| *has).map(|(role, _)| *role).collect();
    let body = json!({ "user": member, "roles": held });
    world.apply(operator::AddMember { guild, body }, NOW).expect("member");

    let mut overwrites = BTreeMap::new();
    let mut add = |id: u64, kind: u8, overwrite: Option<(u64, u64)>| {
        if let Some((allow, deny)) = overwrite {
            let entry = json!({
                "id": id.to_string(), "type": kind, "allow": allow.to_string(), "deny": deny.to_string(),
            });
            overwrites.insert(id, entry);
        }
    };
    // The member's first: the order of the list must not matter.
    add(member.get(), 1, case.member_overwrite);
    for (role, overwrite) in roles.iter().zip(&case.role_overwrites) {
        add(role.get(), 0, *overwrite);
    }
    add(everyone.get(), 0, case.everyone_overwrite);
    let mut list: Vec<Value> = overwrites.into_values().collect();
    list.reverse();
    let kind = if case.place == Place::Voice { 2 } else { 0 };
    let body = json!({ "name": "place", "type": kind, "permission_overwrites": list });
    let parent: ChannelId =
        id(&world.apply(operator::CreateChannel { guild, body }, NOW).expect("channel").output);
    let channel = match case.place {
        Place::Text | Place::Voice => parent,
        Place::PublicThread => thread(&mut world, owner, parent, 11),
        Place::PrivateThreadOut => thread(&mut world, owner, parent, 12),
        Place::PrivateThreadIn => {
            let thread = thread(&mut world, owner, parent, 12);
            let join = AddThreadMember { actor: Actor::person(owner), channel: thread, user: member };
            world.apply(join, NOW).expect("joins");
            thread
        }
    };
    if case.owner {
        let body = json!({ "owner": member });
        world.apply(operator::PatchGuild { guild, body }, NOW).expect("new owner");
    }
    if let Some(seconds) = case.timeout {
        let until = Timestamp::from_ms((NOW.ms() as i64 + seconds * 1000) as u64).iso();
        let body = json!({ "communication_disabled_until": until });
        world.apply(operator::PatchMember { guild, user: member, body }, NOW).expect("time-out");
    }
    Built { world, guild, channel, user: member }
}

fn thread(world: &mut World, owner: UserId, channel: ChannelId, kind: u8) -> ChannelId {
    let body = json!({ "name": "thread", "type": kind });
    let start = CreateThread { actor: Actor::person(owner), channel, body, files: Vec::new() };
    id(&world.apply(start, NOW).expect("thread").output)
}

// ---- Cases: bits that interact come up often. ----

fn bits() -> impl Strategy<Value = u64> {
    let named = proptest::sample::subsequence(p::NAMES.to_vec(), 0..=p::NAMES.len())
        .prop_map(|names| names.iter().fold(0, |bits, (_, bit)| bits | bit));
    let often = prop::sample::subsequence(
        vec![
            p::VIEW_CHANNEL,
            p::SEND_MESSAGES,
            p::SEND_MESSAGES_IN_THREADS,
            p::MENTION_EVERYONE,
            p::EMBED_LINKS,
            p::CONNECT,
            p::MANAGE_CHANNELS,
            p::MANAGE_ROLES,
            p::MANAGE_THREADS,
            p::READ_MESSAGE_HISTORY,
            1 << 60,
        ],
        0..=11,
    )
    .prop_map(|list| list.into_iter().fold(0, |bits, bit| bits | bit));
    // Administrators are frequent enough, but must not hide everything else.
    prop_oneof![4 => named.prop_map(|bits| bits & !p::ADMINISTRATOR), 6 => often, 1 => Just(p::ADMINISTRATOR)]
}

fn overwrite() -> impl Strategy<Value = Option<(u64, u64)>> {
    let pair = (bits(), bits()).prop_map(|(allow, deny)| {
        let (allow, deny) = (allow & !p::ADMINISTRATOR, deny & !p::ADMINISTRATOR);
        (allow & !deny, deny)
    });
    prop::option::of(pair)
}

fn case() -> impl Strategy<Value = Case> {
    let place = prop_oneof![
        3 => Just(Place::Text),
        2 => Just(Place::Voice),
        2 => Just(Place::PublicThread),
        1 => Just(Place::PrivateThreadIn),
        1 => Just(Place::PrivateThreadOut),
    ];
    let roles = prop::collection::vec(((bits(), any::<bool>()), overwrite()), 0..4);
    let timeout = prop_oneof![4 => Just(None), 1 => Just(Some(60)), 1 => Just(Some(-60))];
    let owner = prop_oneof![9 => Just(false), 1 => Just(true)];
    (bits(), roles, overwrite(), overwrite(), place, owner, timeout).prop_map(
        |(everyone, roles, everyone_overwrite, member_overwrite, place, owner, timeout)| {
            let (roles, role_overwrites) = roles.into_iter().unzip();
            Case {
                everyone,
                roles,
                everyone_overwrite,
                role_overwrites,
                member_overwrite,
                place,
                owner,
                timeout,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn case_17_overwrite_maths_agrees_with_the_prose(case in case()) {
        let built = build(&case);
        let held = built.world.channel_permissions(built.channel, built.user, NOW).expect("exists");
        for bit in (0..64).map(|n| 1u64 << n) {
            let name = p::NAMES.iter().find(|(_, b)| *b == bit).map_or("unknown", |(name, _)| name);
            prop_assert_eq!(held & bit != 0, reference(&case, bit), "{} in {:?}", name, case.place);
        }
        // The explanation comes to the same for every bit, and so do the checks of actions.
        let why = built.world.explain_in_channel(built.channel, built.user, NOW).expect("exists");
        prop_assert_eq!(why.bits, held);
        let actor = Actor::person(built.user);
        for bit in (0..64).map(|n| 1u64 << n) {
            let verdict = why.of(bit);
            prop_assert_eq!(verdict.granted, reference(&case, bit), "{:b} because {:?}", bit, verdict);
            prop_assert_eq!(verdict.granted, verdict.trail.last().is_some_and(|(_, gives)| *gives));
            // SEND_MESSAGES asked of a thread means another bit.
            if bit != p::SEND_MESSAGES {
                let passes = built.world.require(actor, built.channel, bit, NOW).is_ok();
                prop_assert_eq!(passes, held & p::VIEW_CHANNEL != 0 && verdict.granted);
            }
        }
        // What is visible follows from it.
        let visible = reference(&case, p::VIEW_CHANNEL);
        prop_assert_eq!(built.world.can_view(built.channel, built.user, NOW), visible);
        // Guild-wide: no overwrites, but the time-out.
        let timed_out = case.timeout.is_some_and(|s| s > 0) && !all_powerful(&case);
        let guild_wide = built.world.guild_permissions(built.guild, built.user, NOW);
        prop_assert_eq!(built.world.explain_in_guild(built.guild, built.user, NOW).expect("exists").bits, guild_wide);
        for (name, bit) in p::NAMES {
            let kept = !timed_out || [p::VIEW_CHANNEL, p::READ_MESSAGE_HISTORY].contains(bit);
            let expected = all_powerful(&case) || (kept && granted_by_guild(&case, *bit));
            prop_assert_eq!(guild_wide & bit != 0, expected, "{} in the guild", name);
        }
    }
}

#[test]
fn case_17_names_are_distinct_bits() {
    let sum = p::NAMES.iter().fold(0u64, |sum, (name, bit)| {
        assert_eq!(bit.count_ones(), 1, "{name}");
        assert_eq!(sum & bit, 0, "{name} is there twice");
        sum | bit
    });
    assert_eq!(sum, p::ALL);
    // Bits 42 to 52 without the unused 47, as of 2026.
    assert_eq!(p::ALL >> 42, 0b111_1101_1111);
}
