//! Reads how often a command runs and how many of it at once: `"3 per 10s per user"`, `"1 per guild"`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Error, LitStr, Result};

/// Longest time of a cooldown: a month. More is a slip.
const MAX_MILLIS: u64 = 31 * 24 * 3_600_000;
/// Most uses or runs.
const MAX_COUNT: u32 = 10_000;

/// `cooldown = "3 per 10s per user in bucket"`; the bucket may be left out.
pub(crate) struct Cooldown {
    /// Uses and milliseconds; `None` is the default of the settings.
    pace: Option<(u32, u64)>,
    scope: &'static str,
    bucket: Option<String>,
}

impl Cooldown {
    pub(crate) fn read(literal: &LitStr) -> Result<Self> {
        let form = "write `3 per 10s per user` or `default per user`, and after it ` in NAME` to share it";
        let refuse = |what: String| Err(Error::new(literal.span(), format!("{what}; {form}")));
        let text = literal.value();
        let words: Vec<_> = text.split_whitespace().collect();
        let (words, bucket) = match &*words {
            [rest @ .., "in", bucket] => (rest, Some((*bucket).to_owned())),
            all => (all, None),
        };
        let (pace, scope) = match words {
            ["default", "per", scope] => (None, scope),
            [uses, "per", time, "per", scope] => {
                let Some(uses) = count(uses) else {
                    return refuse(format!("`{uses}` is no number from 1 to {MAX_COUNT}"));
                };
                let Some(millis) = millis(time) else {
                    return refuse(format!("`{time}` is no time such as `500ms`, `10s`, `5m`, `2h` or `1d`"));
                };
                (Some((uses, millis)), scope)
            }
            _ => return refuse("this is no cooldown".to_owned()),
        };
        match self::scope(scope) {
            Some(scope) => Ok(Self { pace, scope, bucket }),
            None => refuse(format!("`{scope}` is none of user, guild, channel and global")),
        }
    }

    pub(crate) fn emit(&self, root: &TokenStream) -> TokenStream {
        let scope = format_ident!("{}", self.scope);
        let bucket = self.bucket.iter();
        let made = match self.pace {
            Some((uses, millis)) => quote! {
                #root::Cooldown::new(#uses, ::core::time::Duration::from_millis(#millis), #root::Scope::#scope)
            },
            None => quote!(#root::Cooldown::standard(#root::Scope::#scope)),
        };
        quote!(.cooldown(#made #(.bucket(#bucket))*))
    }
}

/// `concurrency = "1 per user"`.
pub(crate) struct Concurrency {
    max: u32,
    scope: &'static str,
}

impl Concurrency {
    pub(crate) fn read(literal: &LitStr) -> Result<Self> {
        let text = literal.value();
        let words: Vec<_> = text.split_whitespace().collect();
        let found = match &*words {
            [max, "per", scope] => count(max).zip(self::scope(scope)),
            _ => None,
        };
        found.map(|(max, scope)| Self { max, scope }).ok_or_else(|| {
            let form = format!(
                "write `1 per user`: a number from 1 to {MAX_COUNT} and one of user, guild, channel and global"
            );
            Error::new(literal.span(), form)
        })
    }

    pub(crate) fn emit(&self, root: &TokenStream) -> TokenStream {
        let (max, scope) = (self.max, format_ident!("{}", self.scope));
        quote!(.concurrency(#root::Concurrency::new(#max, #root::Scope::#scope)))
    }
}

fn count(word: &str) -> Option<u32> {
    word.parse().ok().filter(|count| (1..=MAX_COUNT).contains(count))
}

fn millis(word: &str) -> Option<u64> {
    let end = word.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = word.split_at(end);
    let factor = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 24 * 3_600_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor).filter(|millis| (1..=MAX_MILLIS).contains(millis))
}

fn scope(word: &str) -> Option<&'static str> {
    Some(match word {
        "user" => "User",
        "guild" => "Guild",
        "channel" => "Channel",
        "global" => "Global",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    fn cooldown(text: &str) -> std::result::Result<String, String> {
        let read = Cooldown::read(&LitStr::new(text, Span::call_site()));
        read.map(|read| read.emit(&quote!(r)).to_string().replace(' ', "")).map_err(|error| error.to_string())
    }

    fn concurrency(text: &str) -> std::result::Result<String, String> {
        let read = Concurrency::read(&LitStr::new(text, Span::call_site()));
        read.map(|read| read.emit(&quote!(r)).to_string().replace(' ', "")).map_err(|error| error.to_string())
    }

    #[test]
    fn cooldowns_are_read() {
        let timed = |uses, millis, scope| {
            format!(
                ".cooldown(r::Cooldown::new({uses}u32,::core::time::Duration::from_millis({millis}u64),r::Scope::{scope}))"
            )
        };
        assert_eq!(cooldown("3 per 10s per user").unwrap(), timed(3, 10_000, "User"));
        assert_eq!(cooldown(" 1  per 500ms per global ").unwrap(), timed(1, 500, "Global"));
        assert_eq!(cooldown("1 per 2h per guild").unwrap(), timed(1, 7_200_000, "Guild"));
        let shared = cooldown("default per channel in music").unwrap();
        assert_eq!(shared, ".cooldown(r::Cooldown::standard(r::Scope::Channel).bucket(\"music\"))");
    }

    #[test]
    fn slips_are_named() {
        for (text, part) in [
            ("", "no cooldown"),
            ("3 in 10s", "no cooldown"),
            ("0 per 10s per user", "`0` is no number"),
            ("3 per 10 per user", "`10` is no time"),
            ("3 per 0s per user", "`0s` is no time"),
            ("3 per 99999999999999999999d per user", "is no time"),
            ("3 per 40d per user", "`40d` is no time"),
            ("3 per 10s per member", "`member` is none of user"),
            ("default per", "no cooldown"),
        ] {
            let error = cooldown(text).unwrap_err();
            assert!(error.contains(part) && error.contains("3 per 10s per user"), "{text}: {error}");
        }
        assert_eq!(
            concurrency("2 per guild").unwrap(),
            ".concurrency(r::Concurrency::new(2u32,r::Scope::Guild))"
        );
        for text in ["", "0 per user", "1 per 10s", "1 per member", "one per user"] {
            assert!(concurrency(text).unwrap_err().contains("1 per user"), "{text}");
        }
    }
}
