//! Texts in other languages, as Discord registers them.

use std::collections::BTreeMap;

/// Texts by Discord's locale, such as `de` or `pt-BR`.
pub type Localized = BTreeMap<String, String>;

/// See Discord docs: Reference / Locales.
const LOCALES: [&str; 34] = [
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr",
    "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk",
    "vi", "zh-CN", "zh-TW",
];

/// What is wrong with the texts: locales that Discord does not know, and what `check` finds.
pub(super) fn problems(what: &str, texts: &Localized, check: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut found = Vec::new();
    for (locale, text) in texts {
        if LOCALES.contains(&locale.as_str()) {
            found.extend(check(text).map(|problem| format!("{what} in `{locale}`: {problem}")));
        } else {
            found.push(format!("`{locale}` is no locale of Discord's; they look like `de` and `pt-BR`"));
        }
    }
    found
}
