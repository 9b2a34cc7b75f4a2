//! The voice keys of PATCH /guilds/{guild}/members/{user}: muting, deafening, moving and disconnecting others. No
//! rank binds here. See Discord docs: Guild / Modify Guild Member.

use super::{change, connect::suppressed, voice_channel};
use crate::{
    Actor, ApiError, Audit, AuditAction, ChannelId, Guild, GuildId, Member, Timestamp, Tx, UserId, World,
    body::Form,
    permissions::{CONNECT, DEAFEN_MEMBERS, MOVE_MEMBERS, MUTE_MEMBERS},
};

/// Where a member is to go.
#[derive(Clone, Copy, Debug)]
enum Target {
    /// Out of voice.
    Nowhere,
    /// Another channel.
    Channel(ChannelId),
}

/// What a body asks for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MemberVoice {
    mute: Option<bool>,
    deaf: Option<bool>,
    target: Option<Target>,
}

impl MemberVoice {
    /// Reads `mute`, `deaf` and `channel_id`.
    pub(crate) fn read(form: Form<'_>) -> Self {
        Self {
            mute: form.boolean("mute"),
            deaf: form.boolean("deaf"),
            target: form
                .has("channel_id")
                .then(|| form.id("channel_id").map_or(Target::Nowhere, Target::Channel)),
        }
    }

    /// Whether `mute` or `deaf` is set, which the member object shows.
    pub(crate) fn marks(&self) -> bool {
        self.mute.is_some() || self.deaf.is_some()
    }

    /// Whether the actor may do it: MUTE_MEMBERS, DEAFEN_MEMBERS and MOVE_MEMBERS in the channel where the member
    /// is, and CONNECT where they are moved to.
    ///
    /// # Errors
    /// 10003, 40032 (not connected), 50001, 50013, 50024.
    pub(crate) fn check(
        &self,
        world: &World,
        actor: Actor,
        guild: &Guild,
        user: UserId,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        let asked = [
            (self.mute.is_some(), MUTE_MEMBERS),
            (self.deaf.is_some(), DEAFEN_MEMBERS),
            (self.target.is_some(), MOVE_MEMBERS),
        ];
        let needed = asked.iter().filter(|(asked, _)| *asked).fold(0, |bits, (_, bit)| bits | bit);
        if needed == 0 {
            return Ok(());
        }
        let state = guild.voice.states.get(&user);
        let held = match state {
            Some(state) => world.channel_permissions(state.channel, actor.user, now)?,
            None => world.guild_permissions(guild.id, actor.user, now),
        };
        if held & needed != needed {
            return Err(ApiError::missing_permissions());
        }
        if state.is_none() {
            return Err(ApiError::not_in_voice());
        }
        if let Some(Target::Channel(target)) = self.target {
            voice_channel(world, guild.id, target)?;
            world.require(actor, target, CONNECT, now)?;
        }
        Ok(())
    }

    /// Writes `mute` and `deaf` into the member object.
    pub(crate) fn write(&self, member: &mut Member) {
        member.mute = self.mute.unwrap_or(member.mute);
        member.deaf = self.deaf.unwrap_or(member.deaf);
    }

    /// After the member object has been stored: announces, moves, disconnects, and writes the audit log for the
    /// latter two.
    pub(crate) fn apply(self, tx: &mut Tx<'_>, actor: Actor, guild: GuildId, user: UserId) {
        let Some(before) = tx.world.guilds.get(&guild).and_then(|g| g.voice.states.get(&user)).cloned()
        else {
            return;
        };
        match self.target {
            None => {
                if self.marks() {
                    change::announce(tx, guild, user);
                }
            }
            Some(Target::Nowhere) => {
                change::disconnect(tx, guild, user);
                let audit = Audit::new(actor.user, AuditAction::MemberDisconnect).option("count", 1);
                tx.audit(guild, audit);
            }
            Some(Target::Channel(channel)) if channel == before.channel => change::announce(tx, guild, user),
            Some(Target::Channel(channel)) => {
                let suppress = suppressed(tx.world, channel, user, tx.now);
                let state = crate::VoiceState { channel, suppress, request_to_speak: None, ..before };
                change::set(tx, guild, state);
                let audit = Audit::new(actor.user, AuditAction::MemberMove);
                tx.audit(guild, audit.option("channel_id", channel).option("count", 1));
            }
        }
    }
}
