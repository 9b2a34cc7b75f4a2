//! The world's data: plain structs, no behaviour beyond small questions about themselves.

mod application;
mod audit;
mod auto_moderation;
mod ban;
mod channel;
mod command_permissions;
mod community;
mod expression;
mod forum;
mod guild;
mod guild_settings;
mod interaction;
mod invite;
mod message;
mod monetization;
mod oauth2;
mod poll;
mod recurrence;
mod scheduled_event;
mod user;
mod voice;
mod webhook;

pub use application::{Application, Command, CommandKind};
pub use audit::{Audit, AuditAction, AuditEntry, AuditLog};
pub use auto_moderation::{AutoModerationRule, Filter, Pattern, RuleAction, Trigger};
pub use ban::Ban;
pub use channel::{Channel, ChannelKind, Overwrite, OverwriteKind, ThreadMeta};
pub use command_permissions::{CommandPermission, CommandPermissions, CommandSubject};
pub use community::{
    Community, GuildTemplate, Onboarding, Prompt, PromptOption, WelcomeChannel, WelcomeScreen,
};
pub use expression::{Emoji, Sound, Sticker, StickerFormat, StickerItem};
pub use forum::{ForumSettings, ForumTag, channel_flags};
pub use guild::{Guild, Member, Role, member_flags};
pub use guild_settings::GuildSettings;
pub use interaction::{Interaction, InteractionKind, InteractionState};
pub use invite::{Invite, InviteTargets};
pub use message::{Attachment, Author, InteractionMeta, Message, Reaction, Snapshot, Upload, flags};
pub use monetization::{Entitlement, Sku, SkuKind};
pub use oauth2::{AccessToken, Agreement, AuthorizationCode, OAuth2, OAuth2Client, RoleConnection};
pub use poll::Poll;
pub use recurrence::{Frequency, RecurrenceRule, RecursOn};
pub use scheduled_event::{EventException, EventPlace, EventStatus, ScheduledEvent};
pub use user::{Status, User};
pub use voice::{GuildVoice, StageInstance, VoiceCall, VoiceState};
pub use webhook::{Webhook, WebhookKind};

/// What a saved world leaves out: most fields of most channels and members are at their default, and 10,000 guilds of
/// them are a third of a file.
fn usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
