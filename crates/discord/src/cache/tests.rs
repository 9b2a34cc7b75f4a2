//! The cache, fed with events as Discord writes them.

use std::time::Duration;

use serde_json::{Value, json};
use twilight_gateway::ShardId;
use twilight_model::id::marker::{RoleMarker, UserMarker};

use super::*;

const GUILD: u64 = 100;
const BOT: u64 = 1;
const OWNER: u64 = 2;
const PERSON: u64 = 3;

fn event(name: &str, data: &Value) -> Event {
    let text = json!({"op": 0, "s": 1, "t": name, "d": data}).to_string();
    let parsed = twilight_gateway::parse(text, EventTypeFlags::all()).expect("fits the model");
    parsed.expect("is wanted").into()
}

fn role(id: u64, permissions: Permissions) -> Value {
    json!({"id": id.to_string(), "name": format!("r{id}"), "color": 0,
        "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
        "hoist": false, "position": 1, "permissions": permissions.bits().to_string(),
        "managed": false, "mentionable": false, "flags": 0})
}

fn user(id: u64) -> Value {
    json!({"id": id.to_string(), "username": format!("u{id}"), "discriminator": "0", "avatar": null,
        "mfa_enabled": false})
}

fn channel(id: u64, kind: u8, overwrites: &Value) -> Value {
    json!({"id": id.to_string(), "guild_id": GUILD.to_string(), "type": kind,
        "name": format!("c{id}"), "position": 0, "permission_overwrites": overwrites})
}

fn thread(id: u64, parent: u64, archived: bool) -> Value {
    json!({"id": id.to_string(), "guild_id": GUILD.to_string(), "type": 11, "name": "t",
        "parent_id": parent.to_string(), "owner_id": "3", "message_count": 0, "member_count": 1,
        "thread_metadata": {"archived": archived, "auto_archive_duration": 1440, "locked": false,
            "archive_timestamp": "2026-01-01T00:00:00.000000+00:00"}})
}

fn overwrite(id: u64, kind: u8, deny: Permissions, allow: Permissions) -> Value {
    json!({"id": id.to_string(), "type": kind, "deny": deny.bits().to_string(),
        "allow": allow.bits().to_string()})
}

fn guild_json(roles: &[Value], channels: &[Value], threads: &[Value], bot_roles: &[u64]) -> Value {
    let bot_roles: Vec<_> = bot_roles.iter().map(u64::to_string).collect();
    json!({"id": GUILD.to_string(), "name": "G", "owner_id": OWNER.to_string(), "afk_timeout": 300,
        "verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0,
        "roles": roles, "emojis": [], "stickers": [], "features": [], "mfa_level": 0,
        "system_channel_flags": 0, "premium_tier": 0, "preferred_locale": "en-US", "nsfw_level": 0,
        "premium_progress_bar_enabled": false, "joined_at": "2026-01-01T00:00:00.000000+00:00",
        "large": false, "member_count": 2, "voice_states": [], "presences": [],
        "stage_instances": [], "guild_scheduled_events": [],
        "members": [{"user": user(BOT), "roles": bot_roles, "deaf": false, "mute": false, "flags": 0}],
        "channels": channels, "threads": threads})
}

fn ready() -> Event {
    event(
        "READY",
        &json!({"v": 10, "user": user(BOT), "guilds": [], "session_id": "s",
            "resume_gateway_url": "ws://x", "application": {"id": "9", "flags": 0}}),
    )
}

fn cache(roles: &[Value], channels: &[Value], threads: &[Value], bot_roles: &[u64]) -> Cache {
    let cache = Cache::new();
    cache.update(&ready());
    let guild = guild_json(roles, channels, threads, bot_roles);
    cache.update(&event("GUILD_CREATE", &guild));
    cache
}

fn plain(permissions: Permissions) -> Cache {
    let everyone = role(GUILD, permissions);
    cache(&[everyone], &[channel(10, 0, &json!([]))], &[thread(11, 10, false)], &[])
}

