//! The world itself: the tables, applying actions, and the look-ups everything uses.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Action, ApiError, Application, ApplicationId, Applied, AttachmentId, Channel, ChannelId, Command,
    CommandId, CommandPermissions, Emoji, EmojiId, Entitlement, EntitlementId, Event, Guild, GuildId,
    Interaction, InteractionId, Invite, Member, Message, MessageId, OAuth2, Sku, SkuId, Timestamp, Tx, User,
    UserId, Webhook, WebhookId, id::Mint,
};

/// Everything that exists. Tables are readable; they are changed through [`Action`]s only.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct World {
    mint: Mint,
    /// People and bot users.
    pub(crate) users: BTreeMap<UserId, User>,
    /// Applications.
    pub(crate) applications: BTreeMap<ApplicationId, Application>,
    /// Guilds.
    pub(crate) guilds: BTreeMap<GuildId, Guild>,
    /// Guild channels, threads and DMs, with their messages.
    pub(crate) channels: BTreeMap<ChannelId, Channel>,
    /// Commands of all applications, global and per guild.
    pub(crate) commands: BTreeMap<CommandId, Command>,
    /// Interactions whose token is still good.
    pub(crate) interactions: BTreeMap<InteractionId, Interaction>,
    /// Where each message is; derived, kept so that a message is found by its id alone.
    pub(crate) message_channel: HashMap<MessageId, ChannelId>,
    /// Bytes of attachments.
    #[serde(with = "crate::blob")]
    pub(crate) blobs: BTreeMap<AttachmentId, Arc<[u8]>>,
    /// Command creations of the last 24 h per application and scope, for the daily limit (30034).
    pub(crate) command_creates: Vec<(Timestamp, ApplicationId, Option<GuildId>)>,
    /// Applications that users have installed for themselves (integration type 1).
    #[serde(default)]
    pub(crate) user_installs: BTreeSet<(UserId, ApplicationId)>,
    /// Applications whose commands are in a guild without their bot (scope `applications.commands` alone).
    #[serde(default)]
    pub(crate) guild_installs: BTreeSet<(GuildId, ApplicationId)>,
    /// Emojis that applications have made for themselves.
    #[serde(default)]
    pub(crate) application_emojis: BTreeMap<ApplicationId, BTreeMap<EmojiId, Emoji>>,
    /// Webhooks of channels.
    #[serde(default)]
    pub(crate) webhooks: BTreeMap<WebhookId, Webhook>,
    /// Invites by code, expired ones too until the next tick.
    #[serde(default)]
    pub(crate) invites: BTreeMap<String, Invite>,
    /// OAuth2: codes, tokens, agreements, role connections.
    #[serde(default)]
    pub(crate) oauth2: OAuth2,
    /// Who may use which command, where somebody has said so.
    #[serde(default)]
    pub(crate) command_permissions: Vec<CommandPermissions>,
    /// What applications sell.
    #[serde(default)]
    pub(crate) skus: BTreeMap<SkuId, Sku>,
    /// Who has it.
    #[serde(default)]
    pub(crate) entitlements: BTreeMap<EntitlementId, Entitlement>,
    /// Where the CDN is, e.g. `http://127.0.0.1:8787/cdn`; attachment addresses begin with it.
    pub(crate) cdn_base: String,
    /// See [`World::take_aftermath`].
    #[serde(skip)]
    pub(crate) aftermath: Vec<Event>,
    /// No member's time-out ends before this moment; `None`: not known, all members must be looked at. Kept so
    /// that the many ticks at which nothing ends cost nothing, however many members there are.
    #[serde(skip)]
    pub(crate) no_time_out_before: Option<Timestamp>,
    /// Polls that are open, by their end; `None`: not known, all messages must be looked at.
    #[serde(skip)]
    pub(crate) open_polls: Option<BTreeSet<(Timestamp, ChannelId, MessageId)>>,
    /// The same for the archiving of idle threads.
    #[serde(skip)]
    pub(crate) no_archive_before: Option<Timestamp>,
}

impl World {
    /// An empty world whose attachment addresses begin with `cdn_base`.
    pub fn new(cdn_base: impl Into<String>) -> Self {
        Self { cdn_base: cdn_base.into(), ..Self::default() }
    }

    /// Performs an action at world time `now`.
    ///
    /// # Errors
    /// What Discord would answer; the world is then unchanged.
    pub fn apply<A: Action>(&mut self, action: A, now: Timestamp) -> Result<Applied<A::Output>, ApiError> {
        self.apply_because(action, now, None)
    }

    /// [`World::apply`], done for `reason`, which the audit log keeps.
    ///
    /// # Errors
    /// What Discord would answer; the world is then unchanged, but for what [`World::take_aftermath`] tells.
    pub fn apply_because<A: Action>(
        &mut self,
        action: A,
        now: Timestamp,
        reason: Option<Arc<str>>,
    ) -> Result<Applied<A::Output>, ApiError> {
        let mut tx = Tx::new(self, now).because(reason);
        match action.apply(&mut tx) {
            Ok(output) => Ok(Applied { output, events: tx.into_events() }),
            Err(error) => {
                if tx.stands() {
                    let events = tx.into_events();
                    self.aftermath = events;
                }
                Err(error)
            }
        }
    }

