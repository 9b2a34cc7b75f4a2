//! What the API says when it refuses: HTTP status, Discord's error code, message, and for form errors a tree
//! of paths. See Discord docs: Topics / Opcodes and Status Codes / JSON.

use serde_json::{Map, Value, json};

/// A refusal as Discord sends it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{status} {code}: {message}")]
pub struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// Discord's JSON error code; 0 where there is none.
    pub code: u32,
    /// The message for people.
    pub message: String,
    /// The tree under `errors` of a 50035.
    pub errors: Option<Value>,
    /// Seconds until a retry makes sense (20016, 429s that the model itself decides such as renames).
    pub retry_after: Option<f64>,
}

macro_rules! named_errors {
    ($($(#[$doc:meta])* $name:ident = $status:literal, $code:literal, $message:literal;)+) => {
        impl ApiError {$(
            $(#[$doc])*
            pub fn $name() -> Self { Self::new($status, $code, $message) }
        )+}
    };
}

named_errors! {
    /// 401: no token, a malformed one, or one nobody has.
    unauthorized = 401, 0, "401: Unauthorized";
    /// 404: no such route.
    not_found = 404, 0, "404: Not Found";
    /// 405: the route exists with another method.
    method_not_allowed = 405, 0, "405: Method Not Allowed";
    /// 404/10002.
    unknown_application = 404, 10002, "Unknown Application";
    /// 404/10003.
    unknown_channel = 404, 10003, "Unknown Channel";
    /// 404/10004.
    unknown_guild = 404, 10004, "Unknown Guild";
    /// 404/10006.
    unknown_invite = 404, 10006, "Unknown Invite";
    /// 404/10007.
    unknown_member = 404, 10007, "Unknown Member";
    /// 404/10008.
    unknown_message = 404, 10008, "Unknown Message";
    /// 404/10011.
    unknown_role = 404, 10011, "Unknown Role";
    /// 404/10013.
    unknown_user = 404, 10013, "Unknown User";
    /// 400/10014: reactions answer 400 for it.
    unknown_emoji = 400, 10014, "Unknown Emoji";
    /// 404/10014: looked for by its id.
    no_such_emoji = 404, 10014, "Unknown Emoji";
    /// 404/10015.
    unknown_webhook = 404, 10015, "Unknown Webhook";
    /// 404/10060.
    unknown_sticker = 404, 10060, "Unknown Sticker";
    /// 404/10062: unknown, or answered after its three seconds.
    unknown_interaction = 404, 10062, "Unknown interaction";
    /// 404/10063.
    unknown_command = 404, 10063, "Unknown application command";
    /// 400/200000: what was written triggered a rule that blocks it. Discord documents no HTTP status for
    /// it.
    blocked_by_auto_moderation = 400, 200_000, "Message was blocked by automatic moderation";
    /// 400/200001: the same of a thread's title.
    title_blocked_by_auto_moderation = 400, 200_001, "Title was blocked by automatic moderation";
    /// 404/10065: not connected to voice there.
    unknown_voice_state = 404, 10065, "Unknown Voice State";
    /// 400/40032.
    not_in_voice = 400, 40032, "Target user is not connected to voice.";
    /// 404/10097.
    unknown_sound = 404, 10097, "Unknown sound";
    /// 403/20001: for people's tokens only.
    bots_cannot_use = 403, 20001, "Bots cannot use this endpoint";
    /// 400/30001: somebody is in as many guilds as one may be.
    too_many_guilds = 400, 30001, "Maximum number of guilds reached (100)";
    /// 403/50025: a person's token in a body.
    invalid_access_token = 403, 50025, "Invalid OAuth2 access token";
    /// 403/50026.
    missing_scope = 403, 50026, "Missing required OAuth2 scope";
    /// 403/20012: another application's resource.
    not_authorized_for_application = 403, 20012, "You are not authorized to perform this action on this application";
    /// 400/40060.
    already_acknowledged = 400, 40060, "Interaction has already been acknowledged.";
    /// 403/50001.
    missing_access = 403, 50001, "Missing Access";
    /// 403/50003.
    dm_forbidden = 400, 50003, "Cannot execute action on a DM channel";
    /// 403/50005.
    not_own_message = 403, 50005, "Cannot edit a message authored by another user";
    /// 400/50006.
    empty_message = 400, 50006, "Cannot send an empty message";
    /// 403/50007.
    cannot_message_user = 403, 50007, "Cannot send messages to this user";
    /// 400/50008.
    non_text_channel = 400, 50008, "Cannot send messages in a non-text channel";
    /// 403/50013.
    missing_permissions = 403, 50013, "Missing Permissions";
    /// 400/50019.
    pin_other_channel = 400, 50019, "A message can only be pinned in the channel it was sent in";
    /// 403/50021.
    system_message = 403, 50021, "Cannot execute action on a system message";
    /// 400/50024.
    wrong_channel_type = 400, 50024, "Cannot execute action on this channel type";
    /// 401/50027: expired interaction tokens.
    invalid_webhook_token = 401, 50027, "Invalid Webhook Token";
    /// 400/50034.
    bulk_delete_too_old = 400, 50034, "You can only bulk delete messages that are under 14 days old.";
    /// 400/50083.
    thread_archived = 400, 50083, "Thread is archived";
    /// 400/50109.
    invalid_json = 400, 50109, "The request body contains invalid JSON.";
    /// 400/30003.
    too_many_pins = 400, 30003, "Maximum number of pins reached for the channel (250)";
    /// 400/30010.
    too_many_reactions = 400, 30010, "Maximum number of reactions reached (20)";
    /// 400/30015.
    too_many_attachments = 400, 30015, "Maximum number of attachments in a message reached (10)";
    /// 413/40005: all files of a request together.
    request_too_large = 413, 40005, "Request entity too large. Try sending something smaller in size";
    /// 400/40033.
    already_crossposted = 400, 40033, "This message has already been crossposted";
    /// 400/40058: forums and media channels hold threads only.
    forum_without_thread = 400, 40058, "Cannot message this channel until a thread is created for this channel";
    /// 400/50016.
    bulk_delete_count = 400, 50016, "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete.";
    /// 400/50045: one file.
    file_too_large = 400, 50045, "File uploaded exceeds the maximum size";
    /// 400/50081.
    invalid_sticker = 400, 50081, "Invalid sticker sent";
    /// 403/50278: a DM to somebody with whom the sender shares no guild.
    no_mutual_guild = 403, 50278, "Cannot send messages to this user due to having no mutual guilds";
    /// 400/160002.
    reply_without_history = 400, 160_002, "Cannot reply without permission to read message history";
    /// 400/160008: the message that is forwarded.
    referenced_message_not_found = 400, 160_008, "Message could not be found.";
    /// 400/160009.
    reference_without_history = 400, 160_009, "Cannot reference a message without permission to read message history";
    /// 400/160010.
    age_restricted_reference = 400, 160_010, "NSFW channel message reference not allowed";
    /// 400/160011.
    forward_with_content = 400, 160_011, "Forward messages cannot have additional content";
    /// 400/160014.
    cannot_forward_unreadable = 400, 160_014, "You cannot forward a message whose content you cannot read";
    /// 400/160005.
    thread_locked = 400, 160_005, "Thread is locked";
    /// 400/160004.
    thread_exists = 400, 160_004, "A thread has already been created for this message";
}

impl ApiError {
    /// An error with its status, code and message.
    pub fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), errors: None, retry_after: None }
    }

    /// 400/50035 with one error at `path` (dots between keys and indices; empty for the request itself).
    pub fn form(path: &str, code: &str, message: impl Into<String>) -> Self {
        let mut errors = FormErrors::default();
        errors.add(path, code, message);
        errors.into_error()
    }

    /// The same error with the tree of paths moved below `prefix` (interaction callbacks report under `data`).
    pub fn nested_under(mut self, prefix: &str) -> Self {
        if let Some(tree) = self.errors.take() {
            self.errors = Some(prefix.split('.').rev().fold(tree, |tree, key| json!({ key: tree })));
        }
        self
    }

    /// The JSON body: `message`, `code`, and `errors` and `retry_after` where set.
    pub fn body(&self) -> Value {
        let mut body = json!({ "message": self.message, "code": self.code });
        if let Some(errors) = &self.errors {
            body["errors"] = errors.clone();
        }
        if let Some(seconds) = self.retry_after {
            body["retry_after"] = json!(seconds);
        }
        body
    }
}

