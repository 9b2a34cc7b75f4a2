//! `allowed_mentions`: which mentions in a text may ping. See Discord docs: Message / Allowed Mentions Object.

use std::str::FromStr;

use serde_json::Value;

use crate::{
    RoleId, UserId,
    body::{Form, parse_id},
};

/// Ids listed in one list of `allowed_mentions`.
const MAX_IDS: usize = 100;

/// Which ids of one sort may be pinged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed<T> {
    /// Whichever the text names.
    All,
    /// Those of them that are listed; an empty list is none.
    Only(Vec<T>),
}

impl<T: PartialEq> Allowed<T> {
    /// Whether `id` may be pinged.
    pub fn contains(&self, id: &T) -> bool {
        match self {
            Self::All => true,
            Self::Only(list) => list.contains(id),
        }
    }
}

/// What may be pinged, given that the text mentions it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedMentions {
    /// `@everyone` and `@here`.
    pub everyone: bool,
    /// Roles.
    pub roles: Allowed<RoleId>,
    /// Users.
    pub users: Allowed<UserId>,
    /// The author of the message replied to.
    pub replied_user: bool,
}

impl AllowedMentions {
    /// What holds for ordinary messages that say nothing about it.
    pub fn all() -> Self {
        Self { everyone: true, roles: Allowed::All, users: Allowed::All, replied_user: true }
    }

    /// What holds for interaction answers and webhooks that say nothing about it: users only.
    pub fn users_only() -> Self {
        Self { everyone: false, roles: Allowed::Only(Vec::new()), users: Allowed::All, replied_user: true }
    }

    /// Nobody at all.
    pub fn none() -> Self {
        Self {
            everyone: false,
            roles: Allowed::Only(Vec::new()),
            users: Allowed::Only(Vec::new()),
            replied_user: false,
        }
    }

    /// Reads the key `allowed_mentions` of a body; absent and null are `None`.
    pub(super) fn read(body: Form<'_>) -> Option<Self> {
        let path = body.at("allowed_mentions");
        let form = Form::new(body.get("allowed_mentions")?, &path, body.errors())?;
        let mut parse = (false, false, false);
        // Duplicates do no harm; the list has no documented limit of its own.
        for (i, kind) in form.list("parse", 1521).into_iter().flatten().enumerate() {
            match kind.as_str() {
                Some("everyone") => parse.0 = true,
                Some("roles") => parse.1 = true,
                Some("users") => parse.2 = true,
                None if kind.is_null() => {}
                _ => form.error(
                    format!("parse.{i}"),
                    "BASE_TYPE_CHOICES",
                    "Value must be one of ('users', 'everyone', 'roles').",
                ),
            }
        }
        Some(Self {
            everyone: parse.0,
            roles: list(form, "roles", parse.1),
            users: list(form, "users", parse.2),
            replied_user: form.boolean("replied_user").unwrap_or(false),
        })
    }
}

fn list<T: FromStr>(form: Form<'_>, key: &str, parsed: bool) -> Allowed<T> {
    let mut ids = Vec::new();
    for (i, value) in form.list(key, MAX_IDS).into_iter().flatten().enumerate().take(MAX_IDS) {
        match parse_id(value) {
            Some(id) => ids.push(id),
            None if *value == Value::Null => {}
            None => form.error(format!("{key}.{i}"), "NUMBER_TYPE_COERCE", "Value is not snowflake."),
        }
    }
    if parsed && !ids.is_empty() {
        let message = format!("parse:[\"{key}\"] and {key}: [ids...] are mutually exclusive.");
        form.errors().borrow_mut().add(form.path(), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
    }
    if parsed { Allowed::All } else { Allowed::Only(ids) }
}