fn member(user: u64, roles: &[u64]) -> CachedMember {
    CachedMember {
        user: Id::<UserMarker>::new(user),
        roles: roles.iter().map(|id| Id::<RoleMarker>::new(*id)).collect(),
        timeout_until: None,
    }
}

fn in_channel(cache: &Cache, channel: u64, member: &CachedMember) -> Option<Permissions> {
    cache.permissions(Id::new(GUILD), Id::new(channel), member, SystemTime::UNIX_EPOCH)
}

const TALK: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::EMBED_LINKS);

#[test]
fn a_guild_comes_and_goes() {
    let cache = plain(TALK);
    let me = cache.me().expect("READY came");
    assert_eq!((me.id.get(), me.application.get(), me.name.as_str()), (BOT, 9, "u1"));
    let guild = cache.guild(Id::new(GUILD)).expect("is known");
    assert_eq!((&*guild.name, guild.channels.len()), ("G", 2));
    assert_eq!(cache.channel(Id::new(10)).expect("is known").name.as_ref(), "c10");
    assert_eq!(cache.guild_of(Id::new(11)).expect("is its home").id.get(), GUILD);
    cache.update(&event("GUILD_DELETE", &json!({"id": GUILD.to_string()})));
    assert_eq!(cache.guild_count(), 0);
    assert!(cache.channel(Id::new(10)).is_none());
    assert_eq!(guild.channels.len(), 2, "who reads it keeps it");
}

#[test]
fn an_outage_hides_the_guild_until_it_returns() {
    let cache = plain(TALK);
    let out = json!({"id": GUILD.to_string(), "unavailable": true});
    cache.update(&event("GUILD_DELETE", &out));
    assert!(cache.guild(Id::new(GUILD)).is_none());
    let guild = guild_json(&[role(GUILD, TALK)], &[], &[], &[]);
    cache.update(&event("GUILD_CREATE", &guild));
    assert!(cache.guild(Id::new(GUILD)).is_some());
}

#[tokio::test]
async fn a_guild_that_is_announced_and_does_not_come_is_no_stranger() {
    let cache = plain(TALK);
    let listing = |ids: &[u64]| {
        let guilds: Vec<_> =
            ids.iter().map(|id| json!({"id": id.to_string(), "unavailable": true})).collect();
        event(
            "READY",
            &json!({"v": 10, "user": user(BOT), "guilds": guilds, "session_id": "s", "shard": [0, 1],
                "resume_gateway_url": "ws://x", "application": {"id": "9", "flags": 0}}),
        )
    };
    let out = |cache: &Cache| {
        let mut ids: Vec<_> = cache.unavailable_ids().into_iter().map(Id::get).collect();
        ids.sort_unstable();
        ids
    };
    cache.update(&listing(&[GUILD, 200, 300]));
    assert_eq!(out(&cache), [200, 300], "the known one is as good as it was");
    let bytes = session_of(&cache).encode("s", 7).await;
    let resumed = Cache::new();
    assert_eq!(resumed.restore(ShardId::ONE, "s", 7, &bytes), Ok(1));
    assert_eq!(out(&resumed), [200, 300]);
    let mut guild = guild_json(&[], &[], &[], &[]);
    guild["id"] = "200".into();
    cache.update(&event("GUILD_CREATE", &guild));
    assert_eq!(out(&cache), [300], "it has come");
    cache.update(&listing(&[GUILD, 200]));
    assert!(out(&cache).is_empty(), "the bot has left it meanwhile");
}

