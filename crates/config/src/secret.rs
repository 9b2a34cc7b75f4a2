//! A text that must never be logged, printed or journaled, and how one is recognised where nobody expects it.

use std::borrow::Cow;
use std::fmt;

/// What stands where a secret stood.
const INSTEAD: &str = "[redacted]";

/// The least lengths of a token's parts. They are an id, a time and a signature in base64: 23 to 28, 6 or 7, and 27 or
/// more characters; see Discord docs: Reference / Authentication. A little less, so that one that was cut while it was
/// copied is recognised too.
const TOKEN_PARTS: [usize; 3] = [17, 4, 20];

/// The greatest length of the time: no name of a host or file that happens to be long has such a part in between.
const TOKEN_TIME: usize = 8;

/// The path of a webhook's address, which its id and its token follow. See Discord docs: Webhook Resource.
const WEBHOOK: &str = "/webhooks/";

/// The text with whatever is shaped like a bot token, and the token of every webhook address, taken out: people paste
/// them where nobody expects a secret. To be called before a text is shortened.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    let mut spans = tokens(text);
    spans.extend(webhooks(text));
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    spans.sort_unstable();
    let (mut shown, mut from) = (String::with_capacity(text.len()), 0);
    for (start, end) in spans {
        if start >= from {
            shown.push_str(&text[from..start]);
            shown.push_str(INSTEAD);
        }
        from = from.max(end);
    }
    shown.push_str(&text[from..]);
    Cow::Owned(shown)
}

fn of_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// Where three parts with dots between them stand that are as long as a token's.
fn tokens(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let (mut at, mut next) = (0, 0);
    for run in text.split_inclusive(|c: char| !of_base64(c) && c != '.') {
        let start = next;
        next += run.len();
        let parts: Vec<&str> = run.trim_end_matches(|c: char| !of_base64(c)).split('.').collect();
        let mut offset = start;
        for (index, part) in parts.iter().enumerate() {
            let end = offset + part.len();
            let alike = |three: &&[&str]| is_like_a_token(three);
            if let Some(three) = parts.get(index..index + 3).filter(alike).filter(|_| offset >= at) {
                at = offset + three.iter().map(|part| part.len()).sum::<usize>() + 2;
                spans.push((offset, at));
            }
            offset = end + 1;
        }
    }
    spans
}

/// Whether parts are as long as a token's, and the first looks like digits in base64: that has capitals and neither `-` nor
/// `_`, unlike names of hosts and files.
fn is_like_a_token(parts: &[&str]) -> bool {
    let long = parts.iter().zip(TOKEN_PARTS).all(|(part, least)| part.len() >= least);
    let id = parts[0].as_bytes();
    let digits = id.iter().all(u8::is_ascii_alphanumeric) && id.iter().any(u8::is_ascii_uppercase);
    long && parts[1].len() <= TOKEN_TIME && digits
}

/// Where the tokens of webhook addresses stand.
fn webhooks(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.match_indices(WEBHOOK).filter_map(|(index, path)| {
        let start = index + path.len();
        let (id, rest) = text[start..].split_once('/')?;
        let token = rest.find(|c| !of_base64(c)).unwrap_or(rest.len());
        let from = start + id.len() + 1;
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        (is_id && token > 0).then_some((from, from + token))
    })
}

/// A secret text. `Debug` and `Display` print `[redacted]`; only [`expose`](Secret::expose)
/// gives the text away.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(INSTEAD)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(INSTEAD)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_prints_it() {
        let secret = Secret::new("hunter2");
        let nested = Some(secret.clone());
        assert_eq!(format!("{secret} {secret:?}"), "[redacted] [redacted]");
        assert!(!format!("{nested:#?}").contains("hunter2"));
        assert_eq!(secret.expose(), "hunter2");
    }

    /// Made up; the first part is the base64 of 123456789012345678.
    const TOKEN: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789-_";

    #[test]
    fn tokens_and_webhooks_are_recognised_anywhere_and_nothing_else() {
        for (text, shown) in [
            (TOKEN.to_owned(), "[redacted]"),
            (format!("Bot {TOKEN}, {TOKEN}"), "Bot [redacted], [redacted]"),
            (format!("status.{TOKEN}.text"), "status.[redacted].text"),
            (format!("ü\"{TOKEN}\"ü"), "ü\"[redacted]\"ü"),
            (TOKEN[3..].to_owned(), "[redacted]"),
            (
                "https://discord.com/api/v10/webhooks/123456789012345678/abc-DEF_9?wait=true".to_owned(),
                "https://discord.com/api/v10/webhooks/123456789012345678/[redacted]?wait=true",
            ),
        ] {
            assert_eq!(masked(&text), shown);
        }
        for text in [
            "",
            "framework.enable_slash_command_limiter.enabled",
            "config.json:12:17",
            "https://discord.com/api/webhooks/abc/def",
            "/home/somebody/a.very.long.name/config.production.json",
            "a.b.c",
            "https://ingest-prod-eu-west-1.otel.some-observability-vendor.com",
            "/srv/cogwright_production.main.instance_01_europe_west",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
