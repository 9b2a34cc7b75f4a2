//! Poll objects. See Discord docs: Poll / Poll Object.

use serde_json::{Value, json};

use crate::{Poll, UserId};

/// A poll with its results; `me_voted` is `viewer`'s.
pub fn poll(poll: &Poll, viewer: Option<UserId>) -> Value {
    let count = |(answer, users): (&u32, &Vec<UserId>)| {
        let own = viewer.is_some_and(|viewer| users.contains(&viewer));
        json!({ "id": answer, "count": users.len(), "me_voted": own })
    };
    json!({
        "question": poll.question,
        "answers": poll.answers,
        "expiry": poll.expiry.iso(),
        "allow_multiselect": poll.allow_multiselect,
        "layout_type": 1,
        "results": {
            "answer_counts": poll.votes.iter().map(count).collect::<Vec<Value>>(),
            "is_finalized": poll.ended,
        },
    })
}