#[test]
fn roles_and_own_member_follow_events() {
    let cache = plain(TALK);
    let added = json!({"guild_id": GUILD.to_string(), "role": role(50, Permissions::BAN_MEMBERS)});
    cache.update(&event("GUILD_ROLE_CREATE", &added));
    let own = || cache.own_permissions(Id::new(GUILD), Id::new(10), SystemTime::UNIX_EPOCH);
    assert!(!own().expect("is known").contains(Permissions::BAN_MEMBERS));
    let update = |user_id: u64| {
        json!({"guild_id": GUILD.to_string(), "user": user(user_id), "roles": ["50"],
            "joined_at": "2026-01-01T00:00:00.000000+00:00", "pending": false, "flags": 0})
    };
    cache.update(&event("GUILD_MEMBER_UPDATE", &update(PERSON)));
    assert!(!own().expect("is known").contains(Permissions::BAN_MEMBERS));
    cache.update(&event("GUILD_MEMBER_UPDATE", &update(BOT)));
    assert!(own().expect("is known").contains(Permissions::BAN_MEMBERS));
    let removed = json!({"guild_id": GUILD.to_string(), "role_id": "50"});
    cache.update(&event("GUILD_ROLE_DELETE", &removed));
    assert!(!own().expect("is known").contains(Permissions::BAN_MEMBERS));
}

#[test]
fn channels_take_their_threads_along() {
    let cache = plain(TALK);
    cache.update(&event("CHANNEL_CREATE", &channel(20, 0, &json!([]))));
    cache.update(&event("THREAD_CREATE", &thread(21, 20, false)));
    assert!(cache.channel(Id::new(21)).is_some());
    cache.update(&event("CHANNEL_DELETE", &channel(20, 0, &json!([]))));
    assert!(cache.channel(Id::new(20)).is_none() && cache.channel(Id::new(21)).is_none());
    assert!(cache.channel(Id::new(11)).is_some());
    cache.update(&event("THREAD_UPDATE", &thread(11, 10, true)));
    assert!(cache.channel(Id::new(11)).is_none(), "is archived");
    cache.update(&event("THREAD_UPDATE", &thread(11, 10, false)));
    assert!(cache.channel(Id::new(11)).is_some(), "is back");
}

#[test]
fn a_list_of_threads_replaces_those_of_its_channels() {
    let cache = plain(TALK);
    cache.update(&event("THREAD_CREATE", &thread(12, 99, false)));
    let sync = json!({"guild_id": GUILD.to_string(), "channel_ids": ["10"], "members": [],
        "threads": [thread(13, 10, false)]});
    cache.update(&event("THREAD_LIST_SYNC", &sync));
    let known = |id: u64| cache.channel(Id::new(id)).is_some();
    assert!(!known(11) && known(13) && known(12));
}

#[test]
fn owner_and_administrator_may_do_everything() {
    let deny_all = json!([overwrite(GUILD, 0, Permissions::all(), Permissions::empty())]);
    let roles = [role(GUILD, TALK), role(60, Permissions::ADMINISTRATOR)];
    let cache = cache(&roles, &[channel(10, 0, &deny_all)], &[], &[60]);
    let all = Some(Permissions::all());
    assert_eq!(in_channel(&cache, 10, &member(OWNER, &[])), all);
    assert_eq!(in_channel(&cache, 10, &member(PERSON, &[60])), all);
    assert_eq!(in_channel(&cache, 10, &member(PERSON, &[])), Some(Permissions::empty()));
    assert_eq!(in_channel(&cache, 404, &member(OWNER, &[])), None);
}

#[test]
fn overwrites_apply_everyone_then_roles_then_member() {
    let view = Permissions::VIEW_CHANNEL;
    let send = Permissions::SEND_MESSAGES;
    let none = Permissions::empty();
    // Written in an order that must not matter.
    let list = json!([
        overwrite(PERSON, 1, none, send),
        overwrite(61, 0, send, none),
        overwrite(62, 0, none, view),
        overwrite(GUILD, 0, view, none),
    ]);
    let roles = [role(GUILD, TALK), role(61, none), role(62, none)];
    let cache = cache(&roles, &[channel(10, 0, &list)], &[], &[]);
    let may = |user, roles: &[u64]| in_channel(&cache, 10, &member(user, roles)).expect("known");
    assert_eq!(may(7, &[]), none, "not seen, so nothing else either");
    assert!(may(7, &[62]).contains(send));
    assert!(!may(7, &[61, 62]).contains(send));
    assert!(!may(7, &[61, 62]).contains(Permissions::EMBED_LINKS), "nothing to embed into");
    assert!(may(PERSON, &[61, 62]).contains(send | Permissions::EMBED_LINKS));
}

