//! Buttons. See Discord docs: Components / Reference / Button.

use serde_json::{Map, Value, json};

use super::{Walk, emoji_field, flag_field, text_field};
use crate::body::Form;

/// Opens an address instead of sending an interaction.
const LINK: i64 = 5;
/// Leads to a purchase; has no text of its own.
const PREMIUM: i64 = 6;

pub(super) fn button(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    let style = form.integer("style", 1, PREMIUM);
    if form.get("style").is_none() {
        form.missing("style");
    }
    out.insert("style".into(), json!(style.unwrap_or(1)));
    text_field(form, "label", 80, out);
    emoji_field(form, out);
    match style {
        Some(LINK) => link(form, out),
        Some(PREMIUM) => premium(form, out),
        _ => {
            walk.custom_id(form, out);
            for key in ["url", "sku_id"] {
                refuse(form, key, "is for another button style");
            }
        }
    }
    if style != Some(PREMIUM) && !out.contains_key("label") && !out.contains_key("emoji") {
        let message = "A button needs a label or an emoji";
        form.error("label", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", message);
    }
    flag_field(form, "disabled", out);
}

fn link(form: Form<'_>, out: &mut Map<String, Value>) {
    let Some(url) = form.string("url", 1, 512) else {
        if form.get("url").is_none() {
            form.missing("url");
        }
        return;
    };
    if form.get("custom_id").is_some() {
        let message = "A custom id and url cannot both be specified";
        form.error("custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message);
    }
    if !["http://", "https://", "discord://"].iter().any(|s| url.len() > s.len() && url.starts_with(s)) {
        let message = "Scheme is not supported. Scheme must be one of ('http', 'https', 'discord').";
        form.error("url", "URL_TYPE_INVALID_SCHEME", message);
    }
    out.insert("url".into(), json!(url));
}

fn premium(form: Form<'_>, out: &mut Map<String, Value>) {
    match form.bits("sku_id") {
        Some(id) => {
            out.insert("sku_id".into(), json!(id.to_string()));
        }
        None if form.get("sku_id").is_none() => form.missing("sku_id"),
        None => {}
    }
    for key in ["custom_id", "url", "label", "emoji"] {
        refuse(form, key, "cannot be set on a premium button");
    }
}

fn refuse(form: Form<'_>, key: &str, why: &str) {
    if form.get(key).is_some() {
        form.error(key, "BUTTON_COMPONENT_INVALID_FIELD", format!("{key} {why}"));
    }
}
