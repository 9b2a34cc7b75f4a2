//! Reads the body of a new message into a [`Draft`]: all limits of Discord docs: Message / Create Message
//! that need no look at the channel.

use serde_json::Value;

use super::{AllowedMentions, Forwarding, NewFile, Patch, ReplyTo, embeds, files, poll, reference, stickers};
use crate::{
    ApiError, Poll, StickerId, Timestamp, Upload,
    body::{self, Form},
    components, flags,
};

/// Characters of a message's text. The schema says 4000, which is for people who pay.
pub(super) const MAX_CONTENT: usize = 2000;
/// Embeds of one message.
pub(super) const MAX_EMBEDS: usize = 10;
/// Characters of a string nonce.
const MAX_NONCE: usize = 25;

/// Whose rules a body follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// Messages sent to a channel, by a bot or a person.
    Channel,
    /// Interaction answers and follow-ups: pings users only unless told otherwise, may be ephemeral, has no
    /// reference, nonce or stickers.
    Interaction,
    /// A webhook's messages: as answers, but for everybody to see.
    Webhook,
}

impl Rules {
    fn flags(self) -> u64 {
        let common = flags::SUPPRESS_EMBEDS | flags::SUPPRESS_NOTIFICATIONS | flags::IS_COMPONENTS_V2;
        match self {
            Self::Channel | Self::Webhook => common,
            Self::Interaction => common | flags::EPHEMERAL,
        }
    }

    pub(super) fn default_mentions(self) -> AllowedMentions {
        match self {
            Self::Channel => AllowedMentions::all(),
            Self::Interaction | Self::Webhook => AllowedMentions::users_only(),
        }
    }
}

/// A validated new message that has no place and author yet.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Text, trimmed.
    pub content: String,
    /// Text to speech.
    pub tts: bool,
    /// Embeds in the shape of answers, except that `attachment://` is not resolved yet.
    pub embeds: Vec<Value>,
    /// Components in the shape of answers, except for media.
    pub components: Vec<Value>,
    /// Flags that the rules allow; others are dropped without error. [`publish`](super::publish) sets
    /// EPHEMERAL by whom the message is for, whatever stands here.
    pub flags: u64,
    /// Who may be pinged.
    pub allowed: AllowedMentions,
    /// What it replies to.
    pub reply_to: Option<ReplyTo>,
    /// What it forwards; it has nothing of its own then.
    pub forward: Option<Forwarding>,
    /// String or integer, as given.
    pub nonce: Option<Value>,
    /// A message with the same nonce by the same author is answered instead of sending another.
    pub enforce_nonce: bool,
    /// Files.
    pub files: Vec<NewFile>,
    /// Poll as answers show it.
    pub poll: Option<Poll>,
    /// Stickers; whether they may be sent is known where the message goes.
    pub stickers: Vec<StickerId>,
}

impl Draft {
    /// A message with nothing but text; no checks are made.
    pub fn text(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            tts: false,
            embeds: Vec::new(),
            components: Vec::new(),
            flags: 0,
            allowed: AllowedMentions::all(),
            reply_to: None,
            forward: None,
            nonce: None,
            enforce_nonce: false,
            files: Vec::new(),
            poll: None,
            stickers: Vec::new(),
        }
    }

    /// The "thinking" message of a deferred interaction answer: no content, LOADING.
    pub fn loading(ephemeral: bool) -> Self {
        let ephemeral = if ephemeral { flags::EPHEMERAL } else { 0 };
        Self { flags: flags::LOADING | ephemeral, ..Self::text("") }
    }

    /// Whether it is in the Components V2 format.
    pub fn is_v2(&self) -> bool {
        self.flags & flags::IS_COMPONENTS_V2 != 0
    }

    /// The edit that fills a loading message with this draft; the message does not count as edited.
    pub fn into_patch(self) -> Patch {
        let settable = flags::SUPPRESS_EMBEDS | flags::IS_COMPONENTS_V2;
        Patch {
            content: Some(self.content),
            embeds: Some(self.embeds),
            components: Some(self.components),
            set_flags: self.flags & settable,
            clear_flags: flags::LOADING,
            allowed: self.allowed,
            keep: None,
            files: self.files,
            poll: self.poll,
            edited: false,
        }
    }
}

