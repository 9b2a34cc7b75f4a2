//! Invites to guilds.

use std::{collections::BTreeSet, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{ChannelId, GuildId, RoleId, Timestamp, UserId};

/// An invite. See Discord docs: Invite / Invite Object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Invite {
    /// Its code: what stands in the link.
    pub code: String,
    /// Where it leads.
    pub guild: GuildId,
    /// The channel it was made for.
    pub channel: ChannelId,
    /// Who made it.
    pub inviter: UserId,
    /// When.
    pub created: Timestamp,
    /// Seconds that it is good for; 0 is for ever.
    pub max_age: u32,
    /// How often it can be used; 0 is without limit.
    pub max_uses: u32,
    /// How often it was used.
    pub uses: u32,
    /// Whoever joins by it is removed when they go offline without a role.
    pub temporary: bool,
    /// Roles given to those who accept it.
    pub roles: Vec<RoleId>,
    /// The only people who may accept it, if it is for some only.
    pub targets: Option<InviteTargets>,
}

/// Whom an invite is for, from an uploaded list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InviteTargets {
    /// The users; they need not exist.
    pub users: BTreeSet<UserId>,
    /// When the list was uploaded.
    pub uploaded: Timestamp,
}

impl Invite {
    /// When it ends, if ever.
    pub fn expires(&self) -> Option<Timestamp> {
        (self.max_age > 0).then(|| self.created.plus(Duration::from_secs(self.max_age.into())))
    }

    /// Whether it can still be used at `now`.
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.expires().is_none_or(|end| now < end) && (self.max_uses == 0 || self.uses < self.max_uses)
    }
}
