//! What an application sells and who has it. See Discord docs: SKU, Entitlement.

use serde::{Deserialize, Serialize};

use crate::{ApplicationId, EntitlementId, GuildId, SkuId, UserId};

/// Something to buy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sku {
    /// Id.
    pub id: SkuId,
    /// Whose.
    pub application: ApplicationId,
    /// What kind.
    pub kind: SkuKind,
    /// Name, 1 to 100 characters.
    pub name: String,
}

/// Kinds of SKU. See Discord docs: SKU / SKU Types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SkuKind {
    /// Bought once, kept.
    Durable = 2,
    /// Bought, used up, bought again.
    Consumable = 3,
    /// Paid for every month.
    Subscription = 5,
}

impl SkuKind {
    /// From the wire's number.
    pub fn from_number(n: i64) -> Option<Self> {
        [Self::Durable, Self::Consumable, Self::Subscription].into_iter().find(|kind| *kind as i64 == n)
    }
}

/// That somebody has something.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entitlement {
    /// Id.
    pub id: EntitlementId,
    /// What.
    pub sku: SkuId,
    /// Whose application's.
    pub application: ApplicationId,
    /// Who has it; of a guild's, who gave it.
    pub user: UserId,
    /// The guild that has it.
    pub guild: Option<GuildId>,
    /// Taken back.
    pub deleted: bool,
    /// Used up.
    pub consumed: bool,
}
