//! What applications sell and who has it: SKUs by the operator, entitlements as tests make them. Nobody pays, so there
//! are no subscriptions. See Discord docs: Monetization / Entitlement, SKU.

use serde_json::Value;

use crate::{
    Action, ApiError, ApplicationId, Audience, Entitlement, EntitlementId, EventKind, GuildId, Sku, SkuId,
    SkuKind, Tx, UserId, World, body, wire,
};

/// SKUs of an application; Discord lists up to 50 in its store.
const MAX_SKUS: usize = 50;
/// Entitlements of an application, deleted ones among them.
const MAX_ENTITLEMENTS: usize = 10_000;
/// Entitlements of one page. See Discord docs: Entitlement / List Entitlements.
const MAX_PAGE: i64 = 100;

fn unknown_sku() -> ApiError {
    ApiError::new(404, 10027, "Unknown SKU")
}

fn unknown_entitlement() -> ApiError {
    ApiError::new(404, 10029, "Unknown Entitlement")
}

/// Puts something up for sale: `{name, type}` with type 2 (durable), 3 (consumable) or 5 (subscription).
///
/// # Errors
/// 10002, 50035; 30000 above 50 of an application.
#[derive(Debug)]
pub struct CreateSku {
    /// Whose.
    pub application: ApplicationId,
    /// The body.
    pub body: Value,
}

impl Action for CreateSku {
    /// The SKU.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        tx.world.application(self.application)?;
        let (name, kind) = body::read(&self.body, |form| {
            for key in ["name", "type"] {
                if form.get(key).is_none() {
                    form.missing(key);
                }
            }
            let kind = form.integer("type", 0, 10).and_then(|number| {
                let kind = SkuKind::from_number(number);
                if kind.is_none() {
                    form.error("type", "BASE_TYPE_CHOICES", "Value must be one of (2, 3, 5).");
                }
                kind
            });
            (form.string("name", 1, 100).map(str::to_owned), kind)
        })?;
        let (Some(name), Some(kind)) = (name, kind) else {
            return Err(ApiError::form("name", "BASE_TYPE_REQUIRED", "This field is required"));
        };
        if skus(tx.world, self.application).count() >= MAX_SKUS {
            return Err(ApiError::new(400, 30000, "Maximum number of SKUs reached (50)"));
        }
        let made = Sku { id: SkuId::new(tx.mint()), application: self.application, kind, name };
        let answer = wire::sku(&made);
        tx.world.skus.insert(made.id, made);
        Ok(answer)
    }
}

/// POST /applications/{application}/entitlements: a test entitlement, `{sku_id, owner_id, owner_type}`.
///
/// # Errors
/// 10027, 10004 and 10013 for the owner, 50035; 30000 above 10,000 of an application.
#[derive(Debug)]
pub struct CreateTestEntitlement {
    /// Whose.
    pub application: ApplicationId,
    /// The body.
    pub body: Value,
}

impl Action for CreateTestEntitlement {
    /// The entitlement.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let (sku, owner, kind) = body::read(&self.body, |form| {
            for key in ["sku_id", "owner_id", "owner_type"] {
                if form.get(key).is_none() {
                    form.missing(key);
                }
            }
            (form.id::<SkuId>("sku_id"), form.id::<GuildId>("owner_id"), form.integer("owner_type", 1, 2))
        })?;
        let world = &*tx.world;
        let sku = sku.and_then(|id| world.skus.get(&id)).filter(|sku| sku.application == self.application);
        let sku = sku.ok_or_else(unknown_sku)?.id;
        let owner = owner.map_or(0, GuildId::get);
        let (user, guild) = if kind == Some(1) {
            let guild = world.guild(GuildId::new(owner))?.id;
            (world.application(self.application)?.owner, Some(guild))
        } else {
            (world.user(UserId::new(owner))?.id, None)
        };
        if world.entitlements.values().filter(|e| e.application == self.application).count()
            >= MAX_ENTITLEMENTS
        {
            return Err(ApiError::new(400, 30000, "Maximum number of entitlements reached (10000)"));
        }
        let id = EntitlementId::new(tx.mint());
        let application = self.application;
        let made = Entitlement { id, sku, application, user, guild, deleted: false, consumed: false };
        tx.world.entitlements.insert(id, made);
        Ok(tell(tx, EventKind::EntitlementCreate, id))
    }
}

/// Tells the application; answers the entitlement as it is now.
fn tell(tx: &mut Tx<'_>, kind: EventKind, id: EntitlementId) -> Value {
    let Some(entitlement) = tx.world.entitlements.get(&id) else { return Value::Null };
    let (data, audience) =
        (wire::entitlement(entitlement), Audience::Application(entitlement.guild, entitlement.application));
    tx.emit(kind, audience, data.clone());
    data
}

/// DELETE /applications/{application}/entitlements/{entitlement}: takes a test entitlement back.
///
/// # Errors
/// 10029, also for one that was taken back already.
#[derive(Debug)]
pub struct DeleteTestEntitlement {
    /// Whose.
    pub application: ApplicationId,
    /// Which.
    pub entitlement: EntitlementId,
}

