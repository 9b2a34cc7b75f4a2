//! Who may do what. See Discord docs: Permissions / Permission Overwrites, Implicit Permissions.

use std::time::SystemTime;

use twilight_model::channel::ChannelType;
use twilight_model::channel::permission_overwrite::PermissionOverwriteType;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, RoleMarker};

use super::model::{CachedGuild, CachedMember};

/// What is left of a member during a time-out.
const DURING_TIMEOUT: Permissions = Permissions::VIEW_CHANNEL.union(Permissions::READ_MESSAGE_HISTORY);

/// What falls away with the right to send messages.
const NEEDS_SENDING: Permissions = Permissions::MENTION_EVERYONE
    .union(Permissions::SEND_TTS_MESSAGES)
    .union(Permissions::ATTACH_FILES)
    .union(Permissions::EMBED_LINKS);

/// What a member may do in the guild as a whole, channels aside.
pub fn guild_permissions(guild: &CachedGuild, member: &CachedMember, now: SystemTime) -> Permissions {
    let base = base(guild, member);
    if base.contains(Permissions::ADMINISTRATOR) { base } else { with_timeout(base, member, now) }
}

/// What a member may do in a channel or thread; `None` when the channel is not known.
///
/// Whether a private thread is open to the member is not known here; it is taken as open.
pub fn channel_permissions(
    guild: &CachedGuild,
    channel: Id<ChannelMarker>,
    member: &CachedMember,
    now: SystemTime,
) -> Option<Permissions> {
    let channel = guild.channels.get(&channel)?;
    let mut permissions = base(guild, member);
    if permissions.contains(Permissions::ADMINISTRATOR) {
        return Some(permissions);
    }
    let is_thread = channel.kind.is_thread();
    let ruling = if is_thread { guild.channels.get(&channel.parent?)? } else { channel };

    let everyone = guild.id.cast::<RoleMarker>();
    let mut apply = |deny: Permissions, allow: Permissions| {
        permissions.remove(deny);
        permissions.insert(allow);
    };
    let mut roles = (Permissions::empty(), Permissions::empty());
    let mut own = (Permissions::empty(), Permissions::empty());
    for overwrite in &*ruling.overwrites {
        match overwrite.kind {
            PermissionOverwriteType::Role if overwrite.id.cast() == everyone => {
                apply(overwrite.deny, overwrite.allow);
            }
            PermissionOverwriteType::Role if member.roles.contains(&overwrite.id.cast()) => {
                roles.0 |= overwrite.deny;
                roles.1 |= overwrite.allow;
            }
            PermissionOverwriteType::Member if overwrite.id.cast() == member.user => {
                own = (overwrite.deny, overwrite.allow);
            }
            _ => {}
        }
    }
    // @everyone came first; then all roles at once, then the member.
    apply(roles.0, roles.1);
    apply(own.0, own.1);

    if !permissions.contains(Permissions::VIEW_CHANNEL) {
        return Some(Permissions::empty());
    }
    let sending = if is_thread { Permissions::SEND_MESSAGES_IN_THREADS } else { Permissions::SEND_MESSAGES };
    let has_text = ruling.kind != ChannelType::GuildCategory;
    if has_text && !permissions.contains(sending) {
        permissions.remove(NEEDS_SENDING);
    }
    Some(with_timeout(permissions, member, now))
}

fn base(guild: &CachedGuild, member: &CachedMember) -> Permissions {
    if guild.owner == member.user {
        return Permissions::all();
    }
    let everyone = guild.id.cast::<RoleMarker>();
    let roles = member.roles.iter().chain([&everyone]);
    let permissions = roles
        .filter_map(|id| guild.roles.get(id))
        .fold(Permissions::empty(), |all, role| all | role.permissions);
    if permissions.contains(Permissions::ADMINISTRATOR) { Permissions::all() } else { permissions }
}

fn with_timeout(permissions: Permissions, member: &CachedMember, now: SystemTime) -> Permissions {
    if member.timeout_until.is_some_and(|until| now < until) {
        permissions & DURING_TIMEOUT
    } else {
        permissions
    }
}
