//! Thumbnails, galleries and files, and filling in what is known of their media.
//! See Discord docs: Components / Reference / Unfurled Media Item.

use std::cell::RefCell;

use serde_json::{Map, Value, json};

use super::{Walk, text_field};
use crate::{
    AttachmentId, FormErrors,
    body::{Form, join},
};

const ATTACHMENT: &str = "attachment://";

pub(super) fn thumbnail(_: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    described(form, out);
}

pub(super) fn gallery(_: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    let Some(list) = form.get("items") else {
        return form.missing("items");
    };
    let Some(list) = list.as_array() else {
        return form.error("items", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
    };
    if list.is_empty() || list.len() > 10 {
        form.error("items", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.");
    }
    let mut items = Vec::new();
    for (i, item) in list.iter().enumerate().take(10) {
        let path = form.at(format!("items.{i}"));
        let Some(item) = Form::new(item, &path, form.errors()) else { continue };
        let mut object = Map::new();
        described(item, &mut object);
        items.push(Value::Object(object));
    }
    out.insert("items".into(), Value::Array(items));
}

pub(super) fn file(_: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    media(form, "file", true, out);
    out.insert("name".into(), Value::Null);
    out.insert("size".into(), Value::Null);
    out.insert("spoiler".into(), json!(form.boolean("spoiler").unwrap_or(false)));
}

/// `media`, `description` and `spoiler` of a thumbnail or a gallery item.
fn described(form: Form<'_>, out: &mut Map<String, Value>) {
    media(form, "media", false, out);
    out.insert("description".into(), Value::Null);
    text_field(form, "description", 1024, out);
    out.insert("spoiler".into(), json!(form.boolean("spoiler").unwrap_or(false)));
}

fn media(form: Form<'_>, key: &str, attachment_only: bool, out: &mut Map<String, Value>) {
    let Some(value) = form.get(key) else { return form.missing(key) };
    let path = form.at(key);
    let Some(media) = Form::new(value, &path, form.errors()) else { return };
    let Some(url) = media.string("url", 1, 2048) else {
        if media.get("url").is_none() {
            media.missing("url");
        }
        return;
    };
    let web = url.starts_with("https://") || url.starts_with("http://");
    if attachment_only && !url.starts_with(ATTACHMENT) {
        let message = "A file must reference an attachment by attachment://filename.";
        media.error("url", "UNFURLED_MEDIA_ITEM_ATTACHMENT_REQUIRED", message);
    } else if !web && !url.starts_with(ATTACHMENT) {
        let message = "Scheme is not supported. Scheme must be one of ('http', 'https', 'attachment').";
        media.error("url", "URL_TYPE_INVALID_SCHEME", message);
    }
    out.insert(key.into(), json!({ "url": url }));
}

/// What is known of an attachment that a component shows.
#[derive(Clone, Debug)]
pub struct MediaFacts {
    /// Its id.
    pub id: AttachmentId,
    /// Its address on the CDN.
    pub url: String,
    /// Its file name.
    pub filename: String,
    /// Bytes.
    pub size: u64,
    /// Pixels, of images.
    pub dimensions: Option<(u32, u32)>,
    /// Media type.
    pub content_type: Option<String>,
}

/// Completes the media of a validated list: `attachment://name` becomes the address of the attachment that
/// `lookup` finds under that file name (an error at its `url` if there is none), anything else keeps its
/// address. `mint` gives ids for the media items.
pub fn resolve_media(
    list: &mut [Value],
    path: &str,
    mint: &mut dyn FnMut() -> u64,
    lookup: &dyn Fn(&str) -> Option<MediaFacts>,
    errors: &RefCell<FormErrors>,
) {
    for (i, component) in list.iter_mut().enumerate() {
        let path = join(path, i);
        let Some(fields) = component.as_object_mut() else { continue };
        for (key, below) in [("components", "components"), ("items", "items")] {
            if let Some(Value::Array(children)) = fields.get_mut(key) {
                resolve_media(children, &join(&path, below), mint, lookup, errors);
            }
        }
        if let Some(accessory) = fields.get_mut("accessory").and_then(Value::as_object_mut) {
            resolve_one(accessory, &join(&path, "accessory"), mint, lookup, errors);
        }
        resolve_one(fields, &path, mint, lookup, errors);
    }
}

fn resolve_one(
    fields: &mut Map<String, Value>,
    path: &str,
    mint: &mut dyn FnMut() -> u64,
    lookup: &dyn Fn(&str) -> Option<MediaFacts>,
    errors: &RefCell<FormErrors>,
) {
    let Some(key) = ["media", "file"].into_iter().find(|k| fields.get(*k).is_some_and(Value::is_object))
    else {
        return;
    };
    let Some(url) = fields[key]["url"].as_str().map(str::to_owned) else { return };
    let id = mint().to_string();
    let Some(name) = url.strip_prefix(ATTACHMENT) else {
        fields[key] = json!({
            "id": id, "url": url, "proxy_url": url, "width": null, "height": null, "content_type": null,
        });
        return;
    };
    let Some(facts) = lookup(name) else {
        let message = "The referenced attachment was not found.";
        errors.borrow_mut().add(
            &join(path, format!("{key}.url")),
            "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
            message,
        );
        return;
    };
    let (width, height) = facts.dimensions.unzip();
    fields[key] = json!({
        "id": id, "url": facts.url, "proxy_url": facts.url, "width": width, "height": height,
        "content_type": facts.content_type, "attachment_id": facts.id,
    });
    if key == "file" {
        fields["name"] = json!(facts.filename);
        fields["size"] = json!(facts.size);
    }
}