    /// What the refusal of the last action caused: auto moderation that blocks a message reports it and times its
    /// author out. To be asked for after every refusal.
    pub fn take_aftermath(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.aftermath)
    }

    /// To be told of every time-out that is set; see [`World::tick`].
    pub(crate) fn note_time_out(&mut self, until: Option<Timestamp>) {
        if let (Some(bound), Some(until)) = (&mut self.no_time_out_before, until) {
            *bound = until.min(*bound);
        }
    }

    pub(crate) fn mint(&mut self, now: Timestamp) -> u64 {
        self.mint.next(now)
    }

    /// Sets where the CDN is (a saved world may be served at another port). Embeds and components that show an
    /// attachment hold its whole address; they follow.
    pub fn set_cdn_base(&mut self, cdn_base: impl Into<String>) {
        let new = cdn_base.into();
        let old = std::mem::replace(&mut self.cdn_base, new);
        let new = &self.cdn_base;
        if old.is_empty() || old == *new {
            return;
        }
        for message in self.channels.values_mut().flat_map(|c| c.messages.values_mut()) {
            let taken =
                message.snapshot.iter_mut().flat_map(|s| s.embeds.iter_mut().chain(&mut s.components));
            for value in message.embeds.iter_mut().chain(&mut message.components).chain(taken) {
                move_addresses(value, &old, new);
            }
        }
    }

    /// All people and bot users by id.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// All applications by id.
    pub fn applications(&self) -> impl Iterator<Item = &Application> {
        self.applications.values()
    }

    /// All guilds by id.
    pub fn guilds(&self) -> impl Iterator<Item = &Guild> {
        self.guilds.values()
    }

    /// A user, or 10013.
    pub fn user(&self, id: UserId) -> Result<&User, ApiError> {
        self.users.get(&id).ok_or_else(ApiError::unknown_user)
    }

    /// An application, or 10002.
    pub fn application(&self, id: ApplicationId) -> Result<&Application, ApiError> {
        self.applications.get(&id).ok_or_else(ApiError::unknown_application)
    }

    /// A guild, or 10004.
    pub fn guild(&self, id: GuildId) -> Result<&Guild, ApiError> {
        self.guilds.get(&id).ok_or_else(ApiError::unknown_guild)
    }

    /// A channel, or 10003.
    pub fn channel(&self, id: ChannelId) -> Result<&Channel, ApiError> {
        self.channels.get(&id).ok_or_else(ApiError::unknown_channel)
    }

    /// A member, or 10007.
    pub fn member(&self, guild: GuildId, user: UserId) -> Result<&Member, ApiError> {
        self.guild(guild)?.members.get(&user).ok_or_else(ApiError::unknown_member)
    }

    /// A message of a channel, or 10008.
    pub fn message(&self, channel: ChannelId, id: MessageId) -> Result<&Message, ApiError> {
        self.channel(channel)?.messages.get(&id).ok_or_else(ApiError::unknown_message)
    }

    /// The channel that holds a message, or 10008.
    pub fn channel_of(&self, message: MessageId) -> Result<ChannelId, ApiError> {
        self.message_channel.get(&message).copied().ok_or_else(ApiError::unknown_message)
    }

    /// An interaction, or 10062.
    pub fn interaction(&self, id: InteractionId) -> Result<&Interaction, ApiError> {
        self.interactions.get(&id).ok_or_else(ApiError::unknown_interaction)
    }

    /// The guilds a user is a member of.
    pub fn guilds_of(&self, user: UserId) -> impl Iterator<Item = &Guild> {
        self.guilds.values().filter(move |g| g.members.contains_key(&user))
    }

    /// The applications that a person has installed for themselves.
    pub fn installed_for(&self, user: UserId) -> impl Iterator<Item = ApplicationId> {
        self.user_installs
            .iter()
            .filter(move |(whose, _)| *whose == user)
            .map(|(_, application)| *application)
    }

    /// The application whose token this is (without a `Bot ` prefix).
    pub fn application_by_token(&self, token: &str) -> Option<&Application> {
        self.applications.values().find(|a| a.token == token)
    }

    /// The bytes and the declared media type of a file that was uploaded in a channel: an attachment of a message
    /// there, or a file given with an interaction (an option, a modal's upload), which is served for as long as
    /// the interaction's token lives.
    pub fn uploaded(
        &self,
        channel: ChannelId,
        id: AttachmentId,
        filename: &str,
    ) -> Option<(Arc<[u8]>, Option<String>)> {
        let messages = self.channel(channel).ok()?.messages.values();
        let attached = messages
            .flat_map(Message::files)
            .find(|a| a.id == id)
            .map(|a| (a.filename.as_str(), a.content_type.as_deref()));
        let (name, kind) = attached.or_else(|| {
            let given =
                self.interactions.values().find(|i| i.channel == channel && i.attachments.contains(&id))?;
            let file = &given.data["resolved"]["attachments"][id.to_string()];
            Some((file["filename"].as_str()?, file["content_type"].as_str()))
        })?;
        (name == filename).then_some((self.blob(id)?, kind.map(str::to_owned)))
    }

    /// The bytes of an attachment.
    pub fn blob(&self, id: AttachmentId) -> Option<Arc<[u8]>> {
        self.blobs.get(&id).cloned()
    }
}

/// Replaces the beginning of addresses below `old`, wherever they stand in a value.
fn move_addresses(value: &mut Value, old: &str, new: &str) {
    match value {
        Value::String(text) => {
            if let Some(rest) = text.strip_prefix(old).filter(|rest| rest.starts_with('/')) {
                *text = format!("{new}{rest}");
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|v| move_addresses(v, old, new)),
        Value::Object(map) => map.values_mut().for_each(|v| move_addresses(v, old, new)),
        _ => {}
    }
}
