//! How permissions come about, step by step. Checks run it without a record, explanations with one, so that an
//! explanation cannot differ from what is decided.
//!
//! Overwrites apply in eight steps: @everyone's guild permissions, the roles' guild permissions, the @everyone
//! overwrite's denials and then its allowances, the denials of all role overwrites and then their allowances,
//! the member overwrite's denials and then its allowances. See Discord docs: Permissions / Permission Overwrites.

use super::{ADMINISTRATOR, ALL, CONNECT, IN_DM, IN_QUARANTINE, IN_TIMEOUT, MANAGE_THREADS};
use super::{NEEDS_CONNECT, NEEDS_SENDING, VIEW_CHANNEL, sending_bit};
use crate::{
    ApiError, Channel, ChannelId, ChannelKind, Guild, Overwrite, OverwriteKind, RoleId, Timestamp, UserId,
    World, member_flags,
};

/// What granted or took permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The user is not in the guild, or in the DM: nothing is granted.
    NotThere,
    /// The user is one of the two in a DM.
    DirectMessage,
    /// The user owns the guild.
    Owner,
    /// What @everyone may do in the guild.
    Everyone,
    /// What a role of theirs grants in the guild.
    Role(RoleId),
    /// They hold ADMINISTRATOR: everything, whatever the overwrites say.
    Administrator,
    /// The channel's overwrite for @everyone.
    EveryoneOverwrite,
    /// The channel's overwrite for a role of theirs.
    RoleOverwrite(RoleId),
    /// The channel's overwrite for them.
    MemberOverwrite,
    /// They lack VIEW_CHANNEL, so nothing else counts.
    NoViewChannel,
    /// They lack SEND_MESSAGES (in a thread SEND_MESSAGES_IN_THREADS), which takes mentions, files, embeds and TTS.
    NoSending,
    /// They lack CONNECT in a voice or stage channel, which takes managing it.
    NoConnect,
    /// They are not in a private thread and do not hold MANAGE_THREADS.
    NotInThread,
    /// Auto moderation has put them into quarantine for their name.
    Quarantined,
    /// They are timed out until then.
    TimedOut(Timestamp),
}

impl Cause {
    /// How late it comes: what comes later overrules what came before. Those of one number add up.
    pub(super) fn stage(self) -> u8 {
        match self {
            Self::NotThere | Self::DirectMessage | Self::Owner | Self::Everyone | Self::Role(_) => 0,
            Self::Administrator => 1,
            Self::EveryoneOverwrite => 2,
            Self::RoleOverwrite(_) => 3,
            Self::MemberOverwrite => 4,
            Self::NoViewChannel | Self::NoSending | Self::NoConnect => 5,
            Self::NotInThread => 6,
            Self::Quarantined => 7,
            Self::TimedOut(_) => 8,
        }
    }
}

/// One step: first it takes `denies`, then it gives `allows`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is.
    pub cause: Cause,
    /// Bits it gives.
    pub allows: u64,
    /// Bits it takes.
    pub denies: u64,
}

/// Takes note of steps, or does not.
pub(super) trait Record {
    fn step(&mut self, step: Step);
}

impl Record for () {
    fn step(&mut self, _: Step) {}
}

impl Record for Vec<Step> {
    fn step(&mut self, step: Step) {
        self.push(step);
    }
}

/// The bits so far, with the record of how they came.
struct Tally<'r, R> {
    bits: u64,
    record: &'r mut R,
}

impl<R: Record> Tally<'_, R> {
    fn step(&mut self, cause: Cause, allows: u64, denies: u64) {
        if allows | denies != 0 {
            self.bits = self.bits & !denies | allows;
            self.record.step(Step { cause, allows, denies });
        }
    }

    /// Takes those of `mask` that are held; nothing else is this step's doing.
    fn take(&mut self, cause: Cause, mask: u64) {
        self.step(cause, 0, self.bits & mask);
    }

    /// Takes what a quarantine and a time-out take.
    fn silence(&mut self, guild: &Guild, user: UserId, now: Timestamp) {
        let member = guild.members.get(&user);
        if member.is_some_and(|m| m.flags & member_flags::AUTOMOD_QUARANTINED_USERNAME != 0) {
            self.take(Cause::Quarantined, !IN_QUARANTINE);
        }
        let until = member.and_then(|m| m.timeout_until).filter(|until| *until > now);
        if let Some(until) = until {
            self.take(Cause::TimedOut(until), !IN_TIMEOUT);
        }
    }
}

