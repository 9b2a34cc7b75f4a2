//! Rules for single texts.

use std::net::SocketAddr;

use crate::emoji::{MAX_EMOJI, is_unicode_emoji};
use crate::prefix::{BadPrefix, MAX_PREFIX, check_prefix};
use crate::shape::Refusal;

/// What to do about a prefix that cannot be one.
const EXAMPLES: &str = "Choose one such as ! or ?.";

/// Longer than any token Discord has given out; more is a paste accident.
const MAX_TOKEN: usize = 200;

/// The longest text of an activity. See Discord docs: Gateway Events / Activity Object.
const MAX_STATUS: usize = 128;

/// Longest name, path or address.
const MAX_TEXT: usize = 1_024;

fn refuse<T>(what: impl Into<String>, remedy: impl Into<String>) -> Result<T, Refusal> {
    Err((what.into(), remedy.into()))
}

pub(crate) fn token(raw: &str) -> Result<String, Refusal> {
    let raw = raw.trim();
    let token = raw.strip_prefix("Bot ").unwrap_or(raw).trim();
    let bad = |what: &str| {
        refuse(
            what,
            "Copy the token again from the Bot page of the application in Discord's developer portal (not its \
             client secret, public key or id).",
        )
    };
    let parts: Vec<&str> = token.split('.').collect();
    if token.len() > MAX_TOKEN {
        return bad("is longer than a bot token");
    }
    if !token.bytes().all(|b| b.is_ascii_graphic()) {
        return bad("holds blanks or characters that no token has");
    }
    // See Discord docs: Reference / Authentication; a token is three parts of base64.
    if parts.len() != 3 || parts.iter().any(|part| part.is_empty()) {
        return bad("does not look like a bot token (three parts with dots between them)");
    }
    Ok(token.to_owned())
}

pub(crate) fn prefix(raw: &str) -> Result<String, Refusal> {
    match check_prefix(raw) {
        Ok(()) => Ok(raw.to_owned()),
        Err(BadPrefix::Length(length)) => {
            refuse(format!("has {length} characters; a prefix has 1 to {MAX_PREFIX}"), EXAMPLES)
        }
        Err(bad) => refuse(bad.to_string(), EXAMPLES),
    }
}

pub(crate) fn status(raw: &str) -> Result<String, Refusal> {
    let text = line(raw)?;
    if text.chars().count() > MAX_STATUS {
        return refuse(
            format!("is longer than {MAX_STATUS} characters"),
            "Discord refuses that; shorten it.",
        );
    }
    Ok(text)
}

/// Any text in one line that is not empty.
pub(crate) fn line(raw: &str) -> Result<String, Refusal> {
    let text = raw.trim();
    if text.is_empty() {
        return refuse("is empty", "Write something, or take the line out: then the default holds.");
    }
    if text.len() > MAX_TEXT || text.contains(char::is_control) {
        return refuse(
            format!("is longer than {MAX_TEXT} bytes or holds a line break"),
            "Write it in one short line.",
        );
    }
    Ok(text.to_owned())
}

pub(crate) fn listen(raw: &str) -> Result<String, Refusal> {
    match raw.trim().parse::<SocketAddr>() {
        Ok(address) => Ok(address.to_string()),
        Err(_) => refuse(
            "is no address to listen on",
            "Write address and port, such as 127.0.0.1:9090; for all interfaces 0.0.0.0:9090.",
        ),
    }
}

pub(crate) fn url(raw: &str) -> Result<String, Refusal> {
    let text = line(raw)?;
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    match host {
        Some(host) if host.contains('@') => {
            refuse("holds a name or password", "Take it out; secrets in addresses end up in logs.")
        }
        Some(_) if text.contains(['?', '#']) => {
            refuse("holds a query or fragment", "Write it as http://host:port or https://host:port/path.")
        }
        Some(host) if is_host(host) && text.bytes().all(|b| b.is_ascii_graphic()) => Ok(text),
        _ => refuse("is no address of a server", "Write it as http://host:port or https://host:port."),
    }
}

/// A name or address, with or without a port.
fn is_host(host: &str) -> bool {
    // An IPv6 address stands in brackets, and has colons of its own.
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let name = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)),
    };
    name && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

/// Headers, `name=value,name=value`. The text is a secret, so it is not told what stands in it.
pub(crate) fn headers(raw: &str) -> Result<String, Refusal> {
    let text = line(raw)?;
    match crate::settings::headers(&text) {
        Some(_) => Ok(text),
        None => refuse(
            "is no list of headers",
            "Write name=value,name=value in ASCII; other characters of a value, commas and % as %2C.",
        ),
    }
}

