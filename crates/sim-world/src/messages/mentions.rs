//! Who a text pings: what it names, narrowed by the allowed mentions and the author's permissions. Nothing is
//! pinged that the text does not name. See Discord docs: Message / Allowed Mentions Object; Reference /
//! Message Formatting.

use std::str::FromStr;

use serde_json::Value;

use super::AllowedMentions;
use crate::{ChannelId, RoleId, Timestamp, UserId, World, permissions};

/// Users or roles listed in one message; a text of 2000 characters hardly holds more.
const MAX_LISTED: usize = 100;

/// Who is pinged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    pub(super) everyone: bool,
    pub(super) users: Vec<UserId>,
    pub(super) roles: Vec<RoleId>,
}

/// What is needed to know beside the text.
pub(super) struct Context<'a> {
    pub(super) world: &'a World,
    pub(super) channel: ChannelId,
    /// Whose permissions count; webhooks have none and may ping whatever their allowed mentions name.
    pub(super) author: Option<UserId>,
    /// The author of the message replied to.
    pub(super) replied: Option<UserId>,
    pub(super) now: Timestamp,
}

/// Resolves the mentions of a message's text and of its text displays.
pub(super) fn resolve(
    context: &Context<'_>,
    content: &str,
    components: &[Value],
    allowed: &AllowedMentions,
) -> Mentions {
    let mut text = without_code(content);
    for part in displayed(components) {
        text.push('\n');
        text.push_str(&without_code(part));
    }
    let world = context.world;
    let guild = world.channels.get(&context.channel).and_then(|c| world.guilds.get(&c.guild?));
    let bits = context.author.map_or(permissions::MENTION_EVERYONE, |author| {
        world.channel_permissions(context.channel, author, context.now).unwrap_or(0)
    });
    let may_mention_all = bits & permissions::MENTION_EVERYONE != 0;
    let names_everyone = text.contains("@everyone") || text.contains("@here");
    let mut out = Mentions {
        everyone: names_everyone && guild.is_some() && may_mention_all && allowed.everyone,
        ..Mentions::default()
    };
    for mention in scan(&text) {
        match mention {
            Mention::User(id) => {
                let listed = world.users.contains_key(&id) && allowed.users.contains(&id);
                push(&mut out.users, id, listed);
            }
            Mention::Role(id) => {
                let role = guild.and_then(|g| g.roles.get(&id));
                let pingable = role.is_some_and(|r| r.mentionable || may_mention_all);
                push(&mut out.roles, id, pingable && allowed.roles.contains(&id));
            }
        }
    }
    if let Some(replied) = context.replied {
        push(&mut out.users, replied, allowed.replied_user && context.author != Some(replied));
    }
    out
}

fn push<T: PartialEq>(list: &mut Vec<T>, id: T, wanted: bool) {
    if wanted && list.len() < MAX_LISTED && !list.contains(&id) {
        list.push(id);
    }
}

enum Mention {
    User(UserId),
    Role(RoleId),
}

/// `<@1>`, `<@!1>` and `<@&1>` in the order of the text.
fn scan(text: &str) -> impl Iterator<Item = Mention> {
    text.split("<@").skip(1).filter_map(|rest| {
        let inner = rest.split_once('>')?.0;
        match inner.strip_prefix('&') {
            Some(id) => RoleId::from_str(id).ok().map(Mention::Role),
            None => UserId::from_str(inner.strip_prefix('!').unwrap_or(inner)).ok().map(Mention::User),
        }
    })
}

/// The text without code blocks and code spans: what stands in code is shown as it is and pings nobody.
fn without_code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        out.push_str(&rest[..start]);
        let ticks = rest[start..].bytes().take_while(|b| *b == b'`').count();
        let fence = &rest[start..start + ticks];
        let body = &rest[start + ticks..];
        match body.find(fence) {
            Some(end) => rest = &body[end + ticks..],
            // Without its end it is no code.
            None => {
                out.push_str(fence);
                rest = body;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The texts of all text displays.
fn displayed(components: &[Value]) -> Vec<&str> {
    let mut out = Vec::new();
    for component in components {
        if component["type"] == 10 {
            out.extend(component["content"].as_str());
        }
        if let Some(children) = component["components"].as_array() {
            out.extend(displayed(children));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_cut_out() {
        assert_eq!(without_code("a `<@1>` b"), "a  b");
        assert_eq!(without_code("a ```\n@everyone``` b ` c"), "a  b ` c");
        assert_eq!(without_code("``a`b`` c"), " c");
        assert_eq!(without_code("```"), "```");
    }
}
