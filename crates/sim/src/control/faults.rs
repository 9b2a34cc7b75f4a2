//! `/faults`: what is to go wrong on purpose.

use serde_json::json;

use super::{
    endpoint::{Answer, Call, Endpoint},
    error::ControlError,
};
use crate::{FaultError, FaultSpec};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/faults", "The fault plan: each fault and how often it has fired", |call| {
            Ok(json!({ "faults": call.sim.faults() }))
        }),
        Endpoint::post("/faults", "Adds a fault; answers it with its id", add),
        Endpoint::delete("/faults", "Takes all faults out of the plan; outages end", |call| {
            Ok(json!({ "removed": call.sim.clear_faults() }))
        }),
        Endpoint::delete("/faults/{id}", "Takes one fault out of the plan; an outage ends with it", remove),
    ]
}

fn add(call: Call<FaultSpec>) -> Answer {
    Ok(json!(call.sim.add_fault(call.body)?))
}

fn remove(call: Call<serde_json::Value>) -> Answer {
    let id: u64 = call.id("id")?;
    let gone = call.sim.remove_fault(&id.to_string());
    gone.map(|fault| json!(fault))
        .ok_or_else(|| ControlError::NotFound(format!("No fault {id}; GET /faults lists them.")))
}

impl From<FaultError> for ControlError {
    fn from(error: FaultError) -> Self {
        let field = Some(error.field).filter(|f| !f.is_empty()).map(str::to_owned);
        Self::BadRequest { message: error.message, field }
    }
}
