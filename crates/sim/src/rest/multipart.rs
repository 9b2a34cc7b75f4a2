//! Multipart bodies in every dialect that clients speak: `payload_json` before or after the files, with no
//! content type or `text/plain`; files named `files[n]`, `file`, `file0`; plain fields instead of
//! `payload_json`.

use std::convert::Infallible;

use bytes::Bytes;
use cogwright_sim_world::{ApiError, Upload};
use futures_util::stream;
use serde_json::{Map, Value};

use super::body::{self, Read};

/// Parts read at the most; Discord takes ten files and one payload, old clients add a few plain fields.
const MAX_PARTS: usize = 32;

fn malformed() -> ApiError {
    ApiError::form("", "MULTIPART_INVALID", "The multipart body could not be read.")
}

/// The `n` of `files[n]`, or of the older `file` and `filen`.
fn index(name: &str) -> Option<u64> {
    let digits = match name.strip_prefix("files[") {
        Some(rest) => rest.strip_suffix(']')?,
        None => name.strip_prefix("file")?,
    };
    if digits.is_empty() { Some(0) } else { digits.parse().ok() }
}

/// Reads the parts. Parts may come in any order.
pub(crate) async fn parse(content_type: &str, bytes: Vec<u8>) -> Result<Read, ApiError> {
    let boundary = multer::parse_boundary(content_type).map_err(|_| malformed())?;
    let once = stream::iter([Ok::<_, Infallible>(Bytes::from(bytes))]);
    let mut parts = multer::Multipart::new(once, boundary);
    let mut payload = None;
    let mut fields = Map::new();
    let mut files: Vec<Upload> = Vec::new();
    let mut count = 0;
    while let Some(part) = parts.next_field().await.map_err(|_| malformed())? {
        count += 1;
        if count > MAX_PARTS {
            return Err(ApiError::form(
                "",
                "BASE_TYPE_MAX_LENGTH",
                format!("Must be {MAX_PARTS} or fewer parts."),
            ));
        }
        let name = part.name().unwrap_or_default().to_owned();
        let filename = part.file_name().map(str::to_owned);
        let kind = part.content_type().map(ToString::to_string);
        let bytes = part.bytes().await.map_err(|_| malformed())?;
        if name == "payload_json" {
            payload = Some(body::json(&bytes)?);
        } else if let Some(filename) = filename {
            let free = || files.iter().map(|f| f.index + 1).max().unwrap_or(0);
            let index = index(&name).unwrap_or_else(free);
            files.push(Upload { index, filename, content_type: kind, bytes: bytes.to_vec() });
        } else {
            fields.insert(name, String::from_utf8_lossy(&bytes).into_owned().into());
        }
    }
    Ok(Read { json: payload.unwrap_or(Value::Object(fields)), files })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    async fn read(parts: &[(&str, &str)]) -> Result<Read, ApiError> {
        let mut text = String::new();
        for (head, body) in parts {
            text.extend(["--XX\r\n", head, "\r\n\r\n", body, "\r\n"]);
        }
        text.push_str("--XX--\r\n");
        parse("multipart/form-data; boundary=XX", text.into_bytes()).await
    }

    const PNG: (&str, &str) = (
        "Content-Disposition: form-data; name=\"files[0]\"; filename=\"a b.png\"\r\nContent-Type: image/png",
        "PNG",
    );

    #[tokio::test]
    async fn payload_after_the_files_without_a_type() {
        let payload = (
            "Content-Disposition: form-data; name=\"payload_json\"",
            r#"{"content":"x","attachments":[{"id":0}]}"#,
        );
        let read = read(&[PNG, payload]).await.unwrap();
        assert_eq!(read.json["content"], "x");
        assert_eq!(read.files[0].filename, "a b.png");
        assert_eq!(read.files[0].content_type.as_deref(), Some("image/png"));
        assert_eq!(read.files[0].bytes, b"PNG");
    }

    #[tokio::test]
    async fn payload_first_as_text_plain() {
        let payload = (
            "Content-Disposition: form-data; name=\"payload_json\"\r\nContent-Type: text/plain; charset=utf-8",
            r#"{"content":"ö"}"#,
        );
        let read = read(&[payload, PNG]).await.unwrap();
        assert_eq!(read.json, json!({"content": "ö"}));
        assert_eq!(read.files.len(), 1);
    }

    #[tokio::test]
    async fn old_names_and_plain_fields() {
        let read = read(&[
            ("Content-Disposition: form-data; name=\"content\"", "hello"),
            ("Content-Disposition: form-data; name=\"file\"; filename=\"x.txt\"", "1"),
            ("Content-Disposition: form-data; name=\"file1\"; filename=\"y.txt\"", "2"),
            ("Content-Disposition: form-data; name=\"whatever\"; filename=\"z.txt\"", "3"),
        ])
        .await
        .unwrap();
        assert_eq!(read.json, json!({"content": "hello"}));
        assert_eq!(read.files.iter().map(|f| f.index).collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_refused() {
        let payload = ("Content-Disposition: form-data; name=\"payload_json\"", "{");
        assert_eq!(read(&[payload]).await.map(|_| ()), Err(ApiError::invalid_json()));
        assert_eq!(parse("multipart/form-data", Vec::new()).await.map(|_| ()), Err(malformed()));
        let cut = b"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end".to_vec();
        assert_eq!(parse("multipart/form-data; boundary=XX", cut).await.map(|_| ()), Err(malformed()));
        let many = vec![("Content-Disposition: form-data; name=\"a\"", "1"); MAX_PARTS + 1];
        assert_eq!(read(&many).await.map(|_| ()).map_err(|e| e.code), Err(50035));
    }
}
