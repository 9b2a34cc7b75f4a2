//! Rules for members' names. A nickname that triggers one is refused; other names are not a guild's to refuse, so their
//! bearer is quarantined there until the names are others, the rule is off, or they are exempt. See Discord docs:
//! Auto Moderation / Event Types (MEMBER_UPDATE), Guild / Guild Member Flags.
//!
//! The documents are silent on most of it. That nicknames are refused (50035), when Discord looks at names and what it
//! calls that in an alert is what bots and alerts of real guilds show.

use super::{
    execute::{Hit, Verdict, is_exempt},
    matching::Text,
};
use crate::{
    ApiError, AutoModerationRule, ChannelId, Guild, GuildId, RuleAction, Trigger, Tx, UserId, World,
    member_flags, places,
};

/// When somebody's names are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// They come in.
    Join,
    /// They have another name, wherever they are.
    Rename,
    /// They are about to write there.
    Message(ChannelId),
}

impl Occasion {
    /// As alerts have it.
    fn name(self) -> &'static str {
        match self {
            Self::Join => "guild_join",
            Self::Rename => "username_update",
            Self::Message(_) => "message_send",
        }
    }
}

/// A name of somebody's, and what alerts call it.
type Name<'n> = (&'static str, &'n str);

/// A name that triggers a rule.
struct Caught<'w> {
    rule: &'w AutoModerationRule,
    hit: Hit,
    which: &'static str,
    name: String,
}

fn quarantines(rule: &AutoModerationRule) -> bool {
    rule.actions.contains(&RuleAction::BlockInteraction)
}

/// The first of these names that triggers the guild's rule, of which there is one at most.
fn judge<'w>(world: &World, guild: &'w Guild, user: UserId, names: &[Name<'_>]) -> Option<Caught<'w>> {
    let mut rules = guild.auto_moderation.values().filter(|rule| rule.enabled);
    let (rule, filter) = rules.find_map(|rule| match &rule.trigger {
        Trigger::Profile(filter) => Some((rule, filter)),
        _ => None,
    })?;
    let roles = guild.members.get(&user).map_or(&[][..], |m| &m.roles);
    if is_exempt(world, guild, user) || rule.exempt_roles.iter().any(|role| roles.contains(role)) {
        return None;
    }
    names.iter().find_map(|(which, name)| {
        let found = Text::new(name).find(filter.keywords.iter().map(String::as_str), filter)?;
        let hit = Hit { rule: rule.clone(), found: Some(found) };
        Some(Caught { rule, hit, which, name: (*name).to_owned() })
    })
}

/// All names that a member is seen under in the guild.
fn names(world: &World, guild: &Guild, user: UserId) -> Vec<(&'static str, String)> {
    let nick = guild.members.get(&user).and_then(|m| m.nick.clone());
    let user = world.users.get(&user);
    let display = user.and_then(|u| u.global_name.clone());
    let names =
        [("nickname", nick), ("display_name", display), ("username", user.map(|u| u.username.clone()))];
    names.into_iter().filter_map(|(which, name)| Some((which, name?))).collect()
}

fn judge_member<'w>(world: &World, guild: &'w Guild, user: UserId) -> Option<Caught<'w>> {
    let names = names(world, guild, user);
    let names: Vec<Name<'_>> = names.iter().map(|(which, name)| (*which, name.as_str())).collect();
    judge(world, guild, user, &names)
}

fn is_quarantined(world: &World, guild: GuildId, user: UserId) -> bool {
    world.member(guild, user).is_ok_and(|m| m.flags & member_flags::AUTOMOD_QUARANTINED_USERNAME != 0)
}

fn mark(tx: &mut Tx<'_>, guild: GuildId, user: UserId, quarantined: bool) {
    let member = tx.world.guilds.get_mut(&guild).and_then(|g| g.members.get_mut(&user));
    if let Some(member) = member {
        member.flags &= !member_flags::AUTOMOD_QUARANTINED_USERNAME;
        if quarantined {
            member.flags |= member_flags::AUTOMOD_QUARANTINED_USERNAME;
        }
    }
}

