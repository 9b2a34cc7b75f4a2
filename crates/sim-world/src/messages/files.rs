//! Files on their way in and attachments that stay: limits, names, media types, the metadata list, storing.
//! See Discord docs: Reference / Uploading Files; Message / Attachment Object.

use serde_json::Value;

use super::{Kept, image};
use crate::{
    ApiError, Attachment, AttachmentId, ChannelId, Tx, Upload, World,
    body::{Form, join, parse_id},
};

/// Files of one message.
pub const MAX_FILES: usize = 10;
/// Bytes of one file, as without boosts or subscription.
pub const MAX_FILE_BYTES: usize = 10 * 1024 * 1024;
/// Bytes of all files of a request together.
pub const MAX_REQUEST_BYTES: usize = 25 * 1024 * 1024;
/// Characters of a stored file name.
const MAX_NAME: usize = 120;
const MAX_DESCRIPTION: usize = 1024;
const SPOILER: &str = "SPOILER_";

/// A file that passed the limits, not stored yet.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// `n` of `files[n]`.
    pub index: u64,
    /// Name as sent: what `attachment://` may also use.
    pub original: String,
    /// Name as kept.
    pub filename: String,
    /// Alt text.
    pub description: Option<String>,
    /// Media type.
    pub content_type: Option<String>,
    /// Pixels, of images.
    pub dimensions: Option<(u32, u32)>,
    /// Content.
    pub bytes: Vec<u8>,
}

impl NewFile {
    /// Takes a file in.
    ///
    /// # Errors
    /// 400/50045 above [`MAX_FILE_BYTES`].
    pub fn from_upload(upload: Upload) -> Result<Self, ApiError> {
        if upload.bytes.len() > MAX_FILE_BYTES {
            return Err(ApiError::file_too_large());
        }
        let filename = sanitise(&upload.filename);
        Ok(Self {
            index: upload.index,
            content_type: content_type(&filename, upload.content_type.as_deref()),
            original: upload.filename,
            filename,
            description: None,
            dimensions: image::dimensions(&upload.bytes),
            bytes: upload.bytes,
        })
    }
}

/// Checks what a request carries as files.
pub(super) fn accept(files: Vec<Upload>) -> Result<Vec<NewFile>, ApiError> {
    if files.iter().map(|f| f.bytes.len()).sum::<usize>() > MAX_REQUEST_BYTES {
        return Err(ApiError::request_too_large());
    }
    if files.len() > MAX_FILES {
        return Err(ApiError::too_many_attachments());
    }
    files.into_iter().map(NewFile::from_upload).collect()
}

/// Applies the list `attachments` of a new message: each entry describes the file `files[id]`.
/// Files that no entry names are attached all the same.
pub(super) fn describe(form: Form<'_>, files: &mut [NewFile]) {
    for (entry, path) in entries(form) {
        let Some(entry) = Form::new(entry, &path, form.errors()) else { continue };
        let Some(id) = index(entry) else { continue };
        match files.iter_mut().find(|f| f.index == id) {
            Some(file) => apply(entry, file),
            None => not_found(entry),
        }
    }
}

/// Reads the list `attachments` of an edit: entries with the id of an attachment keep it, others describe a
/// new file. `None` when the list was not given: everything stays. Null is an empty list.
pub(super) fn kept(form: Form<'_>, files: &mut [NewFile], present: &[Attachment]) -> Option<Vec<Kept>> {
    if !form.has("attachments") {
        return None;
    }
    let mut keep: Vec<Kept> = Vec::new();
    for (entry, path) in entries(form) {
        let Some(entry) = Form::new(entry, &path, form.errors()) else { continue };
        let Some(id) = index(entry) else { continue };
        if present.iter().any(|a| a.id.get() == id) {
            let id = AttachmentId::new(id);
            let description = entry.has("description").then(|| description(entry));
            if !keep.iter().any(|k| k.id == id) {
                keep.push(Kept { id, description, spoiler: entry.boolean("is_spoiler") });
            }
        } else if let Some(file) = files.iter_mut().find(|f| f.index == id) {
            apply(entry, file);
        } else {
            not_found(entry);
        }
    }
    Some(keep)
}

fn entries(form: Form<'_>) -> impl Iterator<Item = (&Value, String)> {
    let path = form.at("attachments");
    let list = form.list("attachments", MAX_FILES).into_iter().flatten().take(MAX_FILES);
    list.enumerate().map(move |(i, entry)| (entry, join(&path, i)))
}

fn index(entry: Form<'_>) -> Option<u64> {
    let Some(id) = entry.get("id") else {
        entry.missing("id");
        return None;
    };
    let index = parse_id::<u64>(id);
    if index.is_none() {
        entry.error("id", "NUMBER_TYPE_COERCE", "Value is not snowflake.");
    }
    index
}

