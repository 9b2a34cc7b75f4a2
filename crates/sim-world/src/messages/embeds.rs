//! Reads embeds into the shape of answers, with their limits. See Discord docs: Message / Embed Object and
//! Embed Limits.

use serde_json::{Map, Value, json};

use super::draft::MAX_EMBEDS;
use crate::{
    Timestamp,
    body::{Form, join},
};

/// Characters of all embeds of a message together.
const MAX_TOTAL: usize = 6000;
const MAX_URL: usize = 2048;
const MAX_FIELDS: usize = 25;

/// What refers to a file of the same message.
pub(super) const ATTACHMENT: &str = "attachment://";

/// Reads the key `embeds` of a body; absent and null are `None`. `attachment://` addresses stay as they are.
pub(super) fn read(body: Form<'_>) -> Option<Vec<Value>> {
    let list = body.list("embeds", MAX_EMBEDS)?;
    let path = body.at("embeds");
    let mut total = 0;
    // Past the limit the request fails anyway; reading on would only repeat that.
    let embeds = list.iter().take(MAX_EMBEDS).enumerate().filter_map(|(i, embed)| {
        let path = join(&path, i);
        Form::new(embed, &path, body.errors()).map(|form| one(form, &mut total))
    });
    let embeds = embeds.collect();
    if total > MAX_TOTAL {
        let message = format!("Embed size exceeds maximum size of {MAX_TOTAL}");
        body.error("embeds", "MAX_EMBED_SIZE_EXCEEDED", message);
    }
    Some(embeds)
}

fn one(form: Form<'_>, total: &mut usize) -> Value {
    let mut out = Map::new();
    // Bots can send no other type, whatever they name.
    out.insert("type".into(), json!("rich"));
    text(form, "title", 256, total, &mut out);
    text(form, "description", 4096, total, &mut out);
    url(form, "url", &["http", "https"], &mut out);
    if let Some(color) = form.integer("color", 0, 0x00FF_FFFF) {
        out.insert("color".into(), json!(color));
    }
    timestamp(form, &mut out);
    fields(form, total, &mut out);
    if let Some(author) = named(form, "author", "name", 256, total) {
        out.insert("author".into(), author);
    }
    for key in ["image", "thumbnail"] {
        image(form, key, &mut out);
    }
    if let Some(footer) = named(form, "footer", "text", 2048, total) {
        out.insert("footer".into(), footer);
    }
    let shown = ["title", "description", "timestamp", "fields", "author", "image", "thumbnail", "footer"];
    if !shown.iter().any(|key| out.contains_key(*key)) {
        form.missing("description");
    }
    Value::Object(out)
}

/// A text counted without the blanks at its ends and kept so; an empty one is left out.
fn text(form: Form<'_>, key: &str, max: usize, total: &mut usize, out: &mut Map<String, Value>) {
    if let Some(text) = trimmed(form, key, max, total)
        && !text.is_empty()
    {
        out.insert(key.into(), json!(text));
    }
}

fn trimmed<'a>(form: Form<'a>, key: &str, max: usize, total: &mut usize) -> Option<&'a str> {
    let Some(text) = form.get(key)?.as_str() else {
        form.error(key, "STRING_TYPE_CONVERT", "Could not interpret value as string.");
        return None;
    };
    let text = text.trim();
    let length = text.chars().count();
    *total += length;
    if length > max {
        form.error(key, "BASE_TYPE_MAX_LENGTH", format!("Must be {max} or fewer in length."));
    }
    Some(text)
}

fn required(form: Form<'_>, key: &str, max: usize, total: &mut usize) -> Value {
    let text = trimmed(form, key, max, total);
    if text.is_some_and(str::is_empty) || form.get(key).is_none() {
        form.missing(key);
    }
    json!(text.unwrap_or_default())
}

fn fields(form: Form<'_>, total: &mut usize, out: &mut Map<String, Value>) {
    let Some(list) = form.list("fields", MAX_FIELDS) else { return };
    let path = form.at("fields");
    let mut fields = Vec::new();
    for (i, field) in list.iter().take(MAX_FIELDS).enumerate() {
        let path = join(&path, i);
        let Some(field) = Form::new(field, &path, form.errors()) else { continue };
        fields.push(json!({
            "name": required(field, "name", 256, total),
            "value": required(field, "value", 1024, total),
            "inline": field.boolean("inline").unwrap_or(false),
        }));
    }
    if !fields.is_empty() {
        out.insert("fields".into(), Value::Array(fields));
    }
}

/// An author or a footer: a text with an icon, and for authors a link.
fn named(form: Form<'_>, key: &str, text_key: &str, max: usize, total: &mut usize) -> Option<Value> {
    let path = form.at(key);
    let inner = Form::new(form.get(key)?, &path, form.errors())?;
    let mut out = Map::new();
    text(inner, text_key, max, total, &mut out);
    if text_key == "name" {
        url(inner, "url", &["http", "https"], &mut out);
    }
    url(inner, "icon_url", &["http", "https", "attachment"], &mut out);
    if let Some(icon) = out.get("icon_url").cloned() {
        out.insert("proxy_icon_url".into(), icon);
    }
    // Without its text there is nothing to show.
    out.contains_key(text_key).then_some(Value::Object(out))
}

fn image(form: Form<'_>, key: &str, out: &mut Map<String, Value>) {
    let path = form.at(key);
    let Some(inner) = form.get(key).and_then(|v| Form::new(v, &path, form.errors())) else { return };
    let mut image = Map::new();
    url(inner, "url", &["http", "https", "attachment"], &mut image);
    if let Some(url) = image.get("url").cloned() {
        image.insert("proxy_url".into(), url);
        for size in ["width", "height"] {
            if let Some(n) = inner.integer(size, 0, i64::from(i32::MAX)) {
                image.insert(size.into(), json!(n));
            }
        }
        if let Some(text) = inner.string("description", 0, 4096).filter(|t| !t.is_empty()) {
            image.insert("description".into(), json!(text));
        }
        out.insert(key.into(), Value::Object(image));
    }
}

fn url(form: Form<'_>, key: &str, schemes: &[&str], out: &mut Map<String, Value>) {
    let Some(address) = form.string(key, 0, MAX_URL).map(str::trim).filter(|t| !t.is_empty()) else { return };
    let scheme = address.split_once("://").map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
    match scheme {
        Some((scheme, rest)) if schemes.contains(&scheme.as_str()) => {
            // File names may hold blanks, addresses may not.
            let blank = scheme != "attachment" && address.chars().any(char::is_whitespace);
            if rest.is_empty() || rest.starts_with('/') || blank {
                form.error(key, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
            }
            out.insert(key.into(), json!(address));
        }
        Some((scheme, _)) => {
            let list = schemes.iter().map(|s| format!("'{s}'")).collect::<Vec<_>>().join(", ");
            let message = format!("Scheme \"{scheme}\" is not supported. Scheme must be one of ({list}).");
            form.error(key, "URL_TYPE_INVALID_SCHEME", message);
        }
        None => form.error(key, "URL_TYPE_INVALID_URL", "Not a well formed URL."),
    }
}

fn timestamp(form: Form<'_>, out: &mut Map<String, Value>) {
    let Some(value) = form.get("timestamp") else { return };
    let given = value.as_str().unwrap_or_default();
    match Timestamp::parse_iso(given) {
        Some(moment) => {
            out.insert("timestamp".into(), json!(moment.iso()));
        }
        None => {
            let message = "Could not parse the value. Should be ISO8601.";
            form.error("timestamp", "DATE_TIME_TYPE_PARSE", message);
        }
    }
}