impl Action for DeleteTestEntitlement {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let id = require(tx.world, self.application, self.entitlement)?.id;
        if let Some(entitlement) = tx.world.entitlements.get_mut(&id).filter(|e| !e.deleted) {
            entitlement.deleted = true;
            tell(tx, EventKind::EntitlementDelete, id);
            return Ok(());
        }
        Err(unknown_entitlement())
    }
}

/// POST /applications/{application}/entitlements/{entitlement}/consume: uses up what can be used up.
///
/// # Errors
/// 10029; 50035 for what is no consumable; doing it twice changes nothing.
#[derive(Debug)]
pub struct ConsumeEntitlement {
    /// Whose.
    pub application: ApplicationId,
    /// Which.
    pub entitlement: EntitlementId,
}

impl Action for ConsumeEntitlement {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let found = require(tx.world, self.application, self.entitlement)?;
        let id = found.id;
        if tx.world.skus.get(&found.sku).is_none_or(|sku| sku.kind != SkuKind::Consumable) {
            return Err(ApiError::form("entitlement_id", "BASE_TYPE_CHOICES", "The SKU is not consumable."));
        }
        if let Some(entitlement) = tx.world.entitlements.get_mut(&id).filter(|e| !e.consumed) {
            entitlement.consumed = true;
            tell(tx, EventKind::EntitlementUpdate, id);
        }
        Ok(())
    }
}

fn require(world: &World, application: ApplicationId, id: EntitlementId) -> Result<&Entitlement, ApiError> {
    let found = world.entitlements.get(&id).filter(|e| e.application == application);
    found.ok_or_else(unknown_entitlement)
}

/// The SKUs of an application, oldest first.
pub fn skus(world: &World, application: ApplicationId) -> impl Iterator<Item = &Sku> {
    world.skus.values().filter(move |sku| sku.application == application)
}

/// Which entitlements are asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of this person.
    pub user: Option<UserId>,
    /// Of this guild.
    pub guild: Option<GuildId>,
    /// To these SKUs; empty: to any.
    pub skus: Vec<SkuId>,
    /// Before this id.
    pub before: Option<EntitlementId>,
    /// After this id; then oldest first.
    pub after: Option<EntitlementId>,
    /// 1 to 100, 100 when absent.
    pub limit: Option<i64>,
    /// Without what was taken back.
    pub exclude_deleted: bool,
    /// Without what was used up.
    pub exclude_consumed: bool,
}

/// GET /applications/{application}/entitlements: newest first, or oldest first behind `after`.
///
/// # Errors
/// 50035 on `limit`.
pub fn entitlements(world: &World, application: ApplicationId, wanted: &Wanted) -> Result<Value, ApiError> {
    let limit = body::limit(wanted.limit, MAX_PAGE)?.unwrap_or(MAX_PAGE as usize);
    let fits = |e: &&Entitlement| {
        e.application == application
            && wanted.user.is_none_or(|user| e.user == user && e.guild.is_none())
            && wanted.guild.is_none_or(|guild| e.guild == Some(guild))
            && (wanted.skus.is_empty() || wanted.skus.contains(&e.sku))
            && wanted.before.is_none_or(|id| e.id < id)
            && wanted.after.is_none_or(|id| e.id > id)
            && !(wanted.exclude_deleted && e.deleted)
            && !(wanted.exclude_consumed && e.consumed)
    };
    let all = world.entitlements.values();
    Ok(if wanted.after.is_some() {
        all.filter(fits).take(limit).map(wire::entitlement).collect()
    } else {
        all.rev().filter(fits).take(limit).map(wire::entitlement).collect()
    })
}

/// GET /applications/{application}/entitlements/{entitlement}.
///
/// # Errors
/// 10029.
pub fn entitlement(world: &World, application: ApplicationId, id: EntitlementId) -> Result<Value, ApiError> {
    require(world, application, id).map(wire::entitlement)
}

/// What an interaction says that its person and guild have.
pub(crate) fn usable(
    world: &World,
    application: ApplicationId,
    user: UserId,
    guild: Option<GuildId>,
) -> Value {
    let good = |e: &&Entitlement| e.application == application && !e.deleted && !e.consumed;
    let theirs = |e: &&Entitlement| match e.guild {
        Some(owner) => Some(owner) == guild,
        None => e.user == user,
    };
    world.entitlements.values().filter(good).filter(theirs).map(wire::entitlement).collect()
}

/// Forgets what belonged to what is gone: a user, a guild or an application.
pub(crate) fn forget(world: &mut World) {
    let World { skus, entitlements, applications, users, guilds, .. } = world;
    skus.retain(|_, sku| applications.contains_key(&sku.application));
    entitlements.retain(|_, e| {
        skus.contains_key(&e.sku)
            && match e.guild {
                Some(guild) => guilds.contains_key(&guild),
                None => users.contains_key(&e.user),
            }
    });
}
