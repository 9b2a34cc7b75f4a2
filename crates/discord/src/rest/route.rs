//! Which rate limit a request falls under, as far as its path tells.
//!
//! See Discord docs: Rate Limits. Limits are per route and per top-level resource: the channel,
//! guild or webhook (with its token) in the path. All other ids do not matter.

use twilight_http::request::Method;

/// The route of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Route {
    template: String,
    major: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Callback,
    Webhook,
    Other,
}

impl Route {
    pub(crate) fn of(method: Method, path: &str) -> Self {
        let path = path.split('?').next().unwrap_or_default().trim_matches('/');
        let parts: Vec<&str> = path.split('/').collect();
        let (kind, major_parts) = match parts.as_slice() {
            ["interactions", _, _, "callback", ..] => (Kind::Callback, 3),
            ["webhooks", _, token, ..] if !is_id(token) => (Kind::Webhook, 3),
            ["channels" | "guilds" | "webhooks", _, ..] => (Kind::Other, 2),
            _ => (Kind::Other, 0),
        };
        let mut template = method.name().to_owned();
        let mut reactions = false;
        for (index, part) in parts.iter().enumerate() {
            template.push('/');
            let variable =
                (1..major_parts).contains(&index) || is_id(part) || reactions || part.starts_with('@');
            template.push_str(if variable { "*" } else { part });
            // Everything behind it is an emoji or a user; all of it shares one limit.
            reactions |= *part == "reactions";
        }
        let major = parts.get(1..major_parts.max(1)).unwrap_or_default().join("/");
        Self { template, major, kind }
    }

    /// Method and path with all variable parts replaced; safe to log, holds no token.
    pub(crate) fn template(&self) -> &str {
        &self.template
    }

    /// The ids that split the limit; may hold a token, never log it.
    pub(crate) fn major(&self) -> &str {
        &self.major
    }

    /// The first answer to an interaction.
    pub(crate) fn is_interaction_callback(&self) -> bool {
        self.kind == Kind::Callback
    }

    /// An answer to an interaction, the first or a later one. Webhooks with a token count too:
    /// their path does not tell them apart, and neither is bound to the bot's global limit.
    pub(crate) fn is_interaction(&self) -> bool {
        matches!(self.kind, Kind::Callback | Kind::Webhook)
    }
}

fn is_id(part: &str) -> bool {
    part.len() >= 15 && part.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "111111111111111111";
    const B: &str = "222222222222222222";

    fn of(method: Method, path: &str) -> Route {
        Route::of(method, path)
    }

    #[test]
    fn only_the_top_level_resource_splits_a_limit() {
        let first = of(Method::Patch, &format!("channels/{A}/messages/{B}"));
        let second = of(Method::Patch, &format!("channels/{A}/messages/{A}"));
        assert_eq!(first, second);
        assert_eq!(first.template(), "PATCH/channels/*/messages/*");
        let other = of(Method::Patch, &format!("channels/{B}/messages/{B}"));
        assert_ne!(first, other);
        assert_eq!(first.template(), other.template());
    }

    #[test]
    fn the_query_and_the_emoji_do_not_matter() {
        let plain = of(Method::Get, &format!("guilds/{A}/members"));
        assert_eq!(plain, of(Method::Get, &format!("guilds/{A}/members?limit=5")));
        let heart = of(Method::Put, &format!("channels/{A}/messages/{B}/reactions/%E2/@me"));
        let named = of(Method::Put, &format!("channels/{A}/messages/{B}/reactions/a:{B}/@me"));
        assert_eq!(heart, named);
    }

    #[test]
    fn interaction_routes_are_told_apart() {
        let callback = of(Method::Post, &format!("interactions/{A}/tok/callback"));
        assert!(callback.is_interaction_callback() && callback.is_interaction());
        let original = of(Method::Patch, &format!("webhooks/{A}/tok/messages/@original"));
        assert!(original.is_interaction() && !original.is_interaction_callback());
        assert!(!of(Method::Patch, &format!("webhooks/{A}")).is_interaction());
        assert!(!of(Method::Get, "users/@me").is_interaction());
    }

    #[test]
    fn templates_hold_no_token() {
        for path in [
            format!("interactions/{A}/SECRET/callback"),
            format!("webhooks/{A}/SECRET"),
            format!("webhooks/{A}/SECRET/messages/{B}"),
        ] {
            let route = of(Method::Post, &path);
            assert!(!route.template().contains("SECRET"), "{}", route.template());
            assert!(route.major().contains("SECRET"));
        }
    }
}