/// Guild-wide bits of a member before time-outs: all of them for the owner and administrators.
pub(super) fn base(guild: &Guild, user: UserId, record: &mut impl Record) -> u64 {
    let mut tally = Tally { bits: 0, record };
    let Some(member) = guild.members.get(&user) else {
        tally.step(Cause::NotThere, 0, u64::MAX);
        return 0;
    };
    if guild.owner == user {
        tally.step(Cause::Owner, ALL, 0);
        return ALL;
    }
    let of = |id: &RoleId| guild.roles.get(id).map_or(0, |role| role.permissions);
    tally.step(Cause::Everyone, of(&guild.everyone()), 0);
    for role in &member.roles {
        tally.step(Cause::Role(*role), of(role), 0);
    }
    if tally.bits & ADMINISTRATOR != 0 {
        // Unknown bits are not part of "everything".
        tally.step(Cause::Administrator, ALL, !ALL);
    }
    tally.bits
}

/// Guild-wide bits of a member at `now`.
pub(super) fn in_guild(guild: &Guild, user: UserId, now: Timestamp, record: &mut impl Record) -> u64 {
    let bits = base(guild, user, record);
    let mut tally = Tally { bits, record };
    if bits & ADMINISTRATOR == 0 {
        tally.silence(guild, user, now);
    }
    tally.bits
}

/// The channel whose overwrites count: a thread's parent, else the channel itself.
pub(super) fn ruling<'w>(world: &'w World, channel: &'w Channel) -> Result<&'w Channel, ApiError> {
    match (channel.kind.is_thread(), channel.parent) {
        (true, Some(parent)) => world.channel(parent),
        _ => Ok(channel),
    }
}

/// Bits of a user in a channel at `now`.
pub(super) fn in_channel(
    world: &World,
    channel: &Channel,
    user: UserId,
    now: Timestamp,
    record: &mut impl Record,
) -> Result<u64, ApiError> {
    let Some(guild) = channel.guild else {
        let mut tally = Tally { bits: 0, record };
        if channel.recipients.contains(&user) {
            tally.step(Cause::DirectMessage, IN_DM, 0);
        } else {
            tally.step(Cause::NotThere, 0, u64::MAX);
        }
        return Ok(tally.bits);
    };
    let guild = world.guild(guild)?;
    let bits = base(guild, user, record);
    let Some(member) = guild.members.get(&user).filter(|_| bits & ADMINISTRATOR == 0) else {
        return Ok(bits);
    };
    let mut tally = Tally { bits, record };
    overwrites(&mut tally, &ruling(world, channel)?.overwrites, guild, user, &member.roles);
    implicit(&mut tally, channel.kind);
    let outside = |id: ChannelId| {
        let thread = world.channels.get(&id).and_then(|c| c.thread.as_ref());
        !thread.is_some_and(|t| t.members.contains_key(&user))
    };
    if channel.kind == ChannelKind::PrivateThread && tally.bits & MANAGE_THREADS == 0 && outside(channel.id) {
        tally.take(Cause::NotInThread, u64::MAX);
    }
    tally.silence(guild, user, now);
    Ok(tally.bits)
}

/// The overwrites of a channel on a member's guild-wide bits. Of several for one role or member (there is one
/// each in a channel made here), all denials go before all allowances.
fn overwrites<R: Record>(
    tally: &mut Tally<'_, R>,
    list: &[Overwrite],
    guild: &Guild,
    user: UserId,
    roles: &[RoleId],
) {
    if list.is_empty() {
        return;
    }
    let everyone = guild.everyone().get();
    let mut apply = |cause_of: &dyn Fn(&Overwrite) -> Option<Cause>| {
        for overwrite in list {
            if let Some(cause) = cause_of(overwrite) {
                tally.step(cause, 0, overwrite.deny);
            }
        }
        for overwrite in list {
            if let Some(cause) = cause_of(overwrite) {
                tally.step(cause, overwrite.allow, 0);
            }
        }
    };
    let is_role = |o: &Overwrite| o.kind == OverwriteKind::Role;
    apply(&|o| (is_role(o) && o.id == everyone).then_some(Cause::EveryoneOverwrite));
    apply(&|o| {
        let role = RoleId::new(o.id);
        (is_role(o) && o.id != everyone && roles.contains(&role)).then_some(Cause::RoleOverwrite(role))
    });
    apply(&|o| (!is_role(o) && o.id == user.get()).then_some(Cause::MemberOverwrite));
}

/// Takes away what other missing bits take away with them.
fn implicit<R: Record>(tally: &mut Tally<'_, R>, kind: ChannelKind) {
    if tally.bits & VIEW_CHANNEL == 0 {
        tally.take(Cause::NoViewChannel, u64::MAX);
        return;
    }
    if tally.bits & sending_bit(kind) == 0 {
        tally.take(Cause::NoSending, NEEDS_SENDING);
    }
    if kind.is_voice() && tally.bits & CONNECT == 0 {
        tally.take(Cause::NoConnect, NEEDS_CONNECT);
    }
}
