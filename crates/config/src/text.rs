//! Reads the small text files that people edit.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use crate::problem::Problem;

/// Larger than any sensible settings file; a bigger one is something else by mistake.
pub(crate) const MAX_BYTES: u64 = 256 * 1024;

/// The text of a file without its byte order mark; `None` when there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<String>, Problem> {
    let problem = |what: String, remedy: &str| Problem::new("", path.display(), what, remedy);
    let not_readable = |error: std::io::Error| {
        problem(format!("cannot be read: {error}"), "Check that the user who runs the bot may read it.")
    };
    match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(not_readable(error)),
        // A pipe or a device could block for ever.
        Ok(meta) if !meta.is_file() => {
            return Err(problem("is no file".to_owned(), "Put a text file there, or remove it."));
        }
        Ok(_) => {}
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(not_readable)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(not_readable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(problem(format!("is larger than {MAX_BYTES} bytes"), "Is it the right file?"));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(problem(
            "is UTF-16, as Windows' PowerShell and older editors write it".to_owned(),
            "Save it as UTF-8.",
        ));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| problem("is no text in UTF-8".to_owned(), "Save it as plain text in UTF-8."))?;
    Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
}
