//! Interactions: the first answer. No token of the bot's is needed, the interaction's own is in the path.
//! See Discord docs: Receiving and Responding / Create Interaction Response.

use cogwright_sim_world::{ApiError, interactions::Callback};

use super::{Reply, Request, Routes};
use crate::Sim;

pub(super) const ROUTES: Routes = &[("create_interaction_response", callback)];

fn callback(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let callback = Callback {
        interaction: request.id("interaction_id")?,
        token: request.text("interaction_token").to_owned(),
        with_response: request.query.flag("with_response")?,
        body: request.body,
        files: request.files,
    };
    Ok(sim.apply(callback)?.map_or_else(Reply::no_content, Reply::ok))
}
