//! A person votes in polls and ends their own.

use cogwright_sim_world::{
    Actor, MessageId, UserId,
    messages::{EndPoll, Vote as CastVote},
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::messages::find;
use crate::control::endpoint::{Answer, Call, Endpoint};

/// Body of `vote`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Vote {
    /// Who votes.
    #[schemars(with = "String")]
    user: UserId,
    /// The message with the poll.
    #[schemars(with = "String")]
    message_id: MessageId,
    /// Numbers of the answers chosen, from 1, in place of those chosen before; none takes the vote back.
    answers: Vec<u32>,
}

/// Body of `end_poll`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct End {
    /// Who wrote the poll.
    #[schemars(with = "String")]
    user: UserId,
    /// The message with the poll.
    #[schemars(with = "String")]
    message_id: MessageId,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post("/actor/vote", "Votes in a poll", vote),
        Endpoint::post("/actor/end_poll", "Ends an own poll; answers the message", end),
    ]
}

fn vote(call: Call<Vote>) -> Answer {
    let Vote { user, message_id: message, answers } = call.body;
    let channel = call.sim.read(|world, now| find(world, now, user, message))?;
    call.sim.apply(CastVote { actor: Actor::person(user), channel, message, answers })?;
    Ok(json!({}))
}

fn end(call: Call<End>) -> Answer {
    let End { user, message_id: message } = call.body;
    let channel = call.sim.read(|world, now| find(world, now, user, message))?;
    Ok(call.sim.apply(EndPoll { actor: Actor::person(user), channel, message })?)
}
