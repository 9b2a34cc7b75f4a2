//! Texts of the store as a chat may read them: where on the machine the data folder lies is nobody's business there.

use std::path::Path;

/// The text with paths in the folder written as seen from it.
pub(crate) fn told(folder: &Path, text: &str) -> String {
    let whole = std::path::absolute(folder).ok();
    let real = folder.canonicalize().ok();
    // The longest first: one may be the end of another.
    let mut names: Vec<_> = [Some(folder.to_owned()), whole, real]
        .into_iter()
        .flatten()
        .map(|path| path.display().to_string())
        .filter(|name| !matches!(name.as_str(), "" | "." | "/"))
        .collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mut text = text.to_owned();
    for name in names {
        for separator in ['/', '\\'] {
            text = text.replace(&format!("{name}{separator}"), "");
        }
        text = text.replace(&name, "the data folder");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_tells_where_the_folder_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("123").join("guild.db");
        let text = format!("database {}: disk I/O error", path.display());
        assert_eq!(
            told(folder.path(), &text),
            format!("database {}: disk I/O error", Path::new("123").join("guild.db").display())
        );
        let text = format!("cannot read {}: gone", folder.path().display());
        assert_eq!(told(folder.path(), &text), "cannot read the data folder: gone");
        // As it is written in the settings, and as the system tells it.
        let here = std::env::current_dir().unwrap().join("data").join("main.db");
        assert_eq!(told(Path::new("./data"), "cannot read ./data/main.db"), "cannot read main.db");
        assert_eq!(
            told(Path::new("data"), &format!("cannot read {}", here.display())),
            "cannot read main.db"
        );
    }
}
