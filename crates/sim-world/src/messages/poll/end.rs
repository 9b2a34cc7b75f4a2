//! A poll ends when its time is over, or when its author ends it: votes are final, and a message of type 46 tells
//! the result. See Discord docs: Poll / End Poll, Message / Poll Result Embed Fields.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{found, vote::stored};
use crate::{
    Action, Actor, ApiError, Author, ChannelId, MessageId, Poll, Timestamp, Tx, World,
    messages::{AllowedMentions, Draft, PublishAs, publish, revise::emit_update},
    wire,
};

/// POST /channels/{channel}/polls/{message}/expire: only one's own.
///
/// # Errors
/// 10003, 10008, 50001, 50005 (another's), 520001 (it has ended), 520006 (no poll).
#[derive(Clone, Copy, Debug)]
pub struct EndPoll {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// The poll's message.
    pub message: MessageId,
}

impl Action for EndPoll {
    /// The message.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let Self { actor, channel, message } = self;
        tx.world.require(actor, channel, 0, tx.now)?;
        let none = ApiError::new(400, 520_006, "Cannot expire a non-poll message");
        let (found, poll) = found(tx.world, channel, message, none)?;
        if found.author != Author::User(actor.user) {
            return Err(ApiError::not_own_message());
        }
        if !poll.is_open(tx.now) {
            return Err(ApiError::new(400, 520_001, "Poll expired"));
        }
        end(tx, channel, message);
        Ok(wire::message(tx.world, tx.world.message(channel, message)?, Some(actor.user)))
    }
}

fn end(tx: &mut Tx<'_>, channel: ChannelId, message: MessageId) {
    let now = tx.now;
    let Some(poll) = stored(tx, channel, message) else { return };
    poll.ended = true;
    poll.expiry = poll.expiry.min(now);
    let fields = result(poll);
    emit_update(tx, channel, message);
    let author = tx.world.message(channel, message).map(|m| m.author.clone());
    // What nobody else sees has no result that anybody is told.
    let ephemeral = tx.world.message(channel, message).is_ok_and(|m| m.ephemeral_to.is_some());
    let Ok(author) = author else { return };
    if ephemeral {
        return;
    }
    let embed = json!({ "type": "poll_result", "fields": fields });
    let draft = Draft { embeds: vec![embed], allowed: AllowedMentions::none(), ..Draft::text("") };
    let how = PublishAs {
        author,
        kind: 46,
        reference: Some((channel, message)),
        ..PublishAs::user(channel, crate::UserId::new(0))
    };
    // Without files there is nothing that could fail.
    drop(publish(tx, draft, how));
}

/// The fields of the result's embed. With several answers at the top nobody has won.
fn result(poll: &Poll) -> Vec<Value> {
    let votes = |answer: &u32| poll.votes.get(answer).map_or(0, Vec::len);
    let total: usize = poll.votes.values().map(Vec::len).sum();
    let most = poll.votes.values().map(Vec::len).max().unwrap_or(0);
    let question = poll.question["text"].as_str().unwrap_or_default();
    let mut fields = vec![
        ("poll_question_text", question.to_owned()),
        ("victor_answer_votes", most.to_string()),
        ("total_votes", total.to_string()),
    ];
    let mut top = poll.votes.keys().filter(|answer| votes(answer) == most);
    if let (Some(victor), None) = (top.next(), top.next()) {
        let media = &poll.answers[*victor as usize - 1]["poll_media"];
        fields.push(("victor_answer_id", victor.to_string()));
        let emoji = &media["emoji"];
        for (name, value) in [
            ("victor_answer_text", &media["text"]),
            ("victor_answer_emoji_id", &emoji["id"]),
            ("victor_answer_emoji_name", &emoji["name"]),
        ] {
            if let Some(text) = value.as_str() {
                fields.push((name, text.to_owned()));
            }
        }
        if emoji["id"].is_string() {
            fields.push(("victor_answer_emoji_animated", (emoji["animated"] == true).to_string()));
        }
    }
    let field = |(name, value): (&str, String)| json!({ "name": name, "value": value, "inline": false });
    fields.into_iter().map(field).collect()
}

/// Open polls by their end.
type Open = BTreeSet<(Timestamp, ChannelId, MessageId)>;

fn open(world: &World) -> Open {
    let messages = world.channels.values().flat_map(|c| c.messages.values());
    let polls = messages.filter_map(|m| Some((m.poll.as_ref().filter(|poll| !poll.ended)?.expiry, m)));
    polls.map(|(expiry, message)| (expiry, message.channel, message.id)).collect()
}

impl World {
    /// To be told of every poll that is published; see [`World::tick`].
    pub(crate) fn note_poll(&mut self, expiry: Timestamp, channel: ChannelId, message: MessageId) {
        if let Some(open) = &mut self.open_polls {
            open.insert((expiry, channel, message));
        }
    }
}

/// When the next poll ends. One that was removed or ended early may still be counted.
pub(crate) fn next_end(world: &World) -> Option<Timestamp> {
    match &world.open_polls {
        Some(open) => open.first().map(|(at, ..)| *at),
        None => open(world).first().map(|(at, ..)| *at),
    }
}

/// Ends the polls whose time is over. All messages are looked at once after a start only.
pub(crate) fn end_due(tx: &mut Tx<'_>) {
    if tx.world.open_polls.is_none() {
        tx.world.open_polls = Some(open(tx.world));
    }
    loop {
        let now = tx.now;
        let Some(polls) = &mut tx.world.open_polls else { return };
        let Some((at, channel, message)) = polls.first().copied().filter(|(at, ..)| *at <= now) else {
            return;
        };
        polls.remove(&(at, channel, message));
        if stored(tx, channel, message).is_some_and(|poll| !poll.ended && poll.expiry <= now) {
            end(tx, channel, message);
        }
    }
}
