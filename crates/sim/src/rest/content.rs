//! Message content on REST reads: as on the gateway, an application without the MESSAGE_CONTENT intent gets
//! only what concerns it. See Discord docs: Gateway / Message Content Intent.

use cogwright_sim_world::{ApplicationId, ChannelId, World, blank_unless_exempt, intents};
use serde_json::Value;

/// Blanks each message of `messages` (one object or a list) that `application` may not read. In direct
/// messages it may read everything.
pub(super) fn limit_to(
    world: &World,
    application: Option<ApplicationId>,
    channel: ChannelId,
    messages: &mut Value,
) {
    let Some(id) = application else { return };
    let privileged = world.application(id).map_or(0, |a| a.privileged_intents);
    let direct = world.channel(channel).is_ok_and(|c| c.guild.is_none());
    if direct || privileged & intents::MESSAGE_CONTENT != 0 {
        return;
    }
    match messages {
        Value::Array(list) => list.iter_mut().for_each(|m| blank_unless_exempt(m, id)),
        message => blank_unless_exempt(message, id),
    }
}
