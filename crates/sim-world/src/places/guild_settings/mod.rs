//! What can be set about a guild as a whole. See Discord docs: Guild / Modify Guild and the routes after it.

mod features;
mod form;
mod incidents;
mod onboarding;
mod preview;
mod template;
mod update;
mod welcome;
mod widget;

pub use incidents::SetIncidentActions;
pub use onboarding::{PutOnboarding, onboarding};
pub use preview::guild_preview;
pub use template::{CreateTemplate, DeleteTemplate, PatchTemplate, SyncTemplate, guild_templates, template};
pub use update::PatchGuild;
pub use welcome::{PatchWelcomeScreen, new_member_welcome, welcome_screen};
pub use widget::{PatchWidget, WidgetStyle, widget, widget_picture, widget_settings};

pub(super) use features::{check_deletable, read as read_features};
pub(super) use form::{KEYS, read};

use crate::{Audit, AuditAction, Channel, Guild, Tx, UserId, World, wire};

/// Keys of a guild that the audit log follows. See Discord docs: Audit Log / Audit Log Change Object.
const AUDITED: [&str; 22] = [
    "name",
    "description",
    "icon_hash",
    "splash_hash",
    "discovery_splash_hash",
    "banner_hash",
    "owner_id",
    "features",
    "afk_channel_id",
    "afk_timeout",
    "system_channel_id",
    "system_channel_flags",
    "rules_channel_id",
    "public_updates_channel_id",
    "safety_alerts_channel_id",
    "preferred_locale",
    "verification_level",
    "default_message_notifications",
    "explicit_content_filter",
    "premium_progress_bar_enabled",
    "widget_enabled",
    "widget_channel_id",
];

/// Whether everybody may do all of `bits` in a channel, whatever roles they have besides.
fn everyone_may(guild: &Guild, channel: &Channel, bits: u64) -> bool {
    let held = guild.roles.get(&guild.everyone()).map_or(0, |role| role.permissions);
    let overwrite = channel.overwrites.iter().find(|o| o.id == guild.id.get());
    let (allow, deny) = overwrite.map_or((0, 0), |o| (o.allow, o.deny));
    (held & !deny | allow) & bits == bits
}

/// A guild as the audit log writes it: the hashes of pictures have names of their own there.
fn audited(world: &World, guild: &Guild) -> serde_json::Value {
    let mut value = wire::guild(world, guild, false);
    for (key, logged) in [
        ("icon", "icon_hash"),
        ("splash", "splash_hash"),
        ("discovery_splash", "discovery_splash_hash"),
        ("banner", "banner_hash"),
    ] {
        value[logged] = value[key].take();
    }
    value
}

/// Stores a guild that has been checked. If anything changed: GUILD_UPDATE, people look again, and by whom it was
/// is written down.
fn replace(tx: &mut Tx<'_>, before: &Guild, guild: Guild, by: UserId) {
    let id = guild.id;
    let (old, new) = (audited(tx.world, before), audited(tx.world, &guild));
    tx.world.guilds.insert(id, guild);
    if old != new {
        super::change::guild_updated(tx, id);
        super::change::guild_view_changed(tx, id);
        tx.audit(id, Audit::new(by, AuditAction::GuildUpdate).target(id.get()).diff(&old, &new, &AUDITED));
    }
}