/// An emoji: one of Unicode, or one of a guild in the form `<:name:id>`.
pub(crate) fn emoji(raw: &str) -> Result<String, Refusal> {
    let text = raw.trim();
    let inner =
        text.strip_prefix("<a:").or_else(|| text.strip_prefix("<:")).and_then(|t| t.strip_suffix('>'));
    let custom = inner.and_then(|inner| inner.split_once(':')).is_some_and(|(name, id)| {
        (2..=32).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && crate::shape::id(id).is_some()
    });
    if custom || is_unicode_emoji(text) {
        return Ok(text.to_owned());
    }
    refuse("is no emoji", "Write an emoji, or <:name:id> for one of a guild that the bot is in.")
}

/// An emoji of Unicode, for places where Discord shows no others: footers.
pub(crate) fn unicode_emoji(raw: &str) -> Result<String, Refusal> {
    let text = raw.trim();
    if is_unicode_emoji(text) {
        return Ok(text.to_owned());
    }
    refuse("is no emoji of Unicode", "Write one of Unicode; Discord shows no emoji of guilds in this place.")
}

/// One cell of a bar: what is seen as one character. It stands in code, which a backtick would end.
pub(crate) fn cell(raw: &str) -> Result<String, Refusal> {
    let text = raw.trim();
    let count = text.chars().count();
    let one = if text.is_ascii() { count == 1 } else { count <= MAX_EMOJI };
    if one && !text.contains(|c: char| c == '`' || c == '<' || c.is_whitespace() || c.is_control()) {
        return Ok(text.to_owned());
    }
    refuse("is no cell of a bar", "Write one character such as #, or an emoji of Unicode.")
}

/// A filter in the syntax of `tracing`; whether it is one says the log when it starts.
pub(crate) fn filter(raw: &str) -> Result<String, Refusal> {
    line(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_by_mistake_is_no_token() {
        assert_eq!(token(" Bot MTIz.abc.def\n").as_deref(), Ok("MTIz.abc.def"));
        for raw in ["a.b", "a..c", "a.b.c.d", "0123456789abcdef0123456789abcdef", "a b.c.d"] {
            assert!(token(raw).is_err(), "{raw}");
        }
        assert!(token(&format!("a.b.{}", "c".repeat(300))).is_err());
    }

    /// What can be one is tested where the rule is.
    #[test]
    fn a_prefix_that_cannot_be_one_is_refused_with_a_reason() {
        assert_eq!(prefix("bot!").as_deref(), Ok("bot!"));
        for (bad, why) in [
            ("", "has 0 characters; a prefix has 1 to 10"),
            ("12345678901", "has 11 characters"),
            ("/", "cannot begin with `/`"),
            ("!`", "cannot hold U+0060, a backtick"),
        ] {
            let (what, remedy) = prefix(bad).unwrap_err();
            assert!(what.starts_with(why) && remedy == EXAMPLES, "{bad}: {what}");
        }
    }

    #[test]
    fn emojis() {
        for good in ["✅", "⚠️", "<:ok:123456789012345678>", "<a:ok:123456789012345678>"] {
            assert_eq!(emoji(good).as_deref(), Ok(good));
        }
        for bad in ["", "ok", "é", ":white_check_mark:", "<:x:1>", "<@123456789012345678>"] {
            assert!(emoji(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn emoji_of_places_that_show_no_others() {
        for good in ["❤️", "🦀"] {
            assert_eq!(unicode_emoji(good).as_deref(), Ok(good));
        }
        for bad in ["", "x", "<:ok:123456789012345678>", "<ok❤️>"] {
            assert!(unicode_emoji(bad).is_err(), "{bad}");
        }
        for good in ["█", "#", "🟩", "-"] {
            assert_eq!(cell(good).as_deref(), Ok(good));
        }
        for bad in ["", "##", "`", "<:ok:123456789012345678>", "█ █", "\u{7}", "█████████████"]
        {
            assert!(cell(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn addresses() {
        assert_eq!(listen("127.0.0.1:9090").as_deref(), Ok("127.0.0.1:9090"));
        assert_eq!(listen("[::1]:0").as_deref(), Ok("[::1]:0"));
        assert!(listen("9090").is_err() && listen("localhost:9090").is_err());
        assert_eq!(url("http://127.0.0.1:4318").as_deref(), Ok("http://127.0.0.1:4318"));
        for bad in ["", "ftp://x", "http://", "http://a b", "https://me:secret@host/"] {
            assert!(url(bad).is_err(), "{bad}");
        }
    }
}