/// Looks at the names of a member who is not quarantined yet, and marks whom a rule quarantines. The caller tells
/// everybody of the member and then executes the verdict.
pub(crate) fn look(tx: &mut Tx<'_>, guild: GuildId, user: UserId, occasion: Occasion) -> Option<Verdict> {
    if is_quarantined(tx.world, guild, user) {
        return None;
    }
    let Caught { rule, hit, which, name } = judge_member(tx.world, tx.world.guilds.get(&guild)?, user)?;
    let mut fields = Vec::new();
    let quarantined = quarantines(rule);
    if quarantined {
        fields.push(("quarantine_user", which.to_owned()));
    }
    fields.push(("quarantine_event", occasion.name().to_owned()));
    if quarantined {
        fields.push(("quarantine_user_action", "quarantine_user".to_owned()));
        mark(tx, guild, user, true);
    }
    let channel = match occasion {
        Occasion::Message(channel) => Some(channel),
        Occasion::Join | Occasion::Rename => None,
    };
    Some(Verdict { guild, channel, user, content: name, hits: vec![hit], fields })
}

/// Takes a member out of quarantine whom no rule puts there any more. The caller tells everybody of the member.
pub(crate) fn reconsider(tx: &mut Tx<'_>, guild: GuildId, user: UserId) {
    let Some(found) = tx.world.guilds.get(&guild).filter(|_| is_quarantined(tx.world, guild, user)) else {
        return;
    };
    if !judge_member(tx.world, found, user).is_some_and(|caught| quarantines(caught.rule)) {
        mark(tx, guild, user, false);
    }
}

/// After a change of the rules: whom none puts into quarantine any more is let out.
pub(super) fn release(tx: &mut Tx<'_>, guild: GuildId) {
    let Some(found) = tx.world.guilds.get(&guild) else { return };
    let free = |user: &UserId| {
        is_quarantined(tx.world, guild, *user)
            && !judge_member(tx.world, found, *user).is_some_and(|caught| quarantines(caught.rule))
    };
    let released: Vec<UserId> = found.members.keys().copied().filter(free).collect();
    for user in released {
        places::member_updated(tx, guild, user);
    }
}

/// Somebody who is about to write and whose names have not been looked at since the rule is there.
///
/// # Errors
/// 50013 for whom it quarantines; that stands.
pub(super) fn catch(tx: &mut Tx<'_>, channel: ChannelId, user: UserId) -> Result<(), ApiError> {
    let Some(guild) = tx.world.channels.get(&channel).and_then(|c| c.guild) else { return Ok(()) };
    let Some(verdict) = look(tx, guild, user, Occasion::Message(channel)) else { return Ok(()) };
    if !is_quarantined(tx.world, guild, user) {
        // Reporting it with every message would help nobody.
        return Ok(());
    }
    places::member_updated(tx, guild, user);
    verdict.execute(tx, None);
    tx.let_stand();
    Err(ApiError::missing_permissions())
}

/// Looks at the nickname that a member is to get, from whomever. What is only reported is to be set and the verdict
/// executed; the caller has made all other checks.
///
/// # Errors
/// 50035 at `nick` where a rule would quarantine for it; the alert of it stands.
pub(crate) fn check_nickname(
    tx: &mut Tx<'_>,
    guild: GuildId,
    user: UserId,
    nick: Option<&str>,
) -> Result<Option<Verdict>, ApiError> {
    let (Some(nick), Some(found)) = (nick, tx.world.guilds.get(&guild)) else { return Ok(None) };
    let Some(caught) = judge(tx.world, found, user, &[("nickname", nick)]) else { return Ok(None) };
    let refused = quarantines(caught.rule);
    let mut hit = caught.hit;
    hit.rule.actions.retain(|action| *action != RuleAction::BlockInteraction);
    let fields = [
        ("quarantine_user", caught.which),
        ("block_profile_update_type", "nickname_update"),
        ("quarantine_user_action", "block_profile_update"),
    ];
    let fields =
        fields.into_iter().filter(|_| refused).map(|(name, value)| (name, value.to_owned())).collect();
    let verdict = Verdict { guild, channel: None, user, content: caught.name, hits: vec![hit], fields };
    if !refused {
        return Ok(Some(verdict));
    }
    verdict.execute(tx, None);
    tx.let_stand();
    // Discord's own code is known for the guild tag alone (AUTO_MODERATION_USER_PROFILES_INVALID_GUILD_TAG).
    let code = "AUTO_MODERATION_USER_PROFILES_INVALID_NICKNAME";
    Err(ApiError::form("nick", code, "Display name contains community flagged words"))
}