/// Reads and validates the body of a new message.
///
/// # Errors
/// 50035 with paths into the body (callers that nest it use [`ApiError::nested_under`]), 50006 for an empty
/// message, 160011 for a forward that has something of its own, 40005, 50045 and 30015 for files.
pub fn draft(body: &Value, files: Vec<Upload>, rules: Rules, now: Timestamp) -> Result<Draft, ApiError> {
    let files = files::accept(files)?;
    let draft = body::read(body, |form| read(form, files, rules, now))?;
    let shown = !draft.components.is_empty();
    let legacy = !draft.content.is_empty()
        || !draft.embeds.is_empty()
        || !draft.files.is_empty()
        || !draft.stickers.is_empty()
        || draft.poll.is_some();
    if draft.forward.is_some() {
        return if shown || legacy { Err(ApiError::forward_with_content()) } else { Ok(draft) };
    }
    if shown || (legacy && !draft.is_v2()) { Ok(draft) } else { Err(ApiError::empty_message()) }
}

fn read(form: Form<'_>, mut files: Vec<NewFile>, rules: Rules, now: Timestamp) -> Draft {
    let asked = form.bits("flags").unwrap_or(0) & rules.flags();
    let v2 = asked & flags::IS_COMPONENTS_V2 != 0;
    let content = content(form).unwrap_or_default();
    let embeds = embeds::read(form).unwrap_or_default();
    let components = read_components(form, v2).unwrap_or_default();
    let poll = poll::read(form, now);
    files::describe(form, &mut files);
    let stickers = if rules == Rules::Channel { stickers::read(form) } else { Vec::new() };
    if v2 {
        let used = [
            ("content", !content.is_empty()),
            ("embeds", !embeds.is_empty()),
            ("sticker_ids", !stickers.is_empty()),
            ("poll", poll.is_some()),
        ];
        for (key, _) in used.into_iter().filter(|(_, used)| *used) {
            legacy_field(form, key);
        }
    }
    let ((reply_to, forward), nonce, enforce_nonce) = match rules {
        Rules::Channel => {
            (reference::read(form), nonce(form), form.boolean("enforce_nonce").unwrap_or(false))
        }
        Rules::Interaction | Rules::Webhook => ((None, None), None, false),
    };
    Draft {
        content,
        tts: form.boolean("tts").unwrap_or(false),
        embeds,
        components,
        flags: asked,
        allowed: AllowedMentions::read(form).unwrap_or_else(|| rules.default_mentions()),
        reply_to,
        forward,
        nonce,
        enforce_nonce,
        files,
        poll,
        stickers,
    }
}

/// The text without blanks at its ends; absent and null are `None`.
pub(super) fn content(form: Form<'_>) -> Option<String> {
    let text = form.get("content")?;
    let Some(text) = text.as_str() else {
        form.error("content", "STRING_TYPE_CONVERT", "Could not interpret value as string.");
        return None;
    };
    let text = text.trim();
    if text.chars().count() > MAX_CONTENT {
        let message = format!("Must be {MAX_CONTENT} or fewer in length.");
        form.error("content", "BASE_TYPE_MAX_LENGTH", message);
    }
    Some(text.to_owned())
}

/// The components, normalised; absent and null are `None`.
pub(super) fn read_components(form: Form<'_>, v2: bool) -> Option<Vec<Value>> {
    let list = form.get("components")?;
    let kind = components::Kind::Message { v2 };
    Some(components::validate(list, &form.at("components"), kind, form.errors()))
}

/// Content, embeds, stickers and polls have no place in a V2 message.
pub(super) fn legacy_field(form: Form<'_>, key: &str) {
    let message = format!("The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2");
    form.error(key, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message);
}

fn nonce(form: Form<'_>) -> Option<Value> {
    let nonce = form.get("nonce")?;
    match nonce {
        Value::String(text) if text.chars().count() > MAX_NONCE => {
            form.error("nonce", "BASE_TYPE_MAX_LENGTH", format!("Must be {MAX_NONCE} or fewer in length."));
        }
        Value::String(text) if text.is_empty() => return None,
        Value::String(_) => {}
        Value::Number(n) if n.is_i64() => {}
        _ => form.error("nonce", "NONCE_TYPE_CONVERT", "Nonce must be a string or an integer."),
    }
    Some(nonce.clone())
}
