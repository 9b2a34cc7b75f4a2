//! Why somebody may do something or may not: the steps of [`super::maths`], read bit by bit.

use super::{
    ALL,
    maths::{self, Cause, Step},
};
use crate::{ApiError, ChannelId, GuildId, Timestamp, UserId, World};

/// How a user's permissions in a guild or channel came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The bits they have; equal to what every check goes by.
    pub bits: u64,
    /// All steps in the order in which they apply.
    pub steps: Vec<Step>,
    /// The channel whose overwrites counted: a thread's parent, else the channel asked about. `None` when the
    /// question was about the guild.
    pub ruled_by: Option<ChannelId>,
}

/// What became of one permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether they have it.
    pub granted: bool,
    /// The step that decided; `None` where nothing grants it.
    pub decided_by: Option<Cause>,
    /// All steps that speak of it, with whether they give it.
    pub trail: Vec<(Cause, bool)>,
}

impl Explanation {
    /// What became of one bit. The last step decides; of steps that only add up (the roles of a member) the first
    /// that made the difference.
    pub fn of(&self, bit: u64) -> Verdict {
        let mut verdict = Verdict { granted: false, decided_by: None, trail: Vec::new() };
        for step in self.steps.iter().filter(|s| (s.allows | s.denies) & bit != 0) {
            let gives = step.allows & bit != 0;
            let later = verdict.decided_by.is_none_or(|cause| cause.stage() < step.cause.stage());
            if gives != verdict.granted || later {
                verdict.decided_by = Some(step.cause);
            }
            verdict.granted = gives;
            verdict.trail.push((step.cause, gives));
        }
        verdict
    }

    /// The bits worth telling of: all with a name, and others that some step speaks of.
    pub fn bits_of_interest(&self) -> impl Iterator<Item = u64> {
        let spoken = self.steps.iter().fold(0, |all, step| all | step.allows | step.denies);
        // Steps that take everything would name all 64.
        let taken_whole = self.steps.iter().any(|s| s.denies == u64::MAX || s.denies == !ALL);
        let bits = if taken_whole { ALL | self.bits } else { ALL | spoken };
        (0..64).map(|n| 1 << n).filter(move |bit| bits & bit != 0)
    }
}

impl World {
    /// [`World::channel_permissions`] with how it came about.
    ///
    /// # Errors
    /// 10003 if there is no such channel.
    pub fn explain_in_channel(
        &self,
        channel: ChannelId,
        user: UserId,
        now: Timestamp,
    ) -> Result<Explanation, ApiError> {
        let channel = self.channel(channel)?;
        let mut steps = Vec::new();
        let bits = maths::in_channel(self, channel, user, now, &mut steps)?;
        Ok(Explanation { bits, steps, ruled_by: Some(maths::ruling(self, channel)?.id) })
    }

    /// [`World::guild_permissions`] with how it came about.
    ///
    /// # Errors
    /// 10004 if there is no such guild.
    pub fn explain_in_guild(
        &self,
        guild: GuildId,
        user: UserId,
        now: Timestamp,
    ) -> Result<Explanation, ApiError> {
        let mut steps = Vec::new();
        let bits = maths::in_guild(self.guild(guild)?, user, now, &mut steps);
        Ok(Explanation { bits, steps, ruled_by: None })
    }
}
