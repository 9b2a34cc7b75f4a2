//! How often a bot has answered each call, by everything that it has ever said: whatever nonce it said it with, and
//! whatever has become of it since.

use std::collections::BTreeMap;

use cogwright_sim::{EntryKind, Sim};
use cogwright_sim_world::{ChannelId, UserId};
use serde_json::{Value, json};

/// The messages that a bot has made in a channel, by what they answer.
///
/// They are read off the local Discord's journal. A request that Discord answers with the message of before, as it has
/// its nonce, makes none; one with another nonce does, and so it counts.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The ids of the answers, by the id of the message or interaction that called.
    by_call: BTreeMap<String, Vec<String>>,
    /// What was said in answer to nothing.
    strays: Vec<String>,
}

impl Answers {
    /// All that the bot has said until now.
    ///
    /// # Panics
    /// When the journal has let go of something, or keeps no bodies: then nothing could be proven by it.
    pub fn read(sim: &Sim, bot: UserId, channel: ChannelId) -> Self {
        let (bot, channel) = (json!(bot), json!(channel));
        let made = |data: &Value| data["author"]["id"] == bot && data["channel_id"] == channel;
        let (entries, _, dropped) = sim.journal().query(0, usize::MAX, |entry| {
            entry.kind == EntryKind::Event
                && entry.field("event").is_some_and(|event| *event == "MESSAGE_CREATE")
        });
        assert_eq!(dropped, 0, "the journal holds only the end of it");
        let mut answers = Self::default();
        for entry in entries {
            let data = entry.field("data").expect("the journal keeps bodies");
            if made(&data) {
                let id = text(&data["id"]).unwrap_or_default();
                let to = text(&data["message_reference"]["message_id"]);
                match to.or_else(|| text(&data["interaction_metadata"]["id"])) {
                    Some(call) => answers.by_call.entry(call).or_default().push(id),
                    None => answers.strays.push(id),
                }
            }
        }
        answers
    }

    /// How many calls were answered.
    pub fn calls(&self) -> usize {
        self.by_call.len()
    }

    /// Whether this call was answered.
    pub fn has(&self, call: &impl ToString) -> bool {
        self.by_call.contains_key(&call.to_string())
    }

    /// What is wrong: calls that were not answered once, and what was said in answer to none. Empty when each of them was
    /// answered exactly once.
    pub fn wrong<C: ToString>(&self, calls: impl IntoIterator<Item = C>) -> Vec<String> {
        let calls = calls.into_iter().filter_map(|call| {
            let call = call.to_string();
            let answers = self.by_call.get(&call).map_or(&[][..], Vec::as_slice);
            (answers.len() != 1).then(|| format!("{call} was answered {} times: {answers:?}", answers.len()))
        });
        let strays = self.strays.iter().map(|id| format!("{id} answers nothing"));
        calls.chain(strays).collect()
    }
}

fn text(id: &Value) -> Option<String> {
    id.as_str().map(str::to_owned)
}
