//! Guild objects: REST's, the gateway's GUILD_CREATE, and the short ones of one's guild list.
//! See Discord docs: Guild / Guild Object, Gateway Events / Guild Create.

use serde_json::{Value, json};

use super::{channel, channel_for, emojis, member, presence, role, sounds, stickers, voice_states};
use crate::{Guild, GuildId, Member, Status, Timestamp, UserId, World, intents, scheduled_events, voice};

/// A guild; with counts, the approximate numbers of members and of those online too.
pub fn guild(world: &World, guild: &Guild, with_counts: bool) -> Value {
    let settings = &guild.settings;
    let mut value = json!({
        "id": guild.id,
        "name": guild.name,
        "icon": guild.icon,
        "description": guild.description,
        "home_header": settings.home_header,
        "splash": settings.splash,
        "discovery_splash": settings.discovery_splash,
        "features": guild.features,
        "banner": settings.banner,
        "owner_id": guild.owner,
        "application_id": null,
        "region": "deprecated",
        "afk_channel_id": settings.afk_channel,
        "afk_timeout": settings.afk_timeout,
        "system_channel_id": guild.system_channel,
        "system_channel_flags": settings.system_channel_flags,
        "widget_enabled": settings.widget_enabled,
        "widget_channel_id": settings.widget_channel,
        "verification_level": settings.verification_level,
        "roles": null,
        "default_message_notifications": settings.default_message_notifications,
        "mfa_level": 0,
        "explicit_content_filter": settings.explicit_content_filter,
        "max_presences": null,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": null,
        "premium_tier": settings.premium_tier,
        "premium_subscription_count": 0,
        "preferred_locale": settings.preferred_locale,
        "rules_channel_id": settings.rules_channel,
        "safety_alerts_channel_id": settings.safety_alerts_channel,
        "public_updates_channel_id": settings.public_updates_channel,
        "premium_progress_bar_enabled": settings.premium_progress_bar_enabled,
        "nsfw": false,
        "nsfw_level": 0,
        "emojis": null,
        "stickers": null,
        "incidents_data": incidents(guild),
    });
    // Put in afterwards: inside `json!` the lists would be copied.
    value["roles"] = guild.roles.values().map(role).collect();
    value["emojis"] = emojis(world, guild);
    value["stickers"] = stickers(world, guild);
    if with_counts {
        value["approximate_member_count"] = json!(guild.members.len());
        value["approximate_presence_count"] = json!(online(world, guild).count());
    }
    value
}

/// Incidents data; null where nothing was ever paused.
pub fn incidents(guild: &Guild) -> Value {
    let (invites, dms) = (guild.settings.invites_disabled_until, guild.settings.dms_disabled_until);
    if invites.is_none() && dms.is_none() {
        return Value::Null;
    }
    json!({
        "invites_disabled_until": invites.map(Timestamp::iso),
        "dms_disabled_until": dms.map(Timestamp::iso),
    })
}

/// An entry of GET /users/@me/guilds for a member.
pub fn my_guild(world: &World, guild: &Guild, viewer: UserId, with_counts: bool, now: Timestamp) -> Value {
    let mut value = json!({
        "id": guild.id,
        "name": guild.name,
        "icon": guild.icon,
        "banner": guild.settings.banner,
        "owner": guild.owner == viewer,
        "permissions": world.guild_permissions(guild.id, viewer, now).to_string(),
        "features": guild.features,
    });
    if with_counts {
        value["approximate_member_count"] = json!(guild.members.len());
        value["approximate_presence_count"] = json!(online(world, guild).count());
    }
    value
}

pub(crate) fn online<'a>(world: &'a World, guild: &'a Guild) -> impl Iterator<Item = &'a Member> {
    let is_online = |m: &&Member| world.users.get(&m.user).is_some_and(|u| u.status != Status::Offline);
    guild.members.values().filter(is_online)
}

/// Above this, GUILD_CREATE lists only the viewer and those in voice, whatever the intents.
const LISTED_UP_TO: usize = 75_000;

/// The members that a viewer's GUILD_CREATE lists.
fn listed<'a>(
    world: &'a World,
    guild: &'a Guild,
    viewer: UserId,
    presences: bool,
    large: bool,
) -> Vec<&'a Member> {
    let members = guild.members.values();
    let in_voice = |m: &Member| guild.voice.states.contains_key(&m.user);
    // Discord's documentation lists only the viewer without the presences intent; clients measured against it
    // were seen to rely on a small guild's members all the same, so those always come whole.
    if !large {
        return members.collect();
    }
    if !presences || guild.members.len() > LISTED_UP_TO {
        return members.filter(|m| m.user == viewer || in_voice(m)).collect();
    }
    let is_online = |m: &Member| world.users.get(&m.user).is_some_and(|u| u.status != Status::Offline);
    let shown = |m: &&Member| {
        m.user == viewer || !m.roles.is_empty() || m.nick.is_some() || is_online(m) || in_voice(m)
    };
    members.filter(shown).collect()
}

/// GUILD_CREATE as one viewer gets it at `now`: members by `intents` and `large_threshold`, presences with
/// their intent alone, channels and threads that the viewer can see. An outage or an unknown guild gives the
/// short form with `unavailable`.
pub fn guild_create(
    world: &World,
    id: GuildId,
    viewer: UserId,
    intents: u64,
    large_threshold: u64,
    now: Timestamp,
) -> Value {
    let Some(found) = world.guilds.get(&id).filter(|g| !g.unavailable) else {
        return json!({ "id": id, "unavailable": true });
    };
    let with_presences = intents & intents::GUILD_PRESENCES != 0;
    let large = found.large || found.members.len() as u64 > large_threshold;
    let members = listed(world, found, viewer, with_presences, large);
    let presences = if with_presences {
        let users = members.iter().filter_map(|m| world.users.get(&m.user));
        users.filter(|u| u.status != Status::Offline).map(presence).collect()
    } else {
        Vec::new()
    };
    let visible = || {
        let channels = found.channels.iter().filter_map(|c| world.channels.get(c));
        channels.filter(|c| world.can_view(c.id, viewer, now))
    };
    let threads = visible().filter(|c| c.thread.as_ref().is_some_and(|t| !t.archived)).map(|thread| {
        let mut value = inside(channel_for(world, thread, viewer));
        // Inside GUILD_CREATE a thread's own member has neither of its ids.
        if let Some(own) = value.get_mut("member").and_then(Value::as_object_mut) {
            own.shift_remove("id");
            own.shift_remove("user_id");
        }
        value
    });
    let mut value = guild(world, found, false);
    let joined = found.members.get(&viewer).map_or(now, |m| m.joined_at);
    value["joined_at"] = json!(joined.iso());
    value["large"] = json!(large);
    value["unavailable"] = json!(false);
    value["member_count"] = json!(found.members.len());
    value["voice_states"] = voice_states(world, found, viewer, now);
    value["members"] = members.iter().map(|m| member(world, found, m)).collect();
    value["channels"] = visible().filter(|c| c.thread.is_none()).map(|c| inside(channel(world, c))).collect();
    value["threads"] = threads.collect();
    value["presences"] = Value::Array(presences);
    value["stage_instances"] = voice::stages(world, id);
    value["guild_scheduled_events"] = scheduled_events::of_guild_create(world, found, viewer, now);
    value["soundboard_sounds"] = sounds(world, found);
    value
}

/// A channel inside its guild's GUILD_CREATE, which does not repeat the guild's id.
fn inside(mut channel: Value) -> Value {
    if let Some(map) = channel.as_object_mut() {
        map.shift_remove("guild_id");
    }
    channel
}
