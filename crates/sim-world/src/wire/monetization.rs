//! SKUs and entitlements. See Discord docs: SKU / SKU Object, Entitlement / Entitlement Object.

use serde_json::{Value, json};

use crate::{Entitlement, Sku, SkuKind};

/// Type of an entitlement to an application's own SKU, test ones too.
const APPLICATION_SUBSCRIPTION: u8 = 8;
/// Flags of a SKU: to be had, and by whom.
const AVAILABLE: u64 = 1 << 2;
const GUILD_SUBSCRIPTION: u64 = 1 << 7;
const USER_SUBSCRIPTION: u64 = 1 << 8;

/// A SKU; its slug is its name in small letters with hyphens.
pub fn sku(sku: &Sku) -> Value {
    let words: Vec<String> = sku.name.split_whitespace().map(str::to_lowercase).collect();
    let flags = match sku.kind {
        SkuKind::Subscription => AVAILABLE | GUILD_SUBSCRIPTION | USER_SUBSCRIPTION,
        SkuKind::Durable | SkuKind::Consumable => AVAILABLE,
    };
    json!({
        "id": sku.id,
        "type": sku.kind as u8,
        "application_id": sku.application,
        "name": sku.name,
        "slug": words.join("-"),
        "flags": flags,
    })
}

/// An entitlement; test ones never begin or end.
pub fn entitlement(entitlement: &Entitlement) -> Value {
    json!({
        "id": entitlement.id,
        "sku_id": entitlement.sku,
        "application_id": entitlement.application,
        "user_id": entitlement.user,
        "guild_id": entitlement.guild,
        "deleted": entitlement.deleted,
        "consumed": entitlement.consumed,
        "starts_at": null,
        "ends_at": null,
        "type": APPLICATION_SUBSCRIPTION,
    })
}