#[test]
fn an_allow_beats_a_deny_among_roles() {
    let send = Permissions::SEND_MESSAGES;
    let none = Permissions::empty();
    let list = json!([overwrite(61, 0, none, send), overwrite(62, 0, send, none)]);
    let roles = [role(GUILD, TALK), role(61, none), role(62, none)];
    let cache = cache(&roles, &[channel(10, 0, &list)], &[], &[]);
    assert!(in_channel(&cache, 10, &member(7, &[61, 62])).expect("known").contains(send));
}

#[test]
fn threads_follow_their_parent() {
    let deny = Permissions::SEND_MESSAGES_IN_THREADS;
    let list = json!([overwrite(GUILD, 0, deny, Permissions::empty())]);
    let channels = [channel(10, 0, &list)];
    let cache = cache(&[role(GUILD, TALK)], &channels, &[thread(11, 10, false)], &[]);
    let inside = in_channel(&cache, 11, &member(7, &[])).expect("known");
    assert!(inside.contains(Permissions::VIEW_CHANNEL) && !inside.contains(deny));
    assert!(!inside.contains(Permissions::EMBED_LINKS));
    let outside = in_channel(&cache, 10, &member(7, &[])).expect("known");
    assert!(outside.contains(Permissions::EMBED_LINKS));
}

#[test]
fn a_timeout_leaves_reading_and_ends() {
    let cache = plain(TALK | Permissions::READ_MESSAGE_HISTORY);
    let until = SystemTime::UNIX_EPOCH + Duration::from_secs(60);
    let mut person = member(PERSON, &[]);
    person.timeout_until = Some(until);
    let at = |now| cache.permissions(Id::new(GUILD), Id::new(10), &person, now).expect("known");
    let left = Permissions::VIEW_CHANNEL | Permissions::READ_MESSAGE_HISTORY;
    assert_eq!(at(SystemTime::UNIX_EPOCH), left);
    assert!(at(until).contains(Permissions::SEND_MESSAGES));
}

#[test]
fn everything_wanted_is_subscribed() {
    let wanted = Cache::wanted();
    for flag in [EventTypeFlags::READY, EventTypeFlags::THREAD_LIST_SYNC] {
        assert!(wanted.contains(flag));
    }
    assert!(!wanted.contains(EventTypeFlags::PRESENCE_UPDATE));
}

fn session_of(cache: &Cache) -> Snapshot {
    cache.snapshot(ShardId::ONE)
}

fn rich() -> Cache {
    let list = json!([overwrite(GUILD, 0, TALK, Permissions::empty()), overwrite(PERSON, 1, TALK, TALK)]);
    let roles = [role(GUILD, TALK), role(50, Permissions::ADMINISTRATOR), role(51, TALK)];
    let channels = [channel(10, 4, &list), channel(12, 0, &list), channel(13, 2, &json!([]))];
    cache(&roles, &channels, &[thread(11, 12, false)], &[51])
}

#[tokio::test]
async fn a_snapshot_brings_everything_back() {
    let before = rich();
    let bytes = session_of(&before).encode("s", 7).await;
    let after = Cache::new();
    assert_eq!(after.restore(ShardId::ONE, "s", 7, &bytes), Ok(1));
    assert_eq!(after.me(), before.me());
    assert_eq!(after.guild(Id::new(GUILD)), before.guild(Id::new(GUILD)));
    assert_eq!(after.guild_of(Id::new(11)).expect("has a home").id.get(), GUILD);
    assert_eq!(after.restore(ShardId::ONE, "s", 9, &bytes), Ok(1), "the journal said that it still holds");
}