fn not_found(entry: Form<'_>) {
    entry.error("id", "ATTACHMENT_NOT_FOUND", "The attachment was not found.");
}

fn description(entry: Form<'_>) -> Option<String> {
    entry.string("description", 0, MAX_DESCRIPTION).filter(|t| !t.is_empty()).map(str::to_owned)
}

fn apply(entry: Form<'_>, file: &mut NewFile) {
    if let Some(name) = entry.string("filename", 1, 1024) {
        file.filename = sanitise(name);
        file.content_type = content_type(&file.filename, file.content_type.as_deref());
        name.clone_into(&mut file.original);
    }
    if let Some(text) = description(entry) {
        file.description = Some(text);
    }
    if let Some(spoiler) = entry.boolean("is_spoiler") {
        file.filename = with_spoiler(&file.filename, spoiler);
    }
}

/// Marks or unmarks a file name as a spoiler, which is what clients go by.
pub(super) fn with_spoiler(filename: &str, spoiler: bool) -> String {
    let bare = filename.strip_prefix(SPOILER).unwrap_or(filename);
    if spoiler { format!("{SPOILER}{bare}") } else { bare.to_owned() }
}

/// Whether a file name marks a spoiler.
pub(crate) fn is_spoiler(filename: &str) -> bool {
    filename.starts_with(SPOILER)
}

/// A name that can stand in an address: blanks become `_`, what is not a letter, digit, `_`, `-` or `.` of
/// ASCII goes, and something always remains.
fn sanitise(name: &str) -> String {
    // Some clients send a path.
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let clean = |part: &str, room: usize| -> String {
        let part = part.chars().map(|c| if c.is_whitespace() { '_' } else { c });
        part.filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')).take(room).collect()
    };
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let (stem, extension) = (clean(stem, MAX_NAME - 21), clean(extension, 20));
    let stem = match stem.trim_matches('.') {
        "" => "unknown",
        stem => stem,
    };
    if extension.is_empty() { stem.to_owned() } else { format!("{stem}.{extension}") }
}

/// The media type by the name's extension, or else as the client said.
fn content_type(filename: &str, given: Option<&str>) -> Option<String> {
    let extension = filename.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    let by_name = match extension.as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/x-wav",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "json" => "application/json; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "html" | "htm" => "text/html; charset=utf-8",
        "txt" | "log" | "md" => "text/plain; charset=utf-8",
        _ => "",
    };
    if !by_name.is_empty() {
        return Some(by_name.to_owned());
    }
    given.filter(|t| !t.is_empty() && *t != "application/octet-stream").map(str::to_owned)
}

/// Where an attachment is served.
pub fn attachment_url(world: &World, channel: ChannelId, attachment: &Attachment) -> String {
    format!("{}/attachments/{channel}/{}/{}", world.cdn_base, attachment.id, attachment.filename)
}

/// Stores a file's bytes under a new id.
pub fn store_file(tx: &mut Tx<'_>, file: NewFile) -> Attachment {
    let id = AttachmentId::new(tx.mint());
    store(tx, id, file)
}

/// Stores a file's bytes under an id minted before.
pub(super) fn store(tx: &mut Tx<'_>, id: AttachmentId, file: NewFile) -> Attachment {
    let attachment = metadata(id, &file);
    tx.world.blobs.insert(id, file.bytes.into());
    attachment
}

/// What becomes of a file once it is stored under `id`.
pub(super) fn metadata(id: AttachmentId, file: &NewFile) -> Attachment {
    Attachment {
        id,
        filename: file.filename.clone(),
        description: file.description.clone(),
        content_type: file.content_type.clone(),
        size: file.bytes.len() as u64,
        dimensions: file.dimensions,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_fit_for_addresses() {
        assert_eq!(sanitise("a.png"), "a.png");
        assert_eq!(sanitise("my file (1).png"), "my_file_1.png");
        assert_eq!(sanitise("../../etc/passwd"), "passwd");
        assert_eq!(sanitise("图.png"), "unknown.png");
        assert_eq!(sanitise("..."), "unknown");
        assert_eq!(sanitise(""), "unknown");
        assert_eq!(sanitise("archive.tar.gz"), "archive.tar.gz");
        assert!(sanitise(&"x".repeat(5000)).len() <= MAX_NAME);
    }

    #[test]
    fn media_types_follow_the_name_first() {
        assert_eq!(content_type("a.PNG", Some("application/octet-stream")).as_deref(), Some("image/png"));
        assert_eq!(
            content_type("a.xyz", Some("application/x-thing")).as_deref(),
            Some("application/x-thing")
        );
        assert_eq!(content_type("a.xyz", Some("application/octet-stream")), None);
    }
}
