//! Names of commands and options. See Discord docs: Application Commands / Naming.

/// Whether a name matches `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$` and is in lower case wherever its
/// letters have one.
pub(super) fn is_slash_name(name: &str) -> bool {
    (1..=32).contains(&name.chars().count())
        && name.chars().all(|c| matches!(c, '-' | '_' | '\'') || c.is_alphanumeric() || in_named_scripts(c))
        && name.to_lowercase() == name
}

/// Devanagari and Thai, whose vowel signs are not letters to Unicode.
fn in_named_scripts(c: char) -> bool {
    matches!(c, '\u{0900}'..='\u{097F}' | '\u{A8E0}'..='\u{A8FF}' | '\u{0E00}'..='\u{0E7F}')
}

#[cfg(test)]
mod tests {
    use super::is_slash_name;

    #[test]
    fn names_by_the_documented_pattern() {
        for good in ["ping", "a-b_c'd", "größe", "привет", "हिन्दी", "ค้นหา", "名前", "x".repeat(32).as_str()]
        {
            assert!(is_slash_name(good), "{good}");
        }
        for bad in ["", "Ping", "two words", "a.b", "ÄRGER", "x".repeat(33).as_str(), "🦀", "a\n"] {
            assert!(!is_slash_name(bad), "{bad}");
        }
    }
}
