//! Deleting what somebody wrote all over a guild, as a ban does.

use super::{bulk_delete::remove_all, delete::deletable};
use crate::{ChannelId, GuildId, Message, MessageId, Tx};

/// Deletes the messages of a guild's channels and threads that fit; MESSAGE_DELETE_BULK for each channel. Ephemeral
/// messages, and those that stay for good, are left.
pub(crate) fn purge(tx: &mut Tx<'_>, guild: GuildId, fits: impl Fn(&Message) -> bool) {
    let Ok(found) = tx.world.guild(guild) else { return };
    let wanted = |m: &&Message| m.ephemeral_to.is_none() && deletable(m) && fits(m);
    let channels = found.channels.iter().filter_map(|id| tx.world.channels.get(id));
    let doomed: Vec<(ChannelId, Vec<MessageId>)> = channels
        .map(|channel| (channel.id, channel.messages.values().filter(wanted).map(|m| m.id).collect()))
        .collect();
    for (channel, ids) in doomed {
        remove_all(tx, guild, channel, &ids);
    }
}
