//! Where people are sent back to: which addresses can be registered, and how an answer is put into one.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Addresses that an application may register.
pub const MAX_REDIRECT_URIS: usize = 10;
/// Characters of one.
pub const MAX_REDIRECT_URI: usize = 2_000;

/// Everything but unreserved characters is escaped.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Schemes that a browser runs, shows or reads instead of going anywhere with them.
const NEVER: [&str; 9] =
    ["javascript", "data", "vbscript", "file", "blob", "filesystem", "about", "view-source", "ws"];

/// Whether an address can be registered, or why not: absolute, printable ASCII, without a fragment or a user's
/// name, of a scheme that leads somewhere. An application's own scheme (`myapp://back`) is good together with PKCE.
///
/// # Errors
/// What is wrong, for people.
pub fn registrable(uri: &str) -> Result<(), &'static str> {
    if uri.len() > MAX_REDIRECT_URI {
        return Err("It is longer than 2,000 characters.");
    }
    if !uri.bytes().all(|b| b.is_ascii_graphic()) || uri.contains(['\\', '"', '<', '>', '`']) {
        return Err("It has a character that must be escaped in an address.");
    }
    if uri.contains('#') {
        return Err("It has a fragment (#).");
    }
    let Some((scheme, rest)) = uri.split_once(':') else {
        return Err("It has no scheme, such as https://.");
    };
    let mut letters = scheme.bytes();
    let named = letters.next().is_some_and(|b| b.is_ascii_alphabetic())
        && letters.all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    if !named || NEVER.iter().any(|never| scheme.eq_ignore_ascii_case(never)) {
        return Err("Its scheme leads nowhere.");
    }
    if is_web(uri) {
        let host = rest.strip_prefix("//").unwrap_or_default().split(['/', '?']).next().unwrap_or_default();
        if host.is_empty() || host.starts_with(':') {
            return Err("It has no host.");
        }
        if host.contains('@') {
            return Err("It has a user's name in front of the host.");
        }
    }
    Ok(())
}

/// Whether an address is of the web rather than of an application's own scheme.
pub(super) fn is_web(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
    })
}

/// An address with an answer: in its query, or for the implicit grant in its fragment.
pub(super) fn with_answer(uri: &str, pairs: &[(&str, &str)], in_fragment: bool) -> String {
    let mut location = uri.to_owned();
    let mut separator = match (in_fragment, uri.contains('?')) {
        (true, _) => '#',
        (false, true) => '&',
        (false, false) => '?',
    };
    for (key, value) in pairs {
        location.push(separator);
        location.push_str(key);
        location.push('=');
        location.extend(utf8_percent_encode(value, ESCAPED));
        separator = '&';
    }
    location
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_lead_somewhere_can_be_registered() {
        for good in [
            "http://127.0.0.1:3000/back",
            "https://example.org",
            "https://example.org/a?b=c",
            "myapp://back",
            "com.example.app:/back",
            "HTTPS://EXAMPLE.ORG",
        ] {
            assert_eq!(registrable(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "/back",
            "example.org/back",
            "//example.org",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            " https://example.org",
            "https://example.org/\nx",
            "https://example.org/#x",
            "https://user@example.org",
            "https://example.org@evil.example",
            "https:///back",
            "https:example.org",
            "http://:80/",
            "https://exämple.org",
            "https://example.org\\@evil.example",
            "1a://x",
            "://x",
        ] {
            assert!(registrable(bad).is_err(), "{bad}");
        }
        assert!(registrable(&format!("https://x/{}", "a".repeat(2_000))).is_err());
    }

    #[test]
    fn answers_are_escaped_and_find_their_place() {
        let pairs = [("code", "a b"), ("state", "x&y=#ö")];
        assert_eq!(
            with_answer("https://a/b", &pairs, false),
            "https://a/b?code=a%20b&state=x%26y%3D%23%C3%B6"
        );
        assert_eq!(with_answer("https://a/b?c=d", &pairs[..1], false), "https://a/b?c=d&code=a%20b");
        assert_eq!(with_answer("https://a/b?c=d", &pairs[..1], true), "https://a/b?c=d#code=a%20b");
        assert_eq!(with_answer("https://a/b", &[], false), "https://a/b");
    }
}
