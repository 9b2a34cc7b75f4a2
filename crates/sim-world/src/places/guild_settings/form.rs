//! Reads what of a guild bots, people and the operator may all set.

use crate::{ChannelId, ChannelKind, Guild, GuildId, World, body::Form, commands::LOCALES, places::image};

/// The keys that [`read`] knows.
pub(in crate::places) const KEYS: [&str; 20] = [
    "name",
    "description",
    "icon",
    "splash",
    "discovery_splash",
    "banner",
    "home_header",
    "verification_level",
    "default_message_notifications",
    "explicit_content_filter",
    "afk_channel_id",
    "afk_timeout",
    "system_channel_id",
    "system_channel_flags",
    "rules_channel_id",
    "public_updates_channel_id",
    "safety_alerts_channel_id",
    "preferred_locale",
    "premium_progress_bar_enabled",
    "features",
];

/// Flags of the system channel that exist. See Discord docs: Guild / System Channel Flags.
const SYSTEM_CHANNEL_FLAGS: u64 = (1 << 6) - 1;

/// Where notices can go.
const TEXT: [ChannelKind; 2] = [ChannelKind::Text, ChannelKind::Announcement];

/// Reads all of [`KEYS`] but `features` into a guild.
pub(in crate::places) fn read(form: Form<'_>, world: &World, guild: &mut Guild) {
    if let Some(name) = form.string("name", 2, 100) {
        name.clone_into(&mut guild.name);
    }
    if form.has("description") {
        let text = form.string("description", 0, 300).filter(|text| !text.is_empty());
        guild.description = text.map(str::to_owned);
    }
    let channel = |key, kinds: &[ChannelKind], slot: &mut Option<ChannelId>| {
        if form.has(key) {
            *slot = read_channel(form, key, world, guild.id, kinds);
        }
    };
    let settings = &mut guild.settings;
    channel("afk_channel_id", &[ChannelKind::Voice], &mut settings.afk_channel);
    channel("system_channel_id", &TEXT, &mut guild.system_channel);
    channel("rules_channel_id", &TEXT, &mut settings.rules_channel);
    channel("public_updates_channel_id", &TEXT, &mut settings.public_updates_channel);
    channel("safety_alerts_channel_id", &TEXT, &mut settings.safety_alerts_channel);
    for (key, slot) in [
        ("icon", &mut guild.icon),
        ("splash", &mut settings.splash),
        ("discovery_splash", &mut settings.discovery_splash),
        ("banner", &mut settings.banner),
        ("home_header", &mut settings.home_header),
    ] {
        if let Some(image) = image::read_whole(form, key) {
            *slot = image.map(|(hash, bytes)| {
                guild.pictures.insert(hash.clone(), bytes);
                hash
            });
        }
    }
    for (key, choices, slot) in [
        ("verification_level", &[0, 1, 2, 3, 4][..], &mut settings.verification_level),
        ("default_message_notifications", &[0, 1], &mut settings.default_message_notifications),
        ("explicit_content_filter", &[0, 1, 2], &mut settings.explicit_content_filter),
    ] {
        if let Some(level) = choice(form, key, choices) {
            *slot = u8::try_from(level).unwrap_or(0);
        }
    }
    if let Some(seconds) = choice(form, "afk_timeout", &[60, 300, 900, 1800, 3600]) {
        settings.afk_timeout = u32::try_from(seconds).unwrap_or(300);
    }
    if let Some(flags) = form.bits("system_channel_flags") {
        settings.system_channel_flags = flags & SYSTEM_CHANNEL_FLAGS;
    }
    if let Some(locale) = form.string("preferred_locale", 0, 10) {
        if !LOCALES.contains(&locale) {
            form.error(
                "preferred_locale",
                "BASE_TYPE_CHOICES",
                "Value must be one of the supported locales.",
            );
        }
        locale.clone_into(&mut settings.preferred_locale);
    }
    if let Some(shown) = form.boolean("premium_progress_bar_enabled") {
        settings.premium_progress_bar_enabled = shown;
    }
    guild.forget_pictures();
}

/// One of a few numbers.
pub(super) fn choice(form: Form<'_>, key: &str, choices: &[i64]) -> Option<i64> {
    let number = form.integer(key, i64::MIN, i64::MAX)?;
    if !choices.contains(&number) {
        let names: Vec<String> = choices.iter().map(i64::to_string).collect();
        form.error(key, "BASE_TYPE_CHOICES", format!("Value must be one of ({}).", names.join(", ")));
    }
    Some(number)
}

/// A channel of the guild, of one of these kinds (any kind but a thread's if none are named); null is none.
pub(super) fn read_channel(
    form: Form<'_>,
    key: &str,
    world: &World,
    guild: GuildId,
    kinds: &[ChannelKind],
) -> Option<ChannelId> {
    let id: ChannelId = form.id(key)?;
    match world.channels.get(&id).filter(|channel| channel.guild == Some(guild)) {
        None => form.error(key, "UNKNOWN_CHANNEL", "No such channel in this guild."),
        Some(channel) => {
            let fits =
                if kinds.is_empty() { !channel.kind.is_thread() } else { kinds.contains(&channel.kind) };
            if !fits {
                form.error(key, "CHANNEL_TYPE_INVALID", "Channels of this type cannot be used here.");
            }
        }
    }
    Some(id)
}
