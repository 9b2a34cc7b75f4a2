//! Reading voice states, and who speaks on a stage. See Discord docs: Voice / Modify Current User Voice State,
//! Modify User Voice State.

use serde_json::Value;

use super::{change, connected};
use crate::{
    Action, Actor, ApiError, ChannelId, ChannelKind, GuildId, Timestamp, Tx, UserId, VoiceState, World,
    body::{self, Form},
    permissions::{MUTE_MEMBERS, REQUEST_TO_SPEAK},
    wire,
};

/// GET /guilds/{guild}/voice-states/@me and /{user}.
///
/// # Errors
/// 10004, 10065 (not connected), 50001 (not in the guild, or in a channel that the actor cannot see).
pub fn state(
    world: &World,
    actor: Actor,
    guild: GuildId,
    user: UserId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let (guild, state) = connected(world, actor, guild, user, now)?;
    if user != actor.user {
        world.require(actor, state.channel, 0, now)?;
    }
    Ok(wire::voice_state(world, guild, state))
}

/// PATCH /guilds/{guild}/voice-states/@me and /{user}: `channel_id`, `suppress`, and for oneself
/// `request_to_speak_timestamp`, which counts as now when it is past. Only on stages.
///
/// # Errors
/// 10004, 10065 (not connected, or not to `channel_id`), 50001, 50013 (MUTE_MEMBERS for others and to unsuppress
/// oneself, REQUEST_TO_SPEAK), 50024 (not a stage), 50035.
#[derive(Debug)]
pub struct PatchVoiceState {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Whose; the actor's own for `@me`.
    pub user: UserId,
    /// The body.
    pub body: Value,
}

/// A hand raised or taken down.
#[derive(Clone, Copy)]
enum Request {
    Withdrawn,
    Made(Timestamp),
}

/// What a body asks for.
struct Wish {
    channel: Option<ChannelId>,
    suppress: Option<bool>,
    request: Option<Request>,
}

fn read(form: Form<'_>) -> Wish {
    let key = "request_to_speak_timestamp";
    Wish {
        channel: form.id("channel_id"),
        suppress: form.boolean("suppress"),
        request: form.has(key).then(|| form.moment(key).map_or(Request::Withdrawn, Request::Made)),
    }
}

impl Action for PatchVoiceState {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let wish = body::read(&self.body, read)?;
        let (_, before) = connected(tx.world, self.actor, self.guild, self.user, tx.now)?;
        if wish.channel.is_some_and(|channel| channel != before.channel) {
            return Err(ApiError::unknown_voice_state());
        }
        if tx.world.channel(before.channel)?.kind != ChannelKind::Stage {
            return Err(ApiError::wrong_channel_type());
        }
        let itself = self.actor.user == self.user;
        let bits = tx.world.channel_permissions(before.channel, self.actor.user, tx.now)?;
        let mut state = before.clone();
        let request = wish.request.filter(|_| itself);
        let needed = match (itself, wish.suppress) {
            (false, _) | (true, Some(false)) => MUTE_MEMBERS,
            (true, _) => 0,
        };
        let asks = if matches!(request, Some(Request::Made(_))) { REQUEST_TO_SPEAK } else { 0 };
        if bits & (needed | asks) != needed | asks {
            return Err(ApiError::missing_permissions());
        }
        match request {
            Some(Request::Made(at)) => state.request_to_speak = Some(at.max(tx.now)),
            Some(Request::Withdrawn) => state.request_to_speak = None,
            None => {}
        }
        if let Some(suppress) = wish.suppress {
            let bot = tx.world.user(self.user)?.bot;
            set_suppress(&mut state, suppress, (!itself && !bot).then_some(tx.now));
        }
        if *before != state {
            change::set(tx, self.guild, state);
        }
        Ok(())
    }
}

/// Somebody who is let to speak by another is asked first: they have `invited` until they accept.
fn set_suppress(state: &mut VoiceState, suppress: bool, invited: Option<Timestamp>) {
    state.suppress = suppress;
    state.request_to_speak = if suppress { None } else { invited };
}
