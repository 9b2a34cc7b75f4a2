//! Reads the body that defines a command. See Discord docs: Application Commands / Application Command Object.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Scope, locale, names::is_slash_name, options};
use crate::{CommandId, CommandKind, World, body::Form};

/// Characters of all names, descriptions and choice values, each with its longest localisation.
const MAX_SIZE: usize = 8000;

/// A command as its author wrote it, validated.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    /// The id a bulk overwrite may name.
    pub id: Option<CommandId>,
    /// Kind.
    pub kind: CommandKind,
    /// Name.
    pub name: String,
    /// The command as answered, without `id`, `application_id`, `guild_id` and `version`.
    pub body: Map<String, Value>,
}

/// Reads a whole definition; unknown keys are ignored, null counts as absent.
/// With `kind` set (PATCH) the body's own `type` is ignored. Problems are in the form's errors.
pub(super) fn read(form: Form<'_>, kind: Option<CommandKind>, scope: Scope, world: &World) -> Definition {
    let global = scope.guild.is_none();
    let kind = kind.unwrap_or_else(|| read_kind(form));
    let chat = kind == CommandKind::ChatInput;
    let mut body = Map::new();
    let mut size = 0;

    let name = form.string("name", 1, 32);
    match name {
        None if form.get("name").is_none() => form.missing("name"),
        Some(name) if chat && (1..=32).contains(&name.chars().count()) && !is_slash_name(name) => {
            form.error("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
        }
        _ => {}
    }
    let name = name.unwrap_or_default();
    body.insert("default_member_permissions".into(), permissions(form));
    body.insert("type".into(), json!(kind as u8));
    body.insert("name".into(), json!(name));
    let longest = locale::read(form, "name_localizations", 32, |n| !chat || is_slash_name(n), &mut body);
    size += longest.max(name.chars().count());

    let description = description(form, chat);
    body.insert("description".into(), json!(description));
    let longest = locale::read(form, "description_localizations", 100, |_| chat, &mut body);
    size += longest.max(description.chars().count());

    if global {
        body.insert("dm_permission".into(), json!(form.boolean("dm_permission").unwrap_or(true)));
    }
    let contexts = numbers(form, "contexts", 2).filter(|_| global);
    body.insert("contexts".into(), contexts.map_or(Value::Null, |c| json!(c)));
    let integrations = numbers(form, "integration_types", 1).filter(|_| global);
    body.insert(
        "integration_types".into(),
        json!(integrations.unwrap_or_else(|| scope.integration_types(world))),
    );
    body.insert("nsfw".into(), json!(form.boolean("nsfw").unwrap_or(false)));

    let given = form.list("options", options::MAX_OPTIONS).filter(|l| !l.is_empty());
    if given.is_some() && !chat {
        let message = "Context menu commands cannot have options";
        form.error("options", "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID", message);
    } else if let Some(list) = given {
        let (options, length) = options::read(form, list, options::Level::Command);
        size += length;
        body.insert("options".into(), Value::Array(options));
    }
    if size > MAX_SIZE {
        let message = format!("Command exceeds maximum size ({MAX_SIZE})");
        form.error("", "APPLICATION_COMMAND_TOO_LARGE", message);
    }
    Definition { id: form.id("id"), kind, name: name.to_owned(), body }
}

fn read_kind(form: Form<'_>) -> CommandKind {
    match form.integer("type", i64::MIN, i64::MAX) {
        None => CommandKind::ChatInput,
        Some(n) => u64::try_from(n).ok().and_then(CommandKind::from_number).unwrap_or_else(|| {
            form.error("type", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3}.");
            CommandKind::ChatInput
        }),
    }
}

/// Chat commands need a description, the others must not have one.
fn description(form: Form<'_>, chat: bool) -> &str {
    if chat {
        let text = form.string("description", 1, 100);
        if form.get("description").is_none() {
            form.missing("description");
        }
        return text.unwrap_or_default();
    }
    if form.string("description", 0, 100).is_some_and(|d| !d.is_empty()) {
        let message = "Context menu commands cannot have description";
        form.error("description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID", message);
    }
    ""
}

/// A bit set as a string or an integer; answered as a string. Unknown bits are kept.
fn permissions(form: Form<'_>) -> Value {
    form.bits("default_member_permissions").map_or(Value::Null, |bits| json!(bits.to_string()))
}

/// A set of small numbers; null and the empty list are the same as absent.
fn numbers(form: Form<'_>, key: &str, max: u64) -> Option<Vec<u64>> {
    let list = form.list(key, max as usize + 1)?;
    let mut set = BTreeSet::new();
    for (i, value) in list.iter().enumerate().take(max as usize + 1) {
        match value.as_u64().filter(|n| *n <= max) {
            Some(n) => {
                set.insert(n);
            }
            None => {
                form.error(format!("{key}.{i}"), "BASE_TYPE_CHOICES", format!("Value must be 0 to {max}."));
            }
        }
    }
    (!set.is_empty()).then(|| set.into_iter().collect())
}
