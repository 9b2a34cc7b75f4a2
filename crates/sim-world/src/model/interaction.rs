//! Interactions and how far they have come.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    ApplicationId, AttachmentId, ChannelId, GuildId, InteractionId, InteractionMeta, MessageId, Timestamp,
    UserId,
};

/// Interaction types. See Discord docs: Receiving and Responding / Interaction Type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum InteractionKind {
    /// Slash command or context menu.
    Command = 2,
    /// Button or select.
    Component = 3,
    /// Autocomplete.
    Autocomplete = 4,
    /// Modal submit.
    Modal = 5,
}

/// How far an interaction has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum InteractionState {
    /// Not answered; becomes `Failed` three seconds after creation.
    Pending,
    /// Answered with callback type `callback`.
    Acknowledged {
        /// 4 message, 5 deferred, 6 deferred update, 7 update, 8 choices, 9 modal.
        callback: u8,
        /// Type 5 with the EPHEMERAL flag, which wins over the follow-up's.
        ephemeral: bool,
        /// Type 5 whose loading message has not been replaced yet.
        loading: bool,
    },
    /// Not answered in time.
    Failed,
}

/// An interaction, kept until its token has expired.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Interaction {
    /// Id.
    pub id: InteractionId,
    /// Whose.
    pub application: ApplicationId,
    /// Type.
    pub kind: InteractionKind,
    /// Token, good for 15 minutes.
    pub token: String,
    /// Who invoked it.
    pub user: UserId,
    /// Where.
    pub guild: Option<GuildId>,
    /// Where.
    pub channel: ChannelId,
    /// `data` as sent to the bot.
    pub data: Value,
    /// The message whose component was used (components, and modals opened from one).
    pub message: Option<MessageId>,
    /// When.
    pub created: Timestamp,
    /// How far.
    pub state: InteractionState,
    /// The original answer (`@original`).
    pub original: Option<MessageId>,
    /// The modal it opened (callback type 9), as validated.
    pub modal: Option<Value>,
    /// The choices it answered (callback type 8).
    pub choices: Option<Value>,
    /// Modals: what opened them.
    pub triggering: Option<InteractionMeta>,
    /// Follow-ups sent.
    pub follow_ups: u32,
    /// Commands and autocompletes: the command's name.
    pub command_name: Option<String>,
    /// Context menus: the kind of command, 2 or 3; 1 for slash commands; 0 for anything else.
    pub command_kind: u8,
    /// User menus: the target.
    pub target_user: Option<UserId>,
    /// Message menus: the target.
    pub target_message: Option<MessageId>,
    /// `authorizing_integration_owners`: "0" the guild, "1" the user who installed the application.
    pub owners: Value,
    /// Files of options and file uploads; dropped with the interaction.
    pub attachments: Vec<AttachmentId>,
}
