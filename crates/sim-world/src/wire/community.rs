//! Welcome screens, onboarding and templates. See Discord docs: Guild, Guild Template.

use serde_json::{Value, json};

use super::user_by_id;
use crate::{Guild, GuildTemplate, Onboarding, Prompt, PromptOption, WelcomeScreen, World};

/// A welcome screen.
pub fn welcome_screen(screen: &WelcomeScreen) -> Value {
    let channels = screen.channels.iter().map(|c| {
        json!({
            "channel_id": c.channel,
            "description": c.description,
            "emoji_id": c.emoji_id,
            "emoji_name": c.emoji_name,
        })
    });
    json!({ "description": screen.description, "welcome_channels": channels.collect::<Vec<_>>() })
}

/// A guild's onboarding; one that was never set asks nothing.
pub fn onboarding(guild: &Guild) -> Value {
    let unset = Onboarding::default();
    let onboarding = guild.community.onboarding.as_ref().unwrap_or(&unset);
    json!({
        "guild_id": guild.id,
        "prompts": onboarding.prompts.iter().map(prompt).collect::<Vec<_>>(),
        "default_channel_ids": onboarding.default_channels,
        "enabled": onboarding.enabled,
        "mode": onboarding.mode,
    })
}

/// A question of an onboarding.
pub fn prompt(prompt: &Prompt) -> Value {
    json!({
        "id": prompt.id.to_string(),
        "title": prompt.title,
        "options": prompt.options.iter().map(option).collect::<Vec<_>>(),
        "single_select": prompt.single_select,
        "required": prompt.required,
        "in_onboarding": prompt.in_onboarding,
        "type": prompt.kind,
    })
}

fn option(option: &PromptOption) -> Value {
    json!({
        "id": option.id.to_string(),
        "title": option.title,
        "description": option.description,
        "emoji": { "id": option.emoji_id, "name": option.emoji_name, "animated": option.emoji_animated },
        "role_ids": option.roles,
        "channel_ids": option.channels,
    })
}

/// A guild's template; `dirty`: the guild is no longer as the template has it.
pub fn guild_template(world: &World, guild: &Guild, template: &GuildTemplate, dirty: bool) -> Value {
    json!({
        "code": template.code,
        "name": template.name,
        "description": template.description,
        // Templates are used by clients only, which the local Discord has none of.
        "usage_count": 0,
        "creator_id": template.creator,
        "creator": user_by_id(world, template.creator),
        "created_at": template.created.iso(),
        "updated_at": template.updated.iso(),
        "source_guild_id": guild.id,
        "serialized_source_guild": template.snapshot,
        "is_dirty": dirty.then_some(true),
    })
}
