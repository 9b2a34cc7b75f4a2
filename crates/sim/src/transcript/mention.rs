//! Mentions, custom emoji and timestamps in a text, as people read them.
//! See Discord docs: Reference / Message Formatting.

use cogwright_sim_world::{ChannelId, Guild, RoleId, Timestamp, UserId, World};

/// The text with `<@id>`, `<@&id>`, `<#id>`, `<:name:id>` and `<t:seconds>` replaced. What names nothing that
/// exists stays as it was written.
pub(super) fn resolve(world: &World, guild: Option<&Guild>, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        // Ids, names and styles are short: a bracket far away belongs to something else.
        let end = rest.char_indices().take(80).find(|(_, c)| *c == '>').map(|(at, _)| at);
        match end.and_then(|end| Some((meaning(world, guild, &rest[1..end])?, end))) {
            Some((meaning, end)) => {
                out.push_str(&meaning);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('<');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

fn meaning(world: &World, guild: Option<&Guild>, inner: &str) -> Option<String> {
    if let Some(id) = inner.strip_prefix("@&") {
        let role = guild?.roles.get(&id.parse::<RoleId>().ok()?)?;
        return Some(format!("@{}", role.name));
    }
    if let Some(id) = inner.strip_prefix('@') {
        let id: UserId = id.trim_start_matches('!').parse().ok()?;
        world.user(id).ok()?;
        return Some(format!("@{}", name(world, guild, id)));
    }
    if let Some(id) = inner.strip_prefix('#') {
        return Some(format!("#{}", world.channel(id.parse::<ChannelId>().ok()?).ok()?.name));
    }
    if let Some(time) = inner.strip_prefix("t:") {
        let seconds: u64 = time.split(':').next()?.parse().ok()?;
        return Some(minute(Timestamp::from_ms(seconds.checked_mul(1000)?)));
    }
    let (emoji, id) = inner.trim_start_matches('a').strip_prefix(':')?.split_once(':')?;
    id.parse::<u64>().ok()?;
    Some(format!(":{emoji}:"))
}

/// `2026-10-14 17:48 UTC`.
fn minute(time: Timestamp) -> String {
    let iso = time.iso();
    format!("{} {} UTC", &iso[..10], &iso[11..16])
}

/// The name a user goes by in a guild, or anywhere.
pub(super) fn name(world: &World, guild: Option<&Guild>, user: UserId) -> String {
    let nick = guild.and_then(|g| g.members.get(&user)).and_then(|m| m.nick.clone());
    let own = || world.user(user).ok().map(|u| u.global_name.clone().unwrap_or_else(|| u.username.clone()));
    nick.or_else(own).unwrap_or_else(|| format!("user {user}"))
}
