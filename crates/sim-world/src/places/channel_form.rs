//! The body of a new or changed guild channel: limits of Discord docs: Channel / Modify Channel.

use serde_json::Value;

use super::{boosts::BITRATES, forum_form::ForumForm};
use crate::{
    ApiError, Channel, ChannelId, ChannelKind, GuildId, Overwrite, OverwriteKind, Tx, UserId, World,
    body::Form,
};

/// Channels of one guild, threads not counted (30013 above it).
pub(super) const MAX_CHANNELS: usize = 500;
/// Overwrites of one request.
const MAX_OVERWRITES: usize = 100;
/// Channels of one category.
const MAX_IN_CATEGORY: usize = 50;
/// Minutes after which threads may archive themselves.
pub(super) const ARCHIVE_MINUTES: [i64; 4] = [60, 1440, 4320, 10_080];
/// Seconds of slowmode.
pub(super) const MAX_SLOWMODE: i64 = 21_600;
/// Bits per second of a stage, whatever the boosts.
const MAX_STAGE_BITRATE: usize = 64_000;

/// What a body asks for; `None` where it says nothing.
#[derive(Debug, Default)]
#[expect(clippy::option_option, reason = "a body tells an absent key from null, which clears")]
pub(super) struct ChannelForm {
    name: Option<String>,
    kind: Option<ChannelKind>,
    position: Option<i64>,
    topic: Option<Option<String>>,
    nsfw: Option<bool>,
    rate_limit_per_user: Option<u32>,
    bitrate: Option<u32>,
    user_limit: Option<u32>,
    pub(super) overwrites: Option<Vec<Overwrite>>,
    pub(super) parent: Option<Option<ChannelId>>,
    default_auto_archive_minutes: Option<u32>,
    thread_slowmode: Option<u32>,
    rtc_region: Option<Option<String>>,
    video_quality: Option<u8>,
    forum: ForumForm,
}

impl ChannelForm {
    /// The keys that are read, beside those of forums.
    const KEYS: [&'static str; 14] = [
        "name",
        "type",
        "position",
        "topic",
        "nsfw",
        "rate_limit_per_user",
        "bitrate",
        "user_limit",
        "permission_overwrites",
        "parent_id",
        "default_auto_archive_duration",
        "default_thread_rate_limit_per_user",
        "rtc_region",
        "video_quality_mode",
    ];

    /// All keys that are read.
    pub(super) fn keys() -> Vec<&'static str> {
        Self::KEYS.into_iter().chain(ForumForm::KEYS).collect()
    }

    /// Reads a body for a guild; `current` is the channel it changes.
    pub(super) fn read(form: Form<'_>, world: &World, guild: GuildId, current: Option<&Channel>) -> Self {
        let kind = read_kind(form, current);
        let effective = kind.or(current.map(|c| c.kind)).unwrap_or(ChannelKind::Text);
        if current.is_none() && form.get("name").is_none() {
            form.missing("name");
        }
        let topic_limit =
            if matches!(effective, ChannelKind::Forum | ChannelKind::Media) { 4096 } else { 1024 };
        let user_limit = if effective == ChannelKind::Stage { 10_000 } else { 99 };
        let bitrate_limit = match world.guilds.get(&guild) {
            Some(guild) if effective != ChannelKind::Stage => BITRATES.of(guild, "VIP_REGIONS"),
            _ => MAX_STAGE_BITRATE,
        };
        let small = |n: i64| u32::try_from(n).ok();
        Self {
            name: form.string("name", 1, 100).map(|name| normal_name(effective, name)),
            kind,
            position: form.integer("position", 0, i64::from(i32::MAX)),
            topic: form
                .has("topic")
                .then(|| form.string("topic", 0, topic_limit).filter(|t| !t.is_empty()).map(str::to_owned)),
            nsfw: form.boolean("nsfw"),
            rate_limit_per_user: form.integer("rate_limit_per_user", 0, MAX_SLOWMODE).and_then(small),
            bitrate: form.integer("bitrate", 8000, bitrate_limit as i64).and_then(small),
            user_limit: form.integer("user_limit", 0, user_limit).and_then(small),
            overwrites: read_overwrites(form),
            parent: form.has("parent_id").then(|| read_parent(form, world, guild, effective, current)),
            default_auto_archive_minutes: read_archive_minutes(form, "default_auto_archive_duration"),
            thread_slowmode: form
                .integer("default_thread_rate_limit_per_user", 0, MAX_SLOWMODE)
                .and_then(small),
            rtc_region: form
                .has("rtc_region")
                .then(|| form.string("rtc_region", 0, 100).filter(|r| !r.is_empty()).map(str::to_owned)),
            video_quality: form.integer("video_quality_mode", 1, 2).and_then(|n| u8::try_from(n).ok()),
            forum: ForumForm::read(form, world.guilds.get(&guild), effective, current),
        }
    }

    /// The kind of a new channel.
    pub(super) fn kind(&self) -> ChannelKind {
        self.kind.unwrap_or(ChannelKind::Text)
    }

    /// Writes what was asked for into a channel. `tx` mints ids for new tags.
    pub(super) fn write(self, channel: &mut Channel, tx: &mut Tx<'_>) {
        fn set<T>(slot: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *slot = value;
            }
        }
        set(&mut channel.name, self.name);
        set(&mut channel.kind, self.kind);
        set(&mut channel.position, self.position);
        set(&mut channel.topic, self.topic);
        set(&mut channel.nsfw, self.nsfw);
        set(&mut channel.rate_limit_per_user, self.rate_limit_per_user);
        set(&mut channel.bitrate, self.bitrate);
        set(&mut channel.user_limit, self.user_limit);
        set(&mut channel.overwrites, self.overwrites);
        set(&mut channel.parent, self.parent);
        if self.default_auto_archive_minutes.is_some() {
            channel.default_auto_archive_minutes = self.default_auto_archive_minutes;
        }
        set(&mut channel.thread_slowmode, self.thread_slowmode);
        set(&mut channel.rtc_region, self.rtc_region);
        if self.video_quality.is_some() {
            channel.video_quality = self.video_quality;
        }
        self.forum.write(channel, tx);
    }

    /// What no single key is wrong about; see [`ForumForm::check`].
    pub(super) fn check(&self, current: Option<&Channel>) -> Result<(), ApiError> {
        self.forum.check(current)
    }
}

