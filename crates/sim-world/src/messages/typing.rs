//! Typing. See Discord docs: Channel / Trigger Typing Indicator; Gateway Events / Typing Start.

use serde_json::json;

use crate::{Action, Actor, ApiError, Audience, ChannelId, EventKind, Tx, permissions, wire};

/// Shows that somebody types, for ten seconds or until they send.
#[derive(Clone, Copy, Debug)]
pub struct StartTyping {
    /// Who types; needs SEND_MESSAGES.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
}

impl Action for StartTyping {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let channel = tx.world.require(self.actor, self.channel, 0, tx.now)?;
        if !channel.kind.holds_messages() {
            return Err(ApiError::non_text_channel());
        }
        let channel = tx.world.require(self.actor, self.channel, permissions::SEND_MESSAGES, tx.now)?;
        let user = self.actor.user;
        let mut data = json!({
            "channel_id": self.channel,
            "user_id": user,
            // Whole seconds, unlike every other time on the gateway.
            "timestamp": tx.now.ms() / 1000,
        });
        let audience = Audience::Channel { guild: channel.guild, channel: self.channel };
        if let Some(guild) = channel.guild {
            data["guild_id"] = json!(guild);
            let guild = tx.world.guild(guild)?;
            if let Some(member) = guild.members.get(&user) {
                data["member"] = wire::member(tx.world, guild, member);
            }
        }
        tx.emit(EventKind::TypingStart, audience, data);
        Ok(())
    }
}
