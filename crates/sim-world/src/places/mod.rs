//! Places and the people in them: guilds, channels, threads, roles, members, users, applications and DMs.
//!
//! Reads are functions that answer the JSON of their REST route; changes are actions. What the operator does
//! to build a world, without permission checks, is in [`operator`].

pub mod moderation;
pub mod operator;

mod audit;
mod boosts;
mod change;
mod channel;
mod channel_form;
mod channel_positions;
mod expressions;
mod forum_form;
mod guild_settings;
mod idle_threads;
pub(crate) mod image;
mod install;
mod integration;
mod join_by_token;
mod me;
mod member;
mod overwrite;
mod people;
mod read;
mod role;
mod sight;
mod thread;
mod thread_lists;
mod thread_members;
mod thread_patch;

pub(crate) use change::{join, member_updated};
pub(crate) use idle_threads::archive_idle;
pub(crate) use member::time_out;
pub(crate) use sight::Sight;
pub(crate) use thread::post_by_webhook;
pub(crate) use thread_patch::read_applied_tags;

pub use channel::{CreateChannel, DeleteChannel, PatchChannel};
pub use channel_positions::MoveChannels;
pub(crate) use expressions::standard_sticker;
pub use expressions::{
    CreateApplicationEmoji, CreateEmoji, CreateSound, CreateSticker, DEFAULT_SOUNDS, DeleteApplicationEmoji,
    DeleteEmoji, DeleteSound, DeleteSticker, PatchApplicationEmoji, PatchEmoji, PatchSound, PatchSticker,
    application_emoji, application_emojis, default_sounds, guild_emoji, guild_emojis, guild_sound,
    guild_sounds, guild_sticker, guild_stickers, is_standard_sticker, sticker, sticker_pack, sticker_packs,
};
pub use guild_settings::{
    CreateTemplate, DeleteTemplate, PatchGuild, PatchTemplate, PatchWelcomeScreen, PatchWidget,
    PutOnboarding, SetIncidentActions, SyncTemplate, WidgetStyle, guild_preview, guild_templates,
    new_member_welcome, onboarding, template, welcome_screen, widget, widget_picture, widget_settings,
};
pub use image::media_type;
pub use install::{AuthorizeApplication, RemoveApplication};
pub use integration::guild_integrations;
pub use join_by_token::JoinByToken;
pub use me::{LeaveGuild, PatchApplication, PatchMe, PatchMyMember};
pub use member::{Kick, PatchMember, SetMemberRole};
pub use overwrite::{DeleteOverwrite, SetOverwrite};
pub use people::{JoinGuild, OpenDm, SetPresence, dms};
pub use read::{
    active_threads, application, channel, guild, guild_channels, guild_member, guild_members, guild_role,
    guild_roles, me, my_guilds, role_member_counts, search_members, thread_member, thread_members, user,
};
pub use role::{CreateRole, DeleteRole, MoveRoles, PatchRole};
pub use thread::{CreateThread, CreateThreadFromMessage};
pub use thread_lists::{Archived, ArchivedPage, ThreadSearch, ThreadSort, archived_threads, search_threads};
pub use thread_members::{AddThreadMember, RemoveThreadMember};
pub(crate) use thread_members::{add as add_to_thread, remind as remind_members};
