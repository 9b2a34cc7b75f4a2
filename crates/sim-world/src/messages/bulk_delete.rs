//! Deleting many messages at once. See Discord docs: Message / Bulk Delete Messages.

use std::{collections::HashSet, time::Duration};

use serde_json::{Value, json};

use super::{
    crosspost,
    delete::{deletable, take},
};
use crate::{
    Action, Actor, ApiError, Audience, Audit, AuditAction, ChannelId, EventKind, GuildId, Message, MessageId,
    Tx,
    body::{self, parse_id},
    permissions,
};

/// Ids of one request, and of one event.
const MAX_IDS: usize = 100;

/// Older messages cannot be deleted in bulk.
const MAX_AGE: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Deletes 2 to 100 messages under 14 days of age; ids that name no message here are passed over.
#[derive(Clone, Debug)]
pub struct BulkDelete {
    /// Who deletes.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// The request's body: `{messages: [ids]}`.
    pub body: Value,
}

impl Action for BulkDelete {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let found = tx.world.require(self.actor, self.channel, 0, tx.now)?;
        let Some(guild) = found.guild else { return Err(ApiError::dm_forbidden()) };
        tx.world.require(self.actor, self.channel, permissions::MANAGE_MESSAGES, tx.now)?;
        let ids = read(&self.body)?;
        if !(2..=MAX_IDS).contains(&ids.len()) {
            return Err(ApiError::bulk_delete_count());
        }
        if ids.iter().any(|id| tx.now.since(id.created()) >= MAX_AGE) {
            return Err(ApiError::bulk_delete_too_old());
        }
        let here = |id: &MessageId| found.messages.get(id).filter(|m| m.ephemeral_to.is_none());
        let present: Vec<MessageId> = ids.into_iter().filter(|id| here(id).is_some()).collect();
        if present.iter().filter_map(here).any(|m| !deletable(m)) {
            return Err(ApiError::system_message());
        }
        remove_all(tx, guild, self.channel, &present);
        if !present.is_empty() {
            let audit = Audit::new(self.actor.user, AuditAction::MessageBulkDelete);
            tx.audit(guild, audit.target(self.channel.get()).option("count", present.len()));
        }
        Ok(())
    }
}

/// Deletes messages of a channel, whatever their number: MESSAGE_DELETE_BULK with at most [`MAX_IDS`] ids each.
pub(super) fn remove_all(tx: &mut Tx<'_>, guild: GuildId, channel: ChannelId, ids: &[MessageId]) {
    for ids in ids.chunks(MAX_IDS) {
        let taken: Vec<Message> = ids.iter().filter_map(|id| take(tx, channel, *id)).collect();
        let audience = Audience::Channel { guild: Some(guild), channel };
        let data = json!({ "ids": ids, "channel_id": channel, "guild_id": guild });
        tx.emit(EventKind::MessageDeleteBulk, audience, data);
        for message in &taken {
            crosspost::follow_deletion(tx, message);
        }
    }
}

fn read(body: &Value) -> Result<Vec<MessageId>, ApiError> {
    body::read(body, |form| {
        if form.get("messages").is_none() {
            form.missing("messages");
        }
        let mut seen = HashSet::new();
        let mut ids = Vec::new();
        // The count has an error of its own; reading far past it would be work for nothing.
        for (i, value) in
            form.list("messages", usize::MAX).into_iter().flatten().enumerate().take(MAX_IDS + 1)
        {
            match parse_id::<MessageId>(value) {
                Some(id) if seen.insert(id) => ids.push(id),
                Some(_) => {
                    let message = "The set already contains this value";
                    form.error(format!("messages.{i}"), "SET_TYPE_ALREADY_CONTAINS_VALUE", message);
                }
                None => {
                    form.error(format!("messages.{i}"), "NUMBER_TYPE_COERCE", "Value is not snowflake.");
                }
            }
        }
        ids
    })
}
