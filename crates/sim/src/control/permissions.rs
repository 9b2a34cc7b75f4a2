//! `/permissions`, and why somebody has one or has not. The maths is the world's own: see
//! [`cogwright_sim_world::permissions`].

use axum::http::Method;
use cogwright_sim_world::{
    Guild, GuildId, UserId, World,
    permissions::{self, Cause, Explanation},
    places,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    endpoint::{Answer, Call, Endpoint},
    error::ControlError,
};

/// Body of an overwrite.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Overwrite {
    /// Whom it is about: "role" or "member".
    r#type: TargetKind,
    /// Bits allowed, as a decimal string.
    #[serde(default)]
    allow: Option<String>,
    /// Bits denied, as a decimal string.
    #[serde(default)]
    deny: Option<String>,
}

/// What an overwrite is about.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum TargetKind {
    /// A role, @everyone among them.
    Role,
    /// A member.
    Member,
}

/// An overwrite as Discord's route takes it.
pub(super) fn overwrite_body(kind: TargetKind, allow: Option<&str>, deny: Option<&str>) -> Value {
    json!({ "type": kind as u8, "allow": allow, "deny": deny })
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/permissions",
            "Every permission: {name, bit, scope}; scope is \"guild\" where it means nothing in a channel",
            names,
        ),
        Endpoint::get(
            "/world/channels/{channel}/permissions/{user}",
            "What somebody may do in a channel, and why: {bits, ruled_by, visible, permissions: [{name, bit, granted, \
             decided_by, steps}]}",
            in_channel,
        ),
        Endpoint::get(
            "/world/guilds/{guild}/permissions/{user}",
            "What somebody may do in a guild as a whole, and why; as above",
            in_guild,
        ),
        Endpoint::with_body(
            Method::PUT,
            "/world/channels/{channel}/overwrites/{target}",
            "Sets the overwrite of a role or member",
            |call: Call<Overwrite>| std::future::ready(set(call)),
        ),
        Endpoint::delete("/world/channels/{channel}/overwrites/{target}", "Removes an overwrite", |call| {
            let (channel, target) = (call.id("channel")?, call.id::<UserId>("target")?.get());
            call.sim.apply(places::DeleteOverwrite { actor: None, channel, target })?;
            Ok(json!({}))
        }),
    ]
}

fn set(call: Call<Overwrite>) -> Answer {
    let (channel, target) = (call.id("channel")?, call.id::<UserId>("target")?.get());
    let Overwrite { r#type, allow, deny } = call.body;
    let body = overwrite_body(r#type, allow.as_deref(), deny.as_deref());
    call.sim.apply(places::SetOverwrite { actor: None, channel, target, body })?;
    Ok(json!({}))
}

fn names(_: Call<Value>) -> Answer {
    let row = |(name, bit): &(&str, u64)| {
        let scope = if bit & permissions::GUILD_ONLY == 0 { "channel" } else { "guild" };
        json!({ "name": name, "bit": bit.to_string(), "scope": scope })
    };
    Ok(permissions::NAMES.iter().map(row).collect())
}

fn known(world: &World, user: UserId) -> Result<(), ControlError> {
    world.user(user).map(drop).map_err(|_| ControlError::NotFound(format!("There is no user {user}.")))
}

fn in_channel(call: Call<Value>) -> Answer {
    let (channel, user) = (call.id("channel")?, call.id("user")?);
    call.sim.read(|world, now| {
        known(world, user)?;
        let guild = world.channel(channel)?.guild.map(|guild| world.guild(guild)).transpose()?;
        Ok(told(guild, user, &world.explain_in_channel(channel, user, now)?))
    })
}

fn in_guild(call: Call<Value>) -> Answer {
    let (guild, user) = (call.id::<GuildId>("guild")?, call.id("user")?);
    call.sim.read(|world, now| {
        known(world, user)?;
        let why = world.explain_in_guild(guild, user, now)?;
        Ok(told(Some(world.guild(guild)?), user, &why))
    })
}

fn told(guild: Option<&Guild>, user: UserId, why: &Explanation) -> Value {
    let permission = |bit: u64| {
        let verdict = why.of(bit);
        let step = |(cause, gives): &(Cause, bool)| step(guild, *cause, *gives);
        let decided_by = match verdict.decided_by {
            Some(cause) => step(&(cause, verdict.granted)),
            None => json!({ "by": "nothing", "gives": false, "text": "Nothing grants it." }),
        };
        json!({
            "name": permissions::name_of(bit),
            "bit": bit.to_string(),
            "granted": verdict.granted,
            "decided_by": decided_by,
            "steps": verdict.trail.iter().map(step).collect::<Vec<_>>(),
        })
    };
    json!({
        "user": user,
        "guild": guild.map(|g| g.id),
        "ruled_by": why.ruled_by,
        "bits": why.bits.to_string(),
        "visible": why.bits & permissions::VIEW_CHANNEL != 0,
        "permissions": why.bits_of_interest().map(permission).collect::<Vec<_>>(),
    })
}

/// A step as data and in words.
fn step(guild: Option<&Guild>, cause: Cause, gives: bool) -> Value {
    let named = |role| guild.and_then(|g| g.roles.get(&role)).map_or_else(String::new, |r| r.name.clone());
    let channel = if gives { "The channel allows it" } else { "The channel denies it" };
    let (by, text) = match cause {
        Cause::NotThere if guild.is_some() => ("not_there", "Not a member of this guild.".to_owned()),
        Cause::NotThere => ("not_there", "Not one of the two in this conversation.".into()),
        Cause::DirectMessage => ("direct_message", "Both people in a direct message have it.".into()),
        Cause::Owner => ("owner", "The owner of the guild has every permission.".into()),
        Cause::Everyone => ("everyone", "@everyone grants it.".into()),
        Cause::Role(role) => ("role", format!("The role {} grants it.", named(role))),
        Cause::Administrator if gives => {
            ("administrator", "An administrator has every permission, whatever the channel says.".into())
        }
        Cause::Administrator => ("administrator", "Not one of the permissions of an administrator.".into()),
        Cause::EveryoneOverwrite => ("everyone_overwrite", format!("{channel} for @everyone.")),
        Cause::RoleOverwrite(role) => ("role_overwrite", format!("{channel} for the role {}.", named(role))),
        Cause::MemberOverwrite => ("member_overwrite", format!("{channel} for this member.")),
        Cause::NoViewChannel => ("no_view_channel", "Without View Channel nothing else counts here.".into()),
        Cause::NoSending => (
            "no_sending",
            "Whoever may not send messages here has neither mentions, files, embeds nor TTS.".into(),
        ),
        Cause::NoConnect => ("no_connect", "Whoever may not connect here may not manage it either.".into()),
        Cause::NotInThread => {
            ("not_in_thread", "Not in this private thread, and without Manage Threads.".into())
        }
        Cause::Quarantined => (
            "quarantined",
            "In quarantine: auto moderation does not let a name of theirs interact. Only reading and a new nickname are left.".into(),
        ),
        Cause::TimedOut(until) => {
            ("timed_out", format!("Timed out until {}: only reading is left.", until.iso()))
        }
    };
    let mut value = json!({ "by": by, "gives": gives, "text": text });
    if let Cause::Role(role) | Cause::RoleOverwrite(role) = cause {
        value["role"] = json!(role);
    }
    value
}
