//! Whether somebody may call a command where they are.

use twilight_model::guild::Permissions;

use crate::ctx::Invocation;
use crate::failure::Failure;
use crate::services::Services;

/// The checks before arguments are read, in this order: guild or direct messages, the invoker's
/// permissions, the bot's.
pub(crate) fn check(call: &Invocation, services: &Services, own: Option<Permissions>) -> Result<(), Failure> {
    let spec = &call.spec;
    let Some(guild) = call.guild else {
        // Permissions mean nothing in direct messages; a command that needs them needs a guild.
        let needs = spec.guild_only || !spec.user_permissions.is_empty() || !spec.bot_permissions.is_empty();
        return if needs { Err(Failure::GuildOnly) } else { Ok(()) };
    };
    if !spec.user_permissions.is_empty() {
        let who = &call.invoker;
        let has = who
            .permissions
            .or_else(|| services.directory.permissions(guild, call.channel, who.id, &who.roles))
            // Nobody is let in because too little is known.
            .unwrap_or_else(Permissions::empty);
        lacking(spec.user_permissions, has)
            .map_or(Ok(()), |lacking| Err(Failure::MissingPermission(lacking)))?;
    }
    if !spec.bot_permissions.is_empty() {
        // Discord refuses by itself what the bot may not do, so not knowing is no reason to refuse.
        let has = own.or_else(|| services.directory.own_permissions(guild, call.channel));
        let lacking = has.and_then(|has| lacking(spec.bot_permissions, has));
        lacking.map_or(Ok(()), |lacking| Err(Failure::BotMissingPermission(lacking)))?;
    }
    Ok(())
}

fn lacking(needed: Permissions, has: Permissions) -> Option<Permissions> {
    if has.contains(Permissions::ADMINISTRATOR) {
        return None;
    }
    Some(needed - has).filter(|lacking| !lacking.is_empty())
}
