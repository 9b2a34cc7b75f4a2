//! Types 4 and 5: a new message, now or later.

use serde_json::Value;

use super::Done;
use crate::{
    ApiError, Interaction, Tx, Upload,
    body::parse_id,
    flags,
    interactions::webhook,
    messages::{self, Draft, Rules},
};

pub(super) fn answer(
    tx: &mut Tx<'_>,
    interaction: &Interaction,
    data: &Value,
    files: Vec<Upload>,
) -> Result<Done, ApiError> {
    let nested = |e: ApiError| e.nested_under("data");
    let draft = messages::draft(data, files, Rules::Interaction, tx.now).map_err(nested)?;
    let ephemeral = draft.flags & flags::EPHEMERAL != 0 || webhook::forced_ephemeral(tx, interaction);
    let original = webhook::publish(tx, interaction, draft, ephemeral).map_err(nested)?;
    Ok(Done { original: Some(original), ephemeral, ..Done::default() })
}

/// Of the flags only EPHEMERAL counts; it also decides for the message that later takes the place.
pub(super) fn defer(tx: &mut Tx<'_>, interaction: &Interaction, data: &Value) -> Result<Done, ApiError> {
    let given = data["flags"].as_u64().or_else(|| parse_id(&data["flags"])).unwrap_or(0);
    let ephemeral = given & flags::EPHEMERAL != 0 || webhook::forced_ephemeral(tx, interaction);
    let original = webhook::publish(tx, interaction, Draft::loading(ephemeral), ephemeral)?;
    Ok(Done { original: Some(original), ephemeral, loading: true, ..Done::default() })
}
