//! Voting, which only people may, and who voted. See Discord docs: Poll / Get Answer Voters, Gateway Events / Message
//! Poll Vote Add.

use serde_json::{Value, json};

use super::found;
use crate::{
    Action, Actor, ApiError, Audience, ChannelId, EventKind, MessageId, Timestamp, Tx, UserId, World, body,
    permissions::READ_MESSAGE_HISTORY, wire,
};

/// Voters of one page, if not told otherwise.
const PAGE: usize = 25;

/// Chooses answers of a poll in place of those chosen before; none of them takes the vote back.
///
/// # Errors
/// 10003, 10008, 20001 (applications may not vote), 50001, 50013 (READ_MESSAGE_HISTORY; timed out), 50035 (no such
/// answer; several where one is allowed), 520000 (no poll), 520001 (it has ended).
#[derive(Clone, Debug)]
pub struct Vote {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// The poll's message.
    pub message: MessageId,
    /// Numbers of answers.
    pub answers: Vec<u32>,
}

impl Action for Vote {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let user = self.actor.user;
        if self.actor.application.is_some() {
            return Err(ApiError::new(403, 20001, "Bots cannot use this endpoint"));
        }
        tx.world.require(self.actor, self.channel, READ_MESSAGE_HISTORY, tx.now)?;
        let blocked = || ApiError::new(400, 520_000, "Poll voting blocked");
        let (message, poll) = found(tx.world, self.channel, self.message, blocked())?;
        let guild = message.guild;
        let member = guild.and_then(|g| tx.world.member(g, user).ok());
        if member.is_some_and(|m| m.timeout_until.is_some_and(|until| until > tx.now)) {
            return Err(ApiError::missing_permissions());
        }
        if !poll.is_open(tx.now) {
            return Err(ApiError::new(400, 520_001, "Poll expired"));
        }
        for (index, answer) in self.answers.iter().enumerate() {
            if !poll.has(*answer) {
                let path = format!("answer_ids.{index}");
                return Err(ApiError::form(&path, "POLL_ANSWER_UNKNOWN", "The poll has no such answer."));
            }
        }
        if self.answers.len() > 1 && !poll.allow_multiselect {
            let message = "Must be 1 or fewer in length.";
            return Err(ApiError::form("answer_ids", "BASE_TYPE_MAX_LENGTH", message));
        }
        let numbers = 1..=u32::try_from(poll.answers.len()).unwrap_or(0);
        let voted = |answer: &u32| poll.votes.get(answer).is_some_and(|users| users.contains(&user));
        let changes: Vec<(u32, bool)> = numbers
            .map(|answer| (answer, self.answers.contains(&answer)))
            .filter(|(answer, wanted)| voted(answer) != *wanted)
            .collect();
        if let Some(poll) = stored(tx, self.channel, self.message) {
            for (answer, wanted) in &changes {
                let users = poll.votes.entry(*answer).or_default();
                users.retain(|id| *id != user);
                if *wanted {
                    users.push(user);
                }
            }
            poll.votes.retain(|_, users| !users.is_empty());
        }
        for added in [false, true] {
            for (answer, _) in changes.iter().filter(|(_, wanted)| *wanted == added) {
                let mut data = json!({
                    "user_id": user,
                    "channel_id": self.channel,
                    "message_id": self.message,
                    "answer_id": answer,
                });
                if let Some(guild) = guild {
                    data["guild_id"] = json!(guild);
                }
                let kind =
                    if added { EventKind::MessagePollVoteAdd } else { EventKind::MessagePollVoteRemove };
                tx.emit(kind, Audience::Channel { guild, channel: self.channel }, data);
            }
        }
        Ok(())
    }
}

/// The stored poll, to be changed.
pub(super) fn stored<'t>(
    tx: &'t mut Tx<'_>,
    channel: ChannelId,
    id: MessageId,
) -> Option<&'t mut crate::Poll> {
    tx.world.channels.get_mut(&channel)?.messages.get_mut(&id)?.poll.as_mut()
}

/// Which voters to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct VotersPage {
    /// 1 to 100, default 25.
    pub limit: Option<i64>,
    /// Only those with a higher id.
    pub after: Option<UserId>,
}

/// GET /channels/{channel}/polls/{message}/answers/{answer}: who chose an answer, by id.
///
/// # Errors
/// 10003, 10008 (also without a poll), 50001, 50013 (READ_MESSAGE_HISTORY), 50035 for the limit and an answer that
/// there is not.
pub fn voters(
    world: &World,
    actor: Actor,
    channel: ChannelId,
    message: MessageId,
    answer: u32,
    page: VotersPage,
    now: Timestamp,
) -> Result<Value, ApiError> {
    world.require(actor, channel, READ_MESSAGE_HISTORY, now)?;
    let (_, poll) = found(world, channel, message, ApiError::unknown_message())?;
    let limit = body::limit(page.limit, 100)?.unwrap_or(PAGE);
    if !poll.has(answer) {
        return Err(ApiError::form("answer_id", "POLL_ANSWER_UNKNOWN", "The poll has no such answer."));
    }
    let mut users = poll.votes.get(&answer).cloned().unwrap_or_default();
    users.sort_unstable();
    let after = users.into_iter().filter(|id| page.after.is_none_or(|after| *id > after));
    let shown: Vec<Value> = after.take(limit).map(|id| wire::user_by_id(world, id)).collect();
    Ok(json!({ "users": shown }))
}
