//! The operator makes, changes and removes guild channels.

use serde_json::Value;

use super::known;
use crate::{
    Action, ApiError, ChannelId, GuildId, Tx, body,
    places::{
        change,
        channel::{edit, insert},
        channel_form::ChannelForm,
        thread_patch,
    },
};

/// Makes a channel: `{name, type?: 0, topic?, parent_id?, position?, nsfw?, rate_limit_per_user?, bitrate?,
/// user_limit?, permission_overwrites?, default_auto_archive_duration?, available_tags?}`. In a category without
/// overwrites of its own it takes the category's.
#[derive(Debug)]
pub struct CreateChannel {
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for CreateChannel {
    /// The channel object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        tx.world.guild(self.guild)?;
        let form = body::read(&self.body, |form| {
            known(form, &ChannelForm::keys());
            ChannelForm::read(form, tx.world, self.guild, None)
        })?;
        insert(tx, self.guild, form)
    }
}

/// Changes a channel (the keys of [`CreateChannel`]) or a thread (name, archived, locked and so on).
#[derive(Debug)]
pub struct PatchChannel {
    /// Which.
    pub channel: ChannelId,
    /// The body.
    pub body: Value,
}

impl Action for PatchChannel {
    /// The channel object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let channel = tx.world.channel(self.channel)?;
        let guild = channel.guild.ok_or_else(ApiError::dm_forbidden)?;
        if channel.kind.is_thread() {
            body::read(&self.body, |form| known(form, thread_patch::KEYS))?;
            let form = thread_patch::ThreadPatch::read(&self.body, tx.world, channel)?;
            return form.write(tx, self.channel);
        }
        let form = body::read(&self.body, |form| {
            known(form, &ChannelForm::keys());
            ChannelForm::read(form, tx.world, guild, Some(channel))
        })?;
        edit(tx, self.channel, form)
    }
}

/// Removes a channel, thread or DM.
#[derive(Debug)]
pub struct DeleteChannel {
    /// Which.
    pub channel: ChannelId,
}

impl Action for DeleteChannel {
    /// The channel as it was.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let channel = tx.world.channel(self.channel)?;
        let guild = channel.guild;
        let answer = change::remove_channel(tx, self.channel);
        if let Some(guild) = guild {
            change::guild_view_changed(tx, guild);
        }
        Ok(answer)
    }
}
