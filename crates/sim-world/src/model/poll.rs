//! Polls. See Discord docs: Poll.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::Value;

use crate::{Timestamp, UserId};

/// A poll on a message. It is saved under the names of Discord's object, as it was before votes were kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Poll {
    /// What is asked: `{text}`.
    pub question: Value,
    /// `{answer_id, poll_media}` of 1 to 10 answers, numbered from 1.
    pub answers: Vec<Value>,
    /// When it ends, or ended.
    #[serde(serialize_with = "write_moment", deserialize_with = "read_moment")]
    pub expiry: Timestamp,
    /// Whether one may choose several answers.
    pub allow_multiselect: bool,
    /// Who chose each answer, in order; without answers that nobody chose.
    #[serde(default)]
    pub votes: BTreeMap<u32, Vec<UserId>>,
    /// Whether it has ended and its result was announced.
    #[serde(default)]
    pub ended: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn write_moment<S: Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&moment.iso())
}

fn read_moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    Timestamp::parse_iso(&text).ok_or_else(|| D::Error::custom("not an ISO 8601 moment"))
}

impl Poll {
    /// Whether it has an answer of this number.
    pub fn has(&self, answer: u32) -> bool {
        answer > 0 && answer as usize <= self.answers.len()
    }

    /// Whether votes are still taken.
    pub fn is_open(&self, now: Timestamp) -> bool {
        !self.ended && now < self.expiry
    }
}
