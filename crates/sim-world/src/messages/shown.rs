//! Showing the files of a message in its embeds and components: `attachment://name` becomes an address with
//! all that is known of the file. See Discord docs: Reference / Uploading Files (using attachments within embeds).

use std::cell::RefCell;

use serde_json::Value;

use super::{NewFile, attachment_url, embeds::ATTACHMENT, files};
use crate::{
    ApiError, Attachment, AttachmentId, ChannelId, FormErrors, Tx, World,
    components::{MediaFacts, resolve_media},
};

/// The attachments that embeds and components of a message can show, by name.
pub(super) struct Shown {
    /// Names that lead to it, and what is known of it.
    files: Vec<([String; 2], MediaFacts)>,
}

impl Shown {
    /// `present` are stored attachments, `files` those to be stored under `ids`.
    pub(super) fn new(
        world: &World,
        channel: ChannelId,
        present: &[Attachment],
        files: &[NewFile],
        ids: &[AttachmentId],
    ) -> Self {
        let facts = |attachment: &Attachment| MediaFacts {
            id: attachment.id,
            url: attachment_url(world, channel, attachment),
            filename: attachment.filename.clone(),
            size: attachment.size,
            dimensions: attachment.dimensions,
            content_type: attachment.content_type.clone(),
        };
        let new = files.iter().zip(ids).map(|(file, id)| {
            ([file.filename.clone(), file.original.clone()], facts(&files::metadata(*id, file)))
        });
        let old = present.iter().map(|a| ([a.filename.clone(), a.filename.clone()], facts(a)));
        // A new file wins over an old one of the same name.
        Self { files: new.chain(old).collect() }
    }

    fn find(&self, name: &str) -> Option<&MediaFacts> {
        let matches = |(names, facts): &&([String; 2], MediaFacts)| {
            names.iter().any(|n| n == name) || facts.id.to_string() == name
        };
        self.files.iter().find(matches).map(|(_, facts)| facts)
    }

    /// The file at an address of ours: clients send embeds and components back as they got them.
    fn at(&self, url: &str) -> Option<&MediaFacts> {
        self.files.iter().map(|(_, facts)| facts).find(|facts| facts.url == url)
    }

    /// Names stored files in components by id again, so that what is known of them is filled in anew.
    fn rename(&self, value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (key, inner) in map.iter_mut() {
                    // Links of buttons have a `url` too; those stay.
                    let media = matches!(key.as_str(), "media" | "file");
                    match inner["url"].as_str().filter(|_| media).and_then(|url| self.at(url)) {
                        Some(facts) => inner["url"] = format!("{ATTACHMENT}{}", facts.id).into(),
                        None => self.rename(inner),
                    }
                }
            }
            Value::Array(list) => {
                for value in list {
                    self.rename(value);
                }
            }
            _ => {}
        }
    }

    /// Puts addresses in place of `attachment://name`. An embed that shows a missing file loses the picture
    /// without an error; for a component it is one.
    pub(super) fn resolve(
        &self,
        tx: &mut Tx<'_>,
        embeds: &mut [Value],
        components: &mut [Value],
    ) -> Result<(), ApiError> {
        for embed in embeds {
            self.embed(embed);
        }
        for component in components.iter_mut() {
            self.rename(component);
        }
        let errors = RefCell::new(FormErrors::default());
        let lookup = |name: &str| self.find(name).cloned();
        resolve_media(components, "components", &mut || tx.mint(), &lookup, &errors);
        errors.into_inner().finish()
    }

    fn embed(&self, embed: &mut Value) {
        let Some(embed) = embed.as_object_mut() else { return };
        for key in ["image", "thumbnail"] {
            let Some(url) = embed.get(key).and_then(|image| image["url"].as_str()) else { continue };
            let found = match url.strip_prefix(ATTACHMENT) {
                Some(name) => self.find(name),
                None if self.at(url).is_some() => self.at(url),
                None => continue,
            };
            match found {
                Some(facts) => {
                    let image = &mut embed[key];
                    image["url"] = facts.url.as_str().into();
                    image["proxy_url"] = facts.url.as_str().into();
                    if let Some((width, height)) = facts.dimensions {
                        image["width"] = width.into();
                        image["height"] = height.into();
                    }
                    if let Some(kind) = &facts.content_type {
                        image["content_type"] = kind.as_str().into();
                    }
                }
                None => {
                    embed.shift_remove(key);
                }
            }
        }
        for key in ["author", "footer"] {
            let Some(inner) = embed.get_mut(key).and_then(Value::as_object_mut) else { continue };
            let Some(name) = inner.get("icon_url").and_then(|u| u.as_str()?.strip_prefix(ATTACHMENT)) else {
                continue;
            };
            match self.find(name) {
                Some(facts) => {
                    inner["icon_url"] = facts.url.as_str().into();
                    inner["proxy_icon_url"] = facts.url.as_str().into();
                }
                None => {
                    inner.shift_remove("icon_url");
                    inner.shift_remove("proxy_icon_url");
                }
            }
        }
    }
}
