//! The JSON objects of the API in their full documented shape: what REST answers and the gateway sends.
//!
//! Optional keys are left out unless they say something: several clients tell null and absent apart.

mod application;
mod audit;
mod auto_moderation;
mod channel;
mod community;
mod expression;
mod guild;
mod integration;
mod invite;
mod member;
mod message;
mod message_interaction;
mod monetization;
mod poll;
mod role;
mod scheduled_event;
mod snapshot;
mod user;
mod voice;
mod webhook;

pub use application::{application, application_flags, application_of_authorization, application_summary};
pub use audit::{audit_entry, partial_integration};
pub use auto_moderation::{auto_moderation_rule, rule_action};
pub use channel::{channel, channel_for, thread_member};
pub use community::{guild_template, onboarding, prompt, welcome_screen};
pub use expression::{emoji, emojis, sound, sounds, sticker, sticker_item, stickers};
pub(crate) use guild::online;
pub use guild::{guild, guild_create, incidents, my_guild};
pub use integration::integration;
pub use invite::{invite, invite_created, invite_with_metadata};
pub use member::{member, member_partial, presence};
pub(crate) use message::{announced, has_own, reaction_emoji, shows_attachment};
pub use message::{attachment, message, message_event, set_own};
pub use monetization::{entitlement, sku};
pub use poll::poll;
pub use role::role;
pub use scheduled_event::{
    event_exception, event_exception_dispatch, scheduled_event, scheduled_event_dispatch,
};
pub use user::{current_user, user, user_by_id};
pub use voice::{stage_instance, voice_state, voice_states};
pub use webhook::{application_webhook, webhook};

use serde_json::{Map, Value};

/// An object of these pairs, with room for `more` further keys. `json!` would grow the table many times and copy every
/// inner value once more; for what is rendered with every message that is most of the cost.
fn object<const N: usize>(more: usize, pairs: [(&str, Value); N]) -> Value {
    let mut map = Map::with_capacity(N + more);
    for (key, value) in pairs {
        map.insert(key.to_owned(), value);
    }
    Value::Object(map)
}

/// An id, or a set of permission bits, as it is on the wire.
fn id(id: impl Into<u64>) -> Value {
    Value::String(id.into().to_string())
}
