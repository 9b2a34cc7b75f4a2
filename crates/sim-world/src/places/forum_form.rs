//! What a body says about a forum or media channel. See Discord docs: Channel / Modify Channel.

use serde_json::Value;

use crate::{
    ApiError, Channel, ChannelKind, EmojiId, ForumTag, Guild, RoleId, Tx,
    body::Form,
    channel_flags::{HIDE_MEDIA_DOWNLOAD_OPTIONS, REQUIRE_TAG},
};

/// Tags of a forum.
const MAX_TAGS: usize = 20;
/// Characters of an emoji.
const MAX_EMOJI: usize = 100;

/// A custom emoji of the guild, or a Unicode one.
type Emoji = (Option<EmojiId>, Option<String>);

/// What is asked for; `None` where the body says nothing.
#[derive(Debug, Default)]
#[expect(clippy::option_option, reason = "a body tells an absent key from null, which clears")]
pub(super) struct ForumForm {
    flags: Option<u64>,
    tags: Option<Vec<ForumTag>>,
    reaction: Option<Option<Emoji>>,
    sort_order: Option<Option<u8>>,
    layout: Option<u8>,
    match_all_tags: Option<Option<bool>>,
}

impl ForumForm {
    /// The keys that are read.
    pub(super) const KEYS: [&'static str; 6] = [
        "flags",
        "available_tags",
        "default_reaction_emoji",
        "default_sort_order",
        "default_forum_layout",
        "default_tag_setting",
    ];

    /// Reads what concerns a channel of a kind, which is `current` so far. Others than forums have nothing of it.
    pub(super) fn read(
        form: Form<'_>,
        guild: Option<&Guild>,
        kind: ChannelKind,
        current: Option<&Channel>,
    ) -> Self {
        let settable = match kind {
            ChannelKind::Forum => REQUIRE_TAG,
            ChannelKind::Media => REQUIRE_TAG | HIDE_MEDIA_DOWNLOAD_OPTIONS,
            _ => return Self::default(),
        };
        let small = |n: i64| u8::try_from(n).ok();
        Self {
            flags: form.bits("flags").map(|bits| bits & settable),
            tags: read_tags(form, guild, current),
            reaction: form.has("default_reaction_emoji").then(|| {
                let path = form.at("default_reaction_emoji");
                let inner = Form::new(form.get("default_reaction_emoji")?, &path, form.errors())?;
                Some(read_emoji(inner, guild)).filter(|emoji| *emoji != (None, None))
            }),
            sort_order: form
                .has("default_sort_order")
                .then(|| form.integer("default_sort_order", 0, 1).and_then(small)),
            layout: form.integer("default_forum_layout", 0, 2).and_then(small),
            match_all_tags: form.has("default_tag_setting").then(|| read_tag_setting(form)),
        }
    }

    /// What no single key is wrong about.
    ///
    /// # Errors
    /// 40061 two tags of one name; 40066 a tag is required, and there is none that everybody may set.
    pub(super) fn check(&self, current: Option<&Channel>) -> Result<(), ApiError> {
        let tags = self.tags.as_deref().or(current.map(|c| &c.tags[..])).unwrap_or_default();
        let twice = |(index, tag): (usize, &ForumTag)| tags[..index].iter().any(|t| t.name == tag.name);
        if self.tags.is_some() && tags.iter().enumerate().any(twice) {
            return Err(ApiError::new(400, 40061, "Tag names must be unique"));
        }
        let flags = self.flags.unwrap_or_else(|| current.map_or(0, |c| c.flags));
        let asked = self.flags.is_some() || self.tags.is_some();
        if asked && flags & REQUIRE_TAG != 0 && tags.iter().all(|tag| tag.moderated) {
            let message = "There are no tags available that can be set by non-moderators";
            return Err(ApiError::new(400, 40066, message));
        }
        Ok(())
    }

    /// Writes it into a channel. `tx` mints ids for new tags. Posts lose the tags that are gone.
    pub(super) fn write(self, channel: &mut Channel, tx: &mut Tx<'_>) {
        channel.flags = self.flags.unwrap_or(channel.flags);
        if let Some(mut tags) = self.tags {
            for tag in tags.iter_mut().filter(|t| t.id == 0) {
                tag.id = tx.mint();
            }
            let posts = tx.world.channels.values_mut().filter(|c| c.parent == Some(channel.id));
            for meta in posts.filter_map(|c| c.thread.as_mut()) {
                meta.tags.retain(|id| tags.iter().any(|t| t.id == *id));
            }
            channel.tags = tags;
        }
        let forum = &mut channel.forum;
        forum.reaction = self.reaction.map_or_else(|| forum.reaction.take(), |new| new.map(Box::new));
        forum.sort_order = self.sort_order.unwrap_or(forum.sort_order);
        forum.layout = self.layout.unwrap_or(forum.layout);
        forum.match_all_tags = self.match_all_tags.unwrap_or(forum.match_all_tags);
    }
}

fn read_tag_setting(form: Form<'_>) -> Option<bool> {
    match form.string("default_tag_setting", 1, 20)? {
        "match_all" => Some(true),
        "match_some" => Some(false),
        _ => {
            let message = "Value must be one of ('match_all', 'match_some').";
            form.error("default_tag_setting", "BASE_TYPE_CHOICES", message);
            None
        }
    }
}

/// Tags that the channel has keep their ids; all others are new, whatever id they come with.
fn read_tags(form: Form<'_>, guild: Option<&Guild>, current: Option<&Channel>) -> Option<Vec<ForumTag>> {
    let list = form.list("available_tags", MAX_TAGS)?;
    let known = |id: &u64| current.is_some_and(|c| c.tags.iter().any(|t| t.id == *id));
    let read = |(index, item): (usize, &Value)| {
        let path = form.at(format_args!("available_tags.{index}"));
        let item = Form::new(item, &path, form.errors())?;
        if item.get("name").is_none() {
            item.missing("name");
        }
        let (emoji_id, emoji_name) = read_emoji(item, guild);
        Some(ForumTag {
            id: item.id::<RoleId>("id").map(RoleId::get).filter(known).unwrap_or(0),
            name: item.string("name", 1, 20)?.to_owned(),
            moderated: item.boolean("moderated").unwrap_or(false),
            emoji_id,
            emoji_name,
        })
    };
    Some(list.iter().enumerate().filter_map(read).collect())
}

/// `emoji_id` and `emoji_name`, of which the first wins.
fn read_emoji(form: Form<'_>, guild: Option<&Guild>) -> Emoji {
    let id: Option<EmojiId> = form.id("emoji_id");
    if id.is_some_and(|id| guild.is_none_or(|g| !g.emojis.contains_key(&id))) {
        form.error("emoji_id", "UNKNOWN_EMOJI", "Unknown Emoji");
    }
    let name = form.string("emoji_name", 0, MAX_EMOJI).filter(|e| !e.is_empty() && id.is_none());
    (id, name.map(str::to_owned))
}
