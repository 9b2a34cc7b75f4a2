//! The audit log. See Discord docs: Audit Log / Get Guild Audit Log.

use cogwright_sim_world::{
    ApiError, GuildId, UserId,
    places::moderation::{AuditPage, audit_log},
};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[("list_guild_audit_log_entries", list)];

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    let query = &request.query;
    let id = |key| query.id::<UserId>(key).map(|id| id.map(UserId::get));
    let page = AuditPage {
        limit: query.number("limit")?,
        before: id("before")?,
        after: id("after")?,
        user: query.id("user_id")?,
        target: id("target_id")?,
        action: query.number("action_type")?,
    };
    read(sim, |world, now| audit_log(world, actor, guild, &page, now))
}
