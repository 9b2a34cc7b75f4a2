//! Localised names and descriptions. See Discord docs: Application Commands / Localization.

use serde_json::{Map, Value, json};

use crate::body::Form;

/// See Discord docs: Reference / Locales.
pub(crate) const LOCALES: [&str; 34] = [
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr",
    "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk",
    "vi", "zh-CN", "zh-TW",
];

/// Reads `key` (`name_localizations`, ...) into `out` and answers the length of the longest text.
/// `valid` is the rule for each text besides 1 to `max` characters.
pub(super) fn read(
    form: Form<'_>,
    key: &str,
    max: usize,
    valid: impl Fn(&str) -> bool,
    out: &mut Map<String, Value>,
) -> usize {
    out.insert(key.into(), Value::Null);
    let Some(value) = form.get(key) else { return 0 };
    let path = form.at(key);
    let Some(texts) = Form::new(value, &path, form.errors()) else { return 0 };
    let mut kept = Map::new();
    let mut longest = 0;
    for locale in texts.map().keys().take(LOCALES.len() + 1) {
        if !LOCALES.contains(&locale.as_str()) {
            let message = "Value must be one of the supported locales.";
            form.error(key, "DICT_TYPE_INVALID_KEY", message);
            continue;
        }
        let Some(text) = texts.string(locale, 1, max) else { continue };
        if !valid(text) {
            texts.error(locale, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
        }
        longest = longest.max(text.chars().count());
        kept.insert(locale.clone(), json!(text));
    }
    if !kept.is_empty() {
        out.insert(key.into(), Value::Object(kept));
    }
    longest
}

/// Takes the dictionaries out of a command, as lists answer without `with_localizations`.
pub(super) fn strip(value: &mut Value) {
    if let Some(map) = value.as_object_mut() {
        for key in ["name_localizations", "description_localizations"] {
            map.shift_remove(key);
        }
        for key in ["options", "choices"] {
            if let Some(Value::Array(list)) = map.get_mut(key) {
                list.iter_mut().for_each(strip);
            }
        }
    }
}
