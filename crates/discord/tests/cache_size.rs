//! What a guild costs in memory, counted by the allocator. Alone in its process: whatever else allocates would
//! count too.

use cogwright_discord::{Cache, Event, EventTypeFlags, parse};
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// The budget for a guild of 20 channels and 15 roles. See ARCHITECTURE.md.
const BUDGET: usize = 20 * 1024;

const GUILDS: u64 = 200;

fn event(name: &str, data: &Value) -> Event {
    let text = json!({"op": 0, "s": 1, "t": name, "d": data}).to_string();
    parse(text, EventTypeFlags::all()).expect("fits the model").expect("is wanted").into()
}

fn overwrite(id: u64, kind: u8) -> Value {
    json!({"id": id.to_string(), "type": kind, "deny": "1024", "allow": "2048"})
}

/// Every second channel has exceptions of its own, the others share their category's.
fn channel(guild: u64, number: u64) -> Value {
    let shared = [overwrite(guild, 0), overwrite(guild + 1, 0), overwrite(guild + 2, 0)];
    let own = [overwrite(guild, 0), overwrite(guild + 3 + number, 0), overwrite(guild + 100 + number, 1)];
    let list = if number.is_multiple_of(2) { shared } else { own };
    json!({"id": (guild + 1_000 + number).to_string(), "guild_id": guild.to_string(), "type": 0, "position": number,
        "name": format!("a-channel-of-a-usual-name-{number}"), "permission_overwrites": list, "topic": "t".repeat(200),
        "parent_id": (guild + 1_000).to_string(), "nsfw": false, "rate_limit_per_user": 0})
}

fn role(guild: u64, number: u64) -> Value {
    json!({"id": (guild + number).to_string(), "name": format!("A role of a usual name {number}"), "color": 0,
        "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null}, "hoist": false,
        "position": number, "permissions": "2248473465835073", "managed": false, "mentionable": false, "flags": 0})
}

fn user(id: u64) -> Value {
    json!({"id": id.to_string(), "username": "somebody", "discriminator": "0", "avatar": null, "mfa_enabled": false})
}

fn guild(id: u64) -> Event {
    let members: Vec<_> = (1..=50_u64)
        .map(|n| {
            json!({"user": user(n), "roles": [(id + 1).to_string(), (id + 2).to_string()], "deaf": false,
            "mute": false, "flags": 0})
        })
        .collect();
    let data = json!({"id": id.to_string(), "name": "A guild of a usual name", "owner_id": "2", "afk_timeout": 300,
        "verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0,
        "roles": (0..15).map(|n| role(id, n)).collect::<Vec<_>>(), "emojis": [], "stickers": [], "features": [],
        "mfa_level": 0, "system_channel_flags": 0, "premium_tier": 0, "preferred_locale": "en-US", "nsfw_level": 0,
        "premium_progress_bar_enabled": false, "joined_at": "2026-01-01T00:00:00.000000+00:00", "large": false,
        "member_count": 50, "voice_states": [], "presences": [], "stage_instances": [],
        "guild_scheduled_events": [], "members": members, "threads": [],
        "channels": (0..20).map(|n| channel(id, n)).collect::<Vec<_>>()});
    event("GUILD_CREATE", &data)
}

#[test]
fn a_guild_stays_within_its_budget() {
    let cache = Cache::new();
    cache.update(&event(
        "READY",
        &json!({"v": 10, "user": user(1), "guilds": [], "session_id": "s", "resume_gateway_url": "ws://x",
            "application": {"id": "9", "flags": 0}}),
    ));
    // What is allocated once for all, such as the parser's buffers, does not count.
    cache.update(&guild(5 << 40));
    let before = HEAP.current_usage();
    for number in 0..GUILDS {
        cache.update(&guild((number + 10) << 40));
    }
    let each = (HEAP.current_usage() - before) / GUILDS as usize;
    assert_eq!(cache.guild_count() as u64, GUILDS + 1);
    assert!(each <= BUDGET, "{each} bytes a guild");
    // Were it far below, something that should be kept is not.
    assert!(each >= 2_048, "{each} bytes a guild");
}
