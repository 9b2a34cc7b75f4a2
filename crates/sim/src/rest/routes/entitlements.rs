//! SKUs and entitlements. See Discord docs: Monetization / Entitlement, SKU.

use cogwright_sim_world::{ApiError, SkuId, monetization, wire};

use super::{Reply, Request, Routes, applications::own, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("list_skus", skus),
    ("get_entitlements", list),
    ("get_entitlement", get),
    ("create_entitlement", create),
    ("delete_entitlement", delete),
    ("consume_entitlement", consume),
    ("get_current_user_application_entitlements", own_list),
];

fn skus(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    own(&request)?;
    let application = request.application()?;
    read(sim, |world, _| Ok(monetization::skus(world, application).map(wire::sku).collect()))
}

/// `sku_ids`: ids between commas, or the key several times.
fn sku_ids(request: &Request) -> Result<Vec<SkuId>, ApiError> {
    let bad = |_| ApiError::form("sku_ids", "NUMBER_TYPE_COERCE", "Value is not snowflake.");
    let given = request.query.clone().pairs().filter(|(key, _)| key == "sku_ids");
    let ids: Vec<String> =
        given.flat_map(|(_, ids)| ids.split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
    ids.iter().filter(|id| !id.is_empty()).map(|id| id.trim().parse().map_err(bad)).collect()
}

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    own(&request)?;
    let application = request.application()?;
    let query = &request.query;
    // What was taken back is left out unless it is asked for. See Discord docs: Entitlement / List Entitlements.
    let exclude_deleted = query.get("exclude_deleted").is_none() || query.flag("exclude_deleted")?;
    // Test entitlements have no end.
    query.flag("exclude_ended")?;
    let wanted = monetization::Wanted {
        user: query.id("user_id")?,
        guild: query.id("guild_id")?,
        skus: sku_ids(&request)?,
        before: query.id("before")?,
        after: query.id("after")?,
        limit: query.number("limit")?,
        exclude_deleted,
        exclude_consumed: query.flag("only_active")?,
    };
    read(sim, |world, _| monetization::entitlements(world, application, &wanted))
}

fn get(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    own(&request)?;
    let (application, id) = (request.application()?, request.id("entitlement_id")?);
    read(sim, |world, _| monetization::entitlement(world, application, id))
}

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    own(&request)?;
    let application = request.application()?;
    sim.apply(monetization::CreateTestEntitlement { application, body: request.body }).map(Reply::ok)
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    own(&request)?;
    let (application, entitlement) = (request.application()?, request.id("entitlement_id")?);
    sim.apply(monetization::DeleteTestEntitlement { application, entitlement })?;
    Ok(Reply::no_content())
}

fn consume(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    own(&request)?;
    let (application, entitlement) = (request.application()?, request.id("entitlement_id")?);
    sim.apply(monetization::ConsumeEntitlement { application, entitlement })?;
    Ok(Reply::no_content())
}

/// What the person whose token it is has of the application that the token was given to.
fn own_list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let user = request.persons_token()?.user;
    own(&request)?;
    let application = request.application()?;
    let wanted = monetization::Wanted {
        user: Some(user),
        skus: sku_ids(&request)?,
        exclude_deleted: true,
        exclude_consumed: request.query.flag("exclude_consumed")?,
        ..Default::default()
    };
    read(sim, |world, _| monetization::entitlements(world, application, &wanted))
}