#[tokio::test]
async fn a_snapshot_that_does_not_fit_is_refused_whole() {
    let bytes = session_of(&rich()).encode("s", 7).await;
    let refused = |shard, session, sequence, bytes: &[u8]| {
        let cache = Cache::new();
        let error = cache.restore(shard, session, sequence, bytes).expect_err("does not fit");
        assert!(cache.me().is_none() && cache.guild_count() == 0, "nothing was taken over");
        error
    };
    let one = ShardId::ONE;
    assert_eq!(refused(ShardId::new(0, 2), "s", 7, &bytes), SnapshotError::Shard);
    assert_eq!(refused(one, "t", 7, &bytes), SnapshotError::Session);
    assert_eq!(refused(one, "s", 6, &bytes), SnapshotError::Sequence);
    let mut old = bytes.clone();
    old[4] ^= 1;
    assert_eq!(refused(one, "s", 7, &old), SnapshotError::Version);
    for length in 0..bytes.len() {
        assert_eq!(refused(one, "s", 7, &bytes[..length]), SnapshotError::Damaged, "torn at {length}");
    }
    for at in (0..4).chain(6..bytes.len()) {
        let mut altered = bytes.clone();
        altered[at] ^= 0x10;
        assert_eq!(refused(one, "s", 7, &altered), SnapshotError::Damaged, "altered at {at}");
    }
}

#[tokio::test]
async fn a_snapshot_holds_the_guilds_of_its_shard_only() {
    let cache = Cache::new();
    let two = |shard: u64| {
        json!({"v": 10, "user": user(BOT), "guilds": [], "session_id": "s", "shard": [shard, 2],
        "resume_gateway_url": "ws://x", "application": {"id": "9", "flags": 0}})
    };
    cache.update(&event("READY", &two(0)));
    for number in [4_u64, 5, 6] {
        let mut guild = guild_json(&[], &[], &[], &[]);
        guild["id"] = (number << 22).to_string().into();
        cache.update(&event("GUILD_CREATE", &guild));
    }
    assert_eq!(cache.snapshot(ShardId::new(0, 2)).guilds(), 2);
    assert_eq!(cache.snapshot(ShardId::new(1, 2)).guilds(), 1);
    cache.update(&event("READY", &two(0)));
    assert_eq!(cache.guild_ids(), [Id::new(5 << 22)], "guilds left meanwhile are gone, other shards' stay");
}

#[test]
fn an_update_tells_whether_a_snapshot_is_out_of_date() {
    let cache = plain(TALK);
    assert!(cache.update(&event("CHANNEL_CREATE", &channel(20, 0, &json!([])))));
    let typing = json!({"channel_id": "10", "user_id": "3", "timestamp": 1});
    assert!(!cache.update(&event("TYPING_START", &typing)));
    let update = json!({"guild_id": GUILD.to_string(), "user": user(PERSON), "roles": ["50"],
        "joined_at": "2026-01-01T00:00:00.000000+00:00", "pending": false, "flags": 0});
    assert!(!cache.update(&event("GUILD_MEMBER_UPDATE", &update)));
    let known = cache.member(Id::new(GUILD), Id::new(PERSON)).expect("was just seen");
    assert_eq!((&*known.name, known.roles()), ("u3", &[Id::new(50)][..]));
}

#[test]
fn channels_in_step_share_their_exceptions() {
    let guild = rich().guild(Id::new(GUILD)).expect("is known");
    let list = |id: u64| Arc::clone(&guild.channels.get(&Id::new(id)).expect("is known").overwrites);
    assert!(Arc::ptr_eq(&list(10), &list(12)));
    assert!(list(13).is_empty() && list(10).len() == 2);
}