/// Names of text-like channels are lower-case with hyphens.
fn normal_name(kind: ChannelKind, name: &str) -> String {
    let text_like = matches!(
        kind,
        ChannelKind::Text | ChannelKind::Announcement | ChannelKind::Forum | ChannelKind::Media
    );
    let name = name.trim();
    if text_like {
        name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
    } else {
        name.to_owned()
    }
}

fn read_kind(form: Form<'_>, current: Option<&Channel>) -> Option<ChannelKind> {
    let number = form.integer("type", 0, i64::from(u8::MAX))?;
    let kind = u64::try_from(number).ok().and_then(ChannelKind::from_number);
    let switchable = |k: ChannelKind| matches!(k, ChannelKind::Text | ChannelKind::Announcement);
    let allowed = kind.filter(|kind| match current {
        None => !kind.is_thread() && *kind != ChannelKind::Dm,
        Some(channel) => channel.kind == *kind || (switchable(channel.kind) && switchable(*kind)),
    });
    if allowed.is_none() {
        form.error("type", "BASE_TYPE_CHOICES", "Value must be one of the channel types allowed here.");
    }
    allowed
}

fn read_parent(
    form: Form<'_>,
    world: &World,
    guild: GuildId,
    kind: ChannelKind,
    current: Option<&Channel>,
) -> Option<ChannelId> {
    let id: ChannelId = form.id("parent_id")?;
    check_parent(form, world, guild, kind, current, id);
    Some(id)
}

/// Whether a channel can be put into a category: one of its guild, with room.
pub(super) fn check_parent(
    form: Form<'_>,
    world: &World,
    guild: GuildId,
    kind: ChannelKind,
    current: Option<&Channel>,
    id: ChannelId,
) {
    let parent = world.channels.get(&id);
    let inside = |c: &&Channel| c.parent == Some(id) && current.is_none_or(|own| own.id != c.id);
    if kind == ChannelKind::Category {
        form.error("parent_id", "CHANNEL_PARENT_INVALID", "Categories cannot have a parent");
    } else if parent.is_none_or(|p| p.guild != Some(guild)) {
        form.error("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist");
    } else if parent.is_some_and(|p| p.kind != ChannelKind::Category) {
        form.error("parent_id", "CHANNEL_PARENT_INVALID_TYPE", "Not a category");
    } else if world.channels.values().filter(inside).count() >= MAX_IN_CATEGORY {
        let message = "Maximum number of channels in category reached (50)";
        form.error("parent_id", "CHANNEL_PARENT_MAX_CHANNELS", message);
    }
}

fn read_overwrites(form: Form<'_>) -> Option<Vec<Overwrite>> {
    if !form.has("permission_overwrites") {
        return None;
    }
    let mut overwrites: Vec<Overwrite> = Vec::new();
    let Some(list) = form.list("permission_overwrites", MAX_OVERWRITES) else { return Some(overwrites) };
    for (index, item) in list.iter().enumerate() {
        let path = form.at(format_args!("permission_overwrites.{index}"));
        let Some(item) = Form::new(item, &path, form.errors()) else { continue };
        if let Some(overwrite) = read_overwrite(item, None) {
            overwrites.retain(|o| o.id != overwrite.id);
            overwrites.push(overwrite);
        }
    }
    Some(overwrites)
}

/// An overwrite; `id` where the path names it.
pub(super) fn read_overwrite(item: Form<'_>, id: Option<u64>) -> Option<Overwrite> {
    if id.is_none() && item.get("id").is_none() {
        item.missing("id");
    }
    // Old clients name the type; a missing one is a role. See Discord docs: Channel / Overwrite Object.
    let kind = match item.get("type") {
        None => OverwriteKind::Role,
        Some(Value::String(s)) if s == "role" => OverwriteKind::Role,
        Some(Value::String(s)) if s == "member" => OverwriteKind::Member,
        Some(_) => match item.integer("type", 0, 1) {
            Some(1) => OverwriteKind::Member,
            _ => OverwriteKind::Role,
        },
    };
    let (allow, deny) = (item.bits("allow").unwrap_or(0), item.bits("deny").unwrap_or(0));
    let id = id.or_else(|| item.id::<UserId>("id").map(UserId::get))?;
    Some(Overwrite { id, kind, allow: allow & !deny, deny })
}

/// One of the archive durations in minutes.
pub(super) fn read_archive_minutes(form: Form<'_>, key: &str) -> Option<u32> {
    let minutes = form.integer(key, i64::MIN, i64::MAX)?;
    if !ARCHIVE_MINUTES.contains(&minutes) {
        form.error(key, "BASE_TYPE_CHOICES", "Value must be one of (60, 1440, 4320, 10080).");
    }
    u32::try_from(minutes).ok()
}

/// Where a new channel goes among those with the same parent: at the end.
pub(super) fn next_position(world: &World, guild: GuildId, parent: Option<ChannelId>) -> i64 {
    let siblings = world
        .channels
        .values()
        .filter(|c| c.guild == Some(guild) && c.parent == parent && !c.kind.is_thread());
    siblings.map(|c| c.position + 1).max().unwrap_or(0)
}