/// Collects form errors by path, so that one answer names all of them.
#[derive(Clone, Debug, Default)]
pub struct FormErrors {
    tree: Map<String, Value>,
}

impl FormErrors {
    /// Adds an error at `path`: keys and indices joined by dots, e.g. `embeds.0.fields.3.name`.
    pub fn add(&mut self, path: &str, code: &str, message: impl Into<String>) {
        let mut node = &mut self.tree;
        for key in path.split('.').filter(|k| !k.is_empty()) {
            let child = node.entry(key).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(map) = child else { return };
            node = map;
        }
        let list = node.entry("_errors").or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            list.push(json!({ "code": code, "message": message.into() }));
        }
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.tree.is_empty()
    }

    /// 400/50035 with what was collected.
    pub fn into_error(self) -> ApiError {
        let mut error = ApiError::new(400, 50035, "Invalid Form Body");
        error.errors = Some(Value::Object(self.tree));
        error
    }

    /// `Err` if anything was collected.
    pub fn finish(self) -> Result<(), ApiError> {
        if self.is_empty() { Ok(()) } else { Err(self.into_error()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_errors_nest_by_path() {
        let mut errors = FormErrors::default();
        errors.add("embeds.0.fields.3.name", "BASE_TYPE_REQUIRED", "This field is required");
        errors.add("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.");
        let body = errors.into_error().nested_under("data").body();
        assert_eq!(body["code"], 50035);
        assert_eq!(
            body["errors"]["data"]["embeds"]["0"]["fields"]["3"]["name"]["_errors"][0]["code"],
            "BASE_TYPE_REQUIRED"
        );
        assert_eq!(body["errors"]["data"]["content"]["_errors"][0]["code"], "BASE_TYPE_MAX_LENGTH");
    }
}
