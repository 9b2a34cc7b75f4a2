//! The world by its public actions. One test binary.

mod audit_log;
mod auto_moderation;
mod case_17_permissions;
mod case_42_command_permissions;
mod channels;
mod community;
mod explain;
mod expressions;
mod guild_settings;
mod helpers;
mod idle_threads;
mod invites;
mod moderation;
mod oauth2;
mod places;
mod polls;
mod roles;
mod stage;
mod thread_changes;
mod thread_lists;
mod thread_members;
mod threads;
mod visibility;
mod voice;
mod webhook_messages;
mod webhooks;
