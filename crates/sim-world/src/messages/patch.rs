//! Reads the body of an edit into a [`Patch`]: absent keys stay as they are, null empties, `attachments` names
//! what stays. See Discord docs: Message / Edit Message.

use serde_json::Value;

use super::{
    AllowedMentions, NewFile, Rules,
    draft::{content, legacy_field, read_components},
    embeds, files,
};
use crate::{
    ApiError, AttachmentId, Message, Poll, Upload,
    body::{self, Form},
    flags, wire,
};

/// An attachment that stays, with what the edit says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Which.
    pub id: AttachmentId,
    /// New description, if given (`None` inside removes it).
    pub description: Option<Option<String>>,
    /// Whether to hide it as a spoiler from now on, if given.
    pub spoiler: Option<bool>,
}

/// A validated edit.
#[derive(Clone, Debug)]
pub struct Patch {
    /// New text.
    pub content: Option<String>,
    /// New embeds.
    pub embeds: Option<Vec<Value>>,
    /// New components.
    pub components: Option<Vec<Value>>,
    /// Flags switched on.
    pub set_flags: u64,
    /// Flags switched off.
    pub clear_flags: u64,
    /// Who may be in the rebuilt lists of mentions.
    pub allowed: AllowedMentions,
    /// Attachments that stay; `None`: all. Those that embeds or components still show stay anyway.
    pub keep: Option<Vec<Kept>>,
    /// Files that are added.
    pub files: Vec<NewFile>,
    /// A poll, when a loading message is filled.
    pub poll: Option<Poll>,
    /// Whether the message counts as edited (flags alone do not).
    pub edited: bool,
}

impl Patch {
    /// Whether it touches what only the author may change.
    pub fn touches_body(&self) -> bool {
        self.content.is_some()
            || self.embeds.is_some()
            || self.components.is_some()
            || self.keep.is_some()
            || !self.files.is_empty()
    }

    /// Whether it changes nothing at all.
    pub fn is_empty(&self) -> bool {
        !self.touches_body() && self.set_flags | self.clear_flags == 0
    }
}

/// Reads and validates an edit of `message`.
///
/// Flags: SUPPRESS_EMBEDS follows the given value; IS_COMPONENTS_V2 can be switched on, never off; changes of
/// other bits are ignored without error, as documented.
///
/// # Errors
/// As [`draft`](super::draft): 50035 with paths, 50006 when nothing would be left, file limits; 520003 for a poll,
/// of which only the flags can be changed, 160011 for a forward alike.
pub fn patch(body: &Value, files: Vec<Upload>, message: &Message, rules: Rules) -> Result<Patch, ApiError> {
    let files = files::accept(files)?;
    let patch = body::read(body, |form| read(form, files, message, rules))?;
    if message.poll.is_some() && patch.touches_body() {
        return Err(ApiError::new(400, 520_003, "Cannot edit a poll message"));
    }
    // Nothing tells what Discord answers; a forward has nothing of its own to begin with.
    if message.snapshot.is_some() && patch.touches_body() {
        return Err(ApiError::forward_with_content());
    }
    let v2 = (message.flags | patch.set_flags) & flags::IS_COMPONENTS_V2 != 0;
    let kept = patch.keep.as_ref().map_or(message.attachments.len(), Vec::len);
    if kept + patch.files.len() > files::MAX_FILES {
        return Err(ApiError::too_many_attachments());
    }
    let shown = !patch.components.as_ref().unwrap_or(&message.components).is_empty();
    let legacy = !patch.content.as_ref().unwrap_or(&message.content).is_empty()
        || !patch.embeds.as_ref().unwrap_or(&message.embeds).is_empty()
        || kept + patch.files.len() > 0
        || !message.stickers.is_empty()
        || message.snapshot.is_some()
        || message.poll.is_some();
    if shown || (legacy && !v2) || (patch.is_empty() && message.flags & flags::LOADING == 0) {
        Ok(patch)
    } else {
        Err(ApiError::empty_message())
    }
}

fn read(form: Form<'_>, mut files: Vec<NewFile>, message: &Message, rules: Rules) -> Patch {
    let (mut set_flags, mut clear_flags) = (0, 0);
    if let Some(asked) = form.bits("flags") {
        set_flags = asked & !message.flags & (flags::SUPPRESS_EMBEDS | flags::IS_COMPONENTS_V2);
        clear_flags = !asked & message.flags & flags::SUPPRESS_EMBEDS;
    }
    let v2 = (message.flags | set_flags) & flags::IS_COMPONENTS_V2 != 0;
    let content = form.has("content").then(|| content(form).unwrap_or_default());
    let embeds = form.has("embeds").then(|| embeds::read(form).unwrap_or_default());
    let components = form.has("components").then(|| read_components(form, v2).unwrap_or_default());
    if v2 {
        if !content.as_ref().unwrap_or(&message.content).is_empty() {
            legacy_field(form, "content");
        }
        if !embeds.as_ref().unwrap_or(&message.embeds).is_empty() {
            legacy_field(form, "embeds");
        }
        if message.poll.is_some() {
            legacy_field(form, "poll");
        }
        if !message.stickers.is_empty() {
            legacy_field(form, "sticker_ids");
        }
    }
    let keep = files::kept(form, &mut files, &message.attachments);
    let mut patch = Patch {
        content,
        embeds,
        components,
        set_flags,
        clear_flags: clear_flags | (message.flags & flags::LOADING),
        // An edit that says nothing is read with the defaults again, not with those of the first request.
        allowed: AllowedMentions::read(form).unwrap_or_else(|| rules.default_mentions()),
        keep,
        files,
        poll: None,
        edited: false,
    };
    patch.edited = patch.touches_body() && message.flags & flags::LOADING == 0;
    // Attachments that embeds or components show are hidden from lists, so clients cannot name them.
    if let Some(keep) = &mut patch.keep {
        let embeds = patch.embeds.as_ref().unwrap_or(&message.embeds);
        let components = patch.components.as_ref().unwrap_or(&message.components);
        for attachment in &message.attachments {
            let known = keep.iter().any(|k| k.id == attachment.id);
            if !known && wire::shows_attachment(embeds, components, attachment) {
                keep.push(Kept { id: attachment.id, description: None, spoiler: None });
            }
        }
    }
    patch
}
