//! Types 6 and 7: the message whose component was used stays or is edited. It is then `@original`.

use serde_json::Value;

use super::Done;
use crate::{
    ApiError, Interaction, Tx, Upload,
    messages::{self, Rules},
};

pub(super) fn defer(interaction: &Interaction) -> Done {
    Done { original: interaction.message, ..Done::default() }
}

pub(super) fn edit(
    tx: &mut Tx<'_>,
    interaction: &Interaction,
    data: &Value,
    files: Vec<Upload>,
) -> Result<Done, ApiError> {
    let nested = |e: ApiError| e.nested_under("data");
    let source = interaction.message.ok_or_else(ApiError::unknown_message)?;
    let message = tx.world.message(interaction.channel, source)?;
    let ephemeral = message.ephemeral_to.is_some();
    let patch = messages::patch(data, files, message, Rules::Interaction).map_err(nested)?;
    messages::revise(tx, interaction.channel, source, patch).map_err(nested)?;
    Ok(Done { original: Some(source), ephemeral, ..Done::default() })
}
