//! Guild features that can be switched over the API, and what community guilds must have.
//! See Discord docs: Guild / Mutable Guild Features.

use std::cell::RefCell;

use serde_json::Value;

use crate::{
    ApiError, ChannelId, FormErrors, Guild,
    body::Form,
    permissions::{ADMINISTRATOR, MANAGE_GUILD},
};

/// Features of one list at the most; there are some fifty.
const MAX_FEATURES: usize = 200;
/// Characters of a feature's name.
const MAX_NAME: usize = 64;

pub(super) const COMMUNITY: &str = "COMMUNITY";
pub(super) const DISCOVERABLE: &str = "DISCOVERABLE";
pub(super) const WELCOME_SCREEN_ENABLED: &str = "WELCOME_SCREEN_ENABLED";

/// Those that can be switched, and the permission for it.
const MUTABLE: [(&str, u64); 4] = [
    (COMMUNITY, ADMINISTRATOR),
    (DISCOVERABLE, ADMINISTRATOR),
    ("INVITES_DISABLED", MANAGE_GUILD),
    ("RAID_ALERTS_DISABLED", MANAGE_GUILD),
];

/// The list as given, each name once.
pub(in crate::places) fn read(form: Form<'_>) -> Option<Vec<String>> {
    let list = form.list("features", MAX_FEATURES)?;
    let mut names: Vec<String> = Vec::new();
    for (index, item) in list.iter().enumerate() {
        match item {
            Value::String(name) if name.chars().count() > MAX_NAME => form.error(
                format_args!("features.{index}"),
                "BASE_TYPE_MAX_LENGTH",
                format!("Must be {MAX_NAME} or fewer in length."),
            ),
            Value::String(name) => {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
            _ => form.error(
                format_args!("features.{index}"),
                "STRING_TYPE_CONVERT",
                "Could not interpret value as string.",
            ),
        }
    }
    Some(names)
}

/// Switches a feature of a guild.
pub(super) fn set(guild: &mut Guild, name: &str, on: bool) {
    guild.features.retain(|feature| feature != name);
    if on {
        guild.features.push(name.to_owned());
    }
}

/// What becomes of the guild's features when somebody sends `asked`: those that can be switched follow, the others
/// are Discord's to give. Without COMMUNITY what needs it goes.
pub(super) fn follow(guild: &mut Guild, asked: &[String]) {
    for (name, _) in MUTABLE {
        let on = asked.iter().any(|feature| feature == name);
        if on != guild.has_feature(name) {
            set(guild, name, on);
        }
    }
}

/// Whether somebody who holds `held` may switch what differs, and the guild then has what its features need.
///
/// # Errors
/// 50013, 50035.
pub(super) fn check(before: &Guild, after: &mut Guild, held: u64) -> Result<(), ApiError> {
    for (name, bit) in MUTABLE {
        if before.has_feature(name) != after.has_feature(name) && held & bit == 0 {
            return Err(ApiError::missing_permissions());
        }
    }
    if before.has_feature(COMMUNITY) && !after.has_feature(COMMUNITY) {
        for name in [DISCOVERABLE, WELCOME_SCREEN_ENABLED] {
            set(after, name, false);
        }
        let settings = &mut after.settings;
        settings.rules_channel = None;
        settings.public_updates_channel = None;
        settings.safety_alerts_channel = None;
    }
    let errors = RefCell::new(FormErrors::default());
    // Guilds of older saved worlds may lack the channels; what was not touched is not held against anybody.
    let lost = |old: Option<ChannelId>, new: Option<ChannelId>| new.is_none() && old.is_some();
    let new_community = !before.has_feature(COMMUNITY);
    if after.has_feature(COMMUNITY) {
        let (old, new) = (&before.settings, &after.settings);
        for (key, old, new) in [
            ("rules_channel_id", old.rules_channel, new.rules_channel),
            ("public_updates_channel_id", old.public_updates_channel, new.public_updates_channel),
        ] {
            if lost(old, new) || (new_community && new.is_none()) {
                errors.borrow_mut().add(key, "BASE_TYPE_REQUIRED", "This field is required");
            }
        }
    } else if after.has_feature(DISCOVERABLE) {
        let message = "DISCOVERABLE needs the guild feature COMMUNITY.";
        errors.borrow_mut().add("features", "GUILD_FEATURE_MISSING", message);
    }
    errors.into_inner().finish()
}

/// Whether a channel may go: community guilds need two of theirs.
///
/// # Errors
/// 50074.
pub(in crate::places) fn check_deletable(guild: &Guild, channel: ChannelId) -> Result<(), ApiError> {
    let settings = &guild.settings;
    let needed = [settings.rules_channel, settings.public_updates_channel].contains(&Some(channel));
    if needed && guild.has_feature(COMMUNITY) {
        let message = "Cannot delete a channel required for Community guilds";
        return Err(ApiError::new(400, 50074, message));
    }
    Ok(())
}
