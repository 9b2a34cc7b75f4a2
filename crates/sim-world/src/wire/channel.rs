//! Channel and thread objects. See Discord docs: Channel / Channel Object.

use serde_json::{Value, json};

use super::{id, object, user_by_id};
use crate::{Channel, ChannelKind, EmojiId, ForumTag, MessageId, Overwrite, Timestamp, UserId, World};

/// A channel, thread or DM. A DM lists both users; [`channel_for`] leaves the viewer out.
pub fn channel(world: &World, channel: &Channel) -> Value {
    let mut value = if channel.kind == ChannelKind::Dm {
        dm(world, channel)
    } else if channel.kind.is_thread() {
        thread(channel)
    } else {
        guild_channel(channel)
    };
    if let Some(pinned) = channel.last_pin {
        value["last_pin_timestamp"] = json!(pinned.iso());
    }
    value
}

/// A channel as one user gets it: a DM without the user themselves, a thread with their membership.
pub fn channel_for(world: &World, found: &Channel, viewer: UserId) -> Value {
    let mut value = channel(world, found);
    if found.kind == ChannelKind::Dm {
        let others = found.recipients.iter().filter(|id| **id != viewer);
        value["recipients"] = others.map(|id| user_by_id(world, *id)).collect();
    }
    if let Some(joined) = found.thread.as_ref().and_then(|t| t.members.get(&viewer)) {
        value["member"] = thread_member(found, viewer, *joined);
    }
    value
}

/// A thread member object.
pub fn thread_member(thread: &Channel, user: UserId, joined: Timestamp) -> Value {
    json!({ "id": thread.id, "user_id": user, "join_timestamp": joined.iso(), "flags": 0 })
}

fn dm(world: &World, channel: &Channel) -> Value {
    json!({
        "id": channel.id,
        "type": channel.kind as u8,
        "flags": 0,
        "last_message_id": channel.last_message,
        "recipients": channel.recipients.iter().map(|id| user_by_id(world, *id)).collect::<Vec<_>>(),
    })
}

/// Messages in a thread without its starter, which in a forum post has the thread's own id. Discord stops
/// counting at 50 for old threads only.
fn message_count(channel: &Channel) -> usize {
    let starter = MessageId::from(channel.id);
    let counts = |m: &&crate::Message| m.ephemeral_to.is_none() && m.kind != 21 && m.id != starter;
    channel.messages.values().filter(counts).count()
}

fn thread(channel: &Channel) -> Value {
    let mut value = json!({
        "id": channel.id,
        "type": channel.kind as u8,
        "flags": channel.flags,
        "guild_id": channel.guild,
        "name": channel.name,
        "parent_id": channel.parent,
        "rate_limit_per_user": channel.rate_limit_per_user,
        "last_message_id": channel.last_message,
        "message_count": message_count(channel),
    });
    if let Some(meta) = &channel.thread {
        value["owner_id"] = json!(meta.owner);
        value["member_count"] = json!(meta.members.len().min(50));
        value["total_message_sent"] = json!(meta.total_messages);
        value["thread_metadata"] = json!({
            "archived": meta.archived,
            "archive_timestamp": meta.archive_timestamp.iso(),
            "auto_archive_duration": meta.auto_archive_minutes,
            "locked": meta.locked,
            "create_timestamp": channel.id.created().iso(),
        });
        if channel.kind == ChannelKind::PrivateThread {
            value["thread_metadata"]["invitable"] = json!(meta.invitable);
        }
        if !meta.tags.is_empty() {
            value["applied_tags"] = meta.tags.iter().map(|t| json!(t.to_string())).collect();
        }
    }
    value
}

fn guild_channel(channel: &Channel) -> Value {
    let mut value = json!({
        "id": channel.id,
        "type": channel.kind as u8,
        "flags": channel.flags,
        "guild_id": channel.guild,
        "name": channel.name,
        "position": channel.position,
        "parent_id": channel.parent,
        "permission_overwrites": null,
    });
    // Put in afterwards: inside `json!` the list would be copied.
    value["permission_overwrites"] = channel.overwrites.iter().map(overwrite).collect();
    if channel.kind == ChannelKind::Category {
        return value;
    }
    value["nsfw"] = json!(channel.nsfw);
    value["rate_limit_per_user"] = json!(channel.rate_limit_per_user);
    value["last_message_id"] = json!(channel.last_message);
    value["topic"] = json!(channel.topic);
    if channel.kind.is_voice() {
        value["bitrate"] = json!(channel.bitrate);
        value["user_limit"] = json!(channel.user_limit);
        value["rtc_region"] = json!(channel.rtc_region);
        if let Some(mode) = channel.video_quality {
            value["video_quality_mode"] = json!(mode);
        }
    }
    if let Some(minutes) = channel.default_auto_archive_minutes {
        value["default_auto_archive_duration"] = json!(minutes);
    }
    if matches!(channel.kind, ChannelKind::Forum | ChannelKind::Media) {
        value["available_tags"] = channel.tags.iter().map(tag).collect();
        let forum = &channel.forum;
        let emoji =
            |(id, name): &(Option<EmojiId>, Option<String>)| json!({ "emoji_id": id, "emoji_name": name });
        value["default_reaction_emoji"] = forum.reaction.as_deref().map(emoji).into();
        value["default_sort_order"] = json!(forum.sort_order);
        value["default_forum_layout"] = json!(forum.layout);
        if let Some(all) = forum.match_all_tags {
            value["default_tag_setting"] = json!(if all { "match_all" } else { "match_some" });
        }
    }
    if channel.thread_slowmode > 0 {
        value["default_thread_rate_limit_per_user"] = json!(channel.thread_slowmode);
    }
    value
}

fn overwrite(overwrite: &Overwrite) -> Value {
    object(
        0,
        [
            ("id", id(overwrite.id)),
            ("type", (overwrite.kind as u8).into()),
            ("allow", id(overwrite.allow)),
            ("deny", id(overwrite.deny)),
        ],
    )
}

fn tag(tag: &ForumTag) -> Value {
    json!({
        "id": tag.id.to_string(),
        "name": tag.name,
        "moderated": tag.moderated,
        "emoji_id": tag.emoji_id,
        "emoji_name": tag.emoji_name,
    })
}
